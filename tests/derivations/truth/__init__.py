"""Every claim of the corpus written a second time, in Python: a function for each file, which yields both its sides."""
