"""Wrong answers of chapter 4 that beginners give, and what is said of them."""


def counted(formula):
    """An answer to 4.1."""
    return f"def feed_forward_parameters(C):\n    return {formula}\n"


def bump(formula):
    """An answer to 4.2."""
    return f"def bump(z):\n    return {formula}\n"


def thinking(forward, more=""):
    """An answer to 4.3."""
    return f"""\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.relu = nn.ReLU()
        self.contract = nn.Linear(4 * n_embed, n_embed)
        {more}

    def forward(self, x):
        {forward}
"""


def dead(formula):
    """An answer to 4.4."""
    return f"def dead_neurons(on):\n    return {formula}\n"


def ranked(formula):
    """An answer to 4.5."""
    return (
        f"def favourites(head, contract, neuron, k):\n    return {formula}\n"
    )


MISTAKES = {
    "4.1": (
        (counted("8 * C * C"), "the biases are forgotten"),
        (counted("4 * C * C + 4 * C"), "the way back is forgotten"),
        (counted("8 * C * C + 4 * C"), "it counts 4 times C biases, too few"),
        (counted("8 * C * C + C"), "it counts 1 times C biases, too few"),
        (counted("8 * C * C + 2 * C"), "expand has one bias per input"),
        (counted("8 * C * C + 8 * C"), "contract has one bias per input"),
        (
            counted("4 * C * C + 5 * C"),
            "it counts 4 times C x C weights, too few",
        ),
        (counted("2 * C * C + 2 * C"), "the layer is not widened"),
        (
            counted("4 * C * C + C"),
            "only the way back is counted, which comes to as many",
        ),
        (
            counted("16 * C * C + 5 * C"),
            "it counts 16 times C x C weights, too many",
        ),
        (
            counted("2 * (4 * C) ** 2 + 5 * C"),
            "the width of the neurons is squared",
        ),
        (
            counted("8 * C + 5"),
            "it counts 0 times C x C weights, too few, and 8 times C",
        ),
        (
            counted("8 * C * C + 5"),
            "it counts 0 times C biases, too few, and 5 numbers",
        ),
        (
            counted("12 * C * C"),
            "it counts 12 times C x C weights, too many, and 0 times C",
        ),
    ),
    "4.2": (
        (
            bump("z.relu() - (z - 1).relu()"),
            "the curve rises to 1 and stays there",
        ),
        (
            bump("z.relu() - 2 * (z - 1).relu()"),
            "the curve falls for ever, as without the third neuron",
        ),
        (
            bump("z.relu() - (z - 1).relu() + (z - 2).relu()"),
            "the second neuron only stops the rise",
        ),
        (
            bump("z.relu() - (z - 1).relu() - (z - 2).relu()"),
            "the curve rises, stays at 1 from 1 to 2, and falls for",
        ),
        (
            bump("z.relu() + (z - 1).relu() + (z - 2).relu()"),
            "from 1 to 2 it goes from 1.000 over 2.000 to 3.000 instead",
        ),
        (
            bump("z.relu() - 2 * (1 - z).relu() + (2 - z).relu()"),
            "the second and third neuron look the other way, b - z",
        ),
        (bump("z.clamp(0, 1)"), "the curve rises to 1 and stays there"),
        (
            bump("torch.minimum(z, 2 - z).relu()"),
            "it is the right curve, and torch.minimum bends it",
        ),
        (
            bump("(1 - (z - 1).abs()).relu()"),
            "it is the right curve, and one ReLU reads what another bend",
        ),
        (
            bump("(z.relu() - 2 * (z - 1).relu()).relu()"),
            "it is the right curve, and one ReLU reads what another bend",
        ),
        (
            bump("z.clamp(0, 1) - (z - 1).clamp(0, 1)"),
            "it is the right curve, and torch.clamp bends it",
        ),
        (
            bump("torch.where(z < 1, z, 2 - z).relu()"),
            "it is the right curve, and torch.where bends it",
        ),
        (
            bump("z.abs() / 2 - (z - 1).abs() + (z - 2).abs() / 2"),
            "it is the right curve, and 0 of its parts came from a ReLU",
        ),
        (
            bump("((z > 0) & (z < 1)) * z + ((z >= 1) & (z < 2)) * (2 - z)"),
            "it is the right curve, and a mask with two ends",
        ),
        (
            bump("z.relu() - 2 * (z - 1) + (z - 2)"),
            "below 0 it goes from 3.000 over 1.500 to 0.000 instead of",
        ),
        (
            bump("z.relu() * (2 - z).relu()"),
            "two ReLUs are multiplied, so that the curve is a parabola",
        ),
        (
            bump("2 * z.relu() - 4 * (z - 1).relu() + 2 * (z - 2).relu()"),
            "it is a tent from 0 to 2 with its top, 2, at 1",
        ),
        (
            bump("z.tanh() - 2 * (z - 1).tanh() + (z - 2).tanh()"),
            "below 0 it goes from 0.004 over 0.070 to 0.559 instead of",
        ),
        (
            bump("z.relu() - (z - 2).relu()"),
            "the second neuron is missing, and the third bends the rise",
        ),
        (
            """\
def bump(z):
    return (z - 1).relu() - 2 * (z - 2).relu() + (z - 3).relu()""",
            "the bump is shifted: it begins at 1, where its top should be",
        ),
        (
            """\
def bump(z):
    return (z + 1).relu() - 2 * z.relu() + (z - 1).relu()""",
            "the bump is shifted: its top stands at 0, where it should begin",
        ),
        (
            """\
def bump(z):
    return (z - 0.5).relu() - 2 * (z - 1.5).relu() + (z - 2.5).relu()""",
            "it is a tent from 0.5 to 2.5 with its top, 1, at 1.5, and the one from 0",
        ),
        (
            """\
def bump(z):
    return (z + 2).relu() - 2 * (z + 1).relu() + z.relu()""",
            "the bends lie on the other side of zero",
        ),
        (
            """\
def bump(z):
    return 2 * (z.relu() - 2 * (z - 1).relu() + (z - 2).relu())""",
            "it is a tent from 0 to 2 with its top, 2, at 1, and the one from 0 to 2",
        ),
        (
            """\
def bump(z):
    return z.relu() - 2 * (z - 2).relu() + (z - 4).relu()""",
            "it is a tent from 0 to 4 with its top, 2, at 2, and the one from 0 to 2",
        ),
        (
            """\
def bump(z):
    return (z - 2).relu() - 2 * (z - 3).relu() + (z - 4).relu()""",
            "it is a tent from 2 to 4 with its top, 1, at 3, and the one from 0 to 2",
        ),
        (
            """\
def bump(z):
    return F.relu(z) - F.relu(z - 2)""",
            "the second neuron is missing, and the third bends the rise",
        ),
        (
            """\
def bump(z):
    return F.relu(z) * F.relu(2 - z)""",
            "two ReLUs are multiplied, so that the curve is a parabola",
        ),
        (
            """\
def bump(z):
    return torch.where(z < 1, z, 2 - z)""",
            "the curve falls for ever, as without the third neuron; and",
        ),
    ),
    "4.3": (
        (
            """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.relu = nn.Identity()
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x):
        return self.contract(self.relu(self.expand(x)))""",
            "A ReLU belongs there: contract reads what it gives back",
        ),
        (
            thinking("return self.contract(self.expand(x)) + self.relu(x)"),
            "x is bent by itself and added to expand(x)",
        ),
        (
            thinking("return self.contract(self.expand(x))"),
            "there is still no bend between the two layers",
        ),
        (
            thinking("return self.contract(self.expand(x).tanh())"),
            "the bend is another one than ReLU: the hyperbolic tangent",
        ),
        (
            thinking("return self.contract(F.leaky_relu(self.expand(x)))"),
            "the bend is another one than ReLU: a leaky ReLU",
        ),
        (
            thinking("return self.contract(self.expand(x).abs())"),
            "the bend is another one than ReLU: the absolute value",
        ),
        (
            thinking("return self.relu(self.contract(self.expand(x)))"),
            "the bend comes after the second layer",
        ),
        (
            thinking(
                "y = self.expand(x)\n        self.relu(y)\n"
                "        return self.contract(y)"
            ),
            "there is still no bend between the two layers",
        ),
        (
            thinking("return x + self.contract(self.relu(self.expand(x)))"),
            "the input is added to the result",
        ),
        (
            thinking("return self.contract(self.relu(x))"),
            "it stops with RuntimeError",
        ),
        (
            thinking("return self.relu(self.expand(x))"),
            "what comes out is what the neurons gave, before contract",
        ),
        (
            thinking("self.contract(self.relu(self.expand(x)))"),
            "Thinking gives back None",
        ),
        (
            thinking(
                "return self.contract(self.relu(self.hidden("
                "self.relu(self.expand(x)))))",
                "self.hidden = nn.Linear(4 * n_embed, 4 * n_embed)",
            ),
            "it learns 420 numbers instead of 148 (not expected",
        ),
        (
            thinking(
                "return self.drop(self.contract(self.relu(self.expand(x))))",
                "self.drop = nn.Dropout(0.1)",
            ),
            "the result is right after .eval(), and another one in",
        ),
        (
            thinking(
                "return self.contract(self.relu(self.expand(x.mean(1, True))))"
            ),
            "the result has the shape (1, 1, 4) instead of (1, 5, 4)",
        ),
        (
            thinking(
                "x = self.relu(self.expand(x))\n"
                "        return self.contract(F.dropout(x, 0.5))"
            ),
            "of two equal sequences in one batch, one comes out unlike",
        ),
        (
            """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.relu = nn.ReLU()
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x):
        return self.contract(self.relu(self.expand(x))) / 4""",
            "in the case below every number is 0.25",
        ),
    ),
    "4.4": (
        (dead("(on == 0).sum()"), "single zeros are counted, not neurons"),
        (
            dead("(on[-1] == 0).all(0).sum()"),
            "only the last sequence is looked at",
        ),
        (
            dead("(on.flatten(0, 1).amax(0) < 0.1).sum()"),
            "a neuron counts as dead when it is nearly off",
        ),
        (
            dead("(on == 0).any(dim=0).any(dim=0).sum()"),
            "neurons count that are off at one position already",
        ),
        (
            dead("(on > 0).any(dim=0).any(dim=0).sum()"),
            "the living are counted",
        ),
        (
            dead("(on == 0).all(dim=1).sum()"),
            "a neuron counts once for each sequence in which it is off",
        ),
        (
            dead("(on == 0).all(dim=0).sum()"),
            "a neuron counts once for each position at which it is off",
        ),
        (
            dead("(on == 0).all(dim=-1).sum()"),
            "positions are counted at which no neuron is on",
        ),
        (
            dead("(on == 0).all(0).all(0)"),
            "it says which neurons are dead, and not how many",
        ),
        (
            dead("(on == 0).all(0).all(0).float().mean()"),
            "the share is given back, not the number",
        ),
        (
            dead("(on.mean(dim=(0, 1)) < 1e-3).sum()"),
            "a neuron counts as dead when it is nearly off",
        ),
        (
            dead("(on[0, 0] == 0).sum()"),
            "of 3 neurons, of which one is off at the place (0, 0)",
        ),
        (
            dead("(on.sum(dim=1) == 0).any(dim=0).sum()"),
            "of 3 neurons, of which one is on at the place (0, 0)",
        ),
        (
            dead("(on[..., 0] == 0).sum()"),
            "of 3 neurons where none is ever on it counts 8",
        ),
        (
            dead("on.shape[-1] - (on > 0).any(dim=1).sum()"),
            "of 3 neurons where all are on it counts -3",
        ),
        (
            """\
def dead_neurons(on):
    return (on == 0).all()""",
            "it says whether all numbers are 0, and not how many neurons",
        ),
        (
            """\
def dead_neurons(on):
    return (on == 0).float().mean()""",
            "this is the share of single zeros among all numbers",
        ),
        (
            """\
def dead_neurons(on):
    return on.shape[-1] - (on > 0).sum()""",
            "all the numbers above 0 are taken from the number of neurons",
        ),
    ),
    "4.5": (
        (
            ranked("(head @ contract[:, neuron]).topk(k).values"),
            "the votes themselves are given back, not the tokens",
        ),
        (
            ranked("(head @ contract[:, neuron]).topk(k)"),
            "votes and tokens come back together, as topk and sort give",
        ),
        (
            ranked("(head @ contract[:, neuron]).argsort()[:k]"),
            "these are the tokens it votes against",
        ),
        (
            ranked("(head @ contract[:, neuron]).argsort()[-k:]"),
            "the weakest of the favourites comes first",
        ),
        (
            ranked("(head @ contract[neuron]).topk(k).indices"),
            "a row of contract is taken for a neuron's column",
        ),
        (
            ranked("(head @ contract)[neuron].topk(k).indices"),
            "a row of the product is read, which belongs to a token",
        ),
        (
            ranked("contract[:, neuron].topk(k).indices"),
            "the channels are ranked, not the tokens",
        ),
        (
            ranked("(head @ contract)[:, neuron].abs().topk(k).indices"),
            "votes against count as much as votes for",
        ),
        (
            ranked("(head @ contract[:, neuron]).argmax()"),
            "only the strongest token is given back, as one number",
        ),
        (
            ranked("(head @ contract[:, neuron])"),
            "the result has the shape (5,) instead of (2,)",
        ),
        (
            ranked("(head @ contract).topk(k, dim=0).indices"),
            "the favourites of all neurons are given, a column each",
        ),
        (
            ranked("(head @ contract[:, neuron].relu()).topk(k).indices"),
            "the neuron's column is cut at 0",
        ),
        (
            ranked("(contract[:, neuron] @ head).topk(k).indices"),
            "it stops with RuntimeError",
        ),
        (
            ranked(
                "set((head @ contract[:, neuron]).topk(k).indices.tolist())"
            ),
            "a set comes back, which has no order",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).softmax(1)[:, neuron].topk(k).indices""",
            "a softmax shares each token's score out over the neurons before one of",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).softmax(-1)[:, neuron].topk(k).indices""",
            "a softmax shares each token's score out over the neurons before one of",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).argmax(0)""",
            "the favourite token of every neuron is given, one each",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).argmax(0)[:k]""",
            "the favourite token of each of the first k neurons is given",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).argmax(0)[neuron]""",
            "only the strongest token is given back, as one number",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).argmax(1)""",
            "the neuron that votes most for each token is given",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract[:, neuron]).argmax(0)""",
            "only the strongest token is given back, as one number",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract[:, neuron + 1]).topk(k).indices""",
            "the next neuron is asked",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract[:, neuron - 1]).topk(k).indices""",
            "another neuron is asked",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract[:, neuron]).topk(k).indices + 1""",
            "5 is not the number of a token: they go from 0 to 4, one for each row of",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract[:, (neuron + 1) % contract.shape[1]]).topk(k).indices""",
            "the neuron after it is asked, and after the last the first",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).topk(k, dim=0).indices""",
            "the favourites of all neurons are given, a column each",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).flatten().topk(k).indices""",
            "29 is not the number of a token: they go from 0 to 4, one for each row of",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract)[:, neuron].argsort()[:k]""",
            "these are the tokens it votes against",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract.T)[:, neuron].topk(k).indices""",
            "here A has 3 columns, and B has 12 rows",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return lm_head[:, neuron].topk(k).indices.tolist()""",
            "the neuron is looked up in lm_head, whose columns are",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract).topk(k).indices.tolist()""",
            "each token names the neurons that raise it most",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract)[neuron].topk(k).indices.tolist()""",
            "a row of the product is read, which belongs to a token",
        ),
        (
            """\
def favourites(lm_head, contract, neuron, k):
    return (lm_head @ contract[:, neuron]).argsort(descending=True)[1:k + 1].tolist()""",
            "the strongest is left out",
        ),
    ),
}
