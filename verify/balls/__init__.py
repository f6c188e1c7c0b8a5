"""Ball arithmetic (FLINT's ``arb``): every number is a midpoint and a radius, and the true value is inside.

F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic", IEEE Trans. Comput. 66(8), 2017.
"""
