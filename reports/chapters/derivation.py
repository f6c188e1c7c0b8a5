"""The derivation, section by section, with the reason beside every line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING

from derive.derivation import Derivation, Section, Step
from derive.derivatives import Gradient
from derive.expr import ONE, Var
from derive.phase import Phase
from derive.run import name_of
from reports.chapters.opened import by_name, is_large, opened
from reports.document.blocks import Block, Heading, Line, para
from reports.document.blocks import Derivation as Display
from reports.document.inline import Code, Inline, Part
from reports.formula.measure import width
from reports.present import prose, show
from verify.theorem import cited

if TYPE_CHECKING:
    from reports.material import Material


def blocks(material: Material) -> list[Block]:
    """One heading and one display for each section."""
    found: list[Block] = [Heading(1, "The derivation", label="sec:derivation")]
    theorems = cited(material.evidence.findings)
    for section in material.derivation.sections:
        steps = shown(material, section)
        left_out = _left_out(material, section, steps)
        found += section_blocks(material.derivation, section, steps, left_out=left_out, theorems=theorems)
    return found


def shown(material: Material, section: Section) -> list[Step]:
    """The steps to print.  What is alike for every parameter is printed for one where there is no room for all."""
    steps = material.derivation.of(section.key)
    if section.key.endswith("form"):
        return _of_shortest(material, section, steps)
    large = [
        step for step in steps if is_large(step.rhs) and len(step.rhs.parts) == len(_phase(material, section).states)
    ]
    return [step for step in steps if step not in large[1:]]


def _of_shortest(material: Material, section: Section, steps: Sequence[Step]) -> list[Step]:
    """The forms of the parameter whose double sum is the shortest."""
    expanded = {
        w: material.derivation[f"{section.key}.expanded_{name_of(w)}"] for w in _matrices(_phase(material, section))
    }
    shortest = min(expanded, key=lambda w: width(show(expanded[w].rhs)))
    return [step for step in steps if step.key.partition("_")[2] == name_of(shortest)]


def _phase(material: Material, section: Section) -> Phase:
    name = section.key.rpartition(":")[0]
    return next(phase for phase in material.model.phases if phase.name == name)


def _left_out(material: Material, section: Section, steps: Sequence[Step]) -> Inline:
    """What is to be said of steps that are not printed."""
    missing = len(material.derivation.of(section.key)) - len(steps)
    if not missing:
        return ()
    return (f" The {missing} steps for other parameters are alike; ", Code("bptt derive"), " prints them.")


def _matrices(phase: Phase) -> list[Var]:
    """The parameters that are matrices; all of them where none is."""
    return [w for w in phase.parameters if w.shape[1] != ONE] or list(phase.parameters)


def section_blocks(
    of: Derivation,
    section: Section,
    steps: Sequence[Step],
    level: int = 2,
    left_out: Inline = (),
    theorems: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Block]:
    """``theorems`` names those that a step is an instance of, by its key: they are cited beside it."""
    return [
        Heading(level, section.title, label=f"sec:derivation-{section.key}"),
        para(*prose(section.about), *left_out),
        Display(tuple(lines(of, steps, theorems)), label=f"eq:{section.key}", key=section.key),
    ]


def lines(of: Derivation, steps: Sequence[Step], theorems: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    """What repeats is printed once: a left side that the lines below continue, a reason that holds for them too.

    Of a list of gradients those for the same reason may stand side by side; what is too large is opened.
    """
    name = by_name(of)
    for before, step in zip((None, *steps), steps, strict=False):
        if is_large(step.rhs):
            yield from opened(of, step)
            continue
        lhs = None if before and step.lhs == before.lhs else show(step.lhs)
        same = before is not None and step.because == before.because
        beside = same and is_gradient(step)
        together = () if beside else (step, *_alike(steps, step))
        cited = [theorem for own in together for theorem in theorems.get(own.key, ())]
        yield Line(
            lhs, "=", show(step.rhs, name), (*(() if same else prose(step.because)), *_citation(cited)), beside=beside
        )


def _alike(steps: Sequence[Step], step: Step) -> Iterator[Step]:
    """The gradients after ``step`` that stand beside it, for the same reason."""
    after = steps[steps.index(step) + 1 :]
    yield from takewhile(lambda next_: is_gradient(next_) and next_.because == step.because, after)


def _citation(names: Sequence[str]) -> Inline:
    """`` [Theorems Gradients.gradient_of_W_h, W_i]``: of names that begin alike, the beginning once."""
    parts: list[Part] = []
    for before, name in zip(("", *names), names, strict=False):
        stem = name[: name.rfind("_of_") + 4] if "_of_" in name else name
        shown = name.removeprefix(stem) if before.startswith(stem) else name
        parts += [", " if parts else f" [Theorem{'s' * (len(names) > 1)} ", Code(shown)]
    return (*parts, "]") if parts else ()


def is_gradient(step: Step) -> bool:
    """Whether it gives the gradient of a parameter, or an entry of it."""
    return any(isinstance(part, Gradient) for part in (step.lhs, *step.lhs.parts))
