"""The verbs of the command line: one file each, with HELP, EXAMPLE, ``configure`` and ``run``."""
