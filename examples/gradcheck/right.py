"""A vanilla RNN, its backward pass by hand: tanh, then softmax and cross-entropy at every step."""

import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(parameters, inputs, targets):
    """Gradients of L = (1/T) Σ_t ℓ_t, averaged over the batch.  inputs: (T, batch, m), targets: (T, batch, q)."""
    W_h, W_i, W_o = parameters["W_h"], parameters["W_i"], parameters["W_o"]
    b_ih, b_hh, b_o = parameters["b_ih"], parameters["b_hh"], parameters["b_o"]
    T, batch, _ = inputs.shape

    # forward: keep every state and every output
    h = [np.tile(parameters["h_0"], (batch, 1))]
    o = []
    for t in range(T):
        h.append(np.tanh(inputs[t] @ W_i.T + b_ih + h[t] @ W_h.T + b_hh))
        o.append(softmax(h[t + 1] @ W_o.T + b_o))

    # backward: h[t + 1] is the state after step t, h[t] the one before
    gradient = {name: np.zeros_like(value) for name, value in parameters.items()}
    dh = np.zeros_like(h[0])
    for t in reversed(range(T)):
        ds = (o[t] - targets[t]) / (T * batch)
        gradient["W_o"] += ds.T @ h[t + 1]
        gradient["b_o"] += ds.sum(axis=0)
        dh = dh + ds @ W_o
        dz = (1 - h[t + 1] ** 2) * dh
        gradient["W_h"] += dz.T @ h[t]
        gradient["W_i"] += dz.T @ inputs[t]
        gradient["b_ih"] += dz.sum(axis=0)
        gradient["b_hh"] += dz.sum(axis=0)
        dh = dz @ W_h
    gradient["h_0"] = dh.sum(axis=0)
    return gradient
