"""Talks: regular rounds supported by working groups. Attacks can suspend them; success is an agreed timeline.

Working groups work only while talks are not suspended, and report when they are done. When all have reported, the
principals meet and announce a timeline. If no group reports for too long, talks stall, and any round held while they
are stalled may end them for good.
"""

import math

from sim.rules import casualties, holds, milestones, suppressions
from sim.rules.parameters import Parameters
from sim.rules.state import (
    AGREED,
    AGREEMENT,
    BREAKDOWN,
    BROKEN_DOWN,
    NO_TALKS,
    OVERTAKEN,
    PROGRESSING,
    STALLED,
    SUSPENDED,
    TOLD_REPORT,
    TOLD_RESUMED,
    TOLD_ROUND,
    TOLD_STALLED,
    TOLD_SUSPENDED,
    State,
    tell,
    wake,
)
from sim.rules.streams import Streams, uniform
from sim.rules.tension import wake_attacks
from sim.rules.variates import duration


def begin(s: State, p: Parameters, r: Streams) -> None:
    """Set the working groups to work from the first round on, unless talks are suspended at the start."""
    if not p.has_talks:
        return
    s.next_round = p.talks_first_round
    s.last_progress = p.talks_first_round
    s.talks = PROGRESSING
    for g in range(p.groups):
        s.group_work[g] = duration(p.group_work_days[g], p.group_work_spread[g], uniform(r.working_group, g))
        s.group_done_at[g] = max(0.0, p.talks_first_round) + s.group_work[g]
    if p.talks_suspended_until > 0.0:
        suspend(s, p, p.talks_suspended_until)


def alive(s: State) -> bool:
    """Tell whether there are talks that are not over."""
    return s.talks == PROGRESSING or s.talks == STALLED or s.talks == SUSPENDED


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """Talks act next at a round, the principals' meeting, the end of a suspension, or the date set for agreement."""
    if not alive(s):
        return math.inf
    if s.talks == SUSPENDED:
        return min(s.suspended_until, p.talks_agreement_on)
    return min(s.next_round, s.announce_at, p.talks_agreement_on)


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Announce a timeline, resume talks, or hold a round."""
    if s.now >= p.talks_agreement_on or (s.talks != SUSPENDED and s.now >= s.announce_at):
        set_state(s, p, AGREED)
        _dismiss_groups(s, p)
        milestones.reach(s, p, AGREEMENT)
        holds.talks_go_on(s, p)
    elif s.talks == SUSPENDED:
        _resume(s, p)
    else:
        _hold_round(s, p, r)


def set_state(s: State, p: Parameters, state: int) -> None:
    """Change the state of the talks and count the days in the old one; attacks and truces depend on the state."""
    s.talks_days[s.talks] += s.now - s.talks_since
    s.talks_since = s.now
    if s.talks != state:
        s.talks = state
        suppressions.talks_changed(s, p)
        wake_attacks(s, p)


def _hold_round(s: State, p: Parameters, r: Streams) -> None:
    s.rounds += 1
    s.next_round = s.now + duration(p.talks_round_days, p.talks_round_spread, uniform(r.rounds, 0))
    tell(s, TOLD_ROUND, 0, s.rounds, 0.0)
    all_reported = p.groups > 0 and s.reports == p.groups
    if all_reported or s.now - s.last_progress < p.talks_stall_after_days:
        return
    if s.talks != STALLED:
        set_state(s, p, STALLED)
        tell(s, TOLD_STALLED, 0, 0.0, 0.0)
    if p.stall_to_pressure:
        s.domestic_pressure += p.pressure_per_stalled_round
    if uniform(r.breakdown, 0) < p.talks_breakdown_chance:
        set_state(s, p, BROKEN_DOWN)
        _dismiss_groups(s, p)
        milestones.reach(s, p, BREAKDOWN)


def react(s: State, p: Parameters, r: Streams, k: int, killed: int, wounded: int) -> None:
    """Suspend talks, or prolong a suspension, with some chance after a fatal or mass-casualty attack."""
    if not alive(s) or not p.attacks_to_talks:
        return
    chance = 0.0
    if killed > 0:
        chance = p.talks_suspend_after_fatal
    elif casualties.is_mass_casualty(p, killed, wounded):
        chance = p.talks_suspend_after_mass_casualty
    if chance > 0.0 and uniform(r.attack_outcomes, k) < chance:
        days = duration(p.talks_suspension_days, p.talks_suspension_spread, uniform(r.attack_outcomes, k))
        suspend(s, p, s.now + days)


def suspend(s: State, p: Parameters, until: float) -> None:
    """Suspend talks until the time given; working groups stop and keep their remaining work."""
    if s.talks != SUSPENDED:
        set_state(s, p, SUSPENDED)
        s.suspensions += 1
        s.suspended_until = until
        for g in range(p.groups):
            if s.group_done_at[g] < math.inf:
                s.group_work[g] = s.group_done_at[g] - max(s.now, p.talks_first_round)
                s.group_done_at[g] = math.inf
                wake(s, p.process_group + g)
    s.suspended_until = max(s.suspended_until, until)
    tell(s, TOLD_SUSPENDED, 0, s.suspended_until, 0.0)
    wake(s, p.process_talks)
    holds.while_suspended(s, p)


def _resume(s: State, p: Parameters) -> None:
    """Resume talks with a round; working groups go on where they stopped."""
    set_state(s, p, PROGRESSING)
    s.next_round = max(s.now, p.talks_first_round)
    for g in range(p.groups):
        if not s.group_reported[g]:
            s.group_done_at[g] = s.next_round + s.group_work[g]
            wake(s, p.process_group + g)
    tell(s, TOLD_RESUMED, 0, 0.0, 0.0)
    holds.talks_go_on(s, p)


def overtaken(s: State, p: Parameters) -> None:
    """End talks, or set aside what they agreed, after a demand to leave."""
    if s.talks == NO_TALKS or s.talks == BROKEN_DOWN:
        return
    set_state(s, p, OVERTAKEN)
    _dismiss_groups(s, p)
    wake(s, p.process_talks)
    holds.talks_go_on(s, p)


def _dismiss_groups(s: State, p: Parameters) -> None:
    for g in range(p.groups):
        s.group_done_at[g] = math.inf
        wake(s, p.process_group + g)


def group_due(s: State, p: Parameters, r: Streams, g: int) -> float:
    """A working group acts next when its work is done."""
    return s.group_done_at[g]


def group_step(s: State, p: Parameters, r: Streams, g: int) -> None:
    """Have the group report; after the last report the principals prepare to meet, unless a date is already set."""
    s.group_reported[g] = True
    s.group_work[g] = 0.0
    s.group_done_at[g] = math.inf
    s.reports += 1
    s.last_progress = s.now
    tell(s, TOLD_REPORT, g, 0.0, 0.0)
    if s.talks == STALLED:
        set_state(s, p, PROGRESSING)
    if s.reports == p.groups and p.talks_agreement_on == math.inf:
        s.announce_at = s.now + p.talks_principals_days
        wake(s, p.process_talks)
