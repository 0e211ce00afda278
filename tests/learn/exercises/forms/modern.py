"""Right answers to chapter 11's exercises, as unusual as they come."""

FORMS = {
    "11.1": (
        """\
def root_mean_square_norm(x, weight, epsilon):
    return F.rms_norm(x, weight.shape, weight, epsilon)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    C = x.shape[-1]
    length = (torch.linalg.vector_norm(x, dim=-1) ** 2 + C * epsilon).sqrt()
    return math.sqrt(C) * weight * x / length.unsqueeze(-1)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    norm = nn.RMSNorm(len(weight), eps=epsilon)
    norm.weight = nn.Parameter(weight)
    return norm(x)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    C = len(weight)
    out = []
    for vector in x.reshape(-1, C).double().tolist():
        under = sum(number * number for number in vector) / C + epsilon
        out.append([number / math.sqrt(under) for number in vector])
    return torch.tensor(out).view(x.shape) * weight
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    mean_square = torch.einsum("...c,...c->...", x, x) / x.shape[-1]
    scale = (mean_square + epsilon).pow(-0.5)
    return torch.einsum("...c,...,c->...c", x, scale, weight)
""",
        """\
def root_mean_square_norm(x, weight, epsilon):
    x = x.clone()
    x *= torch.rsqrt(x.var(-1, correction=0, keepdim=True)
                     + x.mean(-1, keepdim=True) ** 2 + epsilon)
    x *= weight
    return x
""",
    ),
    "11.2": (
        """\
def turned(x, positions, base):
    out = torch.empty_like(x)
    for t, place in enumerate(positions.tolist()):
        for i in range(0, x.shape[1], 2):
            angle = place * base ** (-i / x.shape[1])
            c, s = math.cos(angle), math.sin(angle)
            out[t, i] = x[t, i] * c - x[t, i + 1] * s
            out[t, i + 1] = x[t, i] * s + x[t, i + 1] * c
    return out
""",
        """\
def turned(x, positions, base):
    D = x.shape[-1]
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    z = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    z = z * torch.polar(torch.ones_like(angle), angle)
    return torch.view_as_real(z).flatten(1)
""",
        """\
def turned(x, positions, base):
    D = x.shape[-1]
    speed = torch.exp(-math.log(base) * torch.arange(0, D, 2) / D)
    angle = torch.outer(positions.float(), speed).repeat_interleave(2, dim=1)
    quarter = torch.stack([-x[:, 1::2], x[:, ::2]], dim=-1).reshape(x.shape)
    return torch.addcmul(x * angle.cos(), quarter, angle.sin())
""",
        """\
def turned(x, positions, base):
    T, D = x.shape
    order = torch.cat([torch.arange(0, D, 2), torch.arange(1, D, 2)])
    halves = x[:, order]
    angle = torch.outer(positions, base ** (-torch.arange(0, D, 2) / D))
    angle = angle.tile(1, 2)
    a, b = halves.chunk(2, dim=-1)
    halves = halves * angle.cos() + torch.cat([-b, a], -1) * angle.sin()
    return halves[:, order.argsort()]
""",
        """\
def turned(x, positions, base):
    T, D = x.shape
    out = []
    for row, place in zip(x.double(), positions):
        blocks = []
        for i in range(D // 2):
            angle = place.double() * base ** (-2 * i / D)
            c, s = angle.cos(), angle.sin()
            blocks.append(torch.stack([c, -s, s, c]).view(2, 2))
        out.append(torch.block_diag(*blocks) @ row)
    return torch.stack(out)
""",
        """\
def turned(x, positions, base):
    D = x.shape[1]
    table = torch.arange(positions.max() + 1)[:, None].double()
    table = table * base ** (-torch.arange(0, D, 2, dtype=torch.double) / D)
    c, s = table[positions].cos(), table[positions].sin()
    out = x.double()
    out[:, ::2], out[:, 1::2] = (
        out[:, ::2] * c - out[:, 1::2] * s,
        out[:, ::2] * s + out[:, 1::2] * c,
    )
    return out.to(x.dtype)
""",
    ),
    "11.7": (
        """\
def kept_bytes(
    n_layer, n_key_head, head_size, length, window, bytes_a_number
):
    seen = length if length <= window else window
    return 2 * n_layer * n_key_head * head_size * seen * bytes_a_number
""",
        """\
def kept_bytes(*sizes):
    layers, heads, D, length, window, size = sizes
    kept = []
    for token in range(length):
        kept.append(token)
        if len(kept) > window:
            kept.pop(0)
    return float(len(kept) * 2 * heads * D * size * layers)
""",
        """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, n):
    total = 0
    for layer in range(n_layer):
        for what in ("keys", "values"):
            for head in range(n_key_head):
                total += n * head_size * min(window, length)
    return total
""",
        """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, n):
    shape = (2, n_layer, n_key_head, min(length, window), head_size)
    return torch.empty(shape, dtype=torch.int8, device="meta").numel() * n
""",
        """\
def kept_bytes(a, b, c, length, window, d):
    gone = max(0, length - window)
    return torch.tensor([a, b, c, length - gone, d, 2]).prod()
""",
    ),
    "11.8": (
        """\
def corrected(p_values):
    p, order = torch.tensor(p_values).sort()
    new = (p * torch.arange(len(p), 0, -1)).cummax(dim=0).values.clamp(max=1)
    return new[order.argsort()]
""",
        """\
def corrected(p_values):
    n = len(p_values)
    by_size = sorted(p_values)
    new, top = {}, 0
    for rank, p in enumerate(by_size):
        top = max(top, p * (n - rank))
        new[p] = min(top, 1)
    return tuple(new[p] for p in p_values)
""",
        """\
def corrected(p_values):
    n = len(p_values)
    return [
        min(1, max(q * sum(r >= q for r in p_values)
                   for q in p_values if q <= p))
        for p in p_values
    ]
""",
        """\
def corrected(p_values):
    p = torch.as_tensor(p_values, dtype=torch.float64)
    left = (p >= p[:, None]).sum(dim=1)
    below = p <= p[:, None]
    return (below * (p * left)).amax(dim=1).clamp(0, 1)
""",
        """\
def corrected(p_values):
    waiting = dict(enumerate(p_values))
    out, floor = [None] * len(p_values), 0.0
    while waiting:
        place = min(waiting, key=waiting.get)
        floor = max(floor, min(1.0, len(waiting) * waiting.pop(place)))
        out[place] = torch.tensor(floor)
    return out
""",
        """\
def corrected(p_values):
    p = torch.tensor(p_values)
    order = p.argsort()
    out = torch.zeros(len(p))
    highest = torch.tensor(0.0)
    for rank, place in enumerate(order.tolist()):
        highest = torch.maximum(highest, p[place] * (len(p) - rank))
        out[place] = highest
    return torch.where(out > 1, torch.ones(()), out).numpy()
""",
    ),
}
