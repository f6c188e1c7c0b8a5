"""What people look at: a presentation-math tree, documents, writers and PDF engines; no mathematics."""
