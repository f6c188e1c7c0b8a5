"""Where the points of a sweep are computed: one file a kind of place, as ``bptt.sweeps.executor`` says."""
