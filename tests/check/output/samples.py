"""Hand-made results of a check: what the output is tried on, whatever the judge can do."""

from __future__ import annotations

from dataclasses import replace

from verify.check.misconceptions import TEXTS
from verify.check.result import Checked, Counterexample, Explanation, Link, Place, Unreadable
from verify.verdicts import Finding, Verdict

ARTICLE = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\title{Backpropagation through time}
\begin{document}
\maketitle
The recursion is $a_t = b_t + c_t a_{t-1}$ with $a_0 = 0$.  Written out:
\begin{align}
a_t &= b_t + c_t a_{t-1} \\
    &= b_t + c_t b_{t-1} + c_t c_{t-1} a_{t-2} \label{eq:two} \\
    &= b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + c_t c_{t-1} a_{t-3} \\ % 100 % sure
    &= b_t + \sum_{i=1}^{t-1} \left( \prod_{j=i+1}^{t} c_j \right) b_i .
\end{align}
So we have, by \eqref{eq:two},
\begin{equation}
\frac{\partial h_t}{\partial w_h}=\frac{\partial f(x_t,h_{t-1},w_h)}{\partial w_h}+\sum_{i=1}^{t-1}\left(\prod_{j=i+1}^{t}\frac{\partial f(x_t,h_{t-1},w_h)}{\partial h_{j-1}}\frac{\partial f(x_t,h_{t-1},w_h)}{\partial w_h}\right)
\end{equation}
where \[ a_t = \frac{\partial h_t}{\partial w_t}, \qquad o_t = g(h_t, o_t) . \]
The activation $\phi$ is \emph{odd}:
\[ \mathfrak{A}_t \smile h_t \]
\end{document}
"""  # noqa: E501

UNKNOWN = r"\mathfrak{A}_t \smile h_t"
PROVED = Finding("1", "peeling", Verdict.PROVED)
EXACT = Finding("1", "free jets", Verdict.EXACT, failure=1e-16, sizes={"T": 3, "n": 3})
REFUTED = Finding("1", "free jets", Verdict.REFUTED)
IMPOSSIBLE = Finding("1", "free jets", Verdict.REFUTED, reason="a column cannot be added to a row")
UNJUDGED = Finding("1", "free jets", Verdict.NOT_RUN, reason="σ₁ is not a quantity of this network")
NUMBERS = Counterexample(
    (("T", "4"), ("n", "1")), (("c_4", "2"), ("c_3", "3"), ("c_2", "5"), ("a_1", "1")), "30", "6"
)  # fmt: skip


def place(text: str, source: str, nth: int = 0) -> Place:
    """Where the ``nth`` occurrence of a piece of text stands."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(source, at + 1)
    return Place(*_position(text, at), *_position(text, at + len(source)))


def _position(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def link(text: str, source: str, finding: Finding, nth: int = 0, key: str = "", **more: object) -> Link:
    """``key`` is that of a misconception; its details begin with ``detail_``."""
    details = {name.removeprefix("detail_"): str(more.pop(name)) for name in list(more) if name.startswith("detail_")}
    nearest = str(more.pop("nearest", ""))
    whole, fault = place(text, source, nth), str(more.pop("fault", ""))
    at = place(text, fault, text.count(fault, 0, text.index(source))) if fault else None
    own = Explanation(key, TEXTS[key].hint(**details), TEXTS[key].answer(**details), nearest, at) if key else None
    found = Link(whole, source, finding.verdict, (finding,), explanation=own)
    return replace(found, **more)  # type: ignore[arg-type]


def article(text: str = ARTICLE) -> Checked:
    """The article with its misprints: three lines are wrong, one is not judged, one is not read."""
    return Checked(
        "article.tex",
        (
            link(text, "a_t = b_t + c_t a_{t-1}", PROVED),
            link(text, "a_t &= b_t + c_t a_{t-1}", PROVED),
            link(text, "&= b_t + c_t b_{t-1} + c_t c_{t-1} a_{t-2}", PROVED),
            link(
                text, "&= b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + c_t c_{t-1} a_{t-3}", REFUTED,
                key="missing-factor", detail_factor="c_{t-2}", detail_term="a_{t-3}", counterexample=NUMBERS,
                fault="c_t c_{t-1} a_{t-3}",
                nearest="b_t + c_t b_{t-1} + c_t c_{t-1} b_{t-2} + c_t c_{t-1} c_{t-2} a_{t-3}",
            ),
            link(
                text, r"&= b_t + \sum_{i=1}^{t-1} \left( \prod_{j=i+1}^{t} c_j \right) b_i", EXACT, against_first=True
            ),
            link(
                text, text.split("\n")[14], REFUTED, key="stale-subscript", detail_symbol="h_{t-1}", detail_index="j",
                detail_outer="t", detail_right="h_{j-1}", counterexample=replace(NUMBERS, entry="(1, 2)"),
                reading="the product reaches to the closing parenthesis",
            ),
            link(
                text, r"a_t = \frac{\partial h_t}{\partial w_t}", REFUTED, key="unknown-symbol", detail_symbol="w_t",
                detail_right="w_h",
            ),
            link(text, "o_t = g(h_t, o_t)", UNJUDGED),
        ),
        (Unreadable(place(text, UNKNOWN), UNKNOWN, r"\mathfrak is not known"),),
        (("w_h", "W_h"), ("h_t", "h_t"), ("x", "the input")),
        "Derivatives are in numerator layout; a gradient has the shape of its parameter.",
        text=text,
    )  # fmt: skip


FRAGMENT = "a_t = b_t + c_t a_{t-1}\n    = b_t + c_t b_{t-1} + c_t c_{t-1} a_{t-2}\n"


def right() -> Checked:
    """A fragment in which everything holds."""
    first, second = FRAGMENT.rstrip().split("\n")
    return Checked(
        "right.tex", (link(FRAGMENT, first, PROVED), link(FRAGMENT, second.strip(), EXACT)), text=FRAGMENT
    )  # fmt: skip


HOSTILE = "\\input{/etc/passwd}\\write18{ls} = \\csname end\\endcsname \x1b[31m \u202e é 循 \x00\t= 1\n"


def hostile() -> Checked:
    """Commands and control characters, which may only ever be shown."""
    source = HOSTILE.rstrip("\n")
    return Checked(
        "evil\x1b[2J.tex",
        (link(HOSTILE, source, REFUTED, remarks=("\\input{x} \x1b[31m $\\input{y}$",)),),
        (Unreadable(place(HOSTILE, "\\write18{ls}"), "\\write18{ls}", "\\write18 \x1b[31m is not known"),),
        text=HOSTILE,
    )
