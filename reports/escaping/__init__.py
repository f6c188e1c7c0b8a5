"""Arbitrary text made safe for each target: nothing a user types may become markup or break a run."""
