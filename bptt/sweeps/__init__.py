"""Sweeps: one measurement at every point of a grid, on all cores or on a cluster, kept in a journal as it comes in."""
