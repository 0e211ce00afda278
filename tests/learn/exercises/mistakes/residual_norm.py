"""Wrong answers of chapter 5 that beginners give, and what is said of them."""


def normed(result, spread="(x.var(-1, keepdim=True, unbiased=False) + 1e-5)"):
    """An answer to 5.1."""
    return f"""\
def norm_by_hand(x, gain, shift):
    mean = x.mean(-1, keepdim=True)
    spread = {spread}.sqrt()
    return {result}
"""


def block(lines):
    """An answer to 5.2."""
    return "def block(x, norm_1, look_back, norm_2, think):\n" + "".join(
        f"    {line}\n" for line in lines.split("; ")
    )


def layer(lines, more="pass"):
    """An answer to 5.4."""
    return f"""\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.ln1 = nn.LayerNorm(n_embed)
        self.attn = MultiHead(n_embed, n_head, block_size)
        self.ln2 = nn.LayerNorm(n_embed)
        self.mlp = FeedForward(n_embed)
        {more}

    def forward(self, x):
""" + "".join(f"        {line}\n" for line in lines.split("; "))


def surprise(lines):
    """An answer to 5.5."""
    return (
        "def surprise(logits, targets):\n"
        "    rows = torch.arange(len(targets))\n"
        + "".join(f"    {line}\n" for line in lines.split("; "))
    )


