"""Holds: a phase pauses after a fatal attack, while talks are suspended, or while the threat is too high.

A hold lasts no longer than the phase allows. Afterwards the remaining dates move back by its length, or the phase
catches up, as the scenario says. While any phase is held or late, or has a new date, an announced timeline counts as
slipping. Everything recorded about holds (``held_`` and ``hold_``) is changed here and nowhere else.
"""

import math

from sim.rules import plan
from sim.rules.parameters import Parameters
from sim.rules.state import (
    ABOVE_THREAT,
    AFTER_FATAL_ATTACK,
    HELD,
    MOVING,
    PENDING,
    SUSPENDED,
    TOLD_HELD,
    TOLD_RELEASED,
    WHILE_SUSPENDED,
    State,
    set_phase,
    tell,
    wake,
    wake_all,
)
from sim.rules.tension import wake_attacks


def after_fatal_attack(s: State, p: Parameters, k: int) -> None:
    """Hold the phases of theatre ``k`` after a fatal attack there, and delay those that wait for quiet."""
    if not p.attacks_to_drawdown:
        return
    for j in range(p.phases):
        if p.phase_theatre[j] != k:
            continue
        if p.phase_hold_after_fatal_days[j] > 0.0:
            _hold(s, p, j, s.now + p.phase_hold_after_fatal_days[j], AFTER_FATAL_ATTACK)
        if s.phase[j] == PENDING and p.phase_quiet_days[j] > 0.0:
            wake(s, p.process_phase + j)


def while_suspended(s: State, p: Parameters) -> None:
    """Hold the phases that pause while talks are suspended."""
    if not p.talks_to_drawdown or s.talks != SUSPENDED:
        return
    for j in range(p.phases):
        if p.phase_hold_when_suspended[j]:
            _hold(s, p, j, s.suspended_until, WHILE_SUSPENDED)


def talks_go_on(s: State, p: Parameters) -> None:
    """End the holds due to suspended talks."""
    for j in range(p.phases):
        if s.phase[j] == HELD and s.held_for_talks[j] > s.now:
            s.held_for_talks[j] = s.now
            _set_end(s, p, j)


def above_threat(s: State, p: Parameters) -> None:
    """Hold phases whose limit the threat ratio, just assessed, exceeds; end the hold where it no longer does."""
    if not p.threat_to_drawdown:
        return
    for j in range(p.phases):
        if s.threat_ratio > p.phase_hold_above_threat[j]:
            if not s.hold_spent[j]:
                _hold(s, p, j, s.now + 2.0 * p.threat_tick_days, ABOVE_THREAT)
        else:
            s.hold_spent[j] = False
            if s.phase[j] == HELD and s.held_for_threat[j] > s.now:
                s.held_for_threat[j] = s.now
                _set_end(s, p, j)
        if s.phase[j] == PENDING and p.phase_threat_at_most[j] < math.inf:
            wake(s, p.process_phase + j)


def release(s: State, p: Parameters, j: int) -> None:
    """Let phase ``j`` go on after a hold."""
    count_days(s, j)
    set_phase(s, j, MOVING)
    if p.phase_shifts[j]:
        haste_from = s.phase_hurried[j] if s.phase_hurried[j] < math.inf else -math.inf
        s.phase_shift[j] += s.now - max(s.held_since[j], haste_from)
    if s.held_for_threat[j] > s.now:  # a cause still lasts, so the hold ended at its limit
        s.hold_spent[j] = True
    tell(s, TOLD_RELEASED, j, s.now - s.held_since[j], 0.0)
    wake_all(s, p.process_lift, p.modes)
    set_slipping(s, p)


def count_days(s: State, j: int) -> None:
    """Add up the days of the hold on phase ``j``, if it is held; called once, when the hold or the replication ends."""
    if s.phase[j] == HELD:
        s.held_days[j] += s.now - s.held_since[j]


def set_shift_aside(s: State, p: Parameters, j: int) -> None:
    """Set aside the days that holds have added to phase ``j`` so far, before it goes faster."""
    s.phase_earlier_shift[j] = s.phase_shift[j]
    if s.phase[j] == HELD and p.phase_shifts[j]:
        s.phase_earlier_shift[j] += s.now - s.held_since[j]
    s.phase_shift[j] = 0.0


def _hold(s: State, p: Parameters, j: int, until: float, why: int) -> None:
    """Hold phase ``j``, or keep it held, for a cause that lasts until the time given."""
    if until <= s.now or not plan.under_way(s, j) or p.phase_hold_at_most_days[j] <= 0.0:
        return
    if s.phase[j] == MOVING:
        set_phase(s, j, HELD)
        s.held_since[j] = s.now
        s.held_until[j] = s.now
        s.held_for_fatal[j] = s.now
        s.held_for_talks[j] = s.now
        s.held_for_threat[j] = s.now
        wake_all(s, p.process_lift, p.modes)
        set_slipping(s, p)
    if why == AFTER_FATAL_ATTACK:
        s.held_for_fatal[j] = until
    elif why == WHILE_SUSPENDED:
        s.held_for_talks[j] = until
    else:
        s.held_for_threat[j] = until
        s.halted_by_resurgence = True
    _set_end(s, p, j)


def _set_end(s: State, p: Parameters, j: int) -> None:
    """Set the end of the hold on phase ``j``: when its last cause ends, or when it reaches the limit of the phase."""
    until = max(s.held_for_fatal[j], s.held_for_talks[j], s.held_for_threat[j])
    why = ABOVE_THREAT
    if until == s.held_for_fatal[j]:
        why = AFTER_FATAL_ATTACK
    elif until == s.held_for_talks[j]:
        why = WHILE_SUSPENDED
    until = min(until, s.held_since[j] + p.phase_hold_at_most_days[j])
    if until > s.now:
        s.held_why[j] = why
        if until > s.held_until[j]:
            tell(s, TOLD_HELD, j, until, why)
    s.held_until[j] = until
    wake(s, p.process_phase + j)


def set_slipping(s: State, p: Parameters) -> None:
    """Check whether any phase is held or late, or is to end later than planned; attacks depend on it."""
    slipping = False
    for j in range(p.phases):
        if s.phase[j] == HELD or (s.phase[j] == MOVING and s.phase_late[j]):
            slipping = True
        if s.phase_redated[j] > 0 and (s.phase[j] == PENDING or plan.under_way(s, j)):
            slipping = True
    if slipping != s.slipping:
        s.slipping = slipping
        wake_attacks(s, p)
