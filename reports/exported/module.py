"""What every target shares: the derived gradient as readable functions of NumPy, a text with gaps that it fills.

Behind it stands the text of the target, which knows ``run``, ``back``, ``example`` and what else ``module.txt`` says.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from derive.compiled import support
from derive.compiled.functions import source
from derive.compiled.program import Program, compiled
from derive.compiled.stages import Stage
from derive.derivation import Derivation
from derive.errors import InputError
from derive.run import name_of
from reports.exported.calls import Calls
from reports.exported.citations import Citations
from reports.exported.naming import Naming
from reports.exported.starts import by_sequence
from reports.exported.wrapping import rows, wrapped
from reports.formula.to_text import text
from reports.present import show

_HELPERS = (support.joined, support.blocks, support.kron, support.commutation)
_TUPLE = re.compile(r"\(([^()]*[^()\s,][^()]*,[^(),]+),\s*\)")
"""A comma behind the last of several."""
_TEMPLATE = Path(__file__).parent / "module.txt"
_FIRST = "The loss and the gradient of a recurrent network"
_ABOUT = {
    "forward": "The states of all steps{of}, and what the way back needs of them.",
    "end": "What the last states{of} make of the initial ones of the next phase.",
    "loss": "The mean loss of all sequences.",
    "coefficients": "What the sweep back reads of every step{of}, computed for all steps at once.",
    "gradient": "The sweep back from the last step{of} to the first, and every gradient as one large product.",
}
"""By the last word of a stage's name; those before it say of which phase it is."""


def module(derivation: Derivation, command: str, own: Path, **filled: str) -> str:
    """The shared text with the ``own`` one of a target behind it; ``filled`` are further gaps, of both.

    Raises InputError for a cell with a node that no instruction is known for.
    """
    try:
        gaps = _gaps(derivation, command) | filled
    except NotImplementedError as error:
        what = f"cell '{derivation.model.cell.name}' cannot be written as a module: {error}"
        raise InputError(what, mend="bptt verify and bptt report know it all the same") from error
    whole = _TEMPLATE.read_text(encoding="utf-8") + "\n\n" + own.read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda match: gaps[match[1]], whole)


def _gaps(derivation: Derivation, command: str) -> dict[str, str]:
    program = compiled(derivation)
    stages = _stages(program)
    sources = {name: source(stage, program.sizes) for name, stage in stages.items()}
    naming = Naming(program, "\n".join(sources.values()))
    citations = Citations(derivation, naming)
    functions = "\n\n\n".join(_function(name, naming.renamed(code, name), citations) for name, code in sources.items())
    calls = Calls(program, stages, naming)
    return {
        "TITLE": textwrap.fill(f"{_FIRST}: {derivation.model.cell.title}.", 115),
        "COMMAND": command,
        "EQUATIONS": _indented(_equations(derivation)),
        "SECTIONS": _indented(f"({n}) {own.title}" for n, own in enumerate(derivation.sections, start=1)),
        "IMPORTS": ", ".join(_imports(functions)),
        "HELPERS": _helpers(functions),
        "FUNCTIONS": functions,
        "AXES": _indented(f'"{name}": "{axes}",' for name, axes in _axes(program)),
        "SIZES": ", ".join(calls.sizes),
        "THERE": _indented(calls.there()),
        "BACK": _indented(calls.back()),
        "WANTED": "\n".join(rows([f'"{name}"' for name in program.gradients])),
        "TARGET": derivation.model.loss.targets,
        "TARGETS": program.model.readout.target.name,
    }


def _indented(lines: Iterator[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _stages(program: Program) -> Mapping[str, Stage]:
    """Those that compute anything; an initial state may be another one for every sequence."""
    starts = set(map(name_of, program.model.initial_states))
    names = (*program.plan.there, *program.plan.back)
    found = {name: program.stages[name] for name in names if program.stages[name].outputs}
    apart = {name: own for name, own in found.items() if name in program.plan.back and starts & own.results.keys()}
    return found | {name: by_sequence(own, sorted(starts & own.results.keys())) for name, own in apart.items()}


def _equations(derivation: Derivation) -> Iterator[str]:
    for step in derivation.of("model"):
        if step.rule == "model":
            yield f"{text(show(step.lhs))} = {text(show(step.rhs))}"


def _function(name: str, code: str, citations: Citations) -> str:
    head, _, rest = code.rstrip().partition("\n")
    head = head.replace(f"def {name}(", f"def {name}_pass(")
    body = citations.cited(_TUPLE.sub(r"(\1)", rest)).splitlines()
    phase, _, kind = name.rpartition("_")
    about = _ABOUT[kind].format(of=f" of the {phase}" if phase else "")
    lines = [head, f'    """{about}"""', *body]
    return "\n".join(own for line in lines for own in wrapped(line))


def _imports(functions: str) -> list[str]:
    known = [name for name in support.NAMESPACE if hasattr(__import__("numpy"), name)]
    return sorted(name for name in known if name != "array" and re.search(rf"\b{name}\b", functions))


def _helpers(functions: str) -> str:
    """The few functions that are not NumPy's, as they stand in our own file."""
    used = [inspect.getsource(own) for own in _HELPERS if re.search(rf"\b{own.__name__}\(", functions)]
    plain = (re.sub(r"(\w+|\*\w+): [\w.]+|\s->\s[\w.]+", lambda m: m[1] or "", own).rstrip() for own in used)
    return "".join(f"\n\n{own}\n" for own in plain)


def _axes(program: Program) -> Iterator[tuple[str, str]]:
    for (_, name), axes in program.wanted.axes.items():
        yield name, " ".join(str(axis) for axis in axes).replace("batch", "B")
