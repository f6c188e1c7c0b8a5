"""Wrong gradients that the checkers people use let pass, and ours refutes; docs/checkers.md tells the reasons.

Everybody gets the same loss, a function of one parameter by the forward equations alone, and the same claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from derive.arithmetic import Array
from tests.derive.models import derived
from tests.verify.planted_gradients import ERRORS, Network, doubled, exploding, one_percent, ordinary, vanishing
from verify.comparison import Subject, compare_gradients
from verify.oracles import autograd_reverse, complex_step, dot_test, forward_mode, taylor
from verify.problem import Problem
from verify.verdicts import Finding, Verdict

Loss = Callable[[Array], float]
SIGN_FLIPPED = "a thousand times too large, and its sign turned"
TRUNCATED = "truncated to 3 steps"
NETWORKS = {"vanishing": vanishing, "exploding": exploding}


def ours(network: Network, parameter: str, wrong: Array) -> Finding:
    """What forward mode says of the claimed gradient."""
    findings = compare_gradients(network.carrying(parameter, wrong), forward_mode.jacobian, "forward_mode")
    (found,) = (f for f in findings if f.claim == f"gradient.{parameter}")
    return found


def erroneous(network: Network, parameter: str, error: str) -> Array:
    return network.truncated(parameter) if error == TRUNCATED else ERRORS[error](network.gradient(parameter))


# --- networks whose gradients vanish or explode


@pytest.mark.parametrize(("kind", "low", "high"), [("vanishing", 1e-36, 1e-30), ("exploding", 1e30, 1e36)])
def test_gradients_are_as_small_and_as_large_as_they_are_meant_to_be(kind: str, low: float, high: float) -> None:
    for parameter in ("h_0", "W_h"):
        assert low < np.max(np.abs(NETWORKS[kind]().gradient(parameter))) < high


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_right_gradient_of_any_size_agrees_in_every_form_and_lag(kind: str) -> None:
    network = NETWORKS[kind]()
    findings = list(forward_mode.judge(Subject(network.problem, derived(network.names))))
    assert {f.verdict for f in findings} == {Verdict.AGREED}
    assert len([f for f in findings if f.claim.startswith("lag.")]) == 4 * network.problem.steps
    assert max(f.tolerance for f in findings if f.tolerance is not None) < 1e-9


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("parameter", ["h_0", "W_h"])
@pytest.mark.parametrize("error", [*ERRORS, TRUNCATED])
def test_a_wrong_gradient_of_any_size_is_refuted(kind: str, parameter: str, error: str) -> None:
    network = NETWORKS[kind]()
    found = ours(network, parameter, erroneous(network, parameter, error))
    assert found.verdict is Verdict.REFUTED and found.witness is not None
    assert found.error is not None and found.tolerance is not None and found.error > 1e3 * found.tolerance


@pytest.mark.parametrize("module", [autograd_reverse, complex_step, dot_test], ids=lambda module: module.__name__)
@pytest.mark.parametrize("kind", NETWORKS)
def test_every_oracle_without_differences_refutes_them_too(module: Any, kind: str) -> None:
    network = NETWORKS[kind]()
    for error in ("zero", "1 % in one entry", TRUNCATED):
        wrong = erroneous(network, "W_h", error)
        findings = list(module.judge(network.carrying("W_h", wrong)))
        assert {f.claim for f in findings if f.verdict is Verdict.REFUTED} == {"gradient.W_h"}


def test_a_taylor_remainder_says_that_it_cannot_see_what_has_vanished() -> None:
    network = vanishing()
    for wrong in (network.gradient("W_h"), 0.0 * network.gradient("W_h")):
        findings = {f.claim: f for f in taylor.judge(network.carrying("W_h", wrong))}
        assert findings["gradient.W_h"].verdict is Verdict.NOT_RUN and findings["gradient.W_h"].reason
    assert findings["gradient.b_o"].verdict is Verdict.AGREED


# --- HIPS autograd


def hips_passes(loss: Loss, claimed: Array, point: Array) -> bool:
    """Whether ``autograd.test_util.check_grads`` is content with the claimed gradient."""
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    traced = primitive(loss)
    defvjp(traced, lambda value, array: lambda seed: seed * claimed)
    np.random.seed(0)  # it draws its directions from there
    try:
        check_grads(traced, modes=["rev"], order=1)(point)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("parameter", ["h_0", "W_h"])
@pytest.mark.parametrize("error", ["zero", SIGN_FLIPPED])
def test_hips_passes_a_wrong_gradient_that_has_vanished(parameter: str, error: str) -> None:
    network = vanishing()
    right, wrong = network.gradient(parameter), erroneous(network, parameter, error)
    loss, point = network.loss(parameter), network.point[parameter]
    assert hips_passes(loss, right, point) and hips_passes(loss, wrong, point)
    assert ours(network, parameter, right).verdict is Verdict.AGREED
    assert ours(network, parameter, wrong).verdict is Verdict.REFUTED


def test_hips_refuses_the_same_errors_where_nothing_has_vanished() -> None:
    """So it is the size of the gradient, not the way in which it is asked."""
    network = ordinary(hidden=4)
    loss, point = network.loss("b_ih"), network.point["b_ih"]
    assert hips_passes(loss, network.gradient("b_ih"), point)
    assert not any(hips_passes(loss, erroneous(network, "b_ih", error), point) for error in ("zero", SIGN_FLIPPED))


# --- an ordinary network: T = 50, n = 32


def relative(wrong: Array, right: Array) -> float:
    return float(np.linalg.norm(wrong - right) / np.linalg.norm(right))


def test_errors_in_an_ordinary_network_are_refuted_too() -> None:
    network = ordinary(hidden=8)
    right = network.gradient("W_h")
    assert ours(network, "W_h", right).verdict is Verdict.AGREED
    for wrong in (doubled(right), one_percent(right), network.truncated("W_h")):
        assert ours(network, "W_h", wrong).verdict is Verdict.REFUTED


# --- PyTorch


def torch_passes(loss: Loss, claimed: Array, point: Array, fast: bool) -> bool:
    torch: Any = pytest.importorskip("torch")

    class Traced(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(context: Any, array: Any) -> Any:
            return torch.tensor(loss(array.detach().numpy()), dtype=torch.float64)

        @staticmethod
        def backward(context: Any, seed: Any) -> Any:
            return seed * torch.tensor(claimed)

    inputs = (torch.tensor(point, requires_grad=True),)
    return bool(torch.autograd.gradcheck(Traced.apply, inputs, fast_mode=fast, raise_exception=False))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parameter", "error", "size"), [("W_i", "one entry doubled", 0.12), ("b_ih", TRUNCATED, 0.37)]
)
def test_torchs_fast_mode_passes_a_wrong_gradient(parameter: str, error: str, size: float) -> None:
    """The direction along which it looks comes from a generator with a fixed seed."""
    network = ordinary()
    right, wrong = network.gradient(parameter), erroneous(network, parameter, error)
    loss, point = network.loss(parameter), network.point[parameter]
    assert relative(wrong, right) > size
    assert torch_passes(loss, right, point, fast=True) and torch_passes(loss, wrong, point, fast=True)
    assert not torch_passes(loss, wrong, point, fast=False), "the slow mode looks at every entry"
    assert ours(network, parameter, wrong).verdict is Verdict.REFUTED


@pytest.mark.slow
def test_both_modes_of_torch_pass_a_gradient_of_zeros_where_the_true_one_has_vanished() -> None:
    network = vanishing()
    wrong = erroneous(network, "W_h", "zero")
    assert all(torch_passes(network.loss("W_h"), wrong, network.point["W_h"], fast) for fast in (True, False))
    assert ours(network, "W_h", wrong).verdict is Verdict.REFUTED


# --- JAX


@contextmanager
def precision(jax: Any, name: str) -> Iterator[None]:
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", name == "float64")
    try:
        yield
    finally:
        jax.config.update("jax_enable_x64", before)


def jax_passes(network: Network, claimed: Array, digits: str) -> bool:
    """Of the gradient by W_h; the loss in JAX's own words."""
    jax: Any = pytest.importorskip("jax")
    from jax.test_util import check_grads

    with precision(jax, digits):
        loss, point = jax_loss(jax, network.problem), jax.numpy.asarray(network.point["W_h"])
        assert float(loss(point)) == pytest.approx(network.loss("W_h")(network.point["W_h"]), rel=1e-5)
        traced = jax.custom_vjp(loss)
        traced.defvjp(lambda w: (loss(w), None), lambda rest, seed: (seed * jax.numpy.asarray(claimed),))
        np.random.seed(0)  # it draws its directions from there
        try:
            check_grads(traced, (point,), order=1, modes=("rev",))
        except AssertionError:
            return False
        return True


