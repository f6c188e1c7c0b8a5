"""Answers kept on disk: the same command, of the same program on the same machine, is not computed twice.

What is kept is data, the text that was printed, never code and never a pickle.  ``question`` says what an answer
depends on, ``entry`` how it is written down, ``store`` where, and ``answers`` puts them around a verb.
"""
