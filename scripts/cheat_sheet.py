"""Draws the whole model on one page: book/figures/cheat_sheet.svg.

    python scripts/cheat_sheet.py

Every shape and every count on the sheet is measured on the model itself;
tests/pages/test_cheat_sheet.py measures them again in its own way.
"""

from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree as ET

import torch
from torch.nn import functional as F

from tutorgpt import GPT, LAPTOP, LARGE, SMALL, count_parameters
from tutorgpt.config import CHAPTER
from tutorgpt.scaling import training_flops

TARGET = Path(__file__).resolve().parents[1] / "book/figures/cheat_sheet.svg"
CONFIG = CHAPTER.model(vocab_size=69)
B, T, V = 2, 10, CONFIG.vocab_size  # all seven letters are then different
WIDTH, HEIGHT = 744, 1016  # 4 to the millimetre: fits A4 and Letter
COLOURS = {
    "end": ("#f2f2f2", "#6b6b6b"),
    "norm": ("#eaf5ec", "#3f7f4c"),
    "look": ("#e8f0fa", "#2f67a8"),
    "think": ("#fcf1e0", "#a5651a"),
}
ALT = """\
The whole model from top to bottom on one page. Tokens (2, 10) become vectors
(2, 10, 32), which run down a vertical line, the residual stream. Beside it
stands one block, used three times: LayerNorm, queries, keys and values,
scores, mask and softmax, mixing, projection added to the line; LayerNorm,
widening to 128 channels, ReLU, back to 32, added to the line. At the end a
LayerNorm and the layer to (2, 10, 69) scores. Each step has its shape, the
numbers it learns, 43,397 in all, and its chapter."""


@dataclass(frozen=True)
class Step:
    """One box of the sheet: what it does, to which shape, at which price."""

    of: str
    kind: str
    says: str
    code: str
    letters: str
    formula: str = ""
    chapter: str = ""


STEPS = (
    Step(
        "tokens",
        "end",
        "Characters as whole numbers",
        "tokens = tokenizer.encode(text)",
        "B, T",
        chapter="1",
    ),
    Step(
        "embedding",
        "end",
        "What it is plus where it is",
        "x = token[tokens] + position[0 … T−1]",
        "B, T, C",
        "(V + block_size)·C",
        "1, 2",
    ),
    Step(
        "norm_1",
        "norm",
        "LayerNorm: mean 0, variance 1, rescaled",
        "a = norm_1(x)",
        "B, T, C",
        "2·C",
        "5",
    ),
    Step(
        "qkv",
        "look",
        "Ask, offer, hand over: H heads",
        "q, k, v = split(qkv(a))",
        "B, H, T, D",
        "3·C²",
        "2, 3",
    ),
    Step(
        "scores",
        "look",
        "Who fits whom, scaled",
        "scores = q @ k.mT / √D",
        "B, H, T, T",
        chapter="2",
    ),
    Step(
        "weights",
        "look",
        "Future masked; each row sums to 1",
        "weights = softmax(mask(scores, −∞))",
        "B, H, T, T",
        chapter="2",
    ),
    Step(
        "mixed",
        "look",
        "Weighted mean, heads side by side",
        "joined = join(weights @ v)",
        "B, T, C",
        chapter="2, 3",
    ),
    Step(
        "proj",
        "look",
        "Projection, added to the path",
        "x = x + dropout(proj(joined))",
        "B, T, C",
        "C² + C",
        "3, 5, 6",
    ),
    Step(
        "norm_2",
        "norm",
        "LayerNorm: mean 0, variance 1, rescaled",
        "a = norm_2(x)",
        "B, T, C",
        "2·C",
        "5",
    ),
    Step(
        "expand",
        "think",
        "Four times as wide, then bent",
        "wide = relu(expand(a))",
        "B, T, 4·C",
        "4·C² + 4·C",
        "4",
    ),
    Step(
        "contract",
        "think",
        "Back again, added to the path",
        "x = x + dropout(contract(wide))",
        "B, T, C",
        "4·C² + C",
        "4, 5, 6",
    ),
    Step(
        "norm",
        "norm",
        "The last LayerNorm",
        "x = norm(x)",
        "B, T, C",
        "2·C",
        "5",
    ),
    Step(
        "lm_head",
        "end",
        "A score for every character",
        "logits = lm_head(x)",
        "B, T, V",
        "C·V + V",
        "1",
    ),
)
BLOCK = ("norm_1", "contract")
ADDING = ("proj", "contract")
LETTERS = (
    ("B", "batch_size", "sequences at once"),
    ("T", "≤ block_size", "tokens in each"),
    ("C", "n_embed", "channels of a token"),
    ("H", "n_head", "heads of a layer"),
    ("D", "C / H", "channels of a head"),
    ("L", "n_layer", "blocks"),
    ("V", "vocab_size", "different tokens"),
)
TROUBLE = (
    ("First loss far above ln V", "initialization: scores too large"),
    ("Loss far too low", "it sees the answer: mask, targets"),
    ("Stuck at letter frequencies", "deep without residual paths"),
    ("nan", "learning rate; a row of −∞ only"),
    ("Loss changes from call to call", "model.eval() forgotten"),
    ("Right shapes, wrong numbers", "axes: compare with a loop"),
)


