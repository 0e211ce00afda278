"""What beginners get wrong in chapter 12's exercises."""


def smooth(bend):
    """An answer to 12.5."""
    return f"""\
class SmoothLayer(nn.Module):
    def __init__(self, n_embed, hidden):
        super().__init__()
        self.expand = nn.Linear(n_embed, hidden)
        self.contract = nn.Linear(hidden, n_embed)

    def forward(self, x):
        h = self.expand(x)
        return self.contract({bend})
"""


def scores(*lines, result="self.lm_head(self.token(tokens))"):
    """An answer to 12.6."""
    return (
        """\
class TiedScores(nn.Module):
    def __init__(self, vocab_size, n_embed):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.lm_head = nn.Linear(n_embed, vocab_size, bias=False)
"""
        + "".join(f"        {line}\n" for line in lines)
        + f"""
    def forward(self, tokens):
        return {result}
"""
    )


def safe(root, result="x / root * self.weight"):
    """An answer to 12.7."""
    return f"""\
class SafeNorm(nn.Module):
    def __init__(self, n_embed, epsilon):
        super().__init__()
        self.epsilon = epsilon
        self.weight = nn.Parameter(torch.ones(n_embed))

    def forward(self, x):
        square = x.pow(2).mean(-1, keepdim=True)
        root = {root}
        return {result}
"""


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
        (
            smooth("F.gelu(h)"),
            "it looks as if it is still the exact GELU",
        ),
        (
            smooth("h * torch.sigmoid(1.702 * h)"),
            "a third form of the same bend",
        ),
        (
            smooth("F.silu(h)"),
            "it looks as if it is SiLU",
        ),
        (
            smooth("0.5 * h * (1 + torch.erf(h / math.sqrt(2)))"),
            "it looks as if it is still the exact GELU",
        ),
        (
            smooth("F.relu(h)"),
            "it looks as if it is ReLU",
        ),
        (
            smooth(
                "0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * h"
                " + 0.044715 * h ** 3))"
            ),
            "multiplies h alone, and not h³",
        ),
        (
            smooth(
                "0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi)"
                " * (h + 0.44715 * h ** 3)))"
            ),
            "it looks as if the factor of h³ is ten times too large",
        ),
    ),
    "12.6": (
        (
            scores("self.lm_head.weight.data = self.token.weight.data"),
            "it looks as if the two are still apart",
        ),
        (
            scores(
                "self.lm_head.weight = nn.Parameter(self.token.weight.clone())"
            ),
            "it looks as if the two are still apart",
        ),
        (
            scores("pass"),
            "numbers instead of",
        ),
        (
            scores(
                "self.lm_head = self.token",
                result="self.lm_head(tokens)",
            ),
            "it looks as if vectors come out, and no scores",
        ),
        (
            scores(
                "self.lm_head.weight = self.token.weight",
                result="self.lm_head(self.token(tokens)).softmax(-1)",
            ),
            "it looks as if probabilities come out, and no scores",
        ),
        (
            scores(
                "self.token.weight.requires_grad = False",
                "self.lm_head.weight = self.token.weight",
            ),
            "frozen",
        ),
    ),
    "12.7": (
        (
            safe("square.sqrt() + self.epsilon"),
            "it looks as if epsilon still stands outside of the root",
        ),
        (
            safe("square.sqrt()"),
            "it looks as if epsilon is left out",
        ),
        (
            safe("square.clamp(min=self.epsilon).sqrt()"),
            "it looks as if epsilon is a floor: it counts only below itself",
        ),
        (
            safe("(square + 1e-5).sqrt()"),
            "it looks as if epsilon is 1e-5, whatever is handed over",
        ),
        (
            safe("(square + self.epsilon ** 2).sqrt()"),
            "it looks as if epsilon is squared first",
        ),
        (
            safe("square + self.epsilon"),
            "it looks as if no root is taken",
        ),
        (
            safe("(square + self.epsilon).sqrt()", "x / root"),
            "it looks as if the weight is left out",
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
