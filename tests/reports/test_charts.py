"""Every writer prints every chart, whatever its values; what is drawn is what was given, and readable in grey."""

from __future__ import annotations

import os
import re
import warnings
from itertools import pairwise
from pathlib import Path

import pytest
from charts import CHARTS, EXTREMES

from derive.errors import InputError
from reports.document.bars import Bars, BarSeries, bar_style, pieces, totals
from reports.document.blocks import Document, Ref, para
from reports.document.charts import Band, Plot, Series, fan, style, visible_band
from reports.document.colours import DIVERGING, SEQUENTIAL, colour_at, rgb
from reports.document.figures import Chart
from reports.document.heatmaps import HeatMap, boundary, limits
from reports.document.ticks import labelled, narrow_ticks, nice_ticks, position_labels
from reports.drawing.labels import label_text
from reports.engines import tex_engine, typst_engine
from reports.figures import figure_png, figure_svg, write_figures
from reports.formula.tree import Atom, Script, row
from reports.writers import writers
from reports.writers.text_charts import chart_lines, coloured_plot
from reports.writers.text_inline import cells
from reports.writers.text_plots import text_plot

ALL = CHARTS | EXTREMES
SOME = [
    pytest.param(name, marks=() if name in CHARTS or number % 4 == 0 else pytest.mark.slow)
    for number, name in enumerate(ALL)
]
"""The ordinary charts, and some of the extreme ones; the others are slow tests."""
GOLDEN = Path(__file__).parent / "golden"


