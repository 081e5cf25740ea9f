import signal

import pytest
from hypothesis import HealthCheck, settings

# No example fails because the machine is busy.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def ctrl_c():
    """Let Ctrl-C be heard, by the programs under test as well: a shell's background jobs begin without."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
