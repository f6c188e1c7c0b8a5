"""Who checks a gradient: ``prepare(setting)`` is called once, what it returns is timed.

Each module says in ``LOOKS_AT`` what it compares: every entry, or one direction.
"""
