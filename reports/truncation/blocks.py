"""The study as blocks: the same sections in a document of its own and in the report's chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reports.document.blocks import Block
from reports.document.figures import CHARTS
from reports.truncation import formulas, training
from reports.truncation.material import Truncation
from reports.truncation.sections import bias, equal_cost, laws, unbiased, variance

BEFORE = (laws,)
SECTIONS = (bias, unbiased, variance, equal_cost)


def chapter(truncation: Truncation) -> Iterator[Block]:
    """The laws, the formulas with their reasons and evidence, then the study, and training where it was asked for."""
    for section in BEFORE:
        yield from section.blocks(truncation)
    yield from formulas.blocks(truncation.study.derivation, truncation.formulas)
    for section in SECTIONS:
        yield from section.blocks(truncation)
    if truncation.experiments:
        yield from training.blocks(truncation.experiments)


def figures(truncation: Truncation) -> Mapping[str, Block]:
    """Every chart under a name for its file: ``bias``, ``error``, ``phase``…"""
    charts = (block for block in chapter(truncation) if isinstance(block, CHARTS))
    return {str(chart.label).removeprefix("fig:").removeprefix("truncation-"): chart for chart in charts}
