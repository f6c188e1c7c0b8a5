"""Wrong derivations of networks with several states, layers, feedback, other wirings and other outputs, one error each.

As in ``planted``: every derivative here is wrong on purpose.
"""

from __future__ import annotations

from derive.accumulate import bar
from derive.build import add, hadamard, scale, transpose
from derive.derivation import Derivation
from derive.expr import Add, Block, Node, Var, ones, zeros
from derive.indices import S, T, t
from derive.sums import Sum, reindex, rewrite, substitute
from derive.theory import Theory, theories
from tests.derive.models import Names
from tests.wrong.planted import Planted

LSTM, GRU = Names("lstm"), Names("gru")
FED_BACK, LAYERS = Names("rnn", feedback=True), Names("rnn", layers=2)
LAST, CROSSED = Names("rnn", wiring="last"), Names("rnn", wiring="seq2seq", bridge="softmax")
MASKED = Names("rnn", loss="softmax_cross_entropy", normalisation="masked_softmax")
BINARY = Names("rnn", loss="binary_cross_entropy")


def _target(th: Theory, name: str) -> Var:
    return next(e.target for e in th.model.equations if e.target.name == name)


def _without(node: Node, gone: Node) -> Node:
    """A sum without one of its terms."""
    assert isinstance(node, Add) and gone in node.args
    return add(*(term for term in node.args if term != gone))


def _blocks(d: Derivation) -> tuple[tuple[Node, ...], ...]:
    rhs = d["local.c"].rhs
    assert isinstance(rhs, Block)
    return rhs.rows


def block_transposed(d: Derivation, th: Theory) -> Node:
    (hh, hc), (ch, cc) = _blocks(d)
    return Block(2, transpose(hh), hc, ch, cc)


def block_missing(d: Derivation, th: Theory) -> Node:
    (hh, hc), (ch, cc) = _blocks(d)
    return Block(2, hh, hc, zeros(*ch.shape), cc)


def blocks_in_wrong_places(d: Derivation, th: Theory) -> Node:
    (hh, hc), (ch, cc) = _blocks(d)
    return Block(2, hh, ch, hc, cc)


def forget_gate_slope(d: Derivation, th: Theory) -> Node:
    """f ⊙ f for f ⊙ (1 − f)."""
    f = _target(th, "f")
    return substitute(d["gradient.u_f-bar"].rhs, {ones(*f.shape) - f: f})


def cell_state_without_output(d: Derivation, th: Theory) -> Node:
    """δ_c alone: what c_t does to h_t is lost."""
    return th.delta_of(th.phase.states[1])


def cell_state_without_forget_gate(d: Derivation, th: Theory) -> Node:
    return bar(_target(th, "c")).at(t + 1)


def bias_outside_the_reset_gate(d: Derivation, th: Theory) -> Node:
    """As if b_hn were added beside r ⊙ (W_hn h_{t−1}): Cho's convention, not PyTorch's."""
    return th.weighted_sum(bar(_target(th, "u_n")))


def update_gate_the_other_way(d: Derivation, th: Theory) -> Node:
    """n for h_{t−1} − n: what z_t does to the old state is lost."""
    return hadamard(scale(-1, _target(th, "n")), th.delta())


def feedback_dropped(d: Derivation, th: Theory) -> Node:
    """As in teacher forcing: what the output does to the next step is lost."""
    return reindex(d["gradient.last-o"].rhs, {T: t})


def feedback_matrix_with_o_t(d: Derivation, th: Theory) -> Node:
    o = _target(th, "o")
    return substitute(d["gradient.F"].rhs, {transpose(o.at(t - 1)): transpose(o)})


def layer_dropped(d: Derivation, th: Theory) -> Node:
    """What the first layer does to the second at the same step is lost."""
    return th.delta_of(th.phase.states[0])


def layer_one_step_late(d: Derivation, th: Theory) -> Node:
    """The input of the second layer taken from the step before."""
    below = th.phase.states[0]
    return substitute(d["gradient.W_i^2"].rhs, {transpose(below): transpose(below.at(t - 1))})


def seed_at_every_step(d: Derivation, th: Theory) -> Node:
    return d["gradient.delta"].rhs + d["gradient.last"].rhs


def weighed_as_a_mean(d: Derivation, th: Theory) -> Node:
    """1/T of a sum over losses of which there is one."""
    return scale(1 / T, d["gradient.W_h"].rhs)


