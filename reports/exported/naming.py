"""Readable names in generated code: ``v13`` is ``h``, its row at a step ``h_t``, ``n0`` is ``T``."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator

from derive.compiled.program import Program
from derive.compiled.support import NAMESPACE
from derive.compiled.three_address import Instruction
from derive.expr import Var
from derive.run import name_of

_NUMBERED = re.compile(r"\b([vrops])(\d+)\b")
_SIZE = re.compile(r"\bn(\d+)\b")
_OF_THE_MODULE = {
    "given", "steps", "kind", "found", "numbers", "kept", "loss", "sizes", "run", "back", "np", "asarray", "dtype",
}  # fmt: skip
"""What the functions around the generated ones read, ``module.txt``."""
_TAKEN = {*keyword.kwlist, *dir(builtins), *NAMESPACE, *_OF_THE_MODULE}
_STATES = {"p": "{}_row", "s": "{}_all"}
_FORMS = {"v": "{}", "r": "{}_t", "o": "{}_row"}


class Naming:
    """The names of one program: of sizes, and of every instruction in ``source`` that computes something named."""

    def __init__(self, program: Program, source: str) -> None:
        self.program = program
        self.sizes = self._sizes()
        self.present = {f"v{match[2]}" for match in _NUMBERED.finditer(source)}
        self.bases: dict[str, str] = {}
        used: set[str] = {*self.sizes.values(), *_TAKEN}
        for target, base in self._wanted():
            if target not in self.bases and target in self.present:
                self.bases[target] = _free(base, used)
                used |= {form.format(self.bases[target]) for form in _FORMS.values()}
        self.states = {
            name: list(_told_apart([self.bases[of.target] for of in stage.results.values()], used))
            for name, stage in program.stages.items()
            if stage.loop is not None and not stage.loop.backward
        }

    def _sizes(self) -> dict[str, str]:
        """T, B, n, m, q …, which no quantity may be called."""
        return {short: str(symbol) for symbol, short in self.program.sizes.items()}

    def _wanted(self) -> Iterator[tuple[str, str]]:
        """A quantity before the gradients, which may be computed by the same instruction."""
        stages = self.program.stages
        instructions = {i.target: i for stage in stages.values() for i in (*stage.inputs, *stage.outputs)}
        starts = {name_of(state.at(0)) for phase in self.program.model.phases for state in phase.states}
        for stage in self.program.plan.there:
            for name, instruction in stages[stage].results.items():
                if name in starts:  # what an encoder makes of it
                    yield instruction.target, _identifier(name)
        for target, variable in self.program.variables.items():
            yield target, spelt(variable)
        for target, instruction in instructions.items():
            if instruction.is_read:
                yield target, _of_read(instruction)
        for name, instruction in self.program.gradients.items():
            yield instruction.target, f"grad_{_identifier(name)}"
        yield stages["loss"].results["loss"].target, "mean_loss"

    def of(self, instruction: Instruction) -> str:
        return self.bases.get(instruction.target, instruction.target)

    def renamed(self, source: str, stage: str) -> str:
        """Generated source of a stage with these names in it."""
        named = _NUMBERED.sub(lambda match: self._name(match, stage), source)
        return _SIZE.sub(lambda match: self.sizes.get(match[0], match[0]), named)

    def _name(self, match: re.Match[str], stage: str) -> str:
        form, number = match[1], match[2]
        if form in _STATES:
            return _STATES[form].format(self.states[stage][int(number)])
        base = self.bases.get(f"v{number}")
        return match[0] if base is None else _FORMS[form].format(base)


def _told_apart(states: list[str], used: set[str]) -> Iterator[str]:
    """Two states that are one quantity are kept in one array each."""
    for place, base in enumerate(states):
        own = _free(base, used) if base in states[:place] else base
        used.add(own)
        yield own


def spelt(variable: Var) -> str:
    """z̄ is z_bar."""
    name = _identifier(variable.name)
    return f"{name}_bar" if variable.kind == "adjoint" else name


def _of_read(instruction: Instruction) -> str:
    kind, name = map(str, instruction.operands)
    return {"lag": "{}_before", "carry": "carried_{}", "letter": "delta_{}"}.get(kind, "{}").format(_identifier(name))


def _identifier(name: str) -> str:
    found = re.sub(r"\W", "_", name.replace("~", "_tilde"))
    return found if not found[:1].isdigit() else f"_{found}"


def _free(base: str, used: set[str]) -> str:
    """The name itself, with an underscore where it means something already."""
    while base in used or re.fullmatch(r"[vropsnc]\d+", base):
        base += "_"
    return base
