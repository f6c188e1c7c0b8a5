"""Beside a line of generated code, the step of the derivation that it computes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from derive.derivation import Derivation, Step, letter
from derive.expr import Var
from reports.exported.naming import Naming
from reports.formula.to_text import text
from reports.present import show

_ASSIGNED = re.compile(r"^(\s*)(\w+) = (?!empty\(|\w+\[)")
"""Room for something, and a view of what is there, compute nothing."""
_ROOM = 100


class Citations:
    """Of a program with its names; a step is told once in a function, where it is computed first."""

    def __init__(self, derivation: Derivation, naming: Naming) -> None:
        self.derivation, self.naming = derivation, naming
        self.numbers = {section.key: place for place, section in enumerate(derivation.sections, start=1)}
        self.variables: Mapping[str, Var] = {
            form.format(naming.bases[target]): variable
            for target, variable in naming.program.variables.items()
            if variable.time is not None
            if target in naming.bases
            for form in ("{}", "{}_t")
        }
        self.gradients: dict[str, list[str]] = {}
        for name, instruction in naming.program.gradients.items():
            self.gradients.setdefault(naming.of(instruction), []).append(f"gradient.{name}")

    def cited(self, source: str) -> str:
        """The function, with a comment above every line that computes something of the derivation."""
        told: set[str] = set()
        lines = []
        for line in source.splitlines():
            match = _ASSIGNED.match(line)
            steps = [] if match is None else [step for step in self._steps(match[2]) if step.key not in told]
            told |= {step.key for step in steps}
            lines += [f"{match[1]}# {self._said(step)}" for step in steps if match]
            lines.append(line)
        return "\n".join(lines)

    def _steps(self, name: str) -> list[Step]:
        """The equation of the model, or what an adjoint or a gradient is said to be."""
        variable = self.variables.get(name)
        if variable is None:
            return [step for step in self.derivation if step.key in self.gradients.get(name, ())]
        keys = self.derivation.definitions.get(letter(variable))
        if keys is not None:
            return [self.derivation[key] for key in keys]
        return [step for step in self.derivation if step.lhs == variable and step.rule == "model"][:1]

    def _said(self, step: Step) -> str:
        words = f"{text(show(step.lhs))} = {text(show(step.rhs))}"
        shown = words if len(words) <= _ROOM else f"{words[: _ROOM - 2]} …"
        return f"{shown}  ({self.numbers[step.section]})"
