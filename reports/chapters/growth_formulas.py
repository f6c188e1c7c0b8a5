"""Why the product chain is O(T) long, what bounds it, and what it is where it can be written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.cell import Reference
from derive.cells.diagonal import ZUCCHET
from derive.derivation import Derivation
from derive.expr import Fill, MatMul, Node, is_scalar
from derive.growth.formulas.assembled import steps
from derive.growth.formulas.below import linear_steps
from derive.growth.formulas.bounds import refused
from derive.growth.formulas.nodes import Measure
from derive.growth.formulas.quantities import Known
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import t
from derive.theory import Theory
from reports.chapters.growth_closed_forms import memory_blocks, power_blocks, unit_blocks
from reports.chapters.growth_evidence import table
from reports.document.blocks import Block, Bullets, Heading, Line, para
from reports.document.blocks import Derivation as Display
from reports.document.inline import Cite, Inline, Part
from reports.formula.tree import Atom, Formula, Matrix, Norm, Paren, Script, row
from reports.present import prose, show, sizes
from reports.present.scalars import expression
from verify.theorem import cited
from verify.verdicts import Finding

REFERENCES = (
    Reference(
        "horn2013", "R. A. Horn, C. R. Johnson", 2013, "Matrix Analysis", "Cambridge University Press, second edition",
    ),
    Reference(
        "goldberg1974", "M. Goldberg, G. Zwas", 1974, "On matrices having equal spectral radius and spectral norm",
        "Linear Algebra and its Applications 8(5), 427–434", "https://doi.org/10.1016/0024-3795(74)90076-7",
    ),
    ZUCCHET,
)  # fmt: skip
"""What is cited here beside ``reports.growth.references.SOURCES``, which has pascanu2013."""
_RELATIONS = {Relation.EQUAL: "=", Relation.AT_MOST: "le"}
Theorems = dict[str, tuple[str, ...]]
"""By the key of a step, the theorems that it is an instance of."""
assert sizes, "registers how norms look"


def blocks(derivation: Derivation, findings: Sequence[Finding]) -> list[Block]:
    """``findings`` are those of ``verify.growth.formulas.judge.evidence``."""
    theory, own = Theory(derivation.model), steps(derivation)
    theorems = cited(findings)
    return [
        *_counting(own),
        *_above(derivation, theory, own, theorems),
        *_tightness(theory, own),
        *_below(own, theorems),
        *power_blocks(),
        *unit_blocks(derivation),
        *memory_blocks(),
        table(findings),
    ]


def _counting(own: Sequence[GrowthStep]) -> list[Block]:
    count, longest, every = (step for step in own if step.rule in ("counting", "arithmetic series"))
    reasons = {longest.key: "since 1 ≤ i and t ≤ T: O(T) factors", every.key: "all terms of one step: O(T²)"}
    return [
        Heading(2, "How many factors a term has", label="sec:growth-count"),
        para("The terms of the expansion differ in the length of their product chain, and that grows with the "
             "sequence. Written out, all of them are many factors; the recurrence multiplies by each factor once."),
        Display(tuple(_lines((count, longest, every), {}, reasons)), label="eq:growth-count", key="growth.count"),
    ]  # fmt: skip


def _above(derivation: Derivation, theory: Theory, own: Sequence[GrowthStep], theorems: Theorems) -> list[Block]:
    named = {step.key: step for step in own}
    head: list[Block] = [Heading(2, "A bound from above", label="sec:growth-above")]
    if "growth.factor" not in named:
        return [*head, *_unbounded(derivation, theory, own, theorems)]
    told = [named[key] for key in ("growth.submultiplicative", "growth.factor", "growth.bound")]
    return [
        *head,
        para("The spectral norm of a product is at most the product of the norms, and one factor is bounded by the "
             "weights alone", *_slopes(theory, own), ". So the chain is at most a power whose exponent is the lag:"),
        Display(tuple(_lines(told, theorems)), label="eq:growth-bound", key="growth.bound"),
        *_said(named["growth.factor"]),
    ]  # fmt: skip


def _slopes(theory: Theory, own: Sequence[GrowthStep]) -> Inline:
    """`` (γ = sup|φ′| = 1 for tanh, …)``."""
    named = {step.key: step for step in own}
    parts: list[Part] = []
    for function, gamma in Known(theory).gammas.items():
        value = named[f"growth.{gamma.name}"].rhs
        assert isinstance(value, Fill)
        slope = row("sup", "thin", Paren(Script(Atom(function.name), None, Atom("prime")), "|", "|"))
        parts += [", " if parts else " (", row(show(gamma), "=", slope, "=", expression(value.value))]
    return (*parts, ")") if parts else ()


def _said(factor: GrowthStep) -> Iterator[Block]:
    """What the bound says, and what it does not: sufficient, necessary, singular value."""
    short = isinstance(factor.rhs, MatMul | Measure)
    bound: Part = show(factor.rhs, _leaf) if short else "the bound of one factor"
    yield para(
        "If ", bound, " is less than 1, the chain vanishes at least that fast: this is sufficient. That it is more "
        "than 1 is necessary for the chain to explode, and no more: slopes below the steepest, or factors that do not "
        "turn into each other's leading direction, may shrink it all the same. It is the largest singular value that "
        "counts here, not the largest eigenvalue ", Cite("pascanu2013"), ".",
    )  # fmt: skip


def _unbounded(derivation: Derivation, theory: Theory, own: Sequence[GrowthStep], theorems: Theorems) -> list[Block]:
    """A cell whose c_t the weights alone do not bound: which terms are, and what stands in the way of the others."""
    missing = dict.fromkeys(v for part in refused(theory, derivation) for v in part.because)
    names = [part for v in missing for part in (", ", show(v))][1:]
    parts = [step for step in own if step.key.startswith("growth.part")]
    gates = [step for step in parts if isinstance(step.rhs, Fill)] or parts[:1]
    first = next(step for step in own if step.key == "growth.submultiplicative")
    return [
        para("For this cell the weights alone give no bound: the derived ", show(theory.c()), " contains ", *names,
             ", which may be of any size. What is left is the product of the norms of the factors as they are, and a "
             "bound for the terms that have one, such as the path through a gate, whose values lie between 0 and 1:"),
        Display(tuple(_lines((first, *gates), theorems)), label="eq:growth-bound", key="growth.bound"),
    ]  # fmt: skip


def _tightness(theory: Theory, own: Sequence[GrowthStep]) -> list[Block]:
    """When each bound is met, and an example of a matrix for which none is."""
    sigma, rho, W = Script(Atom("sigma"), Atom("1")), Atom("rho"), Atom("W")
    c, before = show(theory.c()), show(theory.c(t - 1))
    tall = Matrix(((Atom("0.9"), Atom("1")), (Atom("0"), Atom("0.9"))))
    product: Inline = (
        "A product is as large as the product of its norms exactly where one direction is handed on from factor to "
        "factor, each time the one that the factor enlarges most: ", before, " turns a leading right singular vector "
        "into one of ", c, ".",
    )  # fmt: skip
    slope = ("A slope is as steep as its bound exactly where the units of that direction are at the steepest point.",)
    radial: Inline = (
        "The powers of a matrix are as large as its eigenvalues say exactly where ",
        row(rho, Paren(W), "=", sigma, Paren(W)), ". It is then called radial, and a normal matrix is ",
        Cite("goldberg1974"), ". For ", row(W, "=", tall), " they are not: ", row(rho, "=", "0.9"), ", and yet ",
        row(_size_of(W, 10), ">", "3"), " before ", row(_size_of(W, 100), "<", "0.01"), ".",
    )  # fmt: skip
    sloped = any(step.key == "growth.factor" for step in own) and bool(Known(theory).gammas)
    return [Bullets((product, *((slope,) if sloped else ()), radial))]


def _size_of(matrix: Formula, exponent: int) -> Formula:
    return Norm(Script(matrix, None, Atom(str(exponent))))


def _below(own: Sequence[GrowthStep], theorems: Theorems) -> list[Block]:
    chosen = [step for step in own if step.key in ("growth.radius", "growth.least", "growth.least-factor")]
    linear = [step for step in linear_steps() if step.key != "linear.least"]
    return [
        Heading(2, "From below, and the linear network", label="sec:growth-below"),
        para("What the chain cannot be smaller than, as a whole and in any direction:"),
        Display(tuple(_lines(chosen, theorems)), label="eq:growth-below", key="growth.below"),
        para("In the linear network the chain is a power of one matrix, which lies between two powers of numbers ",
             Cite("horn2013"), ":"),
        Display(tuple(_lines(linear, theorems)), label="eq:growth-linear", key="growth.linear"),
    ]  # fmt: skip


def _lines(chosen: Sequence[GrowthStep], theorems: Theorems, reasons: dict[str, str] | None = None) -> Iterator[Line]:
    """The steps, each with its reason and the theorem that it is an instance of; a left side that repeats once."""
    before: GrowthStep | None = None
    for step in chosen:
        same = before is not None and step.lhs == before.lhs
        why: Inline = (reasons[step.key],) if reasons and step.key in reasons else prose(step.because)
        names = ", ".join(theorems.get(step.key, ()))
        yield Line(
            None if same else show(step.lhs, _leaf), _RELATIONS[step.relation], _bare(show(step.rhs, _leaf)),
            (*why, *((f" [Theorem {names}]",) if names else ())),
        )  # fmt: skip
        before = step


def _bare(shown: Formula) -> Formula:
    """A whole side needs no parentheses."""
    return shown.body if isinstance(shown, Paren) and shown.left == "(" else shown


def _leaf(node: Node) -> Formula | None:
    """A number that is a formula of indices, such as t − i, as such."""
    if isinstance(node, Fill) and is_scalar(node) and not node.value.is_number:
        shown = expression(node.value)
        return Paren(shown) if node.value.is_Add else shown
    return None
