"""The calls of the generated functions: on the way there, from the given arrays to the loss, and on the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from derive.compiled.program import Program
from derive.compiled.stages import Stage
from reports.exported.naming import Naming
from reports.exported.wrapping import rows, wrapped


class Calls:
    """Of the ``stages`` of a program, without those that compute nothing, in the order in which they run."""

    def __init__(self, program: Program, stages: Mapping[str, Stage], naming: Naming) -> None:
        self.program, self.stages, self.naming = program, stages, naming
        self.sizes = list(naming.sizes.values())

    @property
    def kept(self) -> list[str]:
        """What the way back reads of the way there."""
        back = [self.stages[name] for name in self.program.plan.back if name in self.stages]
        made = {self.naming.of(value) for stage in back for value in stage.outputs}
        read = dict.fromkeys(self.naming.of(value) for stage in back for value in stage.inputs)
        return [name for name in read if name not in made]

    def there(self) -> Iterator[str]:
        """Every given array in rows, the passes, and what ``run`` returns."""
        for read in sorted(self.program.given, key=lambda own: int(own.target[1:])):
            kind, name = map(str, read.operands)
            if kind in ("input", "target"):
                rows_ = f'asarray(given["{name}"], kind).reshape(-1, given["{name}"].shape[-2])'
            else:
                rows_ = f'_row(array(given["{name}"], kind))' if read.is_vector else f'array(given["{name}"], kind)'
            yield f"{self.naming.of(read)} = {rows_}"
        yield from self._called(self.program.plan.there)
        yield from _listed("kept = ", self.kept)
        loss = self.naming.of(self.program.stages["loss"].results["loss"])
        yield f"return float({loss}[0]), ({', '.join([*self.sizes, 'kind'])}), kept"

    def back(self) -> Iterator[str]:
        """The passes from what was kept, and what ``back`` returns."""
        yield f"{', '.join([*self.sizes, 'kind'])} = numbers"
        yield from _listed("", self.kept, " = kept")
        yield from self._called(self.program.plan.back)
        yield "return {"
        for name, value in self.program.gradients.items():
            yield f'    "{name}": {self.naming.of(value)},'
        yield "}"

    def _called(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            if name in self.stages:
                yield from self._call(self.stages[name])

    def _call(self, stage: Stage) -> Iterator[str]:
        outputs = list(dict.fromkeys(self.naming.of(value) for value in stage.outputs))
        given = ", ".join([*self.sizes, "kind", *(self.naming.of(value) for value in stage.inputs)])
        yield from _listed("", outputs, f" = {stage.name}_pass({given})")


def _listed(before: str, names: Sequence[str], behind: str = "") -> Iterator[str]:
    """A tuple between two texts, on lines of its own where it is long."""
    if len(names) == 1:
        yield from wrapped(f"{before}({names[0]},){behind}", 4)
    elif len(", ".join(names)) < 80:
        yield from wrapped(f"{before}{', '.join(names)}{behind}", 4)
    else:
        yield from (f"{before}(", *rows(list(names), "", 4), *wrapped(f"){behind}", 4))
