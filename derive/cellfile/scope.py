"""What a name in an equation stands for, at the place of that equation."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from derive.cell import lag
from derive.cellfile.dimensions import SIZES
from derive.cellfile.document import suggestion
from derive.cellfile.syntax import Code, spelt
from derive.errors import InputError
from derive.expr import Node, Var
from derive.functions import Elementwise


@dataclass
class Scope:
    """``now`` are the quantities that are known at this place; it grows with every equation."""

    parameters: Mapping[str, Var]
    lagged: Mapping[str, Var]
    feedback: Collection[str]
    functions: Mapping[str, Elementwise]
    now: dict[str, Var]
    targets: Mapping[str, str] = field(default_factory=dict)
    """Where the equation of each name stands."""

    def variable(self, node: ast.Name | ast.Subscript, code: Code) -> Node:
        """``W``, ``x``, ``h[t]``, ``h[t-1]``.  Raises InputError for a name that is not known (yet)."""
        base = node.value if isinstance(node, ast.Subscript) else node
        if not isinstance(base, ast.Name):
            raise code.refused(node, "only a name has a time, such as h[t-1]")
        name, back = spelt(base.id), steps_back(node, code)
        if back:
            return self._before(name, node, code)
        if name in self.parameters:
            if isinstance(node, ast.Subscript):
                raise code.error(node, f"'{code.text(node)}': a parameter has no time", f"write {name}")
            return self.parameters[name]
        if name in self.now:
            return self.now[name]
        raise self._unknown(name, node, code)

    def _before(self, name: str, node: ast.AST, code: Code) -> Node:
        if name in self.lagged:
            return lag(self.lagged[name])
        if name in self.parameters:
            raise code.error(node, f"'{code.text(node)}': a parameter has no time", f"write {name}")
        if name in self.now or name in self.targets:
            mend = f"only states remember: declare {name} under [states], or write {name}"
            raise code.error(node, f"'{code.text(node)}': {name} is not a state", mend)
        raise self._unknown(name, node, code)

    def _unknown(self, name: str, node: ast.AST, code: Code) -> InputError:
        if name in self.feedback:
            what = f"'{name}' is the output of the network, which is known after the step"
            return code.error(node, what, f"write {name}[t-1]")
        if name in self.targets:
            mend = f"write {name}[t-1] for the step before" if name in self.lagged else "move that equation up"
            what = f"'{code.text(node)}' is used before its equation in {self.targets[name]}"
            return code.error(node, what, mend)
        if name in self.lagged:
            return code.error(node, f"the state '{name}' has no equation yet", f"write {name}[t-1], or set it first")
        if name in self.functions or name in SIZES or name == "t":
            what = "a size" if name in SIZES else "the time" if name == "t" else "a function"
            mend = {"a function": f"write {name}(…)"}.get(what, "use a quantity of the cell")
            return code.error(node, f"'{name}' is {what}, not a quantity", mend)
        known = (*self.parameters, *self.now, *self.lagged, *self.targets)
        mend = suggestion(name, known, "declare it under [parameters] or [inputs], or set it by an equation above")
        return code.error(node, f"there is no '{code.text(node)}'", mend)


def steps_back(node: ast.Name | ast.Subscript, code: Code) -> int:
    """0 for ``h`` and ``h[t]``, 1 for ``h[t-1]``.  Raises InputError for any other index."""
    if isinstance(node, ast.Name):
        return 0
    match node.slice:
        case ast.Name(id="t"):
            return 0
        case ast.BinOp(left=ast.Name(id="t"), op=ast.Sub(), right=ast.Constant(value=1)):
            return 1
    raise code.error(
        node, f"the index in '{code.text(node)}' is neither t nor t-1", "a step sees itself and one before"
    )
