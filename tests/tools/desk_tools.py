"""Small chapters to hand out, and how to read them."""

import json
from pathlib import Path

NAMES = ("01_bigram.ipynb", "02_single_head.ipynb", "03_multi_head.ipynb")


def notebook(*sources: str, output: str = "") -> str:
    """A notebook of code cells with these sources."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}]
    cells = [
        {
            "cell_type": "code",
            "execution_count": 1 if output else None,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": outputs if output else [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4}
    return json.dumps(whole | {"nbformat_minor": 5})


def written(path: Path) -> list[str]:
    """The sources of a notebook's cells."""
    return [cell["source"] for cell in json.loads(path.read_text())["cells"]]
