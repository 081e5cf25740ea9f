"""The clock that will finish sooner plays, unless the user names one."""

import pytest
from worlds import model

from sim.play.choice import AUTO, COMPILED, SIMPY, choose


@pytest.mark.parametrize(("attacks_per_day", "replications", "clock"), [
    (0.3, 99, SIMPY), (0.3, 100, COMPILED), (100.0, 3, SIMPY), (100.0, 4, COMPILED)])
def test_few_replications_are_not_worth_loading_unless_each_is_long(
    attacks_per_day: float, replications: int, clock: str,
) -> None:
    """A war of 100 attacks a day for 300 days has some thirty times the events of an ordinary scenario."""
    war = model(300, theatres={"north": {"troops": 1000, "attacks_per_day": attacks_per_day}})
    assert choose(AUTO, war, replications, 1).name == clock
    assert choose(SIMPY, war, replications, 1).name == SIMPY
