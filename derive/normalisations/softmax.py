"""o_t = softmax(s_t): a probability for every class."""

from __future__ import annotations

from derive.nonlinear import Softmax
from derive.normalisation import Normalisation

NORMALISATION = Normalisation("softmax", "softmax output", Softmax)
TITLE = NORMALISATION.title
