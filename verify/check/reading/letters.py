"""Letters and words: Greek, fonts, accents, and the words that are functions."""

from __future__ import annotations

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ",
    "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
OTHER_LETTERS = {"ell": "ℓ", "infty": "∞", "emptyset": "∅", "hbar": "ħ", "imath": "ı", "jmath": "ȷ"}
CHARACTER_OF = GREEK | OTHER_LETTERS
MACRO_OF = {character: "\\" + macro for macro, character in CHARACTER_OF.items()}

WORD_FONTS = frozenset({"mathrm", "mathsf", "mathtt", "mathit", "operatorname"})
"""Fonts in which letters in a row are one word."""
LETTER_FONTS = frozenset(
    {"mathbf", "boldsymbol", "bm", "mathcal", "mathbb", "mathfrak", "mathscr", "vec", "pmb", "symbf"}
)
FONT_SWITCHES = {"rm": "mathrm", "bf": "mathbf", "cal": "mathcal", "it": "mathit"}
"""Those that hold to the end of the group, as in {\\bf h}."""
TEXT_FONTS = frozenset({"text", "textrm", "textit", "textbf", "textsf", "texttt", "textnormal", "mbox", "hbox"})

ACCENTS = {
    "bar": "bar", "overline": "bar", "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve", "mathring": "mathring",
}  # fmt: skip

FUNCTION_MACROS = frozenset(
    [
        "tanh",
        "exp",
        "log",
        "ln",
        "lg",
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "coth",
        "arcsin",
        "arccos",
        "arctan",
        "max",
        "min",
        "sup",
        "inf",
        "arg",
        "det",
        "Pr",
        "dim",
        "ker",
        "gcd",
        "deg",
        "hom",
    ]
)
HOUSE_MACROS = {
    "diag": "diag", "Diag": "diag", "softmax": "softmax", "sigmoid": "sigmoid", "relu": "ReLU", "ReLU": "ReLU",
    "sech": "sech", "tr": "tr", "Tr": "tr", "trace": "tr", "vect": "vec", "vecop": "vec", "sign": "sign", "sgn": "sign",
    "Var": "Var", "argmax": "argmax", "argmin": "argmin",
}  # fmt: skip
"""Macros that LaTeX does not have and most authors define so."""
WORDS = FUNCTION_MACROS | frozenset(
    [
        "diag",
        "Diag",
        "vec",
        "softmax",
        "sigmoid",
        "relu",
        "ReLU",
        "elu",
        "ELU",
        "softplus",
        "sech",
        "csch",
        "artanh",
        "arctanh",
        "tr",
        "Tr",
        "trace",
        "sign",
        "sgn",
        "rank",
        "Var",
        "Cov",
        "lse",
        "logsumexp",
        "logsoftmax",
        "blockdiag",
        "sqrt",
        "argmax",
        "argmin",
        "concat",
        "norm",
        "abs",
    ]
)
"""Words that are functions, set upright or just typed."""
