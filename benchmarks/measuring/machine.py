"""On what, and with what, it was measured."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy  # noqa: F401  (whose BLAS is described)
import scipy.linalg  # noqa: F401
from threadpoolctl import threadpool_info

from benchmarks.measuring.threads import cores

_PACKAGES = ("numpy", "scipy", "sympy", "autograd", "python-flint", "symengine", "casadi", "torch", "jax")


def description() -> list[str]:
    """Date, machine, versions."""
    return [
        f"{datetime.date.today().isoformat()}, commit {_commit()}",
        f"{_processor()}, {os.cpu_count()} cores, load average {_load()} at the beginning; on {cores()} of them",
        f"Python {platform.python_version()}, " + ", ".join(_versions()),
        ", ".join(_library(own) for own in threadpool_info() if own["user_api"] == "blas"),
    ]


def _load() -> str:
    """Of the last minute; with a word where others are at work, since ratios are then less sure as well."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"{load:.1f}" + (" (busy: not to be trusted)" if load > cores / 2 else "")


def _versions() -> Iterator[str]:
    for name in _PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} absent"


def _library(own: dict[str, object]) -> str:
    whose = Path(str(own["filepath"])).parent.name.removesuffix(".libs")
    return f"{whose}: {own['internal_api']} {own['version']}, {own.get('architecture')}, threads {own['num_threads']}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    """Of the checkout, with a + where it was changed."""
    try:
        ended = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return ended.stdout.strip()
