"""The sections of the study of truncation, one file each, with ``blocks(truncation) -> list[Block]``."""
