"""The exported module: its own check passes, its gradients are those of the compiled program, and errors are found."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from derive.arithmetic import Array
from derive.build import scale
from derive.errors import InputError
from reports.exported.naming import Naming
from reports.exported.targets.numpy import written
from tests.command_line.running import bptt, complaint
from tests.compiled.models import EVERY, EXACT, EXTRAS, VARIANTS, apart, program
from tests.derive.models import Names, derived

QUICK = (Names("rnn", "tanh"), Names("lstm", ""), Names("gru", "", loss="squared_error", wiring="last"))
SOME = (*QUICK, *(pytest.param(names, marks=pytest.mark.slow) for names in (*EVERY, *EXTRAS, *VARIANTS)))


STEPS = 5


@cache
def text(names: Names) -> str:
    return written(derived(names), "bptt export")


def module(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), space)
    return space


def compiled(names: Names, given: dict[str, Array]) -> dict[str, Array]:
    """The gradient of the compiled program, of the same arrays."""
    own = program(names)
    kinds = {name: kind for kind, name in own.wanted.axes}

    def of(*wanted: str) -> dict[str, Array]:
        return {name: array for name, array in given.items() if kinds[name] in wanted}

    (targets,) = of("target").values()
    return own.run_arrays(of("parameter", "constant"), of("start"), of("input"), targets, steps=STEPS).gradient()


@pytest.mark.parametrize("names", SOME, ids=str)
def test_it_checks_itself_and_is_the_compiled_gradient(names: Names, capsys: pytest.CaptureFixture[str]) -> None:
    own = module(text(names))
    if names.cell != "indrnn" and names.variant != "relu":  # a difference across a corner is none
        own["check"]()
        lines = capsys.readouterr().out.splitlines()
        vanished = [line.split()[0] for line in lines if "NOT JUDGED" in line]
        assert len(lines) == len(own["WANTED"]) and len(vanished) <= (names.wiring == "last" and names.cell == "jordan")
    given = own["example"](T=STEPS, B=2, seed=1)
    before = {name: array.copy() for name, array in given.items()}
    _, found = own["loss_and_gradient"](given, STEPS)
    wanted = compiled(names, given)
    assert (
        max(apart({name: array.reshape(wanted[name].shape) for name, array in found.items()}, wanted).values()) < EXACT
    )
    assert all(np.array_equal(given[name], before[name]) for name in given)


def test_it_needs_nothing_but_numpy() -> None:
    imported = [node for node in ast.walk(ast.parse(text(QUICK[0]))) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {node.module for node in imported if isinstance(node, ast.ImportFrom)} == {"numpy"}
    assert not any(isinstance(node, ast.Import) for node in imported)


@pytest.mark.parametrize("names", QUICK, ids=str)
def test_every_planted_error_is_found_by_its_own_check(names: Names) -> None:
    """In each line of the way back that computes something: another sign, a factor left out."""
    lines = text(names).splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("def coefficients_pass"))
    planted = 0
    for place, line in enumerate(lines[first:], start=first):
        for old, new in (("= multiply(", "= add("), ("= add(", "= subtract("), ("= subtract(", "= add(")):
            if old in line and "(1/" not in line:
                own = module("\n".join([*lines[:place], line.replace(old, new), *lines[place + 1 :]]))
                with pytest.raises((AssertionError, ValueError)):
                    own["check"]()
                planted += 1
    assert planted > 3


def test_an_error_of_the_derivation_is_found_too() -> None:
    """What is exported is what the derivation says: with a wrong step, a wrong module."""
    right = derived(QUICK[0])
    wrong = right.with_step("gradient.W_h", rhs=scale(sp.Rational(3, 2), right["gradient.W_h"].rhs))
    with pytest.raises(AssertionError, match="W_h is wrong"):
        module(written(wrong, "bptt"))["check"]()


@pytest.mark.parametrize("names", QUICK, ids=str)
def test_the_derivation_is_cited(names: Names) -> None:
    shown = text(names)
    assert re.search(r"# ∂L/∂Wₕ|# ∂L/∂W_\{h", shown) and "# L = " not in shown
    for step in derived(names).of("gradient"):
        assert step.key in ("gradient.stack", "gradient.split") or shown.count("(9)") > 5
    comments = [line.strip() for line in shown.splitlines() if line.strip().startswith("# ")]
    assert len(comments) > 8 and all(re.search(r"\(\d+\)$", comment) for comment in comments)


def test_names_that_mean_something_already() -> None:
    """The GRU's gate n beside the size n."""
    names = Names("gru", "")
    naming = Naming(program(names), program(names).source)
    assert set(naming.sizes.values()) == {"T", "B", "m", "n", "q"}
    taken = [*naming.sizes.values(), *naming.bases.values()]
    assert len(set(taken)) == len(taken)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert bptt("export", "rnn", "-o", "gradient.py").code == 0
    done = subprocess.run([sys.executable, "-I", "gradient.py"], capture_output=True, text=True, check=True)
    assert done.stdout.count("agree") == 7
    shown = bptt("export", "rnn")
    assert shown.code == 0 and shown.out == Path("gradient.py").read_text(encoding="utf-8")
    complaint(bptt("export", "rnn", "--target", "fortran"), "fortran", "numpy")
    complaint(bptt("export", "rnn", "-o", "gradient.txt"), "gradient.txt", ".py")
    complaint(bptt("export", "rnn", "--wiring", "seq2seq"), "not compiled")
    complaint(bptt("export", "nothing"), "nothing")


def test_an_encoder_is_refused() -> None:
    with pytest.raises(InputError):
        written(derived(Names("rnn", "tanh", wiring="seq2seq")), "bptt")
