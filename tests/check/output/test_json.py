"""The JSON object: always the same keys, and no answer that was not asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reports.check_json import check_json
from tests.check.output.samples import REFUTED, article, hostile, right
from verify.check.result import Checked


def data(found: Checked, answer: bool = False) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(check_json(found, answer))
    return printed


def test_the_object() -> None:
    found = data(article())
    assert list(found) == ["file", "names", "convention", "notes", "lines", "unread", "counts", "exit_code"]
    assert found["counts"] == {"right": 4, "wrong": 3, "not_judged": 1, "not_read": 1} and found["exit_code"] == 1
    assert found["names"] == {"w_h": "W_h", "h_t": "h_t", "x": "the input"}
    assert {tuple(line) for line in found["lines"]} == {tuple(found["lines"][0])}
    assert [line["line"] for line in found["lines"] if line["mark"] == "✗"] == [10, 15, 17]
    assert found["unread"] == [
        {"line": 19, "column": 4, "end_line": 19, "end_column": 29, "source": "\\mathfrak{A}_t \\smile h_t",
         "reason": "\\mathfrak is not known"},
    ]  # fmt: skip


def test_a_wrong_line() -> None:
    line = data(article())["lines"][3]
    assert (line["verdict"], line["misconception"]) == ("REFUTED", "missing-factor")
    assert line["counterexample"]["given"] == {"c_4": "2", "c_3": "3", "c_2": "5", "a_1": "1"}
    assert (line["counterexample"]["left"], line["counterexample"]["right"]) == ("30", "6")
    assert (line["fault"]["column"], line["fault"]["end_column"]) == (50, 69)
    assert line["evidence"][0]["verdict"] == "REFUTED"


def test_answers_only_when_they_are_asked_for() -> None:
    assert "c_{t-2}" not in check_json(article()) and "nearest" not in check_json(article())
    line = data(article(), answer=True)["lines"][3]
    assert "c_{t-2}" in line["answer"] and line["nearest"].endswith("c_{t-2} a_{t-3}")


def test_a_right_file_and_a_hostile_one() -> None:
    assert data(right())["exit_code"] == 0 and data(right())["lines"][0]["hint"] is None
    assert data(hostile())["lines"][0]["misconception"] == "other"


def test_numbers_that_are_not_finite() -> None:
    own = replace(article().links[3], findings=(replace(REFUTED, error=float("inf")),))
    assert data(Checked("x", (own,)))["lines"][0]["evidence"][0]["error"] == "inf"
