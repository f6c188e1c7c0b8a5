"""What people get wrong in a derivation, in words: a title, a hint and an answer for each misconception.

``TEXTS`` has them by key.  One is one value in one of the files of ``kinds/``; nothing else is touched for a new one.
Which of them accounts for a wrong line is found elsewhere.
"""

from verify.check.misconceptions.catalogue import OTHER, TEXTS
from verify.check.misconceptions.text import Text

__all__ = ["OTHER", "TEXTS", "Text"]
