"""What beginners get wrong in chapter 11's exercises."""


def halves(
    speed="speed.repeat(2)",
    places="torch.arange(start, start + x.shape[-2])",
    partner="torch.cat([-b, a], dim=-1)",
    result="x * angles.cos() + partner * angles.sin()",
    powers="-torch.arange(0, head_size, 2) / head_size",
):
    """An answer to 11.3."""
    return f"""\
class HalvesTurned(nn.Module):
    def __init__(self, head_size, base):
        super().__init__()
        speed = base ** ({powers})
        self.register_buffer("speed", {speed})

    def forward(self, x, start=0):
        places = {places}
        angles = torch.outer(places, self.speed)
        a, b = x.chunk(2, dim=-1)
        partner = {partner}
        return {result}
"""


def plain_norm(*lines, weight="torch.ones(n_embed)"):
    """An answer to 11.4."""
    return f"""\
class PlainNorm(nn.Module):
    def __init__(self, n_embed, epsilon):
        super().__init__()
        self.epsilon = epsilon
        self.weight = nn.Parameter({weight})

    def forward(self, x):
""" + "".join(f"        {line}\n" for line in lines)


def gated(result, more="pass"):
    """An answer to 11.5."""
    return f"""\
class GatedLayer(nn.Module):
    def __init__(self, n_embed, hidden):
        super().__init__()
        self.gate = nn.Linear(n_embed, hidden, bias=False)
        self.expand = nn.Linear(n_embed, hidden, bias=False)
        self.contract = nn.Linear(hidden, n_embed, bias=False)
        {more}

    def forward(self, x):
        gate, expand = self.gate(x), self.expand(x)
        return {result}
"""


def sharing(*lines, result="self.proj(out.transpose(1, 2).flatten(2))"):
    """An answer to 11.6."""
    return """\
class SharingHeads(nn.Module):
    def __init__(self, n_embed, n_head, n_key_head):
        super().__init__()
        self.heads = (n_head, n_key_head, n_key_head)
        self.head_size = n_embed // n_head
        rows = sum(self.heads) * self.head_size
        self.qkv = nn.Linear(n_embed, rows, bias=False)
        self.proj = nn.Linear(n_embed, n_embed, bias=False)

    def forward(self, x):
        B, T, _ = x.shape
        by_head = self.qkv(x).unflatten(-1, (-1, self.head_size))
        q, k, v = by_head.transpose(1, 2).split(self.heads, dim=1)
        H, G = q.shape[1], k.shape[1]
        times = H // G
        look = F.scaled_dot_product_attention
""" + "".join(f"        {line}\n" for line in (*lines, f"return {result}"))


