"""Regional tension and suppressions: outside conditions, with dated or random changes, that affect attacks.

Tension is high or low. It follows dated switches first, then spells of random length. A suppression is a truce or an
order to stop attacks.
"""

import math

from sim.rules.parameters import Parameters
from sim.rules.state import IN_FORCE, OVER, TO_COME, TOLD_SUPPRESSION, TOLD_TENSION, State, tell, wake
from sim.rules.streams import Streams, uniform
from sim.rules.variates import exponential


def begin(s: State, p: Parameters, r: Streams) -> None:
    """Set the state at the start, which lasts until the first dated switch, or for a random time if there is none."""
    s.tension_high = p.tension_initial_high
    _set_end(s, p, r)
    for i in range(p.suppressions):
        s.suppression[i] = TO_COME
        s.suppression_until[i] = p.suppression_end[i]
        if p.suppression_start[i] <= 0.0:
            _come_into_force(s, p, r, i)


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """Tension acts next when the current spell ends."""
    return s.tension_until if p.has_tension else math.inf


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Switch tension, and wake attacks everywhere."""
    if s.tension_switch < p.tension_switches:
        high = p.tension_switch_high[s.tension_switch]
        s.tension_switch += 1
    else:
        high = not s.tension_high
    count_days(s, p)
    if high != s.tension_high:
        s.tension_high = high
        tell(s, TOLD_TENSION, 0, 1.0 if high else 0.0, 0.0)
        wake_attacks(s, p)
    _set_end(s, p, r)


def _set_end(s: State, p: Parameters, r: Streams) -> None:
    if s.tension_switch < p.tension_switches:
        s.tension_until = p.tension_switch_at[s.tension_switch]
    elif p.has_tension:
        mean = p.tension_mean_high_days if s.tension_high else p.tension_mean_low_days
        s.tension_until = s.now + exponential(mean, uniform(r.tension, 0))


def count_days(s: State, p: Parameters) -> None:
    """Count the days of high tension up to now."""
    if s.tension_high:
        s.high_days += s.now - s.tension_since
    s.tension_since = s.now


def suppression_due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """Suppression ``i`` acts next when it comes into force or ends."""
    if s.suppression[i] == TO_COME:
        return p.suppression_start[i]
    if s.suppression[i] == IN_FORCE:
        return s.suppression_until[i]
    return math.inf


def suppression_step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Bring suppression ``i`` into force or end it, and wake attacks."""
    if s.suppression[i] == TO_COME:
        _come_into_force(s, p, r, i)
        tell(s, TOLD_SUPPRESSION, i, 1.0, 0.0)
    else:
        s.suppression[i] = OVER
        tell(s, TOLD_SUPPRESSION, i, 0.0, 0.0)
    wake_attacks(s, p)


def _come_into_force(s: State, p: Parameters, r: Streams, i: int) -> None:
    s.suppression[i] = IN_FORCE
    if p.suppression_mean_days[i] >= 0.0:
        s.suppression_until[i] = s.now + exponential(p.suppression_mean_days[i], uniform(r.suppression, i))
    if s.suppression_until[i] <= s.now:
        s.suppression[i] = OVER


def suppression_factor(s: State, p: Parameters, k: int) -> float:
    """Return the share of attacks in theatre ``k`` that all suppressions in force leave."""
    factor = 1.0
    for i in range(p.suppressions):
        if s.suppression[i] == IN_FORCE and p.suppression_covers[i * p.theatres + k]:
            factor *= p.suppression_factor[i]
    return factor


def wake_attacks(s: State, p: Parameters) -> None:
    """Wake the attacks of all theatres."""
    for k in range(p.theatres):
        wake(s, p.process_attacks + k)
