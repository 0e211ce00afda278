"""Exercises of chapter 6: parameters, operations, and reading twice."""

from tutorgpt.learn.exercise import Exercise, slip

CONFIGS = [(69, 32, 32, 3), (6148, 8, 32, 3), (65, 256, 384, 6), (5, 4, 8, 1)]
"""V, T, C, L: the chapters' shape, SMALL, LARGE and a tiny one."""

PARAMETERS = Exercise(
    number="6.1",
    title="The whole model on paper",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `gpt_parameters(V, T, C, L)`: how many numbers a `GPT` learns with
$V$ characters, a `block_size` of $T$, $C$ channels and $L$ layers.
Then double $C$ in the chapters' shape: does the price double, or more?""",
    starter='''\
def gpt_parameters(V, T, C, L):
    """How many numbers GPT learns."""
    return ...''',
    target="gpt_parameters",
    solution='''\
def gpt_parameters(V, T, C, L):
    """How many numbers GPT learns."""
    embedding = V * C + T * C
    attention = 3 * C * C + C * C + C
    feed_forward = 8 * C * C + 5 * C
    norms = 2 * 2 * C
    last = 2 * C + C * V + V
    return embedding + L * (attention + feed_forward + norms) + last''',
    cases=lambda: list(CONFIGS),
    wrong=(
        slip(
            "the positions are forgotten",
            "The position table has T rows of C numbers.",
            "V * C + T * C",
            "V * C",
        ),
        slip(
            "the norms in the blocks are forgotten",
            "Each LayerNorm has a gain and a shift of C numbers.",
            "norms = 2 * 2 * C",
            "norms = 0",
        ),
        slip(
            "the final norm is forgotten",
            "One more LayerNorm stands before lm_head.",
            "2 * C + C * V + V",
            "C * V + V",
        ),
        slip(
            "the norms have a gain and no shift",
            "nn.LayerNorm learns both.",
            "norms = 2 * 2 * C",
            "norms = 2 * C",
            "last = 2 * C",
            "last = C",
        ),
        slip(
            "the bias of lm_head is forgotten",
            "lm_head is a Linear(C, V) with V biases.",
            "C * V + V",
            "C * V",
        ),
        slip(
            "the head shares the embedding's table",
            "Here they are two tables; below, under more to try, one.",
            "C * V + V",
            "V",
        ),
        slip(
            "queries, keys and values got biases",
            "qkv is a Linear(C, 3 C) with bias=False.",
            "3 * C * C + C * C + C",
            "3 * C * C + 3 * C + C * C + C",
        ),
        slip(
            "the projection's bias is forgotten",
            "proj is a Linear(C, C) with C biases.",
            "C * C + C\n    feed",
            "C * C\n    feed",
        ),
        slip(
            "only one layer is counted",
            "There are L blocks.",
            "L * (attention",
            "(attention",
        ),
        slip(
            "the biases of the feed-forward layers are forgotten",
            "4 C of the first and C of the second.",
            "8 * C * C + 5 * C",
            "8 * C * C",
        ),
    ),
    hints=(
        "Go through `__init__` of the three classes, top to bottom.",
        "One block: $4C^2 + C$ for attention (exercise 3.1), $8C^2 + 5C$ "
        "for feed-forward (4.1), and two norms.",
        "Two tables, L blocks, a final norm (2 C) and lm_head (C V + V).",
    ),
    why="""\
For the chapters' shape it gives 43,397 and for LARGE on *songci*
15,466,756, as `count_parameters` says.
With $C = 64$ the small one has 160,453, which is 3.7 times as many: only the
matrices inside the blocks grow with the square.""",
)

