"""The places of a formula at which something can be put in the place of something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

_BODIES: dict[type[Tree], tuple[str, ...]] = {
    tr.Name: (),
    tr.Sum: ("body",),
    tr.Product: ("body",),
    tr.Power: ("base",),
    tr.Applied: ("arguments",),
    tr.Indexed: ("body",),
    tr.Norm: ("body",),
    tr.Gradient: ("of", "by"),
    tr.Derivative: ("of", "by"),
}
"""Where a node has its operands; all that it has where it is not listed.  Scripts and limits are no places."""


@dataclass(frozen=True)
class Spot:
    """``node`` stands below ``above``, the outermost first; ``put`` makes the whole formula with another node there."""

    node: Tree
    put: Callable[[Tree], Tree]
    above: tuple[Tree, ...] = ()

    @property
    def bound(self) -> tuple[str, ...]:
        """The indices of the sums and products around it, the innermost first."""
        return tuple(own.index.base for own in reversed(self.above) if isinstance(own, tr.Sum | tr.Product))

    @property
    def is_value(self) -> bool:
        """Whether it is a number or matrix of the formula, not what a derivative is of or by, nor an argument."""
        return not any(isinstance(own, tr.Derivative | tr.Gradient) or is_step(own) for own in self.above)

    @property
    def parent(self) -> Tree | None:
        return self.above[-1] if self.above else None


def is_step(node: Tree) -> bool:
    """A function of several things: f(x_t, h_{t−1}, w)."""
    return isinstance(node, tr.Applied) and len(node.arguments) > 1


def spots(tree: Tree) -> Iterator[Spot]:
    """All places, the outer ones first."""
    yield from _below(Spot(tree, lambda new: new))


def _below(spot: Spot) -> Iterator[Spot]:
    yield spot
    node, put = spot.node, spot.put
    names = _BODIES.get(type(node)) or tuple(own.name for own in fields(node) if own.name != "span")
    if isinstance(node, tr.Name):
        return
    if isinstance(node, tr.Matrix):
        for row, cells in enumerate(node.rows):
            for column, cell in enumerate(cells):
                yield from _below(Spot(cell, _in_cell(node, row, column, put), (*spot.above, node)))
        return
    for name in names:
        value = getattr(node, name)
        if isinstance(value, Tree):
            yield from _below(Spot(value, _in_field(node, name, put), (*spot.above, node)))
        elif isinstance(value, tuple):
            for place, part in enumerate(value):
                if isinstance(part, Tree):
                    yield from _below(Spot(part, _in_tuple(node, name, place, put), (*spot.above, node)))


def _in_field(node: Tree, name: str, put: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    return lambda new: put(replace(node, **{name: new}))  # type: ignore[arg-type]


def _in_tuple(node: Tree, name: str, place: int, put: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    def whole(new: Tree) -> Tree:
        old = getattr(node, name)
        return put(replace(node, **{name: (*old[:place], new, *old[place + 1 :])}))  # type: ignore[arg-type]

    return whole


def _in_cell(node: tr.Matrix, row: int, column: int, put: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    def whole(new: Tree) -> Tree:
        cells = (*node.rows[row][:column], new, *node.rows[row][column + 1 :])
        return put(replace(node, rows=(*node.rows[:row], cells, *node.rows[row + 1 :])))

    return whole


def values(tree: Tree) -> list[Spot]:
    """The places of numbers and matrices."""
    return [spot for spot in spots(tree) if spot.is_value]
