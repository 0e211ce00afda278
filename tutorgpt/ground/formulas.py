"""Formulas as MathML, which browsers and readers of EPUB draw by themselves.

No script, no font to fetch, and the same in JupyterLab, in the book and in
a file to take along; a screen reader is told the formula, and not its look.
"""

import html
from contextlib import suppress
from xml.etree import ElementTree as ET

THIN, BOLD = "0.17em", "font-weight: bold"
ROWS = ("math", "mrow", "msqrt")
"""What holds any number of parts; a fraction holds two."""
OPENS = "([{,;=<>≈≤≥+−-·×/→"
"""After one of these, or at the start, a minus is a sign and not a step."""


def mathml(tex: str, display: str = "inline") -> str:
    """A formula in TeX as one <math> element.

    display: "inline", or "block" for a formula on a line of its own. Raises
    ValueError for TeX that latex2mathml does not know.
    """
    return ET.tostring(formula(tex, display), encoding="unicode")


def formula(tex: str, display: str = "inline") -> ET.Element:
    """The same as a tree without a namespace."""
    made = _converted(tex, display)
    del made.attrib["xmlns"]
    for part in made.iter():  # signs come as &#x0003D;, texts as they are
        part.text = html.unescape(part.text or "")
    for part in list(made.iter()):
        _set_signs(part)
        if part.get("mathvariant") == "bold":  # browsers know "normal" alone
            part.attrib |= {"mathvariant": "normal", "style": BOLD}
        if part.tag in ROWS:
            _join_numbers(part)
            _space_functions(part)
    return made


def formula_with_tex(tex: str, display: str = "inline") -> ET.Element:
    """The tree with its TeX as alttext, to be read out, and as annotation."""
    tex = " ".join(tex.split())
    made = formula(tex, display)
    whole = ET.Element("semantics")
    whole.extend(list(made))
    note = ET.SubElement(whole, "annotation", encoding="application/x-tex")
    note.text = tex
    made[:] = [whole]
    made.set("alttext", tex)
    return made


def _converted(tex: str, display: str) -> ET.Element:
    from latex2mathml.converter import convert_to_element

    # It has many errors, none of which says where, and it keeps a command
    # that it does not know as a text.
    with suppress(Exception):
        made = convert_to_element(tex.strip(), display=display)
        if "\\" not in "".join(made.itertext()):
            return made
    raise ValueError(
        f"there is no MathML for {tex!r}: write it in the TeX that "
        "latex2mathml knows"
    )


def _join_numbers(parent: ET.Element) -> None:
    """4{,}024 is one number; the comma in (4, 24) stands alone."""
    n = 1
    while n + 1 < len(parent):
        before, comma, after = parent[n - 1 : n + 2]
        grouped = comma.tag == "mrow" and "".join(comma.itertext()) == ","
        digits = after[0] if after.tag == "msup" else after
        if grouped and before.tag == "mn" and digits.tag == "mn":
            digits.text = f"{before.text},{digits.text}"
            parent.remove(before)
            parent.remove(comma)
        else:
            n += 1


def _set_signs(parent: ET.Element) -> None:
    """max is a function, ∞ a value, a stroke divides closely, −z is a sign."""
    before = ""
    for part in parent:
        if part.tag == "mo":
            if len(part.text or "") > 1 or part.text == "∞":
                part.tag = "mi"
            elif part.text == "/":
                part.attrib |= {"lspace": "0", "rspace": "0"}
            elif part.text in ("-", "−") and before in OPENS:
                part.set("form", "prefix")
        before = "".join(part.itertext())[-1:] if part.tag == "mo" else "x"


def _space_functions(parent: ET.Element) -> None:
    """A thin space around ln and its like, where no sign or bracket is."""
    for n in range(len(parent) - 1, -1, -1):
        if not _is_function(parent[n]):
            continue
        after = parent[n + 1] if n + 1 < len(parent) else None
        if after is not None and after.tag not in ("mo", "mspace"):
            parent.insert(n + 1, ET.Element("mspace", width=THIN))
        before = parent[n - 1] if n else None
        if before is not None and (
            before.tag not in ("mo", "mspace") or before.text == ")"
        ):
            parent.insert(n, ET.Element("mspace", width=THIN))


def _is_function(part: ET.Element) -> bool:
    return part.tag == "mi" and len(part.text or "") > 1
