"""A misconception in words.  What is known of the case at hand fills the blanks."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

DETAILS = {
    "symbol": "what is written: W_t, h_t",
    "right": "what should stand there: W_h, h_{t-1}",
    "factor": "the factor that is missing, or too many: c_{t-2}",
    "term": "the term that is missing, or too many: b_t",
    "index": "the index of the sum or the product: j",
    "outer": "the index of the whole line: t",
    "end": "the end of the range as it is written: t-1",
    "function": "whose argument or slope it is: f, \\phi",
}
"""What may be known of a case, each as LaTeX without dollar signs."""


@dataclass(frozen=True)
class Text:
    """``hints`` and ``answers`` go from the most specific to one without blanks, which says what holds in general.

    A blank is a key of ``DETAILS`` in braces; formulas stand between dollar signs.  Raises ValueError for an unknown
    blank, and where there is nothing to say in general.
    """

    key: str
    title: str
    hints: tuple[str, ...]
    answers: tuple[str, ...]

    def __post_init__(self) -> None:
        for templates in (self.hints, self.answers):
            unknown = {blank for template in templates for blank in _blanks(template)} - set(DETAILS)
            if unknown:
                raise ValueError(f"{self.key}: there is no detail {', '.join(sorted(unknown))}")
            if not templates or _blanks(templates[-1]):
                raise ValueError(f"{self.key}: the last hint and the last answer need no details")

    def hint(self, **details: str) -> str:
        """Leads towards the mistake, and does not tell."""
        return _filled(self.hints, details)

    def answer(self, **details: str) -> str:
        """Tells what is wrong and what is right."""
        return _filled(self.answers, details)


def _filled(templates: tuple[str, ...], details: dict[str, str]) -> str:
    """The first for which everything is known.  A detail that is empty is not known."""
    known = {name: value for name, value in details.items() if value}
    return next(template for template in templates if _blanks(template) <= set(known)).format(**known)


def _blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
