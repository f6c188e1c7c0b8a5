"""From lines to claims: chains over several lines, several claims on one line, conditions and remarks, gaps."""

from __future__ import annotations

import pytest

from tests.check.reading.shorthand import claims, reading_of, said

LINES: dict[str, tuple[list[str], tuple[str, ...]]] = {
    r"a = b = c": (["a = b = c"], ()),
    r"a := b \equiv c \approx d": (["a := b ≡ c ≈ d"], ()),
    r"a \triangleq b \doteq c \propto d": (["a ≜ b ≐ c ∝ d"], ()),
    r"\|c_t\| \le \gamma < 1": (["‖c_t‖ ≤ γ < 1"], ()),
    r"a \neq b": (["a ≠ b"], ()),
    r"a = b,": (["a = b"], ()),
    r"a = b.": (["a = b"], ()),
    r"a = b, \quad c = d": (["a = b", "c = d"], ()),
    r"a = b \qquad c = d": (["a = b", "c = d"], ()),
    r"a = b \quad + c": (["a = b + c"], ()),
    r"a = b \Rightarrow c = d": (["a = b", "c = d"], ()),
    r"a = b \implies c = d \iff e = f": (["a = b", "c = d", "e = f"], ()),
    r"a = b \text{ and } c = d": (["a = b", "c = d"], ("and",)),
    r"\text{Then we have } a = b": (["a = b"], ("Then we have",)),
    r"a_t = b, \quad t = 1, \dots, T": (["a_t = b"], (r"t = 1, \dots, T",)),
    r"a_t = b \quad (t = 1, \dots, T)": (["a_t = b"], (r"(t = 1, \dots, T)",)),
    r"a_t = b, \quad t \ge 1": (["a_t = b"], (r"t \ge 1",)),
    r"a_t = b, \quad t \in S": (["a_t = b"], (r"t \in S",)),
    r"a_t = b \quad \forall t": (["a_t = b"], (r"\forall t",)),
    r"\forall t: a_t = b": (["a_t = b"], (r"\forall t",)),
    r"a_t = b \text{ for all } t": (["a_t = b"], (r"\text{ for all } t",)),
    r"a_t = b, \text{ where } b = c": (["a_t = b"], (r"\text{ where } b = c",)),
    r"a_t = b \quad \text{(by the chain rule)}": (["a_t = b"], (r"\text{(by the chain rule)}",)),
    r"a_t = b \quad (\text{chain rule})": (["a_t = b"], (r"(\text{chain rule})",)),
    r"a_t = b \qquad (3)": (["a_t = b"], ("(3)",)),
    r"a_t = \underbrace{b}_{\text{local}} + c": (["a_t = b + c"], ("local",)),
    r"x = [a, b] + f(c, d)": (["x = [a, b] + f(c, d)"], ()),
    r"x_{i,j} = \sum_{k=1}^n y_k": (["x_{i, j} = Σ_{k=1}^n y_k"], ()),
    r"\role{unknown}{a = b}": (["a = b"], ()),
    r"\fitmath{9em}{a = b , \quad c = d}": (["a = b", "c = d"], ()),
}


@pytest.mark.parametrize("line", LINES)
def test_line(line: str) -> None:
    reading = reading_of(f"$${line}$$")
    expected, remarks = LINES[line]
    assert not reading.unread
    assert [said(claim) for claim in reading.claims] == expected
    assert sum((claim.remarks for claim in reading.claims), ()) == remarks


@pytest.mark.parametrize(
    "lines, expected",
    [
        (r"a &= b \\ &= c \\ &= d", ["a = b = c = d"]),
        (r"a &= b \\ &\quad {} + c \\ d &= e", ["a = b + c", "d = e"]),
        (r"a &= b \\ &- c", ["a = b - c"]),
        (r"a &= b \\ -c &= d", ["a = b", "-c = d"]),
        (r"a &= b + \\ & c", ["a = b + c"]),
        (r"a = \\ b", ["a = b"]),
        (r"a &= \bigl( b \\ & + c \bigr) d", ["a = (b + c) d"]),
        (r"a &= b, \\ &= c", ["a = b = c"]),
        (r"a &= b, \quad c = d \\ &= e", ["a = b", "c = d = e"]),
        (r"a &= b \text{ (why)} \\ &= c", ["a = b = c"]),
        (r"a &= b \\ &\otimes c", ["a = b ⊗ c"]),
        (r"a &= b \\ \Rightarrow c &= d", ["a = b", "c = d"]),
        (r"a \\ = b", ["a = b"]),
    ],
)
def test_continued(lines: str, expected: list[str]) -> None:
    assert claims(rf"\begin{{align}} {lines} \end{{align}}") == expected


def test_continued_in_the_next_display() -> None:
    assert claims("$$a = b$$ $$= c$$") == ["a = b = c"]


def test_inline_formulas_without_a_relation_are_no_claims() -> None:
    assert claims(r"the state $h_t$, of size $n \foo$, where $t > 0$") == ["t > 0"]


def test_gap() -> None:
    reading = reading_of(r"$$a = \foo b = c = d$$")
    [claim] = reading.claims
    assert said(claim) == "a = c = d"
    assert [member.after_gap for member in claim.chain] == [False, True, False]
    assert [one.text for one in reading.unread] == [r"\foo"]


def test_gap_at_the_begin() -> None:
    [claim] = reading_of(r"$$\foo = c = d$$").claims
    assert [member.after_gap for member in claim.chain] == [True, False]


def test_a_side_is_missing() -> None:
    reading = reading_of("$$= b$$ text $x =$")
    assert [(one.column, one.reason) for one in reading.unread] == [
        (3, "a side of '=' is missing"),
        (17, "a side of '=' is missing"),
    ]
    assert not reading.claims


def test_places() -> None:
    text = "\\begin{align}\n  a_t &= b_t \\\\\n      &= \\role{x}{c_t} +\n  d\n\\end{align}"
    [claim] = reading_of(text).claims
    assert [(m.span.line, m.span.column) for m in claim.chain] == [(2, 3), (2, 10), (3, 19)]
    assert claim.chain[2].span.stop == (4, 4)
    assert claim.chain[0].span.words == "a_t"
    assert (claim.where.line, claim.display.kind) == (2, "align")
