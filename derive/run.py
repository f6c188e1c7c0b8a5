"""The derivation, evaluated: the printed formulas are what runs.

Every letter is computed by the step that the derivation names for it, so an error in a step is an error in the
gradient.  Nothing is differentiated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.build import split_factor
from derive.derivation import Derivation, Step
from derive.derivatives import Derivative, Gradient
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate, integer
from derive.expr import Node, Var, Vec
from derive.indices import S, T, value
from derive.sums import Sum
from derive.theory import Theory, theories
from derive.unroll import Table

Key = tuple[Any, ...]


@dataclass
class Derived:
    """An environment in which the letters of a derivation have the values that its own steps give them."""

    derivation: Derivation
    forward: Table
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    known: dict[Key, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sizes, self.arithmetic = self.forward.sizes, self.forward.arithmetic
        self.carries = _carries(self.derivation)
        named = {step.key: step for step in self.derivation}
        self.steps = {place: [named[key] for key in keys] for place, keys in self.derivation.definitions.items()}

    def leaf(self, node: Node, at: Binding) -> Array:
        if isinstance(node, Derivative):
            return self._carried(node, at)
        if not isinstance(node, Var):
            raise BpttError(f"{node} is not computed by any step")
        steps = self.steps.get(node.letter)
        if steps is None:
            return self.forward.leaf(node, at)
        time = integer(node.args[3], self, at)
        return self._remembered((*node.letter, time), steps, time)

    def _carried(self, node: Derivative, at: Binding) -> Array:
        """∂h_t/∂w, by forward accumulation from step 0."""
        target = node.target
        assert isinstance(target, Var) and target.time is not None
        time = value(target.time, {**self.sizes, **at})
        steps = self.carries[target.name, node.source.name]
        return self._remembered((target.name, node.source.name, "carried", time), steps, time)

    def _remembered(self, key: Key, steps: Iterable[Step], time: int) -> Array:
        if key not in self.known:
            step, binding = next((s, b) for s in steps if (b := self._binding(s, time)) is not None)
            self.known[key] = evaluate(step.rhs, self, binding)
        return self.known[key]

    def _binding(self, step: Step, time: int) -> Binding | None:
        """How the step's index is bound for it to speak about ``time``; None when it does not."""
        target = step.lhs.target if isinstance(step.lhs, Derivative) else step.lhs
        assert isinstance(target, Var) and target.time is not None
        for own in step.where:
            if own.index == target.time:
                low, high = value(own.lower, self.sizes), value(own.upper, self.sizes)
                return {own.index: time} if low <= time <= high else None
        return {} if value(target.time, self.sizes) == time else None


def _carries(derivation: Derivation) -> dict[tuple[str, str], list[Step]]:
    found: dict[tuple[str, str], list[Step]] = {}
    for step in derivation:
        if step.role.startswith("form.") and isinstance(step.lhs, Derivative) and isinstance(step.lhs.target, Var):
            found.setdefault((step.lhs.target.name, step.lhs.source.name), []).append(step)
    return found


@dataclass(frozen=True)
class Form:
    """An order of evaluation: where its gradients stand; ``descending`` if it is the sweep from the last step back."""

    name: str
    title: str
    prefix: str
    descending: bool = False


FORMS = (
    Form("expanded", "the double sum", "form.expanded_"),
    Form("rtrl", "forward accumulation (RTRL)", "form.rtrl_"),
    Form("adjoint", "the adjoint sweep (BPTT)", "gradient.", descending=True),
)


def gradients(derivation: Derivation, forward: Table, form: Form) -> dict[str, Array]:
    """The gradient of every parameter that the form has one for, by name, in the parameter's shape.

    The batch axis is averaged, since L carries 1/B; axes in front of it stay, and are problems side by side.
    """
    env = Derived(derivation, forward)
    compute_ahead(env, form)
    return {name: gradient(step, env) for name, step in stated(derivation, form).items()}


def compute_ahead(env: Derived, form: Form) -> None:
    """The adjoints, from the last step back, so that no recursion gets deep.

    All of them where the form is that sweep; else those of the phases that send something back to an earlier one.
    """
    for theory in theories(env.derivation.model):
        if form.descending or theory.sends_back:
            for time in range(value(theory.length, env.sizes), 0, -1):
                for state in theory.phase.states:
                    env.leaf(theory.delta_of(state).at(time), {})


def stated(derivation: Derivation, form: Form) -> dict[str, Step]:
    """The steps in which a form states its gradients, by the parameter's name."""
    of_form = (step for step in derivation if step.role.startswith(form.prefix))
    return {name_of(source): step for step in of_form if (source := _source(step)) is not None}


def gradient(step: Step, env: Derived) -> Array:
    """What a step says that a gradient is, in the parameter's shape, averaged over the batch."""
    source = _source(step)
    assert source is not None, f"{step.key} states no gradient"
    return _shaped(evaluate(step.rhs, env, {}), step, source, env)


def name_of(parameter: Var) -> str:
    """``W_h``, or ``h_0`` for an initial state."""
    return parameter.name if parameter.time is None else f"{parameter.name}_{parameter.time}"


def _source(step: Step) -> Var | None:
    """The parameter whose gradient a step gives, if it gives one."""
    lhs = step.lhs.args[0] if isinstance(step.lhs, Vec) else step.lhs
    return lhs.source if isinstance(lhs, Gradient) else None


def _shaped(gradient: Array, step: Step, source: Var, env: Derived) -> Array:
    gradient = _batch_mean(gradient)
    if not isinstance(step.lhs, Vec):
        return gradient
    rows, cols = (value(size, env.sizes) for size in source.shape)
    return gradient.reshape((*gradient.shape[:-2], cols, rows)).swapaxes(-1, -2)


def _batch_mean(array: Array) -> Array:
    return array.mean(axis=-3) if array.ndim > 2 else array


def by_lag(
    derivation: Derivation, forward: Table, theory: Theory, parameter: Var, env: Derived | None = None
) -> dict[int, Array]:
    """The double sum, split by the lag t − i: what the parameter did ``lag`` steps before an error.

    Several parameters may share one ``env``, and thereby the product chains.
    """
    env = env or Derived(derivation, forward)
    compute_ahead(env, FORMS[0])
    step = derivation[theory.key(f"form.expanded_{name_of(parameter)}")]
    lengths = {symbol: sp.Integer(number) for symbol, number in env.sizes.items()}
    scale = env.arithmetic.scalar(split_factor(step.rhs)[0].xreplace(lengths))  # as printed, not as the model says
    lags: dict[int, Array] = {}
    for late, inner, bound in _by_late(step.rhs, theory, env):
        for early in range(value(inner.lower, bound), value(inner.upper, bound) + 1):
            term = _batch_mean(scale * evaluate(inner.body, env, {**bound, inner.index: early}))
            lags[late - early] = lags.get(late - early, np.zeros_like(term)) + term
    return lags


def _by_late(whole: Node, theory: Theory, env: Derived) -> Iterator[tuple[int, Sum, dict[sp.Symbol, int]]]:
    """The sum over the earlier steps, for every later step with a loss (a single one has no outer sum)."""
    body = split_factor(whole)[1]
    assert isinstance(body, Sum)
    lengths = {symbol: number for symbol, number in env.sizes.items() if symbol in (S, T)}
    if theory.single:
        yield value(theory.last, env.sizes), body, lengths
        return
    assert isinstance(body.body, Sum)
    for late in range(value(body.lower, env.sizes), value(body.upper, env.sizes) + 1):
        yield late, body.body, {**lengths, body.index: late}
