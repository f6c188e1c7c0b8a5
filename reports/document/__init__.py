"""The document model: blocks, numbers, plots and diagrams as data, before any writer sees them."""
