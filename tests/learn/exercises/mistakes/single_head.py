"""Wrong answers to the exercises of chapter 2, and what is said of them."""

MISTAKES: dict[str, tuple[tuple[str, str], ...]] = {
    "2.1": (
        ("output = 15.0", "15.000 is a little too small"),
        ("output = 15", "15.000 is too coarse to tell: give 3 digits"),
        ("output = 80 / 3", "all three values got the same weight"),
        ("output = 20.0", "the scores themselves are the weights"),
        ("output = 10.0", "the scores are divided by their sum without"),
        ("output = 2 * 10 + 20 + 50", "only the first score went through e"),
        ("output = 143.89", "the powers of e are not divided by their sum"),
        ("output = 80", "the values are added up"),
        ("output = 7.87", "only the first value was weighted"),
        (
            "output = 0.107 * 10 + 0.107 * 20 + 0.787 * 50",
            "the weights met the values in the opposite order",
        ),
        ("output = 26.667", "all three values got the same weight"),
        (
            "output = math.exp(2) * 10 / (math.exp(2) + 2)",
            "only the first value was weighted",
        ),
        ("output = 0.787", "this is the first weight"),
        ("output = 20.0 * 0.5 + 20 * 0.25", "15.000 is a little too small"),
        ("output = 15", "15.000 is too coarse to tell"),
        ("output = math.exp(2) * 10", "the first value was multiplied by e^2"),
        ("output = -15.326", "-15.326 is on the wrong side of zero"),
        ("output = float('nan')", "the answer is nan"),
        (
            """\
scores = torch.tensor([2.0, 0.0, 0.0]) / math.sqrt(3)
output = scores.softmax(0) @ torch.tensor([10.0, 20.0, 50.0])""",
            "the scores were divided by a root once more",
        ),
        ("output = torch.tensor([7.87, 2.13, 5.33])", "one number is wanted"),
        (
            """\
weights = torch.tensor([2.0, 0.0, 0.0]).sigmoid()
output = weights @ torch.tensor([10.0, 20.0, 50.0])""",
            "each score went through a sigmoid by itself",
        ),
        (
            "output = 10*2/3",
            "the first score was divided by 3, the number of scores, and taken for its",
        ),
        (
            "output = 20/3",
            "the first score was divided by 3, the number of scores, and taken for its",
        ),
        (
            "output = 6.667",
            "the first score was divided by 3, the number of scores, and taken for its",
        ),
        (
            "output = 6.67",
            "the first score was divided by 3, the number of scores, and taken for its",
        ),
        (
            "output = 80/3",
            "all three values got the same weight",
        ),
        (
            "output = 10*math.exp(2)",
            "the first value was multiplied by e^2, and the others left out",
        ),
        (
            "output = 10 * 0.787",
            "only the first value was weighted, and the others left out",
        ),
        (
            "output = 2*10/2",
            "the scores are divided by their sum without the powers of e. e^0 is 1, so",
        ),
        (
            "output = (20+50)/9.389",
            "the first value was left out: only the others were weighted",
        ),
        (
            "output = 22.5",
            "the weights are in the proportion 2 to 1 to 1: the first score did not go",
        ),
        (
            """\
output = 35.0""",
            "the mean of 20 and 50 is taken",
        ),
        (
            """\
output = (math.exp(2)*10 + math.exp(0)*20 + math.exp(0)*50)/math.exp(2)""",
            "the sum of powers times values was divided by e^2 alone",
        ),
        (
            "output = 50.0",
            "It lies above 26.6667, the plain mean of the values",
        ),
        (
            "output = 14.3",
            "It lies above 10, the smallest value, whose score is the largest",
        ),
    ),
    "2.2": (
        (
            "def allowed(T): return torch.ones(T, T).tril()",
            "the mask holds ones and zeros",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool().triu()",
            "triu is used for tril",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool().tril(-1)",
            "a position does not see itself",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool().tril(1)",
            "a position also sees the next one",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool().triu(1)",
            "the mask says what is forbidden",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool()",
            "everything is allowed",
        ),
        (
            "def allowed(T): return torch.eye(T).bool()",
            "a position sees only itself",
        ),
        (
            "def allowed(T): return torch.full((T, T), float('-inf')).triu(1)",
            "these are the numbers that are added to",
        ),
        (
            "def allowed(T): return torch.arange(T) <= T",
            "the result has the shape (5,)",
        ),
        (
            """\
def allowed(T):
    return torch.arange(T)[:, None] <= torch.arange(T)""",
            "triu is used for tril",
        ),
        (
            """\
def allowed(T):
    return torch.arange(T)[:, None] > torch.arange(T)""",
            "a position does not see itself",
        ),
        (
            "def allowed(T): return torch.ones(1, T, T).bool().tril()",
            "the result has the shape (1",
        ),
        (
            "def allowed(T): return torch.ones(8, 8).bool().tril()[:T, :T]",
            "the result has the shape (8",
        ),
        (
            "def allowed(T): return torch.zeros(T, T).bool().tril()",
            "nothing is allowed",
        ),
        (
            """\
def allowed(T):
    return [[t >= s for s in range(t + 1)] for t in range(T)]""",
            "the result is a list of 5 x a list of 1 x",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool().tril().triu(-7)",
            "position 8 may look at 1 to 8",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool().triu(-1)",
            "position 0 may look at 0 to 4",
        ),
        (
            """\
def allowed(T):
    gaps = torch.arange(T)[:, None] - torch.arange(T)
    return gaps.abs() <= 1""",
            "position 0 may look at 0",
        ),
        (
            "def allowed(T): return torch.ones(T, T).bool().tril().fliplr()",
            "the triangle is mirrored",
        ),
        (
            "def allowed(T): return torch.ones(T, T).tril().int()",
            "the mask holds ones and zeros",
        ),
    ),
    "2.3": (
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ q""",
            "the queries stand",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ k""",
            "the keys stand",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ x""",
            "the inputs themselves are mixed",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the mask is turned round",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(past, -1e9)
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the mask is turned round",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril(-1)
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "a position does not see itself",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril(-1)
    scores = scores.masked_fill(~past, -1e9)
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "a position does not see itself",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril(1)
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the mask is off by one",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).triu()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "triu is used for tril",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "there is no mask",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, 0.0)
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "masked scores are set to 0",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, -1.0)
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "of 4 positions",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, -50.0)
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "an earlier position changes when a later one",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, 1e-9)
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "masked scores are set to 0",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, 1e9)
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "masked scores are filled with a large",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores * past
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "masked scores are set to 0",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    weights = scores.softmax(dim=-1) * past
    return weights @ v""",
            "the mask comes after the softmax",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=1)
    return weights @ v""",
            "the softmax runs over the wrong axis",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=0)
    return weights @ v""",
            "the softmax runs over the texts of the batch",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the scores are not divided by √D",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / D
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the scores are divided by D",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(T)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the scores are divided by √T",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(x.shape[-1])
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the scores are divided by √C",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT * math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the scores are multiplied by √D",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / D ** 2
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the scores under its softmax are 0.125 times",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = k @ q.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "queries and keys are swapped",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ q.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "queries are compared with queries",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = k @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "keys are compared with keys",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = x @ x.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the inputs themselves are compared",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ v.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "queries are compared with values",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights.mT @ v""",
            "the table of weights is turned before it",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights""",
            "the weights are given back",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return scores""",
            "the scores are given back",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return scores @ v""",
            "the softmax is missing",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.log_softmax(dim=-1)
    return weights @ v""",
            "log_softmax is taken",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.sigmoid()
    return weights @ v""",
            "a sigmoid is taken of each score",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.exp()
    return weights @ v""",
            "the powers of e are not divided by their sum",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the scores are not divided by √D",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return (weights @ v).mean(1)""",
            "the result has the shape (2",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.T / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "k.T turns all axes round, that of the batch as well",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = query @ x, key @ x, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "it stops with RuntimeError",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v + x @ value""",
            "the weights of position 0 sum to 2.000",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return F.relu(weights @ v)""",
            "where all values change their sign the",
        ),
        (
            """\
def attend(query, key, value, x):
    return F.scaled_dot_product_attention(x @ query, x @ key, x @ value)""",
            "there is no mask",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    rows = [v[:, : t + 1].mean(1) for t in range(x.shape[1])]
    return torch.stack(rows, 1)""",
            "every position gives the same weight to its",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    return v.cumsum(1)""",
            "the values are added up over the past",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = query @ x, key @ x, value @ x
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the matrices stand in front of x",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "here A has 12 columns, and B has 4 rows",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x * query, x * key, x * value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "One of the two has 12 entries along axis 2, the other 4",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = query.T @ x, key.T @ x, value.T @ x
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "here A has 12 columns, and B has 5 rows",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = query.T @ x.mT, key.T @ x.mT, value.T @ x.mT
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the result has the shape (2, 4, 5) instead of (2, 5, 4): it has the right",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = query @ x.mT, key @ x.mT, value @ x.mT
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "here A has 4 columns, and B has 12 rows",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = (query.T @ x.mT).mT, (key.T @ x.mT).mT, value @ x
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "here A has 4 columns, and B has 5 rows",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = query @ x, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "here A has 4 columns, and B has 5 rows",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, value @ x
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "here A has 4 columns, and B has 5 rows",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = torch.matmul(query, x), torch.matmul(key, x), torch.matmul(value, x)
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the matrices stand in front of x",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "the keys are not turned: q meets k as it is",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.transpose(0, 1) / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "One of the two has 2 entries along axis 0, the other 5",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q.mT @ k / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "One of the two has 5 entries along axis 2, the other 4",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q * k / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v""",
            "One of the two has 5 entries along axis 2, the other 4",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return v @ weights""",
            "the values stand in front of the weights",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights * v""",
            "One of the two has 5 entries along axis 2, the other 4",
        ),
        (
            """\
def attend(query, key, value, x):
    q, k, v = x @ query, x @ key, x @ value
    T, D = q.shape[-2:]
    scores = q @ k.mT / math.sqrt(D)
    past = torch.ones(T, T, dtype=torch.bool).tril()
    scores = scores.masked_fill(~past, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v.mT""",
            "here A has 5 columns, and B has 4 rows",
        ),
    ),
    "2.4": (
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.zeros_like(tokens)
        return self.token(tokens) + self.position(positions)""",
            "every place still gets the vector of place 0",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.ones_like(tokens)
        return self.token(tokens) + self.position(positions)""",
            "every place gets one and the same vector",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[0])
        return self.token(tokens) + self.position(positions)""",
            "the places are counted along the batch",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[0])[:, None]
        return self.token(tokens) + self.position(positions)""",
            "each text of the batch gets a place",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = tokens
        return self.token(tokens) + self.position(positions)""",
            "the tokens' own numbers are looked up in the table of places",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(self.position.num_embeddings)
        return self.token(tokens) + self.position(positions)""",
            "the whole position table is added",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(1, tokens.shape[1] + 1)
        return self.token(tokens) + self.position(positions)""",
            "the places begin at 1",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1] - 1, -1, -1)
        return self.token(tokens) + self.position(positions)""",
            "the places are counted backwards",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens)""",
            "the position table is not used at all",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.position(positions)""",
            "only the place counts",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        parts = [self.token(tokens), self.position(positions)]
        return torch.cat(parts, -1)""",
            "it stops with RuntimeError",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) * self.position(positions)""",
            "the two vectors are multiplied",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) - self.position(positions)""",
            "the vector of the place is subtracted",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(vocab_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions)""",
            "there is a row for each character of the",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = range(tokens.shape[1])
        return self.token(tokens) + self.position(positions)""",
            "it stops with TypeError",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1]).float()
        return self.token(tokens) + self.position(positions)""",
            "it stops with RuntimeError",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(len(tokens[0])) // 2
        return self.token(tokens) + self.position(positions)""",
            "what is added at place 1 of text 0 is row 0",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.randint(self.position.num_embeddings, tokens.shape)
        return self.token(tokens) + self.position(positions)""",
            "what is added at place 0 of text 0 is row",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1]) % 4
        return self.token(tokens) + self.position(positions)""",
            "what is added at place 4 of text 0 is row 0",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + positions[None, :, None]""",
            "it is position.weight",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        start = self.position.num_embeddings - tokens.shape[1]
        positions = start + torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions)""",
            "the last rows of the position table are used",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.argsort(tokens)
        return self.token(tokens) + self.position(positions)""",
            "the places are numbered by the order of the",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + 0.5 * self.position(positions)""",
            "the vector of the place counts half",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions).sum(0)""",
            "the vectors of all places are added up, and each place gets the sum",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions).cumsum(0)""",
            "each place gets the vectors of all places up to it, added up",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions).mean(0)""",
            "each place gets the mean of the vectors of all places",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return (self.token(tokens) + self.position(positions)) / 2""",
            "the mean of the two vectors is taken, not their sum",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions) / 2""",
            "the vector of the place counts half",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + positions[:, None]""",
            "it is position.weight",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return (self.token(tokens) + self.position(positions)).mean(1, keepdim=True)""",
            "the sum is averaged over the places: one vector a text comes back",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return 0.5 * self.token(tokens) + self.position(positions)""",
            "what comes out is 0.500 times the vector of the token plus 1.000 times",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return 2 * self.token(tokens) + self.position(positions)""",
            "what comes out is 2.000 times the vector of the token plus 1.000 times",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions) * math.sqrt(self.position.embedding_dim)""",
            "what comes out is 1.000 times the vector of the token plus 2.449 times",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) * math.sqrt(self.position.embedding_dim) + self.position(positions)""",
            "what comes out is 2.449 times the vector of the token plus 1.000 times",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + 0.1 * self.position(positions)""",
            "what comes out is 1.000 times the vector of the token plus 0.100 times",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return torch.cat([self.token(tokens), self.position(positions).expand(len(tokens), -1, -1)], -1)""",
            "the two vectors stand one behind the other, twice as long",
        ),
        (
            """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return self.token(tokens) + self.position(positions // 2)""",
            "what is added at place 1 of text 0 is row 0 of the position table; right",
        ),
    ),
    "2.5": (
        (
            "2.404",
            "the model was trained without the way past",
        ),
        (
            "2.497",
            "only the way past was left and the head does",
        ),
        ("4.234", "the model was not trained"),
        ("3.29", "the loss is in bits"),
        (
            "2.27 - 2.40",
            "-0.130 is on the wrong side of zero",
        ),
        ("0.125", "this is how far the loss falls"),
        ("9.777", "this is the perplexity"),
        ("2.12", "2.120 is a little too small"),
        ("1.97", "1.970 is too small"),
        ("'2.28.'", "cannot be read as a number"),
        ("float('nan')", "the answer is nan"),
        ("2.493", "this is the loss of the pair counts"),
        (
            "3.287",
            "the loss is in bits. exact_loss gives nats; leave it as it is.",
        ),
        (
            "9.76",
            "this is the perplexity, e to the power of the loss. exact_loss gives nats;",
        ),
        (
            "0.101",
            "this is how far the loss falls, not where it ends",
        ),
        (
            "2.38",
            "the way past does little: the head alone comes to 2.40",
        ),
        (
            "0.102",
            "this is how far the loss falls, not where it ends",
        ),
        (
            "2.39",
            "the way past does little: the head alone comes to 2.40",
        ),
        (
            "2.379",
            "the way past does little: the head alone comes to 2.40",
        ),
        (
            "2.381",
            "the way past does little: the head alone comes to 2.40",
        ),
        (
            "0.124",
            "this is how far the loss falls, not where it ends",
        ),
        (
            "9.757",
            "this is the perplexity, e to the power of the loss. exact_loss gives nats;",
        ),
        (
            "3.286",
            "the loss is in bits. exact_loss gives nats; leave it as it is.",
        ),
        (
            """\
1.2""",
            "It lies below 1.97, what the whole GPT of chapter 6 comes to",
        ),
        (
            """\
2.6""",
            "It lies above 2.493, what the pair counts pay",
        ),
    ),
    "2.6": (
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "each position still sees the next one",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(-1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "a position does not see itself any more",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).triu() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask lets through the future",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).triu(1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask is turned round",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask hides nothing",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask is turned round",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past, float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask is not cut to the length of the",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask is not cut to the length of the",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], 0.0)
        return scores.softmax(dim=-1) @ v""",
            "masked scores are set to 0",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], -1.0)
        return scores.softmax(dim=-1) @ v""",
            "masked scores become -1, and e^-1 is still a weight",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-2) @ v""",
            "the softmax runs over the wrong axis",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the scores are not divided by √D any more",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / q.shape[-1]
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the scores are divided by D",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        return scores.softmax(dim=-1) @ v""",
            "the mask hides nothing",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask hides nothing",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        return scores.softmax(dim=-1) * self.past[:T, :T] @ v""",
            "the mask comes after the softmax",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=True)
        self.key = nn.Linear(n_embed, head_size, bias=True)
        self.value = nn.Linear(n_embed, head_size, bias=True)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the layers have biases now",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ q""",
            "no effect on the result",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ k""",
            "no effect on the result",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        scores.softmax(dim=-1) @ v""",
            "OwnHead gives back None",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(2) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask lets two places of the future",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril()
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "it stops with TypeError",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() < 1
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask is turned round",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v.detach()""",
            "is detached from the result",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores @ v""",
            "the softmax is missing",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask is turned round, and .tril(1) still stands: the last two",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(-1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the mask lets through the future instead of the past",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).triu() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "a position does not see itself any more, and the first row is empty: its",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T], -1e9)
        return scores.softmax(dim=-1) @ v""",
            "the mask is turned round: each position mixes its future, and the last",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T], -1e9)
        return scores.softmax(dim=-1) @ v""",
            "the mask is turned round, and .tril(1) still stands: each position mixes",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return x + scores.softmax(dim=-1) @ v""",
            "x, which has C channels, is added to the result, which has D",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ x""",
            "the inputs themselves are mixed, not their values",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return v + scores.softmax(dim=-1) @ v""",
            "each position's own value is added once more",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("inf"))
        return scores.softmax(dim=-1) @ v""",
            "masked scores are set to +inf, of which a softmax makes nan",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T] == 0, -1e9)
        return x + scores.softmax(dim=-1) @ v""",
            "x, which has C channels, is added to the result, which has D",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return x + scores.softmax(dim=-1) @ v""",
            "One of the two has 6 entries along axis 2, the other 3",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(self.past[:T, :T], float("-inf"))
        return scores.nan_to_num().softmax(dim=-1) @ v""",
            "the mask is turned round: each position mixes its future, and the last",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.eye(block_size) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "each position sees itself alone: the past is hidden as well",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], -1.0)
        return scores.softmax(dim=-1) @ v""",
            "masked scores become -1, and e^-1 is still a weight",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ k""",
            "the keys stand where the values should",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ v.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "queries are compared with values",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(T)
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v""",
            "the scores are divided by √T, not by √D",
        ),
        (
            """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril() > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.sigmoid() @ v""",
            "each score goes through a sigmoid by itself",
        ),
    ),
}
