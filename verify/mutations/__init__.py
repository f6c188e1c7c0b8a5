"""The mistakes that people make, put into a right derivation on purpose, to see which evidence catches them.

``catalogue`` lists them, ``score`` lets every rung of evidence judge them.  A kind of mistake is one value in one of
the files of ``kinds/``; nothing else has to be touched for a new one.
"""
