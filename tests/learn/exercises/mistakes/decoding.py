"""What beginners get wrong in chapter 8's exercises."""

MISTAKES = {
    "8.1": (
        (
            "odds = 6",
            "it looks as if the odds are divided by the temperature, not the scores",
        ),
        (
            "odds = 1.5",
            "it looks as if the odds are multiplied by the temperature. The scores ",
        ),
        ("odds = '9:1'", "'9:1' cannot be read as a number"),
        (
            "odds = 0.9",
            "it looks as if this is the probability if there were only these two. O",
        ),
        (
            "odds = 3 ** 0.5",
            "it looks as if the scores are multiplied by the temperature, not divid",
        ),
        (
            "odds = 3",
            "it looks as if the odds stay as they are. The scores are divided, so t",
        ),
        (
            "odds = 4.5",
            "4.500 is 2 times too small. It lies above 3, their odds",
        ),
        (
            "odds = math.log(9)",
            "it looks as if this is the gap between the scores, not the odds. Odds ",
        ),
        (
            "odds = 0.75",
            "the probability of the likelier one at temperature 1",
        ),
        (
            "odds = math.exp(3 / 0.5)",
            "it looks as if e is raised to the power of 6: the 3 is odds already, n",
        ),
        (
            "odds = 1/9",
            "it looks as if the odds are upside down. The likelier token comes firs",
        ),
        (
            "odds = 10",
            "It lies above 3, their odds at temperature 1",
        ),
        (
            """\
odds = math.exp(3)""",
            "e is raised to the power of 3: the 3 is odds, not a gap",
        ),
        (
            """\
odds = 27""",
            "the odds were taken to the power of 3",
        ),
        (
            "odds = 3.5",
            "It lies above 3, their odds at temperature 1",
        ),
    ),
    "8.2": (
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-u.log()).log()\n    return (scores / temperature - luck).argmax(dim=-1)',
            "it looks as if the luck has the wrong sign",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-u.log()).log()\n    return ((scores + luck) / temperature).argmax(dim=-1)',
            "it looks as if the temperature has no say",
        ),
        (
            "def race(scores, temperature, u):\n    return torch.multinomial((scores / temperature).softmax(-1), 1).squeeze(-1)",
            "over 4,000 races with the scores of row 0 each token wins about as oft",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-u.log10()).log10()\n    return (scores / temperature + luck).argmax(dim=-1)',
            "it looks as if the logarithms are those to the base 10",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-(1 - u).log()).log()\n    return (scores / temperature + luck).argmax(dim=-1)',
            "the luck is that of 1 - u",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(u.log()).log()\n    return (scores / temperature + luck).argmax(dim=-1)',
            "the first minus is missing: ln u is negative, and the",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-u.log()).log()\n    return (scores / temperature * luck).argmax(dim=-1)',
            "score and luck are multiplied",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-u.log()).log()\n    return ((scores / temperature).log_softmax(-1) * luck).argmax(dim=-1)',
            "token 2 of row 0 has the probability 0.96, and it won 0.16 of 4,000 ra",
        ),
        (
            "def race(scores, temperature, u):\n    p = (scores / temperature).softmax(-1)\n    return (p > u).int().argmax(-1)",
            "the first token wins whose probability is above its own u",
        ),
        (
            "def race(scores, temperature, u):\n    p = (scores / temperature).softmax(-1)\n    return (p.cumsum(-1) > u).int().argmax(-1)",
            "the sums of the probabilities are compared with the u of",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-u.log()).log()\n    return (scores / temperature + luck).softmax(dim=-1)',
            "the result has the shape",
        ),
        (
            'def race(scores, temperature, u):\n    """Each row\'s winner, drawn as by softmax and multinomial."""\n    luck = -(-u.log()).log()\n    return (scores / temperature + luck).max(dim=-1)',
            "the result is a max of 2 x",
        ),
        (
            """\
def race(scores, temperature, u):
    return (scores / temperature - (-(1 - u).log()).log()).argmax(-1)""",
            "the luck is that of 1 - u",
        ),
        (
            """\
def race(scores, temperature, u):
    return (scores / temperature * -(-u.log()).log()).argmax(-1)""",
            "score and luck are multiplied",
        ),
        (
            """\
def race(scores, temperature, u):
    p = (scores / temperature).softmax(-1)
    return (p.cumsum(-1) > u).int().argmax(-1)""",
            "the sums of the probabilities are compared with the u of",
        ),
        (
            """\
def race(scores, temperature, u):
    return (scores - (-u.log()).log() * temperature ** 2).argmax(-1)""",
            "the temperature acts twice, as its square",
        ),
    ),
    "8.3": (
        (
            'def likeliest(scores, k):\n    """Probabilities shared by the k likeliest tokens of each row."""\n    scores[scores < scores.topk(min(k, scores.shape[-1])).values[:, -1:]] = -torch.inf\n    return scores.softmax(-1)',
            "all tokens that tie with the k-th are kept",
        ),
        (
            "def likeliest(scores, k):\n    p = scores.softmax(-1)\n    v, i = p.topk(min(k, p.shape[-1]))\n    return v / v.sum(-1, keepdim=True)",
            "the k largest probabilities come back alone, (B, k)",
        ),
        (
            "def likeliest(scores, k):\n    p = scores.softmax(-1)\n    v, i = p.topk(min(k, p.shape[-1]))\n    return torch.zeros_like(p).scatter(-1, i, v)",
            "it looks as if the softmax came before the cut, so rows sum to less th",
        ),
        (
            "def likeliest(scores, k):\n    v, i = scores.topk(min(k, scores.shape[-1]))\n    return torch.zeros_like(scores).scatter(-1, i, v).softmax(-1)",
            "it looks as if the forbidden tokens get the score 0, which is a probab",
        ),
        (
            "def likeliest(scores, k):\n    v, i = scores.topk(min(k, scores.shape[-1]))\n    return i",
            "the places of the k likeliest come back",
        ),
        (
            "def likeliest(scores, k):\n    v, i = scores.topk(min(k, scores.shape[-1]))\n    return torch.zeros_like(scores).scatter(-1, i, 1 / k)",
            "what is kept in row 0 should be a multiple of what softmax gave it, on",
        ),
        (
            "def likeliest(scores, k):\n    v = scores.sort(-1).values[:, :k][:, -1:]\n    return scores.masked_fill(scores > v, -torch.inf).softmax(-1)",
            "right only at column 3",
        ),
        (
            "def likeliest(scores, k):\n    k = min(k, scores.shape[-1])\n    v = scores.topk(k).values[:, -1:]\n    return scores.masked_fill(scores <= v, -torch.inf).softmax(-1)",
            "2 tokens of row 0 keep a probability, not 3",
        ),
        (
            "def likeliest(scores, k):\n    k = min(k, scores.shape[-1])\n    v = scores.topk(k).values.min()\n    return scores.masked_fill(scores < v, -torch.inf).softmax(-1)",
            "wrong only at row 1",
        ),
        (
            "def likeliest(scores, k):\n    k = min(k, scores.shape[-1])\n    v, i = scores.topk(k)\n    return torch.full_like(scores, -100.).scatter(-1, i, v).softmax(-1)",
            "5 tokens of row 0 keep a probability, not 2",
        ),
        (
            "def likeliest(scores, k):\n    k = min(k, scores.shape[-1])\n    v, i = scores.topk(k)\n    return torch.zeros_like(scores).scatter(-1, i, v.exp())",
            "the probabilities of row 0 sum to 108.293, not to 1",
        ),
        (
            """\
def likeliest(scores, k):
    k = min(k, scores.shape[-1])
    keep = torch.zeros_like(scores).scatter(-1, scores.topk(k).indices, 1.0)
    return keep / k""",
            "the k that stay get equal shares",
        ),
        (
            """\
def likeliest(scores, k):
    k = min(k, scores.shape[-1])
    keep = torch.zeros_like(scores).scatter(-1, scores.topk(k).indices, 1.0)
    e = scores.softmax(-1) * keep
    return e / e.sum()""",
            "the shares are divided by the sum of all rows",
        ),
        (
            """\
def likeliest(scores, k):
    k = min(k, scores.shape[-1])
    keep = torch.zeros_like(scores).scatter(-1, scores.topk(k).indices, 1.0)
    e = scores * keep
    return e / e.sum(-1, keepdim=True)""",
            "the scores themselves are divided by their sum",
        ),
    ),
    "8.4": (
        (
            "def nucleus(scores, p):\n    s, order = scores.softmax(-1).sort(-1, descending=True)\n    return torch.zeros_like(scores).bool().scatter(-1, order, s.cumsum(-1) <= p)",
            "only tokens count whose sum with all likelier ones is at",
        ),
        (
            "def nucleus(scores, p):\n    return scores.softmax(-1) >= p",
            "it looks as if each token is compared with p by itself",
        ),
        (
            "def nucleus(scores, p):\n    return scores.softmax(-1).cumsum(-1) <= p",
            "only tokens count whose sum with all likelier ones is at",
        ),
        (
            "def nucleus(scores, p):\n    k = int(p * scores.shape[-1]) or 1\n    i = scores.topk(k).indices\n    return torch.zeros_like(scores).bool().scatter(-1, i, True)",
            "row 0 keeps 7 tokens, and fewer would have 0.9 already",
        ),
        (
            "def nucleus(scores, p):\n    s, order = scores.softmax(-1).sort(-1, descending=True)\n    keep = s.cumsum(-1) - s < p\n    return torch.where(keep, s, 0.)",
            "the result should hold True and False",
        ),
        (
            "def nucleus(scores, p):\n    s, order = scores.sort(-1, descending=True)\n    s = s.softmax(-1)\n    return torch.zeros_like(scores).scatter(-1, order, (s.cumsum(-1) - s < p).float())",
            "the result should hold True and False",
        ),
        (
            "def nucleus(scores, p):\n    s, order = scores.softmax(-1).sort(-1, descending=True)\n    keep = s.cumsum(-1) < p\n    keep[:, 0] = True\n    return torch.zeros_like(scores).bool().scatter(-1, order, keep)",
            "what is kept in row 0 has only 0.89 of 0.9",
        ),
        (
            "def nucleus(scores, p):\n    s, order = scores.softmax(-1).sort(-1, descending=True)\n    keep = s.cumsum(-1) - s < p\n    return keep[torch.arange(len(s))[:, None], order]",
            "it looks as if the sorting was undone the wrong way round",
        ),
        (
            "def nucleus(scores, p):\n    s, order = scores.softmax(-1).sort(-1)\n    return torch.zeros_like(scores).bool().scatter(-1, order, s.cumsum(-1) > p)",
            "what is kept in row 0 has only 0.56 of 0.9",
        ),
        (
            "def nucleus(scores, p):\n    s, order = scores.flatten().softmax(-1).sort(-1, descending=True)\n    return torch.zeros_like(scores.flatten()).bool().scatter(-1, order, s.cumsum(-1) - s < p).view_as(scores)",
            "what is kept in row 0 has only 0.56 of 0.9",
        ),
        (
            """\
def nucleus(scores, p):
    probs = scores.softmax(-1)
    v, i = probs.sort(-1, descending=True)
    c = v.cumsum(-1)
    keep = c <= p
    return torch.zeros_like(keep).scatter(-1, i, keep)""",
            "only tokens count whose sum with all likelier ones is at",
        ),
        (
            """\
def nucleus(scores, p):
    probs = scores.softmax(-1)
    return probs.cumsum(-1) - probs < p""",
            "the tokens are added up in the order of their numbers, not",
        ),
        (
            """\
def nucleus(scores, p):
    probs = scores.softmax(-1)
    return probs >= 1 - p""",
            "each token is compared with 1 - p by itself",
        ),
    ),
    "8.5": (
        (
            "def distinct_in(rows, n):\n    return len(rows.unique()) / rows.numel()",
            "it looks as if single tokens are counted, whatever n is",
        ),
        (
            "def distinct_in(rows, n):\n    t = rows.flatten().tolist()\n    r = [tuple(t[i:i+n]) for i in range(len(t)-n+1)]\n    return len(set(r)) / len(r)",
            "it looks as if the rows are joined: some runs begin in one text and en",
        ),
        (
            "def distinct_in(rows, n):\n    r = [tuple(x[i:i+n]) for x in rows.tolist() for i in range(len(x)-n)]\n    return len(set(r)) / max(1, len(r))",
            "1 2 1 2 1 2 1 2 has 7 runs of 2, of which 2 are different, and gives 0",
        ),
        (
            "def distinct_in(rows, n):\n    r = [tuple(x[i:i+n]) for x in rows.tolist() for i in range(len(x))]\n    return len(set(r)) / len(r)",
            "it looks as if shorter runs at the end of each row are counted too",
        ),
        (
            "def distinct_in(rows, n):\n    r = [str(x[i:i+n]) for x in rows.tolist() for i in range(0, len(x)-n+1, n)]\n    return len(set(r)) / len(r)",
            "it looks as if the runs do not overlap: every n-th place begins one",
        ),
        (
            "def distinct_in(rows, n):\n    r = [''.join(map(str, x[i:i+n])) for x in rows.tolist() for i in range(len(x)-n+1)]\n    return len(set(r)) / len(r)",
            "it looks as if runs are compared as joined digits, so 1 12 is 11 2",
        ),
        (
            "def distinct_in(rows, n):\n    r = [frozenset(x[i:i+n]) for x in rows.tolist() for i in range(len(x)-n+1)]\n    return len(set(r)) / len(r)",
            "runs are compared as sets: which tokens they hold, not in",
        ),
        (
            "def distinct_in(rows, n):\n    r = [tuple(x[i:i+n]) for x in rows.tolist() for i in range(len(x)-n+1)]\n    return len(r) / len(set(r))",
            "it looks as if the fraction is upside down",
        ),
        (
            "def distinct_in(rows, n):\n    r = [tuple(x[i:i+n+1]) for x in rows.tolist() for i in range(len(x)-n+1)]\n    return len(set(r)) / len(r)",
            "the runs that are compared are one token longer than n, and",
        ),
        (
            "def distinct_in(rows, n):\n    r = rows.unfold(1, n, 1)\n    return len(r.unique()) / len(r)",
            "two rows of 6 different tokens repeat no run of 2, so they should give",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = rows.unfold(0, n, 1).flatten(0, 1)
    return len({tuple(r) for r in runs.tolist()}) / len(runs)""",
            "the window slides over the texts, not over the places of a text",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = rows.unfold(1, n, 1).flatten(0, 1)
    base = int(rows.max())
    return len({sum(x * base**i for i, x in enumerate(r)) for r in runs.tolist()}) / len(runs)""",
            "runs are compared as numbers in a base that is the largest token: it has",
        ),
        (
            """\
def distinct_in(rows, n):
    V = rows.max()
    runs = rows.unfold(1, n, 1).flatten(0, 1)
    codes = (runs * V ** torch.arange(n)).sum(-1)
    return len(codes.unique()) / len(codes)""",
            "runs are compared as numbers in a base that is the largest token: it has",
        ),
        (
            """\
def distinct_in(rows, n):
    V = rows.max()
    runs = rows.unfold(1, n, 1).flatten(0, 1)
    codes = (runs * V ** torch.arange(n).flip(0)).sum(-1)
    return len(codes.unique()) / len(codes)""",
            "runs are compared as numbers, the first token in front, in a base that is",
        ),
        (
            """\
def distinct_in(rows, n):
    V = len(rows.unique())
    runs = rows.unfold(1, n, 1).flatten(0, 1)
    codes = (runs * V ** torch.arange(n)).sum(-1)
    return len(codes.unique()) / len(codes)""",
            "runs are compared as numbers in a base that is the number of different",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = rows.unfold(1, n, 1).flatten(0, 1)
    return len(runs.unique()) / len(runs)""",
            "the different tokens are counted, and not the different runs",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = rows.unfold(1, n, 1).flatten(0, 1)
    return len({sum(r) for r in runs.tolist()}) / len(runs)""",
            "runs are compared by the sum of their tokens",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = []
    for row in rows.tolist():
        for i in range(len(row) - n + 1):
            runs.append(frozenset(row[i:i + n]))
    return len(set(runs)) / len(runs)""",
            "runs are compared as sets: which tokens they hold, not in",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = []
    for row in rows.tolist():
        for i in range(len(row) - n + 1):
            runs.append(tuple(row[i:i + n]))
    return len(set(runs)) // len(runs)""",
            "the division drops what is behind the point",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = []
    for row in rows.tolist():
        for i in range(len(row) - n + 1):
            runs.append(tuple(row[i:i + n - 1]))
    return len(set(runs)) / len(runs)""",
            "the runs that are compared are one token shorter than n,",
        ),
        (
            """\
def distinct_in(rows, n):
    runs = [tuple(row[i : i + n].tolist()) for row in rows.T for i in range(len(row) - n + 1)]
    return len(set(runs)) / len(runs)""",
            "the runs go down the batch",
        ),
    ),
    "8.6": (
        (
            "cache_bytes = lambda B, T, C, L, H, size: B * T * C * L * size",
            "it looks as if only the keys are kept, not the values",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C * L",
            "it looks as if these are numbers, not bytes",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C * L * H * size",
            "it looks as if the heads are counted on top of the channels",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * T * H * L * size",
            "twice the T, with the rest as it is, should take 2 times the bytes, an",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 3 * B * T * C * L * size",
            "it looks as if the queries are kept as well",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * C * L * size",
            "it looks as if only one token is counted",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * T * C * L * size",
            "it looks as if only one text is counted",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C / H * L * size",
            "it looks as if only one head is counted",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C * L * size / 1e6",
            "in every case it is 1 / 1,000,000 times the right one",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C * size",
            "it looks as if only one layer is counted",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 4 * B * T * C * L * size",
            "in every case it is 2 times the right one",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C * L * size / 8",
            "in every case it is 1 / 8 times the right one",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * (B + T + C) * L * size",
            "twice the B, with the rest as it is, should take 2 times the bytes, an",
        ),
        (
            "cache_bytes = lambda B, T, C, L, H, size: 2 * B * T * C * L * 4",
            "twice the size, with the rest as it is, should take 2 times the bytes,",
        ),
    ),
    "8.7": (
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = torch.arange(past)\n        return self.token(new) + self.position(places)",
            "it looks as if these are the places of the past",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = torch.arange(past + new.shape[1])\n        return self.token(new) + self.position(places)",
            "the result has the shape",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = past * torch.arange(new.shape[1])\n        return self.token(new) + self.position(places)",
            "it looks as if past is a factor of the places",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = torch.tensor([past])\n        return self.token(new) + self.position(places)",
            "it looks as if all new tokens get one and the same place",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = past + torch.arange(new.shape[1])\n        return self.token(new)",
            "no effect on the result",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = past + torch.arange(new.shape[1])\n        return self.token(new) + self.position(places).detach()",
            "some of what it learns is detached from the result, and gets no gradie",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = past + torch.arange(new.shape[1])\n        return self.token(new) * self.position(places)",
            "it looks as if the two vectors are multiplied, not added",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = past - torch.arange(new.shape[1]).clamp(max=past)\n        return self.token(new) + self.position(places)",
            "the new token at place 1 of text 0 got row 0 of the position table",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = past + torch.arange(new.shape[1])\n        return torch.cat([self.token(new), self.position(places).expand(len(new), -1, -1)], -1)",
            "the vector of the place stands behind that of the token,",
        ),
        (
            "class GrowingText(nn.Module):\n    def __init__(self, vocab_size, n_embed, block_size):\n        super().__init__()\n        self.token = nn.Embedding(vocab_size, n_embed)\n        self.position = nn.Embedding(block_size, n_embed)\n\n    def forward(self, new, past):\n        places = (past + torch.arange(new.shape[1])) % 8\n        return self.token(new) + self.position(places)",
            "the new token at place 9 of text 0 got row 1 of the position table",
        ),
        (
            """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        places = torch.arange(new.shape[1]) + past - 1
        return self.token(new) + self.position(places)""",
            "the places are one too low, and at past = 0 there is none",
        ),
        (
            """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        return self.token(new)""",
            "the places are left out",
        ),
        (
            """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        places = torch.arange(new.shape[1])
        return self.token(new + past) + self.position(places)""",
            "past is added to the tokens' numbers, or taken from their",
        ),
        (
            """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        places = torch.arange(new.shape[1]) + new
        return self.token(new) + self.position(places)""",
            "the tokens' own numbers are added to their places",
        ),
        (
            """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        places = torch.arange(new.shape[1]) + new.shape[0] * past
        return self.token(new) + self.position(places)""",
            "past is counted once for each text of the batch",
        ),
        (
            """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        places = torch.arange(new.shape[1]).clamp(min=past)
        return self.token(new) + self.position(places)""",
            "of text 0 got row 9 of the position table",
        ),
        (
            """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        places = past + torch.arange(new.shape[1])
        return self.token(new) + self.position(places).mean(dim=0)""",
            "has one vector when it is read together with others and another",
        ),
    ),
    "8.8": (
        (
            "def closed(tokens, n, V):\n    out = torch.zeros(V, dtype=torch.bool)\n    out[tokens[-n:]] = True\n    return out",
            "with token 0 the run [1, 2, 0] is new",
        ),
        (
            "def closed(tokens, n, V):\n    out = torch.zeros(V, dtype=torch.bool)\n    out[tokens] = True\n    return out",
            "with token 0 the run [1, 2, 0] is new",
        ),
        (
            "def closed(tokens, n, V):\n    t = tokens.tolist()\n    out = torch.zeros(V, dtype=torch.bool)\n    for i in range(len(t) - n + 1):\n        if t[i:i + n] == t[-n:]:\n            out[t[i]] = True\n    return out",
            "with token 0 the run [1, 2, 0] is new",
        ),
        (
            "def closed(tokens, n, V):\n    t = tokens.tolist()\n    out = torch.zeros(V, dtype=torch.bool)\n    for i in range(len(t) - n):\n        if t[i:i + n - 1] == t[len(t) - n + 1:]:\n            out[t[i + n - 1]] = True\n    return out",
            "the run before the last n - 1 tokens' own is missed: the",
        ),
        (
            "def closed(tokens, n, V):\n    t = tokens.tolist()\n    out = torch.zeros(V, dtype=torch.bool)\n    for i in range(len(t) - n + 1):\n        if sorted(t[i:i + n - 1]) == sorted(t[len(t) - n + 1:]):\n            out[t[i + n - 1]] = True\n    return out",
            "with token 0 the run [1, 0, 0] is new",
        ),
        (
            "def closed(tokens, n, V):\n    t = tokens.tolist()\n    j = ''.join(map(str, t[len(t) - n + 1:]))\n    out = torch.zeros(V, dtype=torch.bool)\n    for i in range(len(t) - n + 1):\n        if ''.join(map(str, t[i:i + n - 1])) == j:\n            out[t[i + n - 1]] = True\n    return out",
            "with token 5 the run [1, 12, 5] is new",
        ),
        (
            "def closed(tokens, n, V):\n    t = tokens.tolist()\n    return [t[i + n - 1] for i in range(len(t) - n + 1) if t[i:i + n - 1] == t[len(t) - n + 1:]]",
            "the tokens that are closed are listed, not marked",
        ),
        (
            "def closed(tokens, n, V):\n    return torch.zeros(V, dtype=torch.bool)",
            "with token 3 the run [1, 2, 3] stands in the text",
        ),
        (
            'def closed(tokens, n, V):\n    """True for a next token that would repeat a run of n."""\n    forbidden = torch.zeros(V, dtype=torch.bool)\n    if len(tokens) < n:\n        return forbidden\n    runs = tokens.unfold(0, n, 1)\n    begun = tokens[len(tokens) - n + 1 :]\n    same = (runs[:, :-1] == begun).all(dim=1)\n    forbidden[runs[same, -1]] += 1\n    return forbidden',
            "it stops with RuntimeError: result type Long can't be cast to the desi",
        ),
        (
            'def closed(tokens, n, V):\n    """True for a next token that would repeat a run of n."""\n    forbidden = torch.zeros(V, dtype=torch.bool)\n    runs = tokens.unfold(0, n, 1)\n    begun = tokens[len(tokens) - n + 1 :]\n    same = (runs[:, :-1] == begun).all(dim=1)\n    forbidden[runs[same, -1]] = True\n    return forbidden',
            "it stops with RuntimeError: maximum size for tensor at dimension 0 is ",
        ),
        (
            'def closed(tokens, n, V):\n    """True for a next token that would repeat a run of n."""\n    forbidden = torch.zeros(V, dtype=torch.bool)\n    if len(tokens) < n:\n        return forbidden\n    runs = tokens.unfold(0, n, 1)\n    begun = tokens[len(tokens) - n + 1 :]\n    same = (runs[:, 1:] == begun).all(dim=1)\n    forbidden[runs[same, -1]] = True\n    return forbidden',
            "the last tokens of a run are compared, not its first",
        ),
        (
            """\
def closed(tokens, n, V):
    out = torch.zeros(V, dtype=torch.bool)
    seq = tokens.tolist()
    last = seq[-(n - 1):]
    for i in range(len(seq) - n):
        if seq[i:i + n - 1] == last:
            out[seq[i + n - 1]] = True
    return out""",
            "the run before the last n - 1 tokens' own is missed: the",
        ),
        (
            """\
def closed(tokens, n, V):
    out = torch.zeros(V, dtype=torch.bool)
    seq = tokens.tolist()
    last = seq[-(n - 1):]
    for i in range(len(seq) - n + 1):
        if seq[i:i + n - 1] == last:
            out[seq[i + n - 2]] = True
    return out""",
            "the token before the last of the run is closed",
        ),
        (
            """\
def closed(tokens, n, V):
    out = torch.zeros(V, dtype=torch.bool)
    seq = tokens.tolist()
    last = set(seq[-(n - 1):])
    for i in range(len(seq) - n + 1):
        if set(seq[i:i + n - 1]) == last:
            out[seq[i + n - 1]] = True
    return out""",
            "runs are compared as sets: the same tokens in any order",
        ),
    ),
}
