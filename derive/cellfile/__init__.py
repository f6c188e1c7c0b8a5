"""The user's own cell as a file: TOML with shapes, forward equations and elementwise functions.

``reader.read_cell`` reads one, ``writer.cell_toml`` prints any cell in this form.  Text is parsed by ``ast`` against a
whitelist and never evaluated; whatever is wrong is an InputError with file, line and column.
"""
