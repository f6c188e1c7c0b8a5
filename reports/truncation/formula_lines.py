"""The steps about truncation as lines of a display: both sides, the reason, and the theorems that cover a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from derive.derivation import Derivation
from derive.expr import Fill, Node, is_scalar
from derive.growth.formulas.step import GrowthStep, Relation
from derive.prover.facts import Range
from derive.theory import Theory
from derive.truncation.formulas.assembled import steps
from derive.truncation.formulas.constant import rho
from derive.truncation.formulas.law import REWEIGHTED
from derive.truncation.formulas.letters import Letters
from reports.document.blocks import Derivation as Display
from reports.document.blocks import Line
from reports.document.inline import Inline
from reports.formula.tree import Formula, Paren, row
from reports.present import means, prose, show, sizes
from reports.present.index import index
from reports.present.scalars import expression
from verify.theorem import cited
from verify.verdicts import Finding

assert means and sizes, "registers how means and norms look"
_RELATIONS = {Relation.EQUAL: "=", Relation.AT_MOST: "le"}


class Told:
    """The steps by key, with the theorems that cover them."""

    def __init__(self, derivation: Derivation, findings: Sequence[Finding]) -> None:
        self.theory = Theory(derivation.model)
        self.letters = Letters(self.theory)
        self.steps = {step.key: step for step in steps(derivation)}
        self.theorems = cited(findings)

    def display(self, name: str, *keys: str, ranges: bool = False) -> Display:
        """The steps of these keys, as far as they are told for this wiring."""
        chosen = [self.steps[key] for key in keys if key in self.steps]
        lines = tuple(self._lines(chosen, ranges))
        return Display(lines, label=f"eq:truncation-{name}", key=f"truncation.{name}")

    def _lines(self, chosen: Sequence[GrowthStep], ranges: bool) -> Iterator[Line]:
        before: GrowthStep | None = None
        for step in chosen:
            why: Inline = prose(step.because)
            if ranges and step.where:
                why = (*why, " (", _ranges(step.where), ")")
            names = ", ".join(self.theorems.get(step.key, ()))
            yield Line(
                None if self._continues(step, before, ranges) else _bare(_shown(step.lhs)),
                _RELATIONS[step.relation], _side(step),
                (*why, *((f" [Theorem {names}]",) if names else ())),
            )  # fmt: skip
            before = step

    @staticmethod
    def _continues(step: GrowthStep, before: GrowthStep | None, ranges: bool) -> bool:
        """Whether a line goes on with the left side above it; where ranges are told, they have to be the same."""
        return before is not None and step.lhs == before.lhs and (not ranges or step.where == before.where)


def _ranges(where: Sequence[Range]) -> Formula:
    """``1 ≤ τ ≤ T, τ ≤ t ≤ T``."""
    shown = [row(index(own.lower), "le", index(own.index), "le", index(own.upper)) for own in where]
    return row(*[part for one in shown for part in (",", "thin", one)][2:])


def _side(step: GrowthStep) -> Formula:
    """The right side; the sum over two outcomes as it stands, before it is added up."""
    if step.key == "mean.outcomes":
        law = REWEIGHTED
        cuts = row(expression(law.chance), "cdot", expression(law.cut))
        return row(cuts, "+", Paren(expression(1 - law.chance)), "cdot", expression(law.kept))
    return _bare(_shown(step.rhs))


def _shown(node: Node) -> Formula:
    return show(node, _leaf)


def _bare(shown: Formula) -> Formula:
    """A whole side needs no parentheses."""
    return shown.body if isinstance(shown, Paren) and shown.left == "(" else shown


def _leaf(node: Node) -> Formula | None:
    """A number that is a formula of letters, as such."""
    if isinstance(node, Fill) and is_scalar(node) and not node.value.is_number:
        shown = expression(node.value.subs(rho, sp.Symbol("rho")))
        return Paren(shown) if node.value.is_Add else shown
    return None
