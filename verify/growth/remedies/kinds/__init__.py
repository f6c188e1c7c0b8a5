"""One file a remedy: ``TITLE``, ``REFERENCE``, ``measure(case) -> Remedy``, with the reason where it does not apply."""
