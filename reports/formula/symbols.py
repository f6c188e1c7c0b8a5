"""The symbol table and the colour roles: each symbol's form in every output, defined once.

The *kind* drives spacing: `ord` ordinary, `op` function-like, `bin` binary (or unary when nothing stands
before it), `rel` relation, `punct` punctuation, `prefix` binds to what follows (∂), `space` is blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["ord", "op", "bin", "rel", "punct", "prefix", "space"]


@dataclass(frozen=True)
class Symbol:
    """One symbol in LaTeX, Typst, Unicode and read aloud."""

    latex: str
    typst: str
    unicode: str
    spoken: str
    kind: Kind = "ord"


@dataclass(frozen=True)
class RoleStyle:
    """How a role looks, and what it stands for."""

    colour: str
    meaning: str


ROLES: dict[str, RoleStyle] = {
    "local": RoleStyle("#0b5fa5", "what a step creates (b_t)"),
    "jacobian": RoleStyle("#b3261e", "what carries it on (c_t)"),
    "unknown": RoleStyle("#1b7f3b", "what the recurrence defines (a_t)"),
}

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
_VARIANTS = {"epsilon": r"\varepsilon", "phi": r"\varphi"}
_LATEX_BUILT_IN = ("tanh", "exp", "log", "sin", "cos", "max", "min", "det", "Pr")
_NAMED = ("relu", "softmax", "diag", "vec", "lse", "tr", "rank", "sign", "softplus", "elu", "Var")


def _greek() -> dict[str, Symbol]:
    return {name: Symbol(_VARIANTS.get(name, "\\" + name), char, char, name) for name, char in _GREEK.items()}


def _functions() -> dict[str, Symbol]:
    built_in = {n: Symbol("\\" + n, f'op("{n}")', n, n, "op") for n in _LATEX_BUILT_IN}
    printed = {"relu": "ReLU", "elu": "ELU"}
    named = {n: _named_function(printed.get(n, n)) for n in _NAMED}
    return built_in | named


def _named_function(name: str) -> Symbol:
    return Symbol(rf"\operatorname{{{name}}}", f'op("{name}")', name, name, "op")


_OTHERS: dict[str, Symbol] = {
    "partial": Symbol(r"\partial", "∂", "∂", "partial", "prefix"),
    "nabla": Symbol(r"\nabla", "∇", "∇", "nabla", "prefix"),
    "differential": Symbol(r"\mathrm{d}", "upright(d)", "d", "d", "prefix"),
    "sum": Symbol(r"\sum", "∑", "∑", "sum", "op"),
    "prod": Symbol(r"\prod", "∏", "∏", "product", "op"),
    "sigmoid": Symbol(r"\sigma", "σ", "σ", "sigma"),
    "ell": Symbol(r"\ell", "ℓ", "ℓ", "ell"),
    "calL": Symbol("L", "L", "L", "L"),
    "real": Symbol(r"\mathbb{R}", "ℝ", "ℝ", "the real numbers"),
    "expect": Symbol(r"\mathbb{E}", "𝔼", "𝔼", "the expectation of", "op"),
    "one": Symbol(r"\mathbf{1}", "bold(1)", "𝟏", "the all-ones vector"),
    "infinity": Symbol(r"\infty", "∞", "∞", "infinity"),
    "top": Symbol(r"\top", "⊤", "⊤", "transpose"),
    "prime": Symbol(r"\prime", "′", "′", "prime"),
    "star": Symbol(r"\star", "⋆", "⋆", "star"),
    "cdots": Symbol(r"\cdots", "⋯", "⋯", "and so on"),
    "ldots": Symbol(r"\ldots", "…", "…", "and so on"),
    "vdots": Symbol(r"\vdots", "⋮", "⋮", "and so on down"),
    "ddots": Symbol(r"\ddots", "⋱", "⋱", "and so on diagonally"),
    "+": Symbol("+", "+", "+", "plus", "bin"),
    "-": Symbol("-", "−", "−", "minus", "bin"),
    "pm": Symbol(r"\pm", "±", "±", "plus or minus", "bin"),
    "cdot": Symbol(r"\cdot", "⋅", "·", "times", "bin"),
    "times": Symbol(r"\times", "×", "×", "times", "bin"),
    "odot": Symbol(r"\odot", "⊙", "⊙", "entrywise times", "bin"),
    "oslash": Symbol(r"\oslash", "⊘", "⊘", "divided entrywise by", "bin"),
    "otimes": Symbol(r"\otimes", "⊗", "⊗", "Kronecker times", "bin"),
    "oplus": Symbol(r"\oplus", "⊕", "⊕", "direct sum", "bin"),
    "circ": Symbol(r"\circ", "∘", "∘", "after", "bin"),
    "=": Symbol("=", "=", "=", "equals", "rel"),
    "eqdef": Symbol(r"\coloneqq", "≔", "≔", "is defined as", "rel"),
    "ne": Symbol(r"\ne", "≠", "≠", "is not", "rel"),
    "approx": Symbol(r"\approx", "≈", "≈", "is about", "rel"),
    "<": Symbol("<", "<", "<", "is less than", "rel"),
    ">": Symbol(">", ">", ">", "is greater than", "rel"),
    "le": Symbol(r"\le", "≤", "≤", "is at most", "rel"),
    "ge": Symbol(r"\ge", "≥", "≥", "is at least", "rel"),
    "ll": Symbol(r"\ll", "≪", "≪", "is much less than", "rel"),
    "gg": Symbol(r"\gg", "≫", "≫", "is much greater than", "rel"),
    "in": Symbol(r"\in", "∈", "∈", "in", "rel"),
    "sim": Symbol(r"\sim", "∼", "∼", "is distributed as", "rel"),
    "checkmark": Symbol(r"\checkmark", "✓", "✓", "right"),
    "crossmark": Symbol(r"\boldsymbol{\times}", "✗", "✗", "wrong"),
    "Vert": Symbol(r"\Vert", "‖", "‖", "norm", "ord"),
    "leftarrow": Symbol(r"\leftarrow", "←", "←", "becomes", "rel"),
    "to": Symbol(r"\to", "→", "→", "to", "rel"),
    "mapsto": Symbol(r"\mapsto", "↦", "↦", "maps to", "rel"),
    "implies": Symbol(r"\implies", "⟹", "⟹", "implies", "rel"),
    "iff": Symbol(r"\iff", "⟺", "⟺", "if and only if", "rel"),
    "mid": Symbol(r"\mid", "∣", "|", "given", "rel"),
    ":": Symbol(r"\colon", "\\:", ":", "such that", "punct"),
    ",": Symbol(",", "\\,", ",", "comma", "punct"),
    ";": Symbol(";", "\\;", ";", "semicolon", "punct"),
    ".": Symbol(".", "\\.", ".", "", "ord"),
    "thin": Symbol(r"\,", "thin", " ", "", "space"),
    "quad": Symbol(r"\quad", "quad", "   ", "", "space"),
    "": Symbol("{}", '""', "", "", "ord"),  # nothing, but an operand: the + after it is binary
}

SYMBOLS: dict[str, Symbol] = _greek() | _functions() | _OTHERS
BY_CHARACTER: dict[str, Symbol] = {s.unicode: s for s in SYMBOLS.values() if len(s.unicode) == 1}


def symbol(name: str) -> Symbol | None:
    """The table entry of a name, or of a single character that some entry prints; None for a literal."""
    if name in SYMBOLS:
        return SYMBOLS[name]
    return BY_CHARACTER.get(name) if len(name) == 1 and not name.isascii() else None
