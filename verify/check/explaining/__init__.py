"""Why a line is wrong: the smallest edit that makes it true, and the misconception that the edit undoes.

One kind of edit is one file of ``kinds/``.
"""

from verify.check.explaining.links import explain_all, explained

__all__ = ["explain_all", "explained"]
