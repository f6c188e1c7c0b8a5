"""The derived gradient as straight-line NumPy code, generated from the steps of a derivation."""
