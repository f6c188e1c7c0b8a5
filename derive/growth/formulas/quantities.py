"""What is known about the quantities of one step: their ranges, the slopes of its functions, and the letters γ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.expr import Node, Var
from derive.functions import Elementwise
from derive.growth.formulas.ranges import Slope, Span, slopes, softmaxes, spans
from derive.theory import Theory

LETTERS = ("gamma", "Gamma", "gamma_max")
"""For sup|φ′|: the first that the model has no quantity of that name for."""


@dataclass(frozen=True)
class Known:
    """What is known about the quantities of one step of a phase."""

    theory: Theory

    @cached_property
    def spans(self) -> dict[Node, Span]:
        return spans(self.theory.equations)

    @cached_property
    def slopes(self) -> tuple[Slope, ...]:
        return tuple(dict.fromkeys(slopes(self.theory.equations)))

    @cached_property
    def softmaxes(self) -> frozenset[Node]:
        return softmaxes(self.theory.equations)

    @cached_property
    def gammas(self) -> dict[Elementwise, Var]:
        """The letter for sup|f′| of every function: γ where there is one, γ_tanh, γ_sigmoid where there are more."""
        functions = list(dict.fromkeys(own.function for own in self.slopes if own.steepest is not None))
        model = self.theory.model
        used = {own.name for own in model.parameters} | {e.target.name for e in (*self.theory.equations, *model.after)}
        name = next(letter for letter in LETTERS if letter not in used)
        single = len(functions) == 1
        return {f: Var(name if single else f"{name}_{f.name}", 1, 1, kind="constant") for f in functions}
