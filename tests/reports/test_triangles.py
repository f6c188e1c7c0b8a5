"""Panels of weights and curves over heat maps: what is refused, what every writer shows, and that it fits the page."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from charts import CHARTS, weights

from reports.document.blocks import Document, KeepTogether
from reports.document.colours import rgb
from reports.document.columns import natural_width
from reports.document.heatmaps import HeatMap, curve_cells, curve_pieces
from reports.document.panels import key, number_ink, staircase, weight_colour, weight_text
from reports.document.triangle_sheet import WIDTH_MM, columns, labelled_steps, number_in, sheet
from reports.document.triangles import CUT_NAME, MOST_PANELS, Panel, Triangles
from reports.document.wrapping import wrapped
from reports.drawing.labels import label_text
from reports.drawing.triangles import draw_triangles
from reports.engines import tex_engine, typst_engine
from reports.figures import figure_png, figure_svg
from reports.formula.tree import Atom, Script
from reports.writers import writers
from reports.writers.text_charts import chart_lines

FULL = Panel("full", weights(4))
DRAWN = Panel("drawn", weights(4, (2,), 1.5), (2,))


def truncations() -> Triangles:
    found = CHARTS["truncations"]
    assert isinstance(found, Triangles)
    return found


def boundary() -> HeatMap:
    found = CHARTS["boundary"]
    assert isinstance(found, HeatMap)
    return found


def shown(format_name: str, *blocks: Triangles | HeatMap) -> str:
    return writers()[format_name].render(Document("Pictures", "", "", blocks)).main


# ---- what is refused --------------------------------------------------------------------------------------


def test_ragged_weights_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"panel 'bad': row 2 has 1 weights, expected 2"):
        Panel("bad", ((1.0,), (1.0,)))
    with pytest.raises(ValueError, match=r"panel 'bad': row 1 has 2 weights, expected 1"):
        Panel("bad", ((1.0, 1.0), (1.0, 1.0)))


@pytest.mark.parametrize("weight", [-0.5, float("nan"), float("inf")])
def test_weights_are_finite_and_not_negative(weight: float) -> None:
    with pytest.raises(ValueError, match=r"panel 'bad': w\(2, 1\) is"):
        Panel("bad", ((1.0,), (weight, 1.0)))


@pytest.mark.parametrize("steps", [0, 17])
def test_there_are_one_to_sixteen_steps(steps: int) -> None:
    with pytest.raises(ValueError, match=f"panel 'bad': {steps} steps, expected 1 to 16"):
        Panel("bad", weights(steps))


@pytest.mark.parametrize("cut", [0, 4])
def test_a_cut_parts_two_steps(cut: int) -> None:
    with pytest.raises(ValueError, match=f"panel 'bad': a cut after step {cut} of 4"):
        Panel("bad", weights(4), (cut,))


@pytest.mark.parametrize("count", [0, 7])
def test_there_are_one_to_six_panels(count: int) -> None:
    with pytest.raises(ValueError, match=f"triangles 'fig:x': {count} panels, expected 1 to 6"):
        Triangles((FULL,) * count, label="fig:x")


def test_a_curve_has_two_finite_points() -> None:
    with pytest.raises(ValueError, match="one point is no curve"):
        replace(boundary(), curve=((0.0, 0.0),))
    with pytest.raises(ValueError, match=r"point 2 of the curve is \(1.0, nan\)"):
        replace(boundary(), curve=((0.0, 0.0), (1.0, float("nan"))))


# ---- weights ----------------------------------------------------------------------------------------------


def test_the_line_of_the_cuts_is_a_staircase() -> None:
    assert staircase(Panel("p", weights(9), (6, 3))) == [(0, 3), (3, 3), (3, 6), (6, 6), (6, 9)]
    assert staircase(FULL) == []


def test_what_lies_below_the_staircase_is_what_cuts_take() -> None:
    """Row t is cut at the last border above it: zero at its left, something at its right."""
    panel = Panel("p", weights(9, (3, 6), 1.5), (3, 6))
    corners = staircase(panel)
    upright = [(a, (above, below)) for (a, above), (b, below) in pairwise(corners) if a == b]
    for t, row in enumerate(panel.weights, start=1):
        border = next((border for border, (above, below) in upright if above < t <= below), 0)
        assert [weight == 0 for weight in row] == [i <= border for i in range(1, t + 1)]


def test_colours_grow_darker_with_the_weight() -> None:
    colours = [weight_colour(weight, 10.0) for weight in (0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0)]
    greys = [sum(share * part for share, part in zip((0.3, 0.59, 0.11), rgb(c), strict=True)) for c in colours]
    assert all(high > low + 5 for high, low in pairwise(greys))
    assert colours[0] == "#ffffff"
    assert number_ink(colours[1]) == "black" and number_ink(colours[-1]) == "white"


def test_a_weight_that_is_one_but_for_rounding_is_one() -> None:
    assert weight_text(0.1 * 3 / 0.3) == weight_text(1.0 + 1e-12) == ""
    assert weight_colour(1.0 + 1e-12, 4.0) == weight_colour(1.0, 4.0)


@pytest.mark.parametrize(
    ("weight", "digits", "text"),
    [(2.25, 3, "2.25"), (1.5, 3, "1.5"), (1.04, 2, "1.0"), (0.421, 3, "0.42"), (0.421, 2, "0.4"), (2048.0, 3, "2048"),
     (0.0, 3, ""), (1.0, 3, "")],
)  # fmt: skip
def test_weights_have_few_digits(weight: float, digits: int, text: str) -> None:
    assert weight_text(weight, digits) == text


def test_numbers_that_do_not_fit_are_shortened_or_left_out() -> None:
    assert [number_in(2.25, cell) for cell in (5.0, 2.6, 1.2)] == ["2.25", "2.2", ""]
    assert number_in(2048.0, 2.6) == number_in(0.001, 5.0) == ""


def test_the_key_has_the_ends_of_what_there_is() -> None:
    assert key((DRAWN, Panel("p", weights(4, (), 0.5)))) == [0.0, 0.125, 0.5, 1.0, 1.5]
    assert key((FULL,)) == [1.0]


# ---- the sheet --------------------------------------------------------------------------------------------


def test_rows_are_as_equal_as_they_can_be() -> None:
    assert [columns(count) for count in range(1, 7)] == [1, 2, 3, 2, 3, 3]


@pytest.mark.parametrize("count", range(1, MOST_PANELS + 1))
@pytest.mark.parametrize("steps", [1, 4, 8, 16])
def test_panels_neither_overlap_nor_leave_the_sheet(count: int, steps: int) -> None:
    panels = tuple(Panel("a title of some words that wraps", weights(steps - n % 2 or 1)) for n in range(count))
    found = sheet(panels)
    boxes = [(x, y, x + p.steps * found.cell_mm, y + p.steps * found.cell_mm)
             for p, (x, y) in zip(panels, found.places, strict=True)]  # fmt: skip
    assert all(x0 > 0 and x1 < WIDTH_MM and y0 > 0 and y1 < found.height_mm for x0, y0, x1, y1 in boxes)
    for n, one in enumerate(boxes):
        assert all(one[2] < two[0] or one[3] < two[1] or two[2] < one[0] for two in boxes[n + 1 :])
    assert labelled_steps(steps, found.cell_mm)[-1] == steps


def test_titles_are_cut_into_lines_that_fit() -> None:
    title = (
        "a state of ",
        Script(Atom("h"), Atom("t")),
        " and 循环神经网络 of an incomprehensibilitycomprehensibility",
    )
    lines = wrapped(title, 8.0, natural_width)
    assert len(lines) > 4 and all(natural_width(line) <= 8.0 for line in lines)
    whole = "".join(part if isinstance(part, str) else "h" for line in lines for part in line)
    assert whole.replace(" ", "") == "astateofhand循环神经网络ofanincomprehensibilitycomprehensibility"


# ---- curves -----------------------------------------------------------------------------------------------


def test_a_curve_is_cut_off_at_the_cells() -> None:
    heat = HeatMap((1, 2), (1, 2), ((1.0, 2.0), (3.0, 4.0)), "x", "y", "v", curve=((-2.0, 0.0), (0.0, 0.0), (0.0, 9.0)))
    assert curve_pieces(heat) == [((-0.5, 0.0), (0.0, 0.0), (0.0, 1.5))]
    assert curve_cells(heat) == {(0, 0), (0, 1)}
    assert curve_pieces(replace(heat, curve=((-2.0, 5.0), (3.0, 5.0)))) == []


def test_a_curve_that_comes_back_is_two_lines() -> None:
    heat = HeatMap((1, 2), (1,), ((1.0, 2.0),), "x", "y", "v", curve=((0.0, 0.0), (0.0, 3.0), (1.0, 3.0), (1.0, 0.0)))
    assert curve_pieces(heat) == [((0.0, 0.0), (0.0, 0.5)), ((1.0, 0.5), (1.0, 0.0))]


def test_the_cells_of_the_curve_are_marked_in_a_terminal() -> None:
    heat = HeatMap((1, 2, 3), (1, 2), ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)), "x", "y", "v",
                   curve=((1.0, -0.5), (1.0, 1.5)), curve_name="c")  # fmt: skip
    lines = chart_lines(heat, 80)
    assert lines[1:3] == ["2 │ 4.00  5.00* 6.00", "1 │ 1.00  2.00* 3.00"]
    assert "*: c runs through this cell" in lines[-1]


def test_a_curve_beside_a_threshold_is_dashed() -> None:
    alone, both = (shown("latex", replace(boundary(), threshold=threshold)) for threshold in (None, 0.0))
    assert "dash pattern" not in alone and "dash pattern=on 4pt" in both
    assert figure_svg(boundary()).count(b"stroke-dasharray") == 0
    assert figure_svg(replace(boundary(), threshold=0.0)).count(b"stroke-dasharray") == 2  # the line and its key


@pytest.mark.parametrize("format_name", writers())
def test_every_writer_draws_the_curve(format_name: str) -> None:
    with_curve = writers()[format_name].render(Document("Pictures", "", "", (boundary(),)))
    without = writers()[format_name].render(Document("Pictures", "", "", (replace(boundary(), curve=()),)))
    assert with_curve != without
    if format_name in ("latex", "text"):
        assert "phase boundary" in with_curve.main.replace("\n", " ") and "phase boundary" not in without.main


# ---- writers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_name", writers())
def test_every_writer_shows_every_panel(format_name: str) -> None:
    """Each format changes with each panel: its title, its weights, its cuts."""
    one = Triangles((FULL, DRAWN), alt="two")
    others = [
        Triangles((FULL, replace(DRAWN, title="another")), alt="two"),
        Triangles((FULL, replace(DRAWN, weights=weights(4, (2,), 2.5))), alt="two"),
        Triangles((FULL, replace(DRAWN, cuts=(3,))), alt="two"),
        Triangles((FULL, DRAWN, FULL), alt="two"),
    ]
    rendered = [writers()[format_name].render(Document("Pictures", "", "", (block,))) for block in (one, *others)]
    assert all(other != rendered[0] for other in rendered[1:])


def test_latex_has_every_cell_number_and_line() -> None:
    latex = shown("latex", Triangles((FULL, DRAWN)))
    assert len(re.findall(r"^\\weight\{", latex, re.MULTILINE)) == 20
    assert r"\weight{1}{2}{" in latex and "{1.5}" in latex
    assert r"\draw[weight cut] (0,2) -- (2,2) -- (2,4);" in latex and CUT_NAME in latex
    assert latex.count(r"\begin{tikzpicture}") == 2
    assert "weight cut" not in shown("latex", boundary())


def test_latex_has_what_a_picture_in_a_group_needs() -> None:
    block = Triangles((FULL,))
    grouped = Document("Pictures", "", "", (KeepTogether((block,)),))
    assert r"\newcommand*{\weight}" in writers()["latex"].render(grouped).main


def test_titles_are_escaped() -> None:
    latex, text = shown("latex", truncations()), shown("text", truncations())
    assert r"\& 50\% of \$x\_\allowbreak{}t \{a\} \textless{}b\textgreater{}" in latex
    assert r"\cjk{截断}" in latex
    assert "截断 & 50% of $x_t {a} <b>" in text


def test_control_characters_in_a_title_are_code_points() -> None:
    assert "U+001B" in shown("text", Triangles((Panel("a\x1b[2J", weights(2)),)))


@pytest.mark.parametrize("sign", "_<>|{}\\~")
def test_signs_that_the_font_of_charts_lacks_come_from_elsewhere(sign: str) -> None:
    """`cmr10` has a dash for `{`, an exclamation mark for `<`, and so on."""
    from matplotlib.mathtext import MathTextParser

    label = label_text(f"a{sign}b $")
    assert not re.search(rf"a{re.escape(sign)}b", label)
    MathTextParser("path").parse(label)


def test_a_formula_beside_letters_that_formulas_lack_is_text() -> None:
    assert label_text(("a – b ", Script(Atom("h"), Atom("t")))) == "a – b hₜ"


def test_the_terminal_shows_small_grids_side_by_side() -> None:
    lines = chart_lines(Triangles((FULL, DRAWN)), 80)
    assert [line.rstrip() for line in lines[2:]] == [
        "                     drawn",
        "full                 1    █",
        "1    █               2  1.5   █",
        "2    █   █             ────────┐",
        "3    █   █   █       3    ·   ·│  █",
        "4    █   █   █   █   4    ·   ·│1.5   █",
        "     1   2   3   4        1   2   3   4",
        "",
        "weight  · 0   █ 1   numbers: other weights   ─┐ the state is detached",
    ]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_sixteen_steps_fit_a_terminal(width: int) -> None:
    wide = Triangles((Panel("w", weights(16, (5,), 2.0), (5,)),) * 3)
    lines = chart_lines(wide, width)
    assert max(map(len, lines)) <= width
    assert "+ more than 9" in "\n".join(lines).replace("\u00a0", " ")
    assert len(lines) < {40: 80, 80: 55, 120: 30}[width]


def test_the_drawing_is_as_high_as_its_sheet() -> None:
    png = figure_png(truncations(), dpi=100)
    size = [int.from_bytes(png[start : start + 4], "big") for start in (16, 20)]
    assert size[0] == pytest.approx(WIDTH_MM / 25.4 * 100, abs=1)
    assert size[1] >= truncations().height_mm / 25.4 * 100 - 1


def test_the_drawing_has_the_lines_and_cells_of_every_panel() -> None:
    from matplotlib.figure import Figure

    panels = (FULL, Panel("cut", weights(9, (3, 6), 1.5), (3, 6)))
    figure = Figure()
    draw_triangles(Triangles(panels), figure)
    (axes,) = figure.axes
    places = sheet(panels)
    for panel, line, place in zip(panels, axes.lines, places.places, strict=True):
        steps = [(round((x - place[0]) / places.cell_mm, 6), y) for x, y in line.get_xydata()]
        assert [x for x, _ in steps] == [i for i, _ in staircase(panel)]
        assert len({y for _, y in steps}) == len({t for _, t in staircase(panel)})
    assert len(axes.patches) == sum(panel.steps * (panel.steps + 1) // 2 for panel in panels)
    assert {"1.5", "2.25"} <= {text.get_text() for text in axes.texts}


def test_typst_accepts_both() -> None:
    dashed = replace(boundary(), threshold=0.0, label=None)
    document = Document("Pictures", "", "", (truncations(), boundary(), dashed))
    assert typst_engine.compile_strict(document).startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.skipif(tex_engine.available() is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("count", range(1, MOST_PANELS + 1))
@pytest.mark.parametrize("steps", [4, 9, 16])
def test_pdflatex_fits_every_number_of_panels_into_the_line(count: int, steps: int) -> None:
    panels = tuple(Panel(f"panel {n}: a title of many words", weights(steps, (2,), 1.5), (2,)) for n in range(count))
    pdf, log = tex_engine.compile_source(shown("latex", Triangles(panels, caption="Panels.", alt="panels")))
    assert pdf.startswith(b"%PDF") and "Overfull" not in log
