"""Right answers to chapter 8's exercises, as unusual as they come."""

FORMS = {
    "8.1": ("odds = 9", "odds = 3 ** 2.0", "odds = math.exp(2 * math.log(3))"),
    "8.2": (
        "def race(scores, temperature, u):\n"
        "    waiting = -torch.log(u) / torch.exp(scores / temperature)\n"
        "    return waiting.argmin(1)",
        "def race(scores, temperature, u):\n"
        "    p = F.softmax(scores.double() / temperature, dim=-1)\n"
        "    return (p.log() - (-u.double().log()).log()).max(-1).indices",
        "def race(scores, temperature, u):\n"
        "    winners = []\n"
        "    for row, luck in zip(scores.tolist(), u.tolist()):\n"
        "        sums = [\n"
        "            s / temperature - math.log(-math.log(x))\n"
        "            for s, x in zip(row, luck)\n"
        "        ]\n"
        "        winners.append(sums.index(max(sums)))\n"
        "    return winners",
        "def race(scores, temperature, u):\n"
        "    luck = -(-u.log()).log()\n"
        "    return (scores + temperature * luck).argmax(-1)",
    ),
    "8.3": (
        "def likeliest(scores, k):\n"
        "    p = scores.softmax(-1)\n"
        "    order = p.argsort(dim=-1, descending=True)\n"
        "    rank = order.argsort(dim=-1)\n"
        "    z = scores - scores.amax(-1, keepdim=True)\n"
        "    e = z.exp() * (rank < k)\n"
        "    return e / e.sum(-1, keepdim=True)",
        "def likeliest(scores, k):\n"
        "    out = torch.zeros_like(scores)\n"
        "    for row, new in zip(scores, out):\n"
        "        keep = row.argsort(descending=True)[:k]\n"
        "        new[keep] = row[keep].softmax(0)\n"
        "    return out",
        "def likeliest(scores, k):\n"
        "    k = min(k, scores.size(1))\n"
        "    top = torch.topk(scores.double(), k)\n"
        "    out = torch.zeros_like(scores, dtype=torch.double)\n"
        "    return out.scatter_(1, top.indices, top.values.softmax(1))",
        "def likeliest(scores, k):\n"
        "    away = scores.argsort(dim=-1, descending=True)[:, k:]\n"
        "    return scores.scatter(-1, away, -torch.inf).softmax(-1)",
    ),
    "8.4": (
        "def nucleus(scores, p):\n"
        "    out = torch.zeros_like(scores, dtype=torch.bool)\n"
        "    for b, row in enumerate(scores.softmax(-1)):\n"
        "        total = 0.0\n"
        "        for i in row.argsort(descending=True):\n"
        "            if total >= p:\n"
        "                break\n"
        "            out[b, i] = True\n"
        "            total += row[i].item()\n"
        "    return out",
        "def nucleus(scores, p):\n"
        "    order = scores.argsort(dim=-1, descending=True)\n"
        "    shares = scores.softmax(-1).gather(-1, order)\n"
        "    sums = F.pad(shares.cumsum(-1), (1, 0))[:, :-1]\n"
        "    return (sums < p).gather(-1, order.argsort(-1))",
        "def nucleus(scores, p):\n"
        "    probs, order = scores.softmax(-1).sort(-1, descending=True)\n"
        "    count = (probs.cumsum(-1) < p).sum(-1, keepdim=True) + 1\n"
        "    rank = order.argsort(-1)\n"
        "    return rank < count",
    ),
    "8.5": (
        "def distinct_in(rows, n):\n"
        "    runs = rows.T.unfold(0, n, 1).flatten(0, 1).tolist()\n"
        "    return len(set(map(tuple, runs))) / len(runs)",
        "def distinct_in(rows, n):\n"
        "    runs = []\n"
        "    for row in rows:\n"
        "        for t in range(len(row) - n + 1):\n"
        "            runs.append(tuple(row[t : t + n].tolist()))\n"
        "    return len(set(runs)) / len(runs)",
        "def distinct_in(rows, n):\n"
        "    runs = rows.unfold(1, n, 1).reshape(-1, n)\n"
        "    return torch.tensor(runs.unique(dim=0).shape[0] / len(runs))",
        "def distinct_in(rows, n):\n"
        "    B, T = rows.shape\n"
        "    shifted = [rows[:, i : T - n + 1 + i] for i in range(n)]\n"
        "    runs = torch.stack(shifted, -1).view(-1, n).tolist()\n"
        "    return len({str(run) for run in runs}) / len(runs)",
    ),
    "8.6": (
        "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C * L * size",
        "def cache_bytes(B, T, C, L, H, size):\n"
        "    D = C / H\n"
        "    return 2.0 * size * L * B * H * T * D",
        "def cache_bytes(B, T, C, L, H, size):\n"
        "    shape = torch.Size((L, 2, B, T, C))\n"
        "    return torch.tensor(shape.numel() * size)",
    ),
    "8.7": (
        "class GrowingText(nn.Module):\n"
        "    def __init__(self, vocab_size, n_embed, block_size):\n"
        "        super().__init__()\n"
        "        self.wte = nn.Embedding(vocab_size, n_embed)\n"
        "        self.wpe = nn.Parameter(torch.randn(block_size, n_embed))\n"
        "\n"
        "    def forward(self, new, past):\n"
        "        N = new.size(1)\n"
        "        return self.wte(new) + self.wpe[past : past + N]",
        "class GrowingText(nn.Module):\n"
        "    def __init__(self, vocab_size, n_embed, block_size):\n"
        "        super().__init__()\n"
        "        self.position = nn.Embedding(block_size, n_embed)\n"
        "        self.token = nn.Embedding(vocab_size, n_embed)\n"
        "\n"
        "    def forward(self, new, past):\n"
        "        places = torch.arange(past, past + new.shape[1])\n"
        "        return self.position(places)[None] + self.token(new)",
        "class GrowingText(nn.Module):\n"
        "    def __init__(self, vocab_size, n_embed, block_size):\n"
        "        super().__init__()\n"
        "        self.tables = nn.ModuleDict({\n"
        "            'p': nn.Embedding(block_size, n_embed),\n"
        "            't': nn.Embedding(vocab_size, n_embed),\n"
        "        })\n"
        "\n"
        "    def forward(self, new, past):\n"
        "        out = self.tables['t'](new)\n"
        "        steps = [\n"
        "            self.tables['p'](torch.tensor(past + t))\n"
        "            for t in range(new.shape[1])\n"
        "        ]\n"
        "        return out + torch.stack(steps)",
    ),
    "8.8": (
        "def closed(tokens, n, V):\n"
        "    text = tokens.tolist()\n"
        "    out = [False] * V\n"
        "    end = text[len(text) - n + 1 :]\n"
        "    for t in range(len(text) - n + 1):\n"
        "        if text[t : t + n - 1] == end:\n"
        "            out[text[t + n - 1]] = True\n"
        "    return out",
        "def closed(tokens, n, V):\n"
        "    text = tuple(tokens.tolist())\n"
        "    runs = {text[t : t + n] for t in range(len(text) - n + 1)}\n"
        "    return torch.tensor(\n"
        "        [(*text[-(n - 1) :], v) in runs for v in range(V)]\n"
        "    )",
        "def closed(tokens, n, V):\n"
        "    T = len(tokens)\n"
        "    hits = torch.zeros(V)\n"
        "    for t in range(n - 1, T):\n"
        "        if torch.equal(tokens[t - n + 1 : t], tokens[T - n + 1 :]):\n"
        "            hits[tokens[t]] += 1\n"
        "    return hits > 0",
    ),
}
