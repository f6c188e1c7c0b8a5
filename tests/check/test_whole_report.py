"""A whole report of ours, with the chapters on growth and truncation, read back."""

from __future__ import annotations

import pytest

from derive.model import build
from reports.material import gather
from reports.report import report
from reports.writers import writer
from verify.check.check import check
from verify.check.networks import Asked
from verify.check.result import RIGHT, WRONG

ONE_UNIT = r"c_{t} = W_{h} \, \left(1 - h_{t}^{2}\right)"
"""True for one unit, of which its chapter speaks."""


@pytest.mark.slow
def test_nothing_in_it_is_refuted() -> None:
    printed = writer("latex").render(report(gather(build("rnn"), command="bptt report rnn"))).main
    checked = check(printed, Asked("rnn", "every", "", "softmax_cross_entropy"), kind="latex")
    assert [link.latex for link in checked.links if link.mark == WRONG] == [ONE_UNIT]
    assert sum(link.mark == RIGHT for link in checked.links) > 150
