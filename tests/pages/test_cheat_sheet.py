"""The cheat sheet says what the model does, and fits on one page."""

import ast
import itertools
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import torch
from browser_tools import browser, open_page
from playwright.sync_api import Browser
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

from tutorgpt import (
    GPT,
    LAPTOP,
    LARGE,
    SMALL,
    ResidualNormModel,
    count_parameters,
    next_token_loss,
)
from tutorgpt.config import CHAPTER

__all__ = ["browser"]  # a fixture: used by its name

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import cheat_sheet  # noqa: E402

SHEET = ROOT / "book/figures/cheat_sheet.svg"
TEXTS = list(ET.parse(SHEET).iter("{http://www.w3.org/2000/svg}text"))
CONFIG = CHAPTER.model(vocab_size=69)
SIZES = {
    "B": 2,
    "T": 10,
    "C": CONFIG.n_embed,
    "H": CONFIG.n_head,
    "D": CONFIG.head_size,
    "L": CONFIG.n_layer,
    "V": CONFIG.vocab_size,
    "block_size": CONFIG.block_size,
}


def printed(attribute):
    """What the sheet prints where it states something, by its name."""
    return {
        text.get(attribute): text.text for text in TEXTS if text.get(attribute)
    }


def value(formula, **other):
    """4·C² + C with the chapters' numbers."""
    python = formula.replace("·", "*").replace("²", "**2")
    return eval(python, {}, SIZES | other)


SHAPES, COUNTS = printed("data-shape"), printed("data-count")
FORMULAS = printed("data-formula")


class Softmax(TorchFunctionMode):
    """Notes the shape of every table of attention weights."""

    def __init__(self):
        self.shapes = []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        if function is F.softmax:
            self.shapes.append(tuple(result.shape))
        return result


@pytest.fixture(scope="module")
def shapes():
    """Shapes of chapter 5's model, which computes each head by itself."""
    model, found = ResidualNormModel(CONFIG), {"tokens": (2, 10)}
    block = model.blocks[0]
    parts = {
        "embedding": model.embedding,
        "norm_1": block.norm_1,
        "one head": block.multi_head.heads[0].query,
        "proj": block.multi_head.proj,
        "norm_2": block.norm_2,
        "expand": block.feed_forward.relu,
        "contract": block.feed_forward.contract,
        "norm": model.norm,
        "lm_head": model.lm_head,
    }
    for name, part in parts.items():
        part.register_forward_hook(
            lambda part, _, out, name=name: found.update(
                {name: tuple(out.shape)}
            )
        )
    block.multi_head.proj.register_forward_pre_hook(
        lambda part, args: found.update(mixed=tuple(args[0].shape))
    )
    with Softmax() as heard:
        model(torch.zeros(2, 10, dtype=torch.long))
    heads = len(block.multi_head.heads)
    (b, t, d), (_, rows, columns) = found.pop("one head"), heard.shapes[0]
    found["qkv"] = (b, heads, t, d)
    found["scores"] = found["weights"] = (b, heads, rows, columns)
    return found


def test_every_shape_is_the_models(shapes):
    """Hooks on chapter 5's model find what the sheet prints."""
    assert {n: ast.literal_eval(s) for n, s in SHAPES.items()} == shapes


def test_every_shape_is_named_by_its_letters():
    """The line above a shape is the same shape, in letters."""
    for above, text in itertools.pairwise(TEXTS):
        if text.get("data-shape"):
            letters = above.text.strip("()").split(", ")
            shape = tuple(value(letter) for letter in letters)

            assert shape == ast.literal_eval(text.text)


def test_every_count_is_the_models():
    """What each part learns, the whole, a block, and the presets."""
    model = GPT(CONFIG)
    block = model.blocks[0]
    parts = {
        "embedding": model.embedding,
        "norm_1": block.norm_1,
        "qkv": block.multi_head.qkv,
        "proj": block.multi_head.proj,
        "norm_2": block.norm_2,
        "expand": block.feed_forward.expand,
        "contract": block.feed_forward.contract,
        "norm": model.norm,
        "lm_head": model.lm_head,
        "one block": block,
        "model": model,
    }
    counts = {name: count_parameters(part) for name, part in parts.items()}
    sizes = {LAPTOP: 69, SMALL: 6148, LARGE: 6148}
    with torch.device("meta"):
        for preset, size in sizes.items():
            big = GPT(preset.model(vocab_size=size))
            counts[preset.name.upper()] = count_parameters(big)
    with FlopCounterMode(display=False) as counter:
        tokens = torch.zeros(1, CONFIG.block_size, dtype=torch.long)
        old = ResidualNormModel(CONFIG)
        next_token_loss(old(tokens), tokens).backward()
    counts["flops"] = counter.get_total_flops() // CONFIG.block_size

    assert set(COUNTS) == set(counts)
    for name, text in COUNTS.items():
        number = re.search(r"[\d,]*\d,\d{3}|\d+", text)
        assert number is not None
        assert int(number[0].replace(",", "")) == counts[name], name


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_gives_its_number(name):
    """The formula below a count is that count."""
    full = {"T": CONFIG.block_size} if name == "flops" else {}
    count = int(COUNTS[name].replace(",", ""))

    assert value(FORMULAS[name], **full) == count


