"""No answers from a cache, and one thread of BLAS in each test process: as many of them as there are cores would only
wait for one another."""

from __future__ import annotations

import os

os.environ["BPTT_CACHE"] = "off"  # what is tested is computed, and nobody's own cache is touched
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported
