"""Nothing is timed of those who disagree: wrong competitors are planted in every table, and caught."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks.competitors.checks import _setting, differences
from benchmarks.competitors.checks import hips_check_grads as hips
from benchmarks.competitors.derivations import ours as any_length
from benchmarks.competitors.derivations import sympy_diff
from benchmarks.competitors.gradients import by_hand, hips_autograd, ours
from benchmarks.competitors.listing import Competitor
from benchmarks.measuring.agreement import ALLOWED, DisagreementError, agree, distance
from benchmarks.measuring.case import CELLS, drawn
from benchmarks.measuring.long_sequence import Found
from benchmarks.measuring.scale import TINY
from benchmarks.tables import chain, checks, commands, derivation, gradient, memory, rungs
from verify.verdicts import Verdict

Array = np.ndarray
Spoiled = Callable[[float, dict[str, Array]], tuple[float, dict[str, Array]]]
SLIGHTLY = 1e-8


def planted(module: ModuleType, **changed: object) -> Competitor:
    """Somebody like another, but for something."""
    return Competitor(SimpleNamespace(**vars(module) | {"TITLE": "planted"} | changed))  # type: ignore[arg-type]


def one_entry(name: str, by: float = 1 + SLIGHTLY) -> Spoiled:
    def spoil(loss: float, found: dict[str, Array]) -> tuple[float, dict[str, Array]]:
        array = np.array(found[name])
        array.flat[int(np.argmax(np.abs(array)))] *= by
        return loss, found | {name: array}

    return spoil


SPOILED: dict[str, Spoiled] = {
    "one entry, in its eighth digit": one_entry("W_h"),
    "the sign of an initial state's": one_entry("h_0", -1.0),
    "an entry that is no number": one_entry("b_o", float("nan")),
    "the loss": lambda loss, found: (loss * (1 + SLIGHTLY), found),
    "a transposed matrix": lambda loss, found: (loss, found | {"W_h": np.array(found["W_h"]).T}),
}


@pytest.mark.parametrize("wrong", SPOILED)
@pytest.mark.parametrize("module", [by_hand, hips_autograd], ids=lambda own: own.TITLE)
def test_a_wrong_gradient_is_not_timed(module: ModuleType, wrong: str) -> None:
    def prepare(case: Any) -> Any:
        right = module.prepare(case)
        return replace(right, read=lambda found: SPOILED[wrong](*right.read(found)))

    case = drawn("rnn", 4, 3, 2)
    both = Competitor(ours), Competitor(module)
    assert set(gradient.agreed(both, case, reference=True)) == {ours.TITLE, module.TITLE}
    with pytest.raises(DisagreementError, match=r"planted, rnn .*nothing is timed"):
        gradient.agreed((*both, planted(module, prepare=prepare)), case)


@pytest.mark.parametrize("cell", CELLS)
def test_ours_is_compared_with_the_interpreter(cell: str) -> None:
    """If all others took ours for the truth, an error of ours would be theirs."""

    def prepare(case: Any) -> Any:
        right = ours.prepare(case)
        return replace(right, read=lambda found: one_entry("W_o")(*right.read(found)))

    everybody = (planted(ours, prepare=prepare, TITLE=ours.TITLE),)
    with pytest.raises(DisagreementError):
        gradient.agreed(everybody, drawn(cell, 4, 3, 2), reference=True)


def test_the_second_call_is_compared_since_it_finds_memory_in_use() -> None:
    def prepare(case: Any) -> Any:
        right, calls = by_hand.prepare(case), []

        def read(found: Any) -> Any:
            return one_entry("W_h")(*right.read(found)) if len(calls) > 1 else right.read(found)

        return replace(right, work=lambda: (calls.append(1), right.work())[1], read=read)

    with pytest.raises(DisagreementError):
        gradient.agreed((Competitor(ours), planted(by_hand, prepare=prepare)), drawn("rnn", 4, 3, 2))


def test_a_missing_gradient_is_an_error() -> None:
    with pytest.raises(KeyError, match="W_h"):
        distance({}, {"W_h": np.ones((2, 2))})


def test_what_rounding_does_is_allowed() -> None:
    wanted = {"W": np.array([[1.0, 1e-3]])}
    assert agree("", (1.0, {"W": wanted["W"] + 1e-12}), (1.0, wanted)) < ALLOWED


def test_a_wrong_derivation_is_not_timed() -> None:
    def turned(found: Any, given: Any) -> Array:
        return sympy_diff.gradient(found, given).T

    everybody = Competitor(any_length), Competitor(sympy_diff)
    derivation.measured(everybody, 2, 2, TINY)
    with pytest.raises(DisagreementError, match="planted"):
        derivation.measured((*everybody, planted(sympy_diff, gradient=turned)), 2, 2, TINY)


def test_a_checker_of_another_network_is_not_timed() -> None:
    def prepare(setting: Any) -> Any:
        right = hips.prepare(setting)
        return replace(right, claimed=lambda: one_entry("W_i")(*right.claimed()))

    setting = _setting.drawn(3, 2)
    assert checks.agreed((Competitor(hips),), setting)[0][hips.TITLE] < 1e-4
    with pytest.raises(DisagreementError, match="planted"):
        checks.agreed((Competitor(hips), planted(hips, prepare=prepare)), setting)


def test_a_checker_with_wrong_numbers_is_not_timed() -> None:
    def prepare(setting: Any) -> Any:
        return replace(differences.prepare(setting), error=lambda: setting.error(setting.differences(0.5)))

    with pytest.raises(DisagreementError, match="from the truth"):
        checks.agreed((planted(differences, prepare=prepare),), _setting.drawn(3, 2))


def test_exponents_are_compared_with_a_plain_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    right = chain.exponents
    monkeypatch.setattr(chain, "exponents", lambda ready: right(ready) * (1 + 1e-6))
    with pytest.raises(DisagreementError, match="all exponents"):
        chain.agreed(4, 10)


def test_pieces_are_compared_with_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(way: str, size: object) -> Found:
        return Found(1.0, {"W_h": np.ones((2, 2)) * (1 if way == "whole" else 1 + 1e-6)}, 1.0, 1.0)

    monkeypatch.setattr(memory, "asked", asked)
    with pytest.raises(DisagreementError, match="pieces"):
        list(memory.tables(TINY))


def test_a_command_that_fails_or_says_something_else_is_not_timed(tmp_path: Path) -> None:
    with pytest.raises(DisagreementError, match="ended with 3"):
        commands.started(commands.Command("failing", ("-c", "raise SystemExit(3)")), tmp_path)
    said = {"clock": b"before"}
    with pytest.raises(DisagreementError, match="not give the same"):
        commands.same("clock", lambda: b"now", said)
    commands.same("clock", lambda: b"before", said)


def test_evidence_against_the_derivation_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    refuted = SimpleNamespace(counts=lambda: {Verdict.REFUTED.value: 1})
    monkeypatch.setattr(rungs, "evidence", lambda *_, **__: refuted)
    with pytest.raises(DisagreementError, match="refuted"):
        list(rungs.tables(TINY))


def test_a_disagreement_ends_the_command_with_an_error(tmp_path: Path) -> None:
    """What continuous integration sees: not zero, one line, no traceback."""
    code = (
        "import benchmarks.tables.chain as chain, benchmarks.run as run\n"
        "right = chain.exponents\n"
        "chain.exponents = lambda ready: right(ready) + 1\n"
        "run.main(['--tiny', '--only', 'chain'])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1 and "nothing is timed" in ended.stderr
