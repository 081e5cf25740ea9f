"""Regional tension: high or low. It follows dated switches first, then spells of random length."""

import math

from sim.rules.parameters import Parameters
from sim.rules.state import TOLD_TENSION, State, tell, wake
from sim.rules.streams import Streams, uniform
from sim.rules.variates import exponential


def begin(s: State, p: Parameters, r: Streams) -> None:
    """Set the state at the start, which lasts until the first dated switch, or for a random time if there is none."""
    s.tension_high = p.tension_initial_high
    _set_end(s, p, r)


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


def wake_attacks(s: State, p: Parameters) -> None:
    """Wake the attacks of all theatres."""
    for k in range(p.theatres):
        wake(s, p.process_attacks + k)
