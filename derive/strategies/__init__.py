"""Strategies: one file each, with the law of its weights on the double sum, its derivation and its backward pass."""
