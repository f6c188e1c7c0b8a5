"""The compiled gradient as a claim: what the generated code computes, on floats and on any other numbers."""
