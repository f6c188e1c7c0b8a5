"""Kinds of edits, one idea a file: ``candidates(case)`` are the formulas that the author may have meant."""
