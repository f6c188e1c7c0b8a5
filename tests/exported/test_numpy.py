"""The module of NumPy: its own check passes, its gradients are those of the compiled program, and errors are found."""

from __future__ import annotations

import re

import numpy as np
import pytest

from reports.exported.naming import Naming
from tests.command_line.running import bptt, complaint
from tests.compiled.models import EXACT, program
from tests.derive.models import Names, derived
from tests.exported.modules import QUICK, SOME, STEPS, example, far, module, text


@pytest.mark.parametrize("names", SOME, ids=str)
def test_it_checks_itself_and_is_the_compiled_gradient(names: Names, capsys: pytest.CaptureFixture[str]) -> None:
    own = module(text("numpy", names))
    if names.cell != "indrnn" and names.variant != "relu":  # a difference across a corner is none
        own["check"]()
        lines = capsys.readouterr().out.splitlines()
        vanished = [line.split()[0] for line in lines if "NOT JUDGED" in line]
        assert len(lines) == len(own["WANTED"]) and len(vanished) <= (names.wiring == "last" and names.cell == "jordan")
    given = example(own)
    before = {name: array.copy() for name, array in given.items()}
    _, found = own["loss_and_gradient"](given, STEPS)
    assert far(names, given, found) < EXACT
    assert all(np.array_equal(given[name], before[name]) for name in given)


@pytest.mark.parametrize("names", QUICK, ids=str)
def test_every_planted_error_is_found_by_its_own_check(names: Names) -> None:
    """In each line of the way back that computes something: another sign, a factor left out."""
    lines = text("numpy", names).splitlines()
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


@pytest.mark.parametrize("names", QUICK, ids=str)
def test_the_derivation_is_cited(names: Names) -> None:
    shown = text("numpy", names)
    assert re.search(r"# ∂L/∂Wₕ|# ∂L/∂W_\{h", shown) and "# L = " not in shown
    (place,) = (n for n, own in enumerate(derived(names).sections, start=1) if own.key == "gradient")
    assert shown.count(f"({place})") > 5
    comments = [line.strip() for line in shown.splitlines() if line.strip().startswith("# ")]
    assert len(comments) > 8 and all(re.search(r"\(\d+\)$", comment) for comment in comments)


def test_names_that_mean_something_already() -> None:
    """The GRU's gate n beside the size n."""
    names = Names("gru", "")
    naming = Naming(program(names), program(names).source)
    assert set(naming.sizes.values()) == {"T", "B", "m", "n", "q"}
    taken = [*naming.sizes.values(), *naming.bases.values()]
    assert len(set(taken)) == len(taken)


def test_it_is_the_target_that_is_not_named() -> None:
    assert bptt("export", "rnn").out == bptt("export", "rnn", "--target", "numpy").out
    complaint(bptt("export", "rnn", "--target", "fortran"), "fortran", "numpy")
    complaint(bptt("export", "nothing"), "nothing")
