"""The cells that come with bptt: one file a cell, holding equations, shapes and its citation, nothing else."""
