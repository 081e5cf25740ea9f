"""The name of this program in what it prints."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

SCRIPT = "drawdown-sim"
"""The command that an installation provides."""


def program() -> str:
    """Return the way the program was started, for commands that a user may type next."""
    return SCRIPT if Path(sys.argv[0]).stem == SCRIPT else "python -m sim"


def command_of(arguments: Sequence[str]) -> str:
    """Return a command of this program as it was typed; nothing if results were made in Python.

    Parameters
    ----------
    arguments
        `sys.argv`, as results keep it.
    """
    started = Path(arguments[0])
    if started.stem != SCRIPT and started.parts[-2:] != ("sim", "__main__.py"):
        return ""
    return shlex.join([*program().split(), *arguments[1:]])
