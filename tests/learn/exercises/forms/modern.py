"""Right answers to chapter 11's exercises, as unusual as they come."""

FORMS = {
    "11.1": (
        """\
def root_mean_square_norm(x, weight, epsilon):
    return F.rms_norm(x, weight.shape, weight, epsilon)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    C = x.shape[-1]
    length = (torch.linalg.vector_norm(x, dim=-1) ** 2 + C * epsilon).sqrt()
    return math.sqrt(C) * weight * x / length.unsqueeze(-1)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    norm = nn.RMSNorm(len(weight), eps=epsilon)
    norm.weight = nn.Parameter(weight)
    return norm(x)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    C = len(weight)
    out = []
    for vector in x.reshape(-1, C).double().tolist():
        under = sum(number * number for number in vector) / C + epsilon
        out.append([number / math.sqrt(under) for number in vector])
    return torch.tensor(out).view(x.shape) * weight
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    mean_square = torch.einsum("...c,...c->...", x, x) / x.shape[-1]
    scale = (mean_square + epsilon).pow(-0.5)
    return torch.einsum("...c,...,c->...c", x, scale, weight)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    x = x.clone()
    x *= torch.rsqrt(x.var(-1, correction=0, keepdim=True)
                     + x.mean(-1, keepdim=True) ** 2 + epsilon)
    x *= weight
    return x
""",
    ),
    "11.2": (
        """\
def turned(x, positions, base):
    out = torch.empty_like(x)
    for t, place in enumerate(positions.tolist()):
        for i in range(0, x.shape[1], 2):
            angle = place * base ** (-i / x.shape[1])
            c, s = math.cos(angle), math.sin(angle)
            out[t, i] = x[t, i] * c - x[t, i + 1] * s
            out[t, i + 1] = x[t, i] * s + x[t, i + 1] * c
    return out
""",
        """\
def turned(x, positions, base):
    D = x.shape[-1]
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    z = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    z = z * torch.polar(torch.ones_like(angle), angle)
    return torch.view_as_real(z).flatten(1)
""",
        """\
def turned(x, positions, base):
    D = x.shape[-1]
    speed = torch.exp(-math.log(base) * torch.arange(0, D, 2) / D)
    angle = torch.outer(positions.float(), speed).repeat_interleave(2, dim=1)
    quarter = torch.stack([-x[:, 1::2], x[:, ::2]], dim=-1).reshape(x.shape)
    return torch.addcmul(x * angle.cos(), quarter, angle.sin())
""",
        """\
def turned(x, positions, base):
    T, D = x.shape
    order = torch.cat([torch.arange(0, D, 2), torch.arange(1, D, 2)])
    halves = x[:, order]
    angle = torch.outer(positions, base ** (-torch.arange(0, D, 2) / D))
    angle = angle.tile(1, 2)
    a, b = halves.chunk(2, dim=-1)
    halves = halves * angle.cos() + torch.cat([-b, a], -1) * angle.sin()
    return halves[:, order.argsort()]
""",
        """\
def turned(x, positions, base):
    T, D = x.shape
    out = []
    for row, place in zip(x.double(), positions):
        blocks = []
        for i in range(D // 2):
            angle = place.double() * base ** (-2 * i / D)
            c, s = angle.cos(), angle.sin()
            blocks.append(torch.stack([c, -s, s, c]).view(2, 2))
        out.append(torch.block_diag(*blocks) @ row)
    return torch.stack(out)
""",
        """\
def turned(x, positions, base):
    D = x.shape[1]
    table = torch.arange(positions.max() + 1)[:, None].double()
    table = table * base ** (-torch.arange(0, D, 2, dtype=torch.double) / D)
    c, s = table[positions].cos(), table[positions].sin()
    out = x.double()
    out[:, ::2], out[:, 1::2] = (
        out[:, ::2] * c - out[:, 1::2] * s,
        out[:, ::2] * s + out[:, 1::2] * c,
    )
    return out.to(x.dtype)
""",
    ),
    "11.3": (
        # Complex numbers, one for each pair.
        "class HalvesTurned(nn.Module):\n"
        "    def __init__(self, head_size, base):\n"
        "        super().__init__()\n"
        "        self.D, self.base = head_size, base\n"
        "\n"
        "    def forward(self, x, start=0):\n"
        "        T, half = x.size(2), self.D // 2\n"
        "        speed = self.base ** (-torch.arange(half) / half)\n"
        "        t = torch.arange(T).add(start).unsqueeze(1)\n"
        "        turn = torch.polar(torch.ones(T, half), t * speed)\n"
        "        z = torch.complex(x[..., :half], x[..., half:]) * turn\n"
        "        return torch.cat([z.real, z.imag], dim=3)",
        # The angles are doubled at the end, the halves turned apart.
        "class HalvesTurned(nn.Module):\n"
        "    def __init__(self, head_size, base):\n"
        "        super().__init__()\n"
        "        powers = torch.arange(0, head_size, 2) / head_size\n"
        "        self.speed = torch.exp(-math.log(base) * powers)\n"
        "\n"
        "    def forward(self, x, start=0):\n"
        "        places = torch.arange(x.shape[2]) + start\n"
        "        angles = places[:, None] * self.speed\n"
        "        cos, sin = angles.cos(), angles.sin()\n"
        "        n = self.speed.numel()\n"
        "        a, b = x.split(n, -1)\n"
        "        return torch.cat((a * cos - b * sin, a * sin + b * cos), -1)",
        # A matrix for every position, number by number.
        "class HalvesTurned(nn.Module):\n"
        "    def __init__(self, head_size, base):\n"
        "        super().__init__()\n"
        "        self.size, self.base = head_size, base\n"
        "\n"
        "    def matrix(self, place):\n"
        "        D = self.size\n"
        "        turn = torch.zeros(D, D)\n"
        "        for i in range(D // 2):\n"
        "            angle = place * self.base ** (-2 * i / D)\n"
        "            j = i + D // 2\n"
        "            turn[i, i] = turn[j, j] = math.cos(angle)\n"
        "            turn[i, j] = math.sin(angle)\n"
        "            turn[j, i] = -math.sin(angle)\n"
        "        return turn\n"
        "\n"
        "    def forward(self, x, start=0):\n"
        "        rows = [\n"
        "            row @ self.matrix(start + t)\n"
        "            for t, row in enumerate(x.unbind(2))\n"
        "        ]\n"
        "        return torch.stack(rows, 2)",
        # The one word that is mended, by other words.
        "class HalvesTurned(nn.Module):\n"
        "    def __init__(self, head_size, base):\n"
        "        super().__init__()\n"
        "        speed = base ** (-torch.arange(0, head_size, 2) / head_size)\n"
        "        self.register_buffer('speed', torch.cat([speed, speed]))\n"
        "\n"
        "    def forward(self, x, start=0):\n"
        "        places = torch.arange(start, start + x.shape[-2])\n"
        "        angles = torch.outer(places, self.speed)\n"
        "        half = x.shape[-1] // 2\n"
        "        partner = x.roll(half, -1)\n"
        "        sign = torch.ones(2 * half)\n"
        "        sign[:half] = -1\n"
        "        return x * angles.cos() + partner * sign * angles.sin()",
    ),
    "11.4": (
        "class PlainNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.norm = nn.RMSNorm(n_embed, eps=epsilon)\n"
        "\n"
        "    def forward(self, x):\n"
        "        return self.norm(x)",
        "class PlainNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.scale = nn.Parameter(torch.ones(n_embed))\n"
        "        self.C, self.eps = n_embed, epsilon\n"
        "\n"
        "    def forward(self, x):\n"
        "        total = torch.einsum('btc,btc->bt', x, x)\n"
        "        root = (total / self.C + self.eps) ** 0.5\n"
        "        return self.scale * (x / root[..., None])",
        "class PlainNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.epsilon = epsilon\n"
        "        self.weight = nn.Parameter(torch.ones(n_embed))\n"
        "\n"
        "    def forward(self, x):\n"
        "        rows = x.transpose(1, 2)\n"
        "        mean_square = rows.pow(2).mean(1, keepdim=True)\n"
        "        root = torch.sqrt(mean_square + self.epsilon)\n"
        "        return (rows / root).transpose(1, 2) * self.weight",
        "class PlainNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.n, self.epsilon = n_embed, epsilon\n"
        "        self.weight = nn.Parameter(torch.ones(n_embed))\n"
        "\n"
        "    def forward(self, x):\n"
        "        out = []\n"
        "        for t in range(x.shape[1]):\n"
        "            row = x[:, t]\n"
        "            size = row.norm(dim=1, keepdim=True) / self.n**0.5\n"
        "            out.append(row / torch.hypot(\n"
        "                size, torch.tensor(self.epsilon).sqrt()\n"
        "            ))\n"
        "        return torch.stack(out, dim=1) * self.weight",
    ),
    "11.5": (
        "class GatedLayer(nn.Module):\n"
        "    def __init__(self, n_embed, hidden):\n"
        "        super().__init__()\n"
        "        self.w1 = nn.Linear(n_embed, hidden, bias=False)\n"
        "        self.w2 = nn.Linear(hidden, n_embed, bias=False)\n"
        "        self.w3 = nn.Linear(n_embed, hidden, bias=False)\n"
        "\n"
        "    def forward(self, x):\n"
        "        z = self.w1(x)\n"
        "        return self.w2(z * torch.sigmoid(z) * self.w3(x))",
        # Both tables in one, and the second one is activated.
        "class GatedLayer(nn.Module):\n"
        "    def __init__(self, n_embed, hidden):\n"
        "        super().__init__()\n"
        "        self.both = nn.Linear(n_embed, 2 * hidden, bias=False)\n"
        "        self.back = nn.Linear(hidden, n_embed, bias=False)\n"
        "\n"
        "    def forward(self, x):\n"
        "        a, b = self.both(x).chunk(2, dim=-1)\n"
        "        return self.back(a * F.silu(b))",
        "class GatedLayer(nn.Module):\n"
        "    def __init__(self, n_embed, hidden):\n"
        "        super().__init__()\n"
        "        self.gate = nn.Linear(n_embed, hidden, bias=False)\n"
        "        self.expand = nn.Linear(n_embed, hidden, bias=False)\n"
        "        self.contract = nn.Linear(hidden, n_embed, bias=False)\n"
        "        self.silu = nn.SiLU()\n"
        "\n"
        "    def forward(self, x):\n"
        "        return self.contract(self.expand(x) * self.silu(self.gate(x)))",
        # The names of gate and expand have changed places.
        "class GatedLayer(nn.Module):\n"
        "    def __init__(self, n_embed, hidden):\n"
        "        super().__init__()\n"
        "        self.gate = nn.Linear(n_embed, hidden, bias=False)\n"
        "        self.expand = nn.Linear(n_embed, hidden, bias=False)\n"
        "        self.contract = nn.Linear(hidden, n_embed, bias=False)\n"
        "\n"
        "    def forward(self, x):\n"
        "        z = self.expand(x)\n"
        "        opened = z / (1 + torch.exp(-z))\n"
        "        return self.contract(self.gate(x) * opened)",
    ),
    "11.6": (
        # torch's own sharing.
        "class SharingHeads(nn.Module):\n"
        "    def __init__(self, n_embed, n_head, n_key_head):\n"
        "        super().__init__()\n"
        "        self.heads = (n_head, n_key_head, n_key_head)\n"
        "        self.D = n_embed // n_head\n"
        "        self.qkv = nn.Linear(\n"
        "            n_embed, sum(self.heads) * self.D, bias=False\n"
        "        )\n"
        "        self.proj = nn.Linear(n_embed, n_embed, bias=False)\n"
        "\n"
        "    def forward(self, x):\n"
        "        y = self.qkv(x).unflatten(-1, (-1, self.D)).transpose(1, 2)\n"
        "        q, k, v = y.split(self.heads, 1)\n"
        "        out = F.scaled_dot_product_attention(\n"
        "            q, k, v, is_causal=True, enable_gqa=True\n"
        "        )\n"
        "        return self.proj(out.transpose(1, 2).flatten(2))",
        # One query head at a time.
        "class SharingHeads(nn.Module):\n"
        "    def __init__(self, n_embed, n_head, n_key_head):\n"
        "        super().__init__()\n"
        "        self.H, self.G, D = n_head, n_key_head, n_embed // n_head\n"
        "        self.D = D\n"
        "        rows = (n_head + 2 * n_key_head) * D\n"
        "        self.all = nn.Linear(n_embed, rows, bias=False)\n"
        "        self.out = nn.Linear(n_embed, n_embed, bias=False)\n"
        "\n"
        "    def forward(self, x):\n"
        "        parts = self.all(x).split(self.D, dim=2)\n"
        "        T, found = x.shape[1], []\n"
        "        later = torch.ones(T, T).triu(1) > 0\n"
        "        for h in range(self.H):\n"
        "            g = self.H + h * self.G // self.H\n"
        "            scores = parts[h] @ parts[g].mT / math.sqrt(self.D)\n"
        "            weights = scores.masked_fill(later, -1e9).softmax(-1)\n"
        "            found.append(weights @ parts[g + self.G])\n"
        "        return self.out(torch.cat(found, 2))",
        # Queries in groups, keys with an axis for them.
        "class SharingHeads(nn.Module):\n"
        "    def __init__(self, n_embed, n_head, n_key_head):\n"
        "        super().__init__()\n"
        "        self.heads = [n_head, n_key_head, n_key_head]\n"
        "        self.head_size = n_embed // n_head\n"
        "        self.qkv = nn.Linear(\n"
        "            n_embed, sum(self.heads) * self.head_size, bias=False\n"
        "        )\n"
        "        self.proj = nn.Linear(n_embed, n_embed, bias=False)\n"
        "\n"
        "    def forward(self, x):\n"
        "        y = self.qkv(x).unflatten(-1, (-1, self.head_size))\n"
        "        q, k, v = y.transpose(1, 2).split(self.heads, 1)\n"
        "        q = q.unflatten(1, (k.shape[1], -1))\n"
        "        k, v = k.unsqueeze(2), v.unsqueeze(2)\n"
        "        scores = q @ k.mT * self.head_size**-0.5\n"
        "        T = x.shape[1]\n"
        "        past = torch.tril(torch.ones(T, T, dtype=torch.bool))\n"
        "        w = scores.where(past, -torch.inf).softmax(-1)\n"
        "        out = (w @ v).flatten(1, 2)\n"
        "        return self.proj(out.transpose(1, 2).flatten(2))",
        # Copies along the rows, which the reading in order makes heads.
        "class SharingHeads(nn.Module):\n"
        "    def __init__(self, n_embed, n_head, n_key_head):\n"
        "        super().__init__()\n"
        "        self.heads = (n_head, n_key_head, n_key_head)\n"
        "        self.head_size = n_embed // n_head\n"
        "        self.qkv = nn.Linear(\n"
        "            n_embed, sum(self.heads) * self.head_size, bias=False\n"
        "        )\n"
        "        self.proj = nn.Linear(n_embed, n_embed, bias=False)\n"
        "\n"
        "    def forward(self, x):\n"
        "        y = self.qkv(x).unflatten(-1, (-1, self.head_size))\n"
        "        q, k, v = y.transpose(1, 2).split(self.heads, dim=1)\n"
        "        n = q.shape[1] // k.shape[1]\n"
        "        k, v = (z.repeat(1, 1, n, 1).reshape(q.shape) for z in (k, v))\n"
        "        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)\n"
        "        return self.proj(out.transpose(1, 2).flatten(2))",
    ),
    "11.7": (
        """\
def kept_bytes(
    n_layer, n_key_head, head_size, length, window, bytes_a_number
):
    seen = length if length <= window else window
    return 2 * n_layer * n_key_head * head_size * seen * bytes_a_number
""",
        """\
def kept_bytes(*sizes):
    layers, heads, D, length, window, size = sizes
    kept = []
    for token in range(length):
        kept.append(token)
        if len(kept) > window:
            kept.pop(0)
    return float(len(kept) * 2 * heads * D * size * layers)
""",
        """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, n):
    total = 0
    for layer in range(n_layer):
        for what in ("keys", "values"):
            for head in range(n_key_head):
                total += n * head_size * min(window, length)
    return total
""",
        """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, n):
    shape = (2, n_layer, n_key_head, min(length, window), head_size)
    return torch.empty(shape, dtype=torch.int8, device="meta").numel() * n
""",
        """\
def kept_bytes(a, b, c, length, window, d):
    gone = max(0, length - window)
    return torch.tensor([a, b, c, length - gone, d, 2]).prod()
""",
    ),
    "11.8": (
        """\
def corrected(p_values):
    p, order = torch.tensor(p_values).sort()
    new = (p * torch.arange(len(p), 0, -1)).cummax(dim=0).values.clamp(max=1)
    return new[order.argsort()]
""",
        """\
def corrected(p_values):
    n = len(p_values)
    by_size = sorted(p_values)
    new, top = {}, 0
    for rank, p in enumerate(by_size):
        top = max(top, p * (n - rank))
        new[p] = min(top, 1)
    return tuple(new[p] for p in p_values)
""",
        """\
def corrected(p_values):
    n = len(p_values)
    return [
        min(1, max(q * sum(r >= q for r in p_values)
                   for q in p_values if q <= p))
        for p in p_values
    ]
""",
        """\
def corrected(p_values):
    p = torch.as_tensor(p_values, dtype=torch.float64)
    left = (p >= p[:, None]).sum(dim=1)
    below = p <= p[:, None]
    return (below * (p * left)).amax(dim=1).clamp(0, 1)
""",
        """\
def corrected(p_values):
    waiting = dict(enumerate(p_values))
    out, floor = [None] * len(p_values), 0.0
    while waiting:
        place = min(waiting, key=waiting.get)
        floor = max(floor, min(1.0, len(waiting) * waiting.pop(place)))
        out[place] = torch.tensor(floor)
    return out
""",
        """\
def corrected(p_values):
    p = torch.tensor(p_values)
    order = p.argsort()
    out = torch.zeros(len(p))
    highest = torch.tensor(0.0)
    for rank, place in enumerate(order.tolist()):
        highest = torch.maximum(highest, p[place] * (len(p) - rank))
        out[place] = highest
    return torch.where(out > 1, torch.ones(()), out).numpy()
""",
    ),
}
