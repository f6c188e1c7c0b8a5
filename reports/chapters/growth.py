"""How the product chain grows on this very model: the same study as ``bptt grow``, as a chapter."""

from __future__ import annotations

from derive.expr import Diag, MatMul, Var
from derive.nonlinear import Map
from reports.document.blocks import Block, Heading, para
from reports.document.inline import Inline
from reports.formula.tree import row
from reports.growth.blocks import chapter
from reports.material import Material


def blocks(material: Material) -> list[Block]:
    """Why the chain is long, what bounds it, and what it does on this network."""
    return [
        Heading(1, "How the product chain grows", label="sec:growth"),
        para(*_said(material)),
        *chapter(material.growth),
    ]


def _said(material: Material) -> Inline:
    label = material.growth.problem.label
    kind = "the trained model on its own input" if material.trained else "a weakly driven random network of this kind"
    batch = f", {label['batch']} sequences" if label["batch"] > 1 else ""
    return (
        "A term of lag ", row("t", "-", str(material.growth.study.chain.theory.early)), " carries a product of as many "
        f"Jacobians. The numbers are those of {kind} (", row("n", "=", label["n"]), ", ", row("T", "=", label["T"]),
        f"{batch}).",
    )  # fmt: skip


def recurrent(material: Material) -> Var | None:
    """W, where the derived c_t is diag(φ′) W (or W itself) and sup|φ′| is known: the premise of the bound γσ₁(W)."""
    jacobian = material.derivation["local.c"].rhs
    *slopes, last = jacobian.args if isinstance(jacobian, MatMul) else (jacobian,)
    fits = isinstance(last, Var) and last.kind == "parameter" and all(isinstance(factor, Diag) for factor in slopes)
    functions = [e.expression.function for e in material.model.cell.equations if isinstance(e.expression, Map)]
    return last if fits and all(f.steepest is not None for f in functions) else None
