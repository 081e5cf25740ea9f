"""The kinds of table that can be read, and what their columns mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.evidence.errors import DataError
from sim.evidence.findings import Findings
from sim.scenario.errors import some

KINDS = ("events", "counts", "cumulative")
"""What a user may say about the contents of a file."""

NAMES = {
    "date": ("date", "day", "event_date", "attack_date", "incident_date", "date_time", "datetime", "week", "month"),
    "time": ("time", "time_of_day", "hour"),
    "kind": ("kind", "type", "weapon", "attack_type"),
    "place": ("place", "theatre", "theater", "country", "location"),
    "killed": ("killed", "deaths", "fatalities", "kia"),
    "wounded": ("wounded", "injured", "wia"),
    "wounded_final": ("wounded_final", "injured_final", "wounded_revised"),
    "reported": ("reported", "date_reported", "report_date", "reported_on"),
    "id": ("id", "event_id", "incident_id"),
    "from": ("from", "date_from", "from_date", "start", "start_date", "begin"),
    "to": ("to", "date_to", "to_date", "end", "end_date", "through"),
    "count": ("count", "counts", "attacks", "events", "incidents", "number"),
    "total": ("total", "cumulative", "cumulative_total", "total_attacks", "running_total"),
}
"""Possible names of the column for each meaning; the first of them in a file is used."""

REMARKS = frozenset(("source", "sources", "mark", "note", "notes", "comment", "comments", "remark", "remarks", "url",
                     "link", "reference"))
"""Columns meant for readers of the file; they are skipped without a note."""

NO_PLACES = frozenset(("year", "latitude", "longitude", "lat", "lon")).union(*NAMES.values())
"""Columns beside counts that may hold numbers but are not places."""

MOST_PLACES = 64
"""With more places than this, they are not distinguished, since each takes a number for every attack."""

ACLED = {"id": "event_id_cnty", "date": "event_date", "precision": "time_precision", "type": "event_type",
         "place": "country", "killed": "fatalities"}
GED = {"id": "id", "date": "date_start", "until": "date_end", "precision": "date_prec", "place": "country",
       "killed": "best"}

ACLED_WEEKS = {"date": "week", "count": "events", "type": "event_type", "place": "country"}
"""ACLED's aggregated data: numbers of events by week, place and kind."""

NEEDED = ("an event a row needs a column date (and time, place, killed, wounded, wounded_final, reported if known); "
          "counts need date and count, or from, to and count; cumulative counts need date and total; exports of ACLED "
          "(events, or by week) and UCDP GED are taken as they are")


@dataclass(frozen=True)
class Layout:
    """How a table is laid out.

    Attributes
    ----------
    title
        ``events``, ``acled``, ``acled_weeks``, ``ged``, ``intervals`` (from, to, count), ``dates`` (date, count) or
        ``totals``.
    columns
        For each meaning, the plain name of its column.
    others
        Plain names of further columns of counts, which may be places.
    """

    title: str
    columns: dict[str, str]
    others: tuple[str, ...] = ()


def recognise(titles: Mapping[str, str], kind: str | None, findings: Findings) -> Layout:
    """Return the layout of a table, given the names of its columns.

    Parameters
    ----------
    titles
        The header as the file writes it, by plain name.
    kind
        What the user says about the contents, one of `KINDS`; None to recognise the kind.
    findings
        Takes notes on what is not read.

    Raises
    ------
    DataError
        The columns fit no layout, or not this kind.
    """
    for title, published in (("acled", ACLED), ("ged", GED)):
        if {published["date"], published["id"], published["killed"]} <= titles.keys():
            if kind not in (None, "events"):
                name = {"acled": "ACLED", "ged": "UCDP GED"}[title]
                raise findings.refuse(f"is an export of {name}, which holds events, not {kind}")
            return Layout(title, {meaning: name for meaning, name in published.items() if name in titles})
    if {*ACLED_WEEKS.values(), "sub_event_type"} <= titles.keys():
        if kind not in (None, "counts"):
            raise findings.refuse(f"is aggregated data of ACLED, which hold weekly counts, not {kind}")
        return Layout("acled_weeks", ACLED_WEEKS)
    names_found = {meaning: name for meaning, names in NAMES.items() for name in names if name in titles
             if name == next(alias for alias in names if alias in titles)}
    title = _title(names_found, titles, kind, findings)
    meanings = {
        "events": ("date", "time", "place", "killed", "wounded", "wounded_final", "reported", "id"),
        "intervals": ("from", "to", "count"),
        "dates": ("date", "count"),
        "totals": ("date", "total"),
    }[title]
    columns = {meaning: names_found[meaning] for meaning in meanings if meaning in names_found}
    if title == "dates" and kind == "counts" and "count" not in columns:
        columns["count"] = names_found["total"]
    if title == "totals" and "total" not in columns:
        columns["total"] = names_found["count"]
    others = tuple(name for name in titles if name not in columns.values() and name not in REMARKS)
    if title == "events" and others:
        findings.note(f"not read: {some(titles[name] or name for name in others)}")
        others = ()
    return Layout(title, columns, others)


def _title(names_found: dict[str, str], titles: Mapping[str, str], kind: str | None, findings: Findings) -> str:
    has = names_found.keys()
    if kind in (None, "counts") and {"from", "to", "count"} <= has:
        return "intervals"
    if kind in ("counts", "cumulative") and "date" in has and has & {"total", "count"}:
        return {"counts": "dates", "cumulative": "totals"}[kind]
    if kind == "events" and "date" in has:
        return "events"
    if kind is None and "date" in has:
        if {"total", "count"} <= has:
            count, total = (titles[names_found[meaning]] for meaning in ("count", "total"))
            raise findings.refuse(f"has a column {count} and a column {total}; say which to read: --kind counts or "
                                  "--kind cumulative")
        if "total" in has:
            return "totals"
        if "count" in has:
            return "dates"
        if has - {"date", "from", "to"} or set(titles) <= {names_found["date"], *REMARKS}:
            return "events"
    raise _unknown(titles, kind, findings)


def _unknown(titles: Mapping[str, str], kind: str | None, findings: Findings) -> DataError:
    what = "does not tell what it holds" if kind is None else f"cannot be read as {kind}"
    return findings.refuse(f"{what}: the columns are {some(titles.values())}; {NEEDED}; the first row names the "
                           "columns")
