"""Links of a derivation proved for every t and T, where the prover reaches them.

What the judge finds is exact at the sizes that were tried.  A link whose sides are made of the letters of the
recurrence (or of derivatives that have such letters) is also put into the project's own expressions, with symbolic
limits, and handed to ``derive.prover``.  What has no such translation has no proof, which says nothing against it.
"""

from verify.check.proving.proofs import PROOF, all_proved, proved

__all__ = ["PROOF", "all_proved", "proved"]
