"""The numbers that a mistake changes: only what is computed from it is computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.build import split_factor
from derive.derivation import Derivation, Place, Step
from derive.derivatives import Derivative
from derive.errors import BpttError
from derive.evaluate import Binding, integer
from derive.expr import Node, Var
from derive.run import FORMS, Derived, Form, Key, by_lag, compute_ahead, gradient, stated
from derive.sums import Sum, walk
from derive.theory import Theory, theories
from derive.unroll import Table
from verify.mutations.kind import Mutant
from verify.mutations.watch import Look, Outcome

Claim = tuple[str, str]
"""What a gradient oracle judges: the order of evaluation, and ``gradient.W_h`` or ``lag.W_h.2``."""


class CircularError(BpttError):
    """A formula that needs its own value computes nothing."""


class Uses:
    """Which steps the value of an expression is computed from, by way of the letters in it."""

    def __init__(self, derivation: Derivation) -> None:
        self.steps = {step.key: step for step in derivation}
        self.letters: dict[Place, tuple[str, ...]] = dict(derivation.definitions)
        self.carried: dict[Place, tuple[str, ...]] = {}
        self._known: dict[str, frozenset[str]] = {}
        for step in derivation:
            if step.role.startswith("form.") and isinstance(step.lhs, Derivative):
                where = _carried(step.lhs)
                self.carried[where] = (*self.carried.get(where, ()), step.key)

    def of(self, keys: Iterable[str]) -> frozenset[str]:
        """These steps, and all that they are computed from."""
        return frozenset().union(*map(self._of, keys))

    def _of(self, key: str) -> frozenset[str]:
        if key not in self._known:
            self._known[key] = self._reached(key)
        return self._known[key]

    def _reached(self, key: str) -> frozenset[str]:
        reached, coming = {key}, [key]
        while coming:
            for node in walk(self.steps[coming.pop()].rhs):
                new = [other for other in self._definitions(node) if other not in reached]
                reached.update(new)
                coming.extend(new)
        return frozenset(reached)

    def _definitions(self, node: Node) -> tuple[str, ...]:
        if isinstance(node, Derivative):
            return self.carried.get(_carried(node), ())
        return self.letters.get(node.letter, ()) if isinstance(node, Var) else ()

    def remembered(self, key: Key) -> frozenset[str]:
        """The steps behind a value that ``Derived`` remembers."""
        keys = self.carried.get(key[:2], ()) if "carried" in key else self.letters[key[:2]]
        return self.of(keys)


def _carried(node: Derivative) -> Place:
    return getattr(node.target, "name", ""), node.source.name


class Padded(Derived):
    """As in a program whose arrays are zero before the first step and after the last one."""

    def leaf(self, node: Node, at: Binding) -> Array:
        try:
            return super().leaf(node, at)
        except (KeyError, StopIteration):
            rows, cols = (integer(size, self, at) for size in node.shape)
            return self.arithmetic.filled(sp.Integer(0), rows, cols)


@dataclass(frozen=True, eq=False)
class Values:
    """The gradients of a right derivation on one forward pass, in any arithmetic, and what mistakes make of them."""

    derivation: Derivation
    forward: Table
    forms: tuple[Form, ...] = FORMS
    lags: bool = True

    @cached_property
    def uses(self) -> Uses:
        return Uses(self.derivation)

    @cached_property
    def computed(self) -> Derived:
        """The right letters."""
        env = Derived(self.derivation, self.forward)
        for form in self.forms:
            compute_ahead(env, form)
        return env

    @cached_property
    def claims(self) -> dict[Claim, Array]:
        """Every gradient and every lag, as the right derivation has them."""
        return dict(self._claims(self.derivation, self.computed, None))

    def changed(self, mutant: Mutant) -> dict[Claim, Array]:
        """What a mistake makes of the claims that are computed from it.  Raises CircularError where it needs itself."""
        affected = frozenset(mutant.steps)
        known = {key: array for key, array in self.computed.known.items() if not affected & self.uses.remembered(key)}
        env = Padded(mutant.derivation, self.forward, known=known)
        try:
            return dict(self._claims(mutant.derivation, env, affected))
        except RecursionError:
            raise CircularError(f"{mutant.where} needs its own value") from None

    def touches(self, mutant: Mutant) -> bool:
        """Whether anything is computed from the steps that a mistake changes."""
        return any(mutant.steps.keys() & self.uses.of([step.key]) for _, _, step in self._stated(self.derivation))

    def _stated(self, derivation: Derivation) -> Iterator[tuple[Form, str, Step]]:
        for form in self.forms:
            for name, step in stated(derivation, form).items():
                yield form, name, step

    def _claims(
        self, derivation: Derivation, env: Derived, affected: frozenset[str] | None
    ) -> Iterator[tuple[Claim, Array]]:
        summed = {theory.key(f"form.expanded_{w.name}"): (theory, w)
                  for theory in theories(derivation.model) for w in theory.phase.parameters}  # fmt: skip
        for form, name, step in self._stated(derivation):
            if affected is not None and not affected & self.uses.of([step.key]):
                continue
            yield (form.name, f"gradient.{name}"), gradient(step, env)
            if self.lags and step.key in summed and _is_double_sum(step, summed[step.key][0]):
                theory, w = summed[step.key]
                for lag, array in by_lag(derivation, self.forward, theory, w, env).items():
                    yield (form.name, f"lag.{name}.{lag}"), array


def _is_double_sum(step: Step, theory: Theory) -> bool:
    """Whether it still has lags to be taken apart by."""
    body = split_factor(step.rhs)[1]
    return isinstance(body, Sum) and (theory.single or isinstance(body.body, Sum))


def looking(values: Values, refuted: Callable[[Claim, Array], bool]) -> Look:
    """Judges mistakes by what they make of the gradients; ``refuted`` says whether a claim's new value is wrong.

    What nothing is computed from cannot be seen, nor what cannot be computed: a circle, or a division by zero.
    """

    def look(mutant: Mutant) -> Outcome:
        if not values.touches(mutant):
            return Outcome.BLIND
        try:
            changed = values.changed(mutant)
        except (CircularError, ZeroDivisionError):
            return Outcome.BLIND
        claims = ((claim, array) for claim, array in changed.items() if claim in values.claims)
        return Outcome.CAUGHT if any(refuted(claim, array) for claim, array in claims) else Outcome.MISSED

    return look


def apart(one: Array, other: Array) -> float:
    """The largest difference, relative to the largest entry of the two; NaN where one is no number."""
    scale = float(np.max(np.maximum(np.abs(one), np.abs(other)), initial=0.0))
    return float(np.max(np.abs(one - other), initial=0.0)) / scale if scale else 0.0
