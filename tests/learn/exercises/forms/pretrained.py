"""Right answers to chapter 12's exercises, as unusual as they come."""

FORMS = {
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
}
