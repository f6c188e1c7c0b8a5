"""Targets: ``TITLE``, ``SUFFIX``, ``NEEDS``, the packages that the file imports, and ``written(derivation, command)``.

That is the whole file as text; what follows the functions that all share stands in a text of the target's own name.
"""
