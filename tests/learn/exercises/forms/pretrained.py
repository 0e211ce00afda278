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
        """\
class SmoothLayer(nn.Module):
    def __init__(self, n_embed, hidden):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_embed, hidden),
            nn.GELU(approximate="tanh"),
            nn.Linear(hidden, n_embed),
        )

    def forward(self, x):
        return self.layers(x)
""",
        """\
class SmoothLayer(nn.Module):
    def __init__(self, n_embed, hidden):
        super().__init__()
        self.expand = nn.Linear(n_embed, hidden)
        self.contract = nn.Linear(hidden, n_embed)

    def forward(self, x):
        h = self.expand(x)
        inner = math.sqrt(2 / math.pi) * (h + 0.044715 * torch.pow(h, 3))
        return self.contract(0.5 * h * (1.0 + torch.tanh(inner)))
""",
        """\
class SmoothLayer(nn.Module):
    def __init__(self, n_embed, hidden):
        super().__init__()
        self.expand = nn.Linear(n_embed, hidden)
        self.contract = nn.Linear(hidden, n_embed)

    def forward(self, x):
        h = self.expand(x)
        z = 2 * (2 / math.pi) ** 0.5 * h * (1 + 0.044715 * h * h)
        return self.contract(h * torch.sigmoid(z))
""",
    ),
    "12.6": (
        """\
class TiedScores(nn.Module):
    def __init__(self, vocab_size, n_embed):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)

    def forward(self, tokens):
        return self.token(tokens) @ self.token.weight.mT
""",
        """\
class TiedScores(nn.Module):
    def __init__(self, vocab_size, n_embed):
        super().__init__()
        self.lm_head = nn.Linear(n_embed, vocab_size, bias=False)
        self.token = nn.Embedding(vocab_size, n_embed)
        self.token.weight = self.lm_head.weight

    def forward(self, tokens):
        return self.lm_head(self.token(tokens))
""",
        """\
class TiedScores(nn.Module):
    def __init__(self, vocab_size, n_embed):
        super().__init__()
        self.table = nn.Parameter(torch.randn(vocab_size, n_embed))

    def forward(self, tokens):
        x = F.embedding(tokens, self.table)
        return torch.einsum("btc,vc->btv", x, self.table)
""",
    ),
    "12.7": (
        """\
class SafeNorm(nn.RMSNorm):
    def __init__(self, n_embed, epsilon):
        super().__init__(n_embed, eps=epsilon)
""",
        """\
class SafeNorm(nn.Module):
    def __init__(self, n_embed, epsilon):
        super().__init__()
        self.epsilon = epsilon
        self.weight = nn.Parameter(torch.ones(n_embed))

    def forward(self, x):
        C = x.shape[-1]
        square = (x * x).sum(-1, keepdim=True) + C * self.epsilon
        return math.sqrt(C) * x * square.rsqrt() * self.weight
""",
        """\
class SafeNorm(nn.Module):
    def __init__(self, n_embed, epsilon):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(n_embed))
        self.small = math.sqrt(epsilon)

    def forward(self, x):
        normed = F.rms_norm(x, (x.shape[-1],), None, self.small**2)
        return self.scale * normed
""",
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
