"""The strategies as laws of weights on the double sum, drawn; where programs detach; and that they agree."""

from __future__ import annotations

from collections import Counter

from derive.strategy import Strategy
from derive.truncation.study import families
from reports.document.blocks import Block, Bullets, Heading, para
from reports.document.blocks import Derivation as Display
from reports.document.inline import Cite, Inline, Part, Strong
from reports.formula.tree import Script, row
from reports.growth.sentences import formulated
from reports.truncation.drawing import drawings
from reports.truncation.letters import law
from reports.truncation.material import Truncation
from reports.truncation.names import plain
from verify.verdicts import Verdict


def blocks(truncation: Truncation) -> list[Block]:
    return [
        Heading(2, "Strategies as laws of weights", label="sec:truncation-laws"),
        para("Every way to truncate puts a weight on each term of the double sum, and estimates the gradient by"),
        Display((law(truncation.study),), label="eq:truncation-law", key="truncation.law"),
        para(*_said()),
        Bullets(tuple(_item(family.of_length(5)) for family in families())),
        *drawings(truncation.problem.seed or 0),
        para(*_agreed(truncation)),
    ]


def _said() -> Inline:
    return (
        "The full gradient has the weight one everywhere. A weight depends on the two steps, and for a random strategy "
        "on the decisions between them; ", row("omega"), " has the form ",
        row("s", Script(row("M"), row("t")), "cdots", Script(row("M"), row("i", "+", "1")), "r"),
        " with small matrices ", row("M"), ", so one backward pass with as many columns evaluates it.",
    )  # fmt: skip


def _item(strategy: Strategy) -> Inline:
    cite: tuple[Part, ...] = tuple(part for own in strategy.references for part in (" ", Cite(own.key)))
    return (Strong(plain(strategy)), ": ", *formulated(strategy.title.replace("{t−1}", "(t−1)")), *cite, ".")


def _agreed(truncation: Truncation) -> Inline:
    counts = Counter((own.evidence, own.verdict) for own in truncation.detached if own.verdict is not Verdict.NOT_RUN)
    parts = [
        f"{number} times {verdict.value} with {evidence}" for (evidence, verdict), number in sorted(counts.items())
    ]
    silent = dict.fromkeys(own.reason for own in truncation.detached if own.verdict is Verdict.NOT_RUN)
    parts += [f"NOT RUN: {reason}" for reason in silent]
    wrong = [own for own in truncation.detached if own.verdict is Verdict.REFUTED]
    said = (
        "The gradients of every strategy were compared, parameter by parameter, with those of programs that do nothing "
        f"but run the forward equations on a tape and detach the state: {'; '.join(parts)}."
    )
    return (said, f" The first that differs: {wrong[0].claim}.") if wrong else (said,)
