"""Loss and gradient as one function that is made ready for some sizes."""
