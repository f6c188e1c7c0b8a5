"""One module a table: its ``PLACE`` among them, and ``tables(scale)``, which measures and returns what is shown."""
