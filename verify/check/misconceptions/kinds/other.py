"""What is said of a wrong line that no other misconception accounts for."""

from __future__ import annotations

from verify.check.misconceptions.text import Text

TEXTS = (
    Text(
        "other",
        "the two sides differ",
        ("Put small numbers into both sides, and see which term goes astray.",),
        ("The two sides differ. It is none of the common mistakes, or several of them at once.",),
    ),
)
