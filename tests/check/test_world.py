"""Every derivative in a world is that of the derivation; and where it is not, that is seen."""

from __future__ import annotations

import pytest

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T
from derive.model import Model, build
from derive.run import FORMS, Derived, gradients
from derive.theory import Theory
from derive.unroll import place
from verify.check.world import World
from verify.jets.field import Modular, random_prime

SIZES = {N_STATE: 3, N_INPUT: 2, N_OUTPUT: 3, T: 4, S: 3}


def world(model: Model) -> World:
    sizes = SIZES if len(model.phases) > 1 else {symbol: size for symbol, size in SIZES.items() if symbol != S}
    return World(model, sizes, Modular(random_prime(61)))


@pytest.mark.parametrize("wiring", ["every", "last", "seq2seq"])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm", "jordan", "leaky"])
def test_gradients(cell: str, wiring: str) -> None:
    model = build(cell, wiring=wiring)
    found, here = derivation(model), world(model)
    for name, gradient in gradients(found, here.point.forward, FORMS[2]).items():
        variable = next(w for w in (*model.parameters, *model.initial_states) if name in (w.name, f"{w.name}_0"))
        assert (here.jacobian(place(model.total), place(variable))[0, 0] == gradient).all(), name


def local(found: Derivation, here: World) -> bool:
    theory = Theory(found.model)
    h = theory.state
    step = here.jacobian(place(h.at(3)), place(h.at(2)))[:, 0, :, 0]
    return bool((step == Derived(found, here.point.forward).leaf(theory.c(3), {})).all())


def test_a_step_and_a_wrong_step() -> None:
    found = derivation(build("gru"))
    here = world(found.model)
    assert local(found, here)
    assert not local(found.with_step("local.c", rhs=2 * found["local.c"].rhs), here)


def test_what_a_step_adds_of_its_own() -> None:
    """The copies of a parameter add up to the parameter."""
    model = build("rnn")
    here, (w, *_), h = world(model), model.parameters, model.main.state
    copies = [here.jacobian(place(h.at(4)), (w.name, w.kind, step)) for step in range(1, 5)]
    assert (sum(copies[1:], copies[0]) == here.jacobian(place(h.at(4)), place(w))).all()
    assert (copies[0] != copies[3]).any()


def test_what_is_not_there() -> None:
    model = build("rnn")
    here, h = world(model), model.main.state
    assert not here.knows(place(h.at(9)))
    with pytest.raises(KeyError):
        here.jacobian(place(h.at(9)), place(h.at(1)))
    nothing = here.jacobian(place(h.at(1)), place(h.at(3)))
    assert (nothing == here.zero).all()


def test_one_step_by_itself() -> None:
    model = build("rnn")
    here, (w, *_), h = world(model), model.parameters, model.main.state
    assert here.stepped(place(h.at(2)), here.value(place(h.at(2)))) is here
    other = here.stepped(place(h.at(2)), here.value(place(h.at(1))))
    assert (other.value(place(h.at(3))) != here.value(place(h.at(3)))).any()
    assert (other.value(place(h.at(1))) == here.value(place(h.at(1)))).all()
    slope = here.jacobian(place(h.at(3)), (w.name, w.kind, 3))
    assert (other.jacobian(place(h.at(3)), (w.name, w.kind, 3)) != slope).any()
    assert (other.jacobian(place(h.at(3)), place(h.at(1))) == here.zero).all()  # the state before is held
