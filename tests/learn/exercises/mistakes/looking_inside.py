"""What beginners get wrong in chapter 7's exercises."""

MISTAKES = {
    "7.1": (
        (
            "def look_back(w, distance):\n    return w[:, distance].mean()",
            "it looks as if it looks at one place of the text, not so far back",
        ),
        (
            "def look_back(w, distance):\n    T = len(w)\n    return sum(w[t, t + distance] for t in range(T - distance)) / (T - distance)",
            "it looks as if it looks ahead, where a causal head has nothing but zer",
        ),
        (
            "def look_back(w, distance):\n    T = len(w)\n    return sum(w[t, t - distance] for t in range(T)) / T",
            "it looks as if positions without such a place are counted too",
        ),
        (
            "def look_back(w, distance):\n    return w.diagonal(offset=-1).mean()",
            "it looks as if the distance has no say: it is always 1",
        ),
        (
            "def look_back(w, distance):\n    return w.mean()",
            "it looks as if the whole map is averaged, not one diagonal",
        ),
        (
            "def look_back(w, distance):\n    return w[-1, -1 - distance]",
            "it looks as if only the last position counts",
        ),
        (
            "def look_back(w, distance):\n    return w.roll(distance, 0).diagonal().mean()",
            "the map is rolled along its rows, so that it looks ahead,",
        ),
        (
            "def look_back(w, distance):\n    T = len(w)\n    return sum(w[t, t - distance] for t in range(distance + 1, T)) / max(1, T - distance - 1)",
            "it looks as if the nearest position that has such a place is left out",
        ),
        (
            "def look_back(w, distance):\n    return w[distance:].mean()",
            "it looks as if the whole map is averaged, not one diagonal",
        ),
        (
            "def look_back(w, distance):\n    return w.T.diagonal(-distance).mean()",
            "it looks as if it looks ahead, where a causal head has nothing but zer",
        ),
        (
            """\
def look_back(weights, distance):
    return weights[distance:, 0].mean()""",
            "it looks at place 0 of the text, however far it is",
        ),
        (
            """\
def look_back(weights, distance):
    return weights.tril(-distance).mean()""",
            "all of the past counts, and is divided by all T x T entries",
        ),
        (
            """\
def look_back(weights, distance):
    T = len(weights)
    d = torch.arange(T)[:, None] - torch.arange(T)
    return (weights * d).sum(1).mean()""",
            "this is the mean distance that the head looks back",
        ),
        (
            """\
def look_back(weights, distance):
    return weights.diagonal(-distance).std()""",
            "their standard deviation",
        ),
        (
            """\
def look_back(weights, distance):
    return weights.diagonal(-distance).var()""",
            "their variance",
        ),
        (
            """\
def look_back(weights, distance):
    T = weights.shape[0]
    return weights[distance].mean()""",
            "or a row of it, which has the same mean",
        ),
    ),
    "7.2": (
        (
            "def where_to_copy(tokens):\n    out = []\n    for t in range(len(tokens)):\n        p = -1\n        for s in range(t):\n            if tokens[s] == tokens[t]:\n                p = s\n        out.append(p)\n    return out",
            "it looks as if it finds the token itself, not what came after it",
        ),
        (
            "def where_to_copy(tokens):\n    l = tokens.tolist()\n    return [l.index(x) + 1 if x in l[:t] else -1 for t, x in enumerate(l)]",
            "it looks as if it takes the first occurrence, not the latest",
        ),
        (
            "def where_to_copy(tokens):\n    l = tokens.tolist()\n    return [l[:t][::-1].index(x) if x in l[:t] else -1 for t, x in enumerate(l)]",
            "it looks as if it says how far back the answer is, not where",
        ),
        (
            "def where_to_copy(tokens):\n    m = tokens[:, None] == tokens\n    return m.int().argmax(1) + 1",
            "the first occurrence in the whole text is taken, which for",
        ),
        (
            "def where_to_copy(tokens):\n    return tokens.new_tensor([-1] * len(tokens))",
            "in [5, 7, 2, 5, 7, 2, 5] the token 5 of position 3 came last at place ",
        ),
        (
            "def where_to_copy(tokens):\n    l = tokens.tolist()\n    return [t - 1 - l[:t][::-1].index(x) + 1 if x in l[:t] else None for t, x in enumerate(l)]",
            "the result is a list of 7 x NoneType, where",
        ),
        (
            "def where_to_copy(tokens):\n    l = tokens.tolist()\n    return [max(s for s in range(t) if l[s] == x) + 2 if x in l[:t] else -1 for t, x in enumerate(l)]",
            "right only at place 0 to 2",
        ),
        (
            "def where_to_copy(tokens):\n    l = tokens.tolist()\n    return [max([s + 1 for s in range(t - 1) if l[s] == x], default=-1) for t, x in enumerate(l)]",
            "it looks as if the token right before is not looked at",
        ),
        (
            "def where_to_copy(tokens):\n    l = tokens.tolist()\n    return [min([s for s in range(t + 1, len(l)) if l[s] == x], default=-1) for t, x in enumerate(l)]",
            "a head cannot look ahead",
        ),
        (
            """\
def where_to_copy(tokens):
    out = []
    seq = tokens.tolist()
    for t in range(len(seq)):
        out.append(seq.index(seq[t]) + 1)
    return torch.tensor(out)""",
            "the first occurrence in the whole text is taken, which for",
        ),
        (
            """\
def where_to_copy(tokens):
    out = []
    seq = tokens.tolist()
    for t in range(len(seq)):
        place = -1
        for s in range(len(seq)):
            if seq[s] == seq[t] and s != t:
                place = s + 1
        out.append(place)
    return torch.tensor(out)""",
            "the latest other occurrence is taken, also one that is",
        ),
        (
            """\
def where_to_copy(tokens):
    same = (tokens[:, None] == tokens)
    return same.int().argmax(1)""",
            "the place of the first occurrence in the whole text is",
        ),
    ),
    "7.3": (
        (
            "mean_loss = math.log(69)",
            "it looks as if only what is lost in the first half was averaged. The c",
        ),
        (
            "mean_loss = math.log(69) / 2",
            "it looks as if this is half of ln 69, as if 16 of 32 or 15 of 30 predi",
        ),
        (
            "mean_loss = 16 * math.log(16) / 31",
            "it looks as if guessing among 16 characters was priced. It gives all 69",
        ),
        (
            "mean_loss = 16 * math.log(69) / 32",
            "it looks as if this is half of ln 69, as if 16 of 32 or 15 of 30 predi",
        ),
        (
            "mean_loss = 17 * math.log(69) / 31",
            "it looks as if one prediction too many is paid for. The 18th can be co",
        ),
        (
            "mean_loss = math.log(69 * 16) / 31",
            "It lies above 0.137, ln 69 / 31, if a single prediction is uncertain",
        ),
        ("mean_loss = 2.2", "2.200 is too coarse to tell: give 3 digits"),
        (
            "mean_loss = 16 / 31",
            "without their price",
        ),
        (
            "mean_loss = 16 * math.log10(69) / 31",
            "it looks as if the logarithm is the one to the base 10. Nats want the ",
        ),
        (
            "mean_loss = 0",
            "every prediction was taken to be certain",
        ),
        (
            """\
mean_loss = 15 * math.log(69) / 32""",
            "the first character of the second half was free; and this",
        ),
        (
            """\
mean_loss = 15 * math.log(69)""",
            "the first character of the second half was free; and the",
        ),
        (
            """\
mean_loss = 14 * math.log(69) / 31""",
            "two predictions too few are paid for",
        ),
        (
            """\
mean_loss = 0.0""",
            "every prediction was taken to be certain",
        ),
        (
            """\
mean_loss = (15 * math.log(69) + 16 * 1) / 31""",
            "15 predictions are priced at ln 69 and the 16 others at 1 nat",
        ),
        (
            """\
mean_loss = sum(math.log(69 - i) for i in range(1, 16)) / 31""",
            "15 uncertain predictions were priced, each with one",
        ),
        (
            """\
mean_loss = -15 * math.log(69) / 31""",
            "two things are wrong: the first character of the second half",
        ),
        (
            "mean_loss = 2.04",
            "below 2.117, half of ln 69",
        ),
        (
            "mean_loss = 31 * math.log(69) / 32",
            "all 31 predictions are priced as uncertain",
        ),
    ),
    "7.4": (
        (
            'def mean_instead(joined, h, H):\n    """The joined heads, with one that says the same everywhere."""\n    D = joined.shape[-1] // H\n    own = slice(h * D, (h + 1) * D)\n    changed = joined.clone()\n    changed[..., own] = joined[..., own].mean(dim=-1, keepdim=True)\n    return changed',
            "it looks as if each position has the mean of its own channels",
        ),
        (
            'def mean_instead(joined, h, H):\n    """The joined heads, with one that says the same everywhere."""\n    D = joined.shape[-1] // H\n    own = slice(h * D, (h + 1) * D)\n    changed = joined.clone()\n    changed[..., h] = joined[..., h].mean()\n    return changed',
            "one channel alone is replaced, number h",
        ),
        (
            "def mean_instead(joined, h, H):\n    out = joined.clone()\n    out[:, h] = joined[:, h].mean(dim=(0, 1))\n    return out",
            "channels of other heads have changed too",
        ),
        (
            "def mean_instead(joined, h, H):\n    out = joined.clone()\n    D = joined.shape[-1] // H\n    out[..., h:h + D] = joined[..., h:h + D].mean(dim=(0, 1))\n    return out",
            "it looks as if the head's channels are taken to begin at h, not at h *",
        ),
        (
            "def mean_instead(joined, h, H):\n    out = joined.clone()\n    out[..., h * H:(h + 1) * H] = out[..., h * H:(h + 1) * H].mean((0, 1))\n    return out",
            "it looks as if a head is taken to have H channels, not D",
        ),
        (
            "def mean_instead(joined, h, H):\n    D = joined.shape[-1] // H\n    return joined[..., h * D:(h + 1) * D].mean((0, 1))",
            "the means alone come back",
        ),
        (
            "def mean_instead(joined, h, H):\n    D = joined.shape[-1] // H\n    out = torch.zeros_like(joined)\n    s = slice(h * D, (h + 1) * D)\n    out[..., s] = joined[..., s].mean((0, 1))\n    return out",
            "it looks as if the other heads are set to zero",
        ),
        (
            'def mean_instead(joined, h, H):\n    """The joined heads, with one that says the same everywhere."""\n    D = joined.shape[-1] // H\n    own = slice(h * D, (h + 1) * D)\n    changed = joined.clone()\n    changed[..., own] = joined[..., own].median()\n    return changed',
            "the median of all the head's numbers stands for the means",
        ),
        (
            'def mean_instead(joined, h, H):\n    """The joined heads, with one that says the same everywhere."""\n    D = joined.shape[-1] // H\n    own = slice(h * D, (h + 1) * D)\n    changed = joined.clone()\n    changed[..., own] = joined.mean()\n    return changed',
            "it looks as if the mean of all heads was taken",
        ),
        (
            'def mean_instead(joined, h, H):\n    """The joined heads, with one that says the same everywhere."""\n    D = joined.shape[-1] // H\n    own = slice(h * D, (h + 1) * D)\n    changed = joined.clone()\n    changed[..., own] = joined[..., own].sum(dim=(0, 1))\n    return changed',
            "it looks as if the sum was taken, not the mean",
        ),
        (
            """\
def mean_instead(joined, h, H):
    B, T, C = joined.shape
    D = C // H
    out = joined.clone()
    out[..., h] = joined[..., h].mean((0, 1))
    return out""",
            "one channel alone is replaced, number h",
        ),
        (
            """\
def mean_instead(joined, h, H):
    B, T, C = joined.shape
    D = C // H
    out = joined.clone()
    return joined[..., h * D:(h + 1) * D].mean((0, 1))""",
            "the means alone come back",
        ),
        (
            """\
def mean_instead(joined, h, H):
    B, T, C = joined.shape
    D = C // H
    out = joined.clone()
    out[..., h * D:] = joined[..., h * D:].mean((0, 1))
    return out""",
            "all heads from h on are replaced",
        ),
        (
            """\
def mean_instead(joined, h, H):
    D = joined.shape[-1] // H
    out = joined.clone()
    out[..., h * D : (h + 1) * D] = joined.view(*joined.shape[:2], H, D).mean(dim=(0, 1, 2))
    return out""",
            "the mean goes over the heads as well",
        ),
        (
            """\
def mean_instead(joined, h, H):
    D = joined.shape[-1] // H
    out = joined.clone()
    out[..., h * D : (h + 1) * D] = joined.mean(dim=(0, 1))[:D]
    return out""",
            "that is the mean of channel 0",
        ),
        (
            """\
def mean_instead(joined, h, H):
    D = joined.shape[-1] // H
    out = joined.clone()
    out[..., h * D : (h + 1) * D] = joined[..., h * D : (h + 1) * D].mean(dim=(0, 1)) / H
    return out""",
            "it is 1 / 3 times that",
        ),
    ),
    "7.5": (
        (
            'def settled(guesses):\n    """From which row on the last guess stands."""\n    final = guesses == guesses[-1]\n    stays = final.flip(0).cumprod(dim=0)  # from the last row upwards\n    return len(guesses) - stays.sum(dim=0) + 1',
            "it looks as if it is one row too late",
        ),
        (
            "def settled(guesses):\n    return (guesses == guesses[-1]).int().argmin(dim=0)",
            "position 1: yours is row 0, and the guess is not the final one in row ",
        ),
        (
            "def settled(guesses):\n    return (guesses != guesses[-1]).sum(dim=0)",
            "it looks as if it is the number of rows with another guess",
        ),
        (
            "def settled(guesses):\n    return (guesses[1:] != guesses[:-1]).sum(dim=0)",
            "it looks as if it says how often the guess changes, not since when it ",
        ),
        (
            "def settled(guesses):\n    return torch.full((guesses.shape[1],), len(guesses) - 1)",
            "where no guess ever changes, the answer is 0",
        ),
        (
            "def settled(guesses):\n    final = guesses == guesses[-1]\n    return final.cumprod(0).sum(0)",
            "it counts for how long the guess stands from the first row",
        ),
        (
            "def settled(guesses):\n    final = guesses == guesses[0]\n    return len(guesses) - final.flip(0).cumprod(0).sum(0)",
            "it looks as if the first guess is looked for, not the final one",
        ),
        (
            "def settled(guesses):\n    N, T = guesses.shape\n    return [max((n for n in range(N) if guesses[n, t] != guesses[-1, t]), default=0) for t in range(T)]",
            "it looks as if it gives the last row with another guess",
        ),
        (
            "def settled(guesses):\n    N, T = guesses.shape\n    return [min(n for n in range(N) if (guesses[n:, t] == guesses[-1, t]).any()) for t in range(T)]",
            "position 1: yours is row 0, and the guess is not the final one in row ",
        ),
        (
            "def settled(guesses):\n    N, T = guesses.shape\n    return [min(n for n in range(N) if (guesses[n:, t] == guesses[-1, t]).all()) for t in range(T)][::-1]",
            "position 0: yours is row 3, and from row 0 on the guess is the final o",
        ),
        (
            """\
def settled(guesses):
    return (guesses == guesses[-1]).sum(0)""",
            "it says for how many rows the guess is the final one, gaps",
        ),
        (
            """\
def settled(guesses):
    same = guesses == guesses[-1]
    return len(guesses) - 1 - same.cumprod(0).sum(0)""",
            "it counts upwards from the first row, and takes that from",
        ),
        (
            """\
def settled(guesses):
    changes = (guesses[1:] != guesses[:-1])
    return changes.int().argmax(0) + 1""",
            "it takes the row after the first change",
        ),
        (
            """\
def settled(guesses):
    return (guesses != guesses[-1]).sum(dim=0)""",
            "it is the number of rows with another guess",
        ),
    ),
}
