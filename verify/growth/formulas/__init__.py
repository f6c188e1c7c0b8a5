"""Evidence about the formulas of the growth: exact, proved, by theorems of Coq, and in floating point."""