FLOPS = Exercise(
    number="6.2",
    title="What one step costs",
    kind="write",
    difficulty="hard",
    importance=4,
    task="""\
Write `step_flops(V, T, C, L, B)`: the floating-point operations of one
training step with $B$ sequences of $T$ tokens.
Count matrix products only: 6 per weight that is multiplied and token, and
$12 L T C$ per token for the scores and the mixing.""",
    starter='''\
def step_flops(V, T, C, L, B):
    """Operations of one update of a GPT."""
    return ...''',
    target="step_flops",
    solution='''\
def step_flops(V, T, C, L, B):
    """Operations of one update of a GPT."""
    multiplied = L * (4 * C * C + 8 * C * C) + C * V
    per_token = 6 * multiplied + 12 * L * T * C
    return B * T * per_token''',
    cases=lambda: [
        (*shape, B) for shape, B in zip(CONFIGS, (32, 32, 64, 3), strict=True)
    ],
    wrong=(
        slip(
            "this is one token, not one step",
            "A step learns from B * T tokens.",
            "return B * T * per_token",
            "return per_token",
        ),
        slip(
            "the sequences are counted, not their tokens",
            "Each of the B sequences has T tokens.",
            "B * T * per_token",
            "B * per_token",
        ),
        slip(
            "only the forward pass is counted",
            "2 per weight forward, and 4 more backward: 6.",
            "6 * multiplied + 12 * L",
            "2 * multiplied + 4 * L",
        ),
        slip(
            "the scores and the mixing are forgotten",
            "q @ k.mT and weights @ v multiply too: 12 L T C.",
            " + 12 * L * T * C",
            "",
        ),
        slip(
            "the embedding is counted as a product",
            "Looking a row up multiplies nothing.",
            "+ C * V",
            "+ 2 * C * V",
        ),
        slip(
            "the head is forgotten",
            "lm_head multiplies C by V for every token.",
            " + C * V",
            "",
        ),
        slip(
            "the attention term is counted once, not in every layer",
            "12 L T C: each layer has its own scores.",
            "12 * L * T * C",
            "12 * T * C",
        ),
        slip(
            "the feed-forward layers are forgotten",
            "They hold two thirds of the weights of a block: 8 C^2.",
            "(4 * C * C + 8 * C * C)",
            "(4 * C * C)",
        ),
        slip(
            "each multiplication is counted once, and the additions are not",
            "A multiply and an add are two operations: 6, not 3.",
            "6 * multiplied + 12",
            "3 * multiplied + 6",
        ),
    ),
    hints=(
        "First the price of one token, then the number of tokens.",
        "Weights that are multiplied: $12C^2$ a block and $CV$ in the head; "
        "biases, norms and tables cost nothing here.",
        "`B * T * (6 * multiplied + 12 * L * T * C)`.",
    ),
    why="""\
Every weight of a matrix meets every token once forward (a multiply and an
add) and twice backward, which makes 6.
Scores and mixing cost $4TC$ a layer forward and twice that backward.
It is `training_flops(config)` times the tokens of a step.""",
)

READING = Exercise(
    number="6.5",
    title="Knowing a text by heart",
    kind="explain",
    difficulty="medium",
    importance=3,
    task="""\
LARGE trains 5,000 steps of 64 sequences of 256 characters.
*Songci* has 2,063,345 characters, of which nine tenths are for training.
How often does the model meet each of these, on average?""",
    starter="times_read = ...",
    target="times_read",
    solution="times_read = 5000 * 64 * 256 / (0.9 * 2063345)",
    tolerance=5e-3,
    wrong=(
        slip(
            "the part for validation is read as well",
            "Only nine tenths are for training.",
            "(0.9 * 2063345)",
            "2063345",
        ),
        slip(
            "a sequence was counted as one character",
            "Each sequence holds 256 of them.",
            "64 * 256",
            "64",
        ),
        slip(
            "a step was counted as one sequence",
            "A batch has 64 sequences.",
            "64 * 256",
            "256",
        ),
        slip(
            "the ratio is upside down",
            "Characters read, divided by characters there are.",
            "5000 * 64 * 256 / (0.9 * 2063345)",
            "(0.9 * 2063345) / (5000 * 64 * 256)",
        ),
        slip(
            "these are the characters it reads, not how often each",
            "Divide by the characters that there are to read.",
            " / (0.9 * 2063345)",
            "",
        ),
        slip(
            "the tenth for validation was taken for the training part",
            "Nine tenths are for training.",
            "0.9",
            "0.1",
        ),
    ),
    hints=(
        "How many characters does one step read?",
        "64 * 256 a step, 5,000 steps.",
        "Divide by 0.9 * 2,063,345.",
    ),
    why="""\
It reads $5000 \\cdot 64 \\cdot 256 \\approx 81.9$ million characters and
meets each of the 1,857,010 about 44 times.
Twenty per parameter (Hoffmann and others, 2022) would ask for 309 million
*different* ones, 150 times the corpus: no wonder it learns them by heart.""",
)
