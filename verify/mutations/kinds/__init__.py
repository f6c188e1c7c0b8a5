"""Kinds of mistakes, one idea a file: ``KINDS`` of each are ``verify.mutations.kind.Kind``.

They change expressions of any cell; none of them knows a cell.
"""
