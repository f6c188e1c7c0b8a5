# What is measured, and how it is shown: docs/benchmarks.md.
.PHONY: bench bench-quick

bench:
	python -m benchmarks

bench-quick:
	python -m benchmarks --quick