def document(*charts: Chart) -> Document:
    return Document("Charts", "", "", charts)


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("format_name", writers())
def test_every_writer_prints_every_chart(format_name: str, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rendered = writers()[format_name].render(document(ALL[name]))
        again = writers()[format_name].render(document(ALL[name]))
    assert rendered == again
    assert "Figure 1" in rendered.main or "\\captionof{figure}" in rendered.main or "#figure(" in rendered.main
    assert all(data.startswith(b"<?xml") and b"<svg" in data for data in rendered.files.values())


@pytest.mark.parametrize("format_name", writers())
def test_charts_are_numbered_and_referred_to(format_name: str) -> None:
    blocks = (*CHARTS.values(), para("See ", Ref("fig:phases"), "."))
    shown = writers()[format_name].render(Document("Charts", "", "", blocks)).main
    assert "fig:phases" in shown or "Figure 6" in shown


@pytest.mark.parametrize("name", SOME)
def test_typst_accepts_every_chart(name: str) -> None:
    assert typst_engine.compile_strict(document(ALL[name])).startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.skipif(tex_engine.available() is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("name", ALL)
def test_pdflatex_accepts_every_chart(name: str) -> None:
    _, log = tex_engine.compile_source(writers()["latex"].render(document(ALL[name])).main)
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(wide, default=0.0) <= 1.0
    assert not re.findall(r"^! ", log, re.MULTILINE)


@pytest.mark.parametrize("name", SOME)
def test_files_have_the_same_bytes_again(name: str) -> None:
    assert figure_svg(ALL[name]) == figure_svg(ALL[name])
    png = figure_png(ALL[name], dpi=50)
    assert png == figure_png(ALL[name], dpi=50)
    assert png.startswith(b"\x89PNG") and b"tEXt" not in png and b"tIME" not in png


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ALL)
def test_lines_keep_to_the_width(name: str, width: int) -> None:
    lines = chart_lines(ALL[name], width)
    assert lines and max(map(cells, lines)) <= width
    assert not re.search(r"\bnan\b|\binf\b", "\n".join(lines))


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_shows_what_it_did(width: int) -> None:
    """``BPTT_UPDATE_GOLDEN=1`` writes the file again; the difference is then read in the commit."""
    shown = "\n\n".join("\n".join([f"# {name}", *chart_lines(chart, width)]) for name, chart in CHARTS.items()) + "\n"
    path = GOLDEN / f"charts-{width}.txt"
    if os.environ.get("BPTT_UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, chart in ALL.items() if isinstance(chart, Plot)])
def test_colour_changes_no_character(name: str) -> None:
    plot = ALL[name]
    assert isinstance(plot, Plot)
    coloured = coloured_plot(plot, 80)
    assert [line.plain.rstrip() for line in coloured] == [line.rstrip() for line in chart_lines(plot, 80)]


def test_two_curves_have_two_colours_and_their_letters_at_their_ends() -> None:
    plot = CHARTS["bands"]
    assert isinstance(plot, Plot)
    lines = chart_lines(plot, 80)
    assert [line[-1] for line in lines if line.endswith(("a", "b"))] == ["a", "b"]
    used = {str(span.style) for line in coloured_plot(plot, 80) for span in line.spans}
    assert {"bright_blue", "bright_red"} <= used


def test_a_fan_has_one_name_and_dots() -> None:
    plot = CHARTS["fan"]
    assert isinstance(plot, Plot)
    shown = writers()["text"].render(document(plot)).main
    assert "a each singular value" in shown.replace("\u00a0", " ") and "b mean" in shown and "·" in shown
    latex = writers()["latex"].render(document(plot)).main
    assert latex.count("\\addlegendentry") == 2
    assert latex.count("forget plot") == 59


def test_seventy_named_curves_do_not_run_out_of_letters() -> None:
    curves = tuple(Series(f"c{n}", (0.0, 1.0), (float(n), float(n) + 1)) for n in range(70))
    assert "*" in "".join(text_plot(Plot(curves, "x", "y"), 80))
    assert len(chart_lines(Plot(curves, "x", "y"), 80)) > 12


def test_only_the_first_of_a_fan_is_named() -> None:
    first, *others = fan("unit", (0.0, 1.0), [(0.0, n) for n in range(4)])
    assert first.name == "unit" and not any(other.name for other in others)
    assert first.style.weight < 1


def test_a_band_is_cut_off_where_a_logarithm_has_no_value() -> None:
    plot = Plot((Series("s", (1.0, 2.0), (0.5, 1.0)),), "x", "y", log_y=True)
    band = Band((1.0, 2.0, 3.0), (-1.0, 0.9, -2.0), (2.0, 3.0, -1.0))
    assert visible_band(plot, band) == [(1.0, 0.5, 2.0), (2.0, 0.9, 3.0)]


def test_negative_parts_stack_downwards() -> None:
    bars = Bars(("a",), tuple(BarSeries(str(v), (v,)) for v in (1.0, -2.0, 3.0, -4.0)), "v")
    assert [(piece.start, piece.end) for piece in pieces(bars)] == [(0, 1), (0, -2), (1, 4), (-2, -6)]
    assert totals(bars) == [-2.0]


def test_the_values_of_a_chart_fit_its_places() -> None:
    with pytest.raises(ValueError, match="2 values for 1 categories"):
        Bars(("a",), (BarSeries("p", (1.0, 2.0)),), "v")
    with pytest.raises(ValueError, match="row 1 has 1 values for 2 x positions"):
        HeatMap((1, 2), (1,), ((1.0,),), "x", "y", "v")
    with pytest.raises(ValueError, match="1 rows of values for 2 y positions"):
        HeatMap((1,), (1, 2), ((1.0,),), "x", "y", "v")
    with pytest.raises(ValueError, match="2 x values but 1 low"):
        Band((1.0, 2.0), (1.0,), (1.0, 2.0))


def test_the_threshold_parts_cells() -> None:
    heat = HeatMap((1, 2), (1, 2), ((-1.0, 1.0), (-1.0, -1.0)), "x", "y", "v", threshold=0.0)
    assert boundary(heat) == [((0.5, -0.5), (0.5, 0.5)), ((0.5, 0.5), (1.5, 0.5))]
    assert limits(heat) == (-1.0, 1.0)


def test_no_boundary_beside_a_missing_cell() -> None:
    assert boundary(HeatMap((1, 2), (1,), ((None, 1.0),), "x", "y", "v", threshold=0.0)) == []


def test_labels_are_thinned_to_round_numbers() -> None:
    assert [n + 1 for n in labelled(tuple(range(1, 65)), 20.0)] == [10, 20, 30, 40, 50, 60]
    assert position_labels((0.9, 1, 1.1)) == ["0.9", "1.0", "1.1"]
    assert nice_ticks(-12.3, 0.4, 5) == [-10.0, -5.0, 0.0]


def test_letters_of_any_language_stand_at_the_axes() -> None:
    assert figure_svg(CHARTS["words"]) and figure_svg(CHARTS["cells"])
    assert "门控" in "\n".join(chart_lines(CHARTS["words"], 80))


def test_a_formula_that_matplotlib_cannot_parse_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    formula = Script(Atom("h"), Atom("t"))
    assert label_text(("state ", formula)) == "state $h_t$"
    assert label_text(row("n", "^", "2")) == "n ^ 2"
    assert label_text(Atom("循")) in ("U+5FAA", "循")
    monkeypatch.setattr("reports.drawing.labels.cjk_family", lambda: "some font")
    assert label_text(("状态 ", formula)) == "状态 hₜ"


# ---- colours ----------------------------------------------------------------------------------------------

# Full deuteranopia and protanopia: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model
# for simulation of color vision deficiency", IEEE TVCG 15(6), 2009, on linear RGB.
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}


def _seen(colour: str, kind: str) -> tuple[float, float, float]:
    """CIELAB (D65) of a colour as somebody sees it."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in rgb(colour))]
    r, g, b = (min(max(sum(m * v for m, v in zip(row, linear, strict=True)), 0), 1) for row in BLINDNESS[kind])
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _difference(one: str, other: str, kind: str) -> float:
    pairs = zip(_seen(one, kind), _seen(other, kind), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_signs_of_the_diverging_scale_are_told_apart(kind: str) -> None:
    for share in (0.1, 0.2, 0.3, 0.4, 0.5):
        assert _difference(colour_at(DIVERGING, 0.5 - share), colour_at(DIVERGING, 0.5 + share), kind) > 15


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize("stops", [DIVERGING[:5], DIVERGING[:3:-1], SEQUENTIAL])
def test_lightness_keeps_the_order_in_grey(stops: tuple[str, ...], kind: str) -> None:
    lightness = [_seen(stop, kind)[0] for stop in stops]
    assert all(low < high for low, high in pairwise(lightness))


def test_the_sequential_scale_is_cividis() -> None:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    assert tuple(to_hex(colormaps["cividis"](n / 8)) for n in range(9)) == SEQUENTIAL


def test_bars_differ_by_hatch_too() -> None:
    assert len({bar_style(n).hatch for n in range(6)}) == len({bar_style(n).colour for n in range(6)}) == 6
    assert len({style(n).colour for n in range(6)}) == 6


# ---- files ------------------------------------------------------------------------------------------------


def test_figures_are_written_into_a_new_folder(tmp_path: Path) -> None:
    paths = write_figures({"a": CHARTS["anatomy"], "图": CHARTS["words"]}, tmp_path / "new" / "deep")
    assert [path.name for path in paths] == ["a.svg", "a.png", "图.svg", "图.png"]
    assert sorted(path.name for path in (tmp_path / "new" / "deep").iterdir()) == sorted(path.name for path in paths)


def test_what_cannot_be_written_is_said_before_anything_is(tmp_path: Path) -> None:
    chart = {"a": CHARTS["words"]}
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"no figure has the format 'pdf'.*svg, png"):
        write_figures(chart, tmp_path, ("svg", "pdf"))
    with pytest.raises(InputError, match="is a file, expected a folder"):
        write_figures(chart, tmp_path / "file")
    with pytest.raises(InputError, match="cannot be made"):
        write_figures(chart, tmp_path / "file" / "under")
    with pytest.raises(InputError, match="not a file name"):
        write_figures({"../a": CHARTS["words"]}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_only_charts_are_drawn() -> None:
    with pytest.raises(TypeError, match="Paragraph is not a chart; there are Plot, Bars, HeatMap, Triangles"):
        figure_svg(para("words"))
    with pytest.raises(TypeError, match="no chart of Paragraph"):
        chart_lines(para("words"), 80)


def test_a_short_logarithmic_axis_has_ticks_that_say_something() -> None:
    assert narrow_ticks(2.0, 25.0) == [2.0, 5.0, 10.0, 20.0]
    assert narrow_ticks(1.0, 1e6) == []  # powers of ten will do
    assert narrow_ticks(0.0, 5.0) == [] and narrow_ticks(3.0, 3.0) == []
