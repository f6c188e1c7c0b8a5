"""For a test suite: a hand-written backward pass must agree with the derived gradient.

from bptt.testing import assert_gradient

def test_backward():
    assert_gradient(my_network.backward, "gru")
"""

from __future__ import annotations

from typing import Any

from derive.derivation import Derivation
from derive.model import Model
from verify.gradcheck.calling import Backward
from verify.gradcheck.check import gradcheck
from verify.gradcheck.result import Gradcheck


def assert_gradient(function: Backward, model: str | Model | Derivation = "rnn", **options: Any) -> Gradcheck:
    """Compare ``function(parameters, inputs, targets)`` with the derived gradient; ``options`` are gradcheck's.

    Raises AssertionError, with the whole report as its message, unless every gradient is right: also where nothing
    could be decided.
    """
    __tracebackhide__ = True  # pytest then points at the test
    found = gradcheck(function, model, **options)
    if not found.right:
        from reports.gradcheck_terminal import gradcheck_text

        raise AssertionError(f"\n{gradcheck_text(found)}")
    return found
