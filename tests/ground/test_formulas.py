"""Formulas in TeX become MathML that says the same."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tutorgpt.ground.formulas import formula, formula_with_tex, mathml

ROOT = Path(__file__).resolve().parents[2]
DOLLARS = re.compile(r"(?<![\\$`\w])\$(?!\s)([^$`]+?)(?<!\s)\$(?![\w$])")


def test_a_function_keeps_its_distance():
    """ln 69 is not read as ln69; a bracket needs no space before it."""
    shown = [mathml(tex) for tex in (r"\ln 69", r"\ln(69)")]

    assert ["<mspace" in text for text in shown] == [True, False]


def test_a_formula_on_a_line_of_its_own_says_so():
    """In its line a sum has its limits beside it, else above and below."""
    line, block = mathml(r"\sum_i x_i"), mathml(r"\sum_i x_i", "block")

    assert ET.fromstring(line).get("display") == "inline"
    assert ET.fromstring(block).get("display") == "block"


@pytest.mark.parametrize(
    ("tex", "tags"),
    [
        (r"\frac{1}{\sqrt{D}}", ["mfrac", "mn", "msqrt", "mi"]),
        (r"W_2 \, x", ["msub", "mi", "mn", "mspace", "mi"]),
        (r"\text{loss} = 3{,}712", ["mtext", "mo", "mn"]),
        (r"(3, 712)", ["mo", "mn", "mo", "mn", "mo"]),
        (r"a \cos b", ["mi", "mspace", "mi", "mspace", "mi"]),
        (r"\tanh' x", ["msup", "mi", "mi", "mi"]),
        (r"\max(0, z)", ["mi", "mo", "mn", "mo", "mi", "mo"]),
    ],
)
def test_the_parts_are_those_of_the_formula(tex, tags):
    """Fractions, roots, indices and words keep their places."""
    found = [part.tag for part in ET.fromstring(mathml(tex)).iter()]

    assert [tag for tag in found if tag not in ("math", "mrow")] == tags


def test_bold_letters_are_bold_in_browsers():
    """They draw no mathvariant but "normal"; style they do."""
    (letter,) = ET.fromstring(mathml(r"\mathbf{2T}")).iter("mi")

    assert letter.get("mathvariant") == "normal"
    assert letter.get("style") == "font-weight: bold"


def test_a_minus_is_a_sign_or_a_step():
    """After a comma it stands close to its number, else between two."""
    forms = [
        part.get("form")
        for part in ET.fromstring(mathml("(-a, -b - c)")).iter("mo")
        if part.text == "−"
    ]

    assert forms == ["prefix", "prefix", None]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"531{,}441", "531,441"),
        (r"10{,}000^{2i/C}", "10,0002i/C"),
        (r"4{,}718{,}592", "4,718,592"),
        (r"f'(x)", "f′(x)"),
        (r"\max(0, -\infty)", "max(0,−∞)"),
    ],
)
def test_a_formula_is_set_as_written(tex, shown):
    """Thousands in one number, and no name with gaps."""
    made = formula(tex)
    signs = [sign.text for sign in made.iter("mo")]

    assert "".join(made.itertext()) == shown
    assert not {"max", "∞"} & set(signs)
    assert all(len(part) == 2 for part in made.iter("msup"))


def test_a_function_stands_off_on_both_sides():
    """2 ln 3 is not read as 2ln3, and a power of tanh keeps its base."""
    gaps = {
        tex: mathml(tex).count("<mspace")
        for tex in (r"2 \ln 3", r"\sin a \cos b", r"\ln(3)")
    }

    assert list(gaps.values()) == [2, 3, 0]
    assert len(formula(r"\tanh^2 x").find(".//msup")) == 2


def test_the_tex_can_be_read_out_and_copied():
    """As alttext and as an annotation, beside what is drawn."""
    made = formula_with_tex("x\n+ 1")

    assert made.get("alttext") == "x + 1"
    assert made.findtext("semantics/annotation") == "x + 1"
    assert made.find("semantics/mrow/mi").text == "x"


@pytest.mark.parametrize("tex", [r"\nosuch x", r"\frac", r"x^"])
def test_tex_that_nobody_knows_is_named(tex):
    """Neither drawn as it stands, nor answered with another's traceback."""
    with pytest.raises(ValueError, match="no MathML for") as caught:
        mathml(tex)

    assert repr(tex) in str(caught.value)


def formulas_of_the_book() -> set[str]:
    """Every formula of a chapter or a page, as it was written."""
    texts = [path.read_text("utf-8") for path in ROOT.glob("book/*.md")]
    for path in ROOT.glob("notebooks/*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        texts += [
            "".join(cell["source"])
            for cell in cells
            if cell["cell_type"] == "markdown"
        ]
    return {found for text in texts for found in DOLLARS.findall(text)}


def test_no_formula_of_the_book_is_left_in_tex():
    """Each is known to the converter down to its last command."""
    found = formulas_of_the_book()
    made = {
        tex: "".join(ET.fromstring(mathml(tex)).itertext()) for tex in found
    }

    assert len(found) > 200
    assert not {tex for tex, said in made.items() if "\\" in said}
