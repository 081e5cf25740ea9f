"""How this program is called in what it prints."""

import sys
from pathlib import Path

SCRIPT = "drawdown-sim"
"""The command that an installation brings along."""


def program() -> str:
    """Return how the program was started, for commands that a user may type next."""
    return SCRIPT if Path(sys.argv[0]).stem == SCRIPT else "python -m sim"
