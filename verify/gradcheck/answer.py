"""Reading what somebody's function returned: names, shapes and kinds of number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.indices import value
from derive.run import name_of
from verify.gradcheck.convention import is_vector
from verify.gradcheck.result import Fault
from verify.problem import Problem
from verify.rounding import EPS


@dataclass
class Returned:
    """Gradients by name, in our shapes (rows, columns), as float64; ``eps`` is that of the coarsest kind of number."""

    gradients: dict[str, Array] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    eps: float = EPS
    loss: float | None = None


def read(result: Any, problem: Problem, left_out: Sequence[str] = ()) -> Returned:
    """Everything that was returned, by name, and a fault for what cannot be used."""
    found = Returned()
    found.loss, result = _apart(result)
    asked = {name_of(w): w for w in problem.sources}
    named = _by_name(result, tuple(asked), found)
    for name, given in named.items():
        if name in asked and given is not None:
            _take(found, problem, asked[name], given)
    if named:
        found.faults.extend(_names(named, asked, left_out))
    return found


def _apart(result: Any) -> tuple[float | None, Any]:
    """A loss, where it is returned in front of the gradients."""
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], (Mapping, tuple, list)):
        loss = np.asarray(result[0], dtype=object)
        if loss.size == 1 and isinstance(loss.item(), (int, float, np.floating)):
            return float(loss.item()), result[1]
    return None, result


def _by_name(result: Any, names: tuple[str, ...], found: Returned) -> dict[str, Any]:
    """A dict as it is; a tuple or list in the order of the parameters."""
    if isinstance(result, Mapping):
        if not result:
            found.faults.append(Fault("nothing", "your function returns an empty dict", mend=_wanted(names)))
        return dict(result)
    if isinstance(result, (tuple, list)) and len(result) == len(names):
        return dict(zip(names, result, strict=True))
    if isinstance(result, (tuple, list)):
        text = f"your function returns {len(result)} values, but there are {len(names)} gradients"
    else:
        text = f"your function returns {'None' if result is None else f'a {type(result).__name__}'}"
    found.faults.append(Fault("nothing", text, mend=_wanted(names)))
    return {}


def _wanted(names: tuple[str, ...]) -> str:
    return f"return a dict, or a tuple in this order: {', '.join(names)}"


def _names(named: Mapping[str, Any], asked: Mapping[str, Var], left_out: Sequence[str]) -> Iterator[Fault]:
    """Names that are missing, and names that nobody asked for."""
    missing = [name for name in asked if named.get(name) is None and name not in left_out]
    extra = [str(name) for name in named if name not in asked]
    for name in missing:
        meant = _meant(name, extra)
        mend = f"is it the one called '{meant}'?" if meant else f"if it is not wanted, --leave-out {name}"
        yield Fault("missing", f"no gradient of {name} is returned", name, mend)
    if extra:
        yield Fault("extra", f"there is no parameter called {', '.join(extra)}: not looked at", wrong=False)


def _meant(name: str, extra: Sequence[str]) -> str:
    """The name that comes nearest: dWh for W_h."""
    plain = {_plain(other): other for other in extra}
    near = get_close_matches(_plain(name), plain, n=1)
    return plain[near[0]] if near else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "").removeprefix("d")


def _take(found: Returned, problem: Problem, w: Var, given: Any) -> None:
    """One gradient, in our shape, or the fault that keeps it from being used."""
    name = name_of(w)
    try:
        raw = np.asarray(given)
        array = np.array(raw, dtype=float) if raw.dtype.kind in "fiub" else None
    except (TypeError, ValueError):
        array = None
    if array is None:
        text = f"the gradient of {name} is not an array of real numbers, but {_kind(given)}"
        found.faults.append(Fault("type", text, name))
        return
    if raw.dtype.kind == "f":
        found.eps = max(found.eps, float(np.finfo(raw.dtype).eps))
    fitted, fault = _fitted(array, problem, w)
    if fault is not None:
        found.faults.append(fault)
    if fitted is not None:
        found.gradients[name] = fitted


def _kind(given: Any) -> str:
    dtype = getattr(given, "dtype", None)
    return f"{type(given).__name__} of {dtype}" if dtype is not None else f"a {type(given).__name__}"


def _fitted(array: Array, problem: Problem, w: Var) -> tuple[Array | None, Fault | None]:
    """The array in our shape; in another one that shows what was meant, also the fault to name."""
    name, shape = name_of(w), tuple(value(size, problem.sizes) for size in w.shape)
    if array.shape == shape or (is_vector(w) and array.shape in (shape[:1], shape[::-1])):
        return array.reshape(shape), None
    wanted = f"{shape[:1] if is_vector(w) else shape}".replace(",)", ",)")
    text = f"the gradient of {name} has shape {array.shape}, the parameter has {wanted}"
    if array.shape == shape[::-1]:
        fault = Fault("transposed_shape", f"{text}: it is the transpose", name, f"return the transpose for {name}")
        return array.T.copy(), fault
    own = array.shape[1:] in (shape, shape[:1] if is_vector(w) else shape)
    for count, kind, what in _leading(problem):
        if own and array.shape[0] == count:
            fault = Fault(kind, f"{text}: one for every {what}", name, f"add them up over the {what}s")
            return None, fault
    return None, Fault("shape", text, name)


def _leading(problem: Problem) -> Iterator[tuple[int, str, str]]:
    yield problem.label["batch"], "per_sequence", "sequence"
    yield problem.steps, "per_step", "step"
