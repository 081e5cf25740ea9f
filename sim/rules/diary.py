"""The diary: the state of a replication at the start of every day and its attacks by week, in whole numbers.

Only changes are recorded, each as a row, a day or week, and the new level. The numbers are whole so that sums over
replications are exact and do not depend on their order. The rows are, in this order: troops present by theatre and in
total; attacks in each full week by theatre and in total; the state of the talks; whether tension is high; the
logarithms of threat, capability and their ratio, in steps of `INDEX_STEP`; the state of each suppression; the state of
each phase; boxes of cargo not yet out by theatre; what each mode of lift carries (`IDLE`, `WITH_TROOPS`, `WITH_CARGO`).
"""

import math
from dataclasses import dataclass

from sim.rules.parameters import DAYS_PER_WEEK, Parameters
from sim.rules.portable import log
from sim.rules.state import State, per
from sim.rules.variates import nearest

INDEX_STEP = 0.005
"""Step in which the logarithms of threat, capability and their ratio are recorded: half a percent."""
LARGEST_LOGARITHM = 20.0
"""Logarithms larger than this, a factor of some 500 million, are cut off."""

IDLE = 0
WITH_TROOPS = 1
WITH_CARGO = 2


@dataclass(slots=True)
class Diary:
    """A diary, and how far it has come."""

    day: int = 0  # the first day not recorded yet
    week: int = 0  # the first week not recorded yet
    phase_changes: int = -1  # as of the last record of the phases
    entries: int = 0  # so far, including those of earlier replications in the same diary
    entry_row: list[int] = per("entries")
    entry_time: list[int] = per("entries")  # day or week
    entry_level: list[int] = per("entries")
    level: list[int] = per("rows")  # the last level recorded in each row
    attacks: list[int] = per("theatres")  # up to the end of the last week recorded
    threat: float = 0.0  # as it was last, and in steps, so as not to count them every day
    threat_steps: int = 0
    capability: float = 1.0  # the same of the logarithm of capability
    capability_steps: int = 0
    ratio: float = 1.0  # and of threat over capability
    ratio_steps: int = 0


def rows_of(theatres: int, suppressions: int, phases: int, modes: int) -> int:
    """Return the number of rows."""
    return 2 * (theatres + 1) + 5 + suppressions + phases + theatres + modes


def weeks_of(days: int) -> int:
    """Return the number of full weeks in ``days``, or 1 if there are fewer than seven days."""
    return max(1, int(days / DAYS_PER_WEEK))


def most_entries(p: Parameters) -> int:
    """Return the most entries that a replication can make."""
    return rows_of(p.theatres, p.suppressions, p.phases, p.modes) * (int(p.horizon) + 1)


def first_diary(p: Parameters, entries: int) -> Diary:
    """Return an empty diary with room for ``entries`` entries."""
    d = Diary()
    d.level = [0] * rows_of(p.theatres, p.suppressions, p.phases, p.modes)
    d.attacks = [0] * p.theatres
    d.entry_row, d.entry_time, d.entry_level = [0] * entries, [0] * entries, [0] * entries
    return d


def open_diary(p: Parameters, d: Diary) -> None:
    """Begin the diary of a replication."""
    d.day = 0
    d.week = 0
    d.phase_changes = -1
    d.threat = 0.0
    d.threat_steps = 0
    d.capability = 1.0
    d.capability_steps = 0
    d.ratio = 1.0
    d.ratio_steps = 0
    for k in range(p.theatres):
        d.attacks[k] = 0


def note(s: State, p: Parameters, d: Diary, upto: float) -> None:
    """Record the state at the start of every day before ``upto`` that is not recorded yet.

    Parameters
    ----------
    s, p, d
        The state just before ``upto``, the parameters and the diary.
    upto
        The time up to which the state holds; one day past the horizon to record the attacks of the last day.
    """
    if upto > d.day:
        _note_days(s, p, d, upto)


def _note_days(s: State, p: Parameters, d: Diary, upto: float) -> None:
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
    if s.threat != d.threat:
        d.threat = s.threat
        d.threat_steps = _steps(s.threat)
    if s.capability != d.capability:
        d.capability = s.capability
        d.capability_steps = _steps(_log(s.capability))
    if s.threat_ratio != d.ratio:
        d.ratio = s.threat_ratio
        d.ratio_steps = _steps(_log(s.threat_ratio))
    _enter(d, row + 2, d.day, d.threat_steps)
    _enter(d, row + 3, d.day, d.capability_steps)
    _enter(d, row + 4, d.day, d.ratio_steps)
    for i in range(p.suppressions):
        _enter(d, row + 5 + i, d.day, s.suppression[i])
    if s.phase_changes != d.phase_changes:
        d.phase_changes = s.phase_changes
        for j in range(p.phases):
            _enter(d, row + 5 + p.suppressions + j, d.day, s.phase[j])
    row += 5 + p.suppressions + p.phases
    for k in range(p.theatres):
        _enter(d, row + k, d.day, s.cargo_left[k])
    for m in range(p.modes):
        _enter(d, row + p.theatres + m, d.day, _carries(s, m))


def _note_week(s: State, p: Parameters, d: Diary) -> None:
    total = 0
    for k in range(p.theatres):
        attacks = s.attacks[k] - d.attacks[k]
        d.attacks[k] = s.attacks[k]
        total += attacks
        _enter(d, p.theatres + 1 + k, d.week, attacks)
    _enter(d, 2 * p.theatres + 1, d.week, total)


def _carries(s: State, m: int) -> int:
    if s.load_phase[m] < 0:
        return IDLE
    return WITH_CARGO if s.load_cargo[m] > 0 else WITH_TROOPS


def _log(x: float) -> float:
    return log(x) if x > 0.0 else -LARGEST_LOGARITHM


def _steps(logarithm: float) -> int:
    return nearest(min(max(logarithm, -LARGEST_LOGARITHM), LARGEST_LOGARITHM) / INDEX_STEP)


def _enter(d: Diary, row: int, time: int, level: int) -> None:
    """Add an entry if the level has changed."""
    if time > 0 and level == d.level[row]:
        return
    d.level[row] = level
    i = d.entries
    d.entry_row[i] = row
    d.entry_time[i] = time
    d.entry_level[i] = level
    d.entries = i + 1
