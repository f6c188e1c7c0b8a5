"""Gradients and lags in ball arithmetic, against FLINT's power series."""

from __future__ import annotations

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.run import name_of
from derive.theory import theories
from derive.unroll import place
from verify.comparison import at_lag
from verify.mutations.kind import Mutant
from verify.mutations.values import Claim, Values, looking
from verify.mutations.watch import Look, Outcome, Watch
from verify.oracles import balls
from verify.problem import Problem
from verify.rungs import Rung
from verify.verdicts import Verdict

_BITS = 256


def _start(derivation: Derivation, problem: Problem) -> Look:
    """Along one random direction for each parameter, with more bits than a small problem needs."""
    from verify.balls.arithmetic import Balls
    from verify.balls.directions import random_direction
    from verify.balls.forward import Run
    from verify.balls.judgement import Block, Key
    from verify.balls.power_series import PowerSeries
    from verify.balls.precision import working
    from verify.balls.scalars import UndecidableError

    along = {name_of(w): random_direction(problem.given[place(w)].shape) for w in problem.sources}
    with working(_BITS):
        forward, series = Run(problem, Balls()).table(), PowerSeries(problem)
        truth = {f"gradient.{name_of(w)}": series.gradient(w, along[name_of(w)].array) for w in problem.sources}
        for theory in theories(derivation.model):
            for w in theory.phase.parameters:
                rows = series.contributions(w, along[w.name].array)
                truth |= {f"lag.{w.name}.{lag}": at_lag(rows, lag, theory.single) for lag in range(rows.shape[1])}

    def refuted(claim: Claim, array: Array) -> bool:
        form, name = claim
        source = name.split(".")[1]
        block = Block(Key(source, form), array, truth[name], along[source], problem.label)
        return block.judged().verdict is Verdict.REFUTED

    look = looking(Values(derivation, forward), refuted)

    def precisely(mutant: Mutant) -> Outcome:
        with working(_BITS):
            try:
                return look(mutant)
            except UndecidableError:  # a wrong argument at a corner
                return Outcome.BLIND

    return precisely


WATCH = Watch("balls", "gradients", Rung.ENCLOSED, True, _start, balls.missing, balls.inapplicable)
