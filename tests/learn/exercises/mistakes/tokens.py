"""What beginners get wrong in chapter 10's exercises."""

MISTAKES = {
    "10.1": (
        (
            """\
def bytes_of(number):
    return [number]""",
            "the number itself is given, as if every character were one byte.",
        ),
        (
            """\
def bytes_of(number):
    return [number // 256**2, number // 256 % 256, number % 256]""",
            "the digits are those to the base 256, always three of them",
        ),
        (
            """\
def bytes_of(number):
    if number < 128:
        return [number]
    if number < 2048:
        return [128 + number % 64, 192 + number // 64]
    if number < 65536:
        return [128 + number % 64, 128 + number // 64 % 64, 224 + number // 4096]
    return [128 + number % 64, 128 + number // 64 % 64, 128 + number // 4096 % 64, 240 + number // 262144]""",
            "the bytes stand in the opposite order",
        ),
        (
            """\
def bytes_of(number):
    if number < 128:
        return [number]
    if number < 2048:
        return [192 + number // 64, number % 64]
    if number < 65536:
        return [224 + number // 4096, number // 64 % 64, number % 64]
    return [240 + number // 262144, number // 4096 % 64, number // 64 % 64, number % 64]""",
            "the digits behind the first are stored without their 128",
        ),
        (
            """\
def bytes_of(number):
    if number < 128:
        return [number]
    if number < 2048:
        return [192 + number // 64, 128 + number % 64]
    if number < 65536:
        return [224 + number // 4096, 128 + number // 64, 128 + number % 64]
    return [240 + number // 262144, 128 + number // 4096, 128 + number // 64, 128 + number % 64]""",
            "the middle digits are not cut off: what belongs to the digits",
        ),
        (
            """\
def bytes_of(number):
    if number < 256:
        return [number]
    if number < 2048:
        return [192 + number // 64, 128 + number % 64]
    if number < 65536:
        return [224 + number // 4096, 128 + number // 64 % 64, 128 + number % 64]
    return [240 + number // 262144, 128 + number // 4096 % 64, 128 + number // 64 % 64, 128 + number % 64]""",
            "numbers from 128 to 255 get one byte",
        ),
        (
            """\
def bytes_of(number):
    if number < 128:
        return [number]
    if number < 2048:
        return [192 + number // 64, 128 + number % 64]
    return [224 + number // 4096, 128 + number // 64 % 64, 128 + number % 64]""",
            "four bytes are forgotten: from 65,536 on there are still three.",
        ),
        (
            """\
def bytes_of(number):
    if number <= 128:
        return [number]
    if number <= 2048:
        return [192 + number // 64, 128 + number % 64]
    if number <= 65536:
        return [224 + number // 4096, 128 + number // 64 % 64, 128 + number % 64]
    return [240 + number // 262144, 128 + number // 4096 % 64, 128 + number // 64 % 64, 128 + number % 64]""",
            "at each limit itself one byte is missing: 128 has two bytes,",
        ),
        (
            """\
def bytes_of(number):
    return len(chr(number).encode())""",
            "bytes_of gives back 1, where a list of bytes is wanted",
        ),
        (
            """\
def bytes_of(number):
    return chr(number).encode().hex()""",
            "bytes_of gives back str, where a list of bytes is wanted",
        ),
        (
            """\
def bytes_of(number):
    if number < 128:
        return [number]
    if number < 2048:
        return [192 + number / 64, 128 + number % 64]
    if number < 65536:
        return [224 + number / 4096, 128 + number / 64 % 64, 128 + number % 64]
    return [240 + number / 262144, 128 + number / 4096 % 64, 128 + number / 64 % 64, 128 + number % 64]""",
            "bytes are whole numbers, and in the list of bytes_of there is",
        ),
        (
            """\
def bytes_of(number):
    return list(chr(number).encode('utf-16'))""",
            "'A', number 65, takes 1 byte, and this gives 4",
        ),
        (
            """\
def bytes_of(number):
    if number < 128:
        return [number]
    if number < 2048:
        return [128 + number % 64, 192 + number // 64]
    if number < 65536:
        return [224 + number // 4096, 128 + number // 64 % 64, 128 + number % 64]
    return [240 + number // 64 ** 3, 128 + number // 4096 % 64, 128 + number // 64 % 64, 128 + number % 64]""",
            "gets the right bytes in another order",
        ),
    ),
    "10.2": (
        (
            """\
def saves(words, pair):
    return count_pairs(words)[pair]""",
            "the count of the pair is given: in 1 1 1 the pair (1, 1) is",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, n in words.items():
        for two in zip(word, word[1:]):
            if two == pair:
                total += n
    return total""",
            "the count of the pair is given: in 1 1 1 the pair (1, 1) is",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += len(word) - len(merge(word, pair, 256))
    return total""",
            "every word counts once, however often it occurs",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += times * (pair in list(zip(word, word[1:])))
    return total""",
            "a word counts once for the pair, however often the pair stands in",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += times * len(merge(word, pair, 256))
    return total""",
            "what is left is given, not what is saved",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total = times * (len(word) - len(merge(word, pair, 256)))
    return total""",
            "only the last word counts: the sum is written over",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += times * word.count(pair)
    return total""",
            "a pair is never one entry of a word",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += 2 * times * (len(word) - len(merge(word, pair, 256)))
    return total""",
            "two tokens are counted for each merge",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += times * min(word.count(pair[0]), word.count(pair[1]))
    return total""",
            "single tokens of the pair are counted, side by side or not",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += times * (len(word) - len(merge(word, pair[::-1], 256)))
    return total""",
            "the pair is looked for the wrong way round",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += times * (len(merge(word, pair, 256)) - len(word))
    return total""",
            "the sign is the wrong one: the text gets shorter",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += times * sum(word[i : i + 2] == pair for i in range(0, len(word), 2))
    return total""",
            "pairs are looked for only at every second place",
        ),
        (
            """\
def saves(words, pair):
    text = tuple(t for word, n in words.items() for t in word * n)
    return len(text) - len(merge(text, pair, 256))""",
            "the words are joined: some pairs reach from one word into the",
        ),
        (
            """\
def saves(words, pair):
    before = sum(len(w) * n for w, n in words.items())
    after = sum(len(merge(w, pair, 256)) * n for w, n in words.items())
    return (before - after) / before""",
            "the share of the text that is saved is given, not how many",
        ),
        (
            """\
def saves(words, pair):
    total = 0
    for word, times in words.items():
        total += ''.join(map(str, word)).count('%d%d' % pair) * times
    return total""",
            "the tokens are joined as digits: 11 2 holds 1 12 there",
        ),
        (
            """\
def saves(words, pair):
    return len(words) - len({merge(word, pair, 999) for word in words})""",
            "nor does a merge change how many words there are",
        ),
    ),
    "10.3": (
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            out += merges[token - 256]
    return out""",
            "only one merge of each token is undone: the tokens of its pair",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token <= 256:
            out.append(token)
        else:
            out += spell(merges[token - 256], merges)
    return out""",
            "256 is taken for a byte",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            out += spell(merges[token - 257], merges)
    return out""",
            "the merge before is undone: token 256 was made by merge 0",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            out += spell(merges[token], merges)
    return out""",
            "the token's own number is looked up in the merges",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            out += spell(merges[token - 256][::-1], merges)
    return out""",
            "the two halves of a pair are exchanged",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            out.append(spell(merges[token - 256], merges))
    return out""",
            "lists stand in the list: what a pair spells is appended as one",
        ),
        (
            """\
def spell(tokens, merges):
    tokens = list(tokens)
    for k, pair in enumerate(merges):
        while 256 + k in tokens:
            i = tokens.index(256 + k)
            tokens[i : i + 1] = pair
    return tokens""",
            "only one merge of each token is undone: the tokens of its pair",
        ),
        (
            """\
def spell(tokens, merges):
    for token in tokens:
        if token < 256:
            return [token]
        return spell(merges[token - 256], merges)""",
            "only the first token is spelled: it returns within the loop",
        ),
        (
            """\
def spell(tokens, merges):
    return [token for token in tokens if token < 256]""",
            "merged tokens are dropped, or what their pairs spell is not kept.",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token >= 256:
            out += spell(merges[token - 256], merges)
    return out""",
            "bytes are dropped, also those that a pair was made of",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            spell(merges[token - 256], merges)
    return out""",
            "merged tokens are dropped, or what their pairs spell is not kept.",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            a, b = merges[token - 256]
            out += spell([a], merges)
            out.append(b)
    return out""",
            "only the first token of a pair is spelled, the second is taken as",
        ),
        (
            """\
def spell(tokens, merges):
    table = [bytes([n]) for n in range(256)]
    for a, b in merges:
        table.append(table[a] + table[b])
    return b''.join(table[t] for t in tokens).decode(errors='replace')""",
            "a text is given, not its bytes",
        ),
        (
            """\
def spell(tokens, merges):
    out = set()
    for token in tokens:
        if token < 256:
            out.add(token)
        else:
            out |= set(spell(merges[token - 256], merges))
    return list(out)""",
            "the tokens (3, 257, 256) with the merges [(1, 2), (256, 3)] give",
        ),
        (
            """\
def spell(tokens, merges):
    out = []
    for token in tokens:
        if token < 256:
            out.append(token)
        else:
            out += spell(merges[token - 256], merges)
    return bytes(out).decode(errors='replace')""",
            "what is spelled becomes a text",
        ),
    ),
    "10.4": (
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(found[-1] - pairs[best])
    return found""",
            "the count of the pair is taken off: of overlapping pairs only",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = max(pairs, key=pairs.get)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "of equally frequent pairs the one that was met first is merged.",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, first): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "all new tokens get one and the same number",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(pairs[best])
    return found""",
            "the counts of the merged pairs are given, not the text's length.",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(sum(map(len, words)))
    return found""",
            "after a merge every word is measured once, however often it",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(len(words))
    return found""",
            "after a merge the different words are counted, not the tokens.",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(found[-1] - size(words))
    return found""",
            "of 4 merges of {(0, 1, 2, 0, 1): 3, (1, 2): 4, (2, 0): 1}: after",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = []
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "the length before any merge is missing",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "every word is measured once, however often it occurs",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        other = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "the words stay as they were: nothing gets shorter",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            pass
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "the end of the pairs is not looked for: where there is none,",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "the end of the pairs is not looked for: where there is none,",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 1:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found""",
            "pairs that occur once are merged as well",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(size(words))
    return found[-1]""",
            "only the last length is given",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): 1 for word, times in words.items()}
        found.append(size(words))
    return found""",
            "from the first merge on every word counts once",
        ),
        (
            """\
def lengths(words, first, n):
    def size(words):
        return sum(times * len(word) for word, times in words.items())
    found = [size(words)]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best, new): times for word, times in words.items()}
        found.append(best)
    return found""",
            "the merged pairs are given, not how long the text is",
        ),
        (
            """\
def lengths(words, first, n):
    out = [sum(len(word) * times for word, times in words.items())]
    for k in range(n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = max(pairs)
        words = {merge(word, best, first + k): times for word, times in words.items()}
        out.append(sum(len(word) * times for word, times in words.items()))
    return out""",
            "the pair with the highest numbers is merged",
        ),
        (
            """\
def lengths(words, first, n):
    out = [sum(len(word) * times for word, times in words.items())]
    order = count_pairs(words).most_common(n)
    for k, (pair, count) in enumerate(order):
        if count < 2:
            break
        words = {merge(word, pair, first + k): times for word, times in words.items()}
        out.append(sum(len(word) * times for word, times in words.items()))
    return out""",
            "the pairs are counted once, before any merge",
        ),
        (
            """\
def lengths(words, first, n):
    out = [sum(len(word) * times for word, times in words.items())]
    for k in range(n):
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(word, best[::-1], first + k): times for word, times in words.items()}
        out.append(sum(len(word) * times for word, times in words.items()))
    return out""",
            "and this gives 25, as many as before it",
        ),
    ),
    "10.5": (
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges[:1]):
        word = merge(word, pair, 256 + k)
    return word""",
            "only the first merge is made",
        ),
        (
            """\
