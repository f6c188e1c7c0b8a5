"""The chapters of the derivation, in order.  Each module has a SECTION and a function ``steps(theory)``."""
