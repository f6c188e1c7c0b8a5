"""Who derives ∂L/∂W_h of one network, L = (1/T) Σ_t ½ |W_o h_t + b_o − y_t|², h_t = tanh(W_h h_{t−1} + W_i x_t + b).

Each module has ``derive(n, steps)``, which is timed; ``size`` of what comes out, in nodes or instructions; and its
``gradient`` at given arrays, which all have to agree on.  ``too_long(n, steps)`` is true where that would not end, and
``LIMIT`` then says why.  ``NOTE`` stands below the table, where there is one.
"""
