"""Of gradients that are wrong: where they are, the smallest example, and the known mistakes that account for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derive import registry
from verify.gradcheck.lags import said
from verify.gradcheck.patterns import Difference, pattern
from verify.gradcheck.result import Example, Mistake, Where
from verify.gradcheck.suspicion import Seen
from verify.gradcheck.trial import Trial

MISTAKES = "verify.gradcheck.mistakes"


def wrong_names(compared: Sequence[Trial]) -> tuple[str, ...]:
    """What is wrong on any problem, in the order of the parameters."""
    return tuple(name for name in compared[0].case.names if any(name in trial.wrong for trial in compared))


def seen_in(compared: Sequence[Trial]) -> Seen:
    """The wrong gradients that are numbers on all problems: what is not finite has no explanation but itself."""
    finite = [name for name in wrong_names(compared) if all(name in trial.comparable for trial in compared)]
    eps = max(trial.returned.eps for trial in compared)
    return Seen([trial.case for trial in compared], [trial.comparable for trial in compared], tuple(finite), eps)


def located(seen: Seen, compared: Sequence[Trial], lengths: Mapping[str, int]) -> dict[str, Where]:
    """Where each wrong gradient is wrong; ``lengths`` are the shortest sequences that show it."""
    return {name: _where(name, seen, compared, lengths) for name in wrong_names(compared)}


def _where(name: str, seen: Seen, compared: Sequence[Trial], lengths: Mapping[str, int]) -> Where:
    trial = next(trial for trial in compared if name in trial.wrong)
    theirs, ours = trial.returned.gradients[name], trial.case.ours[name]
    difference = Difference(theirs, ours, trial.case.allowed(name, theirs, trial.returned.eps))
    kind, text = pattern(difference)
    shares = seen.shares(name) if name in seen.wrong else None
    return Where(
        wrong=int(difference.wrong.sum()),
        entries=difference.wrong.size,
        pattern=kind,
        text=text,
        first={"T": lengths[name]} if name in lengths else {},
        shares=shares.weights if shares else (),
        lags=said(shares) if shares else "",
    )


def example(trial: Trial) -> Example:
    """The first wrong gradient of a problem, in full."""
    name, case = trial.wrong[0], trial.case
    yours, ours = (tuple(map(tuple, array.tolist())) for array in (trial.returned.gradients[name], case.ours[name]))
    return Example(case.problem.label, name, yours, ours, case.problem)


def mistakes(seen: Seen) -> tuple[Mistake, ...]:
    """As few known mistakes as account for as much as possible."""
    return tuple(_fewest(_suspected(seen), seen.wrong)) if seen.wrong else ()


def _suspected(seen: Seen) -> list[Mistake]:
    """All that account for something, the preferred reasons first, up to one that accounts for everything."""
    modules = [registry.load(MISTAKES, name, "mistake") for name in registry.names(MISTAKES)]
    found: list[Mistake] = []
    for module in sorted(modules, key=lambda module: module.ORDER):
        found.extend(module.mistakes(seen))
        if any(mistake.whole for mistake in found):
            break
    return found


def _fewest(suspected: Sequence[Mistake], wrong: Sequence[str]) -> Iterator[Mistake]:
    """First one that predicts everything, or accounts for most; then what accounts for most of the rest."""
    left = set(wrong)
    while left and suspected:
        best = max(suspected, key=lambda mistake: (mistake.whole, len(left.intersection(mistake.explains))))
        if left.isdisjoint(best.explains):
            return
        yield best
        left -= set(best.explains)
