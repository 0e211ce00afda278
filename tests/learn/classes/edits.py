"""What learners do to a chapter's class, and what has to be said of it.

Each edit: what is replaced in the module's text, by what, and words of the
answer. FORMS: the same class in other words, which passes.
"""

SEES = "an earlier position changes when a later one does"
MIXED = "the batch is mixed"
UNSEEN = "parameters() does not look"
IDLE = "has no effect on the result"
RANDOM = "two calls with the same input give different results"

LM_HEAD = (
    ("return self.lm_head(x)", "self.lm_head(x)", "gives back None"),
    ("nn.Linear(C, V)", "nn.Linear(V, C)", "numbers instead of"),
    (
        "return self.lm_head(x)",
        "return self.lm_head(x).detach()",
        "no gradient comes out",
    ),
    (
        "return self.lm_head(x)",
        "return self.lm_head(x).transpose(1, 2)",
        "right sizes on the wrong axes",
    ),
    ("super().__init__(config)\n", "pass\n", "AttributeError"),
)

NORM_OF_LLAMA = "norm=RMSNorm(C, config.epsilon)"

EDITS = {
    "Value": (
        ("source.slope += local", "source.slope = local", "what arrives last"),
        ("reversed(values)", "values", "from its oldest value on"),
        ("local * value.slope", "local + value.slope", "two evaluations give"),
        ("(a, 1.0), (b, 1.0)", "(a, 1.0), (b, -1.0)", r"of x \+ y two"),
        (
            "(a, b.number), (b, a.number)",
            "(a, b), (b, a)",
            "must be real number",
        ),
        ("n * self.number", "n + self.number", r"of x\*\*3 two"),
        ("1 / self.number", "1 / self.number**2", "of x.log() two"),
        ("1 - result**2", "result**2", "of x.tanh() two"),
        ("a.number + b.number", "a.number - b.number", r"of x \+ y it makes"),
        ("tape(self)", "tape(self)[:-1]", "made_of is always empty"),
        (
            "return Value(a.number * b.number, ",
            "return (a.number * b.number, ",
            "of type tuple, where a Value",
        ),
        (
            "return Value(a.number + b.number, ((a, 1.0), (b, 1.0)))",
            "Value(a.number + b.number, ((a, 1.0), (b, 1.0)))",
            "of type NoneType, where a Value",
        ),
        ("        self.slope = 1.0\n", "", "never set"),
        (
            "            value.slope = 0.0",
            "            pass",
            "nothing is erased first",
        ),
        ("float(number), 0.0", "float(number), 1.0", "two evaluations give"),
        ("self.place = 1", "self.place = 0", "oldest value on"),
    ),
    "BigramModel": (
        *LM_HEAD,
        (
            "self.embedding(tokens)",
            "self.embedding(tokens).mean(1, keepdim=True).expand(\n"
            "            -1, tokens.shape[1], -1)",
            SEES,
        ),
        ("self.embedding(tokens)", "tokens.float()", "mat1 and mat2"),
        (
            "self.embedding = nn.Embedding(V, C)",
            "self.embedding = nn.Embedding(V, C)\n"
            "        self.position = nn.Embedding(config.block_size, C)",
            "not expected",
        ),
        (
            "x = self.embedding(tokens)",
            "x = self.embedding(tokens)\n"
            "        x = x - x.mean(0, keepdim=True)",
            MIXED,
        ),
    ),
    "Head": (
        (
            "        scores = scores.masked_fill(~self.past[:T, :T], "
            'float("-inf"))\n',
            "",
            "the mask hides nothing",
        ),
        (" / math.sqrt(self.head_size)", "", "not divided by √D"),
        ("math.sqrt(self.head_size)", "self.head_size", "divided by D"),
        ("self.past[:T, :T]", "self.past", "not cut to the length"),
        (
            "F.softmax(scores, dim=-1)",
            "F.softmax(scores, dim=0)",
            "there is nan",
        ),
        (
            "self.value = nn.Linear(n_embed, head_size, bias=False)",
            "self.value = [nn.Linear(n_embed, head_size, bias=False)]",
            UNSEEN,
        ),
        ("return weights @ v", "return weights", "shape"),
        ("return weights @ v", "return weights @ q", IDLE),
        ("return weights @ v", "return v", IDLE),
        ("k.mT", "k", "RuntimeError"),
        ("self.query(x)", "self.query(x).detach()", "detached"),
        (
            "return weights @ v",
            "return F.dropout(weights, 0.5) @ v",
            RANDOM,
        ),
        ("        T = x.shape[1]\n", "        T = 1 / 0\n", "ZeroDivision"),
        (
            "        T = x.shape[1]\n",
            "        T = x.shape[1]\n        while True: pass\n",
            "did not finish within",
        ),
        ("        T = x.shape[1]\n", "        raise SystemExit\n", "ends a"),
    ),
    "TokenAndPositionEmbedding": (
        (
            "torch.arange(T, device=tokens.device)",
            "tokens",
            "in the table of places",
        ),
        (" + self.position(positions)", "", "position table is not used"),
        ("tokens.shape[1]", "tokens.shape[0]", "along the batch"),
        (
            "self.position(positions)",
            "self.position(positions.flip(0))",
            "backwards",
        ),
        (
            "nn.Embedding(block_size, n_embed)",
            "nn.Embedding(block_size, 1)",
            "numbers instead of",
        ),
        (
            "self.position(positions)",
            "torch.randn(n_embed)",
            "NameError",
        ),
        (
            "self.position(positions)",
            "self.position(positions) / 10",
            "0.100 times that of the place",
        ),
    ),
    "SingleHeadModel": (
        *LM_HEAD,
        ("        x = self.head(x)\n", "", "never asked"),
        (
            "x = self.head(x)",
            "x = self.head(x).mean(1, keepdim=True).expand_as(x)",
            SEES,
        ),
        ("self.head(x)", "self.head(x) / 2 + x", "numbers"),
        (
            "self.embedding(tokens)",
            "self.embedding(tokens.flip(1))",
            SEES,
        ),
    ),
    "MultiHead": (
        (
            "nn.ModuleList(\n            Head(n_embed, head_size, block_size) "
            "for _ in range(n_head)\n        )",
            "[Head(n_embed, head_size, block_size) for _ in range(n_head)]",
            "plain list",
        ),
        ("dim=-1", "dim=0", "RuntimeError"),
        ("return self.proj(joined)", "return joined", "left out"),
        ("n_embed // n_head", "n_embed", "as wide as the whole input"),
        ("in self.heads]", "in self.heads[:1]] * len(self.heads)", "again"),
        ("self.proj(joined)", "self.proj(joined).softmax(-1)", "numbers"),
        ("self.proj(joined)", "joined + self.proj(joined)", "numbers"),
    ),
    "MultiHeadModel": (
        *LM_HEAD,
        ("        x = self.multi_head(x)\n", "", "never asked"),
        (
            "config.n_head",
            "2",
            "RuntimeError|heads",
        ),
        (
            "self.multi_head(x)",
            "self.multi_head(x.mean(0, keepdim=True)).expand_as(x)",
            MIXED,
        ),
    ),
    "FeedForward": (
        ("self.relu(self.expand(x))", "self.expand(x)", "no bend"),
        ("nn.ReLU()", "nn.GELU()", "GELU"),
        ("4 * n_embed", "2 * n_embed", "twice as wide"),
        (
            "self.relu(self.expand(x))",
            "self.relu(self.expand(x)).mean(1, keepdim=True)",
            "shape",
        ),
        (
            "self.relu(self.expand(x))",
            "F.dropout(self.expand(x).relu(), 0.1)",
            RANDOM,
        ),
        (
            "self.contract(self.relu(self.expand(x)))",
            "self.contract(self.relu(self.expand(x))) / 4",
            "is 0.250 times the right one",
        ),
        (
            "self.relu(self.expand(x))",
            "self.relu(self.expand(x)).cumsum(1)",
            "position",
        ),
    ),
    "FeedForwardModel": (
        *LM_HEAD,
        ("        x = self.feed_forward(x)\n", "", "never asked"),
        ("x = self.feed_forward(x)", "x = x + self.feed_forward(x)", "added"),
        (
            "x = self.feed_forward(x)",
            "x = self.feed_forward(x.flip(1))",
            SEES,
        ),
    ),
    "Block": (
        ("x = x + self.multi_head", "x = self.multi_head", "path"),
        ("return x + self.feed", "return self.feed", "path"),
        ("self.norm_1(x)", "x", IDLE),
        (
            "x = x + self.multi_head(self.norm_1(x))",
            "x = self.norm_1(x + self.multi_head(x))",
            "1 added to every channel",
        ),
        (
            "self.norm_2(x)",
            "self.norm_2(x.transpose(1, 2)).transpose(1, 2)",
            "RuntimeError",
        ),
        ("self.norm_1(x)", "F.layer_norm(x, x.shape)", IDLE),
        (
            "self.norm_1(x)",
            "(x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)",
            IDLE,
        ),
        ("self.norm_2(x)", "self.norm_2(x - x.mean(0))", MIXED),
    ),
    "ResidualNormModel": (
        *LM_HEAD,
        ("        x = self.norm(x)\n", "", "norm is left out"),
        ("self.blocks(x)", "self.blocks[0](x)", "first block"),
        (
            "self.blocks = nn.Sequential(\n            *(",
            "self.blocks = list(\n            (",
            UNSEEN,
        ),
        ("x = self.blocks(x)", "x = x + self.blocks(x)", "numbers"),
        (
            "for _ in range(config.n_layer)",
            "for _ in range(config.n_layer + 1)",
            "not expected",
        ),
    ),
    "FusedMultiHead": (
        ("is_causal=True", "is_causal=False", "hides nothing"),
        (
            "self.dropout if self.training else 0.0",
            "self.dropout",
            RANDOM,
        ),
        (
            "self.dropout if self.training else 0.0",
            "0.0",
            "no weight is ever dropped|nothing is dropped",
        ),
        (
            "self.dropout if self.training else 0.0",
            "self.dropout / 2 if self.training else 0.0",
            "less is dropped than should be",
        ),
        ("out.transpose(1, 2).reshape", "out.reshape", "H beside D"),
        ("return self.proj", "return F.dropout(x, 0.2) + self.proj", RANDOM),
        ("3 * n_embed, bias=False", "3 * n_embed", "numbers instead of"),
        ("is_causal=True", "is_causal=True, scale=0.5", "numbers"),
    ),
    "GPTBlock": (
        ("x = x + self.dropout", "x = self.dropout", "path"),
        (
            "self.dropout = nn.Dropout(dropout)",
            "self.dropout = nn.Identity()",
            "less is dropped",
        ),
        (
            "self.dropout(self.multi_head(self.norm_1(x)))",
            "self.multi_head(self.norm_1(x))",
            "less is dropped",
        ),
        ("nn.Dropout(dropout)", "nn.Dropout(dropout / 2)", "less is dropped"),
        (
            "nn.Dropout(dropout)",
            "lambda x: torch.dropout(x, dropout, True)",
            RANDOM,
        ),
        ("self.norm_2(x)", "x", IDLE),
        ("return x + ", "return ", "path"),
    ),
    "GPT": (
        *LM_HEAD,
        (
            "self.dropout(self.embedding(tokens))",
            "self.embedding(tokens)",
            "less is dropped",
        ),
        ("        x = self.norm(x)\n", "", "norm is left out"),
        (
            "nn.Dropout(config.dropout)",
            "nn.Dropout(0.9)",
            "another one in training mode|more is dropped",
        ),
        ("self.norm(x)", "self.norm(x.flip(0)).flip(0) + x.mean(0)", MIXED),
    ),
    "CachedBlock": (
        ("is_causal=several", "is_causal=False", "sees its future"),
        (".relu_()", "", "bend"),
        ("past + N", "past", "Error|not kept"),
        ("return x + torch", "return torch", "replaces x"),
        ("F.layer_norm(x, *self.norm_2)", "x", "numbers"),
        ("N < T", "N > T", "sees itself|not kept"),
        ("self.proj[0], out", "self.proj[0], out * 2", "numbers"),
    ),
    "CachedReader": (
        ("past = self.length if goes_on else 0", "past = 0", "read again"),
        ("self.position[past:end]", "self.position[: end - past]", "place 0"),
        (
            "start == self.start and end == self.length + 1",
            "end == self.length + 1 or end == self.length",
            "moved",
        ),
        (" + self.position[past:end]", "", "left out"),
        ("F.layer_norm(x, *self.norm)", "x", "last norm"),
        ("self.start = self.length = 0", "self.start = 0", "AttributeError"),
        (
            "(tokens.shape[1], self.block_size, self.window)",
            "(tokens.shape[1], self.block_size, 'exact')",
            "numbers|cases",
        ),
    ),
    "Attention": (
        (" / math.sqrt(q.shape[-1])", "", "not divided by √D"),
        ("~visible", "visible", "turned round|nan"),
        ("F.softmax(scores, dim=-1)", "F.softmax(scores, dim=1)", "nan"),
        ("self.value(memory)", "self.value(x)", "Error"),
        ("self.query(x)", "self.query(memory)", "shape"),
        ("return self.proj(", "return (", IDLE + "|left out"),
        ("bias=False", "bias=True", "numbers instead of"),
        ("transpose(1, 2).flatten(2)", "flatten(2)", "shape"),
    ),
    "EncoderLayer": (
        ("x = x + self.attention", "x = self.attention", "path"),
        ("normed, normed, real", "normed, normed, real | True", "padding"),
        ("return x + self.feed", "return self.feed", "path"),
        ("self.norm_2(x)", "self.norm_2(normed)", "numbers"),
        ("normed = self.norm_1(x)", "normed = x", IDLE),
        ("self.feed_forward(self.norm_2(x))", "0", IDLE),
    ),
    "Encoder": (
        ("return self.norm(x)", "return x", "last norm"),
        ("real_tokens(source)", "real_tokens(source) | True", "padding"),
        (
            "nn.ModuleList(EncoderLayer(C, H) for _ in layers)",
            "[EncoderLayer(C, H) for _ in layers]",
            UNSEEN,
        ),
        ("x = layer(x, real)", "layer(x, real)", IDLE),
        ("in self.layers:", "in self.layers[1:]:", "it is layers.0.norm"),
        ("return self.norm(x)", "return self.norm(x) * 2", "2.000 times"),
    ),
    "DecoderLayer": (
        (
            "self.norm_2(x), memory, real",
            "self.norm_2(x), x, past(x)",
            "whatever memory holds",
        ),
        (
            "normed, normed, past(x)",
            "normed, normed, past(x) | True",
            "causal mask",
        ),
        ("memory, real)", "memory, real | True)", "padding"),
        ("x = x + self.cross", "x = self.cross", "replaces x"),
        ("return x + self.feed", "return self.feed", "replaces x"),
        (
            "        x = x + self.cross_attention(self.norm_2(x), memory, real)"
            "\n",
            "",
            IDLE,
        ),
        ("self.norm_3(x)", "self.norm_2(x)", IDLE),
    ),
    "EncoderDecoder": (
        ("self.lm_head(self.norm(x))", "self.lm_head(x)", "last norm"),
        (
            "nn.ModuleList(DecoderLayer(C, H) for _ in layers)",
            "[DecoderLayer(C, H) for _ in layers]",
            UNSEEN,
        ),
        (
            "self.encoder(source), real_tokens(source)",
            "self.encoder(source), real_tokens(source) | True",
            "padding",
        ),
        (
            "self.embedding(target)",
            "self.encoder.embedding(target)",
            "one table",
        ),
        ("self.embedding(target)", "self.embedding(target.flip(1))", SEES),
        (
            "self.decode(target, self.encoder(source)",
            "self.decode(source, self.encoder(source)",
            "shape",
        ),
        ("x = layer(x, memory, real)", "layer(x, memory, real)", IDLE),
    ),
    "StreamDecoder": (
        (
            "self._decoder.decode(self._bytes_of[number])",
            'self._bytes_of[number].decode(errors="replace")',
            "each token is decoded by itself",
        ),
        ('("replace")', '("ignore")', "dropped without a sign"),
        ('("replace")', "()", "end in an error"),
        ('"utf-8"', '"latin-1"', "every byte is taken for a character"),
        ("self._bytes_of[number]", "bytes([number])", "taken for a byte"),
        (", final=True)", ")", "the end leaves the waiting bytes out"),
        (
            "return self._decoder.decode(self._bytes_of[number])",
            "self._decoder.decode(self._bytes_of[number])",
            "something of type NoneType comes out",
        ),
        (
            "self._decoder.decode(self._bytes_of[number])",
            "self._decoder.decode(number)",
            "TypeError",
        ),
        ("getstate()[0]", "getstate()[1]", "TypeError"),
        (
            "[number] = check_numbers([token], len(self._bytes_of))",
            "number = token",
            "IndexError",
        ),
    ),
    "RMSNorm": (
        (
            "at_length(x, self.epsilon)",
            "F.layer_norm(x, x.shape[-1:], None, None, self.epsilon)",
            "that is LayerNorm",
        ),
        (
            "at_length(x, self.epsilon)",
            "x / (x.pow(2).mean(1, keepdim=True) + self.epsilon).sqrt()",
            "over axis 1, which holds the positions",
        ),
        (
            "at_length(x, self.epsilon)",
            "x / (x.pow(2).mean(-2, keepdim=True) + self.epsilon).sqrt()",
            "over the positions, and not over the channels",
        ),
        (
            "at_length(x, self.epsilon)",
            "x / (x.pow(2).mean(-1, keepdim=True) + self.epsilon)",
            "mean square, without the root",
        ),
        (
            "at_length(x, self.epsilon)",
            "x / (x.norm(dim=-1, keepdim=True) + self.epsilon)",
            "numbers differ",
        ),
        (
            "at_length(x, self.epsilon)",
            "x / x.pow(2).mean(-1, keepdim=True).sqrt()",
            "epsilon is left out",
        ),
        (
            "at_length(x, self.epsilon)",
            "x / x.std(-1, keepdim=True)",
            "nan|numbers differ",
        ),
        (
            "at_length(x, self.epsilon)",
            "F.normalize(x, dim=-1)",
            "numbers differ",
        ),
        (" * self.weight", "", "the weight is left out"),
        ("torch.ones(n_embed)", "torch.ones(1)", "share one weight"),
        (
            "nn.Parameter(torch.ones(n_embed))",
            "torch.ones(n_embed)",
            "it learns 0 numbers instead of 6",
        ),
        (" * self.weight", " @ self.weight", "shape"),
        (".to(x.dtype)", ".detach()", "no gradient|detached"),
        (
            "return (at_length(x, self.epsilon) * self.weight)",
            "x /= (x.pow(2).mean(-1, keepdim=True) + self.epsilon).sqrt()\n"
            "        return (x * self.weight)",
            "input was changed on the way",
        ),
    ),
    "Rotary": (
        ("[start:end]", "[: end - start]", "whatever start is"),
        ("[start:end]", "[:end]", "RuntimeError"),
        ("pairs * turn", "turn * pairs.conj()", "numbers"),
        ("pairs * turn", "pairs / turn", "the other way round"),
        ("pairs * turn", "pairs * turn * turn", "numbers"),
        ("pairs * turn", "pairs * turn.imag", "keeps the length"),
        ("pairs * turn", "pairs + turn", "are added"),
        (
            "torch.arange(0, head_size, 2) / head_size",
            "torch.arange(head_size // 2) / head_size",
            "half as large",
        ),
        (
            "torch.arange(0, head_size, 2) / head_size",
            "torch.arange(0, head_size, 2) / block_size",
            "numbers",
        ),
        (
            "base ** (-torch.arange(0, head_size, 2) / head_size)",
            "1 / 10_000 ** (torch.arange(0, head_size, 2) / head_size)",
            "base has no effect",
        ),
        (
            "unflatten(-1, (-1, 2))",
            "unflatten(-1, (2, -1)).transpose(-1, -2).contiguous()",
            "numbers",
        ),
        (
            "        exact = torch",
            "        one, other = x.chunk(2, dim=-1)\n"
            "        return torch.cat([one * cosine - other * sine,\n"
            "                          one * sine + other * cosine], dim=-1)\n"
            "        exact = torch",
            "as in published weights",
        ),
        (
            "        exact = torch",
            "        one, other = x[..., ::2], x[..., 1::2]\n"
            "        return torch.cat([one * cosine - other * sine,\n"
            "                          one * sine + other * cosine], dim=-1)\n"
            "        exact = torch",
            "put back as two halves",
        ),
        (
            "        exact = torch",
            "        half = x.shape[-1] // 2\n"
            "        across = torch.cat([-x[..., half:], x[..., :half]], -1)\n"
            "        return (x * cosine.repeat_interleave(2, -1)\n"
            "                + across * sine.repeat_interleave(2, -1))\n"
            "        exact = torch",
            "pairs and angles are in different orders",
        ),
        (
            "        exact = torch",
            "        across = torch.stack(\n"
            "            [x[..., 1::2], x[..., ::2]], -1).flatten(-2)\n"
            "        return (x * cosine.repeat_interleave(2, -1)\n"
            "                + across * sine.repeat_interleave(2, -1))\n"
            "        exact = torch",
            "one minus sign is missing",
        ),
        ("angles.cos()", "angles.sin()", "numbers"),
        (
            "torch.arange(block_size)",
            "torch.arange(block_size).flip(0)",
            "numbers",
        ),
        (
            "torch.arange(block_size)",
            "torch.arange(block_size) ** 2",
            "depend on how far they are apart",
        ),
        ("x.shape[-2]", "x.shape[-3]", "along the heads"),
    ),
    "SwiGLU": (
        ("F.silu(self.gate(x))", "self.gate(x)", "activation is missing"),
        ("F.silu(self.gate(x))", "self.gate(x).sigmoid()", "is a sigmoid"),
        ("F.silu(self.gate(x))", "self.gate(x).relu()", "is a ReLU"),
        ("F.silu(self.gate(x))", "self.gate(x).tanh()", "numbers"),
        (" * self.expand", " + self.expand", "added, and not multiplied"),
        (" * self.expand(x)", "", "has no effect|never asked"),
        (" * self.expand", " * self.gate", "self.expand is never asked"),
        (" * self.expand", " @ self.expand", "RuntimeError"),
        (
            "F.silu(self.gate(x)) * self.expand(x)",
            "F.silu(self.gate(x) * self.expand(x))",
            "silu is taken of the product",
        ),
        ("hidden, bias=False", "hidden", "numbers instead of"),
        (
            "nn.Linear(hidden, n_embed, bias=False)",
            "nn.Linear(n_embed, n_embed, bias=False)",
            "numbers instead of",
        ),
        ("return self.contract", "self.contract", "gives back None"),
    ),
    "TiedOutput": (
        (
            "self.weight = embedding.weight",
            "self.weight = nn.Parameter(embedding.weight.clone())",
            "the table is copied",
        ),
        (
            "self.weight = embedding.weight",
            "self.weight = embedding.weight.data",
            "detached",
        ),
        (
            "self.weight = embedding.weight",
            "self.weight = nn.Parameter(embedding.weight)",
            "a parameter of its own",
        ),
        (
            "std=embedding.embedding_dim**-0.5",
            "std=0.02",
            "do not begin with length 1",
        ),
        (
            "nn.init.normal_(self.weight, std=embedding.embedding_dim**-0.5)",
            "pass",
            "keeps the lengths of nn.Embedding",
        ),
        (
            "nn.init.normal_(self.weight, std=embedding.embedding_dim**-0.5)",
            "nn.init.zeros_(self.weight)",
            "do not begin with length 1",
        ),
        ("embedding_dim**-0.5", "embedding_dim**0.5", "with length 1"),
        ("F.linear(x, self.weight)", "x @ self.weight", "is not turned"),
        (
            "F.linear(x, self.weight)",
            "F.linear(x, self.weight).softmax(-1)",
            "probabilities come out",
        ),
        (
            "F.linear(x, self.weight)",
            "F.linear(x.detach(), self.weight)",
            "gradient of x is not",
        ),
        (
            "F.linear(x, self.weight)",
            "F.linear(x, self.weight) * 2",
            "2.000 times",
        ),
        (
            "return F.linear(x, self.weight)",
            "F.linear(x, self.weight)",
            "gives back None",
        ),
        (
            "F.linear(x, self.weight)",
            "F.linear(x, self.weight, torch.ones(len(self.weight)))",
            "numbers|1.000",
        ),
    ),
    "GroupedQueryAttention": (
        (
            "look_back(q, k, v, self.window, dropout)",
            "look_back(q, *(\n"
            "            torch.cat([y] * (q.shape[1] // y.shape[1]), dim=1)\n"
            "            for y in (k, v)), self.window, dropout)",
            "repeated as a row",
        ),
        (
            "look_back(q, k, v, self.window, dropout)",
            "look_back(q, k, v, 999, dropout)",
            "the whole past is seen",
        ),
        ("self.window, dropout)\n", "self.window - 1, dropout)\n", "numbers"),
        (
            "look_back(q, k, v, self.window, dropout)",
            "F.scaled_dot_product_attention(\n"
            "            q, k, v, enable_gqa=True)",
            "the future is seen",
        ),
        (
            "look_back(q, k, v, self.window, dropout)",
            "F.scaled_dot_product_attention(q, k, v, is_causal=True)",
            "RuntimeError",
        ),
        ("q, k, v = by_head", "k, q, v = by_head", "Error"),
        ("self.qkv(x)", "self.qkv(x + x.mean(1, keepdim=True))", SEES),
        ("self.qkv(x)", "self.qkv(x - x.mean(0))", MIXED),
        (
            "q = self.position(self.norm_q(q), past.length)",
            "q = self.position(q, past.length)",
            "queries are not normed",
        ),
        (
            "k, v = past.keep(self.position(self.norm_k(k), past.length), v)",
            "k = self.position(self.norm_k(k), past.length)",
            "a new token sees itself only",
        ),
        (
            "k, v = past.keep(self.position(self.norm_k(k), past.length), v)",
            "past.keep(self.position(self.norm_k(k), past.length), v)",
            "numbers",
        ),
        (", past.length)", ", 0)", "counted from 0 at each call"),
        (", past.length), v)", "), v)", "one token at a time"),
        (
            ", past.length), v)",
            ", past.length), self.norm_k(v))",
            "numbers",
        ),
        (
            "out.transpose(1, 2).flatten(2)",
            "out.flatten(1, 2).mT",
            "shape|Error",
        ),
        (
            "out.transpose(1, 2).flatten(2)",
            "out.reshape(x.shape[0], x.shape[1], -1)",
            "without bringing H beside D first",
        ),
        ("(n_head, n_key_head, n_key_head)", "(n_head,) * 3", "as many heads"),
        ("return self.proj(", "return (", IDLE + "|left out"),
        ("self.dropout if self.training else 0.0", "self.dropout", RANDOM),
        (
            "self.dropout if self.training else 0.0",
            "0.0",
            "no weight is ever dropped",
        ),
        ("bias=False", "bias=True", "numbers instead of"),
    ),
    "Experts": (
        (
            "self.router(tokens).topk(self.n_active)",
            "self.router(tokens).softmax(-1).topk(self.n_active)",
            "numbers",
        ),
        ("scores.softmax(dim=-1)", "scores.softmax(dim=0)", "over the tokens"),
        ("scores.softmax(dim=-1)", "scores", "the softmax is missing"),
        (" * weights[row, place, None]", "", "summed without weights"),
        (
            "weights[row, place, None]",
            "weights[row, 0, None]",
            "the weight of the likeliest",
        ),
        ("weights[row, place, None]", "weights[row, place]", "Error"),
        (
            "weights[row, place, None]",
            "weights.detach()[row, place, None]",
            "detached",
        ),
        (
            "topk(self.n_active)",
            "topk(1)",
            "one expert alone answers",
        ),
        (
            "topk(self.n_active)",
            "topk(len(self.experts))",
            "all experts answer each token",
        ),
        (
            "topk(self.n_active)",
            "sort()",
            "all experts answer each token|numbers",
        ),
        (
            "self.router(tokens)",
            "self.router(x.mean(1, keepdim=True).expand_as(x).flatten(0, 1))",
            SEES,
        ),
        (
            "out.index_add(0, row, answer.to(out.dtype))",
            "out.index_copy(0, row, answer)",
            "that of the last expert is left",
        ),
        (
            "        tokens = x.flatten(0, 1)",
            "        tokens = x.transpose(0, 1).flatten(0, 1)",
            "numbers|batch",
        ),
        (
            "nn.ModuleList(\n            SwiGLU(n_embed, hidden) for _ in "
            "range(n_expert)\n        )",
            "[SwiGLU(n_embed, hidden) for _ in range(n_expert)]",
            UNSEEN,
        ),
        ("n_embed, n_expert, bias=False", "n_embed, n_expert", "has a bias"),
        ("return out.view_as(x)", "return out", "shape"),
    ),
    "Llama": (
        (NORM_OF_LLAMA, "norm=nn.LayerNorm(C)", "the last norm is LayerNorm"),
        ("T, config.rotary_base)", "T)", "the usual base"),
        (
            "range(config.n_layer)",
            "range(config.n_layer - 1)",
            "numbers instead of",
        ),
        ("TiedOutput(token) if tied", "TiedOutput(token) if V", "always tied"),
        (
            "nn.Linear(C, V, bias=False)",
            "nn.Linear(C, V)",
            "has a bias",
        ),
        (
            "[\n                llama_block(config, position) "
            "for _ in range(config.n_layer)\n            ]",
            "[llama_block(config, position)] * config.n_layer",
            "numbers instead of",
        ),
    ),
    "Adapter": (
        ("self.scale * change", "change", "the scale is left out"),
        (".requires_grad_(False)", "", "goes on learning"),
        (
            "nn.Parameter(new(out, rank))",
            "nn.Parameter(new(out, rank) + 1)",
            "does not begin as the Linear itself",
        ),
        (
            "new(rank, inside).normal_(std=inside**-0.5)",
            "new(rank, inside)",
            "both begin at 0|nothing can ever learn",
        ),
        (
            "F.linear(F.linear(x, self.A), self.B)",
            "x @ self.A @ self.B",
            "cannot be multiplied|size",
        ),
        (
            "new(rank, inside)",
            "new(rank + 1, inside)",
            "cannot be multiplied",
        ),
    ),
    "GPT2": (
        ('nn.GELU(approximate="tanh")', "nn.GELU()", "the exact GELU"),
        ('nn.GELU(approximate="tanh")', "nn.SiLU()", "right"),
        ("nn.Linear(C, 3 * C)", "nn.Linear(C, 3 * C, bias=False)", "biases"),
        ("part.eps = config.epsilon", "pass", "epsilon of their own"),
        (
            "self.lm_head = TiedOutput(self.embedding.token)",
            "pass",
            "numbers instead of",
        ),
    ),
}
"""Class -> (old, new, words): at least five each."""

