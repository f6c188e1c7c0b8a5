"""Loss and gradient as one function: rewritten, packed, and written into memory that is kept from call to call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.arithmetic import Array
from derive.assemble import derivation as assembled
from derive.build import scale
from derive.cellfile.reader import read_cell
from derive.compile import Gradient, compile_gradient
from derive.compiled.bound import sharing
from derive.compiled.bound.calls import BoundProgram
from derive.compiled.passes import fused
from derive.compiled.roots import roots_of
from derive.compiled.whole import Whole
from derive.model import build
from derive.run import gradients
from tests.cellfile.reading import EXAMPLES
from tests.compiled.models import (
    ADJOINT,
    CROSSING,
    EVERY,
    EXACT,
    EXTRAS,
    VARIANTS,
    Stacked,
    apart,
    far,
    interpreted,
    problem,
    total,
)
from tests.compiled.test_planted import SEEN, SOME, WRONG, used
from tests.derive.models import Names, derived
from tests.derive.test_phase import SEEN as ODD
from tests.derive.test_phase import seen_through
from verify.problem import Problem, random_problem

SMALLEST = {"steps": 1, "batch": 1, "hidden": 1, "inputs": 1, "outputs": 1}
SIZES: tuple[dict[str, int], ...] = ({}, {"steps": 1}, {"batch": 1}, {"hidden": 1}, SMALLEST)
_KNOWN: dict[Names, Gradient] = {}


def gradient(names: Names) -> Gradient:
    if names not in _KNOWN:
        _KNOWN[names] = compile_gradient(derived(names))
    return _KNOWN[names]


def called(by: Gradient, of: Problem, **more: object) -> tuple[float, dict[str, Array]]:
    own = Stacked.of(of)
    return by.loss_and_gradient(own.parameters, own.starts, own.inputs, own.targets, steps=of.steps, **more)  # type: ignore[arg-type]


def agrees(names: Names, **sizes: int) -> None:
    of = problem(names, **sizes)
    for _ in range(2):  # the second call finds the shapes known, and the memory of the first
        loss, found = called(gradient(names), of)
        assert abs(loss - total(of)) <= EXACT * abs(total(of))
        assert set(found) == set(interpreted(names, of))
        assert far(names, of, found) == []


@pytest.mark.parametrize("names", (*EVERY, *VARIANTS, *EXTRAS, *CROSSING), ids=str)
def test_every_model(names: Names) -> None:
    for sizes in SIZES if names in EVERY else ({}, {"steps": 1, "batch": 1}):
        agrees(names, **sizes)


@given(st.sampled_from((*EVERY, *EXTRAS, *CROSSING)), st.tuples(*[st.integers(1, 4)] * 5), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_any_sizes(names: Names, sizes: tuple[int, ...], seed: int) -> None:
    steps, hidden, inputs, outputs, batch = sizes
    agrees(names, steps=steps, hidden=hidden, inputs=inputs, outputs=outputs, batch=batch, seed=seed)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_cell_of_a_file(path: object) -> None:
    of = random_problem(build(read_cell(path)), steps=5, hidden=3, batch=2)  # type: ignore[arg-type]
    derivation = assembled(of.model)
    found = called(compile_gradient(derivation), of)[1]
    assert max(apart(found, gradients(derivation, of.forward, ADJOINT)).values()) < EXACT


@pytest.mark.parametrize("wiring", ["every", "last", "seq2seq"])
@pytest.mark.parametrize("name", ODD)
def test_a_state_that_only_the_readout_sees(name: str, wiring: str) -> None:
    """A state that is one side of a product of two, say: it is handed on as it is, without a statement of its own."""
    of = random_problem(build(seen_through(name), loss="squared_error", wiring=wiring), steps=5, hidden=3, batch=2)
    derivation = assembled(of.model)
    loss, found = called(compile_gradient(derivation), of)
    assert abs(loss - total(of)) <= EXACT * abs(total(of))
    assert max(apart(found, gradients(derivation, of.forward, ADJOINT)).values()) < EXACT


@pytest.mark.parametrize("names", (*SOME, *CROSSING[::7]), ids=str)
def test_an_error_in_a_step_is_an_error_in_the_code(names: Names) -> None:
    derivation, of = derived(names), problem(names)
    right = interpreted(names, of)
    for key in used(names):
        planted = derivation.with_step(key, rhs=scale(WRONG, derivation[key].rhs))
        found = called(compile_gradient(planted), of)[1]
        assert max(apart(found, gradients(planted, of.forward, ADJOINT)).values()) < EXACT, key
        assert max(apart(found, right).values()) > SEEN, key


def altered(by: Gradient) -> Iterator[tuple[str, BoundProgram]]:
    """The function with one operation exchanged for another, one after the other."""
    whole = by.bound.whole
    lines = by.bound.source.splitlines()
    for place, line in enumerate(lines):
        for old, new in (("add(", "subtract("), ("multiply(", "add("), ("subtract(", "add(")):
            if line.strip().startswith(old):
                wrong = BoundProgram(whole, by.bound.sizes)
                text = [*lines[:place], line.replace(old, new, 1), *lines[place + 1 :]]
                wrong.__dict__["source"] = "\n".join(text)
                yield line.strip(), wrong


def off(found: tuple[float, Mapping[str, Array]], names: Names, of: Problem) -> float:
    numbers = [*apart(found[1], interpreted(names, of)).values(), abs(found[0] - total(of)) / abs(total(of))]
    return float("inf") if any(number != number for number in numbers) else max(numbers)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("names", (*SOME, *CROSSING[::9]), ids=str)
def test_an_altered_instruction_is_seen(names: Names) -> None:
    """All but the shift of an exponential, which changes nothing, and what is added to zero or multiplied by one."""
    of, by = problem(names), gradient(names)
    own = Stacked.of(of)
    looked_at = by.wanted.of_arrays(own.parameters, own.starts, own.inputs, own.targets, of.steps)
    unseen = [line for line, wrong in altered(by) if not off(wrong(looked_at), names, of) > SEEN]
    shifts = [line for line in by.bound.source.splitlines() if "maximum.reduce" in line]
    assert len(unseen) <= len(shifts) + _of_the_last_step(by), unseen
    assert sum(1 for _ in altered(by)) >= 8


def _of_the_last_step(by: Gradient) -> int:
    """Sums with what nobody sent back: subtracting from zeros what is zero, or adding it, is one."""
    return sum("full(" in line for line in by.bound.source.splitlines()) * 3


@pytest.mark.parametrize("names", (*EVERY[::3], *EXTRAS[::3], *CROSSING[::5]), ids=str)
def test_nothing_of_a_call_is_left_in_the_next(names: Names) -> None:
    """Results stay what they are, and what is given is not changed, whatever is called afterwards."""
    by, one, two = gradient(names), problem(names, seed=1), problem(names, seed=2)
    first = called(by, one)
    copies = {name: array.copy() for name, array in first[1].items()}
    for array in one.given.values():
        array.flags.writeable = False
    second = called(by, two)
    again = called(by, one)
    assert first[0] == again[0] and max(apart(first[1], copies).values()) == 0 == max(apart(again[1], copies).values())
    arrays = [*first[1].values(), *second[1].values(), *again[1].values()]
    for place, array in enumerate(arrays):
        assert array.flags.writeable
        assert not any(np.shares_memory(array, other) for other in arrays[:place])


def test_other_shapes_and_kinds_come_and_go() -> None:
    """Batches of a last, smaller size; float32 between float64; more shapes than are remembered."""
    names = Names("lstm")
    by = compile_gradient(derived(names))
    for steps in (3, 5, 1, 5, 9, 2, 7, 3):
        for batch in (1, 2):
            of = problem(names, steps=steps, batch=batch)
            assert far(names, of, called(by, of)[1]) == []
            single = called(by, of, dtype=np.float32)[1]
            assert all(array.dtype == np.float32 for array in single.values())
            assert max(apart({n: a.astype(float) for n, a in single.items()}, interpreted(names, of)).values()) < 1e-4


def test_lists_and_arrays_with_gaps() -> None:
    names = Names("gru")
    of, by = problem(names), gradient(names)
    own = Stacked.of(of)
    wanted = interpreted(names, of)
    gaps = np.zeros((*own.inputs["x"].shape[:2], 2 * own.inputs["x"].shape[2], 1))[:, :, ::2]
    gaps[...] = own.inputs["x"]
    turned = {name: np.asfortranarray(array) for name, array in own.parameters.items()}
    lists = {name: array.tolist() for name, array in own.parameters.items()}
    for parameters in (turned, lists):
        for _ in range(2):
            found = by.loss_and_gradient(parameters, own.starts, gaps, own.targets)[1]  # type: ignore[arg-type]
            assert max(apart(found, wanted).values()) < EXACT


@pytest.mark.parametrize("number", (np.nan, np.inf))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_no_number_is_seen(number: float) -> None:
    for names in (Names("rnn"), Names("lstm"), Names("gru", loss="squared_error")):
        of = problem(names)
        own = Stacked.of(of)
        inputs = {name: array.copy() for name, array in own.inputs.items()}
        inputs["x"][2, 1, 0] = number
        targets = own.targets.copy()
        targets[1, 0, 0] = np.nan
        for x, y in ((inputs, own.targets), (own.inputs, targets)):
            loss, found = gradient(names).loss_and_gradient(own.parameters, own.starts, x, y)
            if number != number or y is targets:
                assert not np.isfinite(loss)
                assert not np.isfinite(found["W_o"]).all()


def test_threads() -> None:
    names = Names("lstm")
    by = compile_gradient(derived(names))
    problems = [problem(names, seed=seed, steps=20) for seed in range(4)]
    wanted = [called(by, of) for of in problems]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(10):
            found = list(threads.map(lambda of: called(by, of), problems))
            assert [own[0] for own in found] == [own[0] for own in wanted]
            for own, expected in zip(found, wanted, strict=True):
                assert max(apart(own[1], expected[1]).values()) == 0


def test_gates_that_share_an_operand_are_one_product() -> None:
    """Of the LSTM: one product a step forwards and one back, and one for the gradients of all matrices of a side."""
    source = gradient(Names("lstm")).bound.source
    assert [sum(".dot(" in line for line in body) for body in by_indent(source)] == [1, 1]
    behind = source[source.rindex("for ") :].splitlines()
    sums = [line for line in behind if "T.dot(" in line]
    assert len(sums) == 3  # all W_i, all W_h, and W_o


def by_indent(source: str) -> list[list[str]]:
    """The statements in each loop."""
    found: list[list[str]] = []
    for line in source.splitlines():
        deep = len(line) - len(line.lstrip()) == 12
        if line.strip().startswith("for "):
            found.append([])
        elif deep and found:
            found[-1].append(line.strip())
    return found


@pytest.mark.parametrize("names", (*EVERY[::2], *EXTRAS), ids=str)
def test_passes_do_not_make_the_steps_longer(names: Names) -> None:
    roots = roots_of(derived(names))
    before, after = (
        [sum(own.operation not in ("part", "joined") for own in loop.body({})[0]) for loop in Whole(own).loops]
        for own in (roots, fused(roots))
    )
    assert len(before) == len(after) == 2
    assert all(now <= then for now, then in zip(after, before, strict=True))


def test_memory_that_is_still_read_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep with the error that ``sharing`` is there for: it writes over rows that the gradients read."""
    monkeypatch.setattr(sharing, "_may_write", lambda *of: True)
    monkeypatch.setattr(sharing, "_is_free", lambda value, lines, whole, loop: lines.is_static(value))
    wrong = 0
    for names in EVERY:
        of = problem(names)
        try:
            wrong += bool(far(names, of, called(compile_gradient(derived(names)), of)[1]))
        except (KeyError, UnboundLocalError, ValueError):
            wrong += 1
    assert wrong
