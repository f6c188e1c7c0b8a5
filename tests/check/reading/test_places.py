"""Every node knows where it stands, and what cannot be read is pointed at."""

from __future__ import annotations

import pytest

from tests.check.reading.shorthand import reading_of, unread
from verify.check.reading.tree import Name, Product, Sum, Tree
from verify.check.reading.walking import walk

FORMULA = (
    "x\n\\begin{align} % \u00e9\n  \\role{a}{\\bar{h}_{t-1}} &= \\sum_{i=1}^{t} % \u03b4\n"
    "    \\left( \\prod_{j} c_j \\right) b_i\n\\end{align}"
)


def _named(trees: list[Tree], base: str) -> list[Name]:
    return [tree for tree in trees if isinstance(tree, Name) and tree.base == base]


def test_nodes() -> None:
    [claim] = reading_of(FORMULA).claims
    trees = [node for member in claim.chain for node in walk(member.tree)]
    assert [(n.span.line, n.span.column, n.span.words) for n in _named(trees, "h")] == [(3, 12, r"\bar{h}_{t-1}")]
    assert [(n.span.line, n.span.column) for n in _named(trees, "b")] == [(4, 34)]
    [total] = [node for node in trees if isinstance(node, Sum)]
    assert (total.span.line, total.span.column, total.span.stop) == (3, 30, (4, 37))
    [product] = [node for node in trees if isinstance(node, Product)]
    assert product.span.words == r"\left( \prod_{j} c_j \right)"


def test_every_node_has_a_place_inside_its_parent() -> None:
    for claim in reading_of(FORMULA).claims:
        for member in claim.chain:
            for node in walk(member.tree):
                assert node.span.line > 1
                assert member.span.start <= node.span.start <= node.span.end <= member.span.end


def test_letters_in_a_row() -> None:
    [claim] = reading_of("$a = bcd e_{fg}$").claims
    trees = [node for member in claim.chain for node in walk(member.tree) if isinstance(node, Name)]
    assert {node.span.words for node in trees} == {"a", "b", "c", "d", "e_{fg}", "fg"}


OFFENDERS: dict[str, tuple[int, str]] = {
    r"a = \foo{b}": (5, r"'\foo' is a macro that this reader does not know"),
    r"a = b + ": (7, "something is missing after '+'"),
    r"a = b + * c": (9, "'*' cannot stand here"),
    r"a = (b": (5, "'(' is never closed"),
    r"a = b \quad (c = d": (13, "'(' is never closed"),
    r"a = b)": (6, "')' closes nothing"),
    r"a = \left( b \right]": (0, ""),  # half-open brackets pair
    r"a = b_1_2": (8, "a second subscript"),
    r"a = \sum b": (5, "the Σ needs an index below it"),
    r"a = \sum_{i \ne j} b": (10, "these limits are not read"),
    r"a = \sum_{i=1}^t": (5, "what it stands before is missing"),
    r"a = \prod_i": (5, "what it stands before is missing"),
    r"a = \frac{\partial^2 L}{\partial w^2}": (11, "higher and mixed derivatives are not read"),
    r"a = \frac{\partial^2 L}{\partial w \partial v}": (11, "higher and mixed derivatives are not read"),
    r"a = \frac{\partial L}{\partial w \partial v}": (34, "higher and mixed derivatives are not read"),
    r"a = \partial h_t": (
        5,
        r"this ∂ has no ∂ below it: write \frac{\partial A}{\partial B} or \partial_B A",
    ),
    r"a = \frac{1}": (12, "something is missing after '}'"),
    r"a = @": (5, "'@' has no meaning here"),
    r"a = \begin{cases} 1 \end{cases}": (5, "the environment 'cases' is not read"),
    r"a = \begin{pmatrix} 1 & \\ 2 \end{pmatrix}": (5, "a matrix with empty cells or rows of different lengths"),
    r"a = b \pm c": (7, r"'\pm' is a macro that this reader does not know"),
    r"a = \lfloor b \rfloor": (5, "'⌊' is not read"),
    r"a = (b + c)'": (12, "a prime on something that is not a name"),
    r"a = \hat{b + c}": (5, "a hat over something that is not a name"),
    r"a = x_{i=j=k}": (7, "a chain of relations cannot stand here"),
    r"a = x_+": (7, "'+' alone cannot stand here"),
    r"a = \frac{\partial L}{w}": (11, r"this ∂ has no ∂ below it: write \frac{\partial A}{\partial B} or \partial_B A"),
    r"a = 1" + "0" * 200: (5, "a number of 201 digits is too long"),
    r"a = b \right.": (7, r"'\right.' closes nothing that is read"),
}


@pytest.mark.parametrize("formula", OFFENDERS)
def test_offender(formula: str) -> None:
    column, reason = OFFENDERS[formula]
    expected = [(3, column + 2, reason)] if column else []
    assert unread(f"fine: $a = b$\n\n$${formula}$$\n\n$c = d$") == expected
    assert len(reading_of(f"$a = b$\n\n$${formula}$$\n\n$c = d$").claims) >= 2
