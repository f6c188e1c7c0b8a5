"""The compiled gradient as a claim: right code is judged so on every rung, and code with an error in it is refuted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from derive.build import scale
from derive.compile import Gradient, compile_gradient
from derive.compiled.bound.calls import BoundProgram
from derive.compiled.exact import InexactError, rational
from derive.derivation import Derivation
from derive.errors import InputError
from derive.run import FORMS
from reports.evidence_json import evidence_json
from tests.compiled.models import EVERY, EXTRAS, VARIANTS
from tests.derive.models import Names, derived, model
from verify.comparison import Subject
from verify.generated import code as generated_code
from verify.generated.code import FORM, Code, Generated
from verify.generated.faithful import check_code
from verify.judge import evidence
from verify.oracles import (
    autograd_reverse,
    balls,
    central_differences,
    complex_step,
    dot_test,
    forward_mode,
    free_jets,
    taylor,
)
from verify.problem import Problem, random_problem
from verify.rungs import INTERPRETER
from verify.verdicts import Finding, Verdict

Judge = Callable[[Subject], Iterable[Finding]]
SHARP: dict[str, Judge] = {
    "interpreter": check_code, "autograd": autograd_reverse.judge, "forward mode": forward_mode.judge,
    "complex step": complex_step.judge, "dot test": dot_test.judge,
}  # fmt: skip
RIGOROUS: dict[str, Judge] = {"free jets": free_jets.judge, "balls": balls.judge}
COARSE: dict[str, Judge] = {"differences": central_differences.judge, "taylor": taylor.judge}
SMALLEST = {"steps": 1, "batch": 1, "hidden": 1, "inputs": 1, "outputs": 1}
RNN, GRU, LSTM = Names(), Names("gru", ""), Names("lstm", "")


def problem(names: Names, **sizes: int) -> Problem:
    return random_problem(model(names), **{"steps": 3, "hidden": 2, "batch": 2, "seed": 1, **sizes})


def subject(of: Problem, derivation: Derivation, code: Code | None = None) -> Subject:
    generated = Generated(derivation)
    if code is not None:
        generated.__dict__["_found"] = code, ""
    return Subject(of, derivation, (FORMS[-1],), generated=generated)


def said(judge: Judge, of: Subject) -> list[Finding]:
    """What is said of the generated code."""
    with np.errstate(all="ignore"):
        return [finding for finding in judge(of) if finding.form == FORM]


@pytest.mark.parametrize("names", (*EVERY, *VARIANTS, *EXTRAS), ids=str)
def test_every_model_is_judged_on_every_rung(names: Names) -> None:
    """T = 1, n = 1 and a batch of one included; a gradient that is zero there is so in balls, too."""
    for sizes in ({}, SMALLEST):
        of = problem(names, **sizes)
        own = subject(of, derived(names))
        gradients = {f"gradient.{name}" for name in own.code.run(own.code.given(of.given, of.sizes))[1]}  # type: ignore[union-attr]
        for judge, verdict, claims in (
            (check_code, Verdict.AGREED, gradients | {"loss"}),
            (complex_step.judge, Verdict.AGREED, gradients),
            (free_jets.judge, Verdict.EXACT, gradients),
            (balls.judge, Verdict.ENCLOSED, gradients),
        ):
            found = said(judge, own)
            assert [f for f in found if f.verdict is not verdict] == []
            assert {f.claim for f in found} == claims


def altered(gradient: Gradient, change: Callable[[list[str]], list[str]]) -> Code:
    """Code with another source."""
    bound = BoundProgram(gradient.bound.whole, gradient.bound.sizes)
    bound.__dict__["source"] = "\n".join(change(gradient.bound.source.splitlines())) + "\n"
    other = Gradient(gradient.derivation)
    other.__dict__["bound"] = bound
    return Code(other)


def line(lines: list[str], start: str, after: str = "") -> int:
    """Where the first line stands that starts so, behind the first one that starts with ``after``."""
    first = next(place for place, text in enumerate(lines) if text.strip().startswith(after))
    return next(place for place in range(first + 1, len(lines)) if lines[place].strip().startswith(start))


def exchanged(place: int, text: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [*lines[:place], lines[place][: -len(lines[place].lstrip())] + text, *lines[place + 1 :]]


def statements(gradient: Gradient) -> Iterator[tuple[str, Code]]:
    """Every sum and product in the function itself with another operation in its place, one after the other."""
    lines = gradient.bound.source.splitlines()
    start = line(lines, "def whole")
    shifts = [text for text in lines if "maximum.reduce" in text]
    for place in range(start + 1, len(lines)):
        text = lines[place].strip()
        for old, new in (("add(", "subtract("), ("multiply(", "add("), ("subtract(", "add(")):
            shift = text.startswith("subtract(") and any(text.split(", ")[1] in own for own in shifts)
            if text.startswith(old) and not shift:
                yield text, altered(gradient, exchanged(place, text.replace(old, new, 1)))


def wrong_gradients(code: Code, of: Problem, right: Code) -> set[str]:
    """The gradients that an alteration changes on this problem, if only by as much as floats show."""
    with np.errstate(all="ignore"):
        found, wanted = (own.run(own.given(of.given, of.sizes))[1] for own in (code, right))
    return {name for name in wanted if not np.allclose(found[name], wanted[name], rtol=1e-6, atol=0)}


@pytest.mark.parametrize(("names", "every"), ((RNN, 1), (LSTM, 6)), ids=str)
def test_an_error_in_a_statement_is_refuted_by_all_that_judge_the_code(names: Names, every: int) -> None:
    """Where it shows in a number; what changes the loss alone, the interpreter sees."""
    gradient = compile_gradient(derived(names))
    of, count = problem(names), 0
    for text, code in list(statements(gradient))[::every]:
        own = subject(of, derived(names), code)
        wrong = {f"gradient.{name}" for name in wrong_gradients(code, of, Code(gradient))}
        judges = {**SHARP, **RIGOROUS} if wrong else {"interpreter": check_code}
        for name, judge in judges.items():
            refuted = {f.claim for f in said(judge, own) if f.verdict is Verdict.REFUTED}
            assert refuted >= wrong and refuted, (text, name, wrong - refuted)
        count += bool(wrong)
    assert count >= 6


def test_coarse_oracles_refute_a_wrong_sign() -> None:
    gradient = compile_gradient(derived(RNN))
    lines = gradient.bound.source.splitlines()
    place = line(lines, "subtract(", after="tanh(")
    one = next(p for p in range(place, len(lines)) if "subtract(c" in lines[p])
    code = altered(gradient, exchanged(one, lines[one].strip().replace("subtract(", "add(")))
    for judge in COARSE.values():
        assert Verdict.REFUTED in {f.verdict for f in said(judge, subject(problem(RNN), derived(RNN), code))}


def test_memory_that_is_shared_wrongly_is_refuted() -> None:
    """The loop back writes every step into the memory of the last one; a buffer is looked at before it is ready."""
    gradient = compile_gradient(derived(RNN))
    lines = gradient.bound.source.splitlines()
    place = next(p for p, text in enumerate(lines) if text.strip().startswith("lbw") and "[-2::-1]" in text)
    name, memory = lines[place].strip().split(" = ")
    stuck = exchanged(place, f"{name} = list({memory.removeprefix('list(')[:-1].replace('[-2::-1]', '[-1:]')}) * 99")
    code = altered(gradient, stuck)
    own = subject(problem(RNN), derived(RNN), code)
    assert wrong_gradients(code, problem(RNN), Code(gradient))
    for judge in {**SHARP, **RIGOROUS}.values():
        assert Verdict.REFUTED in {f.verdict for f in said(judge, own)}


def nearly(gradient: Gradient, *shares: str) -> Code:
    """The first gradient that is returned, off by the product of the shares."""
    lines = gradient.bound.source.splitlines()
    place = line(lines, "return (", after="def whole")
    indent, text = lines[place][: -len(lines[place].lstrip())], lines[place].strip()
    first = text.removeprefix("return (").split(", ")[1]
    more = [f"off = multiply({first}, {shares[0]})", *(f"off = multiply(off, {share})" for share in shares[1:])]
    more.append(f"{first} = add({first}, off)")
    return altered(gradient, lambda own: [*own[:place], *(indent + one for one in more), *own[place:]])


def test_an_error_in_the_ninth_digit_is_refuted() -> None:
    code = nearly(compile_gradient(derived(GRU)), "0.000001", "0.001")
    own = subject(problem(GRU), derived(GRU), code)
    for name, judge in {**SHARP, **RIGOROUS}.items():
        assert [f.verdict for f in said(judge, own)].count(Verdict.REFUTED) == 1, name


def test_an_error_in_the_twentieth_digit_is_left_to_exact_numbers() -> None:
    """Floats cannot show it."""
    code = nearly(compile_gradient(derived(GRU)), "0.000001", "0.000001", "0.000001", "0.01")
    own = subject(problem(GRU), derived(GRU), code)
    for name, judge in SHARP.items():
        assert {f.verdict for f in said(judge, own)} == {Verdict.AGREED}, name
    for name, judge in RIGOROUS.items():
        assert [f.verdict for f in said(judge, own)].count(Verdict.REFUTED) == 1, name


def test_a_step_that_is_wrong_is_wrong_in_the_code_too() -> None:
    """The oracles say so; the interpreter says that the code is what was derived."""
    wrong = derived(RNN).with_step("gradient.W_h", rhs=scale(2, derived(RNN)["gradient.W_h"].rhs))
    own = subject(problem(RNN), wrong)
    assert {f.verdict for f in said(check_code, own)} == {Verdict.AGREED}
    for judge in (complex_step.judge, *RIGOROUS.values()):
        assert Verdict.REFUTED in {f.verdict for f in said(judge, own)}


def compiler(monkeypatch: pytest.MonkeyPatch, made: Callable[[Derivation], Gradient]) -> None:
    monkeypatch.setattr(generated_code, "compile_gradient", made)


def test_all_the_evidence_has_the_code_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once compiled, for a window and the whole; a wrong one is exit code 1."""
    calls: list[Derivation] = []

    def counted(derivation: Derivation) -> Gradient:
        calls.append(derivation)
        return compile_gradient(derivation)

    compiler(monkeypatch, counted)
    of = problem(RNN, steps=50, batch=1)
    found = evidence(derived(RNN), of)
    assert found.exit_code == 0 and len(calls) == 1
    assert {f.sizes["T"] for f in found.findings if f.form == FORM and f.evidence == "forward_mode"} == {48, 50}
    compiler(monkeypatch, lambda derivation: nearly(compile_gradient(derivation), "0.000001", "0.001").gradient)
    wrong = evidence(derived(RNN), problem(RNN))
    assert wrong.exit_code == 1
    assert {f.form for f in wrong.with_verdict(Verdict.REFUTED)} == {FORM}


