"""The oracles: one file each.  ``judge(problem, derivation)`` yields findings; ``missing()`` says why it cannot run."""
