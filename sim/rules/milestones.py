"""Milestones: events that begin or end phases and truces, or speed phases up. Each is reached at most once."""

import math

from sim.rules import closing, holds, plan, suppressions
from sim.rules.parameters import Parameters
from sim.rules.state import (
    CANCELLED,
    PENDING,
    RESURGENCE,
    TOLD_CANCELLED,
    TOLD_FASTER,
    TOLD_MILESTONE,
    State,
    set_phase,
    tell,
    wake,
    wake_all,
)


def reach(s: State, p: Parameters, milestone: int) -> None:
    """Record that a milestone is reached, and have the truces and phases concerned react."""
    if s.milestone[milestone] < math.inf:
        return
    s.milestone[milestone] = s.now
    tell(s, TOLD_MILESTONE, milestone, 0.0, 0.0)
    suppressions.at_milestone(s, p, milestone)
    for j in range(p.phases):
        if p.phase_cancel_after[j] == milestone and (s.phase[j] == PENDING or plan.under_way(s, j)):
            _cancel(s, p, j, milestone)
        if p.phase_faster_after[j] == milestone and plan.under_way(s, j):
            hurry(s, p, j)
        if p.phase_after[j] == milestone and s.phase[j] == PENDING:
            wake(s, p.process_phase + j)


def hurry(s: State, p: Parameters, j: int) -> None:
    """Let phase ``j`` go faster from now on."""
    s.phase_hurried[j] = s.now
    holds.set_shift_aside(s, p, j)
    tell(s, TOLD_FASTER, j, 0.0, 0.0)
    wake(s, p.process_phase + j)


def _cancel(s: State, p: Parameters, j: int, milestone: int) -> None:
    """Cancel phase ``j``."""
    if milestone == RESURGENCE and s.phase[j] != PENDING:
        s.halted_by_resurgence = True
    tell(s, TOLD_CANCELLED, j, 0.0, 0.0)
    end_where_it_stands(s, p, j)


def end_where_it_stands(s: State, p: Parameters, j: int) -> None:
    """End phase ``j`` short of its target, with the sites that it has not closed."""
    holds.count_days(s, j)
    set_phase(s, j, CANCELLED)
    s.asked[j] = 0
    closing.abandon(s, p, j)
    wake(s, p.process_phase + j)
    wake_all(s, p.process_lift, p.modes)
    holds.set_slipping(s, p)
