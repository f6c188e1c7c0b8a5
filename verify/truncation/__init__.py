"""Evidence about truncation: exact enumeration, Monte Carlo, proofs, and what a tape with `detach` gives."""
