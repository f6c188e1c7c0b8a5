"""What every target keeps to: it needs what it says, checks itself, sees an error, and is what was derived."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp

from derive.build import scale
from derive.errors import InputError
from reports.exported import module as exported_module
from tests.command_line.running import bptt, complaint
from tests.compiled.models import EXACT
from tests.derive.models import Names, derived
from tests.exported.modules import (
    QUICK,
    STEPS,
    TARGETS,
    example,
    far,
    importorskip,
    module,
    of_all_sequences,
    target,
    text,
)

every_target = pytest.mark.parametrize("of", TARGETS)


@every_target
def test_it_needs_nothing_but_what_it_says(of: str) -> None:
    own, needed = ast.parse(text(of, QUICK[0])), set()
    for node in ast.walk(own):
        if isinstance(node, ast.ImportFrom):
            needed.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.Import):
            needed |= {alias.name.split(".")[0] for alias in node.names}
    assert needed - set(sys.stdlib_module_names) == set(target(of).NEEDS)
    shown = text(of, QUICK[0])
    assert not re.search(r"@[A-Z]+@", shown) and all(len(line) <= 120 for line in shown.splitlines())


@every_target
@pytest.mark.usefixtures("double")
def test_its_check_sees_an_error_of_one_percent(of: str, capsys: pytest.CaptureFixture[str]) -> None:
    importorskip(of)
    own = module(text(of, QUICK[0]))
    own["check"]()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(own["WANTED"]) and not [line for line in lines if "NOT JUDGED" in line]
    right = own["back"]
    for name in own["WANTED"]:
        own["back"] = lambda *kept, name=name: {**(found := right(*kept)), name: 1.01 * found[name]}
        with pytest.raises(AssertionError, match=f"the gradient by {name} is wrong"):
            own["check"]()


@every_target
@pytest.mark.usefixtures("double")
def test_its_check_says_when_it_is_blind(of: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A gradient of nought is right for a loss that depends on nothing, and 1 % more of it is the same."""
    importorskip(of)
    own = module(text(of, QUICK[0]))
    run, back = own["run"], own["back"]
    own["run"] = lambda *given: (1.0, *run(*given)[1:])
    own["back"] = lambda *kept: {name: 0.0 * found for name, found in back(*kept).items()}
    own["check"]()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(own["WANTED"]) and all("NOT JUDGED" in line for line in lines)


@every_target
@pytest.mark.usefixtures("double")
def test_an_error_of_the_derivation_is_found_too(of: str) -> None:
    """What is exported is what the derivation says: with a wrong step, a wrong module."""
    importorskip(of)
    right = derived(QUICK[0])
    wrong = right.with_step("gradient.W_h", rhs=scale(sp.Rational(3, 2), right["gradient.W_h"].rhs))
    with pytest.raises(AssertionError, match="W_h is wrong"):
        module(target(of).written(wrong, "bptt"))["check"]()


@every_target
def test_the_command(of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert bptt("export", "rnn", "--target", of, "-o", "gradient.py").code == 0
    shown = bptt("export", "rnn", "--target", of)
    assert shown.code == 0 and shown.out == Path("gradient.py").read_text(encoding="utf-8")
    complaint(bptt("export", "rnn", "--target", of, "-o", "gradient.txt"), "gradient.txt", ".py")
    importorskip(of)
    done = subprocess.run([sys.executable, "-I", "gradient.py"], capture_output=True, text=True, check=True)
    assert done.stdout.count("agree") == 7


@every_target
def test_what_has_no_instruction_is_refused(of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*anything: object) -> None:
        raise NotImplementedError("no instruction for the node Spiral")

    monkeypatch.setattr(exported_module, "compiled", refuse)
    with pytest.raises(InputError, match="Spiral"):
        target(of).written(derived(Names("rnn", "tanh")), "bptt")


@every_target
def test_an_initial_state_of_all_sequences_or_of_each(of: str) -> None:
    """Of each: a gradient for each, the sum of which is the one that was derived."""
    importorskip(of)
    for names in QUICK:
        own = module(text(of, names))
        each = example(own)
        for given in (each, of_all_sequences(own, each)):
            assert far(names, given, own["loss_and_gradient"](given, STEPS)[1]) < EXACT
