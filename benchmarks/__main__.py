"""``python -m benchmarks``: see ``benchmarks.run``, which is imported once there is one thread for everybody."""

from __future__ import annotations

from importlib import import_module

from benchmarks.measuring.threads import one_thread

if __name__ == "__main__":
    one_thread()
    import_module("benchmarks.run").main()
