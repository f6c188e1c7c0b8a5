"""A realistic document: backpropagation through time for a small tanh network, with every kind of block."""

from __future__ import annotations

from reports.document.blocks import (
    Bullets,
    Cite,
    Code,
    CodeBlock,
    Column,
    Derivation,
    Document,
    Heading,
    InlineLike,
    KeepTogether,
    Line,
    Link,
    Note,
    Ref,
    Reference,
    References,
    Result,
    Strong,
    Table,
    para,
)
from reports.document.charts import Plot, Series, style
from reports.document.diagrams import Diagram, Edge, Node
from reports.formula.tree import (
    Accent,
    Atom,
    Big,
    Boxed,
    Call,
    Formula,
    Frac,
    Like,
    Matrix,
    Norm,
    Paren,
    Role,
    Script,
    Stacked,
    Under,
    Words,
    as_formula,
    row,
)


def sub(base: Like, index: Like, sup: Formula | None = None) -> Formula:
    return Script(as_formula(base), as_formula(index), sup)


def minus(name: str, amount: int) -> Formula:
    return row(name, "-", amount)


def d(top: Formula, bottom: Formula) -> Formula:
    return Frac(row("partial", top), row("partial", bottom))


def total(index: str, start: Like, end: Like, body: Formula) -> Formula:
    return Big("sum", row(index, "=", start), as_formula(end), body)


def product(index: str, start: Like, end: Like, body: Formula) -> Formula:
    return Big("prod", row(index, "=", start), as_formula(end), body)


T, t, i, j = Atom("T"), Atom("t"), Atom("i"), Atom("j")
TOP = Atom("top")
W = sub("W", "h")
LOSS = Atom("calL")


def a(index: Like) -> Formula:
    return Role(sub("a", index), "unknown")


def b(index: Like) -> Formula:
    return Role(sub("b", index), "local")


def c(index: Like) -> Formula:
    return Role(sub("c", index), "jacobian")


def h(index: Like) -> Formula:
    return sub("h", index)


def diag_h(index: Like) -> Formula:
    return Call(Atom("diag"), (row(1, "-", Script(h(index), None, Atom("2"))),))


CHAIN = Role(product("j", row("i", "+", 1), "t", row(diag_h(j), "thin", W)), "jacobian")
TANH = Call(
    Atom("tanh"),
    (row(W, h(minus("t", 1)), "+", sub("W", "i"), sub("x", "t"), "+", sub("b", "ih"), "+", sub("b", "hh")),),
)
SOFTMAX = Call(Atom("softmax"), (row(sub("W", "o"), h(t), "+", sub("b", "o")),))
EXPANDED = row(b(t), "+", total("i", 1, minus("t", 1), row(Paren(product("j", row("i", "+", 1), t, c(j))), b(i))))
DELTA = Role(sub("delta", "t"), "unknown")
BLOCK = Matrix(
    (
        (d(sub("h", "t"), h(minus("t", 1))), d(h(t), sub("s", minus("t", 1)))),
        (d(sub("s", "t"), h(minus("t", 1))), d(sub("s", "t"), sub("s", minus("t", 1)))),
    )
)
TERM = row(d(sub("ell", "t"), h(t)), Paren(CHAIN), Role(d(h(i), W), "local"))
GRADIENT_SUM = row(Frac(Atom("1"), T), total("t", 1, T, total("i", 1, t, TERM)))
GRADIENT = row(d(LOSS, W), "=", GRADIENT_SUM)

ONE, ENCODER = Paren(Atom("1")), Atom("e", "upright")
BOTH = row(ONE, ",", ENCODER)
MARKED = sub("h", "t", ONE)

