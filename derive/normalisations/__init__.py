"""Output normalisations: one file each, saying what becomes of the score s_t."""
