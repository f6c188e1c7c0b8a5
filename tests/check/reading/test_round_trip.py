"""What is written from a tree is read as the same tree, whatever the tree."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.check.reading.formulas import formulas
from tests.check.reading.shorthand import tree
from verify.check.reading.readings import readings
from verify.check.reading.tree import Tree
from verify.check.reading.unparse import latex, unparse

_SLOW = [HealthCheck.too_slow]


@settings(max_examples=200, deadline=None, suppress_health_check=_SLOW)
@given(formulas)
def test_latex_is_read_back(found: Tree) -> None:
    assert tree(latex(found)) == found, latex(found)


@settings(max_examples=100, deadline=None, suppress_health_check=_SLOW)
@given(formulas)
def test_readings_are_read_back_and_have_one_reading(found: Tree) -> None:
    for reading in readings(found):
        assert tree(latex(reading)) == reading, latex(reading)
        assert readings(reading) == (reading,)
        assert "\n" not in unparse(reading)
