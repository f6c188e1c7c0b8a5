"""The module of PyTorch: its gradients are the derived ones, in both precisions, and what it cannot do is said."""

from __future__ import annotations

from typing import Any

import pytest

from derive.arithmetic import Array
from tests.compiled.models import EXACT
from tests.derive.models import Names
from tests.exported.modules import QUICK, SOME, STEPS, example, far, module, of_all_sequences, text

torch: Any = pytest.importorskip("torch")
LSTM = QUICK[1]
Own = dict[str, Any]


def tensors(own: Own, given: dict[str, Array], dtype: str = "float64") -> dict[str, Any]:
    """With a gradient wanted by all that there is one by."""
    made = {name: torch.tensor(array, dtype=getattr(torch, dtype)) for name, array in given.items()}
    return {name: tensor.requires_grad_(name in own["WANTED"]) for name, tensor in made.items()}


@pytest.fixture
def own() -> Own:
    return module(text("torch", LSTM))


@pytest.fixture
def given(own: Own) -> dict[str, Any]:
    return tensors(own, example(own))


@pytest.mark.parametrize("names", SOME, ids=str)
def test_it_is_the_compiled_gradient(names: Names) -> None:
    own = module(text("torch", names))
    for arrays in (example(own), of_all_sequences(own, example(own))):
        given = tensors(own, arrays)
        loss = own["loss"](given, STEPS)
        (3 * loss).backward()
        assert loss.shape == () and loss.item() == own["loss_and_gradient"](arrays, STEPS)[0]
        assert far(names, arrays, {name: given[name].grad.numpy() / 3 for name in own["WANTED"]}) < EXACT


@pytest.mark.slow
@pytest.mark.parametrize("names", SOME, ids=str)
def test_it_checks_itself(names: Names) -> None:
    if names.cell == "indrnn" or names.variant == "relu":
        pytest.skip("a difference across a corner is none")
    module(text("torch", names))["check"]()


def test_single_precision(own: Own) -> None:
    arrays = example(own)
    given = tensors(own, arrays, "float32")
    own["loss"](given).backward()
    assert {given[name].grad.dtype for name in own["WANTED"]} == {torch.float32}
    apart = far(LSTM, arrays, {name: given[name].grad.numpy() for name in own["WANTED"]})
    assert EXACT < apart < 1e-5


def test_backward_twice_is_twice_the_gradient(own: Own, given: dict[str, Any]) -> None:
    """What is saved is not overwritten; and it is freed when it is not to be kept."""
    loss = own["loss"](given)
    loss.backward(retain_graph=True)
    once = {name: given[name].grad.clone() for name in own["WANTED"]}
    loss.backward()
    assert all(torch.equal(given[name].grad, 2 * once[name]) for name in once)
    with pytest.raises(RuntimeError, match="second time"):
        loss.backward()


def test_a_tensor_that_was_changed_in_between_is_seen(own: Own, given: dict[str, Any]) -> None:
    loss = own["loss"](given)
    given["x"].mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_no_gradient_reaches_what_is_not_derived(own: Own, given: dict[str, Any]) -> None:
    given["x"].requires_grad_()
    own["loss"](given).backward()
    assert given["x"].grad is None and given["W_o"].grad is not None
    given["W_hi"].requires_grad_(False).grad = None
    own["loss"](given).backward()
    assert given["W_hi"].grad is None


def test_it_is_not_differentiated_again(own: Own, given: dict[str, Any]) -> None:
    (found,) = torch.autograd.grad(own["loss"](given), given["W_o"], create_graph=True)
    with pytest.raises(RuntimeError):
        found.sum().backward()


def test_what_it_does_not_take_is_said(own: Own, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="x is on the device meta"):
        own["loss"]({**given, "x": given["x"].to("meta")})
    for wrong in (given["x"].float(), given["x"].to(torch.complex128)):
        with pytest.raises(TypeError, match="x is torch"):
            own["loss"]({**given, "x": wrong})
    with pytest.raises(TypeError, match=r"W_ii is torch\.float16"):
        own["loss"]({name: tensor.half() for name, tensor in given.items()})
    with pytest.raises(ValueError, match="W_o is"):
        own["loss"]({**given, "W_o": given["W_o"][:, :1]})
    with pytest.raises(KeyError, match="W_o"):
        own["loss"]({name: tensor for name, tensor in given.items() if name != "W_o"})
