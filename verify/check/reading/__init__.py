"""Reading a derivation as people write it: from LaTeX or Markdown to syntax trees that know where they stand.

``document.read`` is the way in.  The stages, a module or two each: bytes (``text``, ``loading``), the formulas in them
(``source``), tokens (``tokens``, ``groups``), claims and remarks (``segments``), brackets (``fences``), an LALR grammar
(``grammar.lark``, ``parser``), trees (``assembly``, ``tree``).  Nothing is executed and no other file is opened; what
cannot be read is an ``Unread`` with its place and its reason, and the rest goes on.
"""
