"""``python -m bptt``."""

import sys

from bptt.command_line import main

sys.exit(main())
