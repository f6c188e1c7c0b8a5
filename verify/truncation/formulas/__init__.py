"""Evidence about the formulas of truncation: exact on every run, proved, and by theorems of Coq."""
