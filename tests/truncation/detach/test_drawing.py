"""What is drawn and printed about detaching is what the strategies say."""

from __future__ import annotations

from itertools import pairwise

import pytest

from derive.strategies.chunks import Chunks
from derive.strategies.window import Window
from reports.document.blocks import CodeBlock, Document
from reports.document.diagrams import Diagram
from reports.document.triangles import Triangles
from reports.engines import typst_engine
from reports.truncation.drawing import chunks_diagram, drawings, shown, triangles, window_diagram
from reports.truncation.loops import LOOPS
from reports.writers import latex_writer, markdown_writer, terminal_writer
from tests.truncation.detach.networks import STRATEGIES
from verify.truncation.detach_plan import tapes

WIDEST = 76


def detached(diagram: Diagram) -> set[int]:
    """The links at which it says so."""
    return {int(edge.target.removeprefix("h")) for edge in diagram.edges if edge.label is not None}


def coloured(diagram: Diagram, letter: str) -> set[int]:
    return {int(node.key[1:]) for node in diagram.nodes if node.key[0] == letter and node.role is not None}


@pytest.mark.parametrize(("tau", "late"), [(1, 4), (3, 5), (2, 2), (6, 6)])
def test_a_window_is_drawn_as_its_program_runs(tau: int, late: int) -> None:
    diagram = window_diagram(tau, late)
    (tape,) = tapes(Window(tau), (late,), [False] * 7)
    assert detached(diagram) == {tape.detached}
    assert coloured(diagram, "h") == set(range(tape.first, late + 1))
    assert coloured(diagram, "l") == {late}


@pytest.mark.parametrize("tau", [1, 2, 3, 4, 6])
def test_chunks_are_drawn_as_their_program_runs(tau: int) -> None:
    diagram = chunks_diagram(tau)
    plan = tapes(Chunks(tau), range(1, 7), [False] * 7)
    assert detached(diagram) == {tape.detached for tape in plan if tape.detached}
    for before, after in pairwise(plan):
        ends = (diagram.node(f"l{step}").role for step in (before.losses[-1], after.losses[0]))
        assert len(set(ends)) == 2
    for tape in plan:
        assert len({diagram.node(f"l{step}").role for step in tape.losses}) == 1


def test_the_triangles_hold_the_weights_of_the_strategies() -> None:
    block = triangles(shown(3), steps=8, seed=1)
    full, window, chunks, one_step, *random = block.panels
    pairs = [(late, early) for late in range(1, 9) for early in range(1, late + 1)]
    for late, early in pairs:
        place = late - 1, early - 1
        assert full.weights[place[0]][place[1]] == 1
        assert window.weights[place[0]][place[1]] == (late - early < 3)
        assert chunks.weights[place[0]][place[1]] == ((late - 1) // 3 == (early - 1) // 3)
    assert (full.cuts, window.cuts, chunks.cuts, one_step.cuts) == ((), (), (3, 6), ())
    assert all(len(panel.cuts) == 2 for panel in random)
    assert any(weight > 1 for panel in random for row in panel.weights for weight in row)


def test_the_caption_has_the_lengths_of_the_chunks_of_a_run() -> None:
    block = triangles(shown(3), steps=8, seed=1)
    assert isinstance(block.caption, tuple)
    said = str(block.caption[-1])
    for panel in block.panels[4:]:
        ends = (0, *panel.cuts, 8)
        assert " + ".join(str(b - a) for a, b in pairwise(ends)) in said


def test_the_same_seed_draws_the_same_triangles() -> None:
    assert triangles(shown(3), 8, 1) == triangles(shown(3), 8, 1) != triangles(shown(3), 8, 2)


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_python_short_enough_to_be_printed_as_it_is(name: str) -> None:
    compile(LOOPS[name], name, "exec")
    assert name in STRATEGIES
    assert max(map(len, LOOPS[name].splitlines())) <= WIDEST and len(LOOPS[name].splitlines()) <= 8


@pytest.mark.parametrize("writer", [terminal_writer, markdown_writer, latex_writer, typst_engine])
def test_every_writer_has_them(writer: object) -> None:
    blocks = drawings(3)
    document = Document("Truncation", "", "", tuple(blocks))
    kinds = [type(block) for block in blocks]
    assert (kinds.count(Diagram), kinds.count(CodeBlock), kinds.count(Triangles)) == (2, 2, 1)
    assert (getattr(writer, "render", None) or writer.compile)(document)  # type: ignore[attr-defined]
