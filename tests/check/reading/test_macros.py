r"""Macros of the file: what they bring stands where they are called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.check.reading.test_hostile import ended
from verify.check.reading.document import read
from verify.check.reading.macros import definitions

PARTIAL = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}"
SAME = [
    (PARTIAL, r"\pd{h_t}{W} = 1", r"\frac{\partial h_t}{\partial W} = 1"),
    (PARTIAL, r"\pd h W = 1", r"\frac{\partial h}{\partial W} = 1"),
    (r"\newcommand\bh{\mathbf{h}}", r"\bh_{t-1} = 1", r"\mathbf{h}_{t-1} = 1"),
    (r"\def\bh{\mathbf h}", r"\bh_t^\top = 1", r"\mathbf h_t^\top = 1"),
    (r"\def\by#1#2{#2_{#1}}", r"\by t x = 1", "x_t = 1"),
    (r"\newcommand{\at}[2][t]{#2_{#1}}", r"\at{x} = \at[t-1]{x}", "x_t = x_{t-1}"),
    (r"\DeclareMathOperator{\diag}{diag}", r"\diag(x) = 1", r"\operatorname{diag}(x) = 1"),
    (r"\DeclareMathOperator*{\soft}{softmax}", r"o = \soft(s)", r"o = \operatorname{softmax}(s)"),
    (r"\renewcommand{\vec}[1]{\mathbf{#1}}", r"\vec{h} = 1", r"\mathbf{h} = 1"),
    (r"\newcommand{\a}{\b\b}\newcommand{\b}{x}", r"\a = 1", "xx = 1"),
    (r"\newcommand{\W}{W}\providecommand{\W}{Q}", r"\W = 1", "W = 1"),
    (r"\newcommand{\W}{Q}\renewcommand{\W}{W}", r"\W = 1", "W = 1"),
    ("\\newcommand{\\W}{W}\n% \\newcommand{\\W}{Q}\n", r"\W = 1", "W = 1"),
    (r"\newcommand{\pair}[2]{\left(#1 + #2\right)}", r"\pair{x}{y} z = 1", r"\left(x + y\right) z = 1"),
]


@pytest.mark.parametrize(("macros", "short", "long"), SAME)
def test_as_if_it_were_written_out(macros: str, short: str, long: str) -> None:
    (found,), (wanted,) = (read(text, "latex").claims for text in (f"{macros} ${short}$", f"${long}$"))
    assert [member.tree for member in found.chain] == [member.tree for member in wanted.chain]


@pytest.mark.parametrize("place", ["before", "behind"])
def test_wherever_it_is_defined(place: str) -> None:
    lines = (PARTIAL, r"$\pd h W = 1$")
    assert len(read("\n".join(lines if place == "before" else lines[::-1]), "latex").claims) == 1


def test_places_are_those_of_the_calls() -> None:
    text = f"{PARTIAL}\n\\begin{{align}}\n\\pd{{h_t}}{{W}} &= \\pd{{x}}{{y}} z\n\\end{{align}}"
    (claim,) = read(text, "latex").claims
    left, right = claim.chain
    assert (left.span.line, left.span.column, left.span.words) == (3, 1, r"\pd{h_t}{W}")
    assert right.span.words == r"\pd{x}{y} z"


@pytest.mark.parametrize(
    ("macros", "formula", "reason"),
    [
        (PARTIAL, r"a = \pd h", "lacks an argument"),
        (r"\def\x{\x}", r"a = \x", "brings too much, or itself"),
        (r"\def\x{\y\y}\def\y{\x}", r"a = \x", "brings too much, or itself"),
        (r"\def\x#1{#1" + "b" * 9000 + "#1}", r"a = \x{" + "c" * 900 + "}", "brings too much"),
        (r"\def\x{\unknown}", r"a = \x", "does not know"),
        (r"\newcommand{\x}{\input{y}}", r"a = \x", "names another file"),
    ],
)
def test_what_it_cannot(macros: str, formula: str, reason: str) -> None:
    reading = read(f"{macros} ${formula}$ and $b = c$", "latex")
    assert len(reading.claims) == 1 and any(reason in one.reason for one in reading.unread)


def test_nothing_is_defined_by_half() -> None:
    assert definitions(r"\newcommand{\x}[1]{#1") == {}
    assert definitions(r"\def\x#1.{#1}") == {} and definitions(r"\newcommand{\1}{x}") == {}


NAMES = (r"\newcommand", r"\def", r"\x", r"\y", r"\z", "[1]", "[2]", "#1", "#2", r"\\")
PIECES = st.sampled_from((*NAMES, *"{}$=a_^%&\n"))


@given(st.lists(PIECES, max_size=60))
@settings(max_examples=300, deadline=None)
def test_anything_ends(pieces: list[str]) -> None:
    ended("".join(pieces))
    ended(r"\newcommand{\x}[1]{#1\y}\def\y#1{\z{#1}#1}\def\z{\x}" + "$a=" + "".join(pieces) + "$")
