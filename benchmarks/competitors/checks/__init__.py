"""Who checks a gradient: ``prepare(case)`` returns the check, and how its result is read as derivatives by every entry.

A checker that says no more than "passed" has ``error(case)``: how far off the differences are that it believes in.  All
check ∂L of one rnn by its parameters and its initial state; PyTorch, JAX and autograd check their own reverse mode.
"""
