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
            "each vector gets the length 1, by F.normalize",
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
}
