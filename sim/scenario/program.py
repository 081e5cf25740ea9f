"""The name of this program in what it prints."""

import sys
from pathlib import Path

SCRIPT = "drawdown-sim"
"""The command that an installation provides."""


def program() -> str:
    """Return the way the program was started, for commands that a user may type next."""
    return SCRIPT if Path(sys.argv[0]).stem == SCRIPT else "python -m sim"
