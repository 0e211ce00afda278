"""tutorgpt eval: how wrong a trained model is, exactly."""

import argparse
import math
from typing import TYPE_CHECKING

from tutorgpt.cli.arguments import add_corpus
from tutorgpt.cli.opening import add_folder, open_model, open_text

if TYPE_CHECKING:
    from torch import Tensor

    from tutorgpt.text.split import Corpus
    from tutorgpt.tokens.tokenizer import Tokenizer

DESCRIPTION = """\
Measure a trained model's exact loss on its validation split.

Every character of the last tenth of the text counts once. Of a run, the
checkpoint with the lowest loss is measured. A text that is not the one the
run was trained on is measured only if it is named, and named as such.
"""

EPILOG = """\
examples:
  tutorgpt eval runs/songci
  tutorgpt eval runs/songci --corpus my-poems.txt
  tutorgpt eval results/mine/ladder_shakespeare/GPT --corpus shakespeare
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_folder(parser, "the folder of a run, or of one model, or its file")
    add_corpus(
        parser,
        default=None,
        note="with no other characters; default: the run's",
    )


def run(args: argparse.Namespace) -> int:
    from tutorgpt.training.loss import exact_loss
    from tutorgpt.training.runs import bytes_per_token

    model, tokenizer, chosen = open_model(args.folder, args.checkpoint)
    corpus, own = open_text(args, tokenizer, chosen)
    val = held_out(corpus, tokenizer)
    loss = exact_loss(model, val)
    bits, unit = loss / math.log(2), tokenizer.UNIT
    per = {unit: bits, "byte": bits / bytes_per_token(tokenizer, val)}
    in_bits = "".join(
        f"            {number:.4f} bits per {what}\n"
        for what, number in per.items()
    )
    print(
        f"model:      {chosen.says}\n"
        f"text:       {corpus.name}, {len(val):,} {unit}s {HELD_OUT[own]}\n"
        f"loss:       {loss:.4f} nats per {unit}\n"
        f"{in_bits}"
        f"perplexity: {perplexity(loss)}"
    )
    return 0


def held_out(corpus: "Corpus", tokenizer: "Tokenizer") -> "Tensor":
    """The tokens of the text's last tenth, as the model numbers them.

    Raises ValueError if it has characters that the model does not know.
    """
    if corpus.tokenizer == tokenizer:
        return corpus.val
    from torch import from_numpy

    from tutorgpt.tokens.tokenizer import unknown_characters

    text = corpus.tokenizer.decode(corpus.val.tolist())
    unknown = unknown_characters(tokenizer, text)
    if unknown:
        raise ValueError(
            f"the model does not know {len(unknown):,} of the characters "
            f"of {corpus.name!r}, such as {unknown[-1]!r}: it can be "
            "measured only on a text of the characters that it learned"
        )
    return from_numpy(tokenizer.encode_array(text))


def perplexity(loss: float) -> str:
    """e to the loss, as far as a number can hold it."""
    return f"{math.exp(loss):.2f}" if loss < 700 else "more than 1e300"


HELD_OUT = {
    True: "held out",
    False: "at its end; it is not the text that the model was trained on",
    None: "at its end; the model does not say what text it was trained on",
}
"""What is known of the characters that are measured."""
