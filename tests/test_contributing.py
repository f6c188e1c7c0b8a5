"""The cell that CONTRIBUTING tells a newcomer to write is run as it is written there."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from derive.assemble import derivation
from derive.model import build
from reports.formula.to_latex import latex
from reports.present import show
from verify.judge import evidence
from verify.problem import random_problem
from verify.verdicts import Verdict

PAGE = Path(__file__).parent.parent / "CONTRIBUTING.md"


@pytest.fixture(scope="module")
def written() -> ModuleType:
    source = PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```\n")[0]
    module = ModuleType("antisymmetric")
    exec(compile(source, str(PAGE), "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("variant", ["tanh", "relu"])
def test_the_new_cell_works_everywhere(written: ModuleType, variant: str) -> None:
    derived = derivation(build(written.cell(variant), loss="squared_error"))
    found = evidence(derived, random_problem(derived.model), oracles=["complex_step"])
    assert {finding.verdict for finding in found.findings} == {Verdict.AGREED, Verdict.PROVED}
    assert all(latex(show(side)) for step in derived for side in (step.lhs, step.rhs))
