"""The chapters of a report: one file each, with ``blocks(material) -> list[Block]``."""