def measure(model: GPT) -> tuple[dict[str, tuple], dict[str, int]]:
    """Shape and learned numbers of every step, from one pass."""
    shapes: dict[str, tuple] = {"tokens": (B, T)}
    counts: dict[str, int] = {}
    block = model.blocks[0]
    parts = {"norm": model.norm, "lm_head": model.lm_head}
    parts |= {"embedding": model.embedding, "one block": block}
    for name, part in block.named_modules():
        parts[name.rpartition(".")[2]] = part
    for name, part in parts.items():
        counts[name] = count_parameters(part)
        part.register_forward_hook(
            lambda part, _, out, name=name: shapes.update(
                {name: tuple(out.shape)}
            )
        )
    attend = F.scaled_dot_product_attention
    with mock.patch.object(
        F, "scaled_dot_product_attention", side_effect=attend
    ) as called:
        model(torch.zeros(B, T, dtype=torch.long))
    q, k, _ = called.call_args.args
    shapes["qkv"] = tuple(q.shape)
    shapes["scores"] = shapes["weights"] = tuple((q @ k.mT).shape)
    shapes["mixed"] = shapes["proj"]
    counts["model"] = count_parameters(model)
    return shapes, counts


class Page:
    """An SVG that is written to from top to bottom."""

    def __init__(self, width: int, height: int) -> None:
        self.root = ET.Element(
            "svg",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height}",
            width=f"{width / 4:g}mm",
            height=f"{height / 4:g}mm",
            role="img",
        )
        self.root.set("aria-labelledby", "title")
        self.root.set("aria-describedby", "desc")
        ET.SubElement(self.root, "title", id="title").text = "GPT on one page"
        ET.SubElement(self.root, "desc", id="desc").text = ALT
        ET.SubElement(self.root, "style").text = (
            "text{font:11px Helvetica,Arial,'DejaVu Sans',sans-serif;"
            "fill:#111}.m{font-family:Menlo,Consolas,'DejaVu Sans Mono',"
            "monospace;font-size:10.5px}.b{font-weight:bold}"
            ".g{fill:#444;font-size:10px}.t{font-size:22px}.e{"
            "text-anchor:end}.c{text-anchor:middle}.h{font-size:12px}"
        )
        self.box(0, 0, width, height, "#fff", "none", 0, ground=True)

    def text(self, x, y, words, style="", **data) -> None:
        """Words at a place; data_of="qkv" says what they state."""
        made = ET.SubElement(self.root, "text", x=f"{x:g}", y=f"{y:g}")
        if style:
            made.set("class", style)
        for name, value in data.items():
            made.set(name.replace("_", "-"), value)
        made.text = words

    def box(
        self, x, y, width, height, fill, line, radius=5, dash="", ground=False
    ) -> None:
        """A rectangle; dash for a broken line; ground for the sheet itself."""
        made = ET.SubElement(self.root, "rect", rx=str(radius))
        if ground:
            made.set("class", "ground")
        for name, value in zip(
            ("x", "y", "width", "height"), (x, y, width, height), strict=True
        ):
            made.set(name, f"{value:g}")
        made.set("fill", fill)
        made.set("stroke", line)
        if dash:
            made.set("stroke-dasharray", dash)

    def line(self, path, width=1.5, colour="#333") -> None:
        """A path such as M0 0H10."""
        made = ET.SubElement(self.root, "path", d=path, fill="none")
        made.set("stroke", colour)
        made.set("stroke-width", str(width))

    def arrow(self, x, y, to) -> None:
        """A level arrow from (x, y) to (to, y)."""
        back = -5 if to > x else 5
        self.line(f"M{x} {y}H{to}m{back} -3.5l{-back} 3.5l{back} 3.5")

    def write(self, target: Path) -> None:
        """Save the page, one element a line."""
        ET.indent(self.root, "")
        text = ET.tostring(self.root, encoding="unicode")
        target.write_text(text + "\n", encoding="utf-8")


