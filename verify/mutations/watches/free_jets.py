"""Gradients and lags in exact arithmetic, at one random point modulo a random prime."""

from __future__ import annotations

from functools import cache

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.run import name_of
from derive.theory import Theory, theories
from verify.mutations.values import Claim, Values, looking
from verify.mutations.watch import Look, Watch
from verify.oracles import free_jets
from verify.problem import Problem
from verify.rungs import Rung

_BITS = 61


def _start(derivation: Derivation, problem: Problem) -> Look:
    """Along one random direction for each parameter, as the oracle compares them."""
    from verify.jets.claims import Point, Slopes
    from verify.jets.field import Modular, random_prime
    from verify.jets.free import Free

    model = derivation.model
    point = Point(model, problem.sizes, Free(Modular(random_prime(_BITS))))
    tied = Slopes(point, {(name_of(w), None): w for w in problem.sources})
    by_name = {w.name: (theory, w) for theory in theories(model) for w in theory.phase.parameters}
    copies = Slopes(point, {
        (name, step): w for name, (theory, w) in by_name.items() for step in _steps(theory, problem)
    })  # fmt: skip

    @cache
    def truth(claim: str) -> list[object]:
        name, *lag = claim.split(".")[1:]
        return copies.at_lag(*by_name[name], int(lag[0])) if lag else tied.total((name, None))

    def refuted(claim: Claim, array: Array) -> bool:
        name = claim[1].split(".")[1]
        return point.claimed(name, array) != truth(claim[1])

    return looking(Values(derivation, point.forward), refuted)


def _steps(theory: Theory, problem: Problem) -> range:
    return range(1, problem.sizes[theory.length] + 1)


WATCH = Watch("free_jets", "gradients", Rung.EXACT, True, _start, free_jets.missing, free_jets.inapplicable)