LOOK = "out = look(q, k, v, is_causal=True)"
BOTH = "k, v = (z.repeat_interleave(times, 1) for z in (k, v))"
MISTAKES = {
    "11.1": (
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    mean = x.mean(dim=-1, keepdim=True)
    var = x.var(dim=-1, keepdim=True, unbiased=False)
    return (x - mean) / torch.sqrt(var + epsilon) * weight""",
            "it looks as if the mean is taken away as well: this is LayerNorm",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = x.pow(2).mean(-1, keepdim=True).sqrt()
    return x / (rms + epsilon) * weight""",
            "it looks as if epsilon stands outside of the root",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return x / x.norm(dim=-1, keepdim=True) * weight""",
            "it looks as if it divides by the vector's length, so that it is 1 and not √C, and",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = torch.sqrt(torch.mean(x**2, dim=-1) + epsilon)
    return weight * x / rms""",
            "it looks as if the mean square has lost its last axis",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = ((x ** 2).mean() + epsilon) ** 0.5
    return x / rms * weight""",
            "it looks as if one mean square serves the whole tensor",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = torch.sqrt((x**2).mean(dim=1, keepdim=True) + epsilon)
    return weight * (x / rms)""",
            "it looks as if the norm runs over the second axis of x, and not over the channels",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = torch.sqrt(x.mean(dim=-1, keepdim=True) ** 2 + epsilon)
    return weight * (x / rms)""",
            "it looks as if the mean is squared, not the numbers",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    r = torch.rsqrt((x**2).mean(-1, keepdim=True) + epsilon)
    return weight * x / r""",
            "it looks as if it multiplies by the root mean square, or divides by rsqrt()",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    ms = (x * x).mean(-1, keepdim=True)
    return x / (ms + epsilon) * weight""",
            "it looks as if it divides by the mean square, not by its root",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)""",
            "it looks as if the weight is left out",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)
    return x * (1 + weight)""",
            "it looks as if 1 is added to the weight",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return x / (x.std(dim=-1, keepdim=True) + epsilon) * weight""",
            "it looks as if it divides by the standard deviation, and epsilon stands outside of the",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return weight * x / torch.sqrt((x ** 2).sum(-1, keepdim=True) + epsilon)""",
            "it looks as if the squares are added up, so each vector has length 1, not √C",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return F.rms_norm(x, x.shape[-1:], weight)""",
            "it looks as if epsilon is not handed on to rms_norm, which then takes 1.2e-7",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    B, T, C = x.shape
    rms = (x.pow(2).sum(2, keepdim=True) / C + epsilon).sqrt()
    return x / rms * weight""",
            "it looks as if x is taken to have three axes, and it may have more or fewer",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return F.normalize(x, dim=-1, eps=epsilon) * weight""",
            "it looks as if each vector gets the length 1, not √C, and epsilon is a floor",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = math.sqrt((x**2).mean(-1, keepdim=True) + epsilon)
    return x / rms * weight""",
            "it looks as if math.sqrt is asked for the root of many numbers at once",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    x /= torch.sqrt((x**2).mean(-1, keepdim=True) + epsilon)
    x *= weight
    return x""",
            "the result is right, but the input was changed on the way: an operation such as += or",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = x.abs().mean(-1, keepdim=True) + epsilon
    return x / rms * weight""",
            "it looks as if the mean of |x| stands for the root of the mean square",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    T, C = x.shape
    return x / (x.square().mean(-1, keepdim=True) + epsilon).sqrt() * weight""",
            "it looks as if x is taken to have two axes, and it may have more or fewer",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = torch.sqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)
    return weight * rms""",
            "it looks as if only the root is given back, without x",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    rms = torch.sqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)
    return x / rms""",
            "it looks as if the weight is left out",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    n = x.norm(2, dim=-1, keepdim=True) / len(weight)
    return x / (n + epsilon) * weight""",
            "with weight 1 and a tiny epsilon the root mean square of each vector should be 1, and",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    n = x.norm(2, dim=-1, keepdim=True) * x.shape[-1] ** -0.5
    return x / (n + epsilon) * weight""",
            "it looks as if epsilon stands outside of the root",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return nn.RMSNorm(x.shape[-1], epsilon)(x)""",
            "it looks as if the weight is left out",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return F.layer_norm(x, x.shape[-1:], weight, None, epsilon)""",
            "it looks as if the mean is taken away as well: this is LayerNorm",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return x.div(x.square().mean(-1, keepdim=True).add(epsilon).sqrt()) @ weight""",
            "it looks as if the product with the weight is a matrix product, which adds up the",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return 2 * x.div(x.square().mean(-1, keepdim=True).add(epsilon).sqrt()) * weight""",
            "with weight 1 and a tiny epsilon the root mean square of each vector should be 1, and",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return x.div(x.square().mean(-1, keepdim=True).add(3 * epsilon).sqrt()) * weight""",
            "with weight 1 and epsilon 1e-4 a vector (0.01, -0.01) comes out as 0.500 and -0.500, as",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return x.div(x.square().mean(-1, keepdim=True).add(epsilon).sqrt()) * weight.square()""",
            "the weight should multiply each channel of what comes out with weight 1, and it does",
        ),
        (
            """\
def root_mean_square_norm(x, weight, epsilon):
    return x.div(x.square().mean(-1, keepdim=True).add(epsilon).sqrt()).softmax(-1) * weight""",
            "with weight 1 and a tiny epsilon the root mean square of each vector should be 1, and",
        ),
    ),
    "11.2": (
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (-torch.arange(0, D, 2) / D)
    angle = positions[:, None] * speed
    a, b = x[:, : D // 2], x[:, D // 2 :]
    return torch.cat(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    )""",
            "it looks as if channel i is paired with channel i + D / 2",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[-1]
    freqs = 1.0 / base ** (torch.arange(0, D, 2).float() / D)
    angle = torch.outer(positions.float(), freqs)
    angle = torch.cat([angle, angle], dim=-1)
    x1, x2 = x[:, : D // 2], x[:, D // 2 :]
    half = torch.cat([-x2, x1], dim=-1)
    return x * angle.cos() + half * angle.sin()""",
            "it looks as if channel i is paired with channel i + D / 2",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[-1]
    speed = base ** (-torch.arange(0, D, 2) / D)
    angle = torch.outer(positions, speed)
    a, b = x[:, 0::2], x[:, 1::2]
    new_a = a * angle.cos() - b * angle.sin()
    new_b = a * angle.sin() + b * angle.cos()
    return torch.cat([new_a, new_b], dim=1)""",
            "it looks as if the pairs are taken apart: all first ones come before all second ones",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[-1]
    speed = base ** (-torch.arange(0, D, 2) / D)
    angle = torch.outer(positions, speed)
    out = x.clone()
    out[:, 0::2] = out[:, 0::2] * angle.cos() - out[:, 1::2] * angle.sin()
    out[:, 1::2] = out[:, 0::2] * angle.sin() + out[:, 1::2] * angle.cos()
    return out""",
            "it looks as if the second of a pair is made from the first one when that is turned",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (-torch.arange(0, D, 2) / D)
    angle = torch.outer(torch.arange(T), speed)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    ).reshape(T, D)""",
            "it looks as if the positions are taken to be 0, 1, 2, ..., whatever is handed over",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (-torch.arange(0, D, 2) / D)
    angle = torch.outer(positions, speed)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() + b * angle.sin(), b * angle.cos() - a * angle.sin()],
        dim=-1,
    ).reshape(T, D)""",
            "it looks as if the pairs are turned the other way round",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (-torch.arange(D // 2) / D)
    angle = torch.outer(positions, speed)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    ).reshape(T, D)""",
            "it looks as if the exponents are i / D, where 2i / D is asked for",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (torch.arange(0, D, 2) / D)
    angle = torch.outer(positions, speed)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    ).reshape(T, D)""",
            "it looks as if the pairs get faster and faster: the exponents are positive",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (-torch.arange(0, D, 2) / D)
    angle = positions * speed
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    ).reshape(T, D)""",
            "it looks as if positions and speeds are multiplied one by one, and the result no longer",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (-torch.arange(D) / D)
    angle = torch.outer(positions, speed)
    a, b = x[:, 0::2], x[:, 1::2]
    rotated = torch.stack([-b, a], dim=-1).flatten(1)
    return x * angle.cos() + rotated * angle.sin()""",
            "it looks as if the two channels of a pair have an angle each",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    speed = base ** (-torch.arange(0, D, 2) / D)
    angle = torch.outer(positions, speed)
    angle = torch.cat([angle, angle], dim=-1)
    rotated = torch.stack([-x[:, 1::2], x[:, 0::2]], dim=-1).flatten(1)
    return x * angle.cos() + rotated * angle.sin()""",
            "it looks as if the angles are laid out by halves, 0, 1, ..., 0, 1, ..., and the pairs",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    angle = positions[:, None] / 10000 ** (torch.arange(0, D, 2) / D)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    ).reshape(T, D)""",
            "it looks as if the base is 10,000, whatever is handed over",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    return x + torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)""",
            "it looks as if sines and cosines are added to x, as chapter 9's positions are",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack([a * angle.cos(), b * angle.sin()], dim=-1).flatten(1)""",
            "it looks as if a is multiplied by the cosine, b by the sine, and they do not mix",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() + b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    ).flatten(1)""",
            "it looks as if both have a plus: lengths change",
        ),
        (
            """\
