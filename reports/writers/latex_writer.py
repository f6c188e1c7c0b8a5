"""LaTeX: one self-contained .tex that compiles unchanged with pdflatex, run twice."""

from __future__ import annotations

from importlib.resources import files

from reports.document.bars import Bars
from reports.document.blocks import Block, Document
from reports.document.heatmaps import HeatMap
from reports.document.inline import as_inline
from reports.document.numbering import number, walk
from reports.document.triangles import Triangles
from reports.escaping.characters import has_cjk
from reports.escaping.latex_text import latex_text
from reports.formula.to_latex import PREAMBLE
from reports.writers.latex_blocks import LatexBlocks
from reports.writers.latex_heatmaps import HEAT_MAP_PREAMBLE
from reports.writers.latex_inline import LatexInline
from reports.writers.latex_triangles import TRIANGLES_PREAMBLE
from reports.writers.rendered import Rendered

FORMAT = "latex"
SUFFIX = ".tex"
TITLE = "LaTeX source, for pdflatex"

# Without CJKutf8 on the machine the code points are printed: a missing font never breaks the run.
_CJK = r"""\IfFileExists{CJKutf8.sty}
  {\usepackage{CJKutf8}\DeclareRobustCommand{\cjk}[2]{\begin{CJK*}{UTF8}{gbsn}##1\end{CJK*}}}
  {\DeclareRobustCommand{\cjk}[2]{\texttt{##2}}}
\pdfstringdefDisableCommands{\def\cjk#1#2{#2}}"""

_PATTERNS = r"\usetikzlibrary{patterns}"  # hatches
_PICTURES: dict[str, set[type[Block]]] = {
    _PATTERNS: {Bars, HeatMap},
    HEAT_MAP_PREAMBLE: {HeatMap},
    TRIANGLES_PREAMBLE: {Triangles},
}


def render(document: Document, *, width: int | None = None, stem: str = "report") -> Rendered:
    """The document as LaTeX; `width` and `stem` have no meaning here."""
    numbering = number(document)
    inline = LatexInline(numbering)
    body = LatexBlocks(numbering).all(document.blocks)
    parts = [_title(document), _summary(document, inline), body, _colophon(document, inline)]
    content = "\n\n".join(part for part in parts if part)
    return Rendered(f"{_preamble(document, content)}\n\\begin{{document}}\n{content}\n\\end{{document}}\n")


def _preamble(document: Document, content: str) -> str:
    template = files("reports.writers").joinpath("preamble.tex").read_text("utf-8")
    extra = [_CJK] if has_cjk(content) else []
    kinds = {type(block) for block in walk(document.blocks)}
    extra += [lines for lines, users in _PICTURES.items() if kinds & users]
    title = latex_text(document.title)
    extra += [
        rf"\newcommand{{\shorttitle}}{{{title}}}",
        rf"\hypersetup{{pdftitle={{{title}}},pdflang={{{latex_text(document.language)}}}}}",
        r"\pdfinfoomitdate=1 \pdftrailerid{} \pdfsuppressptexinfo=-1",
    ]
    return template.replace("@ROLES@", PREAMBLE) + "\n".join(extra)


def _title(document: Document) -> str:
    subtitle = (
        rf"\par\vspace{{3pt}}{{\color{{why}}{latex_text(document.subtitle)}\par}}" if document.subtitle else r"\par"
    )
    title = rf"{{\LARGE\bfseries {latex_text(document.title)}}}"
    return rf"{{\raggedright{title}{subtitle}}}\vspace{{6pt}}\sepline\vspace{{2pt}}"


def _summary(document: Document, inline: LatexInline) -> str:
    if not as_inline(document.abstract):
        return ""
    return f"\\begin{{summary}}\n{inline(document.abstract)}\n\\end{{summary}}"


def _colophon(document: Document, inline: LatexInline) -> str:
    if not as_inline(document.colophon):
        return ""
    return rf"\vspace{{12pt}}\sepline {{\footnotesize\color{{why}}{inline(document.colophon)}\par}}"
