"""``python -m benchmarks [--quick | --tiny] [--only TABLE …] [--write PAGE]``: every table, in one run."""

from __future__ import annotations

from benchmarks.measuring.threads import one_thread


def main() -> None:
    """One thread is asked for before NumPy is imported."""
    one_thread()
    from benchmarks.run import main as measured

    measured()


if __name__ == "__main__":
    main()
