"""The formulas of truncation: what is left out, for what it makes up, and how far a random one strays."""
