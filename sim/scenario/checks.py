"""What must hold between the values of a scenario."""

from collections.abc import Iterator

from sim.scenario.build import Fault
from sim.scenario.schema import Scenario


def check(scenario: Scenario) -> Iterator[Fault]:
    """Find what is wrong between values that are fine one by one."""
    if scenario.end <= scenario.start:
        yield Fault(("end",), f"must be after the start, {scenario.start}, not {scenario.end}", (("start",),))
