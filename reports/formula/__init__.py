"""The presentation-math tree and its emitters: LaTeX, Typst, one-line text, spoken text."""
