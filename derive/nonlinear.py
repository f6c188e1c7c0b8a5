"""The nodes that are not linear in their argument: elementwise maps, log-sum-exp and softmax.

Log-sum-exp and softmax carry a *definition* in simpler nodes.  Their differential is the differential of that
definition, so that no softmax Jacobian is typed in anywhere.
"""

from __future__ import annotations

from derive.errors import ShapeError
from derive.expr import ONE, Node, ones, shaped
from derive.functions import Elementwise, exp, log
from derive.node import make


class Map(Node):
    """f applied to every entry of a matrix."""

    def __new__(cls, function: Elementwise, body: Node) -> Map:
        return make(cls, body.shape, function, body)

    @property
    def function(self) -> Elementwise:
        return self.args[0]

    @property
    def body(self) -> Node:
        return self.args[1]


class Defined(Node):
    """A node with a name of its own and a definition in simpler nodes."""

    @property
    def body(self) -> Node:
        return self.args[0]

    @property
    def definition(self) -> Node:
        raise NotImplementedError


class LogSumExp(Defined):
    """lse(z) = log Σ_k exp(z_k), a scalar."""

    def __new__(cls, column: Node) -> LogSumExp:
        return make(cls, (ONE, ONE), _column(column, "log-sum-exp"))

    @property
    def definition(self) -> Node:
        return Map(log, ones(1, self.body.shape[0]) @ Map(exp, self.body))


class Softmax(Defined):
    """softmax(z) = exp(z) / Σ_k exp(z_k) = exp(z − 1·lse(z)), a column that sums to one."""

    def __new__(cls, column: Node) -> Softmax:
        return make(cls, column.shape, _column(column, "softmax"))

    @property
    def definition(self) -> Node:
        return Map(exp, self.body - ones(self.body.shape[0]) @ LogSumExp(self.body))


def _column(node: Node, what: str) -> Node:
    if node.shape[1] != ONE:
        raise ShapeError(f"{what} needs a column, got {shaped(node)}")
    return node
