"""Right answers of chapter 6 that look unlike the solution."""

FORMS = {
    "6.1": (
        """\
def gpt_parameters(V, T, C, L):
    return 2 * V * C + V + T * C + L * (12 * C**2 + 10 * C) + 2 * C
""",
        """\
def gpt_parameters(V, T, C, L):
    def linear(inputs, outputs, bias=True):
        return inputs * outputs + outputs * bias

    total = (V + T) * C
    for _ in range(L):
        total += 2 * C + linear(C, 3 * C, bias=False) + linear(C, C)
        total += 2 * C + linear(C, 4 * C) + linear(4 * C, C)
    return total + 2 * C + linear(C, V)
""",
        """\
def gpt_parameters(V, T, C, L):
    block = nn.ModuleList(
        [
            nn.LayerNorm(C),
            nn.LayerNorm(C),
            nn.Linear(C, 3 * C, bias=False),
            nn.Linear(C, C),
            nn.Linear(C, 4 * C),
            nn.Linear(4 * C, C),
        ]
    )
    rest = nn.ModuleList([nn.LayerNorm(C), nn.Linear(C, V)])
    count = lambda part: sum(p.numel() for p in part.parameters())
    return count(rest) + L * count(block) + V * C + T * C
""",
        """\
def gpt_parameters(V, T, C, L):
    weights = 1.0 * V * C + T * C + 12.0 * L * C * C + C * V
    others = 10.0 * L * C + 2 * C + V
    return weights + others
""",
    ),
    "6.2": (
        """\
def step_flops(V, T, C, L, B):
    return 6 * B * T * (12 * L * C**2 + C * V + 2 * L * T * C)
""",
        """\
def step_flops(V, T, C, L, B):
    tokens = B * T
    blocks = sum(72 * C * C + 12 * T * C for _ in range(L))
    head = 6 * C * V
    return (blocks + head) * tokens
""",
        """\
def step_flops(V, T, C, L, B):
    forward = 2 * (L * 12 * C**2 + C * V) + L * 4 * T * C
    backward = 2 * forward
    return float(B * T) * (forward + backward)
""",
        """\
def step_flops(V, T, C, L, B):
    V, T, C, L, B = (torch.tensor(n) for n in (V, T, C, L, B))
    return B * T * (6 * (L * 12 * C * C + C * V) + 12 * L * T * C)
""",
    ),
    "6.3": (
        """\
def drop_out(x, p, noise):
    return torch.where(noise < p, 0.0, x / (1 - p))
""",
        """\
def drop_out(x, p, noise):
    out = x.clone()
    out[noise < p] = 0
    return out / (1 - p)
""",
        """\
def drop_out(x, p, noise):
    scale = 1 / (1 - p)
    return x.masked_fill(noise < p, 0) * scale
""",
        """\
def drop_out(x, p, noise):
    keep = (~(noise < p)).double()
    return keep * x.double() * (1.0 / (1.0 - p))
""",
        """\
def drop_out(x, p, noise):
    flat = []
    for value, n in zip(x.flatten().tolist(), noise.flatten()):
        flat.append(0.0 if n < p else value / (1 - p))
    return torch.tensor(flat).reshape(x.shape)
""",
        """\
def drop_out(x, p, noise):
    kept = 1 - (noise < p).int()
    return torch.mul(x, kept).div(1 - p)
""",
    ),
    "6.4": (
        """\
def rate(step, warm_up, max_steps, top):
    low = top / 10
    if step <= warm_up:
        return step / warm_up * top
    if step >= max_steps:
        return low
    angle = math.pi * (step - warm_up) / (max_steps - warm_up)
    return low + (top - low) * 0.5 * (1 + math.cos(angle))
""",
        """\
def rate(step, warm_up, max_steps, top):
    if step < warm_up:
        return torch.tensor(top * step / warm_up)
    way = torch.tensor((step - warm_up) / (max_steps - warm_up)).clamp(max=1)
    return top * (0.55 + 0.45 * torch.cos(torch.pi * way))
""",
        """\
def rate(step, warm_up, max_steps, top):
    step = min(step, max_steps)
    rise = min(step / warm_up, 1)
    share = max(0, step - warm_up) / (max_steps - warm_up)
    fall = math.sin(math.pi / 2 * (1 - share)) ** 2
    return top * rise * (0.1 + 0.9 * fall)
""",
        """\
def rate(step, warm_up, max_steps, top):
    schedule = [top * s / warm_up for s in range(warm_up)]
    n = max_steps - warm_up
    for s in range(n):
        schedule.append(top - 0.9 * top * (1 - math.cos(math.pi * s / n)) / 2)
    return schedule[step] if step < max_steps else 0.1 * top
""",
    ),
    "6.5": (
        "times_read = 44.1",
        "times_read = 44.11",
        "times_read = 5000 * 64 * 256 / int(0.9 * 2063345)",
        "times_read = 5000 * (64 * 256) / 1_857_010",
        "times_read = torch.tensor(81_920_000) / (2_063_345 * 9 / 10)",
        "times_read = round(81.92 / 1.85701, 2)",
        "times_read = 81_920_000 / (2_063_345 - 2_063_345 // 10)",
    ),
    "6.6": (
        """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    twin = copy.deepcopy(model).eval()
    return next_token_loss(twin(inputs), targets)
""",
        """\
def evaluate(model, inputs, targets):
    mode = model.training
    try:
        model.train(False)
        with torch.inference_mode():
            logits = model(inputs)
            loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return loss.item()
    finally:
        model.train(mode)
""",
        """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    modes = {part: part.training for part in model.modules()}
    model.eval()
    log_p = model(inputs).log_softmax(dim=-1)
    loss = -log_p.gather(-1, targets.unsqueeze(-1)).mean()
    for part, mode in modes.items():
        part.training = mode
    return loss
""",
        """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    if not model.training:
        return next_token_loss(model(inputs), targets)
    model.eval()
    loss = next_token_loss(model(inputs), targets)
    model.train()
    return float(loss)
""",
    ),
    "6.7": (
        """\
def model_of(V, T, C, H, L):
    return GPT(
        ModelConfig(
            n_layer=L, n_head=H, n_embed=C, block_size=T, vocab_size=V
        )
    )
""",
        """\
def model_of(vocab, length, channels, heads, layers):
    numbers = (vocab, length, channels, heads, layers)
    names = "vocab_size", "block_size", "n_embed", "n_head", "n_layer"
    return GPT(ModelConfig(**dict(zip(names, numbers)), dropout=0.0))
""",
        # The chapter writes the class in a cell of its own.
        """\
class Mine(GPT):
    pass


Mine.__name__ = "GPT"


def model_of(V, T, C, H, L):
    H, L = L, H
    shape = ModelConfig(
        vocab_size=V, block_size=T, n_embed=C, n_head=L, n_layer=H
    )
    return Mine(config=shape).eval()
""",
    ),
}