def written(shape: tuple) -> str:
    """(2, 10, 32), and (20,) for a single axis."""
    return str(tuple(shape))


def draw_model(page: Page, model: GPT) -> float:
    """The steps from tokens to scores; returns where they end."""
    shapes, counts = measure(model)
    page.text(92, 86, "what happens", "g b")
    page.text(398, 86, "shape", "g b")
    page.text(678, 86, "numbers it learns", "g b e")
    page.text(730, 86, "chapter", "g b e")
    y, pitch, stream, tops = 94, 46, 52, {}
    for step in STEPS:
        y += 10 * (step.of in (BLOCK[0], "norm"))
        tops[step.of] = y
        y += pitch
    top, end = tops[BLOCK[0]] - 7, tops[BLOCK[1]] + pitch - 1
    page.box(30, top, 704, end - top, "none", "#555", 8, "5 4")
    page.line(f"M{stream} {tops['embedding'] + 34}V{tops['norm'] + 18}", 4)
    for step in STEPS:
        draw_step(page, step, tops[step.of], stream, shapes, counts)
    side = (tops["qkv"] + tops["norm_2"]) / 2 + 14
    page.text(
        0, 0, "one block, L = 3 times", "b c", transform=turned(20, side)
    )
    page.text(0, 0, "residual stream", "g c", transform=turned(44, side))
    return y


def turned(x: float, y: float) -> str:
    """Where a text that reads upwards is centred."""
    return f"translate({x:g} {y:g}) rotate(-90)"


def draw_step(page, step, y, stream, shapes, counts) -> None:
    """A box, its arrows from and to the stream, and its three columns."""
    fill, line = COLOURS[step.kind]
    page.box(86, y, 298, 36, fill, line)
    page.text(94, y + 15, step.says, "b")
    page.text(94, y + 30, step.code, "m")
    middle = y + 18
    if step.of in ADDING:
        page.arrow(86, middle, stream + 9)
        plus = f"M{stream - 4} {middle}h8m-4 -4v8"
        page.box(stream - 7, middle - 7, 14, 14, "#fff", "#333", 7)
        page.line(plus, 1.5)
    elif step.kind == "norm":
        page.arrow(stream, middle, 85)
    elif step.of == "embedding":
        page.line(f"M86 {middle}H{stream}v16", 4)
    page.text(398, y + 15, f"({step.letters})", "m b")
    shape = written(shapes[step.of])
    page.text(398, y + 30, shape, "m", data_shape=step.of)
    if step.formula:
        number = f"{counts[step.of]:,}"
        page.text(678, y + 15, number, "m b e", data_count=step.of)
        page.text(678, y + 30, step.formula, "m e", data_formula=step.of)
    else:
        page.text(678, y + 15, "none", "g e")
    page.text(730, y + 22, step.chapter, "e")


