"""The evidence: every independent way to find out whether a claim of a derivation is true.

Imports ``derive``.  An oracle gets forward equations and nothing else; it never uses a differentiation rule of ours.
"""
