"""Evidence about how the product chain grows."""
