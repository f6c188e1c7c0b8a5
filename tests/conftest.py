"""No answers from a cache, and one thread of BLAS in each test process: as many of them as there are cores would only
wait for one another.  And Ctrl-C reaches the programs that tests start, also where the tests run in the background."""

from __future__ import annotations

import os
import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # what a shell gives to a job with an &, and a child inherits
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ["BPTT_CACHE"] = "off"  # what is tested is computed, and nobody's own cache is touched
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported
