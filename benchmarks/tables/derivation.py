"""(a) How long a derivation takes, and how large it is, against T."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sympy.core.cache import clear_cache

from benchmarks.competitors.derivations import _network, ours
from benchmarks.competitors.listing import Competitor, competitors
from benchmarks.measuring.agreement import agree
from benchmarks.measuring.rounds import medians
from benchmarks.measuring.scale import Scale
from benchmarks.measuring.table import ABSENT, NOTHING, Table, judged, milliseconds

PLACE = 1

WANTED_MS = 10.0
"""For a derivation for any T."""
TIMES_CASADI = 2.0
"""For ours unrolled, at the one size that this is said of."""
LINEAR = 1.3
"""What a step of a longer sequence may cost, of a shorter one's, and still be called the same."""
AT = (3, 64)
UNROLLED, SX = "bptt, unrolled", "CasADi SX, unrolled"


def tables(scale: Scale) -> Iterator[Table]:
    """Times and sizes of everybody, at every (n, T)."""
    everybody = competitors("derivations")
    columns = ("", *(f"n={n}, T={steps}" for n, steps in scale.derivations))
    times = Table("(a) Deriving ∂L/∂W_h of an rnn: milliseconds", columns)
    sizes = Table("(a) What comes out: nodes, or instructions", columns)
    taken, large = zip(*(measured(everybody, n, steps, scale) for n, steps in scale.derivations), strict=True)
    for own in everybody:
        missing = ABSENT if own.absent else NOTHING
        times.add(own.title, *(milliseconds(at[own.title]) if own.title in at else missing for at in taken))
        sizes.add(own.title, *(f"{at[own.title]:,}" if own.title in at else missing for at in large))
    times.notes += [
        *_limits(everybody, scale),
        *_wanted(dict(zip(scale.derivations, taken, strict=True))),
    ]
    yield times
    yield sizes


def measured(
    everybody: tuple[Competitor, ...], n: int, steps: int, scale: Scale
) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds and sizes by title, of those who are there and come to an end; all agree before they are timed.

    SymPy remembers what it has differentiated: it is made to forget that before every call.  The derivation for any T
    is alone in its rounds: the scattered memory that expressions of 10⁵ nodes leave behind would make it depend on T.
    """
    fit = {own.title: own.module for own in everybody if not own.absent and not own.module.too_long(n, steps)}
    given = _network.drawn(n, steps)
    wanted = {"W_h": ours.gradient(ours.derive(n, steps), given)}
    sizes = {}
    for title, module in fit.items():
        found = module.derive(n, steps)
        agree(title, (None, {"W_h": module.gradient(found, given)}), (0.0, wanted))
        sizes[title] = module.size(found)
    works = {title: partial(module.derive, n, steps) for title, module in fit.items()}
    alone = {ours.TITLE: works.pop(ours.TITLE)}
    return medians(alone, scale.budget, clear_cache) | medians(works, scale.budget, clear_cache), sizes


def _limits(everybody: tuple[Competitor, ...], scale: Scale) -> Iterator[str]:
    for own in everybody:
        if note := getattr(own.module, "NOTE", ""):
            yield f"{own.title}: {note}."
        if any(own.module.too_long(n, steps) for n, steps in scale.derivations):
            yield f"{NOTHING} of {own.title}: {own.module.LIMIT}."


def _wanted(taken: dict[tuple[int, int], dict[str, float]]) -> Iterator[str]:
    slowest = max(at[ours.TITLE] for at in taken.values())
    yield f"{ours.TITLE}: at most {WANTED_MS} ms is wanted, at worst it is {judged(1e3 * slowest, WANTED_MS)} ms."
    longest = max(taken, key=lambda size: size[1])
    at, last = taken.get(AT, {}), taken[longest]
    if UNROLLED in at and SX in at:
        found = judged(at[UNROLLED] / at[SX], TIMES_CASADI)
        yield f"{UNROLLED} / {SX} at n={AT[0]}, T={AT[1]}: at most {TIMES_CASADI} is wanted, it is {found}."
    if UNROLLED in at and longest[1] > AT[1]:
        found = judged(last[UNROLLED] / at[UNROLLED] * AT[1] / longest[1], LINEAR)
        yield f"{UNROLLED}, a step at T={longest[1]} / a step at T={AT[1]}: 1 is linear, it is {found}."
