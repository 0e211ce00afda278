"""Measures how fast text is written, against others, in one process.

    python benchmarks/generation.py                       # about 10 minutes
    python benchmarks/generation.py --nanogpt PATH/TO/nanoGPT
    python benchmarks/generation.py --quick        # look, but write nothing

Every writer continues the same prompt with a model of the same shape, one
after the other, again and again; the record holds the process CPU time of
each repetition, on one thread, and the medians. Where two writers compute
the same mathematics, their ratio is fair; what differs is said in `notes`.
Writes benchmarks/results/generation.json.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from contenders import MissingError, gpt2, nanogpt_model
from source_text import SourceModel
from torch import Tensor

from tutorgpt import GPT, LARGE, SMALL, ModelConfig, generate
from tutorgpt.ground.provenance import machine, versions, write_record

OUT = Path(__file__).parent / "results" / "generation.json"
V = 6148
SETTINGS = {
    "SMALL, 1000 tokens": (SMALL, 1, 1000, 7),
    "LARGE, 100 tokens inside the window": (LARGE, 1, 100, 5),
    "LARGE, window full": (LARGE, 256, 40, 5),
}
"""Preset, tokens of the prompt, new tokens, repetitions."""

Writer = Callable[[Tensor, int], Tensor]


def writers(config: ModelConfig, nanogpt: Path | None) -> dict[str, Writer]:
    """Everyone who writes, with a model of this shape."""
    torch.manual_seed(0)
    ours = GPT(config).eval()
    source = SourceModel(config).train()
    quiet = SourceModel(config).eval()

    def half(tokens: Tensor, count: int) -> Tensor:
        return generate(ours, tokens, count, window="half")

    def source_quiet(tokens: Tensor, count: int) -> Tensor:
        with torch.inference_mode():
            return quiet.generate(tokens, count)

    chosen = {
        "source text": source.generate,
        "source text, eval and inference mode": source_quiet,
        "tutorgpt": lambda tokens, count: generate(ours, tokens, count),
        "tutorgpt, window half": half,
        "transformers GPT-2, cache": huggingface(config),
    }
    if nanogpt is not None:
        model = nanogpt_model(nanogpt, config)
        chosen["nanoGPT"] = model.eval().generate
    return chosen


def huggingface(config: ModelConfig) -> Writer:
    """The loop that transformers gives for a GPT-2 of the same shape."""
    model = gpt2(config, activation_function="relu").eval()

    def write(tokens: Tensor, count: int) -> Tensor:
        return model.generate(
            tokens,
            attention_mask=torch.ones_like(tokens),
            max_new_tokens=count,
            min_new_tokens=count,
            do_sample=True,
            top_k=0,
            use_cache=True,
            pad_token_id=0,
        )

    return write


def measure(name: str, nanogpt: Path | None, quick: bool) -> dict:
    """CPU seconds of every writer, interleaved; ratios of the medians."""
    preset, prompt, count, repetitions = SETTINGS[name]
    repetitions = 3 if quick else repetitions
    config = preset.model(vocab_size=V)
    chosen = writers(config, nanogpt)
    tokens = torch.randint(V, (1, prompt))
    seconds: dict[str, list[float]] = {writer: [] for writer in chosen}
    notes = {}
    for _ in range(repetitions):
        for writer, write in list(chosen.items()):
            start = time.process_time()
            try:
                write(tokens, count)
            except (IndexError, RuntimeError, ValueError) as error:
                kind = type(error).__name__
                notes[writer] = f"cannot write past its window: {kind}"
                del chosen[writer]
                continue
            seconds[writer].append(time.process_time() - start)
    medians = {w: statistics.median(s) for w, s in seconds.items() if s}
    base = medians["source text"]
    ratios = {w: round(base / m, 2) for w, m in medians.items()}
    for writer, ratio in ratios.items():
        each = 1000 * medians[writer] / count
        print(f"{name}: {writer}: x {ratio} ({each:.2f} ms a token)")
    for writer, note in notes.items():
        print(f"{name}: {writer}: {note}")
    return {
        "prompt_tokens": prompt,
        "new_tokens": count,
        "cpu_seconds": seconds,
        "times_the_source_text": ratios,
        "notes": notes,
    }


def main() -> None:
    """Measure all settings, or the one named, and write them down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nanogpt", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=SETTINGS)
    options = parser.parse_args()
    if options.nanogpt is None:
        print("nanoGPT is left out: give its checkout with --nanogpt")
    torch.set_num_threads(1)
    command = "python benchmarks/generation.py"
    record = {
        "command": command + (" --nanogpt nanoGPT" if options.nanogpt else ""),
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "seed": 0,
        "vocab_size": V,
        "settings": {},
    }
    for name in SETTINGS:
        if options.only in (None, name):
            done = measure(name, options.nanogpt, options.quick)
            record["settings"][name] = done
            if not options.only and not options.quick:
                write_record(OUT, record)


if __name__ == "__main__":
    try:
        main()
    except MissingError as why:
        sys.exit(str(why))
