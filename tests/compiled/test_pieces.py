"""A sequence in pieces, and a recurrence by itself: the same gradients, in the memory of one piece."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from derive.arithmetic import Array
from derive.build import scale
from derive.compile import Gradient, compile_gradient
from derive.compiled.cache import Cache
from derive.compiled.program import compiled
from derive.errors import InputError
from derive.indices import S, T
from derive.run import gradients
from derive.unroll import weight
from tests.compiled.models import (
    ADJOINT,
    CROSSING,
    EVERY,
    EXACT,
    EXTRAS,
    FIRST,
    Stacked,
    apart,
    distance,
    far,
    interpreted,
    problem,
    program,
    total,
)
from tests.derive.models import Names, derived
from verify.problem import Problem

ALL = (*EVERY, *EXTRAS)
WRONG = sp.Rational(3, 2)
LSTM = Names("lstm", FIRST["lstm"])


@lru_cache
def gradient(names: Names) -> Gradient:
    return compile_gradient(derived(names))


def in_pieces(
    names: Names, of: Problem, piece: int | None, by: Gradient | None = None
) -> tuple[float, dict[str, Array]]:
    given = Stacked.of(of)
    found = by or gradient(names)
    return found.loss_and_gradient(
        given.parameters, given.starts, given.inputs or None, given.targets, steps=of.steps, piece=piece
    )


@pytest.mark.parametrize("names", (*ALL, *CROSSING), ids=str)
def test_pieces_of_any_length(names: Names) -> None:
    """One step, some, all; the last one shorter than the others; √T; and not in pieces at all."""
    of = problem(names, steps=7)
    wanted = interpreted(names, of)
    for piece in (None, 0, 1, 3, 7, 9):
        loss, found = in_pieces(names, of, piece)
        assert abs(loss - total(of)) <= EXACT * abs(total(of))
        assert set(found) == set(wanted)
        assert far(names, of, found) == []


@pytest.mark.parametrize("names", ALL[::3], ids=str)
def test_an_initial_state_for_each_sequence(names: Names) -> None:
    of, rng = problem(names), np.random.default_rng(6)
    given = Stacked.of(of)
    starts = {name: rng.normal(size=(2, *start.shape)) / 2 for name, start in given.starts.items()}
    given = replace(given, starts=starts)
    wanted = given.run(program(names), of.steps)
    words = given.parameters, given.starts, given.inputs or None, given.targets
    loss, found = gradient(names).loss_and_gradient(*words, steps=of.steps, piece=2)
    assert loss == pytest.approx(wanted.loss, rel=EXACT)
    assert max(apart(found, wanted.gradient()).values()) < 100 * EXACT


def cache_of(names: Names, of: Problem) -> Cache:
    given = Stacked.of(of)
    return gradient(names).forward(
        given.parameters, given.starts, given.inputs or None, steps=of.steps, batch=of.label["batch"]
    )


@pytest.mark.parametrize("names", ALL, ids=str)
def test_any_seeds_and_any_carry(names: Names) -> None:
    """As carrying columns back step after step does it."""
    of, rng = problem(names), np.random.default_rng(7)
    run = program(names).run(of.given, of.sizes)
    cache = cache_of(names, of)
    assert {name: cache.states[name].shape for name in run.states} == {
        name: states.shape[:-1] for name, states in run.states.items()
    }
    assert all(distance(cache.states[name], states[..., 0]) < EXACT for name, states in run.states.items())
    seeds = {name: rng.normal(size=states.shape) for name, states in cache.states.items()}
    carry = {name: rng.normal(size=last.shape) for name, last in cache.last.items()}
    stacked = np.concatenate([seeds[name] for name in run.rows], axis=-1)[..., None]
    deltas = [stacked[-1] + np.concatenate([carry[name] for name in run.rows], axis=-1)[..., None]]
    for step in range(run.length, 1, -1):
        deltas.append(stacked[step - 2] + run.back(step, deltas[-1]))
    before = {name: array.copy() for name, array in (seeds | carry).items()}
    sums, sent = gradient(names).backward(cache, seeds, carry)
    assert all(np.array_equal(array, before[name]) for name, array in (seeds | carry).items())
    mean = float(weight(of.model, of.sizes)) / run.batch
    found = {name: array * mean for name, array in sums.items()}
    assert max(apart(found, run.gradients(deltas[::-1])).values()) < 100 * EXACT
    back = run.back(1, deltas[-1])
    assert all(distance(sent[name], back[:, rows, 0]) < 100 * EXACT for name, rows in run.rows.items())


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_an_error_in_a_step_is_an_error_in_pieces(cell: str) -> None:
    """In what is sent back through a step, in a sum of a gradient, and in a seed."""
    names = Names(cell, FIRST[cell])
    of = problem(names)
    derivation = derived(names)
    right = in_pieces(names, of, 2)[1]
    keys = [step.key for step in derivation if step.key.endswith("-bar") or step.key == "gradient.W_o"]
    seen = 0
    for key in keys:
        planted = derivation.with_step(key, rhs=scale(WRONG, derivation[key].rhs))
        wanted = gradients(planted, of.forward, ADJOINT)
        found = in_pieces(names, of, 2, compile_gradient(planted))[1]
        assert max(apart(found, wanted).values()) < 100 * EXACT, key
        seen += max(apart(found, right).values()) > 1e-3
    assert seen >= 2


@pytest.mark.parametrize("names", [LSTM, Names("rnn", FIRST["rnn"], wiring="last")], ids=str)
def test_a_budget_of_memory_is_kept(names: Names) -> None:
    of = problem(names, steps=600, hidden=16, batch=8)
    given = Stacked.of(of)
    words = given.parameters, given.starts, given.inputs, given.targets
    by = compiled(derived(names))
    by.run_arrays(
        given.parameters, given.starts, *(array[:1] for array in (given.inputs["x"], given.targets))
    ).gradient()
    whole = _peak(lambda: by.run_arrays(*words).gradient())
    wanted = gradient(names).loss_and_gradient(*words)[1]
    for part in (4, 8):
        by = compile_gradient(derived(names))
        by.loss_and_gradient(*words, piece=1)  # what is compiled is not what is measured
        peak = _peak(lambda by=by, part=part: by.loss_and_gradient(*words, memory=whole // part))  # type: ignore[misc]
        assert peak < 1.5 * whole / part + 1_500_000
        assert max(apart(by.loss_and_gradient(*words, memory=whole // part)[1], wanted).values()) < 1000 * EXACT
    with pytest.raises(InputError, match="too few"):
        gradient(names).loss_and_gradient(*words, memory=100)
    with pytest.raises(InputError, match="piece of -1"):
        gradient(names).loss_and_gradient(*words, piece=-1)


def _peak(work: object) -> int:
    tracemalloc.start()
    work()  # type: ignore[operator]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("names", CROSSING[1::9], ids=str)
def test_an_error_between_an_encoder_and_its_decoder(names: Names) -> None:
    """In what the decoder sends back, and in what the encoder makes of it; at pieces of one and of several steps."""
    of, derivation = problem(names), derived(names)
    right = interpreted(names, of)
    keys = [step.key for step in derivation if step.key.startswith("encoder:crossing.") and "-bar" in step.key]
    keys += [step.key for step in derivation if step.key.startswith("encoder:gradient.delta")]
    assert keys
    for key in keys:
        planted = derivation.with_step(key, rhs=scale(WRONG, derivation[key].rhs))
        wanted = gradients(planted, of.forward, ADJOINT)
        for piece in (1, 4):
            found = in_pieces(names, of, piece, compile_gradient(planted))[1]
            assert max(apart(found, wanted).values()) < 100 * EXACT, key
            assert max(apart(found, right).values()) > 1e-3, key


def test_a_long_encoder_in_a_budget_of_memory() -> None:
    names = Names("gru", FIRST["gru"], wiring="seq2seq", bridge="softmax")
    of = problem(names, steps=300, hidden=16, batch=8)
    assert len({of.sizes[length] for length in (S, T)}) == 2
    given, by = Stacked.of(of), gradient(names)
    words = given.parameters, given.starts, given.inputs, given.targets
    wanted = by.loss_and_gradient(*words)[1]
    by.loss_and_gradient(*words, piece=1)
    whole = _peak(lambda: by.loss_and_gradient(*words, piece=max(of.sizes[S], of.sizes[T])))
    peak = _peak(lambda: by.loss_and_gradient(*words, memory=whole // 4))
    assert peak < 1.5 * whole / 4 + 1_500_000
    assert max(apart(by.loss_and_gradient(*words, memory=whole // 4)[1], wanted).values()) < 1000 * EXACT
    with pytest.raises(InputError, match="too few"):
        by.loss_and_gradient(*words, memory=100)


def test_a_recurrence_by_itself_is_one() -> None:
    """An encoder with a decoder has two."""
    gradient = compile_gradient(derived(Names("rnn", wiring="seq2seq")))
    with pytest.raises(InputError, match="encoder"):
        assert gradient.pair


def test_the_example_of_the_readme() -> None:
    """Its lines are run as they stand there, on arrays of the shapes that it names."""
    page = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(from derive.*?)```", page, re.DOTALL)
    names = Names("lstm", FIRST["lstm"], "softmax_cross_entropy")
    of = problem(names)
    given = Stacked.of(of)
    ones = np.ones((of.steps, of.label["batch"], of.label["n"]))
    space: dict[str, Any] = {
        "parameters": given.parameters, "starts": given.starts,
        "inputs": given.inputs["x"][..., 0], "targets": given.targets[..., 0],
        "seeds": {"h": ones, "c": ones}, "carry": {"h": ones[0], "c": ones[0]},
    }  # fmt: skip
    exec(compile(lines, "README.md", "exec"), space)
    assert far(names, of, space["by_name"]) == []
    assert set(space["sums"]) == {w.name for w in of.model.main.parameters}
