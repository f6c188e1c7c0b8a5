"""What looks at mistakes: one file for each kind of evidence, with a ``verify.mutations.watch.Watch`` in ``WATCH``."""
