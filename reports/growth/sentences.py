"""Sentences of plain text with the formulas in them set as formulas: ``W_hf``, ``∂c_t/∂c_(t−1)``, ``c_tᵀ``."""

from __future__ import annotations

import re

from reports.document.inline import Inline, Part
from reports.formula.tree import Formula, Script, row

_SUBSCRIPTED = re.compile(r"([^\W\d_]|∏|∂[^\W\d_])_(\([^()]{1,12}\)|\w{1,4})(ᵀ?)")
_SIGNS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def formulated(said: str) -> Inline:
    """The sentence in pieces; small digits, which text fonts lack, are left out: a norm is the spectral one."""
    plain = said.replace("‖₂", "‖").replace("log₁₀", "log10").replace("∂⁺", "∂").translate(_SIGNS)
    parts: list[Part] = []
    end = 0
    for found in _SUBSCRIPTED.finditer(plain):
        if found.start() > end:
            parts.append(plain[end : found.start()])
        parts.append(_formula(*found.groups()))
        end = found.end()
    return (*parts, plain[end:]) if end < len(plain) else tuple(parts)


def _formula(base: str, sub: str, transposed: str) -> Formula:
    letters = [row("partial")] if base.startswith("∂") else []
    own = base.removeprefix("∂").replace("Σ", "∑")
    inside = sub.strip("()").replace("ᵀ", "")
    index = row(*(part for part in re.split(r"([−+-])", inside) if part)) if len(inside) > 1 else row(inside)
    script = Script(row(own), index, row("top") if transposed or sub.endswith("ᵀ") else None)
    return row(*letters, script) if letters else script
