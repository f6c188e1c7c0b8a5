"""The study as a document of its own."""

from __future__ import annotations

from reports.chapters.closing import colophon
from reports.document.blocks import Block, Bullets, Document, Heading, Reference, References, para
from reports.document.inline import Inline
from reports.formula.tree import row
from reports.numbers import scientific
from reports.truncation.blocks import chapter
from reports.truncation.material import Truncation
from reports.truncation.names import plain
from reports.truncation.references import references as cited
from reports.wording import spoken_name
from verify.verdicts import Verdict


def document(truncation: Truncation) -> Document:
    """Title, findings, the network, every section, references."""
    name = spoken_name(truncation.problem.model)
    blocks: list[Block] = [
        Heading(1, "The network", label="sec:truncation-network"),
        *_network(truncation),
        Heading(1, "What truncation costs", label="sec:truncation"),
        *chapter(truncation),
        *references(truncation),
    ]
    return Document(
        title="What truncation costs",
        subtitle=f"Bias, variance and work of truncated backpropagation: the {name}",
        abstract=findings(truncation),
        blocks=tuple(blocks),
        colophon=colophon(truncation.command, truncation.problem.seed or 0),
    )


def references(truncation: Truncation) -> list[Block]:
    known = {own.key: own for own in (*cited(truncation), *truncation.problem.model.cell.references)}
    entries = tuple(Reference(r.key, r.authors, r.year, r.title, r.where, r.url) for r in known.values())
    return [Heading(1, "References"), References(entries)]


def _network(truncation: Truncation) -> list[Block]:
    label = truncation.problem.label
    found: list[Block] = [
        para(
            f"The network is the {spoken_name(truncation.problem.model)} with ", row("n", "=", label["n"]),
            " units, on ", "one sequence" if label["batch"] == 1 else f"{label['batch']} sequences", " of ",
            row("T", "=", label["T"]), " steps",
            *((" after an encoder of ", row("S", "=", label["S"]), " steps") if "S" in label else ()), ". ",
            "The weights and the input are the user's own." if truncation.trained else
            "Weights and input are drawn at random, once.",
        )
    ]  # fmt: skip
    if truncation.notes:
        notes = tuple((note[:1].upper() + note[1:].rstrip(".") + ".",) for note in truncation.notes)
        found.append(Bullets(notes))
    return found


def findings(truncation: Truncation) -> Inline:
    """What a hurried reader wants to know."""
    study, window = truncation.study, truncation.window
    said: list[object] = []
    if window.tau is None:
        said.append(f"No window shorter than the sequence has a relative bias of at most {truncation.most_bias:g}. ")
    else:
        said += [f"For a relative bias of at most {truncation.most_bias:g} a sliding window of ",
                 row("tau", "=", str(window.tau)), f" steps is enough, of {study.steps}. "]  # fmt: skip
    right = [plain(own.strategy) for own in truncation.judged.ways
             if all(f.verdict in (Verdict.PROVED, Verdict.EXACT, Verdict.AGREED) for f in own.findings)]  # fmt: skip
    said.append(f"Unbiased, by proof, by enumeration and in the mean of drawn runs: {', '.join(right)}. ")
    random = [own for own in study.measured if own.strategy.is_random]
    if random:
        best = min(random, key=lambda own: own.error)
        said += [f"The price is variance: with pieces of {study.length} steps the best of them, "
                 f"{plain(best.strategy)}, is off by ", scientific(best.error, 1),
                 " of the gradient's size in a single run. "]  # fmt: skip
    return tuple(said)  # type: ignore[arg-type]
