"""What truncation costs: bias, variance and work of every strategy, from the derivation's own factors."""
