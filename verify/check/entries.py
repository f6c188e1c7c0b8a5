"""Single entries, counted from one."""

from __future__ import annotations

from verify.check.scope import OutOfRangeError, Scope
from verify.check.values import MeaningError, Value, laid_out


def entry(value: Value, entries: tuple[int, ...], scope: Scope) -> Value:
    """One entry where indices pick it: of a vector by one, of a matrix by two.  Raises OutOfRangeError beyond them."""
    if not entries:
        return value
    matrix = next(laid_out(value, scope.convention), None)
    if matrix is None or len(entries) > 2 or (len(entries) == 1 and 1 not in matrix.shape):
        raise MeaningError("these indices do not pick an entry")
    chosen = entries if len(entries) == 2 else (entries[0], 1) if matrix.shape[1] == 1 else (1, entries[0])
    if not all(1 <= k <= size for k, size in zip(chosen, matrix.shape, strict=True)):
        raise OutOfRangeError
    return Value(matrix[chosen[0] - 1 : chosen[0], chosen[1] - 1 : chosen[1]])
