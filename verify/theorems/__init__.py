"""What the theorems of ``proofs/`` say, in the letters of a derivation: one file for each file of theorems.

``COVERINGS`` of each are ``verify.theorem.Covering``.  These are the only formulas beside ``tests/wrong/`` that are
written down rather than derived: a theorem is a statement that somebody wrote, and that Coq has checked.
"""
