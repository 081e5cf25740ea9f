import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def ctrl_c():
    """Let Ctrl-C be heard, by the programs under test as well: a shell's background jobs begin without."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