FORMULAS: dict[str, Formula] = {
    "recurrence": row(a(t), "=", b(t), "+", c(t), a(minus("t", 1))),
    "expansion": row(a(t), "=", EXPANDED),
    "forward": row(h(t), "=", TANH),
    "softmax": row(sub(Accent(Atom("y"), "hat"), t), "=", SOFTMAX),
    "jacobian": row(d(h(t), h(minus("t", 1))), "=", Role(row(diag_h(t), "thin", W), "jacobian")),
    "gradient": GRADIENT,
    "double_script": Script(sub("h", "t", Atom("2")), None, TOP),
    "coloured_script": Script(Role(h(t), "jacobian"), None, TOP),
    "unary": row("-", "x", "=", "-", "y", "+", row("-", "z"), "odot", "u", "otimes", "v"),
    "block_matrix": row(sub("J", "t"), "=", BLOCK),
    "under": row(Under(CHAIN, row("t", "-", "i", Words(" factors"))), "ll", 1),
    "bound": row(
        Norm(product("j", row("i", "+", 1), t, c(j))),
        "le",
        Script(Paren(row("gamma", Norm(W))), None, minus("t", 1)),
    ),
    "boxed": Boxed(row(DELTA, "eqdef", d(LOSS, h(t)))),
    "membership": row(W, "in", Script(Atom("real"), None, row("n", "times", "n")), ",", "quad", Atom("one", "bold")),
    "literal": row(Atom("size_of#x"), "ge", Atom("0.25"), Words(" if "), "x", "ne", Atom("循")),
    "prime": row(
        Call(Script(Atom("f"), None, Atom("prime")), (sub("z", "t"),)),
        "approx",
        Call(Atom("clip"), (Atom("x"), Atom("infinity"))),
    ),
    "marks": row(
        MARKED, "=", Script(W, None, row(ONE, TOP)), sub("h", minus("t", 1), BOTH), "+", Script(Atom("x"), t, ENCODER)
    ),
    "part": row(Script(Paren(DELTA, "[", "]"), Script(Atom("h"), None, ONE)), "=", "0"),
    "stack": row(Call(Atom("diag"), (Matrix(((MARKED,), (sub("h", "t", Paren(Atom("2"))),))),)), "in", Atom("real")),
    "broken": row("x", Paren(Stacked((row("a", "+", "b"), row("", "+", Matrix(((Atom("c"), Atom("0")),))))))),
    "broken_cells": Matrix(((Stacked((Atom("a"), row("", "+", "b"))), Atom("0")), (Atom("c"), Atom("d")))),
    "bar": row(Accent(row("x", "+", "y"), "bar"), "=", Frac(Frac(Atom("1"), Atom("2")), row("a", "b"))),
}

ADJOINT = Derivation(
    (
        Line(DELTA, "eqdef", d(LOSS, h(t)), "the adjoint of the state"),
        Line(
            None,
            "=",
            row(
                Frac(Atom("1"), T),
                d(sub("ell", "t"), h(t)),
                "+",
                d(LOSS, h(row("t", "+", 1))),
                d(h(row("t", "+", 1)), h(t)),
            ),
            ("the loss sees ", h(t), " at step ", t, " and through ", h(row("t", "+", 1)), " only"),
        ),
        Line(
            None,
            "=",
            row(
                Frac(Atom("1"), T),
                d(sub("ell", "t"), h(t)),
                "+",
                Script(row(diag_h(row("t", "+", 1)), "thin", W), None, TOP),
                Role(sub("delta", row("t", "+", 1)), "unknown"),
            ),
            "transposed, since gradients are columns",
        ),
    ),
    label="eq:adjoint",
)

_LONG = row(
    *[
        x
        for n in range(5)
        for x in ((["+"] if n else []) + [c("t"), *[c(minus("t", k)) for k in range(1, n + 1)], b(minus("t", n + 1))])
    ]
)

STEPS = Derivation(
    (
        Line(a(t), "=", row(b(t), "+", c(t), a(minus("t", 1))), "definition"),
        Line(
            None,
            "=",
            row(b(t), "+", c(t), Paren(row(b(minus("t", 1)), "+", c(minus("t", 1)), a(minus("t", 2))))),
            ("substitute step ", minus("t", 1)),
        ),
        Line(
            None,
            "=",
            row(b(t), "+", c(t), b(minus("t", 1)), "+", c(t), c(minus("t", 1)), a(minus("t", 2))),
            "distribute; the order of the factors stays",
        ),
        Line(
            None,
            "=",
            row(b(t), "+", _LONG, "+", "cdots"),
            ("repeat down to step 1; the later factor stands on the left, because ", c(t), " acts last"),
        ),
        Line(None, "=", EXPANDED, "collect the products"),
    ),
    label="eq:expansion",
    key="expansion",
)


