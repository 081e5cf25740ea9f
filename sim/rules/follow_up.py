"""Follow-up: the same time after completion in every timeline, so that what comes afterwards is compared fairly."""

import math

from sim.rules import capability, posture
from sim.rules.parameters import Parameters
from sim.rules.state import TOLD_FOLLOW_UP, State, tell
from sim.rules.streams import Streams


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """The follow-up ends once, so many days after the drawdown was first complete."""
    return math.inf if s.follow_up_over else s.completed_at + p.follow_up_days


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """End the follow-up: count the days up to now, and read the threat."""
    posture.count_all_days(s, p)
    s.follow_up_over = True
    s.ratio_at_follow_up = capability.threat_ratio(s, p)
    tell(s, TOLD_FOLLOW_UP, 0, s.total_present, s.ratio_at_follow_up)


def finish(s: State, p: Parameters) -> None:
    """Read at the horizon what was to be read at completion or at the end of a follow-up that had not come by then."""
    ratio = capability.threat_ratio(s, p)
    if s.completed_at == math.inf:
        s.ratio_at_handover = ratio
    if not s.follow_up_over:
        s.ratio_at_follow_up = ratio