@pytest.mark.parametrize("error", (InputError("no code for it"), NotImplementedError("no code for it")), ids=str)
def test_a_model_that_is_not_compiled_is_noted_and_not_counted(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refused(derivation: Derivation) -> Gradient:
        raise error

    compiler(monkeypatch, refused)
    found = evidence(derived(RNN), problem(RNN))
    assert found.exit_code == 0 and not [f for f in found.findings if f.form == FORM]
    (silent,) = (f for f in found.left_out if f.evidence == INTERPRETER)
    assert silent.verdict is Verdict.NOT_RUN and silent.reason == "no code for it"
    assert '"evidence": "interpreter"' in evidence_json(found, problem(RNN), 1)


def test_no_code_is_made_where_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(derivation: Derivation) -> Gradient:
        raise AssertionError

    compiler(monkeypatch, never)
    from verify.rungs import Rung

    assert evidence(derived(RNN), problem(RNN), rungs=(Rung.PROVED,)).exit_code == 0


def test_code_that_other_numbers_cannot_run_is_noted() -> None:
    """π as a float is no number of a field, and its ball would be wider than what is asked for."""
    gradient = compile_gradient(derived(RNN))
    lines = gradient.bound.source.splitlines()
    place = line(lines, "return (", after="def whole")
    text = lines[place].strip()
    loss = text.removeprefix("return (").split(", ")[0]
    irrational = altered(gradient, exchanged(place, text.replace(loss, f"multiply(3.141592653589793, {loss})", 1)))
    own = subject(problem(RNN), derived(RNN), irrational)
    for judge in RIGOROUS.values():
        (finding,) = said(judge, own)
        assert finding.claim == "gradient" and finding.verdict is Verdict.NOT_RUN
        assert "3.141592653589793" in finding.reason
        assert {f.form for f in judge(own) if f.verdict is not Verdict.NOT_RUN} == {FORMS[-1].name}


def test_floats_in_code_are_read_as_what_they_stand_for() -> None:
    for wanted in (Fraction(1, 10), Fraction(-7, 3), Fraction(1, 2**20), Fraction(5), Fraction(999, 1000)):
        assert rational(float(wanted)) == wanted
    for irrational in (np.pi, np.sqrt(2.0), np.exp(1.0), np.inf, np.nan):
        with pytest.raises(InexactError):
            rational(float(irrational))


def test_zero_gradients_and_ties() -> None:
    """Scores that are all alike have no largest one."""
    of = problem(RNN, steps=2)
    zero = replace(
        of, given={where: np.zeros_like(a) if where[0] in ("W_o", "b_o") else a for where, a in of.given.items()}
    )
    found = said(balls.judge, subject(zero, derived(RNN)))
    assert {f.verdict for f in found} == {Verdict.ENCLOSED}