def _verdicts() -> Table:
    words: list[tuple[str, str, InlineLike]] = [
        ("Expansion of the recurrence", "PROVED", "induction on t, for every n and T"),
        ("Adjoint form equals forward form", "PROVED", "induction on t; also a Coq theorem"),
        (
            "Gradient of the softmax loss",
            "EXACT",
            row("Pr", "le", Script(Atom("10"), None, row("-", 16)), Words(" per trial")),
        ),
        (
            "Gradient, n = 8, T = 50",
            "AGREED",
            ("autograd, relative error ", row(Atom("4.4"), "cdot", Script(Atom("10"), None, row("-", 16)))),
        ),
        ("Product in ascending order", "REFUTED", ("witness at T = 3, n = 2; see ", Ref("eq:bptt"))),
        ("Comparison with torch", "NOT RUN", ("the package ", Code("torch"), " is not installed")),
    ]
    return Table(
        (Column("Claim"), Column("Verdict"), Column("Evidence")),
        tuple((claim, Strong(verdict), why) for claim, verdict, why in words),
        "Every claim of this report and how it was checked.",
        "tab:verdicts",
        "NOT RUN never counts as a pass.",
    )


def _long_table() -> Table:
    rows = [(str(n), f"{0.9**n:.3e}", "1.000", f"{1.1**n:.3e}", h(n)) for n in range(1, 61)]
    columns = (
        Column("lag", "right"),
        Column(("gain ", row("rho", "=", "0.9")), "right"),
        Column("gain 1", "right"),
        Column("gain 1.1", "right"),
        Column("state", "center"),
    )
    return Table(columns, tuple(rows), "Norm of the carried Jacobian after each lag.", "tab:lags")


def _plot() -> Plot:
    x = tuple(float(n) for n in range(0, 101, 2))
    curves = [
        Series(("gain ", Atom(f"{gain:g}")), x, tuple(gain**n for n in x), style(k))
        for k, gain in enumerate((0.8, 0.9, 1.0, 1.05, 1.1))
    ]
    bounds = [
        Series("upper bound", x, tuple(3 * 1.1**n for n in x), style(1, "dashed", "none")),
        Series("lower bound", x, tuple(0.3 * 0.8**n for n in x), style(0, "dashed", "none")),
    ]
    return Plot(
        (*curves, *bounds),
        ("lag ", row("t", "-", "i")),
        Norm(product("j", row("i", "+", 1), t, c(j))),
        log_y=True,
        caption=(
            "The product chain grows or vanishes geometrically; the dashed bounds follow from ",
            Ref("eq:bound"),
            ".",
        ),
        label="fig:chain",
        alt="Logarithmic plot of five straight lines: gains below one fall, one is level, above one rise.",
    )


def _diagram() -> Diagram:
    nodes = [Node("h0", 0, 0, h(0))]
    edges = []
    for n in (1, 2, 3):
        nodes += [
            Node(f"h{n}", 2 * n, 0, h(n), role="unknown"),
            Node(f"x{n}", 2 * n, -1, sub("x", n), "box"),
            Node(f"l{n}", 2 * n, 1, sub("ell", n), "box"),
        ]
        edges += [
            Edge(f"h{n - 1}", f"h{n}", W, "jacobian", 1.4),
            Edge(f"x{n}", f"h{n}", sub("W", "i"), "local"),
            Edge(f"h{n}", f"l{n}", sub("W", "o")),
        ]
    alt = "Three state circles in a row, joined by arrows W h; each has an input below and a loss above."
    return Diagram(
        tuple(nodes),
        tuple(edges),
        ("The network unrolled over ", row("T", "=", 3), " steps."),
        "fig:net",
        alt,
    )


REFERENCES = References(
    (
        Reference(
            "werbos",
            "P. J. Werbos",
            1990,
            "Backpropagation through time: what it does and how to do it",
            "Proc. IEEE 78(10)",
            "https://doi.org/10.1109/5.58337",
        ),
        Reference(
            "pascanu",
            "R. Pascanu, T. Mikolov & Y. Bengio",
            2013,
            "On the difficulty of training recurrent neural networks",
            "ICML",
            "https://arxiv.org/abs/1211.5063",
        ),
    )
)

CODE = """def backward(delta, h, W):      # "δ" is the adjoint
    for t in reversed(range(1, T + 1)):
        grad += np.outer(delta * (1 - h[t] ** 2), h[t - 1])
        delta = W.T @ (delta * (1 - h[t] ** 2))  # carried to the step before by the transposed Jacobian"""


