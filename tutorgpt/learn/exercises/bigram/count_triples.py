"""Exercise 1.4. How far one more character of memory goes."""

from tutorgpt.learn.check.exercise import Exercise, Wrong

EXERCISE = Exercise(
    number="1.4",
    title="One more character of memory",
    kind="extend",
    difficulty="hard",
    importance=3,
    task="""\
Count *triples* instead of pairs on `corpus.train`, smooth them, and
measure the loss on `corpus.val` in nats per character; any sensible smoothing
will do.
Give this loss: how far below 2.493 does one more character take it?""",
    starter="loss_of_triples = ...",
    target="loss_of_triples",
    expected=2.12,  # the middle of what sensible smoothings give
    tolerance=0.061,
    given=("corpus",),
    solution="""\
V, k = corpus.tokenizer.vocab_size, 20.0

def numbers_of(tokens):
    a, b, c = tokens[:-2], tokens[1:-1], tokens[2:]
    return (a * V + b) * V + c

pairs = torch.bincount(corpus.train[:-1] * V + corpus.train[1:],
                       minlength=V * V).view(V, V) + 0.1
p_pair = pairs / pairs.sum(1, keepdim=True)
triples = torch.bincount(numbers_of(corpus.train), minlength=V**3)
smoothed = triples.view(V, V, V) + k * p_pair
p = smoothed / smoothed.sum(2, keepdim=True)
loss_of_triples = -p.flatten()[numbers_of(corpus.val)].log().mean()""",
    wrong=(
        Wrong(
            "you measured pairs, not triples",
            "The number of a triple needs three tokens: "
            "`(a * V + b) * V + c`.",
            value=2.493,
        ),
        Wrong(
            "you measured single characters",
            "Each probability should depend on the two characters before.",
            value=3.301,
        ),
        Wrong(
            "the loss is in bits",
            "Use the natural logarithm.",
            value=2.9562,
        ),
        Wrong(
            "the loss is in bits, with k = 3",
            "Use the natural logarithm.",
            value=2.9754,
        ),
        Wrong(
            "the loss is in bits, with 1 added to each count",
            "Use the natural logarithm.",
            value=2.95554,
        ),
        Wrong(
            "you measured on corpus.train, which the table has seen",
            "Count on corpus.train, and measure on corpus.val.",
            value=1.95465,
        ),
        Wrong(
            "you measured on corpus.train, with 1 added to each count",
            "Count on corpus.train, and measure on corpus.val.",
            value=1.96826,
        ),
        Wrong(
            "you counted on corpus.val, which is what you measure",
            "Count on corpus.train, and measure on corpus.val.",
            value=1.979,
        ),
        Wrong(
            "you counted on corpus.val, with next to nothing added",
            "Count on corpus.train, and measure on corpus.val.",
            value=1.8890,
        ),
        Wrong(
            "this is how far below 2.493 it comes",
            "The loss itself is asked for.",
            value=0.4444,
        ),
        Wrong(
            "you divided by the sum of the whole table: that is the "
            "probability of all three characters, not of the third",
            "Each pair has a row of its own: divide by the sums over the "
            "last axis.",
            value=7.85193,
        ),
        Wrong(
            "you divided by sums over the middle character",
            "The last axis is the character that comes next: sum over it.",
            value=1.62618,
        ),
        Wrong(
            "you left the middle character out and counted pairs that stand "
            "two apart",
            "The number of a triple needs three tokens: "
            "`(a * V + b) * V + c`.",
            value=2.91929,
        ),
        Wrong(
            "every character is alike likely: nothing was counted",
            "Count triples on corpus.train.",
            value=4.234,
        ),
        Wrong(
            "this is the perplexity, e to the power of the loss",
            "The loss is the mean of -ln p itself.",
            value=7.76076,
        ),
        Wrong(
            "a triple that was never seen has the probability 0",
            "Add something to every count before you divide.",
            value=float("inf"),
        ),
        Wrong(
            "you added 100 to every count, which drowns the rare triples",
            "Add less, or k times the probability of the pair.",
            value=2.4382,
        ),
    ),
    landmarks=(
        (1.889, "what a table pays that has counted the held-out text itself"),
        (2.493, "what the pair counts pay, with one character less in memory"),
        (4.234, "ln 69, what equal shares for all characters cost"),
    ),
    hints=(
        "Number the triples, as the chapter numbers the pairs.",
        "`(a * V + b) * V + c` and `torch.bincount`; then divide by the "
        "sums over the last axis.",
        "Add `k` times the pair's probability to each count before you "
        "divide, and try k = 3, 20, 100; measure on `corpus.val`.",
    ),
    why="""\
This reaches 2.049 nats, and adding 1 to every count reaches 2.049 as well;
$k = 3$ gives 2.062 and $k = 100$ gives 2.042.
Only 4.8 % of the $69^3$ cells are ever used in the training text, and the
smoothing guesses the others.
A model that reads 32 characters has to beat this number to be worth the
work.""",
    waiting=0.5,
)
