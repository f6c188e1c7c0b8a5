"""Which network a file speaks of, where its reader does not say: the one that has the equations of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from derive import registry
from derive.errors import InputError
from verify.check.judge import FEW
from verify.check.links import count_links, judged
from verify.check.networks import Asked, Networks
from verify.check.quantities import own_names, roles
from verify.check.reading.document import ClaimLine
from verify.check.reading.tree import Applied, Name, Times, Tree
from verify.check.reading.walking import walk
from verify.check.schemes import readings
from verify.check.setting import Setting
from verify.check.vocabulary import describes, known_as, names_in
from verify.jets.field import Field

CELL, WIRING = "rnn", "every"
"""What is taken where the file does not tell; of the wiring, what the search begins with."""
_NAMES = 5
Score = tuple[int, int, int]
_OF_THEORY = frozenset("abδPg")
"""Letters that are defined by other letters, in any network."""
_CAPITALS = frozenset("WUVRCF")


def guessed(asked: Asked, claims: Sequence[ClaimLine], numbers: Field) -> Asked:
    """The question with a cell and a wiring in it, the cell being guessed from the equations of the file.

    Raises InputError for a network that there is not, and for a letter that is to stand for what no network has.
    """
    check_asked(asked)
    if asked.cell and asked.wiring:
        return asked
    equations = tuple(claim for claim in claims if _is_equation(claim))
    begun = replace(asked, cell=asked.cell or CELL, wiring=asked.wiring or WIRING)
    cells = [asked.cell] if asked.cell else _others_after("derive.cells", CELL)
    best = _best([replace(begun, cell=cell) for cell in cells], equations, names_in(claims), numbers)
    return best


def check_asked(asked: Asked) -> None:
    """Raises InputError where no network is meant, or none that has what a declared letter is to stand for."""
    cells = [asked.cell] if asked.cell else _others_after("derive.cells", CELL)
    complaints: list[InputError] = []
    for cell in cells:
        try:
            _check(replace(asked, cell=cell, wiring=asked.wiring or WIRING))
        except InputError as error:
            complaints.append(error)
        else:
            return
    raise complaints[0]


def _others_after(package: str, first: str) -> list[str]:
    return [first, *(name for name in registry.names(package) if name != first)]


def _is_equation(claim: ClaimLine) -> bool:
    """Whether it may say what the network is: of a quantity, with weights, a function or an entrywise product."""
    left = claim.chain[0].tree
    if count_links(claim) < 1 or not any(describes(*pair) for pair in pairwise(claim.chain)):
        return False
    if not isinstance(left, Name) or left.base in _OF_THEORY or left.accent == "bar":
        return False
    return any(_tells(own) for member in claim.chain[1:] for own in walk(member.tree))


def _tells(own: Tree) -> bool:
    if isinstance(own, Name):
        return own.base in _CAPITALS
    return isinstance(own, Applied) or (isinstance(own, Times) and "⊙" in own.kinds)


def _best(
    candidates: Sequence[Asked], claims: Sequence[ClaimLine], used: Sequence[Name], numbers: Field
) -> Asked:  # fmt: skip
    """The first of those in which the most claims hold, the fewest do not, and the most weights have a name."""
    chosen, most = candidates[0], (-1, 0, 0)
    for candidate in candidates if len(candidates) > 1 else ():
        for score in _scores(candidate, claims, used, numbers):
            if score > most:
                chosen, most = candidate, score
        if claims and most[0] == sum(map(count_links, claims)):
            break  # all of them hold
    return chosen


def _scores(asked: Asked, claims: Sequence[ClaimLine], used: Sequence[Name], numbers: Field) -> Iterator[Score]:
    """Under each of the likely names; nothing where there is no such network."""
    try:
        networks = Networks(asked, claims, numbers)
        variant = networks.variants[0]
        model = networks.model(variant)
    except InputError:
        return
    declared = asked.names or {}
    if not set(declared.values()) <= _things(asked):
        return
    weights = [own for own in used if own.base in _CAPITALS]
    for names in islice(readings(model, used, declared), _NAMES):
        network = networks(variant, names)
        every, after = judged(claims, Setting(network, names, most=FEW))
        links = [link for link in every if not link.is_definition]
        held = sum(bool(link.outcome.holds) and not link.alone for link in links)
        failed = sum(link.outcome.holds is False or link.alone for link in links)
        # A constant that has to be one, or nought, is that of another network: leaky with α = 1 is rnn.
        failed += sum(own in (network.whole.one, network.whole.zero) for own in after.constants.values())
        yield held - failed, -failed, sum(bool(known_as(own, names.table)) for own in weights)


def _things(asked: Asked) -> set[str]:
    """All that a letter may stand for.  Raises InputError for a network that there is not."""
    from derive.model import build

    cell, activation, wiring = asked.cell, asked.activation, asked.wiring
    model = (
        build(cell, variant=activation, wiring=wiring, loss=asked.loss) if asked.loss
        else build(cell, variant=activation, wiring=wiring)
    )  # fmt: skip
    return {*own_names(model), *roles(model)}


def _check(asked: Asked) -> None:
    things = _things(asked)
    for own, meant in (asked.names or {}).items():
        if meant not in things:
            raise InputError(
                f"'{own[:60]}' is to be '{meant[:60]}', which {asked.cell} has not", "--names",
                f"choose one of: {', '.join(sorted(things))}",
            )  # fmt: skip