def document() -> Document:
    """The whole sample."""
    return Document(
        "Backpropagation through time, step by step",
        "A tanh network with a softmax read-out",
        (
            "We derive ",
            d(LOSS, W),
            " for a recurrent network of any length, check every step (",
            Ref("tab:verdicts"),
            "), and show in ",
            Ref("fig:chain"),
            " why the result vanishes or explodes. The headline is ",
            Ref("eq:bptt"),
            ".",
        ),
        (
            Heading(1, "The network", "sec:net"),
            para(
                "The state ",
                h(t),
                " and the read-out ",
                sub(Accent(Atom("y"), "hat"), t),
                " are column vectors; time runs from 1 to ",
                T,
                ", as in ",
                Cite("werbos"),
                ". ",
                Ref("fig:net"),
                " shows the network unrolled. Its forward equations don’t hide anything:",
            ),
            Derivation(
                (
                    Line(h(t), "=", TANH, "the state"),
                    Line(sub(Accent(Atom("y"), "hat"), t), "=", SOFTMAX, "the read-out"),
                    Line(
                        LOSS,
                        "=",
                        row(
                            Frac(Atom("1"), T),
                            total(
                                "t",
                                1,
                                T,
                                Call(sub("ell", "t"), (sub("y", "t"), sub(Accent(Atom("y"), "hat"), t))),
                            ),
                        ),
                        "the mean loss",
                    ),
                ),
                "eq:forward",
            ),
            _diagram(),
            Note(
                (
                    "Products over time are ordered, ",
                    row(
                        product("j", row("i", "+", 1), t, c(j)),
                        "=",
                        c(t),
                        c(minus("t", 1)),
                        "cdots",
                        c(row("i", "+", 1)),
                    ),
                    ": the later factor stands on the left, and the empty product is the identity.",
                ),
                "convention",
            ),
            Heading(1, ("The recurrence ", FORMULAS["recurrence"]), "sec:rec"),
            para(
                "Blue marks what a step creates, red what carries it forward in time, "
                "and green the unknown. We expand it as in ",
                Ref("eq:expansion"),
                ".",
            ),
            STEPS,
            para("The same sum, read from the end, is the adjoint form, which costs one pass:"),
            ADJOINT,
            Heading(2, "The gradient"),
            Result(
                (Line(d(LOSS, W), "=", GRADIENT_SUM),),
                "eq:bptt",
                "Gradient with respect to the recurrent weights",
            ),
            para("For a cell with two states the Jacobian is a block matrix:"),
            Derivation((Line(sub("J", "t"), "=", BLOCK, "numerator layout"),)),
            Heading(2, "Why it vanishes or explodes"),
            Derivation(
                (
                    Line(
                        Norm(product("j", row("i", "+", 1), t, c(j))),
                        "le",
                        product("j", row("i", "+", 1), t, row(Norm(diag_h(j)), Norm(W))),
                        "submultiplicativity",
                    ),
                    Line(
                        None,
                        "le",
                        Script(Paren(row("gamma", Norm(W))), None, row("t", "-", "i")),
                        (row("gamma", "=", 1), " for tanh"),
                    ),
                ),
                "eq:bound",
            ),
            _plot(),
            Heading(1, "Evidence"),
            _verdicts(),
            Note(
                (
                    "A point at a kink is ",
                    Strong("reported"),
                    ", never judged. See ",
                    Cite("pascanu"),
                    " & ",
                    Link("the documentation", "https://example.org/a_b?c=1&d=~x#top"),
                    ".",
                ),
                "warning",
            ),
            KeepTogether(
                (
                    Heading(2, "The code"),
                    para(
                        "The backward pass uses ",
                        Code("np.outer(delta, h[t-1])"),
                        " and nothing from autograd:",
                    ),
                    CodeBlock(CODE, "python"),
                )
            ),
            Bullets(
                (
                    ("100 % of the steps are checked: ", Code("a_b"), " < c"),
                    ("Naïve façade, Łódź, Dvořák, “quotes” – and 梯度 in Chinese; ☃ has no glyph",),
                    (
                        "cost ",
                        row("approx", Call(Atom("O"), (row("T", Script(Atom("n"), None, Atom("2"))),))),
                    ),
                )
            ),
            _long_table(),
            Heading(1, "References"),
            REFERENCES,
        ),
        colophon=("Printed by bptt; the numbers come from one model."),
    )
