"""The formulas that the sections share."""

from __future__ import annotations

from derive.indices import t
from derive.truncation.study import Study
from reports.document.blocks import Line
from reports.formula.tree import Big, Formula, Script, row
from reports.present import show
from reports.present.index import index
from reports.present.scalars import expression


def parameter(study: Study, name: str) -> Formula:
    """A parameter of the recurrence by its name, as it is printed everywhere."""
    known = {w.name: w for own in study.track.segments for w in own.theory.phase.parameters}
    return show(known[name]) if name in known else row(name)


def law(study: Study) -> Line:
    """∂L/∂w ≈ weight · Σ_t Σ_{i≤t} ω(t, i) g_tᵀ c_t ⋯ c_{i+1} b_i."""
    theory = study.track.segments[-1].theory
    late, early = index(t), index(theory.early)
    chain = row(show(theory.c(t)), "cdots", show(theory.c(theory.early + 1)))
    seed = Script(show(theory.g(t)), None, row("top"))
    term = row("omega", "(", late, ",", early, ")", "thin", seed, chain, show(theory.b(theory.early)))
    inner = Big("sum", row(early, "le", late), None, term)
    if theory.single:
        return Line(show(theory.total_gradient), "approx", inner)
    weight = [] if theory.weight == 1 else [expression(theory.weight)]
    return Line(show(theory.total_gradient), "approx", row(*weight, Big("sum", late, None, inner)))
