"""What a command's work amounts to, so that two of them can be compared."""

import hashlib
import json
import re
from pathlib import Path

from safetensors.torch import load_file

from scripts.reliability.holds import Outcome
from tutorgpt.text.token_file import open_token_file
from tutorgpt.training.runs import RunFolder

TENSORS = ("model", "optimizer", "generators")


def essence(outcome: Outcome, target: str = "") -> str:
    """A command's result without what differs from call to call.

    target: the run, page or folder that it writes to, from the folder in
    which it was called.
    """
    command, place = outcome.argv[0], Path(target)
    if command == "train":
        return end_of_run(place)
    if command == "ladder":
        return end_of_ladder(place)
    if command == "lab":
        return end_of_desk(place)
    if command == "export" and place.is_dir():
        return end_of_desk(place)
    if place.suffix == ".safetensors":  # its header is in any order
        tensors = sorted(load_file(place).items())
        parts = (key.encode() + t.numpy().tobytes() for key, t in tensors)
        return hashlib.sha256(b"".join(parts)).hexdigest()
    if target:
        return hashlib.sha256(place.read_bytes()).hexdigest()
    if command == "eval":
        return "".join(re.findall(r"loss: +(\S+) nats", outcome.out))
    if command in ("data", "status"):
        kept = outcome.out.splitlines()
        return "\n".join(w for w in kept if not w.startswith("kept in"))
    return outcome.out


def end_of_desk(desk: Path) -> str:
    """Every file of a desk, but for locks."""
    digest = hashlib.sha256()
    for file in sorted(desk.rglob("*")):
        if file.is_file() and file.suffix != ".lock":
            digest.update(file.relative_to(desk).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def end_of_run(run: Path) -> str:
    """The newest checkpoint's tensors, generators and losses, to the bit."""
    newest = RunFolder(run).checkpoints[-1]
    digest = hashlib.sha256(newest.name.encode())
    for name in TENSORS:
        tensors = load_file(newest / f"{name}.safetensors")
        for key in sorted(tensors):
            digest.update(key.encode() + tensors[key].numpy().tobytes())
    state = json.loads((newest / "state.json").read_text("utf-8"))
    for record in state["history"]:
        del record["seconds"]
    told = state["history"], state["step"]
    digest.update(json.dumps(told, sort_keys=True).encode())
    return digest.hexdigest()


def end_of_ladder(folder: Path) -> str:
    """All losses of the record, and the weights of all six models."""
    (file,) = folder.glob("ladder_*.json")
    record = json.loads(file.read_text("utf-8"))
    runs = [run for rung in record["rungs"] for run in rung["runs"]]
    digest = hashlib.sha256(repr([r["val_loss"] for r in runs]).encode())
    models = sorted(folder.rglob("model.safetensors"))
    for model in models:
        tensors = load_file(model)
        for key in sorted(tensors):
            digest.update(key.encode() + tensors[key].numpy().tobytes())
    return f"{len(models)} models, {digest.hexdigest()}"


def is_whole(file: Path) -> bool:
    """Whether a file that bears its final name is one, and not half of it."""
    try:
        if file.suffix == ".safetensors":
            load_file(file)
        elif file.suffix == ".json":
            json.loads(file.read_text("utf-8"))
        elif file.suffix == ".tokens":
            open_token_file(file, check_all=True)
        elif file.suffix in (".html", ".svg"):
            end = f"</{file.suffix[1:]}>"
            return file.read_text("utf-8").rstrip().endswith(end)
        elif file.suffix == ".txt":
            return bool(file.read_text("utf-8"))
    except Exception:
        return False
    return True


def halves(folder: Path) -> list[str]:
    """Files below a folder that bear their final names and are not whole.

    A name that begins with a dot, on any level, is nobody's final name.
    """
    files = (path for path in folder.rglob("*") if path.is_file())
    names = {file.relative_to(folder): file for file in files}
    return [
        name.as_posix()
        for name, file in names.items()
        if not any(part.startswith(".") for part in name.parts)
        and not is_whole(file)
    ]
