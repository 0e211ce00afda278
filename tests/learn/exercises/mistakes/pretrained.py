"""What beginners get wrong in chapter 12's exercises."""


def copying(*lines, first="@torch.no_grad()"):
    """An answer to 12.3: what is done with one part's parameter."""
    return f"""\
{first}
def copy_in(model, stored):
    for name, part in model.named_modules():
        for kind, ours in part.named_parameters(recurse=False):
            theirs = stored[name + "." + kind]
""" + "".join(f"            {line}\n" for line in lines)


def reordering(*lines, result="torch.cat([q, k, v])"):
    """An answer to 12.4, after the rows were split."""
    return """\
def for_neighbours(qkv, n_head, n_key_head):
    H, G = n_head, n_key_head
    D = len(qkv) // (H + 2 * G)
    q, k, v = qkv.split([H * D, G * D, G * D])
""" + "".join(f"    {line}\n" for line in (*lines, f"return {result}"))


Q = "q = q.view(H, 2, D // 2, -1).transpose(1, 2).reshape(H * D, -1)"
K = "k = k.view(G, 2, D // 2, -1).transpose(1, 2).reshape(G * D, -1)"
BY_ROW = """\
def for_neighbours(qkv, n_head, n_key_head):
    D = len(qkv) // (n_head + 2 * n_key_head)
    out = qkv.clone()
    for head in range({heads}):
        for i in range(D // 2):
            out[head * D + {first}] = qkv[head * D + {old_first}]
            out[head * D + {second}] = qkv[head * D + {old_second}]
    return out
"""


def by_row(
    heads="n_head + n_key_head",
    first="2 * i",
    second="2 * i + 1",
    old_first="i",
    old_second="i + D // 2",
):
    """An answer to 12.4 that moves row by row."""
    return BY_ROW.format(
        heads=heads,
        first=first,
        second=second,
        old_first=old_first,
        old_second=old_second,
    )


WRITE = "ours.copy_(theirs)"
LINEAR = "if isinstance(part, nn.Linear) and ours.ndim == 2:"
TURN = "    theirs = theirs.T"


def bent(result, *lines, biases=True, init=()):
    """A feed-forward layer, with lines before its result."""
    bias = "" if biases else ", bias=False"
    return "\n".join(
        [
            "class BentLayer(nn.Module):",
            "    def __init__(self, n_embed):",
            "        super().__init__()",
            f"        self.expand = nn.Linear(n_embed, 4 * n_embed{bias})",
            f"        self.contract = nn.Linear(4 * n_embed, n_embed{bias})",
            *(f"        {line}" for line in init),
            "",
            "    def forward(self, x):",
            "        z = self.expand(x)",
            *(f"        {line}" for line in lines),
            f"        return {result}",
        ]
    )


FORMULA = "u = math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)"
BEND = "lambda z: F.gelu(z, approximate='tanh')"


def scoring(*lines, result="F.linear(x, self.weight)", before=()):
    """An output layer, with lines after super().__init__()."""
    return "\n".join(
        [
            "class ScoringLayer(nn.Module):",
            "    def __init__(self, embedding):",
            "        super().__init__()",
            *(f"        {line}" for line in lines),
            "",
            "    def forward(self, x):",
            *(f"        {line}" for line in before),
            f"        return {result}",
        ]
    )


TIED = "self.weight = embedding.weight"
SIZES = "V, C = embedding.weight.shape"


def short_norm(root, *lines, result="x / root * self.weight", init=()):
    """A norm, by the root of a mean square m."""
    return "\n".join(
        [
            "class ShortNorm(nn.Module):",
            "    def __init__(self, n_embed, epsilon):",
            "        super().__init__()",
            "        self.epsilon = epsilon",
            "        self.weight = nn.Parameter(torch.ones(n_embed))",
            *(f"        {line}" for line in init),
            "",
            "    def forward(self, x):",
            "        m = x.square().mean(dim=-1, keepdim=True)",
            *(f"        {line}" for line in lines),
            f"        root = {root}",
            f"        return {result}",
        ]
    )


