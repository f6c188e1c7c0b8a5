"""The study as a document of its own."""

from __future__ import annotations

import numpy as np

from reports.chapters.closing import colophon
from reports.document.blocks import Block, Bullets, Document, Heading, Reference, References, para
from reports.document.inline import Inline
from reports.formula.tree import row
from reports.growth.blocks import chapter
from reports.growth.letters import sigma
from reports.growth.material import Growth
from reports.growth.numbers import middle
from reports.growth.references import references as cited
from reports.wording import spoken_name


def document(growth: Growth) -> Document:
    """Title, findings, the network, every section, references."""
    name = spoken_name(growth.problem.model)
    blocks: list[Block] = [
        Heading(1, "The network", label="sec:growth-network"),
        *_network(growth),
        Heading(1, "How the product chain grows", label="sec:growth"),
        *chapter(growth),
        *references(growth),
    ]
    return Document(
        title="How the product chain grows",
        subtitle=f"Norms, singular values, bounds and memory of the {name}",
        abstract=findings(growth),
        blocks=tuple(blocks),
        colophon=colophon(growth.command, growth.problem.seed or 0),
    )


def references(growth: Growth) -> list[Block]:
    known = {own.key: own for own in (*cited(growth), *growth.problem.model.cell.references)}
    entries = tuple(Reference(r.key, r.authors, r.year, r.title, r.where, r.url) for r in known.values())
    return [Heading(1, "References"), References(entries)]


def _network(growth: Growth) -> list[Block]:
    label, study = growth.problem.label, growth.study
    batch = label["batch"]
    sequences = (
        f"{len(study.sequences)} of the {batch} sequences" if len(study.sequences) < batch else f"{batch} sequences"
    )
    found: list[Block] = [
        para(
            f"The network is the {spoken_name(growth.problem.model)} with ", row("n", "=", label["n"]), " units, on ",
            "one sequence" if batch == 1 else sequences, " of ", row("T", "=", study.steps), " steps. ",
            "The weights and the input are the user's own." if growth.trained else
            "Weights and input are drawn at random, once: nothing that explodes or saturates is drawn again.",
        )
    ]  # fmt: skip
    if growth.notes:
        found.append(Bullets(tuple((note[:1].upper() + note[1:].rstrip(".") + ".",) for note in growth.notes)))
    return found


def findings(growth: Growth) -> Inline:
    """What a hurried reader wants to know."""
    study = growth.study
    rate = float(np.mean(study.log_norms[:, -1])) / study.lags[-1]
    word = "vanishes" if rate < 0 else "explodes"
    said: list[object] = [
        f"Over {study.steps} steps the product chain of this network {word}: its norm changes by a factor of ",
        row(f"{np.exp(rate):.4g}"), " a step. ",
    ]  # fmt: skip
    if study.memories:
        reach = middle(study.reach(1e-2))
        said.append(f"Of the gradient, less than 1 % of the largest term is left after {reach} steps (median). ")
    if study.weights is not None:
        verdict = "would force it to vanish" if study.weights.value < 1 else "does not exclude an explosion"
        said += ["The bound from the weights alone, ", row(f"{study.weights.value:.4g}"), f" a factor, {verdict}. "]
    rank = min(own.rank for own in study.spectra)
    if rate == -np.inf:
        said = [f"The product chain of this network is zero over {study.steps} steps: nothing is passed back. "]
    elif rank < study.chain.size:
        said += ["All ", sigma("k"), f" but {rank} are zero. "]
    return tuple(said)  # type: ignore[arg-type]
