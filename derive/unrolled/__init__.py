"""A derivation written out for a number of steps: scalars, which share all that they have in common."""
