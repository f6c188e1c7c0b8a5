"""The examples: the right ones pass, and of each wrong one the mistake is named, and where it shows."""

from __future__ import annotations

import re
from difflib import unified_diff

import pytest

from reports.gradcheck_terminal import gradcheck_text
from tests.derive.models import Names
from tests.gradcheck.someones import EXAMPLES, VANILLA, checked, example

GRU = Names("gru", "", "softmax_cross_entropy")
NAMED = {
    "forgot_bias": "forgot b_hh",
    "forgot_initial_state": "forgot h_0",
    "gru_wrong_gate": "wrong gate",
    "h_t_for_h_before": "h_t for h_{t−1}",
    "missing_mean": "missing 1/T",
    "missing_slope": "missing φ′",
    "no_carry": "detached state",
    "outer_product_swapped": "outer product the wrong way",
    "sign": "wrong sign",
    "slope_of_the_step_before": "φ′ of another step",
    "softmax_diagonal": "softmax: diagonal only",
    "transposed_weights": "transposed matrix",
    "truncated": "truncated",
}
PHRASES = {
    "forgot_bias": "with b_hh = 0",
    "gru_wrong_gate": "with r_t in place of z_t",
    "h_t_for_h_before": "with h_t in place of h_{t−1}",
    "truncated": "truncated after 3 steps",
}
ALL = {"W_h", "W_i", "b_ih", "b_hh", "W_o", "b_o", "h_0"}
RECURRENT = ALL - {"W_o", "b_o"}
WRONG = {
    "forgot_bias": ALL, "forgot_initial_state": ALL, "missing_mean": ALL, "sign": ALL, "softmax_diagonal": ALL,
    "h_t_for_h_before": {"W_h"}, "outer_product_swapped": {"W_h"},
    "missing_slope": RECURRENT, "no_carry": RECURRENT, "slope_of_the_step_before": RECURRENT,
    "transposed_weights": RECURRENT, "truncated": RECURRENT,
}  # fmt: skip
FIRST = {"missing_mean": 2, "no_carry": 2, "truncated": 4, "transposed_weights": 2, "gru_wrong_gate": 2}
"""The shortest sequence on which all of them are wrong."""
RIGHT = ("right", "gru_right")


def cell(name: str) -> Names:
    return GRU if name.startswith("gru") else VANILLA


def test_every_example_is_tested() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*NAMED, *RIGHT}


@pytest.mark.parametrize("name", NAMED)
def test_it_has_one_mistake(name: str) -> None:
    """A few lines in a row, besides the first one, are not those of the right program."""
    whole = (EXAMPLES / f"{'gru_right' if name.startswith('gru') else 'right'}.py").read_text(encoding="utf-8")
    lines = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()[1:]
    changed = [line for line in unified_diff(whole.splitlines()[1:], lines, n=0) if line.startswith("@@")]
    assert 1 <= len(changed) <= 2


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_ones_are_right(name: str) -> None:
    found = checked(example(name), cell(name))
    assert (found.exit_code, found.wrong, found.faults, found.mistakes) == (0, (), (), ())


LONG = ("gru_wrong_gate",)
CHECKED = [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in NAMED]


@pytest.mark.parametrize("name", CHECKED)
def test_the_mistake_is_named(name: str) -> None:
    found = checked(example(name), cell(name))
    assert found.exit_code == 1
    assert [mistake.kind for mistake in found.mistakes] == [NAMED[name]]
    (mistake,) = found.mistakes
    assert mistake.whole and mistake.explains == found.wrong and mistake.problems >= 3 and mistake.error < 1e-12
    assert PHRASES.get(name, mistake.phrase) == mistake.phrase
    assert set(found.wrong) == WRONG.get(name, set(found.wrong))
    longest = max(where.first["T"] for where in found.where.values())
    assert longest == FIRST.get(name, 1)
    assert found.example is not None and found.example.yours != found.example.ours


def test_the_page_says_what_is_found() -> None:
    """Its table, and the words of the report that it shows: the last digits are the machine's."""
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")
    ]
    assert {row[0].strip("`").removesuffix(".py"): row[2] for row in rows} == NAMED
    shown = page.split("```\n")[1]
    found = checked(example("transposed_weights"), VANILLA, name="transposed_weights.py:backward")
    assert words(shown) == words(gradcheck_text(found, 90))


def words(text: str) -> list[str]:
    """Without numbers, but for the sizes."""
    return re.findall(r"[a-z_A-Z]+=\d+|[^\W\d]+", re.sub(r"\d(\.\d+)?e[-+]\d+|−?\d+\.\d+", "", text))
