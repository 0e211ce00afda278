"""Right answers of chapter 5 that look unlike the solution."""

FORMS = {
    "5.1": (
        """\
def norm_by_hand(x, gain, shift):
    return F.layer_norm(x, x.shape[-1:], gain, shift)
""",
        """\
def norm_by_hand(x, gain, shift):
    away = x - x.mean(-1, keepdim=True)
    spread = torch.sqrt((away**2).mean(-1, keepdim=True) + 1e-5)
    return away / spread * gain + shift
""",
        """\
def norm_by_hand(x, gain, shift):
    C = x.shape[-1]
    out = torch.empty_like(x)
    for b in range(x.shape[0]):
        for t in range(x.shape[1]):
            token = x[b, t]
            mean = token.sum() / C
            variance = ((token - mean) ** 2).sum() / C
            out[b, t] = (token - mean) * (variance + 1e-5) ** -0.5
    return out * gain + shift
""",
        """\
def norm_by_hand(x, gain, shift):
    x = x.double()
    mean, square = x.mean(dim=2), x.pow(2).mean(dim=2)
    spread = (square - mean**2 + 1e-5).sqrt()
    normal = (x - mean[..., None]) / spread[..., None]
    return torch.addcmul(shift.double(), normal, gain.double())
""",
        """\
def norm_by_hand(x, gain, shift):
    layer = nn.LayerNorm(len(gain))
    layer.weight = nn.Parameter(gain)
    layer.bias = nn.Parameter(shift)
    return layer(x)
""",
        """\
def norm_by_hand(x, gain, shift):
    variance, mean = torch.var_mean(x, -1, correction=0, keepdim=True)
    return gain * ((x - mean) * torch.rsqrt(variance + 1e-5)) + shift
""",
    ),
    "5.2": (
        """\
def block(x, norm_1, look_back, norm_2, think):
    with torch.no_grad():
        assert x.detach().isfinite().all()
    with torch.enable_grad():
        x = x + look_back(norm_1(x))
    return x + think(norm_2(x))
""",
        """\
def block(x, norm_1, look_back, norm_2, think):
    middle = x + look_back(norm_1(x))
    return middle + think(norm_2(middle))
""",
        """\
def block(x, norm_1, look_back, norm_2, think):
    for norm, part in ((norm_1, look_back), (norm_2, think)):
        x = part(norm(x)) + x
    return x
""",
        """\
def block(x, norm_1, look_back, norm_2, think):
    found = look_back.forward(norm_1(x))
    thought = think(norm_2(torch.add(found, x)))
    return torch.stack([x, found, thought]).sum(dim=0)
""",
        """\
def block(x, norm_1, look_back, norm_2, think):
    path = x.clone()
    path += look_back(norm_1(path))
    path += think(norm_2(path))
    return path
""",
    ),
    "5.3": (
        "times_larger = 3**12",
        "times_larger = 1.5**12 / 0.5**12",
        "times_larger = (1.5 / 0.5) ** 12",
        "times_larger = torch.tensor(3.0) ** 12",
        "times_larger = math.pow(3, 12)",
        "times_larger = 531_441",
        "times_larger = 5.314e5",
        "times_larger = 531000",
        """\
times_larger = 1
for block in range(12):
    times_larger *= (1 + 0.5) / 0.5
""",
    ),
    "5.4": (
        """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.ln1 = nn.LayerNorm(n_embed)
        self.attn = MultiHead(n_embed, n_head, block_size)
        self.ln2 = nn.LayerNorm(n_embed)
        self.mlp = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        x = x + self.mlp(self.ln2(x))
        return x
""",
        """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        path = x
        for norm, part in (
            (self.norm_1, self.multi_head),
            (self.norm_2, self.feed_forward),
        ):
            path = path + part(norm(path))
        return path
""",
        # Which of two norms is called the first is nobody's business.
        """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_2(x))
        return x + self.feed_forward(self.norm_1(x))
""",
        """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.look = nn.Sequential(
            nn.LayerNorm(n_embed), MultiHead(n_embed, n_head, block_size)
        )
        self.think = nn.Sequential(nn.LayerNorm(n_embed), FeedForward(n_embed))

    def forward(self, x):
        found = self.look(x)
        return x + found + self.think(x + found)
""",
        """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.parts = nn.ModuleDict(
            {
                "think": FeedForward(n_embed),
                "look": MultiHead(n_embed, n_head, block_size),
            }
        )
        self.norms = nn.ModuleList(nn.LayerNorm(n_embed) for _ in range(2))

    def forward(self, x):
        x = self.parts["look"](self.norms[0](x)).add(x)
        return self.parts["think"](self.norms[1](x)).add(x)
""",
    ),
    "5.5": (
        """\
def surprise(logits, targets):
    return F.cross_entropy(logits, targets)
""",
        """\
def surprise(logits, targets):
    z = logits - logits.max(dim=-1, keepdim=True).values
    log_sum = z.exp().sum(dim=-1).log()
    return (log_sum - z[torch.arange(len(z)), targets]).mean()
""",
        """\
def surprise(logits, targets):
    chosen = logits.gather(1, targets[:, None])[:, 0]
    return (logits.logsumexp(1) - chosen).mean().item()
""",
        """\
def surprise(logits, targets):
    total = 0.0
    for row, target in zip(logits.double(), targets):
        total = total - F.log_softmax(row, dim=0)[target]
    return total / len(targets)
""",
        """\
def surprise(logits, targets):
    total = 0.0
    for row, target in zip(logits.tolist(), targets.tolist()):
        top = max(row)
        total += math.log(sum(math.exp(z - top) for z in row))
        total += top - row[target]
    return total / len(targets)
""",
        """\
def surprise(logits, targets):
    one_hot = F.one_hot(targets, logits.shape[-1])
    return -(one_hot * logits.log_softmax(-1)).sum() / logits.shape[0]
""",
        """\
def surprise(logits, targets):
    chosen = logits.gather(-1, targets.unsqueeze(-1))
    return (logits - chosen).logsumexp(dim=-1).mean()
""",
    ),
}
