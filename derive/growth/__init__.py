"""How the product chain P(t, i) = c_t ⋯ c_{i+1} grows: the numbers, the bounds and the closed forms."""
