"""The user's own network on the user's own sequence: sizes, loss, and every gradient as a number."""

from __future__ import annotations

import numpy as np

from derive.expr import Var
from derive.indices import T, by_name
from derive.run import FORMS, gradients, name_of
from derive.unroll import place
from reports.chapters.growth import recurrent
from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.inline import Inline, InlineLike
from reports.formula.tree import Script, row
from reports.material import Material
from reports.numbers import fixed, scientific
from reports.present import show


def blocks(material: Material) -> list[Block]:
    """Nothing for a random instance, whose numbers mean nothing."""
    if not material.trained:
        return []
    problem = material.problem
    sizes = by_name(problem.sizes)
    loss = float(np.mean(problem.forward.values[place(problem.model.total)]))
    return [
        Heading(1, "This network on this sequence", label="sec:trained"),
        para(
            "The weights have ", row("n", "=", sizes["n"]), " hidden units, ", row("m", "=", sizes["m"]),
            " inputs and ", row("q", "=", sizes["q"]), " outputs; the sequence has ",
            row("T", "=", problem.sizes[T]), " steps. On it the loss is ",
            row("calL", "=", fixed(loss, 6)), ". ", *_spectrum(material),
            "The gradients below are those of the adjoint sweep over the whole sequence.",
        ),
        _gradients(material),
    ]  # fmt: skip


def _spectrum(material: Material) -> Inline:
    """What bounds the product chain, and what decides it in the long run if nothing saturates."""
    w = recurrent(material)
    if w is None:
        return ()
    matrix = material.problem.given[place(w)]
    sigma = float(np.linalg.norm(matrix, 2))
    rho = float(np.max(np.abs(np.linalg.eigvals(matrix))))
    return (
        "The largest singular value of ", show(w), " is ", row(Script(row("sigma"), row("1")), "=", fixed(sigma)),
        " and its spectral radius ", row("rho", "=", fixed(rho)), ". ",
    )  # fmt: skip


def _gradients(material: Material) -> Table:
    found = gradients(material.derivation, material.problem.forward, FORMS[-1])
    rows = tuple(_row(material, w, found[name_of(w)]) for w in material.problem.sources)
    columns = (
        Column("Parameter"), Column("Shape", "center"), Column("Norm", "right"),
        Column("Norm of its gradient", "right"), Column("Largest entry of it", "right"),
    )  # fmt: skip
    caption = ("The parameters and their gradients; norms are Frobenius norms.",)
    return Table(columns, rows, caption=caption, label="tab:trained")


def _row(material: Material, w: Var, gradient: np.ndarray) -> tuple[InlineLike, ...]:
    value = np.asarray(material.problem.given[place(w)])
    rows, cols = gradient.shape
    norms = (float(np.linalg.norm(value)), float(np.linalg.norm(gradient)), float(np.max(np.abs(gradient))))
    return (show(w), row(rows, "times", cols), fixed(norms[0]), *(scientific(x, 2) for x in norms[1:]))
