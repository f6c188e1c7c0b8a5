"""The lemma a_t = b_t + c_t a_{t−1} ⟹ a_t = b_t + Σ_{i=1}^{t−1} (∏_{j=i+1}^{t} c_j) b_i, line by line.

(Zhang, Lipton, Li & Smola, Dive into Deep Learning, section 9.7, which states it for scalars; here the factors are
matrices, and their order is kept.)
"""

from __future__ import annotations

from derive.derivation import Prose, Section, Step
from derive.expr import Node
from derive.indices import s, t
from derive.prover import Descent, Induction, Rewriting, over
from derive.sums import Sum
from derive.theory import Theory

SECTION = Section(
    "expansion",
    "Solving the recurrence, line by line",
    ("Put the recurrence into itself, multiply out, and repeat. The later factor always stands on the left.",),
)
ENCODER = Section(
    "expansion",
    "Solving the recurrence of the encoder",
    ("By the same lemma.",),
)
_DEPTH = 3


def _substituted(theory: Theory, depth: int) -> Node:
    """b_t + c_t b_{t−1} + … + c_t⋯c_{t−depth+1} (b_{t−depth} + c_{t−depth} a_{t−depth−1})."""
    last = theory.b(t - depth) + theory.c(t - depth) @ theory.a(t - depth - 1)
    return _partial(theory, depth, last)


def _partial(theory: Theory, depth: int, last: Node) -> Node:
    total: Node = theory.b()
    chain: Node = theory.c()
    for back in range(1, depth):
        total = total + chain @ theory.b(t - back)
        chain = chain @ theory.c(t - back)
    return total + chain @ last


def _distributed(theory: Theory, depth: int) -> Node:
    """The same multiplied out, ending in a_{t−depth−1}."""
    return _partial(theory, depth + 1, theory.a(t - depth - 1))


def _lines(theory: Theory) -> list[Step]:
    lines = [
        Step("expansion.start", theory.a(), _partial(theory, 1, theory.a(t - 1)), "recurrence",
             ("The recurrence itself.",), (over(t, 1, theory.length),), Rewriting(start="recursion.short"))
    ]  # fmt: skip
    for depth in range(1, _DEPTH):
        inner = theory.a(t - depth)
        where = (over(t, depth + 1, theory.length),)
        substitute: Prose = ("Put in the recurrence for ", inner, ".")
        lines.append(
            Step(f"expansion.substitute{depth}", theory.a(), _substituted(theory, depth), "substitute", substitute,
                 where, Rewriting(using=("recursion.short",), start=lines[-1].key, at=(inner,)))
        )  # fmt: skip
        distribute: Prose = ("Multiply out; ", theory.c(t - depth), " joins the chain on the right.")
        lines.append(
            Step(f"expansion.distribute{depth}", theory.a(), _distributed(theory, depth), "distribute", distribute,
                 where, Rewriting(start=lines[-1].key, how="distributivity"))
        )  # fmt: skip
    return lines


def _stop(theory: Theory) -> Step:
    i = theory.early
    chain_to = theory.chain(t, s + 1)
    stopped = theory.b() + Sum(theory.chain(t, i + 1) @ theory.b(i), i, s + 1, t - 1) + chain_to @ theory.a(s)
    return Step(
        "expansion.stop", theory.a(), stopped, "repeat",
        ("After as many substitutions as you like, down to any earlier step ", s, "."),
        (over(t, 1, theory.length), over(s, 0, t - 1)), Descent("recursion.short", s),
    )  # fmt: skip


def solution(theory: Theory) -> tuple[Step, ...]:
    """The lemma itself, by induction."""
    i = theory.early
    collected = theory.b() + Sum(theory.chain(t, i + 1) @ theory.b(i), i, 1, t - 1)
    return (
        Step(
            "expansion.collect", theory.a(), collected, "collect",
            ("Go all the way to ", s, " = 0: the last term carries ", theory.a(0), " = 0 and falls away."),
            (over(t, 1, theory.length),), Induction("recursion.short", "recursion.start"),
        ),
        Step(
            "expansion.absorb", theory.a(), theory.expanded, "empty product",
            ("For ", i, " = ", t, " the product is empty, hence the identity: the lone ", theory.b(),
             " is the last term of the sum."),
            (over(t, 1, theory.length),), Rewriting(start="expansion.collect"),
        ),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    """Line by line for the phase with the losses; an encoder only needs the result."""
    if not theory.is_main:
        return solution(theory)
    return (*_lines(theory), _stop(theory), *solution(theory))
