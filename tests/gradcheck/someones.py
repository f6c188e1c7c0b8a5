"""Somebody's functions: the examples, and black boxes made of a derivation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from derive.arithmetic import Array
from tests.derive.models import Names, derived
from tests.gradcheck.box import box
from verify.gradcheck.calling import Backward
from verify.gradcheck.check import gradcheck
from verify.gradcheck.loading import load
from verify.gradcheck.result import Gradcheck

EXAMPLES = Path(__file__).parents[2] / "examples" / "gradcheck"
VANILLA = Names("rnn", "tanh", "softmax_cross_entropy")
Gradients = dict[str, Array]


@cache
def example(name: str) -> Backward:
    return load(f"{EXAMPLES / name}.py")


def right(parameters: Gradients, inputs: Any, targets: Array) -> Gradients:
    """The gradients of the vanilla RNN, by hand."""
    return example("right")(parameters, inputs, targets)  # type: ignore[no-any-return]


def spoiled(how: Callable[[Gradients], Any], names: Names = VANILLA) -> Backward:
    """A right function, with something done to what it returns: in place, or returned."""
    of = right if names == VANILLA else box(derived(names))

    def backward(parameters: Gradients, inputs: Any, targets: Array) -> Any:
        gradients = of(parameters, inputs, targets)
        made = how(gradients)
        return gradients if made is None else made

    return backward


def checked(function: Backward, names: Names = VANILLA, **options: Any) -> Gradcheck:
    return gradcheck(function, derived(names), **options)
