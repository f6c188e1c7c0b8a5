"""The study of a product chain as blocks: figures, tables and sentences."""
