"""The formulas of the growth of P(t, i) = c_t ⋯ c_{i+1}: explained steps with = and ≤, and closed forms."""
