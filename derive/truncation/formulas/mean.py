"""The mean over random cuts, as a node: 𝔼 A, entry by entry."""

from __future__ import annotations

from typing import Protocol

from derive.arithmetic import Array
from derive.evaluate import Binding, Environment, evaluate
from derive.expr import Node
from derive.node import make
from derive.plain import plain


class Mean(Node):
    """𝔼 A: the sum over all runs of the probability of a run times the value of A on it."""

    def __new__(cls, body: Node) -> Mean:
        made: Mean = make(cls, body.shape, body)
        return made

    @property
    def body(self) -> Node:
        return self.args[0]


class Averaged(Environment, Protocol):
    """An environment that can go through all runs."""

    def mean(self, body: Node, at: Binding) -> Array: ...


@evaluate.register
def _(node: Mean, env: Averaged, at: Binding) -> Array:
    return env.mean(node.body, at)


@plain.register
def _(node: Mean) -> str:
    return f"E({plain(node.body)})"
