"""``bptt truncate`` as a command."""
