"""The record of announced drawdowns: what was planned, and what came of it.

The files lie in ``data``; ``docs/record.md`` says how the record was made, how sure it is and what it shows.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from sim.evidence.cells import NO_DATE, Row, Rows

DATA = Path(__file__).parent / "data"
FILE = DATA / "drawdowns.csv"

KINDS = {
    "own_date": "plans with a date of one's own or of a treaty",
    "host_demand": "plans to leave at the host's demand",
    "conditions": "plans that depend on conditions",
    "handover": "plans to hand over to the host's forces",
    "mission_closure": "plans to close a mission",
}
"""Kinds of plans, and what they are called."""

MARKS = ("read", "approximate", "recalled")
"""How sure an entry is: read in a source that was kept; approximate, second-hand or inconsistent; from memory only."""

ON_TIME = 14
"""A drawdown that ends at most this many days after its date was on time."""
MONTH = 365.25 / 12

Ending = Literal["early", "on_time", "late", "open", "reversed"]


@dataclass(frozen=True)
class Given:
    """Figures of the record that follow from its dates too; None where it has none."""

    planned_days: int | None
    actual_days: int | None
    slip: float | None
    delay_days: int | None


@dataclass(frozen=True)
class Episode:
    """One announced drawdown.

    Days run from the first public order, agreement or announcement to the last of the troops, whatever equipment is
    left. Where only a range or a month is known, the plan's date is the late edge; `day_chosen` says so.

    Attributes
    ----------
    id, name, force, place
        Which drawdown: whose troops, from where.
    kind
        Of plan, one of `KINDS`.
    announced, first_move, planned_end, actual_end, reversed_on
        Dates, None where unknown. A drawdown that never ended as planned has no actual end.
    redatings, redated_on, redated_to
        How many changes of its date the record names; when they were made (as far as known), and the new dates.
    pause_days
        Days of a pause that nobody had planned; None if the record names none or not its length.
    troops_from, troops_to, troops_out
        Strength at the start and in the end; or how many were to leave, if only that is known.
    given
        Figures as the record gives them.
    mark, marks
        How sure the entry is, one of `MARKS`, and the fields whose mark differs.
    day_chosen
        How a day was chosen where the record has a range, a month or a number of days.
    sources, note
        Where it was read, and what happened.
    """

    id: str
    name: str
    force: str
    place: str
    kind: str
    announced: date
    first_move: date | None
    planned_end: date | None
    actual_end: date | None
    reversed_on: date | None
    redatings: int
    redated_on: tuple[str, ...]
    redated_to: tuple[date, ...]
    pause_days: int | None
    troops_from: int | None
    troops_to: int | None
    troops_out: int | None
    given: Given
    mark: str
    marks: Mapping[str, str]
    day_chosen: str
    sources: tuple[str, ...]
    note: str

    @property
    def planned_days(self) -> int | None:
        """Days from the announcement to the planned end."""
        return _days(self.announced, self.planned_end)

    @property
    def actual_days(self) -> int | None:
        """Days from the announcement to the actual end."""
        return _days(self.announced, self.actual_end)

    @property
    def slip(self) -> float | None:
        """Actual over planned days."""
        return self.actual_days / self.planned_days if self.actual_days and self.planned_days else None

    @property
    def delay_days(self) -> int | None:
        """Days from the announcement to the first move; 0 if it came before."""
        days = _days(self.announced, self.first_move)
        return None if days is None else max(0, days)

    @property
    def delay_share(self) -> float | None:
        """The delay of the first move as a share of the planned days."""
        return self.delay_days / self.planned_days if self.delay_days is not None and self.planned_days else None

    @property
    def days_late(self) -> int | None:
        """Days from the planned to the actual end, negative if it came early."""
        return _days(self.planned_end, self.actual_end)

    @property
    def ending(self) -> Ending:
        """How it ended: reversed, open (its date given up or missed), late, on time or early."""
        if self.reversed_on:
            return "reversed"
        if self.days_late is None:
            return "open"
        return "late" if self.days_late > ON_TIME else "early" if self.days_late < 0 else "on_time"

    @property
    def moved(self) -> bool:
        """Whether its date moved back: it ended late, is open, or was given a later date."""
        return self.ending in ("late", "open") or any(_later(self, day) for day in self.redated_to)

    @property
    def moved_months(self) -> float | None:
        """By how many months its date moved back; None if it did not, or for good."""
        if not self.moved or not self.planned_end:
            return None
        last = self.actual_end or max(self.redated_to, default=None)
        return (last - self.planned_end).days / MONTH if last else None

    @property
    def leaving(self) -> int | None:
        """How many troops left or were to leave."""
        if self.troops_out is not None or self.troops_from is None or self.troops_to is None:
            return self.troops_out
        return self.troops_from - self.troops_to

    def mark_of(self, field: str) -> str:
        """Return how sure a field is."""
        return self.marks.get(field, self.mark)


def episodes(path: str | os.PathLike[str] = FILE) -> tuple[Episode, ...]:
    """Read the record of drawdowns.

    Parameters
    ----------
    path
        The file; by default the one that comes with the program.

    Returns
    -------
    tuple of Episode
        In the order of the file.

    Raises
    ------
    DataError
        The file cannot be used; with all problems at once.
    """
    columns = [field.name for field in fields(Episode) if field.name != "given"]
    rows = Rows(path, [*columns, *(field.name for field in fields(Given))])
    seen: set[str] = set()
    found = []
    for row in rows:
        found.append(episode := _episode(row))
        _check(row, episode)
        if episode.id in seen:
            row.wrong(f"the id {episode.id} stands in an earlier row too")
        seen.add(episode.id)
    rows.check()
    return tuple(found)


def _episode(row: Row) -> Episode:
    given = Given(row.count_if_known("planned_days"), row.count_if_known("actual_days"), row.number_if_known("slip"),
                  row.count_if_known("delay_days"))
    return Episode(
        id=row.text("id"), name=row.text("name"), force=row.text("force"), place=row.text("place"),
        kind=row.text("kind", KINDS), announced=row.day("announced"), first_move=row.day_if_known("first_move"),
        planned_end=row.day_if_known("planned_end"), actual_end=row.day_if_known("actual_end"),
        reversed_on=row.day_if_known("reversed_on"), redatings=row.count_if_known("redatings") or 0,
        redated_on=row.items("redated_on"), redated_to=row.days("redated_to"),
        pause_days=row.count_if_known("pause_days"), troops_from=row.count_if_known("troops_from"),
        troops_to=row.count_if_known("troops_to"), troops_out=row.count_if_known("troops_out"), given=given,
        mark=row.text("mark", MARKS), marks=_marks(row), day_chosen=row.remark("day_chosen"),
        sources=row.items("sources"), note=row.remark("note"))


def _marks(row: Row) -> dict[str, str]:
    """Return the marks of single fields, written ``field=mark; field=mark``."""
    known = {field.name for field in (*fields(Episode), *fields(Given))}
    marks = {}
    for item in row.items("marks"):
        field, _, mark = item.partition("=")
        if field not in known or mark not in MARKS:
            row.wrong(f"in column marks: {item} is not a column and its mark, such as first_move=recalled")
        marks[field] = mark
    return marks


def _check(row: Row, episode: Episode) -> None:
    """Add what is wrong with the order of the dates, if all of them are dates."""
    if NO_DATE in (episode.announced, episode.first_move, episode.planned_end, episode.actual_end,
                   episode.reversed_on):
        return
    ends = {"planned_end": episode.planned_end, "actual_end": episode.actual_end, "reversed_on": episode.reversed_on}
    for name, end in ends.items():
        if end and end <= episode.announced:
            row.wrong(f"the {name} {end} is not after the announcement on {episode.announced}")
    if episode.first_move and episode.actual_end and episode.first_move > episode.actual_end:
        row.wrong(f"the first move on {episode.first_move} comes after the end on {episode.actual_end}")
    if episode.actual_end and episode.reversed_on:
        row.wrong("what was reversed has no actual_end")


def _later(episode: Episode, day: date) -> bool:
    return episode.planned_end is not None and day > episode.planned_end


def _days(first: Any, last: Any) -> int | None:
    return (last - first).days if first and last else None
