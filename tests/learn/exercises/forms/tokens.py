"""Right answers to chapter 10's exercises, as unusual as they come."""

FORMS = {
    "10.1": (
        "def bytes_of(number):\n    return list(chr(number).encode('utf-8'))",
        "def bytes_of(number):\n"
        "    if number < 0x80:\n"
        "        return bytes([number])\n"
        "    tail = []\n"
        "    room = 0x40\n"
        "    while number >= room:\n"
        "        tail.append(0x80 | number & 0x3F)\n"
        "        number >>= 6\n"
        "        room = 0x20 >> len(tail) - 1\n"
        "    marks = {1: 0xC0, 2: 0xE0, 3: 0xF0}\n"
        "    return bytes([marks[len(tail)] | number, *reversed(tail)])",
        "def bytes_of(number):\n"
        "    n = sum(number >= limit for limit in (128, 2048, 65536))\n"
        "    digits = [number // 64**i % 64 for i in range(n, -1, -1)]\n"
        "    if n == 0:\n"
        "        return torch.tensor([number])\n"
        "    heads = torch.tensor([(0, 192, 224, 240)[n], *[128] * n])\n"
        "    return heads + torch.tensor(digits)",
    ),
    "10.2": (
        "def saves(words, pair):\n"
        "    total = 0\n"
        "    for word, n in words.items():\n"
        "        i = 0\n"
        "        while i + 1 < len(word):\n"
        "            if (word[i], word[i + 1]) == pair:\n"
        "                total, i = total + n, i + 1\n"
        "            i += 1\n"
        "    return total",
        "def saves(words, pair):\n"
        "    a, b = map(chr, pair)\n"
        "    texts = {''.join(map(chr, w)): n for w, n in words.items()}\n"
        "    return sum(t.count(a + b) * n for t, n in texts.items())",
        "def saves(words, pair):\n"
        "    before = torch.tensor([len(w) * n for w, n in words.items()])\n"
        "    after = [len(merge(w, pair, 0)) * n for w, n in words.items()]\n"
        "    return before.sum() - sum(after)",
        "def saves(words, pair):\n"
        "    total = 0\n"
        "    for word, n in words.items():\n"
        "        free = True\n"
        "        for two in zip(word, word[1:]):\n"
        "            hit = free and two == pair\n"
        "            total += n * hit\n"
        "            free = not hit\n"
        "    return total",
    ),
    "10.3": (
        "def spell(tokens, merges):\n"
        "    table = [[n] for n in range(256)]\n"
        "    for a, b in merges:\n"
        "        table.append(table[a] + table[b])\n"
        "    return sum((table[t] for t in tokens), [])",
        "def spell(tokens, merges):\n"
        "    tokens = list(tokens)\n"
        "    for k in range(len(merges) - 1, -1, -1):\n"
        "        while 256 + k in tokens:\n"
        "            i = tokens.index(256 + k)\n"
        "            tokens[i : i + 1] = merges[k]\n"
        "    return bytes(tokens)",
        "def spell(tokens, merges):\n"
        "    waiting, out = list(tokens)[::-1], []\n"
        "    while waiting:\n"
        "        token = waiting.pop()\n"
        "        if token < 256:\n"
        "            out += [token]\n"
        "        else:\n"
        "            waiting += reversed(merges[token - 256])\n"
        "    return torch.tensor(out)",
        "def spell(tokens, merges):\n"
        "    def of(t):\n"
        "        return (t,) if t < 256 else tuple(\n"
        "            byte for half in merges[t - 256] for byte in of(half)\n"
        "        )\n"
        "    return tuple(byte for t in tokens for byte in of(t))",
    ),
    "10.4": (
        "def lengths(words, first, n):\n"
        "    size = sum(len(w) * k for w, k in words.items())\n"
        "    found = [size]\n"
        "    while len(found) <= n:\n"
        "        pairs = count_pairs(words)\n"
        "        if not pairs or max(pairs.values()) == 1:\n"
        "            return found\n"
        "        best = most_frequent(pairs)\n"
        "        after = {}\n"
        "        for w, k in words.items():\n"
        "            new = merge(w, best, first + len(found) - 1)\n"
        "            size -= k * (len(w) - len(new))\n"
        "            after[new] = k\n"
        "        words = after\n"
        "        found.append(size)\n"
        "    return found",
        "def lengths(words, first, n):\n"
        "    size = sum(len(w) * k for w, k in words.items())\n"
        "    counts = count_pairs(words)\n"
        "    if n == 0 or max(counts.values(), default=0) < 2:\n"
        "        return [size]\n"
        "    best = most_frequent(counts)\n"
        "    rest = {merge(w, best, first): k for w, k in words.items()}\n"
        "    return [size, *lengths(rest, first + 1, n - 1)]",
        "def lengths(words, first, n):\n"
        "    text = [w for w, k in words.items() for _ in range(k)]\n"
        "    out = torch.tensor([sum(map(len, text))])\n"
        "    for step in range(n):\n"
        "        counts = {}\n"
        "        for w in text:\n"
        "            for p in zip(w, w[1:]):\n"
        "                counts[p] = counts.get(p, 0) + 1\n"
        "        good = sorted(p for p in counts if counts[p] > 1)\n"
        "        if good:\n"
        "            best = max(good, key=counts.get)\n"
        "            text = [merge(w, best, first + step) for w in text]\n"
        "            size = torch.tensor([sum(map(len, text))])\n"
        "            out = torch.cat([out, size])\n"
        "    return out",
    ),
    "10.5": (
        "def encode(word, merges):\n"
        "    rank = {tuple(p): k for k, p in enumerate(merges)}\n"
        "    word = list(word)\n"
        "    while True:\n"
        "        pairs = [(rank.get(p, 1e9), i)\n"
        "                 for i, p in enumerate(zip(word, word[1:]))]\n"
        "        if not pairs or min(pairs)[0] == 1e9:\n"
        "            return word\n"
        "        k, i = min(pairs)\n"
        "        word[i : i + 2] = [256 + k]",
        "from functools import reduce\n"
        "\n"
        "def encode(word, merges):\n"
        "    return reduce(\n"
        "        lambda w, kp: merge(w, kp[1], kp[0]), "
        "enumerate(merges, 256), word\n"
        "    )",
        "def encode(word, merges, k=0):\n"
        "    if k == len(merges):\n"
        "        return torch.tensor(word)\n"
        "    return encode(merge(word, merges[k], 256 + k), merges, k + 1)",
    ),
    "10.6": (
        "def ready(spelled):\n"
        "    return len(bytes(spelled).decode(errors='ignore').encode())",
        "def ready(spelled):\n"
        "    for end in range(len(spelled), -1, -1):\n"
        "        try:\n"
        "            bytes(spelled[:end]).decode()\n"
        "            return end\n"
        "        except UnicodeDecodeError:\n"
        "            pass",
        "def ready(spelled):\n"
        "    place = 0\n"
        "    while place < len(spelled):\n"
        "        b = spelled[place]\n"
        "        size = 1 if b < 128 else 2 if b < 224 else 3 if b < 240 "
        "else 4\n"
        "        if place + size > len(spelled):\n"
        "            break\n"
        "        place += size\n"
        "    return place",
        "def ready(spelled):\n"
        "    import codecs\n"
        "    d = codecs.getincrementaldecoder('utf-8')()\n"
        "    d.decode(bytes(spelled))\n"
        "    return torch.tensor(len(spelled) - len(d.getstate()[0]))",
    ),
    "10.7": (
        "def bits_a_byte(losses, tokens, tokenizer):\n"
        "    size = torch.tensor([len(b) for b in tokenizer.bytes_of])\n"
        "    return (losses.sum() / size[tokens].sum()) / math.log(2)",
        "def bits_a_byte(losses, tokens, tokenizer):\n"
        "    spelled = b''.join(tokenizer.bytes_of[t] for t in tokens)\n"
        "    nats = sum(losses.tolist())\n"
        "    return nats * math.log2(math.e) / len(spelled)",
        "def bits_a_byte(losses, tokens, tokenizer):\n"
        "    length = 0\n"
        "    for token in tokens:\n"
        "        length += len(tokenizer.bytes_of[int(token)])\n"
        "    per_token = losses.double().mean() / math.log(2)\n"
        "    return per_token * len(tokens) / length",
    ),
    "10.8": (
        "def longest_shared(written, text):\n"
        "    n = len(written)\n"
        "    return max(\n"
        "        (b - a for a in range(n) for b in range(a, n + 1)\n"
        "         if written[a:b] in text),\n"
        "        default=0,\n"
        "    )",
        "def longest_shared(written, text):\n"
        "    best = 0\n"
        "    row = [0] * (len(text) + 1)\n"
        "    for a in written:\n"
        "        new = [0]\n"
        "        for j, b in enumerate(text):\n"
        "            new.append(row[j] + 1 if a == b else 0)\n"
        "        row = new\n"
        "        best = max(best, *row)\n"
        "    return best",
        "def longest_shared(written, text):\n"
        "    from difflib import SequenceMatcher\n"
        "    m = SequenceMatcher(None, written, text, autojunk=False)\n"
        "    return m.find_longest_match().size",
        "def longest_shared(written, text):\n"
        "    low, high = 0, len(written)\n"
        "    while low < high:\n"
        "        n = (low + high + 1) // 2\n"
        "        runs = {text[i : i + n] for i in range(len(text) - n + 1)}\n"
        "        if any(\n"
        "            written[i : i + n] in runs\n"
        "            for i in range(len(written) - n + 1)\n"
        "        ):\n"
        "            low = n\n"
        "        else:\n"
        "            high = n - 1\n"
        "    return torch.tensor(low)",
    ),
}
