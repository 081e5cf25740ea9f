"""Drawdown: a phase begins when its conditions are met, asks for lift tranche by tranche, and ends at its target."""

import math

from sim.rules import closing, draining, execution, holds, milestones, plan
from sim.rules.parameters import NOTHING, Parameters
from sim.rules.posture import check_done
from sim.rules.state import (
    HELD,
    MOVING,
    PENDING,
    PHASE_MILESTONES,
    REACHED,
    RESURGENCE,
    TOLD_LATE,
    TOLD_PHASE_BEGINS,
    TOLD_TRANCHE,
    State,
    set_phase,
    tell,
    ticket,
    wake,
    wake_all,
)
from sim.rules.streams import Streams


def due(s: State, p: Parameters, r: Streams, j: int) -> float:
    """A phase acts next when it may begin, its next tranche is due, its hold ends, it is upset, or a site closes."""
    if s.phase_site_closed[j]:
        return s.now
    if s.phase[j] == PENDING:
        ready = max(ready_at(s, p, j), s.phase_first_move[j])
        own = math.inf if ready <= s.now and _threat_forbids(s, p, j) else ready
    elif s.phase[j] == HELD:
        own = s.held_until[j]
    elif s.phase[j] == MOVING:
        own = plan.date(s, p, j, s.phase_tranche[j])
    else:
        return math.inf
    return min(own, execution.due(s, j))


def step(s: State, p: Parameters, r: Streams, j: int) -> None:
    """Begin, go on after a hold, or ask for the next tranche; a late phase keeps asking for what it lacks."""
    if execution.due(s, j) <= s.now:
        execution.upset(s, p, r, j)
    elif s.phase_site_closed[j]:
        s.phase_site_closed[j] = False
        check_reached(s, p, j)
    elif s.phase[j] == PENDING:
        if not _threat_forbids(s, p, j):
            execution.give_order(s, p, r, j)
            if s.phase_first_move[j] <= s.now:
                _begin(s, p, j)
    elif s.phase[j] == HELD:
        holds.release(s, p, j)
    else:
        after_last = plan.last_tranche(s, j) + 1
        missed = plan.date(s, p, j, after_last) + execution.days_in_hand(s, j)
        if s.phase_tranche[j] >= after_last and s.now >= missed and not s.phase_late[j]:
            s.phase_late[j] = True
            tell(s, TOLD_LATE, j, 0.0, 0.0)
            holds.set_slipping(s, p)
        if execution.puts_off(s, p, r, j):
            s.phase_tranche[j] += 1
        else:
            _ask_for_tranche(s, p, j)


def ready_at(s: State, p: Parameters, j: int) -> float:
    """Return when dates, milestones and the wait for quiet allow phase ``j`` to begin."""
    ready = p.phase_start[j]
    if p.phase_after[j] != NOTHING:
        ready = max(ready, s.milestone[p.phase_after[j]] + p.phase_delay_days[j])
    if p.phase_quiet_days[j] > 0.0 and p.attacks_to_drawdown:
        ready = max(ready, s.last_fatal[p.phase_theatre[j]] + p.phase_quiet_days[j])
    return ready


def _threat_forbids(s: State, p: Parameters, j: int) -> bool:
    return p.threat_to_drawdown and s.threat_ratio > p.phase_threat_at_most[j]


def _begin(s: State, p: Parameters, j: int) -> None:
    plan.draw_up(s, p, j)
    set_phase(s, j, MOVING)
    if p.phase_contingent[j]:
        plan.lower_floor(s, p, j)
    tell(s, TOLD_PHASE_BEGINS, j, s.phase_from[j], s.phase_goal[j])
    if p.phase_reinforce[j] and p.phase_after[j] == RESURGENCE:
        s.halted_by_resurgence = True
    if p.phase_faster_after[j] != NOTHING and s.milestone[p.phase_faster_after[j]] < math.inf:
        milestones.hurry(s, p, j)
    draining.fill(s, p, j)
    closing.take_over(s, p, j)
    check_reached(s, p, j)
    holds.while_suspended(s, p)


def _ask_for_tranche(s: State, p: Parameters, j: int) -> None:
    """Ask for lift for the troops that still separate the phase from its planned strength, or move them by road."""
    draining.fill(s, p, j)
    there = plan.strength(s, p, j)
    planned = plan.planned_strength(s, p, j, s.phase_tranche[j])
    wanted = planned - there if p.phase_reinforce[j] else there - planned
    wanted -= plan.coming_in(s, p, j)
    if p.phase_destinations[j] > 0:
        draining.gather(s, p, j, wanted)
    elif wanted > s.asked[j]:
        tell(s, TOLD_TRANCHE, j, wanted - s.asked[j], 0.0)
        if s.asked[j] == 0:
            s.lift_ticket[j] = ticket(s)
        s.asked[j] = wanted
        wake_all(s, p.process_lift, p.modes)
    s.phase_tranche[j] += 1
    if not p.phase_reinforce[j]:
        closing.queue(s, p, j)
        closing.look_again(s, p, j)
    check_reached(s, p, j)


def check_reached(s: State, p: Parameters, j: int) -> None:
    """End phase ``j`` if it is at its target strength; any lift it still waits for is no longer needed."""
    if not (plan.under_way(s, j) and plan.reached(s, p, j)):
        return
    holds.count_days(s, j)
    draining.fill(s, p, j)
    set_phase(s, j, REACHED)
    s.phase_reached_at[j] = s.now
    s.asked[j] = 0
    wake(s, p.process_phase + j)
    wake_all(s, p.process_lift, p.modes)
    milestones.reach(s, p, PHASE_MILESTONES + j)
    check_done(s, p, p.phase_theatre[j])
    holds.set_slipping(s, p)


def check_theatre(s: State, p: Parameters, k: int) -> None:
    """End the phases of theatre ``k`` that losses have brought to their target."""
    for j in range(p.phases):
        if p.phase_theatre[j] == k and not p.phase_reinforce[j]:
            check_reached(s, p, j)
