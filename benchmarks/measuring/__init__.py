"""What the benchmarks share: one problem with its arrays, interleaved rounds, tables, and what machine it was."""