def turned(x, positions, base):
    T, D = x.shape
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) // D)
    a, b = x[:, 0::2], x[:, 1::2]
    return torch.stack(
        [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()],
        dim=-1,
    ).flatten(1)""",
            "it looks as if all pairs turn at one speed",
        ),
        (
            """\
def turned(x, positions, base):
    out = torch.empty_like(x)
    for t, place in enumerate(positions.tolist()):
        for i in range(0, x.shape[1], 2):
            angle = place * base ** (-2 * i / x.shape[1])
            c, s = math.cos(angle), math.sin(angle)
            out[t, i] = x[t, i] * c - x[t, i + 1] * s
            out[t, i + 1] = x[t, i] * s + x[t, i + 1] * c
    return out""",
            "it looks as if the exponents are 4i / D: 2i is doubled once more",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[-1]
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    z = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    return z * torch.polar(torch.ones_like(angle), angle)""",
            "the result is (6, 4) of complex numbers, where (6, 8) is expected",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[-1]
    angle = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    z = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    return torch.view_as_real(z * torch.polar(torch.ones_like(angle), angle))""",
            "it looks as if the pairs have an axis of their own in the result",
        ),
        (
            """\
def turned(x, positions, base):
    out = x.clone()
    D = x.shape[1]
    for t, p in enumerate(positions):
        for i in range(D // 2):
            w = p * base ** (-i / D)
            out[t, 2*i] = x[t, 2*i] * w.cos() - x[t, 2*i+1] * w.sin()
            out[t, 2*i+1] = x[t, 2*i] * w.sin() + x[t, 2*i+1] * w.cos()
    return out""",
            "it looks as if the exponents are i / D, where 2i / D is asked for",
        ),
        (
            """\
def turned(x, positions, base):
    out = x.clone()
    D = x.shape[1]
    for t, p in enumerate(positions):
        for i in range(0, D, 2):
            w = p * base ** (-2 * i / D)
            out[t, i] = x[t, i] * w.cos() - x[t, i+1] * w.sin()
            out[t, i+1] = x[t, i] * w.sin() + x[t, i+1] * w.cos()
    return out""",
            "it looks as if the exponents are 4i / D: 2i is doubled once more",
        ),
        (
            """\
def turned(x, positions, base):
    out = x.clone()
    D = x.shape[1]
    for t, p in enumerate(positions):
        for i in range(0, D - 1):
            w = p * base ** (-i / D)
            out[t, i] = x[t, i] * w.cos() - x[t, i+1] * w.sin()
            out[t, i+1] = x[t, i] * w.sin() + x[t, i+1] * w.cos()
    return out""",
            "with 8 channels, what stands in channel 2 comes out in channels 1 and 2, and its pair",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions / base ** (torch.arange(0, D, 2) / D)
    return x * w.cos() + x * w.sin()""",
            "it stops with RuntimeError: The size of tensor a (6) must match the size of tensor b",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    w = w.repeat_interleave(2, 1)
    return x * w.cos() + x.flip(1) * w.sin()""",
            "with 8 channels, what stands in channel 0 comes out in channels 0 and 7, and its pair",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    w = w.repeat_interleave(2, 1)
    return x * w.cos() + x.roll(1, 1) * w.sin()""",
            "with 8 channels, what stands in channel 1 comes out in channels 1 and 2, and its pair",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    w = w.repeat_interleave(2, 1)
    r = torch.stack([x[:, 1::2], -x[:, ::2]], -1).flatten(1)
    return x * w.cos() + r * w.sin()""",
            "it looks as if the pairs are turned the other way round",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    c, s = w.cos(), w.sin()
    x[:, ::2], x[:, 1::2] = x[:, ::2] * c - x[:, 1::2] * s, x[:, ::2] * s + x[:, 1::2] * c
    return x""",
            "the result is right, but the input was changed on the way: an operation such as += or",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / D) / 2
    c, s = w.cos(), w.sin()
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * c - b * s, a * s + b * c], -1).flatten(1)""",
            "with D = 8 and base 100 pair 0 turns at position 1 by the angle 0.500, and 1.000 is",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / (D - 2))
    c, s = w.cos(), w.sin()
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * c - b * s, a * s + b * c], -1).flatten(1)""",
            "it looks as if the exponents are divided by D - 2, so that the last one is 1",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    c, s = w.cos(), w.sin()
    a, b = x[:, ::2], x[:, 1::2]
    return torch.cat([a * c - b * s, a * s + b * c], 0)""",
            "the result has the shape (12, 4) instead of (6, 8): axis 0 has 12 entries, expected 6",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[None, :] / base ** (torch.arange(0, D, 2)[:, None] / D)
    c, s = w.cos(), w.sin()
    a, b = x[:, ::2], x[:, 1::2]
    return torch.stack([a * c - b * s, a * s + b * c], -1).flatten(1)""",
            "it stops with RuntimeError: The size of tensor a (4) must match the size of tensor b",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] / base ** (torch.arange(0, D, 2) / D)
    c, s = w.cos(), w.sin()
    a, b = x[::2], x[1::2]
    return torch.stack([a * c - b * s, a * s + b * c], -1).flatten(1)""",
            "it stops with RuntimeError: The size of tensor a (8) must match the size of tensor b",
        ),
        (
            """\
