"""What the compiler makes of a derivation: a form like the others, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.compile import Gradient, compile_gradient
from derive.compiled.given import Arrays
from derive.derivation import Derivation
from derive.errors import InputError
from derive.unroll import Place

FORM = "compiled"
"""The form of findings about the generated code."""


@dataclass(frozen=True, eq=False)
class Code:
    """The function that ``Gradient.loss_and_gradient`` calls."""

    gradient: Gradient

    def given(self, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int]) -> Arrays:
        """What ``derive.unroll.unroll`` takes, as the code wants it."""
        return self.gradient.wanted.of_table(given, sizes)

    def run(self, given: Arrays, dtype: Any = np.float64) -> tuple[Any, dict[str, Array]]:
        """The loss, and every gradient by name."""
        return self.gradient.bound(given, dtype)


@dataclass(frozen=True, eq=False)
class Generated:
    """The code of a derivation; it is generated when it is first asked for, and once."""

    derivation: Derivation

    @cached_property
    def _found(self) -> tuple[Code | None, str]:
        try:
            return Code(compile_gradient(self.derivation)), ""
        except (InputError, NotImplementedError) as error:
            return None, str(error)

    @property
    def code(self) -> Code | None:
        return self._found[0]

    @property
    def refusal(self) -> str:
        """Why there is no code; empty where there is some."""
        return self._found[1]
