"""What each writer promises: it registers itself, keeps to its width, and escapes whatever it is given."""

from __future__ import annotations

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import sample

from reports.document.blocks import Document, Line, Result, para
from reports.document.charts import Plot, Series
from reports.escaping.latex_text import latex_text
from reports.escaping.markdown_text import markdown_text
from reports.escaping.typst_text import typst_text
from reports.files import write_atomically
from reports.formula.tree import Atom
from reports.writers import writer, writers
from reports.writers.text_inline import cells

HEAVY = {"typst", "matplotlib", "rich", "numpy", "sympy"}


def test_formats() -> None:
    assert {name: module.SUFFIX for name, module in writers().items()} == {
        "latex": ".tex", "markdown": ".md", "text": ".txt", "typst": ".typ"
    }  # fmt: skip
    with pytest.raises(ValueError, match="latex, markdown, text, typst"):
        writer("docx")


def test_listing_the_formats_loads_nothing_heavy() -> None:
    code = "import sys, reports.writers, reports.engines as e; reports.writers.writers(), e.engines()"
    code += "; print(*sys.modules)"
    root = Path(__file__).parents[2]
    shown = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout
    assert not HEAVY & set(shown.split())


@pytest.mark.parametrize("name", writers())
def test_rendering_is_deterministic(name: str) -> None:
    assert writers()[name].render(sample.document()) == writers()[name].render(sample.document())


@pytest.mark.parametrize("width", [60, 80, 120])
def test_text_keeps_to_its_width(width: int) -> None:
    lines = writer("text").render(sample.document(), width=width).main.splitlines()
    assert max(map(cells, lines)) <= width


def test_figures_are_files_named_after_the_stem() -> None:
    rendered = writer("markdown").render(sample.document(), stem="my")
    assert sorted(rendered.files) == ["my-figures/figure-1.svg", "my-figures/figure-2.svg"]
    assert all(b"<svg" in data for data in rendered.files.values())
    assert all(path in rendered.main for path in rendered.files)


def test_rich_colours_roles_and_verdicts() -> None:
    from rich.console import Console

    from reports.writers.terminal_writer import print_document

    out = StringIO()
    console = Console(width=80, force_terminal=True, color_system="standard", file=out)
    print_document(sample.document(), console)
    shown = out.getvalue()
    assert re.search(r"\x1b\[[0-9;]*91m[^\n]*cₜ", shown)
    assert "\x1b[1;31mREFUTED" in shown


def test_special_characters_never_become_markup() -> None:
    assert latex_text(r"\input{x} 50% #1 $a_b$") == (r"\textbackslash{}input\{x\} 50\% \#1 \$a\_\allowbreak{}b\$")
    assert typst_text("#eval *x* $y$ @z") == r"\#eval \*x\* \$y\$ \@z"
    assert markdown_text("<b> *x* [y](z) |") == r"\<b\> \*x\* \[y\](z) \|"
    assert latex_text("α ☃ \x07") == r"\ensuremath{\alpha} \texttt{U+2603} \texttt{U+0007}"


def test_terminal_escapes_are_shown_not_sent() -> None:
    shown = writer("text").render(Document("t", "", "", (para("a\x1b[31mb"),))).main
    assert "\x1b" not in shown
    assert "U+001B" in shown


def test_unplottable_points_are_left_out() -> None:
    series = Series("s", (0.0, 1.0, 2.0, 3.0), (1.0, 0.0, float("inf"), float("nan")))
    plot = Plot((series,), "x", "y", log_y=True, caption="c", alt="a")
    for module in writers().values():
        shown = module.render(Document("t", "", "", (plot,))).main
        assert "nan" not in shown
        assert "inf)" not in shown


def test_a_result_has_its_number_in_markdown() -> None:
    result = Result((Line(Atom("x"), "=", Atom("y")),), "eq:x", "Headline")
    assert "\\tag{1}" in writer("markdown").render(Document("t", "", "", (result,))).main


def test_write_atomically(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.pdf", b"one")
    write_atomically(tmp_path / "a.pdf", b"two")
    assert (tmp_path / "a.pdf").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
    with pytest.raises(OSError):
        write_atomically(tmp_path / "missing" / "a.pdf", b"x")
