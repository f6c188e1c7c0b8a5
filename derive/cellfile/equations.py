"""The forward equations of a cell file: one ``name = expression`` a line, each name set once, before it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive.cell import Equation, inner
from derive.cellfile.document import Document
from derive.cellfile.expressions import Expressions
from derive.cellfile.names import Names
from derive.cellfile.scope import Scope, steps_back
from derive.cellfile.syntax import Code, parsed, pieces, spelt
from derive.expr import Var, shape_text

PLACE = ("forward", "equations")
MEND = "write one equation a line, name = expression, such as h = tanh(W @ h[t-1] + b)"


@dataclass(frozen=True)
class Written:
    """An equation whose left side is known."""

    name: str
    offset: int
    """Where it starts in the file."""
    code: Code
    right: ast.expr

    def solved(self, states: Mapping[str, Var], scope: Scope) -> Equation:
        """The equation in matrices; its target is known in ``scope`` from here on.  Raises InputError."""
        expression = Expressions(self.code, scope).matrix(self.right)
        target = states.get(self.name) or inner(self.name, expression.shape[0])
        if target.shape != expression.shape:
            what = f"'{self.name}' is {shape_text(target)}, but its equation gives {shape_text(expression)}"
            mend = "correct the equation, or the shape" if self.name in states else "keep a matrix where it is used"
            raise self.code.error(self.code.tree, what, mend)
        scope.now[self.name] = target
        return Equation(target, expression)


def equations(document: Document, states: Mapping[str, Var], names: Names) -> Iterator[Written]:
    """The equations as they are written; claims the names that they set."""
    document.table(PLACE[:1], PLACE[1:])
    if document.value(PLACE) is None:
        raise document.error(PLACE, "there are no forward equations", 'write [forward] and equations = """…"""')
    set_at: dict[str, int] = {}
    for piece in pieces(document.excerpt(PLACE)):
        written = _written(parsed(piece, MEND))
        if written.name in set_at:
            what = f"'{written.name}' has two equations, the first in {document.source.position(set_at[written.name])}"
            raise document.source.error(written.offset, what, "set every name once: give the second one another name")
        if written.name not in states:
            names.claim(written.name, written.offset)
        set_at[written.name] = written.offset
        yield written
    for name in states:
        if name not in set_at:
            what = f"the state '{name}' is never updated"
            raise document.error(("states", name), what, f"add an equation {name} = …")


def _written(code: Code) -> Written:
    match code.tree:
        case ast.Assign(targets=[ast.Name() | ast.Subscript(value=ast.Name()) as target], value=right):
            if steps_back(target, code):
                raise code.error(target, f"'{code.text(target)}' is set, but it is past", "set the value of time t")
            name = target.id if isinstance(target, ast.Name) else target.value.id  # type: ignore[attr-defined]
            return Written(spelt(name), code.excerpt.start, code, right)
    raise code.refused(code.tree, MEND)