def encode(word, merges):
    pieces = {(b,): b for b in range(256)}
    spelled = {b: (b,) for b in range(256)}
    for k, (a, b) in enumerate(merges):
        spelled[256 + k] = spelled[a] + spelled[b]
        pieces[spelled[256 + k]] = 256 + k
    out, i = [], 0
    while i < len(word):
        n = max(n for n in range(1, len(word) - i + 1) if tuple(word[i : i + n]) in pieces)
        out.append(pieces[tuple(word[i : i + n])])
        i += n
    return out""",
            "from the left, the longest piece that fits is taken each time.",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in reversed(list(enumerate(merges))):
        word = merge(word, pair, 256 + k)
    return word""",
            "the merges are tried from the last learned to the first",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges):
        word = merge(word, pair, k)
    return word""",
            "the new tokens are numbered from 0, where the bytes are",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges):
        word = merge(word, pair, 257 + k)
    return word""",
            "the new tokens are numbered from 257",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges):
        if pair in list(zip(word, word[1:])):
            return merge(word, pair, 256 + k)
    return word""",
            "only one merge is done, the first that fits",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges):
        merge(word, pair, 256 + k)
    return word""",
            "what merge gives back is not kept: the word stays as it was",
        ),
        (
            """\
def encode(word, merges):
    word = list(word)
    i = 0
    while i < len(word) - 1:
        pair = (word[i], word[i + 1])
        if pair in merges:
            word[i : i + 2] = [256 + merges.index(pair)]
            i = max(i - 1, 0)
        else:
            i += 1
    return word""",
            "from the left, the first neighbours that have a merge become one,",
        ),
        (
            """\
def encode(word, merges):
    out = []
    i = 0
    while i < len(word):
        pair = tuple(word[i : i + 2])
        if pair in merges:
            out.append(256 + merges.index(pair))
            i += 2
        else:
            out.append(word[i])
            i += 1
    return out""",
            "the word is walked through once, from the left: a merge of a",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(sorted(merges)):
        word = merge(word, pair, 256 + k)
    return word""",
            "the merges are sorted before they are numbered",
        ),
        (
            """\
def encode(word, merges):
    n = 256
    for pair in merges:
        if pair in list(zip(word, word[1:])):
            word = merge(word, pair, n)
            n += 1
    return word""",
            "only the merges that fit are counted, so the numbers of later",
        ),
        (
            """\
def encode(word, merges):
    out = []
    for k, pair in enumerate(merges):
        if pair in list(zip(word, word[1:])):
            out.append(256 + k)
    return out""",
            "only the tokens of the merges that fit are given, not the word.",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges):
        word = merge(word, pair, 256 + k)
    return len(word)""",
            "how many tokens there are is given, not the tokens",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges):
        new = merge(word, pair, 256 + k)
    return new""",
            "only the last one's result is kept",
        ),
        (
            """\
