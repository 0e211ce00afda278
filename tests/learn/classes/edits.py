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
}
"""Class -> three or more ways to write the same, each as edits."""
