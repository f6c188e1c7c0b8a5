"""Three ways to find out whether a strategy is unbiased, and what they say of it and of a wrong one."""

from __future__ import annotations

from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.inline import Code, Inline, InlineLike
from reports.formula.tree import Frac, row
from reports.numbers import fixed
from reports.truncation.material import Truncation
from reports.truncation.names import plain, with_options
from verify.truncation.monte_carlo import GROUPS
from verify.truncation.unbiased import Ways
from verify.verdicts import Finding, Verdict


def blocks(truncation: Truncation) -> list[Block]:
    return [
        Heading(2, "Unbiased, found out in three ways", label="sec:truncation-unbiased"),
        para(*_said(truncation)),
        table(truncation),
        para(*_controls_said(truncation)),
    ]


def _said(truncation: Truncation) -> Inline:
    exact = truncation.exact
    most = max(own.patterns for own in exact.strategies)
    runs = max((own.runs for own in truncation.judged.samples), default=0)
    return (
        "By proof: the mean of the weight ", row("omega"), " is one, for every length and every matrix. By "
        f"enumeration: the mean over all patterns of cuts, up to {most} of them, of a network with ",
        row("n", "=", exact.sizes["n"]), " and ", row("T", "=", exact.sizes["T"]),
        " in rational numbers, compared with the full gradient entry by entry; nothing is rounded. By drawing: "
        f"{runs} runs on the network of this study, along the full gradient, as the median of the means of {GROUPS} "
        "groups; its interval of 99.99 % comes from the exact variance and assumes no normal distribution. Where it "
        "is wider than the gradient itself, nothing is said.",
        *_shortened(truncation),
    )  # fmt: skip


def _shortened(truncation: Truncation) -> Inline:
    pairs = zip(truncation.judged.ways, truncation.exact.strategies, strict=True)
    other = [plain(own.strategy) for ways, own in pairs if own.strategy != ways.strategy]
    if not other:
        return ()
    return (f" (So few steps would not be cut by the {' and the '.join(other)} of the table: a shorter one is "
            "enumerated.)",)  # fmt: skip


def table(truncation: Truncation) -> Table:
    means = {own.strategy: own for own in truncation.judged.samples}
    rows = []
    for ways in truncation.judged.ways:
        sample = means.get(ways.strategy)
        drawn: InlineLike = "–"
        if sample is not None and sample.half_width < 1:
            drawn = row(fixed(sample.mean), "pm", fixed(sample.half_width))
        rows.append((_name(ways), *(_word(finding) for finding in ways.findings), drawn))
    return Table(
        (
            Column("strategy", weight=0.34), Column("proof", weight=0.14), Column("all patterns", weight=0.14),
            Column("drawn", weight=0.14), Column("mean along the full gradient", "right", weight=0.24),
        ),
        tuple(rows), ("The claim that the mean of the estimate is the full gradient.",),
        label="tab:truncation-unbiased",
        note=("A deterministic truncation is biased, and so are the controls, which keep ", row("xi", "=", "1"),
              " instead of ", Frac(row("1"), row("1", "-", "kappa")), ": they have to be refuted."),
    )  # fmt: skip


def _name(ways: Ways) -> InlineLike:
    return with_options(ways.strategy)


def _word(finding: Finding) -> str:
    return finding.verdict.value if finding.verdict is not Verdict.NOT_RUN else "not run"


def _controls_said(truncation: Truncation) -> Inline:
    exact = {own.strategy: own for own in truncation.exact.strategies}
    controls = [own for own in truncation.judged.ways if own.is_control]
    if not controls:
        return ("No strategy among these leaves anything to chance.",)
    caught = [all(f.verdict is Verdict.REFUTED for f in own.findings) for own in controls]
    first = exact[controls[0].strategy].difference
    said: Inline = (f"Without the compensation {sum(caught)} of {len(caught)} are refuted by all three. ",)
    if first is not None:
        name, mean, full = first
        ratio = float(mean / full) if full else float("nan")
        said += ("The first witness of the enumeration: the mean of the entry ", Code(name), " is ", fixed(ratio),
                 " times the true one.")  # fmt: skip
    return said