def encode(word, merges):
    for k, pair in enumerate(merges):
        if pair == word[:2]:
            word = (256 + k,) + word[2:]
    return word""",
            "a pair is merged only where it begins the word",
        ),
    ),
    "10.6": (
        (
            """\
def ready(spelled):
    return len(spelled)""",
            "everything is shown, complete or not",
        ),
        (
            """\
def ready(spelled):
    return len(bytes(spelled).decode(errors='replace'))""",
            "characters are counted, and the incomplete one too",
        ),
        (
            """\
def ready(spelled):
    return len(bytes(spelled).decode(errors='ignore'))""",
            "the complete characters are counted, not their bytes",
        ),
        (
            """\
def ready(spelled):
    end = len(spelled)
    while end > 0 and spelled[end - 1] >= 128:
        end -= 1
    return end""",
            "everything from the last byte below 128 on waits, also characters",
        ),
        (
            """\
def ready(spelled):
    return len(spelled) - len(spelled) % 3""",
            "every character is taken for three bytes",
        ),
        (
            """\
def ready(spelled):
    end = len(spelled)
    while end and 128 <= spelled[end - 1] < 192:
        end -= 1
    if end and spelled[end - 1] >= 192:
        end -= 1
    return end""",
            "the last character of several bytes always waits, also when it is",
        ),
        (
            """\
