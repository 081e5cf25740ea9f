"""What came of a drawdown that a scenario plans: a CSV file beside the scenario, read and checked against it.

Each row is one observation on a date: how many troops were there or had gone, how many sites were closed or left, that
a certain site was closed, that the first troops moved, that all had ended, or that it had not ended yet.
`docs/hindcast.md` describes the file.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.evidence.cells import NO_DATE, Row, Rows
from sim.evidence.drawdowns import MARKS, Episode
from sim.scenario.errors import shown, suggest
from sim.scenario.load import ScenarioFile
from sim.scenario.places import every_site
from sim.words.labels import labels
from sim.words.phrases import counted, date_text

FIRST_MOVE, END, NOT_ENDED, SITE = "first_move", "end", "not_ended", "site"
GONE, THERE, SITES_CLOSED, SITES_LEFT = "gone", "there", "sites_closed", "sites_left"
COUNTS = (GONE, THERE, SITES_CLOSED, SITES_LEFT)
DATES = (FIRST_MOVE, SITE, END, NOT_ENDED)
WHAT = (FIRST_MOVE, GONE, THERE, SITES_CLOSED, SITES_LEFT, SITE, END, NOT_ENDED)
"""What can be observed: counts at the end of a day, and dates on which something happened (or had not yet)."""
ONCE = (FIRST_MOVE, END, NOT_ENDED)
COLUMNS, OTHERS = ("date", "what", "value"), ("episode", "mark", "source", "note")


@dataclass(frozen=True)
class Observation:
    """One thing that happened, or had not happened yet.

    Attributes
    ----------
    day
        The date; counts are those at its end.
    what
        One of `WHAT`.
    count
        The count; None for what is a date.
    site
        Of a site that was closed, its place among the sites of the model; -1 for anything else.
    label
        What that site is called.
    mark, source, note
        How sure it is, where it was read, and remarks; may be empty.
    """

    day: date
    what: str
    count: int | None
    site: int
    label: str
    mark: str
    source: str
    note: str

    @property
    def text(self) -> str:
        """The observation in words."""
        return f"{self.about}, {date_text(self.day)}"

    @property
    def about(self) -> str:
        """The observation in words, without its date."""
        if self.count is None:
            return f"{self.label} closed" if self.what == SITE else self.what.replace("_", " ")
        if self.what in (GONE, THERE):
            return f"{self.count:,} {'gone' if self.what == GONE else 'still there'}"
        return f"{counted(self.count, 'site')} {'closed' if self.what == SITES_CLOSED else 'left'}"


@dataclass(frozen=True)
class Happened:
    """What came of a drawdown.

    Attributes
    ----------
    path, sha256
        The file, and the hash of its bytes.
    observations
        In order of dates.
    episodes
        The episodes of the record that this is, by id; none may be.
    """

    path: Path
    sha256: str
    observations: tuple[Observation, ...]
    episodes: tuple[str, ...]


def path_beside(file: ScenarioFile) -> Path:
    """Return the file that says what came of a scenario: of the same name, ending in ``.csv``."""
    return (file.path or Path(file.name)).with_suffix(".csv")


def happened(path: str | os.PathLike[str], file: ScenarioFile, record: Collection[Episode]) -> Happened:
    """Read what came of a drawdown.

    Parameters
    ----------
    path
        The CSV file.
    file
        The scenario that it belongs to.
    record
        The record of drawdowns, whose episodes it may name.

    Raises
    ------
    DataError
        The file cannot be used; with all problems at once.
    """
    rows = Rows(path, COLUMNS, OTHERS)
    found: list[Observation] = []
    named: dict[str, None] = {}
    places = _places(file)
    seen: set[tuple[date, str, int]] = set()
    for row in rows:
        named |= dict.fromkeys(_episodes(row, [episode.id for episode in record]))
        one = _observation(row, file, places)
        _check_date(row, one, file)
        key = (NO_DATE if one.what in (*ONCE, SITE) else one.day, one.what, one.site)
        if key in seen:
            row.wrong(_twice(one))
        if one.what and (one.what != SITE or one.label):  # what is wrong already is not wrong twice
            seen.add(key)
        found.append(one)
        _check_ends(row, one, found)
    rows.check()
    found.sort(key=lambda one: one.day)
    return Happened(Path(path), rows.sha256, tuple(found), tuple(named))


def _observation(row: Row, file: ScenarioFile, places: Mapping[str, int | None]) -> Observation:
    what, value = row.text("what", WHAT), row.remark("value")
    count, site, label = None, -1, ""
    if what in COUNTS:
        count = row.count_if_known("value")
        if not value:
            row.wrong(f"column value is empty; for {what} it has the number")
        most = sum("/" in name for name in places)
        if what in (SITES_CLOSED, SITES_LEFT) and count is not None and count > most:
            row.wrong(f"in column value: {file.path or file.name} has {counted(most, 'site')}, not {count:,}")
    elif what == SITE:
        site, label = _site(row, value, file, places)
    elif what in WHAT and value:
        row.wrong(f"in column value: {shown(value)} is too much; {what} has a date only")
    mark = row.text("mark", MARKS) if row.remark("mark") else ""
    return Observation(row.day("date"), what if what in WHAT else "", count, site, label, mark, row.remark("source"),
                       row.remark("note"))


def _places(file: ScenarioFile) -> dict[str, int | None]:
    """Return the number of each site by its name, with and without its theatre; None if a name is not enough."""
    places: dict[str, int | None] = {}
    sites = [(theatre, name) for theatre, table in file.scenario.theatres.items() for name in every_site(table.sites)]
    for i, (theatre, name) in enumerate(sites):
        places[name] = None if name in places else i
        places[f"{theatre}/{name}"] = i
    return places


def _site(row: Row, name: str, file: ScenarioFile, places: Mapping[str, int | None]) -> tuple[int, str]:
    if not name:
        row.wrong("column value is empty; for site it has the name of a site of the scenario")
    elif name not in places:
        row.wrong(f"in column value: {file.path or file.name} has no site {shown(name)}; {suggest(name, places)}")
    elif (number := places[name]) is None:
        row.wrong(f"in column value: more than one theatre has a site {shown(name)}; write theatre/site")
    else:
        return number, labels(file.scenario, "sites")[number]
    return -1, ""


def _episodes(row: Row, known: Sequence[str]) -> tuple[str, ...]:
    """Return the episodes of the record that a row names."""
    for name in row.items("episode"):
        if name not in known:
            row.wrong(f"in column episode: the record has no {shown(name)}; {suggest(name, known)}")
    return row.items("episode")


def _check_date(row: Row, one: Observation, file: ScenarioFile) -> None:
    """A forecast begins with the scenario's first day, and reaches to its last."""
    start, end = file.scenario.start, file.scenario.end
    if one.day != NO_DATE and not start <= one.day <= end:
        side, edge = ("before", "begins") if one.day < start else ("after", "ends")
        row.wrong(f"{one.day} is {side} the scenario {edge}, on {start if one.day < start else end}; it cannot be "
                  "forecast")


def _check_ends(row: Row, one: Observation, found: Sequence[Observation]) -> None:
    """What had not ended on a day cannot have ended by then."""
    if one.what not in (END, NOT_ENDED):
        return
    ends = {other.what: other.day for other in found if NO_DATE not in (other.day, one.day)}
    if END in ends and NOT_ENDED in ends and ends[END] <= ends[NOT_ENDED]:
        row.wrong(f"it had not ended on {ends[NOT_ENDED]}, but the end is {ends[END]}")


def _twice(one: Observation) -> str:
    if one.what in ONCE:
        return f"{one.what} stands in an earlier row too; there is one"
    if one.what == SITE:
        return f"the site {one.label} was closed in an earlier row too"
    return f"{one.what} on {one.day} stands in an earlier row too"
