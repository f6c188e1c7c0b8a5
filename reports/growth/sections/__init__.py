"""The sections of the study: each has ``blocks(growth)``, headings of level 2."""
