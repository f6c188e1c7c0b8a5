"""Loss and gradient typed by hand, as fast as NumPy can be made to go: what the generated code is measured against.

Beside ``tests/wrong/`` the only place where gradients are typed in.  None of it is trusted: before anything is timed,
every one is compared with the compiled gradient (``hand_written.agreement``).
"""
