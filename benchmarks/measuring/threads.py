"""One thread, on one core, for everybody: set before NumPy, PyTorch or JAX is imported."""

from __future__ import annotations

import os

_ONE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "JAX_ENABLE_X64": "true",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
_TUNED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""What somebody may have told the BLAS of his own machine: it shall find out by itself."""


def one_thread() -> None:
    """For this process and those that it starts; only where nothing that computes is imported yet."""
    os.environ |= _ONE
    for name in _TUNED:
        os.environ.pop(name, None)
    one_core()


def one_core() -> None:
    """XLA takes more than one where it finds them, whatever it is told: 1.7 of two, at n = 256.

    Where the system cannot keep a process on a core, nothing happens, and ``cores`` says so.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
