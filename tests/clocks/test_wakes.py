"""No process sleeps through what concerns it: whatever changes when a process acts next, wakes it."""

import math

from examples import few_and_many
from hypothesis import strategies as st
from strategies import scenarios

from sim.clocks.reference import ReferenceClock
from sim.model.setup import process_table, set_up
from sim.rules import attacks, rain
from sim.rules.parameters import Parameters
from sim.rules.processes import KINDS
from sim.rules.state import State
from sim.scenario.load import ScenarioFile


class Sentry:
    """Asks every process anew before each step: none may have been due before it."""

    def __init__(self, clock: ReferenceClock) -> None:
        self.clock = clock
        table = process_table(clock.parameters)
        self.asked = [(KINDS[kind].due, i) for kind, i in table if KINDS[kind].name != "attacks"]

    def observe(self, s: State, time: float) -> None:
        p, r = self.clock.parameters, self.clock.streams
        for due, i in self.asked:
            assert max(due(s, p, r, i), s.now) >= time
        if s.now % rain.BLOCK_DAYS == 0.0:  # every theatre acts now anyway: a trend changes its rate
            return
        for k in range(p.theatres):
            before = rates(s, p, k)
            attacks.set_rates(s, p, k)
            assert rates(s, p, k) == before


def rates(s: State, p: Parameters, k: int) -> tuple[float, float, float]:
    """Return the rates of a theatre; none where no attack can happen, since a trend passes unseen there."""
    intensity = attacks.intensity(s, p, k)
    return (intensity, s.calm[k], s.background[k]) if intensity > 0.0 else (0.0, 0.0, 0.0)


@few_and_many(8, 100, scenarios(), st.integers(0, 2**32))
def test_nobody_is_overdue_when_another_acts(file: ScenarioFile, seed: int) -> None:
    """A free crew and a waiting site, a free lift and troops that could leave, a rate of attacks that has changed."""
    clock = ReferenceClock(set_up(file.scenario), seed, 0)
    state = clock.play(Sentry(clock).observe)
    assert state.now == clock.parameters.horizon < math.inf
