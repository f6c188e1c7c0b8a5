"""Exact tests of gradients with free jets: what ``verify.oracles.free_jets`` is made of.

A *jet* of a function f at z is the pair f(z), f′(z).  Where nothing is known of f but that it can be differentiated,
the two are free numbers, and a gradient of a network is a rational function of them.
"""
