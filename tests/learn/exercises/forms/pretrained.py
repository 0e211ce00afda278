"""Right answers to chapter 12's exercises, as unusual as they come."""

FORMS = {
    "12.1": (
        """\
def decoded(d, packed):
    weights = []
    for byte in packed.tolist():
        weights.append(d * (byte % 16 - 8))
    for byte in packed.tolist():
        weights.append(d * (byte // 16 - 8))
    return torch.tensor(weights)
""",
        """\
def decoded(d, packed):
    q = packed.to(torch.int16)
    q = torch.stack([q & 0xF, (q & 0xF0) // 16])
    return (q.flatten() - 8) * d
""",
        """\
def decoded(d, packed):
    table = d * torch.arange(-8.0, 8.0)
    lower, upper = packed.long() % 16, packed.long() // 16
    return torch.cat([table[lower], table[upper]])
""",
        """\
def decoded(d, packed):
    numbers = packed.double()
    upper = torch.floor(numbers / 16)
    lower = numbers - 16 * upper
    return d * torch.hstack((lower, upper)) - 8 * d
""",
        """\
def decoded(d, packed):
    bits = torch.stack([packed >> n & 1 for n in range(8)], dim=1).float()
    powers = torch.tensor([1.0, 2.0, 4.0, 8.0])
    return torch.cat([bits[:, :4] @ powers, bits[:, 4:] @ powers]).sub(8).mul(d)
""",
    ),
    "12.2": (
        """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    D = C // H
    q, k, v, o = C * H * D, C * G * D, C * G * D, H * D * C
    total = V * C
    for _ in range(L):
        total += q + k + v + o + 3 * C * hidden + C + C
    total += C
    if not tied:
        total += V * C
    return total
""",
        """\
def llama_parameters(
    vocab_size, n_embed, n_layer, n_head, n_key_head, hidden, tied
):
    rows = (n_head + 2 * n_key_head) * (n_embed // n_head)
    layer = rows + n_embed + 3 * hidden + 2
    return n_embed * (vocab_size * (2 - tied) + n_layer * layer + 1)
""",
        """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    D = C // H
    shapes = [(V, C), (C,)] + ([] if tied else [(V, C)])
    for _ in range(L):
        shapes += [(C,), (H * D, C), (G * D, C), (G * D, C), (C, H * D)]
        shapes += [(C,), (hidden, C), (hidden, C), (C, hidden)]
    return sum(math.prod(shape) for shape in shapes)
""",
        """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    share = G / H
    attention = 2 * C**2 * (1 + share)
    return V * C * (1 if tied else 2) + L * (
        attention + 3 * C * hidden + 2 * C
    ) + C
""",
    ),
    "12.3": (
        """\
def for_linear(stored, inside, out):
    return stored.transpose(0, 1).contiguous()
""",
        """\
def for_linear(stored, inside, out):
    result = torch.empty(out, inside)
    for i in range(inside):
        for o in range(out):
            result[o, i] = stored[i, o]
    return result
""",
        """\
def for_linear(stored, inside, out):
    linear = nn.Linear(inside, out, bias=False)
    with torch.no_grad():
        linear.weight.copy_(torch.einsum("io->oi", stored))
    return linear.weight
""",
        """\
def for_linear(stored, inside, out):
    columns = stored.flatten().unfold(0, out, out)
    return torch.stack(list(columns), dim=1)
""",
    ),
    "12.4": (
        """\
def to_neighbours(rows, n_head):
    halves = rows.view(n_head, 2, -1, rows.shape[1])
    return halves.transpose(1, 2).reshape(rows.shape)
""",
        """\
def to_neighbours(rows, n_head):
    D = len(rows) // n_head
    order = []
    for head in range(n_head):
        for i in range(D // 2):
            order += [head * D + i, head * D + i + D // 2]
    return rows[order]
""",
        """\
def to_neighbours(rows, n_head):
    out = []
    for head in rows.chunk(n_head):
        D = len(head)
        new = torch.empty_like(head)
        new[::2], new[1::2] = head[: D // 2], head[D // 2 :]
        out.append(new)
    return torch.cat(out)
""",
        """\
def to_neighbours(rows, n_head):
    D = len(rows) // n_head
    numbers = torch.arange(n_head * D).view(n_head, 2, D // 2)
    return rows.index_select(0, numbers.permute(0, 2, 1).flatten())
""",
    ),
    "12.5": (
        # The formula, number by number.
        "class BentLayer(nn.Module):\n"
        "    def __init__(self, n_embed):\n"
        "        super().__init__()\n"
        "        self.expand = nn.Linear(n_embed, 4 * n_embed)\n"
        "        self.contract = nn.Linear(4 * n_embed, n_embed)\n"
        "\n"
        "    def forward(self, x):\n"
        "        z = self.expand(x)\n"
        "        inner = math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)\n"
        "        return self.contract(0.5 * z * (1 + torch.tanh(inner)))",
        # GPT-2's own names, and a module for the bend.
        "class BentLayer(nn.Module):\n"
        "    def __init__(self, n_embed):\n"
        "        super().__init__()\n"
        "        self.c_fc = nn.Linear(n_embed, 4 * n_embed)\n"
        "        self.act = nn.GELU(approximate='tanh')\n"
        "        self.c_proj = nn.Linear(4 * n_embed, n_embed)\n"
        "\n"
        "    def forward(self, x):\n"
        "        return self.c_proj(self.act(self.c_fc(x)))",
        # One row of parts.
        "class BentLayer(nn.Sequential):\n"
        "    def __init__(self, n_embed):\n"
        "        super().__init__(\n"
        "            nn.Linear(n_embed, 4 * n_embed),\n"
        "            nn.GELU('tanh'),\n"
        "            nn.Linear(4 * n_embed, n_embed),\n"
        "        )",
        # (1 + tanh u) / 2 is a sigmoid of 2u; a constant with few digits.
        "class BentLayer(nn.Module):\n"
        "    def __init__(self, n_embed):\n"
        "        super().__init__()\n"
        "        self.expand = nn.Linear(n_embed, 4 * n_embed)\n"
        "        self.contract = nn.Linear(4 * n_embed, n_embed)\n"
        "\n"
        "    def forward(self, x):\n"
        "        z = self.expand(x)\n"
        "        u = 0.7978845608 * (z + 0.044715 * z * z * z)\n"
        "        return self.contract(z * torch.sigmoid(2 * u))",
        # Matrices that stand the other way round, and biases apart.
        "class BentLayer(nn.Module):\n"
        "    def __init__(self, n_embed):\n"
        "        super().__init__()\n"
        "        C = n_embed\n"
        "        self.w1 = nn.Parameter(torch.randn(C, 4 * C))\n"
        "        self.b1 = nn.Parameter(torch.zeros(4 * C))\n"
        "        self.w2 = nn.Parameter(torch.randn(4 * C, C))\n"
        "        self.b2 = nn.Parameter(torch.zeros(C))\n"
        "\n"
        "    def forward(self, x):\n"
        "        bent = F.gelu(x @ self.w1 + self.b1, approximate='tanh')\n"
        "        return bent @ self.w2 + self.b2",
    ),
    "12.6": (
        # The table itself is asked, and counted once.
        "class ScoringLayer(nn.Module):\n"
        "    def __init__(self, embedding):\n"
        "        super().__init__()\n"
        "        self.embedding = embedding\n"
        "\n"
        "    def forward(self, x):\n"
        "        return x @ self.embedding.weight.T",
        # A Linear whose own parameter is replaced.
        "class ScoringLayer(nn.Module):\n"
        "    def __init__(self, embedding):\n"
        "        super().__init__()\n"
        "        V, C = embedding.weight.shape\n"
        "        self.linear = nn.Linear(C, V, bias=False)\n"
        "        self.linear.weight = embedding.weight\n"
        "\n"
        "    def forward(self, x):\n"
        "        return self.linear(x)",
        # A Linear by birth.
        "class ScoringLayer(nn.Linear):\n"
        "    def __init__(self, embedding):\n"
        "        V, C = embedding.num_embeddings, embedding.embedding_dim\n"
        "        super().__init__(C, V, bias=False)\n"
        "        self.weight = embedding.weight",
        # Tied the other way round: the table gets the output's parameter.
        "class ScoringLayer(nn.Module):\n"
        "    def __init__(self, embedding):\n"
        "        super().__init__()\n"
        "        stored = embedding.weight.detach().clone()\n"
        "        self.weight = nn.Parameter(stored)\n"
        "        embedding.weight = self.weight\n"
        "\n"
        "    def forward(self, x):\n"
        "        return torch.einsum('btc,vc->btv', x, self.weight)",
        # Hidden from parameters(), which find it in the table.
        "class ScoringLayer(nn.Module):\n"
        "    def __init__(self, embedding):\n"
        "        super().__init__()\n"
        "        self.tables = (embedding,)\n"
        "\n"
        "    def forward(self, x):\n"
        "        rows = self.tables[0].weight\n"
        "        return (x[..., None, :] * rows).sum(dim=-1)",
    ),
    "12.7": (
        "class ShortNorm(nn.RMSNorm):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__(n_embed, eps=epsilon)",
        "class ShortNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.gain = nn.Parameter(torch.ones(n_embed))\n"
        "        self.floor = math.sqrt(epsilon)\n"
        "\n"
        "    def forward(self, x):\n"
        "        size = x.norm(dim=-1, keepdim=True) / math.sqrt(x.shape[-1])\n"
        "        return self.gain * x / torch.hypot(\n"
        "            size, torch.tensor(self.floor)\n"
        "        )",
        # One number more in each vector, which holds epsilon.
        "class ShortNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.C, self.epsilon = n_embed, epsilon\n"
        "        self.weight = nn.Parameter(torch.ones(n_embed))\n"
        "\n"
        "    def forward(self, x):\n"
        "        more = torch.full_like(x[..., :1], self.C * self.epsilon)\n"
        "        longer = torch.cat([x, more.sqrt()], dim=-1)\n"
        "        length = longer.square().sum(dim=-1, keepdim=True).sqrt()\n"
        "        return x / length * self.C**0.5 * self.weight",
        "class ShortNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.epsilon = epsilon\n"
        "        self.weight = nn.Parameter(torch.ones(n_embed))\n"
        "\n"
        "    def forward(self, x):\n"
        "        under = x.pow(2).mean(-1, True).add(self.epsilon)\n"
        "        return torch.rsqrt(under) * x * self.weight",
        # In double precision and back.
        "class ShortNorm(nn.Module):\n"
        "    def __init__(self, n_embed, epsilon):\n"
        "        super().__init__()\n"
        "        self.epsilon = epsilon\n"
        "        self.weight = nn.Parameter(torch.ones(n_embed))\n"
        "\n"
        "    def forward(self, x):\n"
        "        y = x.double()\n"
        "        under = torch.einsum('btc,btc->bt', y, y) / x.shape[2]\n"
        "        y = y * (under + self.epsilon).pow(-0.5)[..., None]\n"
        "        return y.to(x.dtype) * self.weight",
    ),
    "12.8": (
        """\
def merged(W, A, B, scale):
    return torch.addmm(W, B, A, alpha=scale)
""",
        """\
def merged(W, A, B, scale):
    result = W.clone()
    for column, row in zip(B.mT, A):
        result += scale * torch.outer(column, row)
    return result
""",
        """\
def merged(W, A, B, scale):
    inside = torch.eye(W.shape[1])
    def both(x):
        return F.linear(x, W) + scale * F.linear(F.linear(x, A), B)
    return both(inside).mT
""",
        """\
def merged(W, A, B, scale):
    return W + torch.einsum("or,ri->oi", scale * B, A)
""",
    ),
}
