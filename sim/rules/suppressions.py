"""Suppressions: truces and orders to stop attacks. They begin and end on dates, at milestones, by chance or with talks.

Talks go on while they progress and once they have agreed. A suppression that needs progress lapses when talks do not go
on, and is in force again when they do. One with a chance to end each day has that chance only while talks do not go on:
it then outlasts so many days, its patience, and ends for good when they are used up.
"""

import math

from sim.rules.parameters import NOTHING, Parameters
from sim.rules.portable import log_1_plus
from sim.rules.state import (
    AGREED,
    IN_FORCE,
    LAPSED,
    NO_TALKS,
    OVER,
    PROGRESSING,
    TO_COME,
    TOLD_LAPSED,
    TOLD_RENEWED,
    TOLD_SUPPRESSION,
    State,
    tell,
    wake,
)
from sim.rules.streams import Streams, uniform
from sim.rules.tension import wake_attacks
from sim.rules.variates import exponential


def begin(s: State, p: Parameters, r: Streams) -> None:
    """Bring into force what began before the start and is not over yet."""
    for i in range(p.suppressions):
        s.suppression[i] = TO_COME
        s.suppression_until[i] = p.suppression_end[i]
        if starts_at(s, p, i) <= 0.0:
            _come_into_force(s, p, r, i)


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """Suppression ``i`` acts next when it comes into force or ends, and at once when talks stop or go on again."""
    if s.suppression[i] == TO_COME:
        return starts_at(s, p, i)
    if s.suppression[i] == OVER:
        return math.inf
    if minds_talks(p, i) and talks_go_on(s, p) != s.talks_seen[i]:
        return s.now
    return ends_at(s, p, i)


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Bring suppression ``i`` into force, end it or have it follow the talks, and wake attacks."""
    if s.suppression[i] == TO_COME:
        tell(s, TOLD_SUPPRESSION, i, 1.0, 0.0)
        _come_into_force(s, p, r, i)
    elif ends_at(s, p, i) <= s.now:
        s.suppression[i] = OVER
        tell(s, TOLD_SUPPRESSION, i, 0.0, 0.0)
    else:
        _follow_talks(s, p, i)
    wake_attacks(s, p)


def starts_at(s: State, p: Parameters, i: int) -> float:
    """Return when suppression ``i`` comes into force by its date and its milestone; never if its end comes first."""
    start = p.suppression_start[i]
    if p.suppression_start_after[i] != NOTHING:
        start = max(start, s.milestone[p.suppression_start_after[i]])
    return start if start < ends_at(s, p, i) else math.inf


def ends_at(s: State, p: Parameters, i: int) -> float:
    """Return when suppression ``i`` ends, as things stand: by its time, at its milestone, or out of patience."""
    end = min(s.suppression_until[i], s.patience_until[i])
    if p.suppression_end_after[i] != NOTHING:
        end = min(end, s.milestone[p.suppression_end_after[i]])
    return end


def _come_into_force(s: State, p: Parameters, r: Streams, i: int) -> None:
    s.suppression[i] = IN_FORCE
    if p.suppression_mean_days[i] >= 0.0:
        s.suppression_until[i] = s.now + exponential(p.suppression_mean_days[i], uniform(r.suppression, i))
    if p.suppression_end_chance_per_day[i] > 0.0:
        s.patience[i] = exponential(mean_patience(p.suppression_end_chance_per_day[i]), uniform(r.suppression, i))
    if ends_at(s, p, i) <= s.now:
        s.suppression[i] = OVER


def mean_patience(chance: float) -> float:
    """Return the mean number of days that something outlasts if it ends on each of them with a chance."""
    return -1.0 / log_1_plus(-chance) if chance < 1.0 else 0.0


def talks_go_on(s: State, p: Parameters) -> bool:
    """Tell whether talks progress or have agreed, as far as suppressions take notice of them."""
    return not p.talks_to_suppressions or s.talks == NO_TALKS or s.talks == PROGRESSING or s.talks == AGREED


def minds_talks(p: Parameters, i: int) -> bool:
    """Tell whether suppression ``i`` depends on how talks go."""
    return p.suppression_needs_progress[i] or p.suppression_end_chance_per_day[i] > 0.0


def talks_changed(s: State, p: Parameters) -> None:
    """Wake the suppressions that depend on how talks go."""
    for i in range(p.suppressions):
        if minds_talks(p, i):
            wake(s, p.process_suppression + i)


def _follow_talks(s: State, p: Parameters, i: int) -> None:
    """Have suppression ``i`` lose patience from now on, or no longer; one that needs progress lapses or is renewed."""
    s.talks_seen[i] = not s.talks_seen[i]
    if s.talks_seen[i]:
        s.patience[i] = s.patience_until[i] - s.now
        s.patience_until[i] = math.inf
    else:
        s.patience_until[i] = s.now + s.patience[i]
    if p.suppression_needs_progress[i]:
        s.suppression[i] = IN_FORCE if s.talks_seen[i] else LAPSED
        tell(s, TOLD_RENEWED if s.talks_seen[i] else TOLD_LAPSED, i, 0.0, 0.0)


def at_milestone(s: State, p: Parameters, milestone: int) -> None:
    """Wake the suppressions that begin or end at a milestone that has been reached."""
    for i in range(p.suppressions):
        if p.suppression_start_after[i] == milestone or p.suppression_end_after[i] == milestone:
            wake(s, p.process_suppression + i)


def factor(s: State, p: Parameters, k: int) -> float:
    """Return the share of attacks in theatre ``k`` that all suppressions in force leave."""
    left = 1.0
    for i in range(p.suppressions):
        if s.suppression[i] == IN_FORCE and p.suppression_covers[i * p.theatres + k]:
            left *= p.suppression_factor[i]
    return left
