"""Cutting formulas out of files: environments, lines, comments, labels, Markdown, and what is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.reading.shorthand import claims, reading_of, said, unread
from verify.check.reading.document import read
from verify.check.reading.loading import checked
from verify.check.reading.source import formulas

ENVIRONMENTS = [
    "equation", "align", "gather", "multline", "eqnarray", "flalign", "dmath", "displaymath", "math",
    "equation*", "align*", "gather*", "multline*", "eqnarray*", "aligned", "gathered", "split",
]  # fmt: skip


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environments(name: str) -> None:
    assert claims(rf"Text \begin{{{name}}} a &= b \end{{{name}}} more text, no formula = here") == ["a = b"]


@pytest.mark.parametrize("opener, closer", [(r"\[", r"\]"), (r"\(", r"\)"), ("$$", "$$"), ("$", "$")])
@pytest.mark.parametrize("kind", ["latex", "markdown"])
def test_delimiters(opener: str, closer: str, kind: str) -> None:
    assert claims(f"Let {opener}a = b{closer} and {opener}c = d{closer}.", kind) == ["a = b", "c = d"]


def test_bare_formula() -> None:
    assert claims(r"\frac{\partial h_t}{\partial w} = b_t + c_t a_{t-1}") == ["∂h_t/∂w = b_t + c_t a_{t-1}"]
    assert claims("a &= b \\\\\n &= c \\\\\n d &= e") == ["a = b = c", "d = e"]
    assert claims("a = b\nc = d\n = e") == ["a = b", "c = d = e"]
    assert claims("a = \\frac{\n1}{2}\n\nb = c") == ["a = 1/2", "b = c"]


def test_article() -> None:
    article = r"""
\documentclass{article} % $x = y$
\newcommand{\fit}[1]{$\displaystyle #1$}
\begin{document}
% a comment: $y = x$
A \$5 note, \verb|$p = q$|, 50\% off.
\begin{verbatim} $r = s$ \end{verbatim}
\begin{align}
  a &= b \label{eq:a} \\ % c &= wrong \\
    &= c \tag{1} \\[4pt]
  d &= e \nonumber \\
  \intertext{and, for $t = 1$,}
  f &= g \text{ by $x = y$}
\end{align}
\input{rest}
\end{document}
$v = w$
"""
    reading = reading_of(article)
    assert [said(claim) for claim in reading.claims] == ["a = b = c", "d = e", "f = g"]
    assert not reading.unread
    assert reading.notes == (r"line 15, column 1: '\input rest' is not read",)


def test_comment_in_a_formula() -> None:
    assert claims("$$a = b % = c\n + d$$") == ["a = b + d"]
    assert unread(r"$$a = b \% c$$") == [(1, 9, r"'\%' is a macro that this reader does not know")]


def test_columns() -> None:
    assert claims(r"\begin{alignat}{2} a &= b & c &= d \\ e &= f & g &= h \end{alignat}") == [
        "a = b", "c = d", "e = f", "g = h",
    ]  # fmt: skip
    assert claims(r"\begin{eqnarray} a &=& b \\ &=& c \end{eqnarray}") == ["a = b = c"]


def test_nested_environments() -> None:
    assert claims(r"\begin{equation}\begin{split} a &= b \\ &= c \end{split}\end{equation}") == ["a = b = c"]
    system = r"\[ \left\{ \begin{%s} a &= b \\ c &= d \end{%s} \right. \]"
    assert claims(system % ("aligned", "aligned")) == ["a = b", "c = d"]
    assert claims(system % ("array}{rl", "array")) == ["a = b", "c = d"]
    assert claims(r"\[ x = \left( \begin{aligned} & a \\ & {} + b \end{aligned} \right) c \]") == ["x = (a + b) c"]
    assert claims(r"\[ x = \begin{pmatrix} a \\ b \end{pmatrix} \]") == ["x = [a; b]"]


def test_markdown() -> None:
    text = """# Title

It costs $5 or $10. `$a = x$` and ``$b = `y$``.

```python
c = "$d = e$"
```

```math
f &= g \\\\
  &= h
```

Then $`i = j`$ and $k = l$, and also

~~~
$m = n$
~~~
$$
o = p
$$
"""
    assert claims(text, "markdown") == ["f = g = h", "i = j", "k = l", "o = p"]


def test_kind_is_guessed(tmp_path: Path) -> None:
    content = "```\n$a = b$\n```\n$c = d$"
    assert claims(content, "") == ["c = d"]
    for suffix, expected in {".md": ["c = d"], ".tex": ["a = b", "c = d"]}.items():
        path = tmp_path / f"x{suffix}"
        path.write_text(content)
        assert [said(claim) for claim in read(path).claims] == expected


def test_displays() -> None:
    text = checked("Let $x$\n\\begin{align}\n a &= b \\\\\n &= c\n\\end{align}")
    inline, display = formulas(text, "latex").displays
    assert (inline.kind, inline.is_inline, display.kind, display.is_inline) == ("$", True, "align", False)
    assert (display.where.line, display.where.column) == (2, 1)
    first, second = display.lines
    assert first.place(first.text.index("b")) == (3, 7)
    assert second.place(second.text.index("c")) == (4, 5)
    assert "&" not in first.text + second.text


@pytest.mark.parametrize(
    "source, place",
    [
        ("ok\n $a = b", (2, 2, "'$' is never closed")),
        (r"\begin{align} a = b \end{equation}", (1, 1, r"'\end{equation}' ends nothing that was begun here")),
        (r"\begin{align} a = b", (1, 1, r"'\begin{align}' is never closed")),
        ("x\n\\[ a = b\n\nnew paragraph", (2, 1, r"'\[' is never closed")),
        (r"$$ a = $ b", (1, 1, "'$' stands inside a formula")),
    ],
)
def test_open_ends(source: str, place: tuple[int, int, str]) -> None:
    assert unread(source)[0] == place


def test_what_follows_an_open_end_is_read() -> None:
    reading = reading_of("$a = b\n\n$$c = d$$")
    assert [said(claim) for claim in reading.claims] == ["c = d"]
    assert len(reading.unread) == 1


def test_no_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.tex").write_text("$p = q$")
    monkeypatch.chdir(tmp_path)
    reading = reading_of("\\input{other}\n\\include{other}\n$a = b$ $\\input{other} = 1$ \\write18{touch pwned}")
    assert [said(claim) for claim in reading.claims] == ["a = b"]
    assert len(reading.notes) == 2
    assert [one.reason for one in reading.unread] == [r"'\input' names another file, which is not read"]
    assert not (tmp_path / "pwned").exists()
