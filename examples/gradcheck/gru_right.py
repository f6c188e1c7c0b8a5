"""A GRU in PyTorch's convention, its backward pass by hand: softmax and cross-entropy at every step."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(parameters, inputs, targets):
    """The loss, and its gradients: L = (1/T) Σ_t ℓ_t, averaged over the batch."""
    p = parameters
    T, batch, _ = inputs.shape

    # forward: h_t = (1 − z) n + z h_{t−1}, n = tanh(… + r v), v = W_hn h_{t−1} + b_hn
    h = [np.tile(p["h_0"], (batch, 1))]
    kept = []
    loss = 0.0
    for t in range(T):
        x = inputs[t]
        r = sigmoid(x @ p["W_ir"].T + p["b_ir"] + h[t] @ p["W_hr"].T + p["b_hr"])
        z = sigmoid(x @ p["W_iz"].T + p["b_iz"] + h[t] @ p["W_hz"].T + p["b_hz"])
        v = h[t] @ p["W_hn"].T + p["b_hn"]
        n = np.tanh(x @ p["W_in"].T + p["b_in"] + r * v)
        h.append((1 - z) * n + z * h[t])
        o = softmax(h[t + 1] @ p["W_o"].T + p["b_o"])
        loss -= np.sum(targets[t] * np.log(o)) / (T * batch)
        kept.append((r, z, v, n, o))

    # backward
    gradient = {name: np.zeros_like(value) for name, value in p.items()}
    dh = np.zeros_like(h[0])
    for t in reversed(range(T)):
        r, z, v, n, o = kept[t]
        ds = (o - targets[t]) / (T * batch)
        gradient["W_o"] += ds.T @ h[t + 1]
        gradient["b_o"] += ds.sum(axis=0)
        dh = dh + ds @ p["W_o"]

        dn = dh * (1 - z) * (1 - n**2)
        dz = dh * (h[t] - n) * z * (1 - z)
        dr = dn * v * r * (1 - r)
        before = dh * z
        for gate, du, dv in (("r", dr, dr), ("z", dz, dz), ("n", dn, dn * r)):
            gradient[f"W_i{gate}"] += du.T @ inputs[t]
            gradient[f"b_i{gate}"] += du.sum(axis=0)
            gradient[f"W_h{gate}"] += dv.T @ h[t]
            gradient[f"b_h{gate}"] += dv.sum(axis=0)
            before += dv @ p[f"W_h{gate}"]
        dh = before
    gradient["h_0"] = dh.sum(axis=0)
    return loss, gradient
