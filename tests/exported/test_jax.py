"""The module of JAX: its gradients are the derived ones, compiled, mapped, in a loop; what it cannot do is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derive.arithmetic import Array
from tests.compiled.models import EXACT
from tests.derive.models import Names
from tests.exported.modules import QUICK, SOME, STEPS, example, far, module, of_all_sequences, text

jax: Any = pytest.importorskip("jax")
LSTM = QUICK[1]
Own = dict[str, Any]
Weights = dict[str, Any]
pytestmark = pytest.mark.usefixtures("double")


def by_weights(own: Own, given: dict[str, Array]) -> tuple[Callable[[Weights], Any], Weights]:
    """The loss as a function of all that it is differentiated by, and where that is."""
    weights = {name: jax.numpy.asarray(given[name]) for name in own["WANTED"]}
    return lambda weights: own["loss"]({**given, **weights}, STEPS), weights


def numbers(found: Weights) -> dict[str, Array]:
    return {name: np.asarray(array) for name, array in found.items()}


@pytest.fixture
def own() -> Own:
    return module(text("jax", LSTM))


@pytest.mark.parametrize("names", SOME, ids=str)
def test_it_is_the_compiled_gradient(names: Names) -> None:
    own = module(text("jax", names))
    for given in (example(own), of_all_sequences(own, example(own))):
        loss, weights = by_weights(own, given)
        for function in (jax.grad(loss), jax.jit(jax.grad(loss)), jax.grad(jax.jit(loss))):
            assert far(names, given, numbers(function(weights))) < EXACT
        assert float(jax.jit(loss)(weights)) == own["loss_and_gradient"](given, STEPS)[0]
        tripled = jax.grad(lambda weights, loss=loss: 3 * loss(weights))(weights)
        assert far(names, given, {name: own / 3 for name, own in numbers(tripled).items()}) < EXACT


def test_single_precision(own: Own) -> None:
    given = example(own)
    loss, weights = by_weights(own, {name: array.astype("float32") for name, array in given.items()})
    found = numbers(jax.jit(jax.grad(loss))(weights))
    assert {array.dtype.name for array in found.values()} == {"float32"}
    assert EXACT < far(LSTM, given, found) < 1e-5


def test_mapped_and_in_a_loop(own: Own) -> None:
    loss, weights = by_weights(own, example(own))
    both = {name: jax.numpy.stack([array, 2 * array]) for name, array in weights.items()}
    mapped = jax.vmap(jax.grad(loss))(both)
    for place in (0, 1):
        alone = jax.grad(loss)({name: array[place] for name, array in both.items()})
        assert all(np.array_equal(mapped[name][place], alone[name]) for name in alone)

    def total(weights: Weights) -> Any:
        return jax.lax.scan(lambda before, _: (before + loss(weights), None), 0.0, None, length=3)[0]

    found, once = jax.jit(jax.grad(total))(weights), jax.grad(loss)(weights)
    assert all(np.allclose(found[name], 3 * once[name], rtol=EXACT, atol=0) for name in once)


def test_arrays_that_are_large(own: Own) -> None:
    """What NumPy is called with from within JAX is there, however large it is: nobody waits for the other."""
    given = own["example"](T=400, B=128)
    given["x"] = np.repeat(given["x"], 2, axis=0)[:400]
    found = jax.jit(jax.grad(lambda x, w: own["loss"]({**given, "x": 2.0 * x, "W_o": 1.0 * w}), argnums=1))
    assert np.isfinite(found(given["x"], given["W_o"])).all()


@pytest.mark.parametrize("way", [lambda f: jax.grad(f), lambda f: jax.grad(jax.jit(f)), lambda f: jax.jit(jax.grad(f))])
def test_a_gradient_that_is_not_derived_is_refused(own: Own, way: Callable[[Any], Any]) -> None:
    """It would be nought, and nobody would see it."""
    with pytest.raises(TypeError, match="no gradient by x, y"):
        way(own["loss"])(example(own))


def test_it_is_not_differentiated_again(own: Own) -> None:
    loss, weights = by_weights(own, example(own))
    with pytest.raises(ValueError, match="do not support JVP"):
        jax.jacrev(jax.grad(loss))(weights)


def test_what_it_does_not_take_is_said(own: Own) -> None:
    given = example(own)
    for wrong in (given["W_o"].astype("int64"), given["W_o"].astype("float32")):
        with pytest.raises(TypeError, match="W_o is"):
            own["loss"]({**given, "W_o": wrong})
    with pytest.raises(ValueError, match="W_o is"):
        own["loss"]({**given, "W_o": given["W_o"][:, :1]})
    with pytest.raises(KeyError, match="W_o"):
        own["loss"]({name: array for name, array in given.items() if name != "W_o"})