def jax_loss(jax: Any, problem: Problem) -> Callable[[Any], Any]:
    given = {where: jax.numpy.asarray(array) for where, array in problem.given.items()}
    W_i, W_o, b_ih, b_hh, b_o = (given[name, "parameter", None] for name in ("W_i", "W_o", "b_ih", "b_hh", "b_o"))
    times = range(1, problem.steps + 1)
    inputs = jax.numpy.stack([given["x", "input", t][0] for t in times])
    targets = jax.numpy.stack([given["y", "target", t][0] for t in times])

    def loss(W_h: Any) -> Any:  # noqa: N803
        def step(h: Any, x: Any) -> tuple[Any, Any]:
            h = jax.numpy.tanh(W_h @ h + W_i @ x + b_ih + b_hh)
            return h, h

        _, states = jax.lax.scan(step, given["h", "state", 0], inputs)
        scores = W_o @ states + b_o
        return jax.numpy.mean(jax.nn.logsumexp(scores, axis=1) - jax.numpy.sum(targets * scores, axis=1))

    return loss


@pytest.mark.slow
def test_jax_passes_one_percent_in_one_entry_in_its_default_precision() -> None:
    """Its tolerance for float32, in which it computes unless it is told otherwise, is 2e-3, absolute and relative."""
    network = ordinary()
    right = network.gradient("W_h")
    wrong = one_percent(right)
    assert jax_passes(network, right, "float32") and jax_passes(network, wrong, "float32")
    assert not jax_passes(network, 0.0 * right, "float32")
    assert jax_passes(network, right, "float64") and not jax_passes(network, wrong, "float64")
    assert ours(network, "W_h", wrong).verdict is Verdict.REFUTED
