"""How something is measured, compared, and shown."""
