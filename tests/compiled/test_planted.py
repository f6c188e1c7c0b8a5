"""Planted errors: in a step of the derivation, which the code has to follow, and in the code itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp

from derive.build import scale
from derive.compiled.program import Program, compiled
from derive.run import gradients, stated
from tests.compiled.models import ADJOINT, EXACT, WIRINGS, adjoints, apart, interpreted, problem, program, total
from tests.derive.models import Names, derived

WRONG = sp.Rational(3, 2)
SEEN = 1e-3
SOME = tuple(
    Names(cell, loss=loss, wiring=wiring, **more)  # type: ignore[arg-type]
    for wiring in WIRINGS
    for cell, loss, more in (
        ("rnn", "softmax_cross_entropy", {}),
        ("rnn", "softmax_cross_entropy", {"feedback": True}),
        ("gru", "squared_error", {}),
        ("lstm", "squared_error", {"layers": 2}),
        ("jordan", "binary_cross_entropy", {}),
        ("diagonal", "squared_error", {}),
    )
)


def used(names: Names) -> Iterator[str]:
    """The steps that the interpreter's gradient rests on."""
    derivation = derived(names)
    of = problem(names)
    wanted = interpreted(names, of)
    keys = {key for keys in derivation.definitions.values() for key in keys}
    keys |= {step.key for step in stated(derivation, ADJOINT).values()}
    for key in sorted(keys):
        planted = derivation.with_step(key, rhs=scale(WRONG, derivation[key].rhs))
        if max(apart(gradients(planted, of.forward, ADJOINT), wanted).values()) > SEEN:
            yield key


@pytest.mark.parametrize("names", SOME, ids=str)
def test_an_error_in_a_step_is_an_error_in_the_code(names: Names) -> None:
    """The gradient is wrong exactly as the interpreter's is."""
    derivation, of = derived(names), problem(names)
    right = program(names).run(of.given, of.sizes).gradient()
    steps = tuple(used(names))
    assert len(steps) >= 4
    for key in steps:
        planted = derivation.with_step(key, rhs=scale(WRONG, derivation[key].rhs))
        found = compiled(planted).run(of.given, of.sizes).gradient()
        assert max(apart(found, gradients(planted, of.forward, ADJOINT)).values()) < EXACT, key
        assert max(apart(found, right).values()) > SEEN, key


def altered(whole: Program) -> Iterator[tuple[str, Program]]:
    """The program with one instruction exchanged for another, one after the other."""
    lines = whole.source.splitlines()
    stage = ""
    for place, line in enumerate(lines):
        stage = line.split("(")[0].removeprefix("def ") if line.startswith("def ") else stage
        for old, new in (("= add(", "= subtract("), ("= multiply(", "= add("), ("= subtract(", "= add(")):
            if old in line:
                changed = replace(whole)
                text = [*lines[:place], line.replace(old, new), *lines[place + 1 :]]
                changed.__dict__["source"] = "\n".join(text)
                yield f"{stage}: {line.strip()}", changed


HIGHEST = re.compile(r"([rv]\d+) = maximum\.reduce")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("names", SOME, ids=str)
def test_an_altered_instruction_is_seen(names: Names) -> None:
    """All but the shift of an exponential, which changes nothing."""
    of = problem(names)
    wanted, loss = interpreted(names, of), total(of)
    shifts = HIGHEST.findall(program(names).source)
    count = 0
    for what, wrong in altered(program(names)):
        if any(re.search(rf"subtract\(\w+, {shift},", what) for shift in shifts):
            continue
        run = wrong.run(of.given, of.sizes)
        pieces = run.gradients(adjoints(run)) | run.readout_gradients()
        off = [*apart(run.gradient(), wanted).values(), *apart(pieces, {n: wanted[n] for n in pieces}).values()]
        assert any(not number < SEEN for number in (*off, abs(run.loss - loss) / abs(loss))), what
        count += 1
    assert count >= 8
