"""What beginners get wrong in chapter 12's exercises."""


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
            """\
def for_linear(stored, inside, out):
    return stored.reshape(out, inside)""",
            "it looks as if the numbers are dealt out anew, row by row",
        ),
        (
            """\
def for_linear(stored, inside, out):
    return stored""",
            "it looks as if nothing is turned",
        ),
        (
            """\
def for_linear(stored, inside, out):
    if inside == out:
        return stored.T
    return stored""",
            "it looks as if squares alone are turned",
        ),
        (
            """\
def for_linear(stored, inside, out):
    if stored.shape[0] != out:
        return stored.T
    return stored""",
            "it looks as if a square matrix is still left as it is",
        ),
        (
            """\
def for_linear(stored, inside, out):
    return torch.rot90(stored)""",
            "it looks as if rows and columns change places, and then the rows are in reverse",
        ),
    ),
    "12.4": (
        (
            """\
def to_neighbours(rows, n_head):
    halves = rows.unflatten(0, (2, -1))
    return halves.transpose(0, 1).flatten(0, 1)""",
            "it looks as if the halves are still those of all rows, not of each head",
        ),
        (
            """\
def to_neighbours(rows, n_head):
    pairs = rows.unflatten(0, (n_head, -1, 2))
    return pairs.transpose(1, 2).flatten(0, 2)""",
            "it looks as if neighbours become halves: it is the way back",
        ),
        (
            """\
def to_neighbours(rows, n_head):
    return rows""",
            "it looks as if nothing is ordered",
        ),
        (
            """\
def to_neighbours(rows, n_head):
    first, second = rows.unflatten(0, (n_head, -1)).chunk(2, dim=1)
    return torch.stack([second, first], dim=2).flatten(0, 2)""",
            "it looks as if the second half stands first in every pair",
        ),
        (
            """\
def to_neighbours(rows, n_head):
    first, second = rows.unflatten(0, (n_head, -1)).chunk(2, dim=1)
    return torch.cat([first, second], dim=1).flatten(0, 1)""",
            "it looks as if nothing is ordered",
        ),
        (
            """\
def to_neighbours(rows, n_head):
    by_head = rows.view(n_head, 2, -1, rows.shape[1])
    return by_head.transpose(1, 2).flatten(1, 2)""",
            "it looks as if the heads keep an axis of their own",
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
