"""A derivation as somebody wrote it: read, judged line by line, and explained."""
