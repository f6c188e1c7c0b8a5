"""One module of NumPy and nothing else: the generated gradient in readable names, and a check of itself."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from derive.compiled import support
from derive.compiled.functions import source
from derive.compiled.program import Program, compiled
from derive.compiled.stages import Stage
from derive.derivation import Derivation
from reports.exported.citations import Citations
from reports.exported.naming import Naming
from reports.exported.wrapping import rows, wrapped
from reports.formula.to_text import text
from reports.present import show

TITLE = "one module that needs nothing but NumPy, with a gradient check of its own"
SUFFIX = ".py"
STAGES = ("forward", "loss", "coefficients", "gradient")
_HELPERS = (support.joined, support.blocks, support.kron, support.commutation)
_TUPLE = re.compile(r"\(([^()]*[^()\s,][^()]*,[^(),]+),\s*\)")
"""A comma behind the last of several."""
_TEMPLATE = Path(__file__).parent.parent / "numpy_module.txt"
_FIRST = "The loss and the gradient of a recurrent network"
_ABOUT = {
    "forward": "The states of all steps, and what the way back needs of them.",
    "loss": "The mean loss of all sequences.",
    "coefficients": "What the sweep back reads of every step, computed for all steps at once.",
    "gradient": "The sweep back from the last step to the first, and every gradient as one large product.",
}


def written(derivation: Derivation, command: str) -> str:
    """Raises InputError for an encoder with a decoder."""
    program = compiled(derivation)
    sources = {name: source(program.stages[name], program.sizes) for name in _passes(program)}
    naming = Naming(program, "\n".join(sources.values()))
    citations = Citations(derivation, naming)
    functions = "\n\n\n".join(_function(name, naming.renamed(code), citations) for name, code in sources.items())
    filled = {
        "TITLE": textwrap.fill(f"{_FIRST}: {derivation.model.cell.title}.", 115),
        "COMMAND": command,
        "EQUATIONS": "\n".join(f"    {line}" for line in _equations(derivation)),
        "SECTIONS": "\n".join(f"    ({n}) {own.title}" for n, own in enumerate(derivation.sections, start=1)),
        "IMPORTS": ", ".join(_imports(functions)),
        "HELPERS": _helpers(functions),
        "FUNCTIONS": functions,
        "SHAPES": "\n".join(f"    {line}" for line in _shapes(program)),
        "AXES": "\n".join(f'    "{name}": "{axes}",' for name, axes in _axes(program)),
        "SIZES": ", ".join(naming.sizes.values()),
        "BODY": "\n".join(f"    {line}" for line in _body(program, naming)),
        "WANTED": "\n".join(rows([f'"{name}"' for name in program.stages["gradient"].results])),
        "TARGET": derivation.model.loss.targets,
        "TARGETS": program.model.readout.target.name,
    }
    return re.sub(r"@([A-Z]+)@", lambda match: filled[match[1]], _TEMPLATE.read_text(encoding="utf-8"))


def _passes(program: Program) -> list[str]:
    """Those that compute anything."""
    return [name for name in STAGES if program.stages[name].outputs]


def _equations(derivation: Derivation) -> Iterator[str]:
    for step in derivation.of("model"):
        if step.rule == "model":
            yield f"{text(show(step.lhs))} = {text(show(step.rhs))}"


def _function(name: str, code: str, citations: Citations) -> str:
    head, _, rest = code.rstrip().partition("\n")
    head = head.replace(f"def {name}(", f"def {name}_pass(")
    body = citations.cited(_TUPLE.sub(r"(\1)", rest)).splitlines()
    lines = [head, f'    """{_ABOUT[name]}"""', *body]
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


def _shapes(program: Program) -> Iterator[str]:
    for name, axes in _axes(program):
        yield f"{name}: ({axes.replace(' ', ', ')})"


def _body(program: Program, naming: Naming) -> Iterator[str]:
    """Every given array in rows, then one pass after the other."""
    for read in sorted(program.given, key=lambda own: int(own.target[1:])):
        kind, name = map(str, read.operands)
        if kind in ("input", "target"):
            yield f'{naming.of(read)} = asarray(given["{name}"], kind).reshape(-1, given["{name}"].shape[-2])'
        elif read.is_vector:
            row = f'array(given["{name}"], kind)'
            yield f"{naming.of(read)} = _row({row})"
        else:
            yield f'{naming.of(read)} = array(given["{name}"], kind)'
    for name in _passes(program):
        yield from _call(program.stages[name], naming)
    yield f"loss = float({naming.of(program.stages['loss'].results['loss'])}[0])"
    results = program.stages["gradient"].results.items()
    yield "gradients = {"
    yield from (f'    "{name}": {naming.of(value)},' for name, value in results)
    yield "}"


def _call(stage: Stage, naming: Naming) -> Iterator[str]:
    outputs = dict.fromkeys(naming.of(value) for value in stage.outputs)
    given = ", ".join([*naming.sizes.values(), "kind", *(naming.of(value) for value in stage.inputs)])
    call = f"{stage.name}_pass({given})"
    if len(outputs) == 1:
        yield from wrapped(f"({outputs.popitem()[0]},) = {call}", 4)
    elif len(", ".join(outputs)) < 80:
        yield from wrapped(f"{', '.join(outputs)} = {call}", 4)
    else:
        first, *others = wrapped(f") = {call}", 4)
        yield from ("(", *rows(list(outputs), "", 4), first, *others)
