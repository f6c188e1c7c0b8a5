"""What the macros and the characters of the textbook dialect are: a kind of token and the sign that it stands for."""

from __future__ import annotations

from verify.check.reading.letters import CHARACTER_OF, FUNCTION_MACROS, HOUSE_MACROS

_OPERATORS = {
    "cdot": "·", "bullet": "·", "times": "×", "ast": "*", "star": "*", "odot": "⊙", "circ": "∘", "otimes": "⊗",
    "oslash": "⊘",
}  # fmt: skip
_RELATIONS = {
    "equiv": "≡", "triangleq": "≜", "doteq": "≐", "coloneqq": ":=", "coloneq": ":=", "defeq": ":=", "eqqcolon": "=:",
    "approx": "≈", "simeq": "≈", "cong": "≅", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "lt": "<", "gt": ">", "neq": "≠", "ne": "≠", "propto": "∝", "in": "∈", "notin": "∉", "sim": "∼",
    "to": "→", "rightarrow": "→", "longrightarrow": "→", "mapsto": "↦", "leftarrow": "←", "gets": "←", "ll": "≪",
    "gg": "≫", "colon": ":", "subset": "⊂", "subseteq": "⊆", "perp": "⊥",
}  # fmt: skip
_CLAIM_BREAKS = (
    "Rightarrow", "implies", "Longrightarrow", "iff", "Leftrightarrow", "Longleftrightarrow", "therefore", "because",
    "Leftarrow", "impliedby", "land", "wedge",
)  # fmt: skip
_OPENING = {"lbrack": "[", "lbrace": "{", "{": "{", "langle": "⟨", "lfloor": "⌊", "lceil": "⌈", "lparen": "("}
_CLOSING = {"rbrack": "]", "rbrace": "}", "}": "}", "rangle": "⟩", "rfloor": "⌋", "rceil": "⌉", "rparen": ")"}
_BARS = {"vert": "|", "mid": "|", "|": "‖", "Vert": "‖"}
_SIDED_BARS = {"lvert": ("|", "left"), "rvert": ("|", "right"), "lVert": ("‖", "left"), "rVert": ("‖", "right")}
_DOTS = ("dots", "ldots", "cdots", "dotsc", "dotsb", "dotsm", "dotsi", "dotso", "hdots", "vdots", "ddots")

MACROS: dict[str, tuple[str, str]] = {
    **{name: ("NAME", letter) for name, letter in CHARACTER_OF.items()},
    **{name: ("FUNCTION", name) for name in FUNCTION_MACROS},
    **{name: ("FUNCTION", word) for name, word in HOUSE_MACROS.items()},
    **{name: ("TIMES", sign) for name, sign in _OPERATORS.items()},
    **{name: ("RELATION", sign) for name, sign in _RELATIONS.items()},
    **dict.fromkeys(_CLAIM_BREAKS, ("BREAK", "")),
    **{name: ("OPEN", sign) for name, sign in _OPENING.items()},
    **{name: ("CLOSE", sign) for name, sign in _CLOSING.items()},
    **{name: ("BAR", sign) for name, sign in (_BARS | {n: s for n, (s, _) in _SIDED_BARS.items()}).items()},
    **dict.fromkeys(_DOTS, ("DOTS", "…")),
    "partial": ("PARTIAL", "∂"),
    "nabla": ("NABLA", "∇"),
    "sum": ("BIG", "Σ"),
    "prod": ("BIG", "∏"),
    "frac": ("FRAC", ""),
    "dfrac": ("FRAC", ""),
    "tfrac": ("FRAC", ""),
    "cfrac": ("FRAC", ""),
    "sqrt": ("SQRT", ""),
    "top": ("TRANSPOSE", "T"),
    "intercal": ("TRANSPOSE", "T"),
    "transpose": ("TRANSPOSE", "T"),
    "prime": ("PRIME", "'"),
    "dagger": ("TIMES", "*"),
    "forall": ("FORALL", "∀"),
    "quad": ("QUAD", ""),
    "qquad": ("QUAD", ""),
    "\\": ("ROW", ""),
    "newline": ("ROW", ""),
    "cr": ("ROW", ""),
}
SIDES: dict[str, str] = {
    "left": "left", "right": "right", "middle": "", **{name: side for name, (_, side) in _SIDED_BARS.items()},
    **{size + end: side for size in ("big", "Big", "bigg", "Bigg") for end, side in
       (("", "big"), ("l", "left"), ("r", "right"), ("m", ""))},
}  # fmt: skip
"""Macros before a delimiter, and the sided bars: on which side of its content it stands."""

