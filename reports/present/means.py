"""How a mean over random cuts looks."""

from __future__ import annotations

from derive import expr as ex
from derive.truncation.formulas.mean import Mean
from reports.formula.tree import Formula, Paren, row
from reports.present.core import Leaf, look, show


@look.register
def _(node: Mean, leaf: Leaf) -> Formula:
    """𝔼 z_t; brackets around anything but a letter."""
    shown = show(node.body, leaf)
    if isinstance(node.body, ex.Var):
        return row("expect", "thin", shown)
    inner = shown.body if isinstance(shown, Paren) and shown.left == "(" else shown
    return row("expect", Paren(inner, "[", "]"))
