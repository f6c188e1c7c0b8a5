"""The workspace of generated code: nothing that is still in use is written over, and what is left is used again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from derive.compiled.program import Program, compiled
from derive.compiled.workspace import Workspace, Workspaces
from tests.compiled.models import EPSILON, EVERY, EXACT, EXTRAS, Stacked, apart, problem, program, tolerances
from tests.derive.models import Names, derived
from verify.problem import Problem

SOME = (*EVERY[::4], *EXTRAS[::2])
SINGLE = float(np.finfo(np.float32).eps)


def arrays(by: Program, of: Problem, **more: object) -> dict[str, np.ndarray]:
    return Stacked.of(of).run(by, of.steps, **more).gradient()


@pytest.mark.parametrize("names", SOME, ids=str)
def test_runs_that_live_side_by_side(names: Names) -> None:
    """Each is asked again after the other one has computed everything."""
    one, two = problem(names, seed=1), problem(names, seed=2)
    wanted = [arrays(compiled(derived(names)), of) for of in (one, two)]
    runs = [of_run.run(program(names), 5) for of_run in (Stacked.of(one), Stacked.of(two))]
    for _ in range(2):
        for run, expected in zip(runs, wanted, strict=True):
            assert max(apart(run.gradient(), expected).values()) == 0
            run.readout_gradients()


def test_a_shared_workspace_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above with the error that it is there for."""
    names = Names("gru")
    shared = Workspace(np.dtype(float))
    monkeypatch.setattr(Workspaces, "take", lambda self, kind: shared)
    with pytest.raises(AssertionError):
        test_runs_that_live_side_by_side(names)


@pytest.mark.parametrize("names", SOME, ids=str)
def test_sizes_and_precisions_come_and_go(names: Names) -> None:
    """Longer, shorter, another batch, float32 in between: each as a program that has never run computes it."""
    by = compiled(derived(names))
    for steps, batch, kind in ((5, 2, float), (9, 1, float), (2, 3, np.float32), (4, 3, float), (9, 1, float)):
        of = problem(names, steps=steps, batch=batch)
        found = arrays(by, of, dtype=kind)
        assert max(apart(found, arrays(compiled(derived(names)), of, dtype=kind)).values()) == 0
        assert {array.dtype for array in found.values()} == {np.dtype(kind)}


def test_memory_is_used_again() -> None:
    names = Names("lstm")
    by, of = compiled(derived(names)), problem(names)
    arrays(by, of)
    (room,) = by.workspaces._idle[np.dtype(float)]
    held = {number: array.ctypes.data for number, array in room._shaped.items()}
    assert len(held) > 10
    arrays(by, of)
    assert by.workspaces._idle[np.dtype(float)] == [room]
    assert {number: array.ctypes.data for number, array in room._shaped.items()} == held


def test_several_threads() -> None:
    names = Names("gru")
    by = compiled(derived(names))
    problems = [problem(names, seed=seed, steps=40, hidden=8) for seed in range(8)]
    wanted = [arrays(compiled(derived(names)), of) for of in problems]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            for found, expected in zip(pool.map(lambda of: arrays(by, of), problems), wanted, strict=True):
                assert max(apart(found, expected).values()) == 0


@pytest.mark.parametrize("names", (*EVERY, *EXTRAS), ids=str)
def test_single_precision_is_as_near_as_its_rounding_allows(names: Names) -> None:
    of = problem(names)
    given = {where: array.astype(np.float32).astype(float) for where, array in of.given.items()}
    of = of.with_given(given)
    found, wanted = arrays(program(names), of, dtype=np.float32), arrays(program(names), of)
    allowed = tolerances(names, of)
    for name, far in apart({name: array.astype(float) for name, array in found.items()}, wanted).items():
        assert far < max(allowed[name], EXACT) * SINGLE / EPSILON, name


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("names", SOME, ids=str)
def test_what_is_not_finite_surfaces(names: Names, value: float) -> None:
    """In the first input, or initial state: the loss or a gradient says so, and the next run knows nothing of it."""
    of = problem(names)
    given = Stacked.of(of)
    by = compiled(derived(names))
    clean = given.run(by, of.steps).gradient()
    spoiled = {name: array.copy() for name, array in (given.inputs or given.starts).items()}
    next(iter(spoiled.values())).flat[0] = value
    run = replace(given, **{"inputs" if given.inputs else "starts": spoiled}).run(by, of.steps)  # type: ignore[arg-type]
    found = [run.loss, *(entry for gradient in run.gradient().values() for entry in gradient.flat)]
    assert not np.isfinite(found).all()
    del run
    assert max(apart(given.run(by, of.steps).gradient(), clean).values()) == 0
