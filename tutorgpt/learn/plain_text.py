"""Formulas as a terminal can show them."""

import re

SIGNS = {
    r"\approx": "≈",
    r"\cdot": "·",
    r"\times": "×",
    r"\infty": "∞",
    r"\leq": "≤",
    r"\geq": "≥",
    r"\le": "≤",
    r"\ge": "≥",
    r"\ne": "≠",
    r"\in": "∈",
    r"\sum": "∑",
    r"\tau": "τ",
    r"\alpha": "α",
    r"\beta": "β",
    r"\gamma": "γ",
    r"\epsilon": "ε",
    r"\varepsilon": "ε",
    r"\mu": "μ",
    r"\sigma": "σ",
    r"\theta": "θ",
    r"\omega": "ω",
    r"\pi": "π",
    r"\dots": "…",
    r"\ldots": "…",
    r"\to": "→",
    r"\lfloor": "⌊",
    r"\rfloor": "⌋",
    r"\lceil": "⌈",
    r"\rceil": "⌉",
    r"\,": " ",
    r"\;": " ",
    r"\ ": " ",
    r"\{": "{",
    r"\}": "}",
}
"""What stands for a sign of LaTeX; names such as \\ln lose their stroke."""


def plain_text(markdown: str) -> str:
    """The text with its formulas, between dollars, in plain signs."""
    return re.sub(r"\$([^$]+)\$", lambda found: _formula(found[1]), markdown)


def _formula(latex: str) -> str:
    latex = re.sub(
        r"\\(?:text|mathrm|mathbf|operatorname)\{([^{}]*)\}", r"\1", latex
    )
    latex = re.sub(r"\\sqrt\{([^{}]*)\}", r"√(\1)", latex)
    latex = re.sub(r"\\sqrt\s*(\w)", r"√\1", latex)
    latex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", latex)
    latex = re.sub(r"([_^])\{(\w)\}", r"\1\2", latex)
    latex = re.sub(r"([_^])\{([^{}]*)\}", r"\1(\2)", latex)
    # The longest name first: \le is also the beginning of \left and \leq.
    for sign in sorted(SIGNS, key=len, reverse=True):
        end = r"(?![a-zA-Z])" if sign[-1].isalpha() else ""
        latex = re.sub(re.escape(sign) + end, SIGNS[sign], latex)
    return re.sub(r"\\([a-zA-Z]+)", r"\1", latex)
