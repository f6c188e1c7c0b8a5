"""Scalar expressions that are written once each: equal operations on equal operands are one node (hash consing).

They are entries of NumPy's object arrays, which asks for their operators.  Numbers are Python's integers and fractions;
what is known of 0 and 1 is put in at once, and nothing else is simplified: as many operations are written as are run.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from derive.compiled.exact import rational

Operand = Any
"""A node, or an integer or a fraction."""
ADD, SUBTRACT, MULTIPLY, DIVIDE = "add", "subtract", "multiply", "divide"


class Graph:
    """All nodes of one expression, by what they are; ``nodes`` has operands before what is made of them."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.known: dict[tuple[Any, ...], Node] = {}

    def symbol(self, name: str) -> Node:
        return self.made("symbol", name)

    def made(self, operation: str, *operands: Operand) -> Node:
        """The node of an operation, which may be there."""
        key = (operation, *operands)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Node(self, len(self.nodes), operation, operands)
            self.nodes.append(found)
        return found


class Node:
    """``operation`` on ``operands``; a symbol has its name as its one operand.  Equal nodes are one object."""

    __slots__ = ("graph", "known", "number", "operands", "operation")

    def __init__(self, graph: Graph, number: int, operation: str, operands: tuple[Operand, ...]) -> None:
        self.graph, self.number, self.operation, self.operands = graph, number, operation, operands
        self.known = graph.known

    def __add__(self, other: Operand) -> Operand:
        if other.__class__ is not Node:
            other = exact(other)
            return self if other == 0 else self.graph.made(ADD, self, other)
        key = (ADD, self, other) if self.number <= other.number else (ADD, other, self)
        found = self.known.get(key)
        return self.graph.made(*key) if found is None else found

    __radd__ = __add__

    def __mul__(self, other: Operand) -> Operand:
        if other.__class__ is not Node:
            other = exact(other)
            return 0 if other == 0 else self if other == 1 else self.graph.made(MULTIPLY, self, other)
        key = (MULTIPLY, self, other) if self.number <= other.number else (MULTIPLY, other, self)
        found = self.known.get(key)
        return self.graph.made(*key) if found is None else found

    __rmul__ = __mul__

    def __neg__(self) -> Operand:
        return self * -1

    def __sub__(self, other: Operand) -> Operand:
        if other.__class__ is not Node:
            return self + -exact(other)
        return 0 if other is self else self.graph.made(SUBTRACT, self, other)

    def __rsub__(self, other: Operand) -> Operand:
        other = exact(other)
        return -self if other == 0 else self.graph.made(SUBTRACT, other, self)

    def __truediv__(self, other: Operand) -> Operand:
        if other.__class__ is not Node:
            return self * (1 / Fraction(exact(other)))
        return 1 if other is self else self.graph.made(DIVIDE, self, other)

    def __rtruediv__(self, other: Operand) -> Operand:
        other = exact(other)
        return 0 if other == 0 else self.graph.made(DIVIDE, other, self)

    def __pow__(self, exponent: Any) -> Operand:
        whole = exact(exponent)
        return self * self if whole == 2 else self.graph.made("power", self, whole)

    def __float__(self) -> float:
        """Nobody needs it: a run keeps its loss as a float."""
        return float("nan")

    def __repr__(self) -> str:
        return f"Node({self.number}: {self.operation})"


def exact(written: Any) -> int | Fraction:
    """A number of the code, as the rational number that it stands for."""
    return written if isinstance(written, int | Fraction) else rational(float(written))


def needed(roots: Iterable[Operand]) -> list[Node]:
    """All nodes that some lead back to, operands first."""
    found: set[Node] = set()
    waiting = [root for root in roots if isinstance(root, Node)]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += [operand for operand in node.operands if isinstance(operand, Node)]
    return sorted(found, key=lambda node: node.number)
