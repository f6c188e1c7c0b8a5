"""A cell refuses equations that are no recurrence, and says which name is at fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derive import registry
from derive.cell import Cell, Equation, given, inner, lag, parameter, state, variables
from derive.errors import BpttError, CellError, InputError, ShapeError
from derive.expr import Var
from derive.functions import tanh
from derive.indices import N_INPUT, N_STATE, t
from derive.model import build
from derive.nonlinear import Map

N, M = N_STATE, N_INPUT
h, x, z = state("h", N), given("x", M), inner("z", N)
W, U = parameter("W", N, N), parameter("U", N, M)
SUM, OUT = Equation(z, W @ lag(h) + U @ x), Equation(h, Map(tanh, z))


def cell(*equations: Equation, states: tuple[Var, ...] = (h,), inputs: tuple[Var, ...] = (x,),
         parameters: tuple[Var, ...] = (W, U)) -> Cell:  # fmt: skip
    return Cell("test", "a test", states, inputs, parameters, equations)


def test_a_recurrence_is_accepted() -> None:
    assert cell(SUM, OUT).label == "test"


WRONG: dict[str, tuple[Callable[[], Cell], str]] = {
    "use before definition": (lambda: cell(OUT, SUM), r"equation of h\[t\] uses z\[t\] before"),
    "a name that is nothing": (
        lambda: cell(Equation(z, W @ lag(h) + U @ x + parameter("b", N)), OUT), r"z\[t\] uses b before"),
    "the state of now": (lambda: cell(Equation(z, W @ h), OUT), r"z\[t\] uses h\[t\] before"),
    "the state of two steps ago": (lambda: cell(Equation(z, W @ h.at(t - 2)), OUT), r"uses h\[t - 2\] before"),
    "a state that is never set": (lambda: cell(SUM), "the state h is never updated"),
    "one of two states": (lambda: cell(SUM, OUT, states=(h, state("c", N))), "the state c is never updated"),
    "a parameter twice": (lambda: cell(SUM, OUT, parameters=(W, U, W)), "the name W is used twice"),
    "a parameter like a state": (lambda: cell(SUM, OUT, parameters=(W, U, parameter("h", N))), "the name h is used"),
    "an input like a parameter": (lambda: cell(SUM, OUT, inputs=(x, given("W", M))), "the name W is used twice"),
    "an inner name twice": (lambda: cell(SUM, SUM, OUT), "the name z is used twice"),
    "a state twice": (lambda: cell(SUM, OUT, OUT), r"h\[t\] is defined twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_recurrence_is_refused_by_name(name: str) -> None:
    make, message = WRONG[name]
    with pytest.raises(CellError, match=message) as caught:
        make()
    assert "cell test" in str(caught.value) and isinstance(caught.value, BpttError)


def test_an_equation_of_the_wrong_shape_is_refused_with_both_shapes() -> None:
    with pytest.raises(ShapeError, match=r"z\[t\] is n×1, but its equation gives m×1: x\[t\]"):
        Equation(z, x)


def test_variables_are_found_once_and_in_order() -> None:
    assert list(variables(W @ lag(h) + U @ x + W @ lag(h))) == [W, lag(h), U, x]


@pytest.mark.parametrize("name", registry.names("derive.cells"))
def test_every_cell_says_what_it_is(name: str) -> None:
    module = registry.load("derive.cells", name, "cell")
    assert module.TITLE and module.__doc__ and isinstance(module.VARIANTS, tuple)
    for variant in module.VARIANTS:
        made = module.cell(variant)
        assert (made.name, made.variant) == (name, variant)
        assert made.references and all(r.title and r.authors and 1900 < r.year < 2100 for r in made.references)
        assert set(made.pytorch) <= {w.name for w in made.parameters}


@pytest.mark.parametrize(
    ("how", "offender", "choices"),
    [
        ({"cell": "nothing"}, "nothing", "rnn"),
        ({"variant": "nothing"}, "nothing", "tanh"),
        ({"loss": "nothing"}, "nothing", "squared_error"),
        ({"wiring": "nothing"}, "nothing", "every"),
    ],
)
def test_an_unknown_name_is_answered_with_the_choices(how: dict[str, str], offender: str, choices: str) -> None:
    with pytest.raises(InputError) as caught:
        build(**how)  # type: ignore[arg-type]
    assert offender in caught.value.what and choices in caught.value.mend
