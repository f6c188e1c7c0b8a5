"""Known mistakes: one file each kind of reason.  ``mistakes(seen)`` yields those that account for a wrong gradient.

``ORDER`` says which reason is preferred where several account for the same: the simplest, and quickest, comes first.
"""
