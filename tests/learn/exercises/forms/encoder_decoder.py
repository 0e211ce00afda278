"""Right answers to chapter 9's exercises, as unusual as they come."""

FORMS = {
    "9.1": (
        "second_reading = lambda C, L: L * (4 * C**2 + 3 * C)",
        "def second_reading(C, L):\n"
        "    return torch.tensor(L * C * (4 * C + 3))",
        "def second_reading(C, L):\n"
        "    total = 0\n"
        "    for _ in range(L):\n"
        "        for layer in (\n"
        "            nn.Linear(C, 3 * C, bias=False),\n"
        "            nn.Linear(C, C),\n"
        "            nn.LayerNorm(C),\n"
        "        ):\n"
        "            total += sum(p.numel() for p in layer.parameters())\n"
        "    return total",
    ),
    "9.2": (
        "def lesson(words, start, end, pad):\n"
        "    T = max(len(w) for w in words) + 1\n"
        "    reads = torch.full((len(words), T), pad)\n"
        "    says = torch.full((len(words), T), pad)\n"
        "    for b, w in enumerate(words):\n"
        "        reads[b, 0] = start\n"
        "        for t, letter in enumerate(w):\n"
        "            reads[b, t + 1] = letter\n"
        "            says[b, t] = letter\n"
        "        says[b, len(w)] = end\n"
        "    return reads, says",
        "def lesson(words, start, end, pad):\n"
        "    pack = nn.utils.rnn.pad_sequence\n"
        "    says = pack(\n"
        "        [torch.tensor([*w, end]) for w in words],\n"
        "        batch_first=True, padding_value=pad,\n"
        "    )\n"
        "    first = torch.full((len(words), 1), start)\n"
        "    return torch.cat([first, says[:, :-1]], 1), says",
        "def lesson(words, start, end, pad):\n"
        "    T = 1 + max(map(len, words))\n"
        "    reads = [([start] + w + [end] * T)[:T] for w in words]\n"
        "    says = [(w + [end] + [pad] * T)[:T] for w in words]\n"
        "    return [reads, says]",
    ),
    "9.3": (
        "def look_across(query, key, value, x, memory, real):\n"
        "    return F.scaled_dot_product_attention(\n"
        "        x @ query, memory @ key, memory @ value,\n"
        "        attn_mask=real[:, None, :],\n"
        "    )",
        "def look_across(query, key, value, x, memory, real):\n"
        "    q = torch.einsum('btc,cd->btd', x, query)\n"
        "    k = torch.einsum('bsc,cd->bsd', memory, key)\n"
        "    v = torch.einsum('bsc,cd->bsd', memory, value)\n"
        "    s = torch.einsum('btd,bsd->bts', q, k) * q.size(-1) ** -0.5\n"
        "    s = s + torch.where(real, 0.0, -torch.inf)[:, None]\n"
        "    return torch.einsum('bts,bsd->btd', s.softmax(-1), v)",
        "def look_across(query, key, value, x, memory, real):\n"
        "    out = []\n"
        "    for b in range(len(x)):\n"
        "        m = memory[b][real[b]]\n"
        "        s = (x[b] @ query) @ (m @ key).T / key.shape[1] ** 0.5\n"
        "        out.append(s.softmax(1) @ (m @ value))\n"
        "    return torch.stack(out)",
        "def look_across(query, key, value, x, memory, real):\n"
        "    q, k, v = x @ query, memory @ key, memory @ value\n"
        "    s = q.double() @ k.double().transpose(1, 2)\n"
        "    s = s / math.sqrt(k.shape[2])\n"
        "    s = s.masked_fill((real == 0).unsqueeze(1), -1e30)\n"
        "    return s.softmax(2) @ v.double()",
    ),
    "9.4": (
        "def one_row(S, T):\n"
        "    n = torch.arange(S + T)\n"
        "    return (n < S) | (n <= n[:, None])",
        "def one_row(S, T):\n"
        "    top = torch.cat([torch.ones(S, S), torch.zeros(S, T)], 1)\n"
        "    low = torch.cat([torch.ones(T, S), torch.ones(T, T).tril()], 1)\n"
        "    return torch.cat([top, low]) == 1",
        "def one_row(S, T):\n"
        "    return [\n"
        "        [c < S or c <= r for c in range(S + T)]\n"
        "        for r in range(S + T)\n"
        "    ]",
    ),
    "9.5": (
        "def beam_step(so_far, more, width):\n"
        "    pairs = [\n"
        "        ((so_far[w] + more[w, v]).item(), w, v)\n"
        "        for w in range(more.shape[0])\n"
        "        for v in range(more.shape[1])\n"
        "    ]\n"
        "    pairs.sort(reverse=True)\n"
        "    return [[w, v] for _, w, v in pairs[:width]]",
        "def beam_step(so_far, more, width):\n"
        "    total = more + so_far.unsqueeze(1)\n"
        "    best = total.view(-1).argsort(descending=True)[:width]\n"
        "    places = torch.unravel_index(best, total.shape)\n"
        "    return torch.stack(places, dim=-1)",
        "def beam_step(so_far, more, width):\n"
        "    p = so_far.double().exp()[:, None] * more.double().exp()\n"
        "    found = p.log().flatten().topk(width).indices\n"
        "    V = p.size(1)\n"
        "    row = torch.div(found, V, rounding_mode='floor')\n"
        "    return torch.cat([row[:, None], (found - row * V)[:, None]], 1)",
    ),
    "9.6": (
        "def fair(log_p, tokens, pad, power):\n"
        "    out = []\n"
        "    for row, t in zip(log_p.tolist(), tokens.tolist()):\n"
        "        real = [x for x, token in zip(row, t) if token != pad]\n"
        "        out.append(sum(real) / len(real) ** power)\n"
        "    return out",
        "def fair(log_p, tokens, pad, power):\n"
        "    real = (tokens != pad).double()\n"
        "    return (log_p * real).sum(1) * real.sum(1).pow(-power)",
        "def fair(log_p, tokens, pad, power):\n"
        "    total = torch.where(tokens == pad, 0, log_p).sum(-1)\n"
        "    length = tokens.shape[1] - (tokens == pad).sum(-1)\n"
        "    return total / torch.pow(length.float(), power)",
    ),
    "9.7": (
        "def later(waves, k):\n"
        "    C = waves.shape[1]\n"
        "    out = torch.empty_like(waves)\n"
        "    for i in range(0, C, 2):\n"
        "        b = k / 10000 ** (i / C)\n"
        "        s, c = waves[:, i], waves[:, i + 1]\n"
        "        out[:, i] = s * math.cos(b) + c * math.sin(b)\n"
        "        out[:, i + 1] = c * math.cos(b) - s * math.sin(b)\n"
        "    return out",
        "def later(waves, k):\n"
        "    T, C = waves.shape\n"
        "    speed = torch.exp(-math.log(10000) * torch.arange(0, C, 2) / C)\n"
        "    hands = torch.view_as_complex(\n"
        "        waves.view(T, C // 2, 2).flip(-1).contiguous()\n"
        "    )\n"
        "    turned = hands * torch.polar(torch.ones(C // 2), k * speed)\n"
        "    return torch.view_as_real(turned).flip(-1).reshape(T, C)",
        "def later(waves, k):\n"
        "    C = waves.shape[1]\n"
        "    M = torch.zeros(C, C, dtype=torch.double)\n"
        "    for i in range(C // 2):\n"
        "        b = k * 10_000 ** (-2 * i / C)\n"
        "        M[2 * i, 2 * i] = M[2 * i + 1, 2 * i + 1] = math.cos(b)\n"
        "        M[2 * i, 2 * i + 1] = math.sin(b)\n"
        "        M[2 * i + 1, 2 * i] = -math.sin(b)\n"
        "    return waves.double() @ M.T",
        "def later(waves, k):\n"
        "    C = waves.shape[1]\n"
        "    sin, cos = waves[:, 0::2], waves[:, 1::2]\n"
        "    angle = torch.atan2(sin, cos)\n"
        "    angle = angle + k * 10_000 ** (-torch.arange(0, C, 2) / C)\n"
        "    return torch.stack([angle.sin(), angle.cos()], 2).flatten(1)",
    ),
    "9.8": (
        "class WritingLayer(nn.Module):\n"
        "    def __init__(self, n_embed, n_head):\n"
        "        super().__init__()\n"
        "        self.ln = nn.ModuleList(\n"
        "            nn.LayerNorm(n_embed) for _ in range(3)\n"
        "        )\n"
        "        self.across = Attention(n_embed, n_head)\n"
        "        self.back = Attention(n_embed, n_head)\n"
        "        self.mlp = FeedForward(n_embed)\n"
        "\n"
        "    def forward(self, x, memory, real):\n"
        "        a = self.ln[2](x)\n"
        "        x = self.back(a, a, past(x)) + x\n"
        "        x = self.across(self.ln[0](x), memory, real) + x\n"
        "        return self.mlp(self.ln[1](x)) + x",
        "class WritingLayer(nn.Module):\n"
        "    def __init__(self, n_embed, n_head):\n"
        "        super().__init__()\n"
        "        self.norm_1 = nn.LayerNorm(n_embed)\n"
        "        self.self_attention = Attention(n_embed, n_head)\n"
        "        self.norm_2 = nn.LayerNorm(n_embed)\n"
        "        self.cross_attention = Attention(n_embed, n_head)\n"
        "        self.norm_3 = nn.LayerNorm(n_embed)\n"
        "        self.feed_forward = FeedForward(n_embed)\n"
        "\n"
        "    def forward(self, x, memory, real):\n"
        "        T = x.shape[1]\n"
        "        mask = torch.ones(1, T, T).tril().bool()\n"
        "        n = self.norm_1(x)\n"
        "        x = x + self.self_attention(n, n, mask)\n"
        "        y = self.cross_attention(self.norm_2(x), memory, real)\n"
        "        x = torch.add(x, y)\n"
        "        return x + self.feed_forward(self.norm_3(x))",
        "class WritingLayer(nn.Module):\n"
        "    def __init__(self, C, H):\n"
        "        super().__init__()\n"
        "        attend = lambda: Attention(C, H)\n"
        "        self.one, self.two = attend(), attend()\n"
        "        self.n1, self.n2 = nn.LayerNorm(C), nn.LayerNorm(C)\n"
        "        self.think = nn.Sequential(nn.LayerNorm(C), FeedForward(C))\n"
        "\n"
        "    def forward(self, x, memory, real):\n"
        "        x = x + self.one(self.n1(x), self.n1(x), past(x))\n"
        "        x = x + self.two(self.n2(x), memory, real)\n"
        "        return x + self.think(x)",
    ),
}
