"""Remedies for vanishing and exploding gradients, each measured before and after on the same input."""

from verify.growth.remedies.remedy import Remedy as Remedy
from verify.growth.remedies.remedy import Row as Row
from verify.growth.remedies.remedy import Shown as Shown
from verify.growth.remedies.study import remedies as remedies
