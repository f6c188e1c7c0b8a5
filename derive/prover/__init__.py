"""The prover: equations of sums and ordered products, proved for every t and T."""

from derive.prover.facts import Range, over
from derive.prover.induction import Descent, Induction
from derive.prover.rewriting import Cancelling, Naming, Rewriting
from derive.prover.rows import RowOf

__all__ = ["Cancelling", "Descent", "Induction", "Naming", "Range", "Rewriting", "RowOf", "over"]
