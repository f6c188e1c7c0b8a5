"""The verified gradient as a program of its own: a target is one file in ``reports/exported/targets``."""
