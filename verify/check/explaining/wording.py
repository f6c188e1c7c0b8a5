"""An edit in words: the catalogue's hint and answer, with the formulas of the case in them."""

from __future__ import annotations

from verify.check.explaining.candidate import Candidate
from verify.check.misconceptions import OTHER, TEXTS
from verify.check.reading.tree import Tree
from verify.check.reading.unparse import latex
from verify.check.result import Explanation

LONGEST = 120
"""Characters of LaTeX in the middle of a sentence; what is longer is told in general."""


def explanation(found: Candidate | None) -> Explanation:
    """What is said of a wrong link; in general where no edit makes it true."""
    if found is None:
        return Explanation(OTHER, TEXTS[OTHER].hint(), TEXTS[OTHER].answer())
    text, details = TEXTS[found.misconception], _written(found)
    return Explanation(found.misconception, text.hint(**details), text.answer(**details), _formula(found))


def _formula(found: Candidate) -> str:
    """The right-hand side that is right; both sides, where the left one is to be mended."""
    return latex(found.tree) if found.beside is None else f"{latex(found.tree)} = {latex(found.beside)}"


def _written(found: Candidate) -> dict[str, str]:
    written = {blank: latex(own) if isinstance(own, Tree) else own for blank, own in found.details.items()}
    return {blank: words for blank, words in written.items() if len(words) <= LONGEST}
