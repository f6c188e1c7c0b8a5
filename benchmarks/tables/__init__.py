"""One module a table: ``NAME``, and ``tables(scale)``, which measures and returns what is to be shown."""
