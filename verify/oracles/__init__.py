"""The oracles: one file each.  ``judge(subject)`` yields findings; ``missing()`` says why it cannot run here.

One that is an extra says ``OPTIONAL = True``, and by ``inapplicable(model)`` which models it has nothing to say about.
``ANY_LENGTH = True`` lets it judge the adjoint sweep over a whole long sequence, as those with a ``jacobian`` do.
"""
