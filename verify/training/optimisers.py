"""Gradient descent, plain and with moments, for many runs side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from derive.arithmetic import Array

Arrays = dict[str, Array]
Memory = dict[str, Arrays]


class Optimiser(Protocol):
    """Makes a step of a gradient; ``iteration`` counts from one, and ``memory`` is what it keeps from step to step."""

    @property
    def said(self) -> str:
        """With its settings, for a sentence: ``gradient descent at the rate …``."""
        ...

    def step(self, gradients: Mapping[str, Array], iteration: int, memory: Memory) -> Arrays: ...


@dataclass(frozen=True)
class Falling:
    """θ ← θ − η/√k ∇L in iteration k: the rates that stochastic approximation asks for (Σ η_k = ∞, η_k → 0)."""

    rate: float

    @property
    def said(self) -> str:
        return f"gradient descent, at a rate of {self.rate:g} over the square root of the iteration's number"

    def step(self, gradients: Mapping[str, Array], iteration: int, memory: Memory) -> Arrays:
        return {name: -self.rate / np.sqrt(iteration) * array for name, array in gradients.items()}


@dataclass(frozen=True)
class Adam:
    """θ ← θ − η m̂/(√v̂ + ε), with running means m̂ of the gradient and v̂ of its square (Kingma & Ba 2015)."""

    rate: float
    first: float = 0.9
    second: float = 0.999
    floor: float = 1e-8

    @property
    def said(self) -> str:
        return f"Adam, at a rate of {self.rate:g}"

    def step(self, gradients: Mapping[str, Array], iteration: int, memory: Memory) -> Arrays:
        found = {}
        for name, array in gradients.items():
            mean = self._running(memory, "mean", name, array, self.first, iteration)
            square = self._running(memory, "square", name, array**2, self.second, iteration)
            found[name] = -self.rate * mean / (np.sqrt(square) + self.floor)
        return found

    def _running(self, memory: Memory, kind: str, name: str, new: Array, keep: float, iteration: int) -> Array:
        """The exponential mean, without the bias of its start at zero."""
        kept = memory.setdefault(kind, {})
        kept[name] = keep * kept.get(name, 0.0) + (1 - keep) * new
        return kept[name] / (1 - keep**iteration)
