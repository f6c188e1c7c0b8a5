"""Wirings: one file each, saying which steps have an output and a loss, and with which weight."""
