"""What an answer owes to the machine: Python, the processor and the libraries of C, variables, and the screen.

Floating point comes out differently on another processor, for BLAS chooses its kernels by it; a verdict does not, but
its errors do, to the last digits, and they are printed.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_VARIABLES = (
    "ATEN_", "BLIS_", "COLORTERM", "COLUMNS", "CUDA_", "DNNL_", "DYLD_", "FLINT_", "FORCE_COLOR", "GLIBC_", "GOMP_",
    "GOTO_", "JAX_", "JUPYTER_", "KMP_", "LANG", "LC_", "LD_", "LINES", "MKL_", "MPL", "MPMATH_", "NO_COLOR", "NPY_",
    "NUMBA_", "NUMPY_", "OMP_", "ONEDNN_", "OPENBLAS_", "PYTHON", "SCIPY_", "SYMPY_", "TERM", "TORCH_", "TTY_",
    "UNICODE_VERSION", "VECLIB_", "XLA_",
)  # fmt: skip
"""How the variables begin that Python, the libraries of numbers, their threads, or Rich listen to."""
_CLOCKS = (b"mhz", b"bogomips")
_FIRST = 1 << 14


def python() -> dict[str, object]:
    """The interpreter and how it was started."""
    return {
        "version": sys.version,
        "implementation": sys.implementation.cache_tag,
        "flags": list(sys.flags),
        "options": sorted(map(str, sys._xoptions.items())),
        "warnings": sys.warnoptions,
    }


def machine() -> dict[str, object]:
    """The operating system, the processor, how many of them may be used, and the version of the C library."""
    system = os.uname()
    return {
        "system": [system.sysname, system.release, system.machine],
        "processor": _processor() or system.nodename,
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "c": _c_library(),
    }


def _processor() -> str:
    """The first processor's description, without what changes by the second; empty where there is none."""
    try:
        with open("/proc/cpuinfo", "rb") as file:
            first = file.read(_FIRST).partition(b"\n\n")[0]
    except OSError:
        return ""
    steady = (line for line in first.splitlines() if not any(clock in line.lower() for clock in _CLOCKS))
    return b"\n".join(steady).decode("ascii", "backslashreplace")


def _c_library() -> str | None:
    with suppress(AttributeError, ValueError, OSError):
        return os.confstr("CS_GNU_LIBC_VERSION")
    return None


def variables() -> dict[str, str]:
    """Of the environment, what may change a number or its looks."""
    return {name: value for name, value in os.environ.items() if name.startswith(_VARIABLES)}


def screen() -> dict[str, object]:
    """What decides how text is laid out: where the streams lead, how wide it is, which signs it knows."""
    return {
        "terminal": sys.stdout.isatty(),
        "encoding": sys.stdout.encoding,
        "widths": [_width(descriptor) for descriptor in range(3)],
    }


def _width(descriptor: int) -> list[int] | None:
    try:
        return list(os.get_terminal_size(descriptor))
    except (AttributeError, ValueError, OSError):
        return None
