"""Who is compared: one module each, by what it is that they compute."""
