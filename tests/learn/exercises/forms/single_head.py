"""Right answers to the exercises of chapter 2, as others write them."""

FORMS: dict[str, tuple[str, ...]] = {
    "2.1": (
        """\
a, b, c = math.exp(2), 1, 1
output = (10 * a + 20 * b + 50 * c) / (a + b + c)""",
        "output = 15.326",
        """\
scores = torch.tensor([102.0, 100.0, 100.0], dtype=torch.float64)
weights = F.softmax(scores, dim=-1)
output = (weights * torch.tensor([[10, 20, 50]])).sum(1)""",
        "output = 0.787 * 10 + 0.107 * 20 + 0.107 * 50",
    ),
    "2.2": (
        """\
def allowed(T):
    places = torch.arange(T)
    return places[:, None] >= places""",
        """\
def allowed(T):
    return [[s <= t for s in range(T)] for t in range(T)]""",
        """\
def allowed(T):
    return ~torch.triu(torch.ones(T, T), diagonal=1).bool()""",
        """\
def allowed(T):
    table = torch.zeros(T, T, dtype=torch.bool)
    for t in range(T):
        table[t, : t + 1] = True
    return table""",
        """\
def allowed(T):
    return torch.eye(T).cumsum(0).mT.flip(0, 1).mT.flip(0, 1) > 0.5""",
    ),
    "2.3": (
        """\
def attend(query, key, value, x):
    return F.scaled_dot_product_attention(
        x @ query, x @ key, x @ value, is_causal=True
    )""",
        """\
def attend(query, key, value, x):
    B, T, C = x.shape
    D = query.shape[1]
    out = torch.zeros(B, T, D)
    for b in range(B):
        for t in range(T):
            q = x[b, t] @ query
            powers = []
            for s in range(t + 1):
                k = x[b, s] @ key
                powers.append(math.exp(float(q @ k) / math.sqrt(D)))
            for s in range(t + 1):
                share = powers[s] / sum(powers)
                out[b, t] += share * (x[b, s] @ value)
    return out""",
        """\
def attend(query, key, value, x):
    q = torch.einsum("btc,cd->btd", x, query) * query.size(-1) ** -0.5
    k = torch.einsum("btc,cd->btd", x, key)
    scores = torch.einsum("btd,bsd->bts", q, k)
    T = x.size(1)
    hidden = torch.full((T, T), -1e9).triu(1)
    share = F.softmax(scores + hidden, dim=2)
    return torch.einsum("bts,bsc,cd->btd", share, x, value)""",
        """\
def attend(query, key, value, x):
    x = x.double()
    query, key, value = query.double(), key.double(), value.double()
    scores = x @ (query @ key.T) @ x.transpose(1, 2) / query.shape[1] ** 0.5
    powers = scores.exp().tril()
    return powers / powers.sum(-1, keepdim=True) @ x @ value""",
        """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    rows = []
    for t in range(x.shape[1]):
        scores = (q[:, t : t + 1] * k[:, : t + 1]).sum(-1)
        shares = (scores / math.sqrt(q.shape[-1])).softmax(-1)
        rows.append((shares[..., None] * v[:, : t + 1]).sum(1))
    return torch.stack(rows, dim=1)""",
        """\
def attend(query, key, value, x):
    scores = (x @ query) @ (x @ key).mT / math.sqrt(query.shape[1])
    share = scores.softmax(-1).tril()
    return (share / share.sum(-1, keepdim=True)) @ (x @ value)""",
    ),
    "2.4": (
        """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        B, T = tokens.shape
        return self.token(tokens) + self.position.weight[:T]""",
        """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.what = nn.Embedding(vocab_size, n_embed)
        self.where = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        places = torch.ones_like(tokens).cumsum(1) - 1
        return self.where(places) + self.what(tokens)""",
        """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.places = nn.Parameter(torch.randn(block_size, n_embed))
        self.tokens = nn.Parameter(torch.randn(vocab_size, n_embed))

    def forward(self, tokens):
        x = F.one_hot(tokens, len(self.tokens)).float() @ self.tokens
        rows = [x[:, t] + self.places[t] for t in range(tokens.shape[1])]
        return torch.stack(rows, dim=1)""",
    ),
    "2.5": (
        "2.28",
        "2.2791",
        "2.330",
        "[2.30]",
    ),
    "2.6": (
        """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)

    def forward(self, x):
        return F.scaled_dot_product_attention(
            self.query(x), self.key(x), self.value(x), is_causal=True
        )""",
        """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.v = nn.Linear(n_embed, head_size, bias=False)
        self.k = nn.Linear(n_embed, head_size, bias=False)
        self.q = nn.Linear(n_embed, head_size, bias=False)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.q(x), self.k(x), self.v(x)
        scores = torch.einsum("btd,bsd->bts", q, k) / k.shape[-1] ** 0.5
        future = torch.ones(T, T).triu(1) == 1
        scores[:, future] = -1e9
        return F.softmax(scores, dim=-1) @ v""",
        """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        places = torch.arange(block_size)
        self.register_buffer("future", places[None] > places[:, None])

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.future[:T, :T], -math.inf)
        return torch.bmm(torch.softmax(scores, 2), v)""",
        """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        make = lambda: nn.Linear(n_embed, head_size, bias=False)
        self.parts = nn.ModuleList([make(), make(), make()])
        self.scale = head_size**-0.5

    def forward(self, x):
        q, k, v = (part(x) for part in self.parts)
        rows = []
        for t in range(x.shape[1]):
            scores = (k[:, : t + 1] @ q[:, t, :, None]) * self.scale
            rows.append((scores.softmax(dim=1) * v[:, : t + 1]).sum(1))
        return torch.stack(rows, 1)""",
    ),
}