NORMAL = "gain * (x - mean) / spread + shift"
MISTAKES = {
    "5.1": (
        (
            normed(
                NORMAL,
                "(((x - x.mean(-1, keepdim=True)) ** 2)"
                ".sum(-1, keepdim=True) + 1e-5)",
            ),
            "the variance is the sum of the squares, not their mean",
        ),
        (
            normed(NORMAL, "x.var(-1, keepdim=True, unbiased=False)"),
            "the small number is missing",
        ),
        (
            normed(NORMAL, "(x.var(-1, keepdim=True) + 1e-5)"),
            "the variance divides by C - 1",
        ),
        (
            normed(NORMAL, "x.var(-1, keepdim=True)"),
            "the small number is missing, and the variance divides by C",
        ),
        (
            normed(
                "gain * (x - mean) / (x.std(-1, keepdim=True) + 1e-5) + shift"
            ),
            "the small number stands outside of the root, and the",
        ),
        (normed("(x - mean) / spread"), "gain and shift are left out"),
        (normed("gain * (x - mean) / spread"), "the shift is left out"),
        (normed("(x - mean) / spread + shift"), "the gain is left out"),
        (
            normed("gain * ((x - mean) / spread + shift)"),
            "the shift is added before the gain multiplies",
        ),
        (
            normed("gain * (x - mean) / spread**2 + shift"),
            "it divides by the variance, not by its root",
        ),
        (normed("gain * x / spread + shift"), "the mean is not taken away"),
        (
            normed("(1 + gain) * (x - mean) / spread + shift"),
            "1 is added to the gain",
        ),
        (
            normed(
                NORMAL, "(x.var(-1, keepdim=True, unbiased=False) + 1e-12)"
            ),
            "the small number is 1e-12",
        ),
        (
            normed(NORMAL, "(x.var(-1, keepdim=True, unbiased=False) + 1e-3)"),
            "the small number is 1e-3",
        ),
        (
            normed(NORMAL, "(x.var(-1, unbiased=False) + 1e-5)"),
            "the variance has lost its last axis",
        ),
        (
            normed("gain * x - mean / spread + shift"),
            "with gain 1 and shift 0 the mean of each token should be",
        ),
        (
            normed(NORMAL, "(x.square().mean(-1, keepdim=True) + 1e-5)"),
            "the mean of the squares of x stands for the variance",
        ),
        (
            normed("gain * F.normalize(x - mean, dim=-1) + shift"),
            "the variance is the sum of the squares",
        ),
        (
            normed(
                "gain * (x - x.mean()) / (x.var(unbiased=False) + "
                "1e-5).sqrt() + shift"
            ),
            "one mean and one variance serve the whole tensor",
        ),
        (
            """\
def norm_by_hand(x, gain, shift):
    mean = x.mean(-1, keepdim=True)
    var = x.var(-1, keepdim=True, unbiased=False)
    return (x - mean) / (var + 1e-5).sqrt() * (1 + gain) + shift""",
            "1 is added to the gain",
        ),
        (
            """\
def norm_by_hand(x, gain, shift):
    mean = x.mean((0, 1), keepdim=True)
    var = x.var((0, 1), keepdim=True, unbiased=False)
    return (x - mean) / (var + 1e-5).sqrt() * gain + shift""",
            "mean and variance are those of a channel over batch and",
        ),
        (
            """\
def norm_by_hand(x, gain, shift):
    mean = x.mean(-1, keepdim=True)
    var = (x ** 2).mean(-1, keepdim=True)
    return (x - mean) / (var + 1e-5).sqrt() * gain + shift""",
            "the mean of the squares of x stands for the variance",
        ),
    ),
    "5.2": (
        (
            block("x = look_back(norm_1(x)); return think(norm_2(x))"),
            "both residual paths are forgotten",
        ),
        (
            block("x = x + look_back(x); return x + think(x)"),
            "the norms are left out",
        ),
        (
            block("x = norm_1(x + look_back(x)); return norm_2(x + think(x))"),
            "the norms come after the parts",
        ),
        (
            block("return x + look_back(norm_1(x)) + think(norm_2(x))"),
            "both parts read the block's input",
        ),
        (
            block("x = x + think(norm_2(x)); return x + look_back(norm_1(x))"),
            "the block thinks first and looks back afterwards, each",
        ),
        (
            block("x = x + look_back(norm_2(x)); return x + think(norm_1(x))"),
            "the two norms have changed places",
        ),
        (
            block("x = x - look_back(norm_1(x)); return x - think(norm_2(x))"),
            "the parts are taken away from the path",
        ),
        (
            block(
                "x = norm_1(x); x = x + look_back(x); x = norm_2(x); return x "
                "+ think(x)"
            ),
            "the norm stands on the path",
        ),
        (
            block("y = x + look_back(norm_1(x)); return x + think(norm_2(y))"),
            "the second sum starts from the block's input again, so",
        ),
        (
            block("return x + think(norm_2(look_back(norm_1(x))))"),
            "one path leads around both parts together",
        ),
        (
            block(
                "x += look_back(norm_1(x)); x += think(norm_2(x)); return x"
            ),
            "the result is right, but the input was changed on the way",
        ),
        (
            block("x = x + look_back(norm_1(x)); x = x + think(norm_2(x))"),
            "block gives back None",
        ),
        (
            block("x = x * look_back(norm_1(x)); return x * think(norm_2(x))"),
            "path and part are multiplied, not added",
        ),
        (
            block("x = x + norm_1(look_back(x)); return x + norm_2(think(x))"),
            "the norms stand behind the parts, before the sum",
        ),
        (
            block(
                "x = x + look_back(norm_1(x)); return norm_2(x + "
                "think(norm_2(x)))"
            ),
            "with both parts silent, x itself should come out, and",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    with torch.no_grad():
        x = x + look_back(norm_1(x))
        return x + think(norm_2(x))""",
            "the result is right, and no gradient comes out of it: nothing could be",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x + look_back(norm_1(x))
    return (x + think(norm_2(x))).detach()""",
            "the result is right, and no gradient comes out of it: nothing could be",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x.detach()
    x = x + look_back(norm_1(x))
    return x + think(norm_2(x))""",
            "the result is right, and the gradient of x is not: something on its way is",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = (x + look_back(norm_1(x))).detach()
    return x + think(norm_2(x))""",
            "the result is right, and the gradient of x is not: something on its way is",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x + look_back(norm_1(x)).detach()
    return x + think(norm_2(x))""",
            "the result is right, and the gradient of x is not: something on its way is",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x += look_back(norm_1(x))
    x += think(norm_2(x))
    return x""",
            "the result is right, but the input was changed on the way: an operation",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    with torch.no_grad():
        x = x + look_back(norm_1(x))
    return x + think(norm_2(x))""",
            "the result is right, and the gradient of x is not: something on its way is",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x + look_back(norm_1(x.detach()))
    return x + think(norm_2(x))""",
            "the result is right, and the gradient of x is not: something on its way is",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    with torch.inference_mode():
        x = x + look_back(norm_1(x))
        return x + think(norm_2(x))""",
            "the result is right, and no gradient comes out of it: nothing could be",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x.data + look_back(norm_1(x.data)).data
    return (x + think(norm_2(x))).data""",
            "the result is right, and no gradient comes out of it: nothing could be",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    with torch.no_grad():
        x = look_back(norm_1(x))
        return x + think(norm_2(x))""",
            "the first part replaces its input instead of adding to it",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x + look_back(norm_1(x))
    x = x + think(norm_2(x))
    return torch.tensor(x.tolist())""",
            "the result is right, and no gradient comes out of it: nothing could be",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x * look_back(norm_1(x))
    return x * think(norm_2(x))""",
            "path and part are multiplied, not added",
        ),
        (
            """\
def block(x, norm_1, look_back, norm_2, think):
    x = x + look_back(norm_1(x))
    return norm_2(x + think(x))""",
            "the second norm stands behind the sum, the first in front",
        ),
    ),
    "5.3": (
        (
            "times_larger = 0.5**12",
            "this is what is left of the gradient in the plain stack",
        ),
        ("times_larger = 1.5**12", "this is the gradient with the path alone"),
        (
            "times_larger = 1.5 / 0.5 * 12",
            "the ratio of one block was multiplied by 12",
        ),
        ("times_larger = 3", "that is the factor of one block"),
        ("times_larger = 2**12", "the path's factor was taken for 1"),
        ("times_larger = 1.5**12 - 0.5**12", "the two were subtracted"),
        ("times_larger = (0.5 / 1.5) ** 12", "the ratio is upside down"),
        ("times_larger = 1.5**12 * 0.5**12", "the two were multiplied"),
        ("times_larger = 12 * 1.5", "the factors of the blocks were added"),
        ("times_larger = 3**11", "one block was left out"),
        ("times_larger = 3**24", "each block was counted twice"),
        (
            "times_larger = 12 * math.log(3)",
            "the logarithm of the answer was given",
        ),
        ("times_larger = 2.5**12 / 0.5**12", "244,140,625 is much too large"),
        (
            "times_larger = 530000",
            "530,000 is a little too small, by less than a hundredth",
        ),
        ("times_larger = float('inf')", "inf is not finite"),
        (
            "times_larger = 3**6",
            "only 6 of the 12 blocks were counted",
        ),
        (
            "times_larger = 3*12",
            "the ratio of one block was multiplied by 12",
        ),
        (
            "times_larger = 12**3",
            "base and exponent are exchanged: 12 to the power of 3",
        ),
        (
            "times_larger = 6*3",
            "the factors of the blocks were added",
        ),
        (
            """\
times_larger = 5.3e6""",
            "right in its digits and not in its size: 10 times too large",
        ),
        (
            """\
times_larger = (1 + 0.5 * 12) / 0.5 ** 12""",
            "as if there were one path around all of them",
        ),
        (
            "times_larger = 12",
            "this is the number of blocks",
        ),
        (
            "times_larger = 12 * 1.5 / 0.5 ** 12",
            "the factors with the path were added, and those without it multiplied",
        ),
    ),
    "5.4": (
        (
            layer("x = self.attn(self.ln1(x)); return self.mlp(self.ln2(x))"),
            "neither part is added to its input yet",
        ),
        (
            layer(
                "x = x + self.attn(self.ln1(x)); return self.mlp(self.ln2(x))"
            ),
            "only the first part has its path",
        ),
        (
            layer(
                "x = self.attn(self.ln1(x)); return x + self.mlp(self.ln2(x))"
            ),
            "only the second part has its path",
        ),
        (
            layer("return x + self.attn(self.ln1(x)) + self.mlp(self.ln2(x))"),
            "both parts read the layer's input",
        ),
        (
            layer(
                "x = x - self.attn(self.ln1(x)); return x - "
                "self.mlp(self.ln2(x))"
            ),
            "both parts are taken away from the path",
        ),
        (
            layer(
                "x = x + self.mlp(self.ln2(x)); return x + "
                "self.attn(self.ln1(x))"
            ),
            "the layer thinks first and looks back afterwards",
        ),
        (
            layer(
                "x = x + self.mlp(self.ln1(x)); return x + "
                "self.attn(self.ln2(x))"
            ),
            "the parts have changed places, and the norms have not",
        ),
        (
            layer(
                "x = self.ln1(x + self.attn(x)); return self.ln2(x + "
                "self.mlp(x))"
            ),
            "the norms were moved behind the sum",
        ),
        (
            layer(
                "x = x + self.ln1(self.attn(x)); return x + "
                "self.ln2(self.mlp(x))"
            ),
            "the norms stand behind the parts, before the sum",
        ),
        (
            layer("return x + self.mlp(self.ln2(self.attn(self.ln1(x))))"),
            "one path leads around both parts together",
        ),
        (
            layer("x = x + self.attn(x); return x + self.mlp(x)"),
            "no effect on the result",
        ),
        (
            layer(
                "x = x + self.attn(self.ln1(x)); return x + "
                "self.mlp(self.ln1(x))"
            ),
            "no effect on the result",
        ),
        (
            layer(
                "x = x + self.attn(self.ln1(x)); x = x + self.mlp(self.ln2(x))"
            ),
            "Layer gives back None",
        ),
        (
            layer(
                "x = x + self.attn(self.ln1(x)); return self.ln3(x + "
                "self.mlp(self.ln2(x)))",
                "self.ln3 = nn.LayerNorm(n_embed)",
            ),
            "it learns 240 numbers instead of 232",
        ),
        (
            layer(
                "y = x + self.attn(self.ln1(x)); return x + "
                "self.mlp(self.ln2(y))"
            ),
            "the second sum starts from the layer's input again, so",
        ),
        (
            layer("x = x + self.attn(self.ln1(x)); return x + self.mlp(x)"),
            "no effect on the result",
        ),
        (
            layer(
                "x = x + 0.5 * self.attn(self.ln1(x)); return x + 0.5 * "
                "self.mlp(self.ln2(x))"
            ),
            "the parts count half",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x)).relu()
        return x + self.feed_forward(self.norm_2(x))""",
            "what the first part finds is cut off below 0",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x)).relu()""",
            "what the second part finds is cut off below 0",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + F.relu(self.multi_head(self.norm_1(x)))
        return x + F.relu(self.feed_forward(self.norm_2(x)))""",
            "what both parts find is cut off below 0",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x))
        return F.relu(x + self.feed_forward(self.norm_2(x)))""",
            "the path is cut off below 0 at the end",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = F.relu(x + self.multi_head(self.norm_1(x)))
        return F.relu(x + self.feed_forward(self.norm_2(x)))""",
            "the path is cut off below 0 after both sums",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x)).mean(1, keepdim=True)
        return x + self.feed_forward(self.norm_2(x))""",
            "what the first part finds is averaged over the positions",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x))
        return (x + self.feed_forward(self.norm_2(x))).mean(1, keepdim=True)""",
            "the positions are averaged at the end: one vector a text comes back",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x))
        return (x + self.feed_forward(self.norm_2(x))).mean(1)""",
            "the positions are averaged away at the end, and their axis with them",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x.mean(1, keepdim=True) + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x))""",
            "the first sum begins with the mean of x over the positions",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x))
        return x.mean(1, keepdim=True) + self.feed_forward(self.norm_2(x))""",
            "the second sum begins with the mean of x over the positions",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        m = x.mean(1, keepdim=True)
        x = m + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x))""",
            "the first sum begins with the mean of x over the positions",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = (x + self.multi_head(self.norm_1(x))) / 2
        return (x + self.feed_forward(self.norm_2(x))) / 2""",
            "path and part are averaged: both sums are divided by 2",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x)).mean(1, keepdim=True)""",
            "what the second part finds is averaged over the positions",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = x + self.norm_1(x) + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x))""",
            "the normalised copy is added to the path as well",
        ),
        (
            """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        y = self.norm_1(x)
        x = x + self.multi_head(y)
        return x + self.feed_forward(self.norm_2(y))""",
            "the second part reads what norm_1 gave",
        ),
    ),
    "5.5": (
        (
            surprise(
                "p = logits.softmax(-1); return -p[rows, targets].log().mean()"
            ),
            "softmax no longer overflows, but p is still rounded to 0",
        ),
        (
            surprise(
                "p = logits.softmax(-1) + 1e-9; return -p[rows, "
                "targets].log().mean()"
            ),
            "for the logits 0 and -50 the surprise of the second is 50,",
        ),
        (
            surprise(
                "p = logits.softmax(-1).clamp(min=1e-9); return -p[rows, "
                "targets].log().mean()"
            ),
            "for the logits 0 and -50 the surprise of the second is 50,",
        ),
        (
            surprise(
                "p = logits.softmax(-1).clamp(min=1e-30); return -p[rows, "
                "targets].log().mean()"
            ),
            "for the logits 0 and -120 the surprise of the second is",
        ),
        (
            surprise(
                "s = logits.exp().sum(-1).log(); return (s - logits[rows, "
                "targets]).mean()"
            ),
            "the logarithm is taken of a sum of powers, which overflow",
        ),
        (
            surprise(
                "z = logits.clamp(max=80).exp(); p = z / z.sum(-1, "
                "keepdim=True); return -p[rows, targets].log().mean()"
            ),
            "for the logits -200 and -200 the surprise of the second is",
        ),
        (
            surprise(
                "z = logits - logits.max(); p = z.softmax(-1); return "
                "-p[rows, targets].log().mean()"
            ),
            "softmax no longer overflows, but p is still rounded to 0",
        ),
        (
            surprise(
                "z = logits - logits.max(); z = z - z.exp().sum(-1, "
                "keepdim=True).log(); return -z[rows, targets].mean()"
            ),
            "one number is taken out of all rows, the largest of all,",
        ),
        (
            surprise(
                "p = (logits / 10).softmax(-1); return -p[rows, "
                "targets].log().mean()"
            ),
            "for the logits 0 and -50 the surprise of the second is 50,",
        ),
        (
            surprise(
                "p = logits.softmax(-1); return F.cross_entropy(p, targets)"
            ),
            "the softmax is taken twice",
        ),
        (
            surprise(
                "p = logits.double().softmax(-1); return -p[rows, "
                "targets].log().mean()"
            ),
            "64 bits are used, which moves the limits and does not",
        ),
        (
            surprise("return logits.log_softmax(-1)[rows, targets].mean()"),
            "the minus sign is missing",
        ),
        (
            surprise("return -logits.log_softmax(0)[rows, targets].mean()"),
            "the softmax runs over the wrong axis",
        ),
        (
            surprise("return -logits.log_softmax(-1)[rows, targets].sum()"),
            "the surprises are added up",
        ),
        (
            surprise("return -logits.log_softmax(-1)[rows, targets]"),
            "the surprise of each row comes back",
        ),
        (
            surprise("return -logits.log_softmax(-1).mean()"),
            "the mean is taken over all V logarithms of a row, whatever",
        ),
        (
            surprise(
                "p = logits.exp() / (logits.exp().sum(-1, keepdim=True) + "
                "1e-9); return -(p[rows, targets] + 1e-9).log().mean()"
            ),
            "for the logits 100 and 100 the surprise of the second is",
        ),
        (
            surprise(
                "p = logits.softmax(-1); return -p[rows, "
                "targets].log().nan_to_num().mean()"
            ),
            "for the logits 0 and -120 the surprise of the second is",
        ),
        (
            surprise(
                "p = logits.softmax(-1); return -p[rows, "
                "targets].log2().mean()"
            ),
            "the logarithm is the one to the base 2, and p is still",
        ),
        (
            surprise(
                "return -logits.log_softmax(-1)[rows, targets].mean() / "
                "math.log(2)"
            ),
            "the logarithm is the one to the base 2, so these are bits",
        ),
        (
            """\
def surprise(logits, targets):
    logits = logits - logits.max()
    powers = logits.exp()
    p = powers / powers.sum(dim=-1, keepdim=True)
    return -p[torch.arange(len(targets)), targets].log().mean()""",
            "the largest of all logits is taken away, and p is formed",
        ),
        (
            """\
def surprise(logits, targets):
    logits = logits / logits.norm()
    return F.cross_entropy(logits, targets)""",
            "the logits are divided by their length as one vector: they",
        ),
        (
            """\
def surprise(logits, targets):
    logits = logits - logits.mean(-1, keepdim=True)
    powers = logits.exp()
    p = powers / powers.sum(dim=-1, keepdim=True)
    return -p[torch.arange(len(targets)), targets].log().mean()""",
            "the mean of a row is taken away, which moves the limits,",
        ),
    ),
}