MODEL_FORMS = (
    (
        (
            "return self.lm_head(x)",
            "logits = self.lm_head(x)\n        return logits",
        ),
    ),
    (("self.lm_head", "self.scores"),),
    (
        (
            "return self.lm_head(x)",
            "return x @ self.lm_head.weight.mT + self.lm_head.bias",
        ),
    ),
)

FORMS = {
    "Value": (
        (("for value in reversed(values)", "for value in values[::-1]"),),
        (("math.exp(self.number)", "math.e**self.number"),),
        (("1 - result**2", "(1 - result) * (1 + result)"),),
        (
            ("self.place = 1 + max(", "self.place = 10 + 3 * max("),
            ("local * value.slope", "value.slope * local"),
        ),
    ),
    "BigramModel": (
        *MODEL_FORMS,
        (("self.embedding(tokens)", "self.embedding.weight[tokens]"),),
    ),
    "Head": (
        ((" / math.sqrt(self.head_size)", " * self.head_size**-0.5"),),
        (("self.query", "self.asks"), ("self.key", "self.answers")),
        (
            (
                "        self.query = nn.Linear(n_embed, head_size, bias=False)\n"
                "        self.key = nn.Linear(n_embed, head_size, bias=False)\n"
                "        self.value = nn.Linear(n_embed, head_size, bias=False)\n",
                "        self.qkv = nn.Linear(n_embed, 3 * head_size, "
                "bias=False)\n",
            ),
            (
                "self.query(x), self.key(x), self.value(x)",
                "self.qkv(x).chunk(3, dim=-1)",
            ),
        ),
        (
            (
                "        scores = q @ k.mT / math.sqrt(self.head_size)  "
                "# (B, T, T)\n"
                "        scores = scores.masked_fill(~self.past[:T, :T], "
                'float("-inf"))\n'
                "        weights = F.softmax(scores, dim=-1)  "
                "# each row sums to 1\n"
                "        return weights @ v  # (B, T, D)",
                "        return F.scaled_dot_product_attention("
                "q, k, v, is_causal=True)",
            ),
        ),
    ),
    "TokenAndPositionEmbedding": (
        (("self.position(positions)", "self.position.weight[:T]"),),
        (("self.token", "self.what"), ("self.position", "self.where")),
        (
            (
                "self.token(tokens) + self.position(positions)",
                "self.position(positions) + self.token(tokens)",
            ),
        ),
    ),
    "SingleHeadModel": MODEL_FORMS,
    "MultiHead": (
        (("self.heads", "self.many"),),
        (
            (
                "torch.cat([head(x) for head in self.heads], dim=-1)",
                "torch.cat(tuple(head(x) for head in self.heads), 2)",
            ),
        ),
        (
            (
                "nn.ModuleList(\n            Head(n_embed, head_size, block_size) "
                "for _ in range(n_head)\n        )",
                "nn.ModuleList([\n            Head(n_embed, head_size, block_size) "
                "for _ in range(n_head)\n        ])",
            ),
            (
                "self.proj(joined)",
                "joined @ self.proj.weight.T + self.proj.bias",
            ),
        ),
    ),
    "MultiHeadModel": MODEL_FORMS,
    "FeedForward": (
        (("self.relu(self.expand(x))", "self.expand(x).clamp(min=0)"),),
        (
            ("        self.relu = nn.ReLU()\n", ""),
            ("self.relu(self.expand(x))", "self.expand(x).relu()"),
        ),
        (("self.expand", "self.up"), ("self.contract", "self.down")),
    ),
    "FeedForwardModel": MODEL_FORMS,
    "Block": (
        (
            (
                "        x = x + self.multi_head(self.norm_1(x))\n"
                "        return x + self.feed_forward(self.norm_2(x))",
                "        looked = self.multi_head(self.norm_1(x))\n"
                "        x = looked + x\n"
                "        return self.feed_forward(self.norm_2(x)) + x",
            ),
        ),
        (("self.norm_1", "self.first"), ("self.norm_2", "self.second")),
        (
            ("        self.norm_1 = nn.LayerNorm(n_embed)\n", ""),
            (
                "        self.norm_2 = nn.LayerNorm(n_embed)\n",
                "        self.norm_2 = nn.LayerNorm(n_embed)\n"
                "        self.norm_1 = nn.LayerNorm(n_embed)\n",
            ),
        ),
    ),
    "ResidualNormModel": (
        *MODEL_FORMS,
        (
            (
                "        x = self.blocks(x)\n",
                "        for block in self.blocks:\n            x = block(x)\n",
            ),
        ),
    ),
    "FusedMultiHead": (
        (
            (
                "out.transpose(1, 2).reshape(B, T, C)",
                "out.transpose(1, 2).flatten(2)",
            ),
        ),
        (("self.qkv", "self.all_three"),),
        (
            ("        dropout = self.dropout if self.training else 0.0\n", ""),
            (
                "dropout_p=dropout",
                "dropout_p=self.dropout * float(self.training)",
            ),
        ),
        (
            (
                "        out = F.scaled_dot_product_attention(\n"
                "            q, k, v, dropout_p=dropout, is_causal=True\n"
                "        )\n",
                "        scores = q @ k.mT / (C // self.n_head) ** 0.5\n"
                "        future = torch.ones(T, T, dtype=torch.bool).triu(1)\n"
                '        scores = scores.masked_fill(future, float("-inf"))\n'
                "        weights = F.dropout(scores.softmax(-1), dropout)\n"
                "        out = weights @ v\n",
            ),
        ),
    ),
    "GPTBlock": (
        (
            (
                "        self.dropout = nn.Dropout(dropout)\n",
                "        self.dropout = nn.Dropout(dropout)\n"
                "        self.other = nn.Dropout(dropout)\n",
            ),
            ("x + self.dropout(self.feed", "x + self.other(self.feed"),
        ),
        (("self.norm_1", "self.a"), ("self.norm_2", "self.b")),
        (
            (
                "self.dropout(self.multi_head(self.norm_1(x)))",
                "torch.dropout(\n            self.multi_head(self.norm_1(x)), "
                "self.dropout.p, self.training)",
            ),
        ),
    ),
    "GPT": (
        *MODEL_FORMS,
        (
            (
                "        x = self.blocks(x)\n",
                "        for block in self.blocks:\n            x = block(x)\n",
            ),
        ),
    ),
    "CachedBlock": (
        (
            (
                "torch.mm(F.layer_norm(x, *self.norm_1), self.qkv)",
                "F.layer_norm(x, *self.norm_1) @ self.qkv",
            ),
        ),
        ((".relu_()", ".clamp(min=0)"),),
        (
            (
                "q, x = q[:, :, -1:], x.view(B, N, -1)[:, -1]",
                "q, x = q[:, :, -1:], x.reshape(B, N, -1)[:, N - 1]",
            ),
        ),
    ),
    "CachedReader": (
        (("F.embedding(new, self.token)", "self.token[new]"),),
        (
            (
                "        x = x.flatten(0, 1)  # on matrices, torch has less to "
                "work out\n",
                "        x = x.reshape(-1, x.shape[-1])\n",
            ),
        ),
        (
            (
                "        bias, weight = self.lm_head\n"
                "        return torch.addmm(bias, F.layer_norm(x, *self.norm), "
                "weight)",
                "        bias, weight = self.lm_head\n"
                "        return F.layer_norm(x, *self.norm) @ weight + bias",
            ),
        ),
    ),
    "Attention": (
        (("math.sqrt(q.shape[-1])", "q.shape[-1] ** 0.5"),),
        (
            ("self.query", "self.a"),
            ("self.key", "self.b"),
            ("self.value", "self.c"),
        ),
        (("F.softmax(scores, dim=-1)", "scores.softmax(3)"),),
    ),
    "EncoderLayer": (
        (("self.attention", "self.looks"),),
        (
            (
                "return x + self.feed_forward(self.norm_2(x))",
                "return self.feed_forward(self.norm_2(x)) + x",
            ),
        ),
        (
            ("        normed = self.norm_1(x)\n", ""),
            (
                "self.attention(normed, normed, real)",
                "self.attention(self.norm_1(x), self.norm_1(x), real)",
            ),
        ),
    ),
    "Encoder": (
        (("self.layers", "self.tower"),),
        (
            (
                "x, real = self.embedding(source), real_tokens(source)",
                "x = self.embedding(source)\n"
                "        real = (source != 0)[:, None]",
            ),
        ),
        (("return self.norm(x)", "x = self.norm(x)\n        return x"),),
    ),
    "DecoderLayer": (
        (("self.norm_3", "self.last"),),
        (
            (
                "        x = x + self.cross_attention(self.norm_2(x), memory, real)"
                "\n",
                "        asks = self.norm_2(x)\n"
                "        x = self.cross_attention(asks, memory, real) + x\n",
            ),
        ),
        (("past(x))", "torch.ones(1, x.shape[1], x.shape[1]).tril() > 0)"),),
    ),
    "EncoderDecoder": (
        (("self.lm_head", "self.scores"),),
        (("self.decoder", "self.tower"),),
        (
            (
                "return self.decode(target, self.encoder(source), "
                "real_tokens(source))",
                "memory = self.encoder(source)\n"
                "        return self.decode(target, memory, real_tokens(source))",
            ),
        ),
    ),
    "StreamDecoder": (
        (("self._decoder", "self._waits"),),
        (
            (
                "[number] = check_numbers([token], len(self._bytes_of))",
                "number = check_numbers([token], len(self._bytes_of))[0]",
            ),
        ),
        (
            (
                'codecs.getincrementaldecoder("utf-8")("replace")',
                'codecs.lookup("utf8").incrementaldecoder(errors="replace")',
            ),
        ),
        (('decode(b"", final=True)', 'decode(b"", True)'),),
    ),
    "RMSNorm": (
        (
            (
                "(at_length(x, self.epsilon) * self.weight).to(x.dtype)",
                "F.rms_norm(x, x.shape[-1:], self.weight, self.epsilon)",
            ),
        ),
        (
            (
                "at_length(x, self.epsilon)",
                "x / torch.sqrt((x * x).mean(-1, True) + self.epsilon)",
            ),
            ("self.weight", "self.scale"),
        ),
        (
            (
                "at_length(x, self.epsilon)",
                "x * x.shape[-1] ** 0.5 / (x.pow(2).sum(-1, keepdim=True)\n"
                "                + x.shape[-1] * self.epsilon).sqrt()",
            ),
        ),
        (
            (
                "(at_length(x, self.epsilon) * self.weight)",
                "(self.weight * F.normalize(torch.cat([\n"
                "            x, torch.full_like(x[..., :1], (\n"
                "                x.shape[-1] * self.epsilon) ** 0.5)\n"
                "        ], -1), dim=-1)[..., :-1] * x.shape[-1] ** 0.5)",
            ),
        ),
    ),
    "Rotary": (
        (
            (
                "        exact = torch",
                "        a, b = x[..., ::2], x[..., 1::2]\n"
                "        turned = a * cosine - b * sine, a * sine + b * cosine\n"
                "        return torch.stack(turned, dim=-1).flatten(-2)\n"
                "        exact = torch",
            ),
        ),
        (
            (
                "        exact = torch",
                "        across = torch.stack(\n"
                "            [-x[..., 1::2], x[..., ::2]], -1).flatten(-2)\n"
                "        return (x * cosine.repeat_interleave(2, -1)\n"
                "                + across * sine.repeat_interleave(2, -1))\n"
                "        exact = torch",
            ),
        ),
        (
            (
                "torch.complex(cosine.to(exact), sine.to(exact))",
                "torch.polar(\n"
                "            torch.ones_like(sine), torch.atan2(sine, cosine))",
            ),
        ),
        (
            (
                "base ** (-torch.arange(0, head_size, 2) / head_size)",
                "torch.exp(torch.arange(head_size // 2)\n"
                "            * (-2 * torch.tensor(base).log() / head_size))",
            ),
        ),
        (
            ('"cosine"', '"c"'),
            ('"sine"', '"s"'),
            ("[start:end]", ".narrow(0, start, x.shape[2])"),
        ),
    ),
    "SwiGLU": (
        (("F.silu(self.gate(x))", "self.gate(x) * self.gate(x).sigmoid()"),),
        (
            ("self.gate", "self.w1"),
            ("self.expand", "self.w3"),
            ("self.contract", "self.w2"),
        ),
        (
            (
                "F.silu(self.gate(x)) * self.expand(x)",
                "self.gate(x) * F.silu(self.expand(x))",
            ),
        ),
        (
            (
                "        self.gate = nn.Linear(n_embed, hidden, bias=False)\n"
                "        self.expand = nn.Linear(n_embed, hidden, bias=False)\n",
                "        self.both = nn.Linear(n_embed, 2 * hidden, "
                "bias=False)\n",
            ),
            (
                "return self.contract(F.silu(self.gate(x)) * self.expand(x))",
                "gate, up = self.both(x).chunk(2, dim=-1)\n"
                "        return self.contract(F.silu(gate) * up)",
            ),
        ),
    ),
    "TiedOutput": (
        (("F.linear(x, self.weight)", "x @ self.weight.T"),),
        (
            ("self.weight = embedding.weight", "self.table = embedding"),
            ("self.weight", "self.table.weight"),
        ),
        (
            (
                "nn.init.normal_(self.weight, "
                "std=embedding.embedding_dim**-0.5)",
                "with torch.no_grad():\n"
                "            self.weight.copy_(F.normalize(self.weight))",
            ),
        ),
        (
            (
                "        self.weight = embedding.weight\n"
                "        nn.init.normal_(self.weight, "
                "std=embedding.embedding_dim**-0.5)\n",
                "        V, C = embedding.weight.shape\n"
                "        self.weight = nn.Parameter(torch.randn(V, C) / C**0.5)\n"
                "        embedding.weight = self.weight\n",
            ),
        ),
    ),
    "GroupedQueryAttention": (
        (("self.qkv", "self.wide"), ("self.proj", "self.out")),
        (
            (
                "look_back(q, k, v, self.window, dropout)",
                "look_back(q, *(\n"
                "            y.repeat_interleave(q.shape[1] // y.shape[1], 1)\n"
                "            for y in (k, v)), self.window, dropout)",
            ),
        ),
        (
            (
                "q, k, v = by_head.transpose(1, 2).split(self.heads, dim=1)",
                "H, G, _ = self.heads\n"
                "        q, k, v = by_head.tensor_split((H, H + G), dim=2)\n"
                "        q, k, v = (y.transpose(1, 2) for y in (q, k, v))",
            ),
        ),
        (
            (
                "        out = look_back(q, k, v, self.window, dropout)\n",
                "        B, H, N, D = q.shape\n"
                "        G, S = k.shape[1:3]\n"
                "        q = q.reshape(B, G, H // G, N, D)\n"
                "        scores = q @ k[:, :, None].mT / D**0.5\n"
                "        if N > 1:\n"
                "            far = torch.arange(N)[:, None] - torch.arange(S)\n"
                "            hidden = (far < 0) | (far >= self.window)\n"
                "            scores = scores.masked_fill(\n"
                "                hidden, float('-inf'))\n"
                "        weights = F.dropout(scores.softmax(-1), dropout)\n"
                "        out = (weights @ v[:, :, None]).flatten(1, 2)\n",
            ),
        ),
    ),
    "Experts": (
        (
            (
                "self.router(tokens).topk(self.n_active)",
                "self.router(tokens).softmax(-1).topk(self.n_active)",
            ),
            (
                "scores.softmax(dim=-1)",
                "scores / scores.sum(dim=-1, keepdim=True)",
            ),
        ),
        (
            ("self.router", "self.sends"),
            ("self.experts", "self.many"),
            (
                "out = out.index_add(0, row, answer.to(out.dtype))",
                "out[row] += answer",
            ),
        ),
        (
            (
                "            row, place = torch.where(chosen == number)\n"
                "            answer = expert(tokens[row]) * "
                "weights[row, place, None]\n"
                "            out = out.index_add(0, row, "
                "answer.to(out.dtype))\n",
                "            mine = (weights * (chosen == number)).sum(-1)\n"
                "            out = out + mine[:, None] * expert(tokens)\n",
            ),
        ),
        (
            (
                "            row, place = torch.where(chosen == number)\n",
                "            row, place = torch.where(chosen == number)\n"
                "            if not len(row):\n"
                "                continue\n",
            ),
        ),
    ),
    "Llama": (
        (("self, config: LlamaConfig", "self, config"),),
        (
            (
                "[\n                llama_block(config, position) "
                "for _ in range(config.n_layer)\n            ]",
                "(llama_block(config, position) "
                "for _ in range(config.n_layer))",
            ),
        ),
        (
            (
                "RMSNorm(C, config.epsilon),\n            lm",
                "nn.RMSNorm(C, eps=config.epsilon),\n            lm",
            ),
        ),
    ),
    "Adapter": (
        (
            (
                "F.linear(F.linear(x, self.A), self.B)",
                "x @ self.A.mT @ self.B.mT",
            ),
        ),
        (
            ("self.A", "self.down"),
            ("self.B", "self.up"),
        ),
        (
            (
                "change = F.linear(F.linear(x, self.A), self.B)\n"
                "        return self.linear(x) + self.scale * change",
                "return F.linear(x, self.weight, self.linear.bias)",
            ),
        ),
    ),
    "GPT2": (
        (
            (
                "for part in self.modules():",
                "for part in list(self.modules()):",
            ),
        ),
        (
            (
                "part.qkv = nn.Linear(C, 3 * C)",
                "part.qkv = nn.Linear(part.qkv.in_features, 3 * C)",
            ),
        ),
        (("self, config: GPT2Config", "self, config"),),
    ),
}
"""Class -> three or more ways to write the same, each as edits."""
