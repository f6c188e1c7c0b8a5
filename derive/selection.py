"""The part of a derivation that one form of the gradient needs."""

from __future__ import annotations

from dataclasses import replace

from derive.derivation import Derivation, Step

SECTIONS = {
    "expanded": ("model", "chain", "recursion", "expansion", "back", "local", "seed", "form"),
    "rtrl": ("model", "chain", "recursion", "local", "seed", "form"),
    "adjoint": ("model", "chain", "recursion", "expansion", "back", "adjoint", "local", "seed", "gradient", "entry"),
}
_FORM_STEPS = {
    "expanded": ("form.expanded_",),
    "rtrl": ("form.start_", "form.carry_", "form.rtrl_"),
    "adjoint": (),
}


def for_form(derivation: Derivation, form: str) -> Derivation:
    """The sections and steps of one form, in their order."""
    sections, prefixes = SECTIONS[form], _FORM_STEPS[form]

    def wanted(step: Step) -> bool:
        return step.section in sections and (step.section != "form" or step.key.startswith(prefixes))

    return replace(
        derivation,
        sections=tuple(section for section in derivation.sections if section.key in sections),
        steps=tuple(step for step in derivation.steps if wanted(step)),
    )
