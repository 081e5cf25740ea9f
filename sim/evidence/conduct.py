"""What is known of drawdowns beyond their dates: counts on the way, sites, lift, equipment; and ISIS attacks by series.

The files lie in ``data``; ``docs/record.md`` says what they show.
"""

import os
from dataclasses import dataclass, fields
from datetime import date

from sim.evidence.cells import NO_DATE, Rows
from sim.evidence.drawdowns import DATA, MARKS

SIZES = ("small", "few_hundred", "several_hundred", "main_hub")
TOPICS = ("lift", "kit", "loads", "base", "pace", "tail", "unscored")
"""Sizes of sites, and what figures are about."""


@dataclass(frozen=True)
class Count:
    """How many troops were there, or had left, at the end of a day of a drawdown."""

    id: str
    day: date
    there: int | None
    gone: int | None
    sites_left: int | None
    mark: str
    day_chosen: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Site:
    """When a site was handed over; `after_order` says whether it was one of those that the order was about."""

    id: str
    site: str
    size: str
    handed_over: date | None
    after_order: bool
    mark: str
    day_chosen: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Fact:
    """A figure on lift, equipment, bases or a drawdown without full dates; an end of its range may be unknown."""

    topic: str
    id: str
    what: str
    low: float | None
    high: float | None
    unit: str
    mark: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Attacks:
    """Attacks of ISIS in some time, as one observer counted them. Series of different observers do not mix."""

    series: str
    area: str
    begin: date
    end: date
    attacks: int
    mark: str
    sources: tuple[str, ...]
    note: str


def counts(path: str | os.PathLike[str] = DATA / "drawdown_counts.csv") -> tuple[Count, ...]:
    """Read the dated counts of troops; as `drawdowns.episodes`."""
    rows = Rows(path, ("id", "date", "there", "gone", "sites_left", "mark", "day_chosen", "sources", "note"))
    found = tuple(Count(
        row.text("id"), row.day("date"), row.count_if_known("there"), row.count_if_known("gone"),
        row.count_if_known("sites_left"), row.text("mark", MARKS), row.remark("day_chosen"), row.items("sources"),
        row.remark("note")) for row in rows)
    rows.check()
    return found


def sites(path: str | os.PathLike[str] = DATA / "drawdown_sites.csv") -> tuple[Site, ...]:
    """Read when sites were handed over; as `drawdowns.episodes`."""
    rows = Rows(path, [field.name for field in fields(Site)])
    found = tuple(Site(
        row.text("id"), row.text("site"), row.text("size", SIZES) if row.remark("size") else "",
        row.day_if_known("handed_over"), row.text("after_order", ("yes", "no")) == "yes", row.text("mark", MARKS),
        row.remark("day_chosen"), row.items("sources"), row.remark("note")) for row in rows)
    rows.check()
    return found


def facts(path: str | os.PathLike[str] = DATA / "drawdown_facts.csv") -> tuple[Fact, ...]:
    """Read the figures on lift, equipment and bases; as `drawdowns.episodes`."""
    rows = Rows(path, [field.name for field in fields(Fact)])
    found = tuple(Fact(
        row.text("topic", TOPICS), row.remark("id"), row.text("what"), row.number_if_known("low"),
        row.number_if_known("high"), row.text("unit"), row.text("mark", MARKS), row.items("sources"),
        row.remark("note")) for row in rows)
    rows.check()
    return found


def isis_attacks(path: str | os.PathLike[str] = DATA / "isis_attacks.csv") -> tuple[Attacks, ...]:
    """Read the series of ISIS attacks; as `drawdowns.episodes`."""
    rows = Rows(path, ("series", "area", "from", "to", "attacks", "mark", "sources", "note"))
    found = []
    for row in rows:
        found.append(attacks := Attacks(
            row.text("series"), row.text("area"), row.day("from"), row.day("to"), row.count_if_known("attacks") or 0,
            row.text("mark", MARKS), row.items("sources"), row.remark("note")))
        if NO_DATE not in (attacks.begin, attacks.end) and attacks.begin > attacks.end:
            row.wrong(f"the time ends on {attacks.end}, before it begins on {attacks.begin}")
    rows.check()
    return tuple(found)