def ready(spelled):
    if spelled[-1] >= 192:
        return len(spelled) - 1
    return len(spelled)""",
            "it stops with IndexError: list index out of range. A list of n",
        ),
        (
            """\
def ready(spelled):
    done = len(bytes(spelled).decode(errors='ignore').encode())
    return len(spelled) - done""",
            "how many bytes wait is given, not how many are ready",
        ),
        (
            """\
def ready(spelled):
    return bytes(spelled).decode(errors='ignore')""",
            "the characters that are complete are given, not how many bytes",
        ),
        (
            """\
def ready(spelled):
    try:
        bytes(spelled).decode()
        return len(spelled)
    except UnicodeDecodeError:
        return 0""",
            "nothing is shown until everything is complete",
        ),
        (
            """\
def ready(spelled):
    place = 0
    while place < len(spelled):
        b = spelled[place]
        size = 1 if b < 128 else 2 if b < 224 else 3
        if place + size > len(spelled):
            break
        place += size
    return place""",
            "of [120, 240, 159, 166, 137] the first 4 are given out, and they",
        ),
        (
            """\
def ready(spelled):
    return len(bytes(spelled).decode().encode())""",
            "a text that ends in the middle of a character is decoded as if it",
        ),
        (
            """\
def ready(spelled):
    return sum(b < 128 or b >= 192 for b in spelled)""",
            "characters are counted, and the incomplete one too",
        ),
    ),
    "10.7": (
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = len(tokenizer.decode(tokens.tolist()).encode())
    return bits / length""",
            "the tokens are decoded together: where the text begins or ends",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = len(tokenizer.decode(tokens.tolist()))
    return bits / length""",
            "it is divided by the number of characters",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = len(tokens)
    return bits / length""",
            "it is divided by the number of tokens",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.mean() / math.log(2)
    length = sum(len(tokenizer.bytes_of[token]) for token in tokens.tolist())
    return bits / length""",
            "the mean of the losses is divided by the number of bytes of all",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum()
    length = sum(len(tokenizer.bytes_of[token]) for token in tokens.tolist())
    return bits / length""",
            "these are nats, not bits",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() * math.log(2)
    length = sum(len(tokenizer.bytes_of[token]) for token in tokens.tolist())
    return bits / length""",
            "it is multiplied by ln 2, where it should be divided",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = sum(len(tokenizer.decode([token])) for token in tokens.tolist())
    return bits / length""",
            "it is divided by the characters that each token shows by itself,",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = 8 * sum(len(tokenizer.bytes_of[token]) for token in tokens.tolist())
    return bits / length""",
            "it is divided by the number of bits, eight a byte",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = sum(len(tokenizer.decode([token]).encode(errors='ignore')) for token in tokens.tolist())
    return bits / length""",
            "a byte that is no character by itself is still decoded, to",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = 3 * len(tokens)
    return bits / length""",
            "every token is taken for three bytes",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = len(tokenizer.decode(tokens.tolist()).replace(chr(0xfffd), '').encode())
    return bits / length""",
            "bytes that are only part of a character are not counted",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.mean() / math.log(2)
    length = 1
    return bits / length""",
            "it is divided by the number of tokens",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = len(set(tokens.tolist()))
    return bits / length""",
            "it is divided by the number of different tokens",
        ),
        (
            """\
def bits_a_byte(losses, tokens, tokenizer):
    bits = losses.sum() / math.log(2)
    length = sum(len(tokenizer.bytes_of[token]) for token in tokens.tolist())
    return length / bits""",
            "the fraction is upside down: bytes for each bit",
        ),
    ),
    "10.8": (
        (
            """\
def longest_shared(written, text):
    best = 0
    for word in written.split():
        if word in text:
            best = max(best, len(word))
    return best""",
            "only single words are looked for",
        ),
        (
            """\
def longest_shared(written, text):
    n = 0
    while written[: n + 1] in text and n < len(written):
        n += 1
    return n""",
            "only what `written` begins with is looked for",
        ),
        (
            """\
def longest_shared(written, text):
    best = n = 0
    for a, b in zip(written, text):
        n = n + 1 if a == b else 0
        best = max(best, n)
    return best""",
            "both are compared place by place: a copy that stands elsewhere in",
        ),
        (
            """\
def longest_shared(written, text):
    best = n = 0
    for a in written:
        n = n + 1 if a in text else 0
        best = max(best, n)
    return best""",
            "single characters are looked for: whether each occurs in the",
        ),
        (
            """\
def longest_shared(written, text):
    best = ''
    for i in range(len(written)):
        for j in range(i, len(written)):
            if written[i:j] in text and j - i > len(best):
                best = written[i:j]
    return len(best)""",
            "the last character of what was written never counts",
        ),
        (
            """\
def longest_shared(written, text):
    best = ''
    for i in range(len(written)):
        for j in range(i, len(written) + 1):
            if written[i:j] in text and j - i > len(best):
                best = written[i:j]
    return best""",
            "the stretch itself is given, not its length",
        ),
        (
            """\
def longest_shared(written, text):
    row = [0] * (len(text) + 1)
    for a in written:
        for j, b in enumerate(text):
            row[j + 1] = row[j] + 1 if a == b else max(row[j], row[j + 1])
    return row[-1]""",
            "of 'and that is thy question' no stretch of 25 characters stands",
        ),
        (
            """\
def longest_shared(written, text):
    best = 0
    for n in range(1, len(written) + 1):
        if written[-n:] in text:
            best = n
    return best""",
            "only the end of `written` is looked for",
        ),
        (
            """\
def longest_shared(written, text):
    return len(written) if written in text else 0""",
            "it is all or nothing: the whole of `written`, or 0",
        ),
        (
            """\
def longest_shared(written, text):
    for i in range(len(written)):
        for j in range(len(written), i, -1):
            if written[i:j] in text:
                return j - i
    return 0""",
            "the first stretch that is found is given, not the longest",
        ),
        (
            """\
def longest_shared(written, text):
    w, t = written.lower(), text.lower()
    return max((j - i for i in range(len(w)) for j in range(i, len(w) + 1) if w[i:j] in t), default=0)""",
            "capital and small letters are taken for one",
        ),
        (
            """\
def longest_shared(written, text):
    best = 0
    for i in range(len(text)):
        for j in range(i, len(text) + 1):
            if text[i:j] in written:
                best += 1
    return best""",
            "stretches are counted, not their length",
        ),
        (
            """\
def longest_shared(written, text):
    w, t = written.split(), text.split()
    best = 0
    for i in range(len(w)):
        for j in range(i + 1, len(w) + 1):
            if ' '.join(w[i:j]) in text:
                best = max(best, j - i)
    return best""",
            "words are counted, not characters",
        ),
        (
            """\
def longest_shared(written, text):
    n = len(written)
    best = max((j - i for i in range(n) for j in range(i, n + 1) if written[i:j] in text), default=0)
    return best / n""",
            "a length is a whole number, and this gives 0.458",
        ),
    ),
}
