"""What may come back from somebody's function besides a right gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derive.arithmetic import Array
from tests.gradcheck.someones import Gradients, checked, right, spoiled
from verify.gradcheck.calling import UserCodeError
from verify.verdicts import Verdict

ORDER = ("W_h", "W_i", "b_ih", "b_hh", "W_o", "b_o", "h_0")


def put(name: str, value: Any) -> Any:
    """A function that returns this in place of one gradient."""
    return spoiled(lambda gradients: {**gradients, name: value})


RIGHT = {
    "a tuple, in order": lambda g: tuple(g[name] for name in ORDER),
    "a list": lambda g: [g[name] for name in ORDER],
    "lists of lists": lambda g: {name: array.tolist() for name, array in g.items()},
    "columns": lambda g: {name: array.reshape(len(array), -1) for name, array in g.items()},
    "rows for vectors": lambda g: {name: np.atleast_2d(array) for name, array in g.items()},
    "float32": lambda g: {name: array.astype(np.float32) for name, array in g.items()},
    "another name besides": lambda g: {**g, "x": 1.0},
}


@pytest.mark.parametrize("how", RIGHT)
def test_all_these_are_right(how: str) -> None:
    found = checked(spoiled(RIGHT[how]))
    assert found.exit_code == 0, found
    assert [fault.kind for fault in found.faults] == (["extra"] if how == "another name besides" else [])


FAULTS = {
    "nothing": (lambda g: None if g.clear() else 3.0, "nothing"),
    "an empty dict": (lambda g: {}, "nothing"),
    "too few": (lambda g: (1.0, 2.0, 3.0), "nothing"),
    "one is missing": (lambda g: {k: v for k, v in g.items() if k != "b_o"}, "missing"),
    "one is None": (lambda g: {**g, "b_o": None}, "missing"),
    "words": (lambda g: {**g, "b_o": "zero"}, "type"),
    "ragged": (lambda g: {**g, "W_h": [[1.0], [1.0, 2.0]]}, "type"),
    "complex": (lambda g: {**g, "W_h": 1j * g["W_h"]}, "type"),
    "a scalar": (lambda g: {**g, "W_h": 0.0}, "shape"),
    "transposed": (lambda g: {**g, "W_i": g["W_i"].T}, "transposed_shape"),
    "one for each sequence": (lambda g: {**g, "W_h": np.stack(3 * [g["W_h"]])}, "per_sequence"),
    "one for each step": (lambda g: {**g, "b_o": np.stack(6 * [g["b_o"]])}, "per_step"),
}


@pytest.mark.parametrize("how", FAULTS)
def test_each_of_these_is_a_fault(how: str) -> None:
    make, kind = FAULTS[how]
    found = checked(spoiled(make))
    assert found.exit_code == 1 and not found.right
    assert kind in found.kinds
    unusable = {f.claim for f in found.findings if f.verdict is not Verdict.AGREED}
    assert bool(unusable) == (kind != "transposed_shape")


def test_a_misspelt_name_is_recognised() -> None:
    found = checked(spoiled(lambda g: {("dWh" if name == "W_h" else name): array for name, array in g.items()}))
    (missing,) = [fault for fault in found.faults if fault.kind == "missing"]
    assert missing.parameter == "W_h" and "dWh" in missing.mend


def test_what_is_left_out_is_not_asked_for() -> None:
    without = spoiled(lambda g: {name: array for name, array in g.items() if name != "h_0"})
    assert checked(without).exit_code == 1
    found = checked(without, leave_out=["h_0"])
    assert found.exit_code == 0 and "gradient.h_0" not in {finding.claim for finding in found.findings}
    assert checked(put("h_0", np.zeros(4)), leave_out=["h_0"]).exit_code == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_wrong(bad: float) -> None:
    def spoil(gradients: Gradients) -> None:
        gradients["b_o"][-1] = bad

    found = checked(spoiled(spoil))
    assert found.wrong == ("b_o",) and found.where["b_o"].pattern == "not_finite"
    (finding,) = [finding for finding in found.findings if finding.verdict is Verdict.REFUTED]
    assert finding.witness is not None and finding.witness.where == "entry 3"


def test_nearly_right_is_wrong_and_says_why() -> None:
    found = checked(spoiled(lambda g: {name: array * (1 + 1e-8) for name, array in g.items()}))
    assert found.exit_code == 1
    assert all("float32" in finding.reason for finding in found.findings)


def test_a_float16_decides_nothing() -> None:
    found = checked(spoiled(lambda g: {name: array.astype(np.float16) for name, array in g.items()}))
    assert found.exit_code == 3 and all("float64" in finding.reason for finding in found.findings)


def test_changing_the_arguments_is_a_fault() -> None:
    def careless(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        found = right(parameters, inputs, targets)
        parameters["W_h"] += 1.0
        inputs[:] = 0.0
        return found

    found = checked(careless)
    assert (found.exit_code, found.wrong, found.kinds) == (1, (), ("changed_arguments",))
    assert 'parameters["W_h"], inputs' in found.faults[0].text


def test_sums_of_the_call_before_are_found() -> None:
    kept: Gradients = {}

    def accumulating(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        for name, array in right(parameters, inputs, targets).items():
            kept[name] = kept.get(name, 0.0) + array
        return kept

    assert checked(accumulating).kinds == ("accumulates",)


def test_chance_is_found() -> None:
    rng = np.random.default_rng(0)
    found = checked(spoiled(lambda g: {**g, "W_h": g["W_h"] * rng.uniform(0.5, 2.0)}))
    assert found.exit_code == 1 and "not_repeatable" in found.kinds


def test_a_loss_in_front_is_checked_too() -> None:
    from tests.gradcheck.someones import example
    from tests.gradcheck.test_examples import GRU

    assert checked(example("gru_right"), GRU).loss is not None
    wrong = checked(spoiled(lambda g: (0.5, g)))
    assert wrong.exit_code == 1 and wrong.wrong == () and wrong.wrong_loss


def test_what_it_raises_at_other_sizes_is_noted() -> None:
    def picky(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        if len(inputs) == 1:
            raise RuntimeError("one step is none")
        return right(parameters, inputs, targets)

    found = checked(picky)
    assert found.exit_code == 0 and len(found.problems) == 3
    (note,) = found.faults
    assert (note.kind, note.wrong) == ("raises", False) and "one step is none" in note.text and "steps=1" in note.text


def test_what_it_raises_names_their_line() -> None:
    def raising(parameters: Gradients, inputs: Array, targets: Array) -> Gradients:
        return {"W_h": parameters["W"]}

    with pytest.raises(UserCodeError, match=r"test_returned\.py:\d+: KeyError: 'W'") as caught:
        checked(raising)
    assert isinstance(caught.value.__cause__, KeyError)
