"""Cost in million US dollars: a fixed sum per day with anybody present, plus troop-days, moves and closed sites."""

from sim.rules.parameters import DAYS_PER_YEAR, Parameters
from sim.rules.state import State


def fixed(s: State, p: Parameters) -> float:
    """Return the cost of the days with anybody present."""
    return p.cost_fixed_per_day * s.days_present


def of_troops(s: State, p: Parameters, k: int) -> float:
    """Return the cost of the troop-days in theatre ``k``."""
    return p.cost_per_troop_year * s.troop_days[k] / DAYS_PER_YEAR


def of_lift(s: State, p: Parameters) -> float:
    """Return the cost of moving troops."""
    return p.cost_per_troop_moved * troops_moved(s, p)


def troops_moved(s: State, p: Parameters) -> int:
    """Return the troops that lift took up, whatever the mode."""
    moved = 0
    for m in range(p.modes):
        moved += s.moved[m]
    return moved


def of_closing(s: State, p: Parameters) -> float:
    """Return the cost of closing sites, including those that were opened again later."""
    return p.cost_per_site_closed * s.closings


def total(s: State, p: Parameters) -> float:
    """Return all costs."""
    troops = 0.0
    for k in range(p.theatres):
        troops += of_troops(s, p, k)
    return fixed(s, p) + troops + of_lift(s, p) + of_closing(s, p)
