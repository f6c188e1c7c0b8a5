"""Sentences about training, made of its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reports.document.inline import Inline
from reports.formula.tree import Formula, row
from reports.numbers import fixed, scientific
from reports.truncation.names import plain, with_options
from verify.training.outcome import Outcome
from verify.training.result import Experiment, law

Group = Sequence[Outcome]
_MANY = 0.25
"""The share of the runs by which one strategy has to solve more than another for it to be called better."""
_SAME_COST = 0.95
_PLAIN = (0.001, 1000.0)


def called(group: Group) -> Inline:
    """A strategy with its options, and which others have the same runs."""
    also = ", ".join(plain(own.strategy) for own in group[1:])
    return (*with_options(group[0].strategy), *((f" (= {also})",) if also else ()))


def counted(count: int, whole: int) -> str:
    return f"{count} of {whole}"


def size(number: float) -> Formula:
    """Two or three digits: 0.016, 1.4, 3.1 × 10⁻⁶."""
    if number == float("inf"):
        return row("infinity")
    low, high = _PLAIN
    return row(f"{number:.2g}" if number < 100 else f"{number:.0f}") if low <= number < high else scientific(number)


def findings(own: Experiment) -> Iterator[Inline]:
    """What the numbers say, an item each."""
    yield from _direction(own)
    if turns(own):
        yield _reach(own)
    yield from (_told(own, group) for group in own.groups if group[0].strategy.is_random)
    yield from _noise(own)
    yield from _twins(own)
    full = own.of("full").quartiles()[1]
    if own.task.remark and any(out.quartiles()[1] < full for out in own.compared if out.strategy.is_random):
        yield (own.task.remark,)


def turns(own: Experiment) -> bool:
    """Whether a truncation of some length leads uphill."""
    return any(own.reach.right_from(along) != 1 for along in (own.reach.windows, own.reach.chunks))


def _joined(parts: Iterable[Inline]) -> Inline:
    found: Inline = ()
    for part in parts:
        found = (*found, *(("; ",) if found else ()), *part)
    return found


def _truncated(own: Experiment) -> list[Outcome]:
    """What leaves out the same terms every time."""
    return [group[0] for group in own.groups if not group[0].strategy.unbiased]


def _direction(own: Experiment) -> Iterator[Inline]:
    """Where the first gradient of a truncation leads, and where its runs end."""
    for out in _truncated(own):
        name, along = called((out,)), fixed(out.beginning.along, 2)
        first: Inline = (*name, ": its first gradient is ", along, " times the true one, along it, ")
        ends = f"{counted(out.solved(), out.runs)} runs are solved" + (
            f" and {out.diverged()} diverge" if out.diverged() else ""
        )
        if out.beginning.along < 0:
            yield (*first, f"which leads uphill; {ends}.")
        elif _clearly_fewer(out, own.of("full")):
            yield (*first, f"and yet {ends}: what is left out is small at first, but it is what the task needs.")
        else:
            yield (*first, f"and {ends}, of the full gradient's {counted(own.of('full').solved(), out.runs)}.")


def _reach(own: Experiment) -> Inline:
    """From which length on truncations lead downhill, and what became of training on both sides of it."""
    reach = own.reach
    window, chunks = (_from(reach.right_from(along)) for along in (reach.windows, reach.chunks))
    said: Inline = ("In sequences of ", row("T", "=", own.task.steps), " steps the first gradient of a sliding window "
                    "leads downhill ", *window, ", that of chunks ", *chunks, ".")  # fmt: skip
    trained = _joined(
        (*called((out,)), f": {counted(out.solved(), out.runs)} solved, {out.diverged()} diverge") for out in own.more
    )
    return (*said, " Trained on both sides of that: ", *trained, ".") if trained else said


def _from(turn: int | None) -> Inline:
    return ("at no length",) if turn is None else ("from ", row("tau", "=", turn), " on")


def _clearly_fewer(one: Outcome, other: Outcome) -> bool:
    """Whether fewer runs are solved, by more than a few."""
    return other.solved() - one.solved() > _MANY * other.runs


def _overlap(one: Outcome, other: Outcome) -> bool:
    """Whether the ranges between the quartiles have anything in common."""
    (low, _, high), (lower, _, higher) = one.quartiles(), other.quartiles()
    return low <= higher and lower <= high


def _told(own: Experiment, group: Group) -> Inline:
    """A random strategy against the truncations of the same mean length, and against the full gradient."""
    out, full = group[0], own.of("full")
    rivals = sorted(_truncated(own), key=lambda rival: (-rival.solved(), rival.quartiles()[1]))
    against = (*_against(out, rivals[0]), " ") if rivals else ()
    solved = f": solved in {counted(out.solved(), out.runs)} runs. "
    return (*called(group), solved, *against, *_against_full(out, full), *_saving(out, full), *_rates(own, out, full))


def _against(out: Outcome, rival: Outcome) -> Inline:
    name = called((rival,))
    if _clearly_fewer(rival, out):
        return ("Of the same mean length, ", *name, f" is solved in {counted(rival.solved(), rival.runs)}.")
    if _clearly_fewer(out, rival):
        return ("Here it is worse than ", *name, f", which is solved in {counted(rival.solved(), rival.runs)}.")
    medians = (" (median final loss ", size(out.quartiles()[1]), " against ", size(rival.quartiles()[1]), ").")
    if _overlap(out, rival):
        return ("Here it is no better than ", *name, *medians)
    word = "better" if out.quartiles()[1] < rival.quartiles()[1] else "worse"
    return (f"Here it is {word} than ", *name, *medians)


def _against_full(out: Outcome, full: Outcome) -> Inline:
    if _clearly_fewer(out, full):
        return (f"With the full gradient {counted(full.solved(), full.runs)} are solved.",)
    medians = (", ", size(out.quartiles()[1]), " against ", size(full.quartiles()[1]))
    if _overlap(out, full):
        return ("From the full gradient it is not to be told by the quartiles of the final loss.",)
    word = "lower" if out.quartiles()[1] < full.quartiles()[1] else "higher"
    return (f"Its median final loss is {word} than with the full gradient", *medians, ".")


def _saving(out: Outcome, full: Outcome) -> Inline:
    if out.cost.operations > _SAME_COST * full.cost.operations and out.cost.memory > _SAME_COST * full.cost.memory:
        return (" It costs as much as the full gradient.",)
    kept, whole = fixed(out.cost.memory, 0), fixed(full.cost.memory, 0)
    return (" Its longest reach is ", kept, " steps in the mean, instead of ", whole, ".")


def _rates(own: Experiment, out: Outcome, full: Outcome) -> Inline:
    """At which rates it diverges more often than the full gradient."""
    worse = [
        f"{counted(out.diverged(place), out.runs)} runs at {rate:g} times the rate (full: {full.diverged(place)})"
        for place, rate in enumerate(own.task.settings.rates)
        if out.diverged(place) > full.diverged(place)
    ]
    return (f" It diverges in {', in '.join(worse)}.",) if worse else ()


def _noise(own: Experiment) -> Iterator[Inline]:
    """Where a single estimate is mostly noise."""
    loud = [group for group in own.groups if group[0].beginning.noise > 1]
    if loud:
        parts = _joined((*called(group), ": ", fixed(group[0].beginning.noise, 1)) for group in loud)
        yield (
            "A single estimate is mostly noise. At the start its size is, relative to the true gradient, ",
            *parts,
            ".",
        )


def _twins(own: Experiment) -> Iterator[Inline]:
    """Strategies that are one here."""
    for group in own.groups:
        if len(group) > 1:
            names = _joined(with_options(out.strategy) for out in group)
            if len({law(out.strategy, own.task.steps) for out in group}) == 1:
                yield (*names, ": the same chances and the same factors, so they are one estimator.")
            else:
                yield (*names, ": different strategies, whose runs are the same in this task.")