CHARACTERS: dict[str, tuple[str, str]] = {
    "+": ("SIGN", "+"), "-": ("SIGN", "-"), "−": ("SIGN", "-"), "–": ("SIGN", "-"), "*": ("TIMES", "*"),
    "·": ("TIMES", "·"), "⋅": ("TIMES", "·"), "×": ("TIMES", "×"), "⊙": ("TIMES", "⊙"), "∘": ("TIMES", "∘"),
    "⊗": ("TIMES", "⊗"), "⊘": ("TIMES", "⊘"), "/": ("SLASH", "/"), "=": ("RELATION", "="), "<": ("RELATION", "<"),
    ">": ("RELATION", ">"), "≤": ("RELATION", "≤"), "≥": ("RELATION", "≥"), "≠": ("RELATION", "≠"),
    "≈": ("RELATION", "≈"), "≡": ("RELATION", "≡"), "∝": ("RELATION", "∝"), "∈": ("RELATION", "∈"),
    "→": ("RELATION", "→"), ":": ("RELATION", ":"), "(": ("OPEN", "("), "[": ("OPEN", "["), "⟨": ("OPEN", "⟨"),
    ")": ("CLOSE", ")"), "]": ("CLOSE", "]"), "⟩": ("CLOSE", "⟩"), "|": ("BAR", "|"), "‖": ("BAR", "‖"),
    ",": ("COMMA", ","), ";": ("COMMA", ";"), ".": ("PERIOD", "."), "_": ("SUB", "_"), "^": ("SUP", "^"),
    "'": ("PRIME", "'"), "′": ("PRIME", "'"), "’": ("PRIME", "'"), "&": ("AMP", "&"), "{": ("LBRACE", "{"),
    "}": ("RBRACE", "}"), "∂": ("PARTIAL", "∂"), "∇": ("NABLA", "∇"), "∑": ("BIG", "Σ"), "∏": ("BIG", "∏"),
    "…": ("DOTS", "…"), "⋯": ("DOTS", "…"), "⊤": ("TRANSPOSE", "T"), "∀": ("FORALL", "∀"), "⇒": ("BREAK", ""),
    "⇔": ("BREAK", ""), "∴": ("BREAK", ""),
    **{letter: ("NAME", letter) for letter in CHARACTER_OF.values()},
}  # fmt: skip
"""Characters as they are typed or pasted."""

SPACES = frozenset([
    ",", ";", ":", "!", ">", " ", "thinspace", "medspace", "thickspace", "negthinspace", "enspace", "enskip",
    "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits", "mathstrut", "strut",
    "relax", "nonumber", "notag", "hfill", "hfil", "break", "nobreak", "allowbreak", "noindent", "par", "tiny", "small",
    "footnotesize", "normalsize", "large", "Large", "LARGE", "centering", "begingroup", "endgroup", "mathclap",
    "mathllap", "mathrlap",
])  # fmt: skip
"""Macros that show nothing and take no argument."""
EXPLICIT_SPACES = frozenset([",", ";", ":", ">", " ", "thinspace", "medspace", "thickspace", "enspace"])
"""Those that an author puts between factors: what follows is no argument of a letter before it."""

ARGUMENTS: dict[str, str] = {
    "label": "d", "tag": "d", "tag*": "d", "hspace": "d", "hspace*": "d", "vspace": "d", "vspace*": "d", "color": "d",
    "target": "d", "hypertarget": "dd", "phantom": "d", "hphantom": "d", "vphantom": "d", "eqref": "d", "ref": "d",
    "cite": "d", "footnote": "d", "mskip": "", "textcolor": "dk", "role": "dk", "colorbox": "dk", "fitmath": "dk",
    "hyperlink": "dk", "boxed": "k", "fbox": "k", "ensuremath": "k", "mathopen": "k", "mathclose": "k", "mathord": "k",
    "mathbin": "k", "mathrel": "k", "mathinner": "k", "mathop": "k", "smash": "k", "underline": "k", "raisebox": "dk",
    "scalebox": "dk", "whytag": "d", "numbertag": "d", "overset": "dk", "underset": "dk",
    "stackrel": "dk",
}  # fmt: skip
"""What becomes of the arguments of a macro that has no meaning for the formula: d dropped, k kept."""
NOTED = frozenset({"underbrace", "overbrace"})
"""Their script is a remark."""
OTHER_FILES = frozenset(
    {"input", "include", "subfile", "import", "verbatiminput", "lstinputlisting", "InputIfFileExists"}
)
"""Macros that name another file, which is never opened."""
FLAT = frozenset({"aligned", "alignedat", "gathered", "split", "multlined"})
"""Environments that only lay out."""
MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array"})
