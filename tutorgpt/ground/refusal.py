"""What is said to somebody who asked for what there is not."""

import difflib
from collections.abc import Iterable


class RefusalError(ValueError):
    """A question that cannot be answered, and what to ask instead.

    A notebook shows its one sentence, and no lines of ours above it.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython's hook for exceptions that know how they want to be shown.
        return [str(self)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that names the nearest known word, or nothing.

    Small and capital letters are the same here: gpt is near GPT.
    """
    by_small = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_small, n=1)
    return f"; did you mean {by_small[near[0]]!r}?" if near else ""


class FailedError(RuntimeError):
    """What was asked for could be begun, not ended; the sentence says why.

    A command ends with exit code 1 then, and not as a fault of ours.
    """
