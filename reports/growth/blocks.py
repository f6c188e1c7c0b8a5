"""The study as blocks: the same sections in a document of its own and in the report's chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reports.chapters import growth_formulas
from reports.document.blocks import Block
from reports.document.figures import CHARTS
from reports.growth.material import Growth
from reports.growth.sections import anatomy, memory, norms, radii, remedies, spectrum, transient

SECTIONS = (norms, spectrum, anatomy, memory, transient, radii, remedies)


def chapter(growth: Growth) -> Iterator[Block]:
    """The formulas with their reasons and their evidence, then the study."""
    yield from growth_formulas.blocks(growth.study.derivation, growth.findings)
    yield from sections(growth)


def sections(growth: Growth) -> Iterator[Block]:
    """All sections in order, headings of level 2."""
    for section in SECTIONS:
        yield from section.blocks(growth)


def figures(growth: Growth) -> Mapping[str, Block]:
    """Every chart of the study under a name for its file: ``norms``, ``spectrum``, ``anatomy``…"""
    charts = (block for block in sections(growth) if isinstance(block, CHARTS))
    return {str(chart.label).removeprefix("fig:growth-"): chart for chart in charts}
