"""The formats of a sweep's table: one file a format, as ``bptt.sweeps.table`` says."""
