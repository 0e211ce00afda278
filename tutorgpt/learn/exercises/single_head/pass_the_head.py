"""Exercise 2.5. What a way past the head is worth: predict, then train."""

from tutorgpt.learn.check.exercise import Exercise, Wrong
from tutorgpt.single_head import SingleHeadModel

EXERCISE = Exercise(
    number="2.5",
    title="Give the current character a way past the head",
    kind="predict",
    difficulty="hard",
    importance=4,
    task="""\
The last section suspects that the head spends its attention on not
forgetting the current character.
Write down what you expect; then let the current character pass the head
as well (any way will do), train as the chapter does, and check the held-out
loss.""",
    starter="loss_past_the_head = ...",
    target="loss_past_the_head",
    expected=2.28,
    tolerance=0.023,
    uses=(SingleHeadModel,),
    # The training loop stays the notebook's: importing it here would add
    # torch.distributed, a second, to the start of every `tutorgpt status`.
    given=("CHAPTER", "V", "corpus", "train"),
    solution="""\
class PastTheHead(SingleHeadModel):
    def forward(self, tokens):
        x = self.embedding(tokens)
        x = x + self.head(x)
        return self.lm_head(x)

torch.manual_seed(1337)
past_the_head = PastTheHead(CHAPTER.model(vocab_size=V))
history = train(past_the_head, corpus, CHAPTER.training())
loss_past_the_head = history.val_loss""",
    wrong=(
        Wrong(
            "the model was trained without the way past",
            "What the head gives has to be *added* to its input.",
            value=2.404,
            within=0.004,
        ),
        Wrong(
            "the way past does little: the head alone comes to 2.40",
            "Add what the head gives to x itself, just before lm_head, and "
            "let both be trained.",
            value=2.384,
            within=0.0035,
        ),
        Wrong(
            "only the way past was left and the head does nothing",
            "Keep both: the input plus what the head gives.",
            value=2.497,
        ),
        Wrong(
            "the model was not trained",
            "train(model, corpus, CHAPTER.training()) before the loss.",
            value=4.234,
        ),
        Wrong(
            "the loss is in bits",
            "exact_loss gives nats; leave it as it is.",
            value=3.282,
            within=0.0027,
        ),
        Wrong(
            "this is how far the loss falls, not where it ends",
            "The held-out loss itself is asked for.",
            value=0.124,
            within=0.25,
        ),
        Wrong(
            "this is the perplexity, e to the power of the loss",
            "exact_loss gives nats; leave it as it is.",
            value=9.73,
            within=0.006,
        ),
        Wrong(
            "this is the loss of the pair counts",
            "Train PastTheHead or a class of your own, and measure it.",
            value=2.493,
        ),
    ),
    landmarks=(
        (1.97, "what the whole GPT of chapter 6 comes to"),
        (2.493, "what the pair counts pay, without any attention"),
        (4.234, "ln 69, what equal shares for all characters cost"),
    ),
    hints=(
        "One line of `forward` changes.",
        "Inherit from `SingleHeadModel`, and measure with `exact_loss` from "
        "`tutorgpt.training.loss`.",
        "`x = x + self.head(x)`.",
    ),
    why="""\
The loss falls from 2.40 to about 2.28 (three seeds: `results/look_back.json`),
nearly as much as four heads will bring in chapter 3, and without a single
new parameter.
The weight on the position itself drops from about three quarters to about one
quarter, and more than half goes to the character before: with the current
character safe, the head looks back.
You have invented the **residual path** of chapter 5, which adds a layer's
input to its output.""",
    waiting=0.5,
)
