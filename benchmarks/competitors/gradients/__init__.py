"""Who computes loss and gradient of a network: ``prepare(case)`` is called once, what it returns is timed.

Each module's ``prepare`` returns the work, and ``read``, by which its result is loss and gradient under the names of
the cell: whoever has a ``read`` of None computes no gradient, and agrees with nobody.
"""
