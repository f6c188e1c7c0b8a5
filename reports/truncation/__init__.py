"""What truncation costs, as sections of a document, in the terminal and as data."""