def turned(x, positions, base):
    D = x.shape[1]
    w = positions[:, None] * base ** -(torch.arange(0, D, 2) / D)
    return x[:, ::2] * w.cos() - x[:, 1::2] * w.sin(), x[:, ::2] * w.sin() + x[:, 1::2] * w.cos()""",
            "the result is a tuple of 2 x (6, 4), where (6, 8) is expected",
        ),
    ),
    "11.3": (
        (
            halves("speed.repeat_interleave(2)"),
            "the angles still stand neighbour by neighbour, and the",
        ),
        (
            halves("speed.repeat(2).sort(descending=True).values"),
            "the angles still stand neighbour by neighbour, and the",
        ),
        (
            halves("torch.cat([speed, speed.flip(0)])"),
            "the speeds of the second half stand the other way round",
        ),
        (
            halves(
                "speed.repeat_interleave(2)",
                partner="torch.stack([-x[..., 1::2], x[..., ::2]], -1)"
                ".flatten(-2)",
            ),
            "neighbours are turned, as in Rotary",
        ),
        (
            halves(
                partner="torch.stack([-x[..., 1::2], x[..., ::2]], -1)"
                ".flatten(-2)"
            ),
            "the pairs are neighbours now, and the angles those of",
        ),
        (
            halves(partner="torch.cat([b, -a], dim=-1)"),
            "all is turned backwards",
        ),
        (
            halves(partner="torch.cat([b, a], dim=-1)"),
            "a minus is missing: this is no turn, and lengths change",
        ),
        (
            halves(partner="x.flip(-1)"),
            "partner holds the channels from the last to the first",
        ),
        (
            halves(places="torch.arange(x.shape[-2])"),
            "start is left out: every text begins at position 0",
        ),
        (
            halves(places="1 + torch.arange(start, start + x.shape[-2])"),
            "the positions are one too high",
        ),
        (
            halves(places="torch.arange(start, start + x.shape[1])"),
            "heads are counted where rows should be",
        ),
        (
            halves(powers="-torch.arange(head_size // 2) / head_size"),
            "the speeds fall half as fast as they should, by",
        ),
        (
            halves(result="x * angles.sin() + partner * angles.cos()"),
            "sine and cosine have changed places",
        ),
        (
            halves(
                result="torch.stack([a * angles.cos()[:, : a.shape[-1]] - b * "
                "angles.sin()[:, : a.shape[-1]], a * angles.sin()[:, : "
                "a.shape[-1]] + b * angles.cos()[:, : a.shape[-1]]], "
                "-1).flatten(-2)"
            ),
            "the halves are turned as they should be and then laid",
        ),
        (
            halves("speed"),
            "the speeds are there once: D/2 angles do not fit D",
        ),
    ),
    "11.4": (
        (
            plain_norm(
                "mean_square = x.square().mean(dim=1, keepdim=True)",
                "return x / (mean_square + self.epsilon).sqrt() * self.weight",
            ),
            "the mean is still taken over the positions, those to",
        ),
        (
            plain_norm(
                "mean_square = x.square().mean(dim=(1, 2), keepdim=True)",
                "return x / (mean_square + self.epsilon).sqrt() * self.weight",
            ),
            "one mean serves all vectors of a text",
        ),
        (
            plain_norm(
                "mean_square = x.square().mean()",
                "return x / (mean_square + self.epsilon).sqrt() * self.weight",
            ),
            "one mean serves the whole batch",
        ),
        (
            plain_norm(
                "mean_square = x.square().mean(dim=0, keepdim=True)",
                "return x / (mean_square + self.epsilon).sqrt() * self.weight",
            ),
            "the mean is taken over the texts of the batch",
        ),
        (
            plain_norm(
                "sums = x.square().cumsum(dim=1)",
                "counts = torch.arange(1, x.shape[1] + 1)[:, None]",
                "root = (sums / counts + self.epsilon).sqrt()",
                "return x / root * self.weight",
            ),
            "the mean is taken over the positions up to each one",
        ),
        (
            plain_norm("return F.normalize(x, dim=-1) * self.weight"),
            "each vector gets the length 1, not √C",
        ),
        (
            plain_norm(
                "return F.layer_norm(x, x.shape[-1:], self.weight, "
                "eps=self.epsilon)"
            ),
            "this is LayerNorm: the mean is taken away",
        ),
        (
            plain_norm(
                "root = x.square().mean(-1, keepdim=True).sqrt()",
                "return x / (root + self.epsilon) * self.weight",
            ),
            "epsilon stands outside of the root",
        ),
        (
            plain_norm(
                "mean_square = x.square().mean(dim=-1)",
                "return x / (mean_square + self.epsilon).sqrt() * self.weight",
            ),
            "the mean has lost its axis, so that it meets other rows",
        ),
        (
            plain_norm(
                "size = x.abs().mean(-1, keepdim=True)",
                "return x / (size + self.epsilon) * self.weight",
            ),
            "absolute values are averaged, not squares",
        ),
        (
            plain_norm(
                "mean_square = x.square().mean(-1, keepdim=True)",
                "return x / (mean_square + self.epsilon).sqrt()",
            ),
            "the weight is left out",
        ),
        (
            plain_norm(
                "mean_square = x.square().sum(-1, keepdim=True)",
                "return x / (mean_square + self.epsilon).sqrt() * self.weight",
            ),
            "the squares are summed, not averaged",
        ),
        (
            plain_norm(
                "mean_square = x.square().mean(-1, keepdim=True)",
                "return x / (mean_square + self.epsilon) * self.weight",
            ),
            "no root is taken",
        ),
        (
            plain_norm(
                "mean_square = x.square().mean(-1, keepdim=True)",
                "return x / (mean_square + self.epsilon).sqrt() * self.weight",
                weight="torch.ones(n_embed, n_embed)",
            ),
            "it learns 16 numbers instead of 4 (missing: 1 of shape",
        ),
    ),
    "11.5": (
        (
            gated("self.contract(gate * expand)"),
            "the gate still has no activation: x and -x come out",
        ),
        (gated("self.contract(F.relu(gate) * expand)"), "the gate is a ReLU"),
        (gated("self.contract(F.gelu(gate) * expand)"), "the gate is a GELU"),
        (
            gated("self.contract(gate.sigmoid() * expand)"),
            "the gate is a sigmoid: the first gated layers, GLU, had",
        ),
        (
            gated("self.contract(F.silu(gate * expand))"),
            "the product is activated, and not the gate",
        ),
        (
            gated("self.contract(F.silu(gate) * F.silu(expand))"),
            "both factors are activated",
        ),
        (
            gated("F.silu(self.contract(gate * expand))"),
            "what contract gives is activated, and not the gate",
        ),
        (
            gated("self.contract(F.silu(gate) + expand)"),
            "the gate and what it should gate are added",
        ),
        (
            gated("self.contract(F.silu(gate))"),
            "nothing is gated: the second matrix is not used",
        ),
        (gated("self.contract(gate.tanh() * expand)"), "the gate is a tanh"),
        (
            gated("self.contract(self.gate(F.silu(x)) * expand)"),
            "x is activated before the gate, and not after it",
        ),
        (
            gated(
                "self.contract(self.act(gate) * expand)",
                "self.act = nn.PReLU()",
            ),
            "it learns 73 numbers instead of 72 (not expected: 1 of",
        ),
        (
            gated("x + self.contract(F.silu(gate) * expand)"),
            "x is added to the result",
        ),
        (
            gated("self.contract(gate.softmax(-1) * expand)"),
            "the gate is a softmax: its numbers compete",
        ),
    ),
    "11.6": (
        (
            sharing("k, v = (z.repeat(1, times, 1, 1) for z in (k, v))", LOOK),
            "keys and values are still repeated as a row of heads",
        ),
        (
            sharing(
                "k = k.repeat_interleave(times, 1)",
                "v = v.repeat(1, times, 1, 1)",
                LOOK,
            ),
            "only the keys are mended: a head weights with one",
        ),
        (
            sharing(
                "k = k.unsqueeze(1).expand(-1, times, -1, -1, -1)",
                "v = v.unsqueeze(1).expand(-1, times, -1, -1, -1)",
                "k, v = k.flatten(1, 2), v.flatten(1, 2)",
                LOOK,
            ),
            "keys and values are still repeated as a row of heads",
        ),
        (
            sharing(
                "k, v = (z.repeat_interleave(times, 2) for z in (k, v))", LOOK
            ),
            "positions are repeated, and not heads",
        ),
        (
            sharing(
                "k, v = (z.repeat_interleave(times) for z in (k, v))", LOOK
            ),
            "repeat_interleave was given no axis: all numbers stand",
        ),
        (
            sharing("k, v = (z[:, :1].expand_as(q) for z in (k, v))", LOOK),
            "all query heads look with key head 0",
        ),
        (
            sharing(
                "k, v = (z.mean(1, keepdim=True).expand_as(q) "
                "for z in (k, v))",
                LOOK,
            ),
            "all query heads look with the mean of the key heads",
        ),
        (sharing(BOTH, "out = look(q, k, v)"), "the mask is missing"),
        (
            sharing(
                BOTH,
                LOOK,
                result="self.proj(out.reshape(B, T, -1))",
            ),
            "the heads' results are joined without bringing",
        ),
        (
            sharing(
                "k, v = (z.flip(1).repeat_interleave(times, 1) "
                "for z in (k, v))",
                LOOK,
            ),
            "the key heads are shared out from the last to the first",
        ),
        (
            sharing(
                "q = q.view(B, times, G, T, -1).transpose(1, 2).flatten(1, 2)",
                BOTH,
                LOOK,
            ),
            "keys and values are right, and the query heads are put",
        ),
        (
            sharing(
                "k, v = (z.repeat(1, times, 1, 1).roll(1, 1) for z in (k, v))",
                LOOK,
            ),
            "query head 0 of 4 looks with key head 1 of 2, and its",
        ),
        (
            sharing(BOTH, LOOK, result="out.transpose(1, 2).flatten(2)"),
            "proj is left out",
        ),
        (
            sharing(
                BOTH,
                "out = look(q, k, v, is_causal=True, scale=1.0)",
            ),
            "the scores are not divided by the root of the head size",
        ),
        (sharing(LOOK), "keys and values are not repeated"),
    ),
    "11.7": (
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return n_layer * n_key_head * head_size * min(length, window) * bytes_a_number""",
            "it looks as if only the keys are kept, not the values",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * length * bytes_a_number""",
            "it looks as if the window has no say",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * window * bytes_a_number""",
            "it looks as if the length has no say",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * max(length, window) * bytes_a_number""",
            "it looks as if the larger of length and window is counted",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * min(length, window)""",
            "it looks as if these are numbers, not bytes",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * length * window * bytes_a_number""",
            "it looks as if length and window are multiplied: the attention weights are kept, one",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 3 * n_layer * n_key_head * head_size * min(length, window) * bytes_a_number""",
            "it looks as if the queries are kept as well",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_key_head * head_size * min(length, window) * bytes_a_number""",
            "it looks as if only one layer is counted",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * head_size * min(length, window) * bytes_a_number""",
            "it looks as if only one head is counted",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * min(length, window) * bytes_a_number""",
            "it looks as if a head keeps one number a token",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * min(length, window) * bytes_a_number * 8""",
            "it looks as if these are bits",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * min(length, window) ** 2 * bytes_a_number""",
            "it looks as if every token's weights are kept, tokens x tokens for each number",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * min(length, window - 1) * bytes_a_number""",
            "it looks as if the window has a token too few: it does not count the token itself",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * (length - window) * bytes_a_number""",
            "it looks as if what has left the window is counted, not what is in it",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    size = 2 * n_layer * n_key_head * head_size * min(length, window) * bytes_a_number
    print(f'{size} bytes')""",
            "kept_bytes gives back None",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * min(length, window) * bytes_a_number / 1024**2""",
            "in every case it is 1 / 1,048,576 times the right one",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    D = head_size // n_key_head
    return 2 * n_layer * n_key_head * D * min(length, window) * bytes_a_number""",
            "it looks as if the key heads share head_size among them",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return 2 * n_layer * n_key_head * head_size * (length % window) * bytes_a_number""",
            "it looks as if the window starts from nothing whenever it is full",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    total = 0
    for t in range(length):
        total += 2 * n_layer * n_key_head * head_size * min(t, window) * bytes_a_number
    return total""",
            "it looks as if what was kept before each token is added up",
        ),
        (
            """\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    return n_layer * (1 + n_key_head) * head_size * min(length, window) * bytes_a_number""",
            "it looks as if the key heads share the values of one head",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 2 * L * G * D * (T if T < W else W - 1) * b""",
            "it looks as if the window has a token too few: it does not count the token itself",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 4 * L * G * D * min(T, W) * b""",
            "in every case it is 2 times the right one",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 2 * (L + G + D + min(T, W)) * b""",
            "of a text of 5 tokens and a window of 8, 0.271 tokens seem to be counted",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 2 * L * G * D * min(T, W) * b + L * D * G * b""",
            "of a text of 5 tokens and a window of 8, 5.5 tokens seem to be counted",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 2 * L * G * D * (T + W) // 2 * b""",
            "it looks as if two things are wrong: only the keys are kept, not the values; and length",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 2 * L * G * D * min(T, W) * 4""",
            "twice the bytes_a_number, with the rest as it is, should take 2 times the bytes, and",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 2 * L * G * D ** 2 * min(T, W) * b""",
            "twice the head_size, with the rest as it is, should take 2 times the bytes, and takes 4",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    if T > W:
        return 2 * L * G * D * W * b""",
            "kept_bytes gives back None",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 12 * L * (G * D) ** 2 * b""",
            "of a text of 5 tokens and a window of 8, 192 tokens seem to be counted",
        ),
        (
            """\
def kept_bytes(L, G, D, T, W, b):
    return 2 * G * D * min(T, W) * b + L""",
            "of a text of 5 tokens and a window of 8, 1.67 tokens seem to be counted",
        ),
    ),
    "11.8": (
        (
            """\
def corrected(p_values):
    return [min(1, p * len(p_values)) for p in p_values]""",
            "it looks as if every p is multiplied by n: this is Bonferroni's correction",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [], 0
    for i, p in enumerate(sorted(p_values)):
        top = max(top, (n - i) * p)
        out.append(min(1, top))
    return out""",
            "it looks as if they come back in the order of their size",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out = [0] * n
    order = sorted(range(n), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        out[i] = min(1, (n - rank) * p_values[i])
    return out""",
            "it looks as if one may come out below another whose p was smaller",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [0] * n, 0
    order = sorted(range(n), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        top = max(top, (n - rank) * p_values[i])
        out[i] = top
    return out""",
            "it looks as if some come out above 1",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [0] * n, 0
    order = sorted(range(n), key=lambda i: p_values[i], reverse=True)
    for rank, i in enumerate(order):
        top = max(top, (n - rank) * p_values[i])
        out[i] = min(1, top)
    return out""",
            "it looks as if it begins with the largest p, which is multiplied by n",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [], 0
    for i, p in enumerate(p_values):
        top = max(top, (n - i) * p)
        out.append(min(1, top))
    return out""",
            "it looks as if they are not sorted: the first is multiplied by n, whatever it is",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [0] * n, 0
    order = sorted(range(n), key=lambda i: p_values[i])
    for rank, i in enumerate(order, 1):
        top = max(top, (n - rank) * p_values[i])
        out[i] = min(1, top)
    return out""",
            "it looks as if ranks are counted from 1: the smallest is multiplied by n - 1, the",
        ),
        (
            """\
def corrected(p_values):
    p = torch.tensor(p_values)
    n = len(p)
    order = p.argsort(descending=True)
    factor = n / torch.arange(n, 0, -1)
    adjusted = (p[order] * factor).cummin(0).values.clamp(max=1)
    out = torch.empty_like(p)
    out[order] = adjusted
    return out""",
            "it looks as if this is the correction of Benjamini and Hochberg: n / rank, and from the",
        ),
        (
            """\
def corrected(p_values):
    p = torch.tensor(p_values)
    n = len(p)
    order = p.argsort(descending=True)
    adjusted = (p[order] * torch.arange(1, n + 1)).cummin(0).values
    out = torch.empty_like(p)
    out[order] = adjusted.clamp(max=1)
    return out""",
            "it looks as if this is Hochberg's correction: it goes from the largest down and keeps",
        ),
        (
            """\
def corrected(p_values):
    p = torch.tensor(p_values)
    n = len(p)
    values, order = p.sort()
    adjusted = (values * torch.arange(n, 0, -1)).cummax(0).values.clamp(max=1)
    return adjusted[order]""",
            "it looks as if they are sorted, and put back to the wrong places",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    p_values.sort()
    top = 0
    for i in range(n):
        top = max(top, (n - i) * p_values[i])
        p_values[i] = min(1, top)
    return p_values""",
            "it looks as if they come back in the order of their size",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    order = sorted(range(n), key=lambda i: p_values[i])
    out = [False] * n
    for rank, i in enumerate(order):
        if p_values[i] > 0.05 / (n - rank):
            break
        out[i] = True
    return out""",
            "it looks as if it says which are still below 0.05, not what they are",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    order = sorted(range(n), key=lambda i: p_values[i])
    out, top = list(p_values), 0
    for rank, i in enumerate(order):
        top = max(top, (n - rank) * p_values[i])
        if top > 0.05:
            break
        out[i] = top
    return out""",
            "it looks as if it stops at the first that is above 0.05, and leaves the others as they",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    order = sorted(range(n), key=lambda i: p_values[i])
    out, top = [0] * n, 0
    for rank, i in enumerate(order):
        top = max(top, p_values[i] / (n - rank))
        out[i] = min(1, top)
    return out""",
            "it looks as if the p are divided, not multiplied",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    order = sorted(range(n), key=lambda i: p_values[i])
    out, low = [0] * n, 1
    for rank, i in enumerate(order):
        low = min(low, (n - rank) * p_values[i])
        out[i] = low
    return out""",
            "it looks as if the smallest so far is kept, from the smallest p up",
        ),
        (
            """\
def corrected(p_values):
    p = torch.tensor(p_values)
    rank = (p[:, None] > p).sum(1)
    return (p * (len(p) - rank)).clamp(max=1)""",
            "0.02 becomes 0.060 and 0.021, which was larger, becomes 0.042, which is smaller",
        ),
        (
            """\
def corrected(p_values):
    ordered = sorted(set(p_values))
    n, top, new = len(ordered), 0, {}
    for i, p in enumerate(ordered):
        top = max(top, (n - i) * p)
        new[p] = min(1, top)
    return [new[p] for p in p_values]""",
            "it looks as if equal p are counted once: n is the number of different ones",
        ),
        (
            """\
def corrected(p_values):
    order = p_values.argsort()
    n = len(p_values)
    out = (p_values[order] * torch.arange(n, 0, -1)).cummax(0).values
    return out[order.argsort()].clamp(max=1)""",
            "it looks as if p_values is taken for a tensor: a list has no argsort()",
        ),
        (
            """\
def corrected(p_values):
    p, order = torch.tensor(p_values).sort()
    n = len(p)
    out = torch.empty(n)
    out[order] = (p * torch.arange(n, 0, -1)).cumsum(0).clamp(max=1)
    return out""",
            "it looks as if the corrected p are added up from the smallest on",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [0] * n, 0
    order = sorted(range(n), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        top = max(top, (n - rank) * p_values[i])
        out[i] = min(1, top)
        return out""",
            "it looks as if the loop ends after its first round: only the smallest is there",
        ),
        (
            """\
def corrected(p_values):
    p = torch.tensor(p_values)
    n = len(p)
    s, order = p.sort()
    new = (s * (n - torch.arange(n))).clamp(max=1)
    out = torch.zeros(n)
    out[order] = new
    return out""",
            "it looks as if one may come out below another whose p was smaller",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    s = p_values.sort()
    return [min(1, (n - i) * p) for i, p in enumerate(s)]""",
            "it looks as if a list's sort() gives back None, and writes into it",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    p_values.sort()
    return [min(1, (n - i) * p) for i, p in enumerate(p_values)]""",
            "it looks as if two things are wrong: they come back in the order of their size; and one",
        ),
        (
            """\
def corrected(p_values):
    p = torch.tensor(p_values)
    n = len(p)
    s, order = p.sort()
    new = (s * torch.arange(n, 0, -1)).cummax(0).clamp(max=1)
    return new[order.argsort()]""",
            "it stops with AttributeError: 'torch.return_types.cummax' object has no attribute",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    return {p: min(1, n * p) for p in p_values}""",
            "the result is dict, where a list of 4 x 0.030 is expected",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    order = sorted(range(n), key=lambda i: p_values[i])
    out = [0] * n
    for rank, i in enumerate(order):
        out[i] = (n - rank) * p_values[i]
        if rank and out[i] < out[i - 1]:
            out[i] = out[i - 1]
    return [min(1, p) for p in out]""",
            "the same p-values in the opposite order come out otherwise: each should get its own",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    order = sorted(range(n), key=lambda i: p_values[i])
    out = [0] * n
    for rank, i in enumerate(order):
        out[i] = min(1, (n - rank) * p_values[i])
        if rank and out[i] < out[order[rank - 1]]:
            out[i] = p_values[order[rank - 1]]
    return out""",
            "0.02 becomes 0.060 and 0.021, which was larger, becomes 0.020, which is smaller",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [0] * n, 0
    for rank, p in enumerate(sorted(p_values)):
        top = max(top, (n - rank) * p)
        out[p_values.index(p)] = min(1, top)
    return out""",
            "it looks as if of equal p only the first gets a value: index() finds the first place of",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    return [min(1, p * (n - i)) for i, p in enumerate(p_values)]""",
            "it looks as if two things are wrong: one may come out below another whose p was",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    return [min(1, p * (n - sorted(p_values).index(p))) for p in p_values]""",
            "0.02 becomes 0.060 and 0.021, which was larger, becomes 0.042, which is smaller",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    return [1 - (1 - p) ** n for p in p_values]""",
            "1e-09, 1e-06 and 0.001 should be multiplied by 3, 2 and 1, and come out 3, 3 and 3",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [0] * n, 0
    order = sorted(range(n), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        top = max(top, (n - rank) * p_values[i])
        out[i] = top % 1
    return out""",
            "0.9, 0.7 and 0.8 should become 1, and become 0.1, 0.1 and 0.1",
        ),
        (
            """\
def corrected(p_values):
    n = len(p_values)
    out, top = [0] * n, 0
    order = sorted(range(n), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        top = max(top, (n - rank) * p_values[i])
        out[rank] = min(1, top)
    return out""",
            "it looks as if they come back in the order of their size",
        ),
        (
            """\
def corrected(p_values):
    p = torch.tensor(p_values)
    return p.clamp(max=1) * len(p)""",
            "it looks as if two things are wrong: every p is multiplied by n: this is Bonferroni's",
        ),
    ),
}
