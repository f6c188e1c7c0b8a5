"""One thread for everybody: set before NumPy, PyTorch or JAX is imported."""

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
