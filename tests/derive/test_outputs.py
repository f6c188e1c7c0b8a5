"""Output functions and their losses: the shortcuts are derived, and a masked word gets nothing, in every form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.expr import Node, Scale, ones
from derive.functions import exp
from derive.indices import t
from derive.nonlinear import Map
from derive.prover import Cancelling, Rewriting
from derive.run import FORMS, gradients
from derive.simplify import Inverse, cancel_reciprocals
from derive.theory import Theory
from derive.unroll import place
from tests.derive.models import Names, derived, model
from verify.problem import Problem, random_problem
from verify.rungs import PROOF
from verify.steps import check_steps
from verify.verdicts import Verdict

BINARY = Names(loss="binary_cross_entropy")
SOFTMAX = Names(loss="softmax_cross_entropy")
MASKED = Names(loss="softmax_cross_entropy", normalisation="masked_softmax")
VOCABULARIES = [
    replace(MASKED, cell=cell, **more)
    for cell, more in (
        ("rnn", {}),
        ("rnn", {"feedback": True}),
        ("rnn", {"wiring": "last", "feedback": True}),
        ("gru", {"wiring": "seq2seq", "bridge": "softmax"}),
        ("rnn", {"wiring": "seq2seq", "feedback": True}),
        ("lstm", {"layers": 2}),
        ("jordan", {}),
        ("rnn", {"loss": "squared_error"}),
    )
]
EVERY_VOCABULARY = pytest.mark.parametrize("names", VOCABULARIES, ids=str)


def verdict_of_proof(names: Names, key: str) -> Verdict:
    d = derived(names)
    found = check_steps(d, random_problem(d.model, steps=3, hidden=2))
    return next(f.verdict for f in found if f.claim == key and f.evidence == PROOF)


@pytest.mark.parametrize("wiring", ["every", "last", "seq2seq"])
@pytest.mark.parametrize("names", [BINARY, SOFTMAX, MASKED], ids=str)
def test_output_minus_target_is_derived_and_proved(names: Names, wiring: str) -> None:
    names = replace(names, wiring=wiring)
    theory, d = Theory(model(names)), derived(names)
    readout = theory.model.readout
    key = "seed.cancel" if names.loss == "binary_cross_entropy" else "seed.shortcut"
    assert d[key].rhs == theory.at_loss(readout.output.target - readout.target)
    assert verdict_of_proof(names, key) is Verdict.PROVED
    assert ("seed.assumption" in {step.key for step in d}) is (key == "seed.shortcut")
    assert d.definitions[readout.score.target.name, "adjoint"][-1] == key, "what is printed last is what runs"


@pytest.mark.parametrize("names", [BINARY, SOFTMAX, MASKED], ids=str)
def test_a_shortcut_is_not_proved_without_cancelling_or_for_another_claim(names: Names) -> None:
    d = derived(names)
    step, o = d["seed.cancel"], model(names).readout.output.target
    assert isinstance(step.proof, Cancelling) and step.proof.holds(step, d)
    assert not Rewriting(step.proof.using, step.proof.start).holds(step, d)
    for wrong in (Scale(-1, step.rhs), step.rhs + o, step.rhs * o, Scale(2, step.rhs)):
        assert not step.proof.holds(replace(step, rhs=wrong), d)


def test_the_assumption_on_the_target_is_needed() -> None:
    """1ᵀy = 1 is a step of its own, used by the shortcut alone."""
    for names in (SOFTMAX, MASKED):
        d = derived(names)
        step = d["seed.shortcut"]
        assert step.proof is not None and "seed.assumption" in step.proof.premises
        assert not Rewriting(start="seed.cancel").holds(step, d)
        other = d.with_step("seed.assumption", rhs=Scale(2, d["seed.assumption"].rhs))
        assert not step.proof.holds(step, other)
        assert [s.key for s in d if s.proof and "seed.assumption" in s.proof.premises] == ["seed.shortcut"]


def test_a_masked_shortcut_needs_to_know_what_the_vocabulary_leaves_out() -> None:
    d = derived(MASKED)
    step = d["seed.cancel"]
    assert isinstance(step.proof, Cancelling) and step.proof.inverses
    assert not replace(step.proof, inverses=()).holds(step, d)
    (known,) = step.proof.inverses
    readout = model(MASKED).readout
    o, y = readout.output.target, readout.target
    assert (known.v, known.u, known.beside) == (o + readout.excluded, o, y)
    wrong = Inverse(known.v, known.u, beside=o)
    assert not replace(step.proof, inverses=(wrong,)).holds(step, d)


def test_an_inverse_cancels_only_beside_its_guard() -> None:
    readout = model(MASKED).readout
    o, y = readout.output.target, readout.target
    v: Node = o + (ones(*o.shape) - Map(exp, readout.constants[0]))
    (known,) = derived(MASKED)["seed.cancel"].proof.inverses  # type: ignore[union-attr]
    from derive.functions import reciprocal

    one_over = Map(reciprocal, v)
    assert known.v == v
    assert cancel_reciprocals(y * o * one_over, [known]) == y
    assert cancel_reciprocals(o * one_over, [known]) == o * one_over, "o ⊘ (o + e) is zero where o is"
    assert cancel_reciprocals(y * one_over, [known]) == y * one_over
    assert cancel_reciprocals(y * o * one_over, []) == y * o * one_over
    assert cancel_reciprocals(y * v * one_over, []) == y


# --- masked words


def masked_problem(names: Names) -> Problem:
    return random_problem(model(names), steps=4, source_steps=3, hidden=3, outputs=4, batch=2, drive=0.5)


@EVERY_VOCABULARY
def test_a_masked_word_has_probability_zero_and_no_gradient_in_any_form(names: Names) -> None:
    problem = masked_problem(names)
    readout = problem.model.readout
    (mask,) = problem.model.constants
    out = np.isneginf(problem.given[place(mask)][:, 0])
    assert out.any() and not out.all()
    for phase, steps in ((problem.model.main, range(4, 5)),):
        assert phase is problem.model.main
        for step in steps:
            probability = problem.forward.values[place(readout.output.target.at(step))]
            assert np.all(probability[..., out, :] == 0) and np.all(probability[..., ~out, :] > 0)
            assert np.allclose(probability.sum(axis=-2), 1, rtol=1e-14, atol=0)
    seen = set()
    for form in FORMS:
        with np.errstate(all="raise", under="ignore"):
            found = gradients(derived(names), problem.forward, form)
        assert all(np.all(np.isfinite(gradient)) for gradient in found.values()), form.name
        assert found
        for w in (readout.weight, readout.bias):
            if w.name in found:
                seen.add((form.name, w.name))
                assert np.all(found[w.name][out] == 0), "exactly"
                assert np.all(np.any(found[w.name][~out] != 0, axis=1))
    assert {name for _, name in seen} == {readout.weight.name, readout.bias.name}
    if readout.weight in problem.model.recurrent_parameters:
        assert {form for form, _ in seen} == {form.name for form in FORMS}


@EVERY_VOCABULARY
def test_all_values_of_a_masked_model_are_finite(names: Names) -> None:
    problem = masked_problem(names)
    with np.errstate(all="raise", under="ignore"):
        values = replace(problem).forward.values
    assert all(np.all(np.isfinite(array)) for where, array in values.items() if where[1] != "constant")


def test_an_empty_mask_is_the_plain_softmax() -> None:
    problem, plain = masked_problem(MASKED), model(SOFTMAX)
    (mask,) = problem.model.constants
    allowed = problem.with_given({**problem.given, place(mask): np.zeros_like(problem.given[place(mask)])})
    same = Problem(plain, problem.sizes, {where: a for where, a in problem.given.items() if where != place(mask)})
    ours, theirs = (gradients(derived(names), p.forward, FORMS[2]) for names, p in ((MASKED, allowed), (SOFTMAX, same)))
    assert set(ours) == set(theirs)
    for name in ours:
        assert np.max(np.abs(ours[name] - theirs[name])) <= 1e-14 * np.max(np.abs(theirs[name]))


# --- an encoder


def test_an_encoder_has_a_gradient_unless_the_bridge_is_cut() -> None:
    names = Names("lstm", wiring="seq2seq")
    problem, right = masked_problem(names), derived(names)
    cut = {where: np.zeros_like(a) if where[0].startswith(("W_h", "W_o")) and not where[0].endswith("^e") else a
           for where, a in problem.given.items()}  # fmt: skip
    cut = {where: (np.full_like(a, -1e4) if where[0] in ("b_if", "b_hf") else a) for where, a in cut.items()}
    for given, dead in ((problem.given, False), (cut, True)):
        found = gradients(right, problem.with_given(given).forward, FORMS[2])
        of_encoder = [array for name, array in found.items() if "^e" in name]
        assert len(of_encoder) == 18
        assert all(np.all(array == 0) == dead for array in of_encoder)


def test_an_elementwise_map_after_the_readout_keeps_its_time() -> None:
    d = derived(replace(SOFTMAX, wiring="last"))
    assert not [step.key for step in d.of("seed") if t in step.rhs.free_symbols or step.where]
