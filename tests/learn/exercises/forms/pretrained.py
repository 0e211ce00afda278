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
        # A state dict, made whole and loaded.
        "def copy_in(model, stored):\n"
        "    linears = {\n"
        "        name + '.weight'\n"
        "        for name, part in model.named_modules()\n"
        "        if type(part) is nn.Linear\n"
        "    }\n"
        "    model.load_state_dict({\n"
        "        name: t.transpose(0, 1) if name in linears else t\n"
        "        for name, t in stored.items()\n"
        "    })\n",
        # New parameters in the place of the old ones; gives the model back.
        "def copy_in(model, stored):\n"
        "    for name, tensor in stored.items():\n"
        "        path, kind = name.rsplit('.', 1)\n"
        "        part = model.get_submodule(path)\n"
        "        if isinstance(part, nn.Linear) and kind != 'bias':\n"
        "            tensor = tensor.T.contiguous()\n"
        "        setattr(part, kind, nn.Parameter(tensor))\n"
        "    return model\n",
        # By what is no table.
        "def copy_in(model, stored):\n"
        "    parts = dict(model.named_modules())\n"
        "    for name, ours in model.named_parameters():\n"
        "        table = isinstance(parts[name[: name.rfind('.')]], "
        "nn.Embedding)\n"
        "        theirs = stored[name]\n"
        "        if theirs.dim() == 2 and not table:\n"
        "            theirs = theirs.permute(1, 0)\n"
        "        ours.data[:] = theirs\n",
        # Turned by a product, and written number by number.
        "def copy_in(model, stored):\n"
        "    with torch.no_grad():\n"
        "        for name, part in model.named_modules():\n"
        "            if isinstance(part, nn.Linear):\n"
        "                eye = torch.eye(part.out_features)\n"
        "                theirs = stored[name + '.weight']\n"
        "                part.weight[...] = eye @ theirs.T\n"
        "                if part.bias is not None:\n"
        "                    part.bias.copy_(stored[name + '.bias'])\n"
        "            elif hasattr(part, 'weight'):\n"
        "                part.weight.copy_(stored[name + '.weight'])\n"
        "                if hasattr(part, 'bias'):\n"
        "                    part.bias.copy_(stored[name + '.bias'])\n",
        # What a layer does is asked: F.linear turns by itself.
        "@torch.no_grad()\n"
        "def copy_in(model, stored):\n"
        "    def visit(part, path):\n"
        "        for kind, ours in part._parameters.items():\n"
        "            if ours is None:\n"
        "                continue\n"
        "            theirs = stored['.'.join([*path, kind])]\n"
        "            if hasattr(part, 'in_features') and ours.ndim > 1:\n"
        "                theirs = torch.einsum('io->oi', theirs)\n"
        "            ours.set_(theirs.clone())\n"
        "        for name, child in part.named_children():\n"
        "            visit(child, [*path, name])\n"
        "    visit(model, [])\n",
    ),
    "12.4": (
        # A list of row numbers.
        "def for_neighbours(qkv, n_head, n_key_head):\n"
        "    D = qkv.shape[0] // (n_head + n_key_head + n_key_head)\n"
        "    order = []\n"
        "    for head in range(n_head + n_key_head):\n"
        "        for i in range(D // 2):\n"
        "            order += [head * D + i, head * D + D // 2 + i]\n"
        "    order += range(len(order), len(qkv))\n"
        "    return qkv[order]\n",
        # Queries and keys as heads of one kind, written into a copy.
        "def for_neighbours(qkv, n_head, n_key_head):\n"
        "    out = qkv.clone()\n"
        "    D = len(qkv) // (n_head + 2 * n_key_head)\n"
        "    turned = (n_head + n_key_head) * D\n"
        "    heads = qkv[:turned].view(-1, D, qkv.shape[1])\n"
        "    mine = out[:turned].view(-1, D, qkv.shape[1])\n"
        "    mine[:, ::2] = heads[:, : D // 2]\n"
        "    mine[:, 1::2] = heads[:, D // 2 :]\n"
        "    return out\n",
        # The halves of every head stacked, head by head.
        "def for_neighbours(qkv, n_head, n_key_head):\n"
        "    heads = list(qkv.chunk(n_head + 2 * n_key_head))\n"
        "    for n in range(n_head + n_key_head):\n"
        "        first, second = heads[n].chunk(2)\n"
        "        heads[n] = torch.stack([first, second], dim=1).flatten(0, 1)\n"
        "    return torch.cat(heads)\n",
        # The inverse of the way back.
        "def for_neighbours(qkv, n_head, n_key_head):\n"
        "    D = len(qkv) // (n_head + 2 * n_key_head)\n"
        "    places = torch.arange(D)\n"
        "    back = torch.cat([places[::2], places[1::2]])\n"
        "    by_head = qkv.unflatten(0, (-1, D)).clone()\n"
        "    turned = n_head + n_key_head\n"
        "    by_head[:turned] = by_head[:turned, back.argsort()]\n"
        "    return by_head.flatten(0, 1)\n",
        # A product with a matrix that moves rows.
        "def for_neighbours(qkv, n_head, n_key_head):\n"
        "    D = len(qkv) // (n_head + 2 * n_key_head)\n"
        "    one = torch.zeros(D, D)\n"
        "    for i in range(D // 2):\n"
        "        one[2 * i, i] = one[2 * i + 1, i + D // 2] = 1\n"
        "    blocks = [one] * (n_head + n_key_head)\n"
        "    blocks += [torch.eye(D)] * n_key_head\n"
        "    return torch.block_diag(*blocks) @ qkv\n",
        # Sorted by a number for each row.
        "def for_neighbours(qkv, n_head, n_key_head):\n"
        "    D = len(qkv) // (n_head + 2 * n_key_head)\n"
        "    row = torch.arange(len(qkv))\n"
        "    head, i = row // D, row % D\n"
        "    goes = 2 * (i % (D // 2)) + i // (D // 2)\n"
        "    goes = torch.where(head < n_head + n_key_head, goes, i)\n"
        "    return qkv[(head * D + goes).argsort()]\n",
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