def draw_use(page: Page, y: float) -> None:
    """What is done with the scores: a loss, or the next character."""
    fill, line = COLOURS["end"]
    for x, says, code, shape in (
        (
            14,
            "Learn: one number from all positions",
            "cross_entropy(logits, targets)",
            [("logits", (B * T, V)), ("targets", (B * T,))],
        ),
        (
            377,
            "Write: draw one, append it, go on",
            "softmax(logits[:, −1] / temperature)",
            [("logits", (B, V)), ("drawn", (B,))],
        ),
    ):
        page.box(x, y, 353, 52, fill, line)
        page.text(x + 8, y + 15, says, "b")
        page.text(x + 8, y + 30, code, "m")
        words = ", ".join(f"{name} {written(size)}" for name, size in shape)
        kind = "learn" if x == 14 else "write"
        page.text(x + 8, y + 45, words, "m", data_use=kind)


def draw_panels(page: Page, y: float, model: GPT) -> None:
    """Letters, prices, and what to look for when something is wrong."""
    titles = ("The letters", "What it costs", "When something is wrong")
    for x, title in zip((14, 250, 486), titles, strict=True):
        page.text(x, y, title, "b h")
        page.line(f"M{x} {y + 6}h{222 if x < 486 else 244}", 1)
    sizes = {"B": B, "T": T, "C": CONFIG.n_embed, "H": CONFIG.n_head}
    sizes |= {"D": CONFIG.head_size, "L": CONFIG.n_layer, "V": V}
    for row, (letter, name, means) in enumerate(LETTERS):
        at = y + 26 + 24 * row
        page.text(14, at, letter, "m b")
        page.text(46, at, str(sizes[letter]), "m e", data_letter=letter)
        page.text(54, at, name, "m")
        page.text(140, at, means, "g")
    draw_costs(page, y + 26, model)
    for row, (sign, cause) in enumerate(TROUBLE):
        at = y + 26 + 29 * row
        page.text(486, at, sign, "b")
        page.text(494, at + 13, f"→ {cause}", "g")


def draw_costs(page: Page, y: float, model: GPT) -> None:
    """A block, a token, the memory, and the presets."""
    block = count_parameters(model.blocks[0])
    page.text(250, y, "a block: ", "g")
    page.text(300, y, "12·C² + 10·C", "m", data_formula="one block")
    page.text(472, y, f"{block:,}", "m b e", data_count="one block")
    page.text(250, y + 24, "operations to learn from one token:", "g")
    formula = "6·(12·L·C² + C·V) + 12·L·T·C"
    page.text(250, y + 39, formula, "m", data_formula="flops")
    flops = f"{training_flops(CONFIG):,}"
    page.text(250, y + 54, "with T = block_size", "g")
    page.text(472, y + 54, flops, "m b e", data_count="flops")
    page.text(250, y + 78, "memory to learn: 16 bytes a number,", "g")
    page.text(250, y + 91, "and the activations on top", "g")
    for row, (preset, size) in enumerate(
        ((LAPTOP, 69), (SMALL, 6148), (LARGE, 6148))
    ):
        at = y + 115 + 17 * row
        with torch.device("meta"):
            count = count_parameters(GPT(preset.model(vocab_size=size)))
        name = preset.name.upper()
        page.text(250, at, f"{name}, V = {size:,}", "m")
        page.text(472, at, f"{count:,}", "m b e", data_count=name)


def main() -> None:
    """Draw the sheet and say where it is."""
    torch.manual_seed(1337)
    model = GPT(CONFIG).eval()
    page = Page(WIDTH, HEIGHT)
    page.text(14, 32, "GPT on one page", "t b")
    page.text(
        14,
        52,
        f"The chapters' model learns {count_parameters(model):,} numbers. "
        "Here it reads B = 2 texts of T = 10 characters (32 at most).",
        "h",
        data_count="model",
    )
    page.text(730, 32, "tutorgpt: from bigram to GPT", "g e")
    end = draw_model(page, model)
    draw_use(page, end + 4)
    draw_panels(page, end + 84, model)
    page.write(TARGET)
    print(f"{TARGET.name}: {WIDTH / 4:g} x {HEIGHT / 4:g} mm")


if __name__ == "__main__":
    main()
