"""What the chain is where it can be written down: powers, one unit, and the curse of memory."""

from __future__ import annotations

import sympy as sp

from derive.derivation import Derivation
from derive.growth.formulas import memory, powers
from derive.growth.formulas.one_unit import shared
from derive.growth.formulas.scalar import ScalarCell, fixed
from derive.indices import t
from reports.document.blocks import Block, Heading, Line, para
from reports.document.blocks import Derivation as Display
from reports.document.inline import Cite
from reports.formula.tree import Atom, Big, Formula, Frac, Paren, Script, row
from reports.present.scalars import expression


def power_blocks() -> list[Block]:
    """Sylvester's formula, for n of any size and for n = 2, and the defective case."""
    W, k, E = Atom("W"), Atom("k"), Script(Atom("E"), Atom("j"))
    lam_j, lam_l = (Script(Atom("lambda"), Atom(letter)) for letter in "jl")
    covariant = Big("prod", row("l", "ne", "j"), None, Frac(row(W, "-", lam_l, "I"), row(lam_j, "-", lam_l)))
    total = Big("sum", Atom("j"), None, row(Script(lam_j.base, lam_j.sub, k), "thin", E))
    power = Script(W, None, k)
    matrix: dict[sp.Symbol, Formula] = {powers.x: W}
    return [
        Heading(2, "Powers in the eigenvalues", label="sec:growth-powers"),
        para("With different eigenvalues the power of a matrix is a sum of powers of numbers, with fixed matrices; "
             "with a double one there is a term that grows linearly before it decays, largest near the lag ",
             expression(powers.hump(sp.Symbol("lambda", positive=True))), ". Both are polynomials in ", W,
             " that are proved by induction on ", k, ", with the theorem of Cayley and Hamilton."),
        Display((
            Line(power, "=", total, (row(E, "=", covariant), " (Sylvester)")),
            Line(None, "=", expression(powers.distinct(2).formula, matrix), "two different eigenvalues"),
            Line(None, "=", expression(powers.defective().formula, matrix),
                 ("a double eigenvalue ", Atom("lambda"), ": the transient")),
        ), label="eq:growth-powers", key="growth.powers"),
    ]  # fmt: skip


def unit_blocks(derivation: Derivation) -> list[Block]:
    """Nothing for a cell that is no vanilla network, or whose slope is not written in the state."""
    cell = ScalarCell(derivation)
    if not _written_in_the_state(cell):
        return []
    early = cell.theory.early
    chain = Paren(row("P", Paren(row("t", ",", expression(early)))), "|", "|")
    product = expression(cell.chain)
    slopes = Big("sum", row("j", "=", expression(early + 1)), Atom("t"), row("log", "thin", _absolute(cell.slope)))
    lines = [
        Line(Script(Atom("c"), Atom("t")), "=", expression(cell.factor), "the factor of one unit"),
        Line(row("P", Paren(row("t", ",", expression(early)))), "=", product, "numbers commute"),
        Line(row("log", "thin", chain), "=",
             row(Paren(expression(t - early)), "log", "thin", _absolute(cell.weight), "+", slopes),
             "a walk with one step for every factor"),
        Line(Atom("m"), "=", expression(cell.multiplier),
             ("the factor at a fixed point ", row(expression(fixed), "=", cell.function.name, Paren(row(
                 expression(cell.weight), expression(fixed)))), ": there the chain is ",
              Script(Atom("m"), None, expression(t - early)))),
    ]  # fmt: skip
    saturated = cell.function.name == "tanh"
    if saturated:
        z = row("2", "z")
        lines.append(Line(None, "=", Frac(z, row("sinh", "thin", z)),
                          ("with ", row("z", "=", expression(cell.weight), expression(fixed)))))  # fmt: skip
        lines.append(Line(None, "<", Atom("1"), ("for ", row("z", "ne", "0"), ", since sinh y > y for y > 0")))
    return [
        Heading(2, "One unit", label="sec:growth-unit"),
        para("With one unit everything can be written down. ",
             *(("However large the weight, at a fixed point other than 0 the saturation holds the multiplier below 1: "
                "the state stays, and the chain vanishes.",) if saturated else ())),
        Display(tuple(lines), label="eq:growth-unit", key="growth.unit"),
    ]  # fmt: skip


def _written_in_the_state(cell: ScalarCell) -> bool:
    try:
        return bool(cell.function.name) and not cell.slope.has(sp.Piecewise)
    except ValueError:
        return False


def _absolute(value: sp.Expr) -> Formula:
    """|φ′(z_j)|, at j."""
    return Paren(expression(value.subs(t, sp.Symbol("j", integer=True))), "|", "|")


def memory_blocks() -> list[Block]:
    """The sensitivity of a stable linear unit, whose mean square blows up faster than that of the state."""
    found = memory.memory()
    rate, state = expression(shared(memory.RATE)), Script(Atom("h"), Atom("t"))
    slope = Frac(row("partial", state), row("partial", rate))
    return [
        Heading(2, "The curse of memory", label="sec:growth-curse"),
        para("That a chain does not explode is not enough. One linear unit with ", row(Paren(rate, "|", "|"), "<", "1"),
             " is stable; fed with white noise of variance one, its state has a bounded mean square. So has its "
             "sensitivity, but near ", row(Paren(rate, "|", "|"), "=", "1"), " that grows like the cube of it ",
             Cite("zucchet2024"), ":"),
        Display((
            Line(state, "=", expression(found.state_rule), "the derived cell, of one unit"),
            Line(slope, "=", expression(found.sensitivity_rule), "forward accumulation, as derived"),
            Line(row("expect", "thin", Script(state.base, state.sub, Atom("2"))), "=",
                 expression(found.state.mean_square), ("an impulse is ", expression(found.state.closed), " after ",
                                                       Atom("k"), " steps; squared and summed")),
            Line(None, "to", expression(found.state.stationary), ("for ", row("t", "to", "infinity"))),
            Line(row("expect", "thin", Script(Paren(slope), None, Atom("2"))), "=",
                 expression(found.sensitivity.mean_square),
                 ("an impulse is ", expression(found.sensitivity.closed))),
            Line(None, "to", expression(found.sensitivity.stationary), ("for ", row("t", "to", "infinity"))),
        ), label="eq:growth-memory", key="growth.memory"),
    ]  # fmt: skip
