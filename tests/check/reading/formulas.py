"""Random formulas, as trees that can be written: hypothesis strategies for the round trip."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from verify.check.reading import tree as nodes
from verify.check.reading.tree import Name, Negative, Number, Tree

_Reaching = nodes.Product | nodes.Gradient | nodes.Derivative
_KINDS = ["", "", "·", "×", "*", "⊙", "∘", "⊗", "⊘"]
_FUNCTIONS = ["tanh", "exp", "log", "diag", "softmax", "vec", "ReLU"]
_LETTERS = [*"abchxyzWUVQ", "δ", "λ", "θ", "Φ", "ℓ"]

indices = st.sampled_from(
    [
        Name("t"),
        Name("i"),
        Number("1"),
        nodes.Add((Name("t"), Negative(Number("1")))),
        Name("hh"),
        Name("l", (Number("1"),)),
    ]
)
labels = st.one_of(st.none(), st.sampled_from([Number("2"), Name("e"), Name("e", font="mathrm"), Name("t"), Name("*")]))
letters = st.builds(
    Name,
    st.sampled_from(_LETTERS),
    st.lists(indices, max_size=2).map(tuple),
    labels,
    st.integers(0, 2),
    st.sampled_from(["", "", "bar", "hat", "tilde"]),
    st.sampled_from(["", "", "mathbf", "boldsymbol", "mathcal"]),
)
numbers = st.sampled_from(["0", "1", "2", "10", "0.5"]).map(Number)
variables = st.builds(Name, st.sampled_from("ijk"))
limits = st.one_of(st.none(), st.sampled_from([Number("1"), Name("t"), nodes.Add((Name("i"), Number("1")))]))
exponents = st.sampled_from(
    [Number("2"), Negative(Number("1")), Name("n"), nodes.Add((Name("t"), Negative(Name("i"))))]
)


def _rows(factors: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Products, in which a sign that reaches on may stand last only."""

    def product(parts: list[Tree], kinds: list[str]) -> Tree:
        return nodes.Times(tuple(parts), tuple(kinds[: len(parts) - 1]))

    return st.builds(
        product, st.lists(factors, min_size=2, max_size=4), st.lists(st.sampled_from(_KINDS), min_size=3, max_size=3)
    )


def _as_written(tree: _Reaching) -> Tree:
    """A first factor that cannot be written without brackets makes the extent bracketed."""
    body = tree.body if isinstance(tree, nodes.Product) else tree.of
    assert isinstance(body, nodes.Times)
    needs = isinstance(body.factors[0], _Reaching | nodes.Sum | nodes.Add | nodes.Negative | nodes.Times)
    return replace(tree, extent="bracketed") if needs else tree


def _open(rows: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    extents = st.sampled_from(["open", "bracketed"])
    signs = st.one_of(
        st.builds(nodes.Product, variables, limits.filter(bool), limits.filter(bool), rows, extents),
        st.builds(nodes.Gradient, st.one_of(st.none(), letters), rows, extents),
        st.builds(nodes.Derivative, rows, letters, st.just(False), st.just("subscript"), extents),
        st.builds(nodes.Derivative, rows, letters, st.booleans(), st.just("fraction"), extents),
    )
    return signs.map(_as_written)


def _larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    signed = st.one_of(inner, inner.map(Negative))
    rows = _rows(inner)
    return st.one_of(
        st.lists(signed, min_size=2, max_size=4).map(lambda terms: nodes.Add(tuple(terms))),
        rows,
        inner.map(Negative),
        _open(rows),
        st.builds(nodes.Quotient, inner, inner),
        st.builds(nodes.Power, inner, exponents),
        st.builds(nodes.Transposed, inner),
        st.builds(nodes.Indexed, inner.filter(lambda tree: not isinstance(tree, nodes.Norm)), st.tuples(indices)),
        st.builds(nodes.Applied, st.sampled_from(_FUNCTIONS).map(Name), st.tuples(inner)),
        st.builds(nodes.Applied, st.sampled_from([Name("f"), Name("φ", primes=1), Name("σ")]), several),
        st.builds(nodes.Sum, variables, limits, limits, inner),
        st.builds(nodes.Product, variables, limits, limits, inner),
        st.builds(nodes.Derivative, inner, letters, st.booleans()),
        st.builds(nodes.Derivative, inner, letters, st.just(False), st.just(""), st.just("closed"), st.just(True)),
        st.builds(nodes.Derivative, inner, letters, st.booleans(), st.just("fraction")),
        st.builds(nodes.Derivative, inner, letters, st.just(False), st.just("subscript")),
        st.builds(nodes.Gradient, st.one_of(st.none(), letters), inner),
        st.builds(nodes.Evaluated, inner, st.tuples(st.builds(nodes.Relation, letters, st.just("="), letters))),
        st.builds(nodes.Norm, inner, st.sampled_from("|‖"), st.one_of(st.none(), numbers)),
        st.builds(nodes.Listed, several, st.just("[")),
        st.builds(
            nodes.Matrix, st.tuples(several.filter(lambda row: len(row) == 2)), st.sampled_from(["pmatrix", "bmatrix"])
        ),
    )


formulas: st.SearchStrategy[Tree] = st.recursive(
    st.one_of(letters, numbers, st.just(nodes.Run())), _larger, max_leaves=12
)
