"""The errors that a caller may meet, each with one line that says what, where and how to mend it."""


class BpttError(ValueError):
    """Base of every error that bptt raises on purpose."""


class InputError(BpttError):
    """Something the user gave cannot be used.  ``mend`` says what to do about it."""

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        text = f"{where}: {what}" if where else what
        super().__init__(f"{text} ({mend})" if mend else text)


class ShapeError(BpttError):
    """Two expressions do not fit; raised when the node is built, naming both and their shapes."""


class CellError(BpttError):
    """A cell's equations are not a recurrence: a name twice, a use before its definition, a state never set."""


class ProofError(BpttError):
    """A proof does not go through, or the prover cannot read a term.  Never means that the claim is false."""
