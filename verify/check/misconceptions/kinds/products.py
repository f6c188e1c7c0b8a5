"""A product of Jacobians with a factor too few, a factor too many, in the wrong order or in the wrong place."""

from __future__ import annotations

from verify.check.misconceptions.text import Text

TEXTS = (
    Text(
        "missing-factor",
        "missing factor",
        (
            "Count the factors in front of ${term}$: one for every step that lies between.",
            "Count the factors of every term: one for every step that lies between.",
        ),
        (
            "The factor ${factor}$ is missing in front of ${term}$: every step that lies between brings one.",
            "The factor ${factor}$ is missing: every step that lies between brings one.",
            "A factor is missing: every step that lies between brings one.",
        ),
    ),
    Text(
        "extra-factor",
        "factor too many",
        (
            "Count the factors in front of ${term}$: is there one too many?",
            "Count the factors of every term: is there one too many?",
        ),
        (
            "The factor ${factor}$ is one too many in front of ${term}$: only the steps that lie between bring one.",
            "The factor ${factor}$ is one too many: only the steps that lie between bring one.",
            "There is a factor too many: only the steps that lie between bring one.",
        ),
    ),
    Text(
        "product-end",
        "product begins or ends one step off",
        (
            "Where does the product over ${index}$ begin and end? Try it where it should have exactly one factor.",
            "Where does the product begin and end? Try it where it should have exactly one factor.",
        ),
        (
            "The product runs to ${end}$ and should run to ${right}$.",
            "The product begins or ends one step off. From step i to step t there are t − i factors, and the empty "
            "product is the identity.",
        ),
    ),
    Text(
        "reversed-product",
        "product in the wrong order",
        (
            "These factors are matrices. Which of them is applied first?",
        ),
        (
            "Matrices do not commute: it should be ${right}$, with the later step on the left.",
            "Matrices do not commute. The factor of the later step stands on the left, since it is applied last.",
        ),
    ),
    Text(
        "factor-inside-product",
        "factor inside the product",
        (
            "How far does the product reach? As it stands, ${factor}$ is repeated for every ${index}$.",
            "How far does the product reach? What stands behind the sign ∏ is repeated for every step.",
        ),
        (
            "${factor}$ does not belong to the product: close the parenthesis before it, so that it comes once, "
            "behind the product.",
            "The last factor does not belong to the product: close the parenthesis before it, so that it comes once.",
        ),
    ),
    Text(
        "wrong-order",
        "factors in the wrong order",
        (
            "Check the shapes: can these factors stand in this order?",
        ),
        (
            "The factors should stand in another order: ${right}$.",
            "Matrices do not commute: the factors should stand in another order.",
        ),
    ),
)  # fmt: skip
