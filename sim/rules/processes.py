"""The processes of the model. When two are due at the same time, the one listed first acts first."""

from collections.abc import Callable
from typing import NamedTuple

from sim.rules import (
    attacks,
    capability,
    cargo,
    casualties,
    closing,
    drawdown,
    follow_up,
    holds,
    lift,
    plan,
    posture,
    pressure,
    response,
    suppressions,
    talks,
    tension,
    threat,
)
from sim.rules.parameters import Parameters
from sim.rules.state import State
from sim.rules.streams import Streams

Due = Callable[[State, Parameters, Streams, int], float]
Step = Callable[[State, Parameters, Streams, int], None]


class Kind(NamedTuple):
    """A kind of process: ``due`` says when process ``index`` of this kind acts next, ``step`` acts."""

    name: str
    due: Due
    step: Step


KINDS = (
    Kind("tension", tension.due, tension.step),
    Kind("suppression", suppressions.due, suppressions.step),
    Kind("attacks", attacks.due, attacks.step),
    Kind("response", response.due, response.step),
    Kind("talks", talks.due, talks.step),
    Kind("group", talks.group_due, talks.group_step),
    Kind("pressure", pressure.due, pressure.step),
    Kind("phase", drawdown.due, drawdown.step),
    Kind("closing", closing.due, closing.step),
    Kind("lift", lift.due, lift.step),
    Kind("threat", threat.due, threat.step),
    Kind("follow_up", follow_up.due, follow_up.step),
)


def begin(s: State, p: Parameters, r: Streams) -> None:
    """Set the state at the start of the scenario."""
    posture.begin(s, p)
    cargo.begin(s, p)
    plan.begin(s, p)
    capability.begin(s, p)
    tension.begin(s, p, r)
    suppressions.begin(s, p, r)
    casualties.begin(s, p)
    attacks.begin(s, p)
    threat.begin(s, p)
    talks.begin(s, p, r)


def finish(s: State, p: Parameters) -> None:
    """Bring every count of days up to the horizon."""
    s.now = p.horizon
    posture.count_all_days(s, p)
    capability.advance(s, p)
    tension.count_days(s, p)
    talks.set_state(s, p, s.talks)
    for j in range(p.phases):
        holds.count_days(s, j)
    follow_up.finish(s, p)