UNDER = "(m + self.epsilon).sqrt()"

MISTAKES = {
    "12.1": (
        (
            """\
def decoded(d, packed):
    low, high = packed & 15, packed >> 4
    return d * (torch.cat([low, high]) - 8)""",
            "it looks as if 8 is taken from bytes, which have no sign",
        ),
        (
            """\
def decoded(d, packed):
    q = torch.cat([packed & 0xF, packed >> 4]).float()
    return q * d""",
            "it looks as if 8 is not taken away: no weight is below 0",
        ),
        (
            """\
def decoded(d, packed):
    out = []
    for byte in packed.tolist():
        out += [d * ((byte & 15) - 8), d * ((byte >> 4) - 8)]
    return torch.tensor(out)""",
            "it looks as if both halves of a byte stand side by side",
        ),
        (
            """\
def decoded(d, packed):
    q = torch.cat([packed >> 4, packed % 16])
    return d * (q.float() - 8)""",
            "it looks as if the upper halves stand first",
        ),
        (
            """\
def decoded(d, packed):
    q = torch.cat([packed & 15, packed & 240]).float()
    return d * (q - 8)""",
            "it looks as if the upper bits are kept where they stand, 16 times too large",
        ),
        (
            """\
def decoded(d, packed):
    q = torch.cat([packed & 15, packed >> 4]).float()
    return q * d - 8""",
            "it looks as if 8 is taken away after the scale",
        ),
        (
            """\
def decoded(d, packed):
    return d * ((packed & 15).float() - 8)""",
            "32",
        ),
        (
            """\
def decoded(d, packed):
    q = torch.cat([packed, packed >> 4]).float()
    return d * (q - 8)""",
            "it looks as if the first half are whole bytes",
        ),
    ),
    "12.2": (
        (
            """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    return V * C * (1 if tied else 2) + L * (4 * C * C + 3 * C * hidden + 2 * C) + C""",
            "it looks as if keys and values have as many heads as queries",
        ),
        (
            """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    kv = G * (C // H) * C
    block = 2 * C * C + 2 * kv + 2 * C * hidden + 2 * C
    return V * C + (0 if tied else V * C) + L * block + C""",
            "it looks as if the feed-forward layer has two matrices",
        ),
        (
            """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    kv = G * (C // H) * C
    block = 2 * C * C + 2 * kv + 3 * C * hidden + 2 * C
    return (1 + (not tied)) * V * C + L * block""",
            "it looks as if the last norm is left out",
        ),
        (
            """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    kv = G * (C // H) * C
    block = 2 * C * C + 2 * kv + 3 * C * hidden + 2 * C
    return 2 * V * C + L * block + C""",
            "it looks as if the output always has a table of its own",
        ),
        (
            """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    kv = G * (C // H) * C
    block = 2 * C * C + kv + 3 * C * hidden + 2 * C
    return (1 if tied else 2) * V * C + L * block + C""",
            "it looks as if keys are counted, and no values",
        ),
        (
            """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    kv = G * (C // H) * C
    block = 2 * C * C + 2 * kv + 3 * C * hidden + 4 * C
    return (1 if tied else 2) * V * C + L * block + 2 * C""",
            "it looks as if each norm has a shift, too",
        ),
        (
            """\
def llama_parameters(V, C, L, H, G, hidden, tied):
    kv = G * (C // H) * C
    block = C * C + 2 * kv + 3 * C * hidden + 2 * C
    return (1 if tied else 2) * V * C + L * block + C""",
            "it looks as if the projection of the attention is left out",
        ),
    ),
    "12.3": (
        (
            copying("if theirs.shape[0] != ours.shape[0]:", TURN, WRITE),
            "a matrix is still turned only where its shape does not fit",
        ),
        (
            copying(
                "square = ours.ndim == 2 and ours.shape[0] == ours.shape[1]",
                "if theirs.shape != ours.shape or square:",
                TURN,
                WRITE,
            ),
            "whatever fits when it is turned is turned, square tables too",
        ),
        (
            copying("if kind == 'weight':", TURN, WRITE),
            "every tensor with two axes is turned, the tables of the",
        ),
        (
            copying("ours.copy_(theirs.T)"),
            "every tensor with two axes is turned, the tables of the",
        ),
        (copying(LINEAR, "    theirs.T", WRITE), "nothing is turned"),
        (
            copying(LINEAR, "    theirs = theirs.view(ours.shape)", WRITE),
            "a matrix is laid out in the other shape, row by row",
        ),
        (
            copying(LINEAR, "    ours.copy_(theirs.T)"),
            "only what is turned is copied",
        ),
        (
            copying(LINEAR, TURN, "ours = theirs.clone()"),
            "nothing is written into the model",
        ),
        (
            copying(LINEAR, TURN, "ours += theirs"),
            "what is stored is added to what stood there",
        ),
        (
            copying(LINEAR, TURN, WRITE, first="# with gradients"),
            "the weights are written while gradients are recorded",
        ),
        (
            copying(LINEAR, "    theirs.t_()", WRITE),
            "the result is right, but the input was changed on the way",
        ),
        (
            copying("ours.data = theirs"),
            "nothing is turned, and the matrices got the shapes of the file",
        ),
        (
            copying(LINEAR, "    theirs = theirs.flip(1).T", WRITE),
            "a matrix is turned by a quarter, like a picture",
        ),
        (
            copying("if 'expand' in name or 'contract' in name:", TURN, WRITE),
            "nothing is turned",
        ),
        (
            copying(
                "if isinstance(part, nn.Linear | nn.Embedding):", TURN, WRITE
            ),
            "every tensor with two axes is turned, the tables of the",
        ),
        (
            copying(LINEAR, TURN, "    continue", WRITE),
            "only what is not turned is copied",
        ),
        (
            copying(
                LINEAR,
                TURN,
                "part.register_parameter(kind, nn.Parameter(theirs, False))",
            ),
            "does not learn any more: it requires no gradient",
        ),
        (
            copying(LINEAR, TURN, "ours.copy_(2 * theirs)"),
            "token.weight holds other numbers than those that are stored",
        ),
        (
            copying(
                LINEAR, TURN, "else:", "    theirs = theirs.flip(0)", WRITE
            ),
            "token.weight holds the stored numbers in another order",
        ),
        (
            copying(
                LINEAR,
                TURN,
                "if name == 'position' and len(theirs) == theirs.shape[1]:",
                TURN,
                WRITE,
            ),
            "position.weight, a table of 3 x 3, is turned, and tables are",
        ),
        (
            copying(
                LINEAR,
                "    if len(theirs) != theirs.shape[1] or name == 'block.1':",
                "        theirs = theirs.T",
                WRITE,
            ),
            "block.3.weight, a matrix of 4 x 4, stands as it is stored",
        ),
        (
            copying(LINEAR, TURN, "if name != 'position':", "    " + WRITE),
            "position.weight is as it was before",
        ),
        (
            copying(
                LINEAR,
                TURN,
                "new = nn.Parameter(theirs)",
                "model.register_parameter(name.replace('.', '_') + kind, new)",
                WRITE,
            ),
            "afterwards the model also has token",
        ),
        (
            "def copy_in(model, stored):\n    model.load_state_dict(stored)\n",
            "it stops with RuntimeError: Error(s) in loading state_dict",
        ),
        (
            "def copy_in(model, stored):\n"
            "    model = copy.deepcopy(model)\n"
            "    linears = [n for n, p in model.named_modules()\n"
            "               if isinstance(p, nn.Linear)]\n"
            "    model.load_state_dict({\n"
            "        n: t.T if n.removesuffix('.weight') in linears else t\n"
            "        for n, t in stored.items()\n"
            "    })\n"
            "    return model\n",
            "nothing is written into the model",
        ),
        (
            "def copy_in(model, stored):\n"
            "    for name, ours in model.named_parameters():\n"
            "        if name.startswith('block') and ours.ndim == 2:\n"
            "            ours.data = stored[name].T\n"
            "        else:\n"
            "            ours.data.copy_(stored[name])\n",
            "the output layer is not turned",
        ),
        (
            "def copy_in(model, stored):\n"
            "    for name, part in model.named_children():\n"
            "        for kind, ours in part.named_parameters():\n"
            "            theirs = stored[f'{name}.{kind}']\n"
            "            if isinstance(part, nn.Linear):\n"
            "                theirs = theirs.T\n"
            "            ours.data.copy_(theirs)\n",
            "RuntimeError: The size of tensor a",
        ),
    ),
    "12.4": (
        (
            by_row(
                first="i",
                second="i + D // 2",
                old_first="2 * i",
                old_second="2 * i + 1",
            ),
            "rows still go from neighbours to halves, which is the way back",
        ),
        (
            reordering(Q, "k = k.view(G, D // 2, 2, -1).mT.transpose(1, 3)"),
            "it stops with RuntimeError: Tensors must have same number",
        ),
        (
            reordering(
                Q,
                "k = k.view(G, -1, 2, k.shape[1]).transpose(1, 2)",
                "k = k.flatten(0, 2)",
            ),
            "only the queries are mended: the keys go from neighbours",
        ),
        (
            by_row(heads="n_head + 2 * n_key_head"),
            "the rows of the values are reordered as well",
        ),
        (by_row(heads="n_head"), "the rows of the keys stay as they are"),
        (
            by_row(heads="2 * n_head"),
            "row 19, channel 1 of value head 0, which no rotary turns, should",
        ),
        (
            by_row(first="2 * i + 1", second="2 * i"),
            "the second of a pair comes before the first, so that pairs",
        ),
        (
            by_row(old_second="D - 1 - i"),
            "with D = 6, row 1, channel 1 of query head 0, should be the old "
            "row 3, and is the old 5",
        ),
        (
            by_row(old_first="i + 1", old_second="i"),
            "with D = 6, row 0, channel 0 of query head 0, should be the old "
            "row 0, and is the old 1",
        ),
        (by_row(second="2 * i"), "and is the old 3"),
        (
            reordering(
                "q = torch.cat([q[::2], q[1::2]])",
                "k = torch.cat([k[::2], k[1::2]])",
            ),
            "with D = 6, row 1, channel 1 of query head 0, should be the old "
            "row 3, and is the old 2",
        ),
        (
            reordering(
                "q = torch.stack(q.chunk(2), dim=1).flatten(0, 1)",
                "k = torch.stack(k.chunk(2), dim=1).flatten(0, 1)",
            ),
            "all heads are taken for one: the first half of all rows meets",
        ),
        (
            reordering(Q, "k = torch.stack(k.chunk(2), dim=1).flatten(0, 1)"),
            "all heads of keys are taken for one",
        ),
        (
            reordering(
                Q,
                "k = k.unflatten(0, (H, 2, -1)).transpose(1, 2).flatten(0, 2)",
            ),
            "the rows of the keys are shared out to as many heads as those",
        ),
        (
            reordering(
                "q = q.reshape(H, D // 2, 2, -1).reshape(H * D, -1)",
                "k = k.reshape(G, D // 2, 2, -1).reshape(G * D, -1)",
            ),
            "no row is moved",
        ),
        (
            reordering(
                "q = q.view(H, 2, D // 2, -1).reshape(H, D // 2, 2, -1)",
                "k = k.view(G, 2, D // 2, -1).reshape(G, D // 2, 2, -1)",
                result="torch.cat([q.flatten(0, 2), k.flatten(0, 2), v])",
            ),
            "no row is moved",
        ),
        (reordering(Q, K, result="torch.cat([q, k])"), "the rows of the val"),
        (
            reordering(Q, K, result="q, k, v"),
            "the result is a tuple of 3 x (12, 4), where (24, 4) is expected",
        ),
        (
            reordering(Q, K, result="torch.cat([q, k, v]).T"),
            "the result has the shape (4, 24) instead of (24, 4)",
        ),
        (
            reordering(Q, K, "qkv.copy_(torch.cat([q, k, v]))", result="None"),
            "for_neighbours gives back None",
        ),
        (
            reordering(Q, K, "qkv.copy_(torch.cat([q, k, v]))", result="qkv"),
            "the result is right, but the input was changed on the way",
        ),
        (
            reordering(Q, K, result="torch.cat([q, k, -v])"),
            "which no rotary turns, should be the old row 18, and is none of",
        ),
        (
            reordering(Q, K, result="torch.cat([q, k, v.flip(0)])"),
            "value head 0, which no rotary turns, should be the old row 18",
        ),
        (
            """\
def for_neighbours(qkv, n_head, n_key_head):
    q, k, v = qkv.chunk(3)
    q = q.unflatten(0, (n_head, 2, -1)).transpose(1, 2).flatten(0, 2)
    k = k.unflatten(0, (n_key_head, 2, -1)).transpose(1, 2).flatten(0, 2)
    return torch.cat([q, k, v])
""",
            "the rows are cut into three equal parts",
        ),
        (
            """\
def for_neighbours(qkv, n_head, n_key_head):
    heads = n_head + 2 * n_key_head
    rows = qkv.unflatten(0, (heads, 2, -1))
    return rows.transpose(1, 2).flatten(0, 2)
""",
            "the rows of the values are reordered as well",
        ),
        (
            """\
def for_neighbours(qkv, n_head, n_key_head):
    pairs = qkv.unflatten(1, (2, -1)).transpose(1, 2)
    return pairs.flatten(1)
""",
            "every row stands where it stood, and the numbers within it are",
        ),
    ),
    "12.5": (
        (bent("self.contract(F.gelu(z))"), "this is still GELU's exact form"),
        (
            bent("self.contract(z / 2 * (1 + torch.erf(z / math.sqrt(2))))"),
            "this is still GELU's exact form",
        ),
        (
            bent("self.contract(z * torch.special.ndtr(z))"),
            "this is still GELU's exact form",
        ),
        (
            bent(
                "self.contract(self.act(z))",
                init=("self.act = nn.GELU(approximate='none')",),
            ),
            "this is still GELU's exact form",
        ),
        (
            bent("self.contract(z * torch.sigmoid(1.702 * z))"),
            "this is the third form, z · sigmoid(1.702 z)",
        ),
        (bent("self.contract(F.relu(z))"), "this is chapter 4's ReLU"),
        (bent("self.contract(F.silu(z))"), "this is silu"),
        (bent("self.contract(torch.tanh(z))"), "tanh stands there by itself"),
        (
            bent("self.contract(torch.tanh(F.gelu(z)))"),
            "far from 0 an input twice as long should give twice as much",
        ),
        (bent("self.contract(F.elu(z))"), "the same comes out with ELU"),
        (
            bent("self.contract(bend(bend(z)))", f"bend = {BEND}"),
            "GELU is taken of a GELU",
        ),
        (
            bent("self.contract(F.gelu(z, approximate=True))"),
            "approximate",
        ),
        (
            bent(
                "self.contract(z / 2 * (1 + torch.tanh(u)))",
                FORMULA.replace("z**3", "z**2"),
            ),
            "z is squared where its cube should stand",
        ),
        (
            bent(
                "self.contract(z / 2 * (1 + torch.tanh(u)))",
                FORMULA.replace("math.sqrt(2 / math.pi) * ", ""),
            ),
            "√(2/π) is missing",
        ),
        (
            bent(
                "self.contract(z / 2 * (1 + torch.tanh(u)))",
                "u = math.sqrt(2 / math.pi) * (z + 0.44715 * z**3)",
            ),
            "the factor of the cube is ten times too large",
        ),
        (
            bent("self.contract(z * (1 + torch.tanh(u)))", FORMULA),
            "the half is missing",
        ),
        (
            bent("self.contract(z / 2 * torch.tanh(u))", FORMULA),
            "the 1 beside tanh is missing",
        ),
        (
            bent("self.contract(1 / 2 * (1 + torch.tanh(u)))", FORMULA),
            "far from 0 an input twice as long should give twice as much",
        ),
        (
            bent("F.gelu(self.contract(z), approximate='tanh')"),
            "GELU stands behind the second matrix",
        ),
        (
            bent("self.contract(F.gelu(z, approximate='tanh'))", biases=False),
            "it learns 128 numbers instead of 148",
        ),
        (
            bent(
                "self.drop(self.contract(F.gelu(z, approximate='tanh')))",
                init=("self.drop = nn.Dropout(0.1)",),
            ),
            "and another one in training mode",
        ),
        (
            bent("x + self.contract(F.gelu(z, approximate='tanh'))"),
            "x is added to the result",
        ),
    ),
    "12.6": (
        (
            scoring("self.weight = nn.Parameter(embedding.weight.clone())"),
            "the output is still a copy of the table",
        ),
        (
            scoring("self.weight = copy.deepcopy(embedding).weight"),
            "the output is still a copy of the table",
        ),
        (
            scoring(
                SIZES,
                "self.linear = nn.Linear(C, V, bias=False)",
                "self.linear.weight.data.copy_(embedding.weight.data)",
                result="self.linear(x)",
            ),
            "the output is still a copy of the table",
        ),
        (
            scoring(
                SIZES,
                "self.linear = nn.Linear(C, V, bias=False)",
                "self.linear.weight.data = embedding.weight.data",
                result="self.linear(x)",
            ),
            "two parameters lie on one piece of memory",
        ),
        (
            scoring(
                SIZES,
                "self.linear = nn.Linear(C, V)",
                "self.linear.weight = embedding.weight",
                result="self.linear(x)",
            ),
            "one bias a token",
        ),
        (
            scoring(
                "table = nn.Embedding.from_pretrained(embedding.weight)",
                "self.weight = table.weight",
            ),
            "if the output hands no gradient back to the table",
        ),
        (
            scoring("self.weight = nn.Parameter(embedding.weight)"),
            "two parameters lie on one piece of memory",
        ),
        (
            scoring("self.weight = embedding.weight.detach()"),
            "hands no gradient back to the table",
        ),
        (
            scoring(TIED, result="F.linear(x, self.weight.detach())"),
            "the table is detached where it scores",
        ),
        (
            scoring("self.weight = embedding.weight.data.clone()"),
            "the output keeps the numbers that were stored",
        ),
        (
            scoring(TIED, "nn.init.normal_(self.weight, std=0.02)"),
            "the table is given new numbers",
        ),
        (
            scoring(TIED, "nn.init.zeros_(self.weight)"),
            "the table is given new numbers",
        ),
        (
            scoring(
                SIZES, "self.weight = nn.Parameter(torch.randn(V, C) / C)"
            ),
            "the table counts twice",
        ),
        (
            scoring(TIED, result="x @ self.weight"),
            "x is multiplied by the table the other way round",
        ),
        (
            scoring("self.weight = embedding", result="self.weight(x)"),
            "it stops with RuntimeError",
        ),
        (
            scoring("self.weight = embedding"),
            "it stops with TypeError",
        ),
        (
            scoring(TIED, result="F.linear(x, self.weight).argmax(-1)"),
            "the scores are",
        ),
        (
            scoring(TIED, result="F.softmax(F.linear(x, self.weight), -1)"),
            "shares come out, and scores are wanted",
        ),
        (
            scoring(TIED, result="F.linear(x, self.weight) / 2"),
            "the scores are others before any training",
        ),
        (
            scoring(
                TIED,
                "self.scale = nn.Parameter(torch.ones(1))",
                result="self.scale * F.linear(x, self.weight)",
            ),
            "1 too many",
        ),
        (
            "def ScoringLayer(embedding):\n"
            "    return lambda x: F.linear(x, embedding.weight)",
            "ScoringLayer should be an nn.Module, and it is",
        ),
    ),
    "12.7": (
        (
            short_norm("m.sqrt() + self.epsilon"),
            "epsilon still stands outside of the root",
        ),
        (
            short_norm("x.norm(dim=-1, keepdim=True) + self.epsilon"),
            "a long vector, for which epsilon is nothing, comes out wrong",
        ),
        (short_norm("m.sqrt()"), "epsilon is left out"),
        (
            short_norm("m.clamp(min=self.epsilon).sqrt()"),
            "epsilon is a floor under the mean square",
        ),
        (
            short_norm("m.sqrt().clamp(min=self.epsilon**0.5)"),
            "epsilon is a floor under the mean square",
        ),
        (
            short_norm("torch.maximum(m.sqrt(), torch.tensor(self.epsilon))"),
            "epsilon is a floor under the root",
        ),
        (
            short_norm("m.sqrt() + math.sqrt(self.epsilon)"),
            "the root of epsilon is added outside",
        ),
        (
            short_norm("(m + math.sqrt(self.epsilon)).sqrt()"),
            "the root of epsilon stands under the root",
        ),
        (
            short_norm("(m + self.epsilon**2).sqrt()"),
            "epsilon is squared under the root",
        ),
        (short_norm("(m + 1e-5).sqrt()"), "epsilon is 1e-5, whatever"),
        (
            short_norm(
                "1",
                result="self.norm(x) * self.weight",
                init=("self.norm = nn.RMSNorm(n_embed, eps=epsilon)",),
            ),
            "it learns 8 numbers instead of 4",
        ),
        (
            "class ShortNorm(nn.RMSNorm):\n"
            "    def __init__(self, n_embed, epsilon):\n"
            "        super().__init__(n_embed)",
            "epsilon is torch's own",
        ),
        (
            short_norm("1", result="F.rms_norm(x, x.shape[-1:], self.weight)"),
            "epsilon is torch's own",
        ),
        (
            short_norm(
                "1",
                result="F.layer_norm(x, x.shape[-1:], self.weight, "
                "eps=self.epsilon)",
            ),
            "this is LayerNorm: the mean is taken away",
        ),
        (
            short_norm("m + self.epsilon"),
            "no root is taken",
        ),
        (
            short_norm("(m + self.epsilon).rsqrt()"),
            "it is multiplied by the root, not divided",
        ),
        (
            short_norm("(x + self.epsilon).square().mean(-1, True).sqrt()"),
            "epsilon is added to every number of x",
        ),
        (
            short_norm("(x.square().mean() + self.epsilon).sqrt()"),
            "one mean serves the whole batch",
        ),
        (
            short_norm("(m + 2 * self.epsilon).sqrt()"),
            "should be divided by 0.0141, and is divided by 0.0173",
        ),
        (
            short_norm("(m + 1e-3 * self.epsilon).sqrt()"),
            "should be divided by 0.0141, and is divided by 0.0100",
        ),
        (
            short_norm(UNDER, result="x / root"),
            "the weight is left out",
        ),
        (
            short_norm(UNDER, result="(x / root).detach() * self.weight"),
            "gradient of the input is not",
        ),
        (
            short_norm("(m + self.epsilon).log().exp()"),
            "no root is taken",
        ),
    ),
    "12.8": (
        (
            """\
def merged(W, A, B, scale):
    return W + B @ A""",
            "it looks as if the scale is left out",
        ),
        (
            """\
def merged(W, A, B, scale):
    return W + scale * (A @ B)""",
            "it looks as if A and B are exchanged",
        ),
        (
            """\
def merged(W, A, B, scale):
    return scale * B @ A""",
            "it looks as if the change comes alone, without W",
        ),
        (
            """\
def merged(W, A, B, scale):
    W += scale * B @ A
    return W""",
            "the input was changed on the way",
        ),
        (
            """\
def merged(W, A, B, scale):
    return scale * (W + B @ A)""",
            "it looks as if the scale multiplies W as well",
        ),
        (
            """\
def merged(W, A, B, scale):
    return W + (scale / A.shape[0]) * B @ A""",
            "it looks as if the scale is divided by the rank",
        ),
        (
            """\
def merged(W, A, B, scale):
    return W + scale * (B @ A).T""",
            "it looks as if the change lies on its side",
        ),
    ),
}
