"""Losses: one file each, holding the output function, the loss of one step and what it assumes of the target."""