def crossing_without_the_bridge(d: Derivation, th: Theory) -> Node:
    return bar(th.state.at(0))


def bridge_only_the_diagonal(d: Derivation, th: Theory) -> Node:
    start = th.state.at(0)
    return hadamard(start, bar(start))


def crossing_one_step_late(d: Derivation, th: Theory) -> Node:
    """δ_1, which is about the state after the decoder's first step, for what arrives before it."""
    return th.delta(1)


def nothing_crosses(d: Derivation, th: Theory) -> Node:
    return zeros(*th.state.shape)


def encoder_one_step_short(d: Derivation, th: Theory) -> Node:
    def shorter(part: Node) -> Node | None:
        return Sum(part.args[0], part.index, part.lower, S - 1) if isinstance(part, Sum) else None

    return rewrite(d["encoder:gradient.W_h^e"].rhs, shorter)


def encoder_seeded_at_every_step(d: Derivation, th: Theory) -> Node:
    encoder = theories(d.model)[1]
    return d["encoder:gradient.delta"].rhs + encoder.g(S)


def masked_words_in_the_shortcut(d: Derivation, th: Theory) -> Node:
    """The error of a word that is not in the vocabulary, as if its output were one."""
    return d["seed.shortcut"].rhs + th.model.readout.excluded


def masked_shortcut_without_its_target(d: Derivation, th: Theory) -> Node:
    return th.model.readout.output.target


def binary_sign(d: Derivation, th: Theory) -> Node:
    return -d["seed.cancel"].rhs


def binary_without_the_other_half(d: Derivation, th: Theory) -> Node:
    """−y ⊙ (1 − o): the term of 1 − y is lost."""
    o, y = th.model.readout.output.target, th.model.readout.target
    return -hadamard(y, ones(*o.shape) - o)


NETWORKS = (
    Planted("LSTM: a block of c_t transposed", "local.c", block_transposed, LSTM),
    Planted("LSTM: a block of c_t missing", "local.c", block_missing, LSTM),
    Planted("LSTM: blocks of c_t in wrong places", "local.c", blocks_in_wrong_places, LSTM),
    Planted("LSTM: slope of the forget gate", "gradient.u_f-bar", forget_gate_slope, LSTM),
    Planted("LSTM: δ_c without its path through h", "gradient.c-bar", cell_state_without_output, LSTM),
    Planted("LSTM: δ_c carried without the forget gate", "gradient.delta-c", cell_state_without_forget_gate, LSTM),
    Planted("GRU: b_hn outside of the reset gate", "gradient.b_hn", bias_outside_the_reset_gate, GRU),
    Planted("GRU: update gate without the old state", "gradient.z-bar", update_gate_the_other_way, GRU),
    Planted("feedback dropped", "gradient.delta-o", feedback_dropped, FED_BACK),
    Planted("o_t for o_{t-1} in the feedback matrix", "gradient.F", feedback_matrix_with_o_t, FED_BACK),
    Planted("upper layer dropped", "gradient.h^1-bar", layer_dropped, LAYERS),
    Planted("layer fed one step late", "gradient.W_i^2", layer_one_step_late, LAYERS),
    Planted("last: a seed at every step", "gradient.delta", seed_at_every_step, LAST),
    Planted("last: weighed as a mean", "gradient.W_h", weighed_as_a_mean, LAST),
    Planted("crossing without the bridge", "encoder:crossing.g", crossing_without_the_bridge, CROSSED),
    Planted("bridge without its off-diagonal", "encoder:gradient.last", bridge_only_the_diagonal, CROSSED),
    Planted("crossing one step late", "encoder:crossing.h-bar", crossing_one_step_late, CROSSED),
    Planted("nothing crosses", "encoder:gradient.last", nothing_crosses, CROSSED),
    Planted("encoder one step short", "encoder:gradient.W_h^e", encoder_one_step_short, CROSSED),
    Planted("encoder seeded at every step", "encoder:gradient.delta", encoder_seeded_at_every_step, CROSSED),
    Planted("masked words in the shortcut", "seed.shortcut", masked_words_in_the_shortcut, MASKED),
    Planted("masked shortcut without the target", "seed.shortcut", masked_shortcut_without_its_target, MASKED),
    Planted("sign of the binary shortcut", "seed.cancel", binary_sign, BINARY),
    Planted("binary shortcut without 1 − y", "seed.cancel", binary_without_the_other_half, BINARY),
)