def test_the_parts_are_the_whole():
    """The ends once and the block as often as it stands there."""
    block = {"norm_1", "qkv", "proj", "norm_2", "expand", "contract"}
    ends = {"embedding", "norm", "lm_head"}
    counts = {n: int(COUNTS[n].replace(",", "")) for n in block | ends}
    inside = sum(counts[name] for name in block)

    assert f"{inside:,}" == COUNTS["one block"]
    whole = CONFIG.n_layer * inside + sum(counts[name] for name in ends)
    assert whole == count_parameters(GPT(CONFIG))


def test_the_scores_are_used_in_these_shapes():
    """Loss and drawing take what the two boxes print."""
    model, use = GPT(CONFIG), printed("data-use")
    logits = model(torch.zeros(2, 10, dtype=torch.long))
    last = logits[:, -1].softmax(dim=-1)
    drawn = torch.multinomial(last, 1)[:, 0]
    flat = tuple(logits.flatten(0, 1).shape)

    assert use["learn"] == f"logits {flat}, targets ({flat[0]},)"
    assert use["write"] == (
        f"logits {tuple(last.shape)}, drawn {tuple(drawn.shape)}"
    )


def test_the_letters_have_the_models_sizes():
    """B, T, C, H, D, L and V, all of them different."""
    letters = {n: int(text) for n, text in printed("data-letter").items()}

    assert letters == {name: SIZES[name] for name in "BTCHDLV"}
    assert len(set(letters.values())) == len(letters)


def test_nothing_on_the_sheet_escapes_a_test():
    """Every shape and every long number says what it states."""
    stating = {"shape", "count", "formula", "use", "letter"}
    for text in TEXTS:
        if re.search(r"\(\d+,|\d,\d{3}", text.text):
            named = {name.removeprefix("data-") for name in text.attrib}
            is_size = text.text.endswith("V = 6,148")

            assert named & stating or is_size, text.text


def test_the_committed_sheet_is_what_the_program_draws(
    tmp_path, monkeypatch, capsys
):
    """python scripts/cheat_sheet.py would change nothing."""
    monkeypatch.setattr(cheat_sheet, "TARGET", tmp_path / "new.svg")
    cheat_sheet.main()

    assert (tmp_path / "new.svg").read_text("utf-8") == SHEET.read_text(
        "utf-8"
    )


def test_the_drawing_explains_itself():
    """Who cannot see it hears a title and a description with the shapes."""
    root = ET.parse(SHEET).getroot()
    space = "{http://www.w3.org/2000/svg}"

    assert root.get("role") == "img"
    assert root.find(f"{space}title").text == "GPT on one page"
    described = " ".join(root.find(f"{space}desc").text.split())
    for shape in ("tokens", "embedding", "lm_head"):
        assert SHAPES[shape] in described
    assert f"{count_parameters(GPT(CONFIG)):,}" in described


def test_parts_keep_their_names():
    """The sheet's code names attributes that the classes have."""
    block = GPT(CONFIG).blocks[0]
    names = {name.rpartition(".")[2] for name, _ in block.named_modules()}
    names |= {"norm", "lm_head", "split", "softmax", "mask", "join"}
    lines = [step.code for step in cheat_sheet.STEPS[2:]]
    called = re.findall(r"(\w+)\(", " ".join(lines))

    assert set(called) <= names
    assert isinstance(block, nn.Module)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_one_page(browser: Browser, paper: str):
    """With the margins that browsers leave, on either paper."""
    page, _ = open_page(browser, "light")
    page.goto(SHEET.as_uri())
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "1cm")
    pdf = page.pdf(format=paper, margin=margin, print_background=True)
    page.context.close()

    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


OVERLAPS = """() => {
    const texts = [...document.querySelectorAll("text")];
    const boxes = texts.map(text => text.getBoundingClientRect());
    const page = document.documentElement.getBoundingClientRect();
    const wrong = [];
    boxes.forEach((a, i) => {
        if (a.left < page.left || a.right > page.right + 0.5
            || a.bottom > page.bottom) wrong.push(texts[i].textContent);
        boxes.slice(i + 1).forEach((b, j) => {
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 0.5 && high > 3.5)
                wrong.push(texts[i].textContent + " | "
                    + texts[i + 1 + j].textContent);
        });
    });
    return wrong;
}"""


def test_no_words_collide(browser: Browser):
    """In this browser's fonts, nothing overlaps or leaves the page."""
    page, _ = open_page(browser, "light")
    page.goto(SHEET.as_uri())
    wrong = page.evaluate(OVERLAPS)
    page.context.close()

    assert not wrong
