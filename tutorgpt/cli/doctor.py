"""tutorgpt doctor: is this machine ready for the tutorial?"""

import argparse
import os
import platform
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from tutorgpt.cli.data import state
from tutorgpt.cli.extras import absent, packages_of
from tutorgpt.cli.terminal import fitted
from tutorgpt.config import CHAPTER
from tutorgpt.ground.places import shown
from tutorgpt.ground.provenance import machine
from tutorgpt.ground.published import install_here
from tutorgpt.ladder import LADDER
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.corpus import CORPORA, Corpus, load_corpus
from tutorgpt.text.download import FetchedText, cache_folder
from tutorgpt.training.loop import train
from tutorgpt.training.loss import exact_loss

GIGABYTE = 1e9
LEAST_MEMORY = 2 * GIGABYTE
LEAST_DISK = 0.5 * GIGABYTE
TIMED_STEPS = 15
TIMED_TOKENS = 32 * 1024

DESCRIPTION = """\
Check whether this machine is ready for the tutorial.

It looks at Python, torch, the device, memory, disk, the texts and the
packages that JupyterLab and the book need, then times a few training steps
of each model to estimate how long its chapter trains. Takes less than 15
seconds and writes nothing.
"""

EPILOG = f"""\
The estimate: {TIMED_STEPS} steps of each model are timed here, now, on one
thread, and so is a part of the validation loss; both are scaled to the
chapter's budget of {CHAPTER.max_steps:,} steps with a loss every 500. A
chapter's other experiments, and your reading, come on top.

Exit code 0 when everything needed is there, 1 when something is missing;
the line that says so begins with "missing" and ends with the remedy.

examples:
  tutorgpt doctor
  tutorgpt doctor && tutorgpt ladder

environment variables:
  TUTORGPT_CACHE        where fetched texts are looked for
"""


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    remedy: what to do, if something is not as it should be.
    needed: whether the tutorial cannot do without.
    """

    label: str
    value: str
    remedy: str = ""
    needed: bool = True

    @property
    def is_missing(self) -> bool:
        return self.needed and bool(self.remedy)

    def __str__(self) -> str:
        line = f"{self.label:10} {self.value}"
        if not self.remedy:
            return line
        kind = "missing" if self.needed else "optional"
        return f"{line}\n  {kind}: {self.remedy}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Doctor takes no arguments of its own."""


def run(args: argparse.Namespace) -> int:
    findings = []
    for finding in examine():
        findings.append(finding)
        print(fitted(str(finding), 11), flush=True)
    missing = [finding for finding in findings if finding.is_missing]
    if missing:
        print(f"\n{len(missing)} needed and missing: see the remedies above")
        return 1
    print(
        f"\nestimated training time, one thread, {CHAPTER.max_steps:,} steps\n"
        f"(timed here, {TIMED_STEPS} steps each)"
    )
    total = 0.0
    for chapter, (model, minutes) in enumerate(estimate(), start=1):
        total += minutes
        print(f"chapter {chapter}  {model:18}{minutes:6.1f} min", flush=True)
    print(f"all six    {'':18}{total:6.1f} min\n\nready")
    return 0


def examine() -> Iterator[Finding]:
    """Everything the tutorial stands on, in the order of the report."""
    yield Finding("Python", platform.python_version())
    yield Finding("torch", torch.__version__)
    yield Finding("device", device())
    yield Finding(
        "processor",
        f"{machine()['processor']}, {machine()['cores']} cores, "
        f"torch takes {torch.get_num_threads()} threads",
    )
    yield memory()
    yield disk()
    yield plays()
    for source in CORPORA.values():
        if isinstance(source, FetchedText):
            yield Finding(
                "text",
                f"{source.name}: {state(source)}",
                "" if source.is_cached() else f"tutorgpt data {source.name}",
                needed=False,
            )
    yield Finding("cache", shown(cache_folder()))
    for extra in ("lab", "book"):
        yield packages(extra)


def device() -> str:
    """What torch can compute on."""
    if torch.cuda.is_available():
        return f"cuda ({torch.cuda.get_device_name()}) and cpu"
    if torch.backends.mps.is_available():
        return "mps and cpu"
    return "cpu, which is all the chapters need"


def memory() -> Finding:
    """The memory that this process may use."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return Finding("memory", "unknown on this system")
    limit = Path("/sys/fs/cgroup/memory.max")  # a container's share
    if limit.is_file() and (text := limit.read_text().strip()).isdigit():
        total = min(total, int(text))
    remedy = f"close other programs: {LEAST_MEMORY / GIGABYTE:.0f} GB needed"
    return Finding(
        "memory",
        f"{total / GIGABYTE:.1f} GB",
        remedy if total < LEAST_MEMORY else "",
    )


def disk() -> Finding:
    """What is free where the results go."""
    free = shutil.disk_usage(Path.cwd()).free
    remedy = f"free some space: {LEAST_DISK / GIGABYTE:.1f} GB needed here"
    return Finding(
        "free disk",
        f"{free / GIGABYTE:.1f} GB",
        remedy if free < LEAST_DISK else "",
    )


def plays() -> Finding:
    """The text that every chapter learns from."""
    try:
        corpus = load_corpus()
    except (OSError, ValueError) as error:
        return Finding("text", "shakespeare: not readable", str(error))
    return Finding(
        "text", f"shakespeare: installed, {len(corpus.text):,} characters"
    )


def packages(extra: str) -> Finding:
    """Whether the packages of one of tutorgpt's extras are installed."""
    missing = absent(extra)
    if not missing:
        names = ", ".join(packages_of(extra))
        return Finding(extra, f"installed ({names})")
    return Finding(
        extra,
        f"not installed: {', '.join(missing)}",
        install_here(extra),
        needed=False,
    )


def estimate() -> Iterator[tuple[str, float]]:
    """The minutes that each chapter's model trains, by timing some steps."""
    corpus = load_corpus()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for rung in LADDER:
            yield rung.__name__, seconds_to_train(rung, corpus) / 60
    finally:
        torch.set_num_threads(threads)


def seconds_to_train(rung: type[LanguageModel], corpus: Corpus) -> float:
    """A chapter's budget for one model, scaled up from a small part of it."""
    model = rung(CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size))
    part = replace(corpus, val=corpus.val[: CHAPTER.block_size + 1])
    short = CHAPTER.training(
        max_steps=2 * TIMED_STEPS, eval_interval=TIMED_STEPS
    )
    with no_progress_bar():  # the first half only warms up
        _, warm, end = train(model, part, short).records
    step = (end.seconds - warm.seconds) / TIMED_STEPS
    start = time.perf_counter()
    exact_loss(model, corpus.val[:TIMED_TOKENS])
    share = TIMED_TOKENS / len(corpus.val)
    loss = (time.perf_counter() - start) / share
    losses = CHAPTER.max_steps / CHAPTER.training().eval_interval + 1
    return CHAPTER.max_steps * step + losses * loss


@contextmanager
def no_progress_bar() -> Iterator[None]:
    """Six bars of half a second each would only flicker."""
    before = os.environ.get("TUTORGPT_PROGRESS")
    os.environ["TUTORGPT_PROGRESS"] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TUTORGPT_PROGRESS"]
        else:
            os.environ["TUTORGPT_PROGRESS"] = before
