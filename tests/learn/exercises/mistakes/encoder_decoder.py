"""What beginners get wrong in chapter 9's exercises."""

MISTAKES = {
    "9.1": (
        (
            "second_reading = lambda C, L: L * 4 * C * C",
            "it looks as if the third norm and the projection's bias are forgotten",
        ),
        (
            "second_reading = lambda C, L: L * (4 * C * C + C)",
            "it looks as if the third norm is forgotten",
        ),
        (
            "second_reading = lambda C, L: 4192 * L",
            "it looks as if C has no say: 4,192 is the number for C = 32",
        ),
        (
            "second_reading = lambda C, L: L * (4 * C * C + 2 * C)",
            "it looks as if C numbers a layer are missing: the norm's shift, or the",
        ),
        (
            "second_reading = lambda C, L: L * (3 * C * C + 2 * C)",
            "it looks as if the projection is forgotten",
        ),
        (
            "second_reading = lambda C, L: 4 * C * C + 3 * C",
            "it looks as if only one layer is counted",
        ),
        (
            "second_reading = lambda C, L: L * (4 * C * C + 4 * C)",
            "the third norm is forgotten; and queries, keys and values",
        ),
        (
            "second_reading = lambda C, L: L * (4 * C * C + 6 * C)",
            "it looks as if queries, keys and values got biases",
        ),
        (
            "second_reading = lambda C, L: L * (4 * (C * C + C) + 2 * C)",
            "it looks as if queries, keys and values got biases",
        ),
        (
            "second_reading = lambda C, L: L * (12 * C * C)",
            "3 x C x L too little and 8 x C x C x L too much",
        ),
        (
            "second_reading = lambda C, L: L * (3 * C * C + C * C)",
            "it looks as if the third norm and the projection's bias are forgotten",
        ),
        (
            "second_reading = lambda C, L: L * (C * C + 3 * C)",
            "in every case it is 3 x C x C x L too little",
        ),
        (
            "def second_reading(C, L):\n    return 131 * C * L",
            "a layer of yours has 0 C² + 131 C: neither the C² nor the C is right",
        ),
        (
            "def second_reading(C, L):\n    return L * (8 * C * C + C * C // 4 + 3 * C)",
            "a layer of yours has 8.25 C² + 3 C: the C is right, the other is not",
        ),
        (
            "def second_reading(C, L):\n    return L * (12 * C * C + 13 * C)",
            "queries, keys and values got biases; and a whole encoder",
        ),
        (
            "def second_reading(C, L):\n    return L * (12 * C * C + 10 * C)",
            "it looks as if a whole encoder layer is counted",
        ),
        (
            "def second_reading(C, L):\n    return L * (4 * C + 3 * C)",
            "a layer of yours has 0 C² + 7 C: neither",
        ),
        (
            "def second_reading(C, L):\n    return L * (4 * C * C + 3)",
            "a layer of yours has 4 C² + 0 C + 3: the C² is right, the other is not, and no number should be left that does not grow with C",
        ),
        (
            "second_reading = lambda C, L: L * (2 * C * C + 2 * C + 7)",
            "a layer of yours has 2 C² + 2 C + 7: neither",
        ),
        (
            "def second_reading(C, L):\n    return (L - 1) * (4 * C * C + 3 * C)",
            "with C = 32 and L = 1 there is something to learn, and yours is 0",
        ),
        (
            """\
def second_reading(C, L):
    return L * 4 * (C * C + C)""",
            "the third norm is forgotten; and queries, keys and values",
        ),
    ),
    "9.2": (
        (
            "def lesson(words, start, end, pad):\n    return torch.tensor([[start, *w] for w in words]), torch.tensor([[*w, end] for w in words])",
            "it stops with ValueError: expected sequence of length 4 at dim 1",
        ),
        (
            "def lesson(words, start, end, pad):\n    m = max(map(len, words))\n    r = torch.tensor([[start, *w] + [pad] * (m - len(w)) for w in words])\n    return r",
            "two tensors are wanted, what is read and what is said, each with rows ",
        ),
        (
            "def lesson(words, start, end, pad):\n    m = max(map(len, words))\n    r = torch.tensor([[start, *w] + [pad] * (m - len(w)) for w in words])\n    s = torch.tensor([[*w, end] + [pad] * (m - len(w)) for w in words])\n    return s, r",
            "it looks as if what is read and what is said are exchanged",
        ),
        (
            "def lesson(words, start, end, pad):\n    m = len(words[0])\n    r = torch.tensor([[start, *w][:m + 1] + [pad] * (m - len(w)) for w in words])\n    s = torch.tensor([[*w, end][:m + 1] + [pad] * (m - len(w)) for w in words])\n    return r, s",
            "the result has the shape",
        ),
        (
            "def lesson(words, start, end, pad):\n    m = max(map(len, words))\n    r = torch.tensor([[start, *w, end] + [pad] * (m - len(w)) for w in words])\n    s = torch.tensor([[*w, end, pad] + [pad] * (m - len(w)) for w in words])\n    return r, s",
            "it looks as if a place for nothing is left at the end of every row",
        ),
        (
            "def lesson(words, start, end, pad):\n    m = max(map(len, words))\n    r = torch.tensor([[start, *w] + [0] * (m - len(w)) for w in words])\n    s = torch.tensor([[*w, end] + [-1] * (m - len(w)) for w in words])\n    return r, s",
            "behind END nothing is to be said: PAD, 0, and row 1 has -1 there",
        ),
        (
            "def lesson(words, start, end, pad):\n    m = max(map(len, words))\n    r = torch.tensor([[*w, end] + [pad] * (m - len(w)) for w in words])\n    s = torch.tensor([[start, *w] + [pad] * (m - len(w)) for w in words])\n    return r, s",
            "it looks as if what is read and what is said are exchanged",
        ),
        (
            "def lesson(words, start, end, pad):\n    return 3",
            "two tensors are wanted, what is read and what is said, each with rows ",
        ),
        (
            "def lesson(words, start, end, pad):\n    return words, words",
            "two tensors are wanted, what is read and what is said, each with rows ",
        ),
        (
            "def lesson(words, start, end, pad):\n    m = max(map(len, words))\n    r = torch.tensor([[start, *w] + [pad] * (m - len(w)) for w in words])\n    s = torch.tensor([[*w[::-1], end] + [pad] * (m - len(w)) for w in words])\n    return r, s",
            "the right numbers stand in the wrong places",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = [[start] + w + [pad] * (T - len(w) - 1) for w in words]\n    say = [w + [pad] * (T - len(w) - 1) + [end] for w in words]\n    return torch.tensor(read), torch.tensor(say)",
            "it looks as if END stands behind the padding",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = [[start] + w + [2] * (T - len(w) - 1) for w in words]\n    say = [w + [1] + [2] * (T - len(w) - 1) for w in words]\n    return torch.tensor(read), torch.tensor(say)",
            "row 0 of the answers says END, 2, 0 times, not once; right only at tensor 0",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = [[start] + w + [pad] * (T - len(w) - 1) for w in words]\n    say = [[start] + w[1:] + [end] + [pad] * (T - len(w) - 1) for w in words]\n    return torch.tensor(read), torch.tensor(say)",
            "it looks as if START is said too, in place of the first letter",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = [[start] + w + [pad] * (T - len(w) - 1) for w in words]\n    say = [w + ([end] + [pad] * (T - len(w) - 1) if len(w) < T - 1 else [pad]) for w in words]\n    return torch.tensor(read), torch.tensor(say)",
            "it looks as if the longest words have no END",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = [[start] + w + [pad] * (T - len(w) - 1) for w in words]\n    say = [r[1:] + [end] for r in read]\n    return torch.tensor(read), torch.tensor(say)",
            "it looks as if END stands behind the padding",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = [[start] + w + [end] * (T - len(w) - 1) for w in words]\n    say = [w + [end] + [start] * (T - len(w) - 1) for w in words]\n    return torch.tensor(read), torch.tensor(say)",
            "it looks as if START is said behind END, where nothing is to be said",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = [[start] + w + [pad] * (T - len(w) - 1) for w in words]\n    say = [w + [pad] * (T - len(w)) for w in words]\n    return torch.tensor(read), torch.tensor(say)",
            "it looks as if END is never said, and PAD stands in its place",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = torch.full((len(words), T), pad)\n    say = torch.full((len(words), T), pad)\n    for b, w in enumerate(sorted(words, key=len)):\n        read[b, :len(w) + 1] = torch.tensor([start] + w)\n        say[b, :len(w) + 1] = torch.tensor(w + [end])\n    return read, say",
            "the rows stand in another order than the words: row 0 says [5, 2, 0, 0], and word 0 is [7, 8, 9]",
        ),
        (
            "def lesson(words, start, end, pad):\n    T = max(len(w) for w in words) + 1\n    read = torch.full((len(words), T), start)\n    say = torch.full((len(words), T), pad)\n    for b, w in enumerate(words):\n        read[b, 1:len(w) + 1] = torch.tensor(w)\n        say[b, :len(w)] = torch.tensor(w)\n    say[:, -1] = end\n    return read, say",
            "it looks as if END stands behind the padding",
        ),
        (
            """\
def lesson(words, start, end, pad):
    T = max(map(len, words)) + 1
    reads, says = [], []
    for w in words:
        r = [start] + w
        s = [start] + w
        reads.append(r + [pad] * (T - len(r)))
        says.append(s + [pad] * (T - len(s)))
    return torch.tensor(reads), torch.tensor(says)""",
            "what should be said is what is read: START first, and no END",
        ),
        (
            """\
def lesson(words, start, end, pad):
    T = max(map(len, words)) + 1
    reads, says = [], []
    for w in words:
        r = [start] + w
        s = w + [start]
        reads.append(r + [pad] * (T - len(r)))
        says.append(s + [pad] * (T - len(s)))
    return torch.tensor(reads), torch.tensor(says)""",
            "START is said in the place of END",
        ),
        (
            """\
def lesson(words, start, end, pad):
    T = max(map(len, words)) + 1
    reads, says = [], []
    for w in words:
        r = [end] + w
        s = w + [start]
        reads.append(r + [pad] * (T - len(r)))
        says.append(s + [pad] * (T - len(s)))
    return torch.tensor(reads), torch.tensor(says)""",
            "START and END are exchanged",
        ),
        (
            """\
def lesson(words, start, end, pad):
    T = max(len(word) for word in words) + 1
    read = torch.full((len(words), T), pad)
    said = torch.full((len(words), T), pad)
    for n, word in enumerate(words):
        row = [start, *word, end]
        read[n, : len(word) + 1] = torch.tensor(row[:-1])
        said[n, : len(word) + 1] = torch.tensor(row[:-1])
    return read, said""",
            "what should be said is what is read: START first, and no END",
        ),
    ),
    "9.3": (
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / q.shape[-1]\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "the scores are divided by D, not by its root",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], -100.0)\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "the result changes when the padding of memory does",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return (weights @ v).mean(1)',
            "the result has the shape",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = k @ q.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "the result changes when the padding of memory does",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=1)\n    return weights @ v',
            "it looks as if the softmax runs over those who ask, not over what is r",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.sigmoid()\n    return weights @ v',
            "where all of memory is alike, its one value should come out, and somet",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None, :1], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "the result changes when the padding of memory does",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real, float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "the mask lacks an axis: real is (B, S), the scores (B, T, S)",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ memory',
            "memory itself is mixed, not its values",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return x + weights @ v',
            "x, which has C channels, is added to the result, which has D",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores\n    return weights @ v',
            "the softmax is missing: -inf times a value is no number",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], 1e-9)\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "it looks as if padding gets the score 0, which is still a weight",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights.mT @ v',
            "the result changes when the padding of memory does",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(k.shape[1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "with scores 1.15 times as large it would be right: look at what they a",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores * real[:, None]\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "it looks as if padding gets the score 0, which is still a weight",
        ),
        (
            "def look_across(query, key, value, x, memory, real):\n    q, k, v = x @ query, memory @ key, memory @ value\n    s = q @ k.mT / math.sqrt(q.shape[-1])\n    s = s.masked_fill(~real[:, None], -math.inf)\n    w = s.exp()\n    return w @ v",
            "it looks as if the weights are e^score, and are not divided by their sum",
        ),
        (
            "look_across = lambda query, key, value, x, memory, real: 1e-6 * (((x @ query) @ (memory @ key).mT / math.sqrt(query.shape[1])).masked_fill(~real[:, None], -math.inf).softmax(-1) @ (memory @ value))",
            "every number is 1.00e-06 times the right one",
        ),
        (
            "def look_across(query, key, value, x, memory, real):\n    q, k, v = x @ query, x @ key, x @ value\n    s = q @ k.mT / math.sqrt(q.shape[-1])\n    T = x.shape[1]\n    w = F.softmax(s, -1)\n    return w @ v",
            "there is no padding mask; and x reads itself: memory has no",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = (q @ k.mT).abs() / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "the result is the same for x and for -x",
        ),
        (
            'def look_across(query, key, value, x, memory, real):\n    """For each position of x, a weighted mean of memory\'s values."""\n    q, k, v = x @ query, memory @ key, memory @ value\n    scores = k.shape[0] * 0 - q @ k.mT / math.sqrt(q.shape[-1])\n    scores = scores.masked_fill(~real[:, None], float("-inf"))\n    weights = scores.softmax(dim=-1)\n    return weights @ v',
            "the scores have the wrong sign",
        ),
        (
            """\
def look_across(query, key, value, x, memory, real):
    q, k, v = x @ query, memory @ key, memory @ value
    D = query.shape[1]
    s = q @ k.mT / math.sqrt(D)
    s = s.masked_fill(~real[:, None], -math.inf)
    return s.softmax(-1) @ memory""",
            "memory itself is mixed, not its values",
        ),
        (
            """\
def look_across(query, key, value, x, memory, real):
    q, k, v = x @ query, memory @ key, memory @ value
    D = query.shape[1]
    s = q @ k.mT / math.sqrt(D)
    s = s.masked_fill(~real, -math.inf)
    return s.softmax(-1) @ v""",
            "the mask lacks an axis: real is (B, S), the scores (B, T, S)",
        ),
        (
            """\
def look_across(query, key, value, x, memory, real):
    q, k, v = x @ query, x @ key, x @ value
    s = q @ k.mT / math.sqrt(query.shape[1])
    return s.softmax(-1) @ v""",
            "there is no padding mask; and x reads itself: memory has no",
        ),
        (
            """\
def look_across(query, key, value, x, memory, real):
    q, k, v = memory @ query, x @ key, memory @ value
    s = q @ k.mT / math.sqrt(query.shape[1])
    s = s.masked_fill(~real[:, :, None], -math.inf)
    return s.softmax(-1) @ v""",
            "memory asks and x is asked",
        ),
    ),
    "9.4": (
        (
            "def one_row(S, T):\n    return torch.ones(S + T, S + T, dtype=torch.bool).tril()",
            "it looks as if the source reads from left to right, as in a GPT",
        ),
        (
            "def one_row(S, T):\n    m = torch.zeros(S + T, S + T, dtype=torch.bool)\n    m[:S, :S] = True\n    m[S:, S:] = torch.ones(T, T).tril().bool()\n    return m",
            "it looks as if the target does not see the source",
        ),
        (
            "def one_row(S, T):\n    m = torch.zeros(T, S + T, dtype=torch.bool)\n    m[:, :S] = True\n    m[:, S:] = torch.ones(T, T).tril().bool()\n    return m",
            "the result has the shape",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(S + T, S + T).tril()\n    m[:, :S] = 1\n    return m",
            "it looks as if the mask holds ones and zeros instead of True and False",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(S + T, S + T, dtype=torch.bool).tril(S)\n    return m",
            "what the source sees of the target is wrong",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(S + T, S + T, dtype=torch.bool).tril()\n    m[:S] = True\n    return m",
            "it looks as if the source sees the target, which is not written yet",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(S + T, S + T, dtype=torch.bool).triu()\n    m[:, :S] = True\n    return m",
            "triu is used for tril",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(S + T, S + T, dtype=torch.bool).tril()\n    m[:, :S + 1] = True\n    return m",
            "what the source sees of the target is wrong",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(S + T, S + T, dtype=torch.bool).tril()\n    m[:, T:] = True\n    return m",
            "what the source sees of the source is wrong",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(S + T, S + T, dtype=torch.bool).tril()\n    m[:, :S] = True\n    return torch.zeros(S + T, S + T).masked_fill(~m, -torch.inf)",
            "these are the numbers that are added to scores, 0 and -inf",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(10, 10).tril().bool()\n    m[:, :S] = True\n    return m[:S + T, :S + T]",
            "the result has the shape (10, 10) instead of (90, 90)",
        ),
        (
            "def one_row(S, T):\n    m = torch.ones(64, 64).tril().bool()\n    m[:, :S] = True\n    return m[:S + T, :S + T]",
            "the result has the shape (64, 64) instead of (90, 90)",
        ),
        (
            """\
def one_row(S, T):
    N = S + T
    m = torch.zeros(N, N, dtype=torch.bool)
    m[:S, :S] = True
    m[S:, :S] = True
    m[S:, S:] = torch.ones(T, T).triu().bool()
    return m""",
            "the target sees of the target only what is still to come",
        ),
        (
            """\
def one_row(S, T):
    N = S + T
    m = torch.zeros(N, N, dtype=torch.bool)
    m[:S, :S] = True
    m[S:, :S] = torch.ones(T, S).tril().bool()
    m[S:, S:] = torch.ones(T, T).tril().bool()
    return m""",
            "the target sees of the source only as many tokens as it has",
        ),
        (
            """\
def one_row(S, T):
    N = S + T
    m = torch.zeros(N, N, dtype=torch.bool)
    m[S:, :S] = True
    return m""",
            "a target token sees no target token at all; and the source",
        ),
    ),
    "9.5": (
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    v, i = t.topk(min(width, t.shape[1]))\n    return i",
            "the result has the shape",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far + more.T\n    b = t.flatten().topk(width).indices\n    return torch.stack([b // len(so_far), b % len(so_far)], 1)",
            "it looks as if token and beginning are exchanged",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    return t.flatten().topk(width).indices",
            "the places in the flat table come back, one number for each",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    b = t.flatten().topk(width).indices\n    return torch.stack([b / more.shape[1], b % more.shape[1]], 1)",
            "the pairs are a fraction: one slash gives no whole number",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    b = t.flatten().topk(width).values\n    return torch.stack([b // more.shape[1], b % more.shape[1]], 1)",
            "beginnings and tokens are counted in whole numbers, and some of these ",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    b = t.flatten().argsort()[:width]\n    return torch.stack([b // more.shape[1], b % more.shape[1]], 1)",
            "it looks as if the least likely pairs are kept",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] - more\n    b = t.flatten().topk(width).indices\n    return torch.stack([b // more.shape[1], b % more.shape[1]], 1)",
            "it looks as if the ln p of what follows is subtracted",
        ),
        (
            "def beam_step(so_far, more, width):\n    b = more.flatten().topk(width).indices\n    return torch.stack([b // more.shape[1], b % more.shape[1]], 1)",
            "it looks as if what the beginnings have so far does not count",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    b = t.flatten().topk(width).indices.sort().values\n    return torch.stack([b // more.shape[1], b % more.shape[1]], 1)",
            "the right pairs come in the order of the table, not of",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    b = t.flatten().topk(width).indices\n    return torch.stack([b // more.shape[1], b % more.shape[1] + 1], 1)",
            "pair 0 is (1, 5), and there are 3 beginnings and 5 tokens",
        ),
        (
            "def beam_step(so_far, more, width):\n    t = so_far[:, None] + more\n    b = t.flatten().topk(width).indices\n    return [(int(i // more.shape[1]), int(i % more.shape[1])) for i in b[:2]]",
            "the result has the shape",
        ),
        (
            "def beam_step(so_far, more, width):\n    W, V = more.shape\n    total = so_far.repeat(V).view(W, V) + more\n    top = total.flatten().topk(width).indices\n    return torch.stack([top // V, top % V], -1)",
            "it looks as if so_far is laid out in the wrong order",
        ),
        (
            "def beam_step(so_far, more, width):\n    total = so_far[:, None] / 2 + more\n    top = total.flatten().topk(width).indices\n    V = more.shape[1]\n    return torch.stack([top // V, top % V], -1)",
            "it looks as if what comes next counts twice as much as what is so far",
        ),
        (
            "def beam_step(so_far, more, width):\n    best = (so_far[:, None] + more).argmax()\n    pair = torch.stack([best // more.shape[1], best % more.shape[1]])\n    return pair.repeat(width, 1)",
            "(1, 4) is kept more than once",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    return torch.stack([torch.arange(len(so_far)), total.argmax(-1)], 1)""",
            "the best token of each beginning is given, one each, whatever the width.",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    return torch.stack([torch.arange(len(so_far)), total.argmax(-1)], 1)[:width]""",
            "the best token of each of the first beginnings is given, one each",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    best = total.max(-1)
    order = best.values.argsort(descending=True)
    return torch.stack([order, best.indices[order]], 1)[:width]""",
            "each beginning keeps its own best token: no beginning is ever dropped",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    best = total.max(-1)
    order = best.values.argsort(descending=True)
    return torch.stack([order, best.indices[order]], 1)""",
            "the best token of each beginning is given, one each, the likeliest pair",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    best = total.max(-1)
    top = best.values.topk(min(width, len(so_far))).indices
    return torch.stack([top, best.indices[top]], 1)""",
            "each beginning keeps its own best token: no beginning is ever dropped",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    best = total.max(-1)
    top = best.values.topk(width).indices
    return torch.stack([top, best.indices[top]], 1)""",
            "the best beginnings are picked by their best token, one each; there are",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    return [(w, int(total[w].argmax())) for w in range(len(so_far))]""",
            "the best token of each beginning is given, one each, whatever the width.",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    best = total.topk(width, dim=-1).indices
    return torch.stack([torch.arange(len(so_far)).repeat_interleave(width), best.flatten()], 1)""",
            "width tokens of each beginning are kept, so W x width pairs",
        ),
        (
            """\
def beam_step(so_far, more, width):
    total = so_far[:, None] + more
    top = total.topk(min(width, more.shape[1]), dim=-1)
    k = top.indices.shape[1]
    return torch.stack([torch.arange(len(so_far)).repeat_interleave(k), top.indices.flatten()], 1)[:width]""",
            "the best of the first beginning come first, then those of",
        ),
        (
            """\
def beam_step(so_far, more, width):
    W, V = more.shape
    total = (so_far[:, None] + more).flatten()
    i = total.topk(width).indices.sort().values
    return torch.stack([i // V, i % V], 1)""",
            "the right pairs come in the order of the table, not of",
        ),
        (
            """\
def beam_step(so_far, more, width):
    W, V = more.shape
    total = (so_far[:, None] + more).flatten()
    i = total.topk(width).indices
    return i""",
            "the places in the flat table come back, one number for each",
        ),
        (
            """\
def beam_step(so_far, more, width):
    W, V = more.shape
    total = (so_far[:, None] + more).flatten()
    i = total.topk(width).indices
    return torch.stack([i / V, i % V], 1)""",
            "the pairs are a fraction: one slash gives no whole number",
        ),
    ),
    "9.6": (
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return (log_p * r).sum(-1) / r.sum(-1)",
            "it looks as if the power has no say",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return (log_p * r).mean(-1)",
            "the length has no say; and the mean over all N places is",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return ((log_p * r) / r.sum(-1, keepdim=True) ** power)",
            "each token's ln p is divided, and they are not added up",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return (log_p * r).sum(-1) ** power / r.sum(-1)",
            "the power is taken of the ln p, not of the length",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return (log_p.exp() * r).sum(-1) / r.sum(-1) ** power",
            "with power 0 it should be the sum of ln p alone",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != 0\n    return (log_p * r).sum(-1) / r.sum(-1) ** power",
            "it looks as if 0 is taken for PAD, whatever number pad is",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return (log_p * r).sum(0) / r.sum(0) ** power",
            "it is counted along the translations, not along the tokens",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return -(log_p * r).sum(-1) / r.sum(-1) ** power",
            "the sign is turned",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return (log_p * r).sum(-1) / (r.sum(-1) + 1) ** power",
            "one is added to the length",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return (log_p * r).sum(-1) / ((5 + r.sum(-1)) / 6) ** power",
            "with power 1 it should be the mean ln p of a token",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    r = tokens != pad\n    return ((log_p * r).sum(-1) / r.sum(-1) ** power).exp()",
            "with power 0 it should be the sum of ln p alone",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    real = tokens != pad\n    return torch.where(real, log_p, 0.).sum(-1) / real.sum(-1) ** math.sqrt(power)",
            "it looks as if the root of the power is taken",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    real = tokens != pad\n    return torch.where(real, log_p, 0.).sum(-1) / real.sum(-1) ** int(power)",
            "it looks as if the power is cut to a whole number",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    real = tokens != pad\n    return log_p.masked_fill(~real, 0.0).sum(-1) / real.sum(-1) ** power**3",
            "with power 0.6 the length is taken to the power 0.216",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    real = tokens != pad\n    return torch.where(real, log_p, 0.).sum(-1) / (real.sum(-1) * power)",
            "it looks as if the length is multiplied by the power, not taken to it",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    real = tokens != 0\n    return torch.where(real, log_p, 0.).sum(-1) / real.sum(-1) ** power",
            "it looks as if 0 is taken for PAD",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    real = tokens != pad\n    return torch.where(real, log_p, 0.).sum(-1) / (real.sum(-1) - 1).clamp(min=1) ** power",
            "it looks as if END is not counted unless it stands alone",
        ),
        (
            "def fair(log_p, tokens, pad, power):\n    real = tokens != pad\n    total = (log_p * real).sum(-1)\n    n = real.int().argmin(-1)\n    return total / n ** power",
            "the translations without PAD come out wrong, the others right",
        ),
        (
            """\
def fair(log_p, tokens, pad, power):
    real = tokens != pad
    return (log_p * real).sum(1).exp() / real.sum(1) ** power""",
            "the ln p became a probability again",
        ),
        (
            """\
def fair(log_p, tokens, pad, power):
    real = tokens != pad
    return (log_p * real).sum(0) / real.sum(0) ** power""",
            "it is counted along the translations, not along the tokens",
        ),
        (
            """\
def fair(log_p, tokens, pad, power):
    real = tokens != pad
    return (log_p * real).sum(1) / (real.sum(1) + 1) ** power""",
            "one is added to the length",
        ),
        (
            """\
def fair(log_p, tokens, pad, power):
    real = tokens != pad
    total = (log_p * real).sum(dim=1)
    length = real.sum(dim=1)
    return total ** power / length""",
            "the power is taken of the ln p, not of the length",
        ),
        (
            """\
def fair(log_p, tokens, pad, power):
    real = tokens > pad
    total = (log_p * real).sum(dim=1)
    length = real.sum(dim=1)
    return total / length ** power""",
            "tokens whose numbers are smaller than PAD's are left out too",
        ),
        (
            """\
def fair(log_p, tokens, pad, power):
    real = tokens != pad
    total = (log_p * real).sum(dim=1)
    length = real.sum(dim=1)
    return total / length.max() ** power""",
            "all are divided by the length of the longest translation",
        ),
    ),
    "9.7": (
        (
            "def later(waves, k):\n    return waves + k",
            "k is added to the numbers themselves",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    t = 1 / 10_000 ** (torch.arange(0, C, 2) / C)\n    a = torch.arange(len(waves))[:, None] * t + k * t\n    return torch.stack([a.sin(), a.cos()], -1).flatten(1)",
            "the waves are made anew for the positions k, k + 1, ...:",
        ),
        (
            'def later(waves, k):\n    """The vectors of the positions k further on."""\n    C = waves.shape[-1]\n    turn = k / 10_000 ** (torch.arange(0, C, 2) / (C // 2))\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    new_sin = sin * turn.cos() + cos * turn.sin()\n    new_cos = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)',
            "the hands keep their length, and turn by the wrong angles",
        ),
        (
            'def later(waves, k):\n    """The vectors of the positions k further on."""\n    C = waves.shape[-1]\n    turn = k * torch.arange(0, C, 2) / C\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    new_sin = sin * turn.cos() + cos * turn.sin()\n    new_cos = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)',
            "the hands keep their length, and turn by the wrong angles",
        ),
        (
            'def later(waves, k):\n    """The vectors of the positions k further on."""\n    C = waves.shape[-1]\n    turn = k / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    new_sin = sin * turn.cos() - cos * turn.sin()\n    new_cos = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)',
            "the hands turn backwards, or sine and cosine are taken for",
        ),
        (
            'def later(waves, k):\n    """The vectors of the positions k further on."""\n    C = waves.shape[-1]\n    turn = k / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    new_sin = sin * turn.sin() + cos * turn.cos()\n    new_cos = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)',
            "each pair of channels is a hand of length 1, before and after the turn",
        ),
        (
            "def later(waves, k):\n    return torch.cat([waves[k:], waves[:k]])",
            "the hands keep their length, and turn by the wrong angles",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    t = k / 10_000 ** (torch.arange(0, C, 2) / C)\n    s, c = waves[:, ::2], waves[:, 1::2]\n    return torch.stack([s + t.sin(), c + t.cos()], -1).flatten(1)",
            "the sine and the cosine of the angle are added to the",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    t = k / 10_000 ** (torch.arange(0, C, 2) / C)\n    s, c = waves[:, ::2], waves[:, 1::2]\n    return torch.stack([s * t.sin(), c * t.cos()], -1).flatten(1)",
            "each pair of channels is a hand of length 1, before and after the turn",
        ),
        (
            'def later(waves, k):\n    """The vectors of the positions k further on."""\n    C = waves.shape[-1]\n    turn = k / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    new_sin = sin * turn.cos() + cos * turn.sin()\n    new_cos = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([new_cos, new_sin], dim=-1).flatten(1)',
            "the cosines come first and the sines second",
        ),
        (
            'def later(waves, k):\n    """The vectors of the positions k further on."""\n    C = waves.shape[-1]\n    turn = 2 * k / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    new_sin = sin * turn.cos() + cos * turn.sin()\n    new_cos = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([new_sin, new_cos], dim=-1).flatten(1)',
            "it looks as if the hands turn twice as far",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = abs(k) / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    a = sin * turn.cos() + cos * turn.sin()\n    b = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([a, b], -1).flatten(1)",
            "it looks as if a negative k turns the hands forwards too",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = -k / 10_000 ** (torch.arange(0, C, 2) / C) if k < 0 else k / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    a = sin * turn.cos() + cos * turn.sin()\n    b = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([a, b], -1).flatten(1)",
            "it looks as if a negative k turns the hands forwards too",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = 2 * math.pi * k / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    a = sin * turn.cos() + cos * turn.sin()\n    b = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([a, b], -1).flatten(1)",
            "it looks as if k counts whole turns: the angle got a factor 2π",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = k * math.pi / 180 / 10_000 ** (torch.arange(0, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    a = sin * turn.cos() + cos * turn.sin()\n    b = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([a, b], -1).flatten(1)",
            "it looks as if the angle is changed from degrees to radians",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = k / 10_000 ** (torch.arange(1, C, 2) / C)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    a = sin * turn.cos() + cos * turn.sin()\n    b = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([a, b], -1).flatten(1)",
            "it looks as if the exponents are 1, 3, 5, ...: those of the odd channels",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = 1.5 * k / 10_000 ** (torch.arange(0, C, 2) / C)\n    a, b = waves[:, ::2], waves[:, 1::2]\n    return torch.stack([a * turn.cos() + b * turn.sin(), b * turn.cos() - a * turn.sin()], -1).flatten(1)",
            "for a positive k it turns the first hand by 1.5 times and the last hand by 1.5 times the right angle",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = k * k / 10_000 ** (torch.arange(0, C, 2) / C)\n    a, b = waves[:, ::2], waves[:, 1::2]\n    return torch.stack([a * turn.cos() + b * turn.sin(), b * turn.cos() - a * turn.sin()], -1).flatten(1)",
            "from position 0 and with k = -1 the first hand goes to the angle 1, and -1 is right",
        ),
        (
            "def later(waves, k):\n    C = waves.shape[-1]\n    turn = k / (torch.arange(0, C, 2) / C + 1)\n    sin, cos = waves[:, ::2], waves[:, 1::2]\n    a = sin * turn.cos() + cos * turn.sin()\n    b = cos * turn.cos() - sin * turn.sin()\n    return torch.stack([a, b], -1).flatten(1)",
            "from position 0 and with k = 1 the last hand goes to the angle 0.571, and 0.001 is right",
        ),
        (
            """\
def later(waves, k):
    T, C = waves.shape
    p = torch.arange(T)[:, None] + k
    i = torch.arange(C // 2)
    angle = p / 10000 ** (2 * i / C)
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1)""",
            "the waves are made anew for the positions k, k + 1, ...:",
        ),
        (
            """\
def later(waves, k):
    return waves + k""",
            "k is added to the numbers themselves",
        ),
        (
            """\
def later(waves, k):
    T, C = waves.shape
    i = torch.arange(C // 2)
    angle = k / 10000 ** (2 * i / C)
    s, c = waves[:, 0::2], waves[:, 1::2]
    a = s * angle.cos() + c * angle.sin()
    b = c * angle.cos() - s * angle.sin()
    return torch.stack([b, a], -1).flatten(1)""",
            "the cosines come first and the sines second",
        ),
        (
            """\
def later(waves, k):
    return waves[k:]""",
            "the first k positions are cut off",
        ),
        (
            """\
def later(waves, k):
    C = waves.shape[1]
    angle = (k + 1) / 10000 ** (2 * torch.arange(C // 2) / C)
    s, c = waves[:, 0::2], waves[:, 1::2]
    a = s * angle.cos() + c * angle.sin()
    b = c * angle.cos() - s * angle.sin()
    return torch.stack([a, b], -1).flatten(1)""",
            "by k + 1 places, not by k",
        ),
    ),
    "9.8": (
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(memory, memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if memory reads itself: the target does not ask",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(x, memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "no effect on the result",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, past(x))\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if the mask of the target is laid over memory",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        x = x + self.cross_attention(normed, memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "no effect on the result",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, real)\n        return self.feed_forward(self.norm_3(x))",
            "it looks as if what was thought replaces x instead of being added",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, self.norm_2(memory), real)\n        return x + self.feed_forward(self.norm_3(x))",
            "memory is normed once more, which the encoder has done",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory.detach(), real)\n        return x + self.feed_forward(self.norm_3(x))",
            "the result is right, and the gradient of the input is not: something o",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.self_attention(normed, memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "no effect on the result",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, real)\n        return x + self.feed_forward(x)",
            "no effect on the result",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.cross_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "no effect on the result",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, real)\n        return x",
            "no effect on the result",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, ~real)\n        return x + self.feed_forward(self.norm_3(x))",
            "what is real in memory is hidden, and where nothing is",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, torch.cat([memory, normed], 1), torch.cat([real.expand(-1, x.shape[1], -1), past(x).expand(len(x), -1, -1)], -1))\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if memory and target are joined and read together",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        T, S = x.shape[1], memory.shape[1]\n        x = x + self.cross_attention(self.norm_2(x), memory, real & torch.ones(1, T, S).bool().tril())\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if there is a causal mask over memory as well",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        x = self.norm_1(x + self.self_attention(x, x, past(x)))\n        x = self.norm_2(x + self.cross_attention(x, memory, real))\n        return self.norm_3(x + self.feed_forward(x))",
            "it looks as if the norms stand behind the sums, not before the layers",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, memory, real)\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, normed, past(x))\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if the two readings are exchanged",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        n = self.norm_1(x)\n        x = x + self.self_attention(n, n, past(x))\n        x = x + self.cross_attention(memory, self.norm_2(x), past(x))\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if memory asks and the target answers, with the target's mask",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        n = self.norm_1(x)\n        x = self.self_attention(n, n, past(x))\n        x = x + self.cross_attention(self.norm_2(x), memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if what was written replaces x instead of being added",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        n = self.norm_1(x)\n        x = x + self.self_attention(x, n, past(x))\n        x = x + self.cross_attention(self.norm_2(x), memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if x asks in the first attention without its norm",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        n = self.norm_1(x)\n        x = x + self.self_attention(n, n, past(x))\n        x = x + self.cross_attention(self.norm_2(x), memory, real)\n        x = x + self.cross_attention(self.norm_2(x), memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if memory is read twice",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        n = self.norm_1(x)\n        x = x + self.self_attention(n, n, past(x))\n        m = memory * real.mT\n        x = x + self.cross_attention(self.norm_2(x), m, torch.ones_like(real))\n        return x + self.feed_forward(self.norm_3(x))",
            "it looks as if the padding of memory is set to zero, and looked at all the same",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        n = self.norm_1(x)\n        x = x + self.self_attention(n, n, past(x))\n        x = x + self.cross_attention(self.norm_2(x), memory, real) + self.feed_forward(self.norm_3(x))\n        return x",
            "it looks as if what is read and what is thought are added side by side",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x).mT)\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "position 0 of the result changes when position 1 of x does, which comes later",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, torch.eye(x.shape[1]).bool()[None])\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory, real)\n        return x + self.feed_forward(self.norm_3(x))",
            "position 1 of the result does not feel position 0 of x, which it may see",
        ),
        (
            "class WritingLayer(nn.Module):\n    def __init__(self, n_embed, n_head):\n        super().__init__()\n        self.norm_1 = nn.LayerNorm(n_embed)\n        self.self_attention = Attention(n_embed, n_head)\n        self.norm_2 = nn.LayerNorm(n_embed)\n        self.cross_attention = Attention(n_embed, n_head)\n        self.norm_3 = nn.LayerNorm(n_embed)\n        self.feed_forward = FeedForward(n_embed)\n\n    def forward(self, x, memory, real):\n        normed = self.norm_1(x)\n        x = x + self.self_attention(normed, normed, past(x))\n        normed = self.norm_2(x)\n        x = x + self.cross_attention(normed, memory[:1].expand_as(memory), real)\n        return x + self.feed_forward(self.norm_3(x))",
            "position 0 of row 1 does not feel place 0 of its memory, which is real",
        ),
        (
            """\
class WritingLayer(nn.Module):
    def __init__(self, n_embed, n_head):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.self_attention = Attention(n_embed, n_head)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.cross_attention = Attention(n_embed, n_head)
        self.norm_3 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x, memory, real):
        normed = self.norm_1(x)
        x = x + self.self_attention(normed, normed, past(x))
        x = x + self.cross_attention(self.norm_2(x), self.norm_2(memory), real)
        return x + self.feed_forward(self.norm_3(x))""",
            "memory is normed once more, which the encoder has done",
        ),
        (
            """\
class WritingLayer(nn.Module):
    def __init__(self, n_embed, n_head):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.self_attention = Attention(n_embed, n_head)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.cross_attention = Attention(n_embed, n_head)
        self.norm_3 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x, memory, real):
        normed = self.norm_1(x)
        x = x + self.self_attention(normed, normed, past(x))
        x = x + self.self_attention(self.norm_2(x), memory, real)
        return x + self.feed_forward(self.norm_3(x))""",
            "self_attention does both readings, and cross_attention none",
        ),
        (
            """\
class WritingLayer(nn.Module):
    def __init__(self, n_embed, n_head):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.self_attention = Attention(n_embed, n_head)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.cross_attention = Attention(n_embed, n_head)
        self.norm_3 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x, memory, real):
        normed = self.norm_1(x)
        x = x + self.self_attention(normed, normed, past(x))
        x = x + self.cross_attention(self.norm_1(x), memory, real)
        return x + self.feed_forward(self.norm_3(x))""",
            "norm_1 serves both attentions",
        ),
    ),
}
