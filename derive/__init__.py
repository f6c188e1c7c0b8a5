"""The mathematics: expressions with symbolic shapes, their differentials, and the derivation as data.

Imports SymPy and NumPy only.  Nothing here knows a screen, a file format or another differentiation tool.
"""
