"""Brings the chapters' stored quizzes up to date with their files.

A question that is edited in tutorgpt/learn/quizzes stands in a chapter as
the stored output of its cell. This writes what the cell would show now, with
the measured value that is stored there, and saves running the chapter.

    python scripts/chapters/quizzes.py  # write the outputs
    python scripts/chapters/quizzes.py --check  # say which chapters differ
"""

import argparse
import html
import re
import sys
from pathlib import Path

import nbformat
from fresh import store

from tutorgpt.learn.quiz import Question, predict, quiz
from tutorgpt.learn.quiz.bank import find_question
from tutorgpt.learn.quiz.cells import Shown
from tutorgpt.learn.quiz.told import tell

ROOT = Path(__file__).resolve().parents[2]
CALL = re.compile(r'^(quiz|predict|predicted)\(\s*"?([\w.]+)"?', re.MULTILINE)
MEASURED = re.compile(r'class="tg-q-measured">(.*?)</strong>')


def shown_now(source: str, stored: str) -> Shown | None:
    """What a cell shows now; None for a cell that shows no questions."""
    found = CALL.search(source)
    if found is None:
        return None
    call, which = found.groups()
    if call == "quiz":
        return quiz(which)
    if call == "predict":
        return predict(which)
    question: Question = find_question(which)
    found = MEASURED.search(stored)
    measured = html.unescape(found[1]) if found else ""
    return Shown([question], tell(question, measured))


def refresh(path: Path, *, write: bool = True) -> bool:
    """Whether a chapter's stored questions were not those of the files."""
    notebook = nbformat.read(path, as_version=4)
    stale = False
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "tg-quiz" not in data.get("text/html", ""):
                continue
            shown = shown_now(cell.source, data["text/html"])
            assert shown is not None, cell.source
            now = shown.page_data()
            stale = stale or dict(data) != now
            data.update(now)
    if stale and write:
        store(notebook, path)
    return stale


def main() -> int:
    """Write or check the chapters; 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    stale = [
        path.name
        for path in sorted(ROOT.glob("notebooks/*.ipynb"))
        if refresh(path, write=not options.check)
    ]
    for name in stale:
        print(f"{name}: its questions were not those of the files")
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
