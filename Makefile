# One run, every table (docs/benchmarks.md); needs: python -m pip install -e '.[bench]'
.PHONY: bench bench-quick

PYTHON ?= python

bench:
	$(PYTHON) -m benchmarks

bench-quick:
	$(PYTHON) -m benchmarks --quick
