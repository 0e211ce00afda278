"""What is said to somebody who asked for what there is not."""


class RefusalError(ValueError):
    """A question that cannot be answered, and what to ask instead.

    A notebook shows its one sentence, and no lines of ours above it.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython's hook for exceptions that know how they want to be shown.
        return [str(self)]
