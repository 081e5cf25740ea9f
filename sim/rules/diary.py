"""The diary: what a replication is like at the start of every day, and its attacks by week, as whole numbers.

Only changes are noted: row, day or week, and the new level. Whole numbers, so that counts over replications are exact
and do not depend on their order. The rows, in this order: troops present by theatre and in all; attacks of each full
week by theatre and in all; the state of the talks; whether tension is high; the logarithms of threat, capability and
their ratio, in steps of `INDEX_STEP`; the state of each suppression; the state of each phase.
"""

import math
from dataclasses import dataclass

from sim.rules.parameters import Parameters
from sim.rules.state import State, per
from sim.rules.variates import nearest

DAYS_PER_WEEK = 7
INDEX_STEP = 0.005
"""Resolution of the logarithm of threat, capability and their ratio: half a percent."""
MOST = 20.0
"""Logarithms beyond this, a factor of some 500 million, are cut off."""


@dataclass(slots=True)
class Diary:
    """How far the diary of a replication has come."""

    day: int = 0  # the first day whose state is not noted yet
    week: int = 0  # the first week whose attacks are not
    entries: int = 0  # so far, those of earlier replications in the same diary included
    entry_row: list[int] = per("entries")
    entry_time: list[int] = per("entries")  # day or week
    entry_level: list[int] = per("entries")
    level: list[int] = per("rows")  # the last noted
    attacks: list[int] = per("theatres")  # up to the end of the last noted week


def rows_of(theatres: int, suppressions: int, phases: int) -> int:
    """Return the number of rows."""
    return 2 * (theatres + 1) + 5 + suppressions + phases


def weeks_of(days: int) -> int:
    """Return the full weeks in so many days; one if there are fewer than seven."""
    return max(1, int(days / DAYS_PER_WEEK))


def most_entries(p: Parameters) -> int:
    """Return how many entries a replication makes at most."""
    return rows_of(p.theatres, p.suppressions, p.phases) * (int(p.horizon) + 1)


def first_diary(p: Parameters, entries: int) -> Diary:
    """Return an empty diary with room for so many entries."""
    d = Diary()
    d.level = [0] * rows_of(p.theatres, p.suppressions, p.phases)
    d.attacks = [0] * p.theatres
    d.entry_row, d.entry_time, d.entry_level = [0] * entries, [0] * entries, [0] * entries
    return d


def open_diary(p: Parameters, d: Diary) -> None:
    """Begin the diary of a replication."""
    d.day = 0
    d.week = 0
    for k in range(p.theatres):
        d.attacks[k] = 0


def note(s: State, p: Parameters, d: Diary, upto: float) -> None:
    """Note the state that holds at the start of every day before ``upto`` that is not noted yet.

    Parameters
    ----------
    s, p, d
        The state before whatever happens at ``upto``.
    upto
        The time up to which the state holds; a day after the horizon to note the attacks of the last day.
    """
    if upto <= d.day:
        return
    days = int(p.horizon)
    if d.day < days:
        _note_levels(s, p, d)
    d.day = math.ceil(upto)
    while d.week < weeks_of(days) and min((d.week + 1) * DAYS_PER_WEEK, days) < d.day:
        _note_week(s, p, d)
        d.week += 1


def _note_levels(s: State, p: Parameters, d: Diary) -> None:
    for k in range(p.theatres):
        _enter(d, k, d.day, s.present[k])
    _enter(d, p.theatres, d.day, s.total_present)
    row = 2 * (p.theatres + 1)
    _enter(d, row, d.day, s.talks)
    _enter(d, row + 1, d.day, 1 if s.tension_high else 0)
    _enter(d, row + 2, d.day, _steps(s.threat))
    _enter(d, row + 3, d.day, _steps(_log(s.capability)))
    _enter(d, row + 4, d.day, _steps(_log(s.threat_ratio)))
    for i in range(p.suppressions):
        _enter(d, row + 5 + i, d.day, s.suppression[i])
    for j in range(p.phases):
        _enter(d, row + 5 + p.suppressions + j, d.day, s.phase[j])


def _note_week(s: State, p: Parameters, d: Diary) -> None:
    total = 0
    for k in range(p.theatres):
        attacks = s.attacks[k] - d.attacks[k]
        d.attacks[k] = s.attacks[k]
        total += attacks
        _enter(d, p.theatres + 1 + k, d.week, attacks)
    _enter(d, 2 * p.theatres + 1, d.week, total)


def _log(x: float) -> float:
    return math.log(x) if x > 0.0 else -MOST


def _steps(logarithm: float) -> int:
    return nearest(min(max(logarithm, -MOST), MOST) / INDEX_STEP)


def _enter(d: Diary, row: int, time: int, level: int) -> None:
    """Write an entry if the level is a new one."""
    if time > 0 and level == d.level[row]:
        return
    d.level[row] = level
    i = d.entries
    d.entry_row[i] = row
    d.entry_time[i] = time
    d.entry_level[i] = level
    d.entries = i + 1
