"""Matrices of blocks, and the rows of a stacked state that belong to one state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.phase import Phase
from verify.check.naming import INDICES, split
from verify.check.reading.tree import Name, Tree
from verify.check.scope import Scope
from verify.check.values import MeaningError, ShapeError, Value, is_nought, laid_out


def blocks(rows: Sequence[Sequence[Value]], scope: Scope) -> Value:
    """A matrix of matrices.  A nought and an identity have the size that their row and column leave them.

    Raises ShapeError where the blocks do not fit, MeaningError where nothing tells how large they are.
    """
    width = len(rows[0])
    assert all(len(row) == width for row in rows), "the reader takes no such matrix"
    if all(value.is_scalar and not value.identity for row in rows for value in row):
        return Value(np.array([[value.matrix[0, 0] for value in row] for row in rows], dtype=object))
    cells = [[_matrix(value, scope) for value in row] for row in rows]
    heights = [_one_size(cell.shape[0] for cell in row if cell is not None) for row in cells]
    widths = [_one_size(cell.shape[1] for cell in column if cell is not None) for column in zip(*cells, strict=True)]
    known = _heights_of_states(len(rows), scope)
    heights = [height or known[place] for place, height in enumerate(heights)]
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value.identity and not widths[column]:
                widths[column] = heights[row]
    if 0 in heights or 0 in widths:
        raise MeaningError("nothing tells how large a block is")
    filled = [
        [_sized(value, cell, (heights[row], widths[column])) for column, (value, cell) in enumerate(pairs)]
        for row, pairs in enumerate([list(zip(*both, strict=True)) for both in zip(rows, cells, strict=True)])
    ]
    return Value(np.block(filled))


def _matrix(value: Value, scope: Scope) -> Array | None:
    """Nothing for what has no size of its own."""
    if value.identity or is_nought(value):
        return None
    found = next(laid_out(value, scope.convention), None)
    if found is None:
        raise MeaningError("a block that is the derivative of a vector by a matrix")
    return found


def _one_size(sizes: Iterable[int]) -> int:
    """That of all blocks of a row or a column; nought where none has any."""
    found = set(sizes)
    if len(found) > 1:
        raise ShapeError("blocks that do not fit")
    return found.pop() if found else 0


def _heights_of_states(count: int, scope: Scope) -> list[int]:
    """As many rows as the network has states are theirs."""
    phase = next((own for own in scope.world.model.phases if len(own.states) == count > 1), None)
    return [0] * count if phase is None else _sizes(phase, scope)


def _sizes(phase: Phase, scope: Scope) -> list[int]:
    rows = [phase.rows_of(state, scope.world.sizes) for state in phase.states]
    return [own.stop - own.start for own in rows]


def _sized(value: Value, cell: Array | None, shape: tuple[int, int]) -> Array:
    if cell is not None:
        return cell
    if not value.identity:
        return np.full(shape, value.matrix[0, 0], dtype=object)
    if shape[0] != shape[1]:
        raise ShapeError("an identity that is not square")
    return value.sized(shape[0])


def names_states(scripts: Sequence[Tree], scope: Scope) -> list[Name]:
    """Subscripts that are names of states, of which there are several: [H_t]_h, [C_t]_{h,c}; else nothing."""
    found = [script for script in scripts if isinstance(script, Name) and _state_of(script, scope)]
    return found if len(found) == len(scripts) <= 2 else []


def _state_of(name: Name, scope: Scope) -> tuple[Phase, Var] | None:
    quantity = None if name.base in INDICES else scope.table.get(split(name, scope.table).key)
    if quantity is None:
        return None
    several = [phase for phase in scope.world.model.phases if len(phase.states) > 1]
    return next(((own, s) for own in several for s in own.states if s.letter in quantity.letters), None)


def part_of_states(value: Value, names: Sequence[Name], scope: Scope) -> Value:
    """The rows that belong to one of several states, and the columns that belong to another.

    Raises ShapeError for what is not as large as the stacked state.
    """
    phase, state = _state_of(names[0], scope) or _unknown(names[0])
    found = rows_of_state(value, state, phase, scope)
    if len(names) == 1:
        return found
    phase, state = _state_of(names[1], scope) or _unknown(names[1])
    if found.is_derivative:
        return rows_of_state(found, state, phase, scope)
    return Value(rows_of_state(Value(found.matrix.T), state, phase, scope).matrix.T)


def _unknown(name: Name) -> NoReturn:
    raise MeaningError(f"{name.base} is none of several states")


def rows_of_state(value: Value, state: Var, phase: Phase, scope: Scope) -> Value:
    """Rows of a column; of a derivative of or by a stacked state, that of or by the one state."""
    rows, whole = phase.rows_of(state, scope.world.sizes), (sum(_sizes(phase, scope)), 1)
    if value.of == whole:
        found = value.matrix[rows]
        return Value(found, (len(found), 1), value.by)
    if value.by == whole:
        found = value.matrix[:, rows]
        return Value(found, value.of, (found.shape[1], 1))
    column = next(laid_out(value, scope.convention), None)
    if column is None or column.shape[0] != whole[0]:
        raise ShapeError(f"that has no part that belongs to {state.name}")
    return Value(column[rows])
