"""Targets: ``TITLE``, ``SUFFIX`` and ``written(derivation, command)``, the whole file as text."""
