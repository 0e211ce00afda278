"""Shows what a broken model looks like, from the recorded runs."""

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.learn.exercises import EXERCISES, exercise
from tutorgpt.view.records import read_record
from tutorgpt.view.samples import show_text
from tutorgpt.view.symptoms import plot_symptoms

SAMPLE_LINES = 3


def symptoms(number: object) -> None:
    """Print what a broken model writes and weighs, and draw its curve."""
    hunt = exercise(number)
    if not hunt.suspect:
        hunts = [n for n, e in EXERCISES.items() if e.suspect]
        raise RefusalError(
            f"exercise {hunt.number} is not a bug hunt: choose one of "
            f"{', '.join(hunts)}"
        )
    record = read_record("bugs")
    broken, mended = record["hunts"][hunt.number].values()
    print(
        f"learned numbers: {broken['parameters']:,} "
        f"(healthy twin {mended['parameters']:,})"
    )
    what = "ends of the curves" if "measure" in broken else "last losses"
    print(f"{what}: {ends(broken)} (healthy twin {ends(mended)})")
    if "again" in broken:
        print(
            f"measured again: {broken['again']:.3f} "
            f"(healthy twin {mended['again']:.3f})"
        )
    lines = broken["sample"].strip().splitlines()[:SAMPLE_LINES]
    show_text("\n".join(lines) or "(blank lines and nothing else)")
    plot_symptoms(broken, mended, record["text"], title=hunt.title)


def ends(run: dict) -> str:
    """The last loss of a run; nan where the training broke down."""
    loss = run["curve"][-1][1]
    return "nan" if loss is None else f"{loss:.3f}"
