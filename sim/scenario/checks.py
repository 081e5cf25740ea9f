"""Checks between values of a scenario that are each valid on their own."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from sim.scenario import key_checks, lift_checks, phase_checks, rate_checks
from sim.scenario.build import Fault
from sim.scenario.days import DateDistribution, earliest, latest
from sim.scenario.errors import suggest
from sim.scenario.keys import look_up, values
from sim.scenario.lines import KeyPath
from sim.scenario.places import MOST_SITES, alike
from sim.scenario.relations import Relation, broken, high, low
from sim.scenario.schema import Scenario
from sim.scenario.violence import ENDS

FLOOR_BELOW_CEILING = Relation(
    ("capability", "floor"), ("<", high("capability", "floor"), low("capability", "ceiling")),
    ("can be ", ("plain", high("capability", "floor")), ", which is not below capability.ceiling, ",
     ("plain", low("capability", "ceiling")), "; the floor must be below the ceiling"), (("capability", "ceiling"),))

LONGEST_RUN_YEARS = 40
FIRST_YEAR, LAST_YEAR = 1900, 2200
START = ("start",)


def check(scenario: Scenario) -> Iterator[Fault]:
    """Find errors between values; uncertain numbers are checked over their whole range."""
    yield from key_checks.joint(scenario)
    yield from key_checks.sources(scenario)
    given, scenario = scenario, key_checks.with_joint_ranges(scenario)
    yield from _years(scenario)
    yield from _run(scenario)
    yield from broken(scenario, _not_before_start(scenario))
    yield from _sites(scenario)
    yield from broken(scenario, _weights(scenario))
    yield from _tension(scenario)
    yield from _suppressions(scenario)
    yield from _history(scenario)
    yield from _rest(scenario)
    yield from phase_checks.check(scenario)
    yield from lift_checks.check(scenario)
    yield from _rates(given, scenario)


def relations(scenario: Scenario) -> Iterator[Relation]:
    """Yield all relations between numbers, dates and switches of a scenario."""
    s = key_checks.with_joint_ranges(scenario)
    yield from _deadline(s)
    yield from _not_before_start(s)
    for theatre in s.theatres:
        yield from _handovers(s, theatre)
    yield from _weights(s)
    for name in s.suppressions:
        yield from _suppression_ends(s, name)
    yield FLOOR_BELOW_CEILING
    yield from phase_checks.relations(s)
    yield from lift_checks.relations(s)
    yield from rate_checks.relations(s)


def _rates(given: Scenario, ranged: Scenario) -> Iterator[Fault]:
    """Find attack rates beyond their bounds; numbers drawn together are checked row by row, not all at their worst."""
    faults = list(rate_checks.check(ranged))
    for name, table in given.joint.items():
        if faults and len(table.keys) > 1:
            rows = (list(rate_checks.check(row)) for row in key_checks.by_rows(ranged, name))
            faults = next((row_faults for row_faults in rows if row_faults), [])
    yield from faults


def _years(s: Scenario) -> Iterator[Fault]:
    for path, value in values(s):
        dates = [(path, end) for end in _ends(value)]
        if isinstance(value, list):
            dates = [((*path, i, "date"), item.date) for i, item in enumerate(value) if hasattr(item, "date")]
        for where, day in dates:
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                yield Fault(where, f"must be {years_allowed()}, not {day}")


def years_allowed() -> str:
    """Return in words when a date may be."""
    return f"in the years {FIRST_YEAR} to {LAST_YEAR}"


def _ends(value: Any) -> list[date]:
    """Return the first and the last date on which a value can fall, if it is a date."""
    if not isinstance(value, date | DateDistribution):
        return []
    return list(dict.fromkeys((earliest(value), latest(value))))


def _run(s: Scenario) -> Iterator[Fault]:
    if s.end <= s.start:
        yield Fault(("end",), f"the run ends before it starts; must be after the start, {s.start}", (START,))
    elif (s.end - s.start).days > LONGEST_RUN_YEARS * 365.25:
        yield Fault(("end",), f"must be at most {LONGEST_RUN_YEARS} years after the start, {s.start}", (START,))
    yield from broken(s, _deadline(s))


def _deadline(s: Scenario) -> Iterator[Relation]:
    if s.deadline is not None:
        day = low("deadline")
        yield Relation(("deadline",), ("and", ("<", s.start, day), ("<=", day, s.end)),
                       (f"must be within the run, {s.start} to {s.end}, not ", ("date", day)), (START, ("end",)))


NOT_BEFORE_START = (("talks", "first_round"), ("talks", "agreement_on"), ("talks", "suspended_until"),
                    ("pressure", "demand_on"))


def _not_before_start(s: Scenario) -> Iterator[Relation]:
    for path in NOT_BEFORE_START:
        if look_up(s, path) is not None:
            yield phase_checks.not_before_start(s, path)


def _sites(s: Scenario) -> Iterator[Fault]:
    for theatre, table in s.theatres.items():
        path = ("theatres", theatre, "sites")
        names = [(each, name) for name, site in table.sites.items() for each in alike(name, site)]
        if len(names) > MOST_SITES:
            yield Fault(path, f"must be at most {MOST_SITES:,} sites, those that are alike counted one by one, not "
                        f"{len(names):,}", (path,))
        by_name = dict(reversed(names))
        for each, name in names:
            if by_name[each] != name:
                yield Fault((*path, name), f"two sites would be called {each}; give {by_name[each]} or {name} another "
                            "name", ((*path, by_name[each]),))
        yield from broken(s, _handovers(s, theatre))


def _handovers(s: Scenario, theatre: str) -> Iterator[Relation]:
    for name, site in s.theatres[theatre].sites.items():
        if site.handover_on is not None:
            yield phase_checks.not_before_start(s, ("theatres", theatre, "sites", name, "handover_on"))


def _weights(s: Scenario) -> Iterator[Relation]:
    def any_above_zero(path: KeyPath, names: Iterable[str], key: str) -> tuple[Any, ...]:
        return ("or", *(("<", 0, low(*path, name, key)) for name in names))

    for name, theatre in s.theatres.items():
        path = ("theatres", name, "sites")
        yield Relation(path, any_above_zero(path, theatre.sites, "weight"),
                       ("no site of the theatre can hold troops; at least one needs a weight above 0",), (path,))
        yield Relation(path, any_above_zero(path, theatre.sites, "target_weight"),
                       ("no site of the theatre can be attacked; at least one needs a target_weight above 0",), (path,))
    kinds: KeyPath = ("attack_kinds",)
    yield Relation(kinds, any_above_zero(kinds, s.attack_kinds, "weight"),
                   ("no kind of attack can happen; at least one needs a weight above 0",), (kinds,))


def _tension(s: Scenario) -> Iterator[Fault]:
    if s.tension is None:
        return
    for (before, first), (name, switch) in pairwise(s.tension.dated.items()):
        if first.date == switch.date:
            path: KeyPath = ("tension", "dated", name, "date")
            yield Fault(path, f"is the date of the switch {before} as well; each switch needs a date of its own",
                        (("tension", "dated", before),))
        elif latest(first.date) >= earliest(switch.date):
            yield Fault(("tension", "dated", name, "date"), f"can be before the switch {before}; their ranges must not "
                        "overlap", (("tension", "dated", before),))
    yield from broken(s, (_certain_past(s, ("tension", "dated", name, "date")) for name in s.tension.dated))


def _certain_past(s: Scenario, path: KeyPath) -> Relation:
    """Keep an uncertain date from the time before the start."""
    return Relation(path, ("or", ("not", ("drawn", path)), ("<=", s.start, low(*path))),
                    (f"an uncertain date must not be before the start of the scenario, {s.start}, not ",
                     ("date", low(*path))), (START,))


def _suppressions(s: Scenario) -> Iterator[Fault]:
    for name, suppression in s.suppressions.items():
        path = ("suppressions", name)
        if suppression.start is None and suppression.start_after is None:
            yield Fault(path, "has nothing that starts it; give start (a date) or start_after (a milestone)",
                        ((*path, "start"), (*path, "start_after")))
        if suppression.end is not None and suppression.mean_days is not None:
            yield Fault(path, "has both end and mean_days; give only one of them",
                        ((*path, "end"), (*path, "mean_days")))
        yield from broken(s, _suppression_ends(s, name))
        for key in ("start_after", "end_after"):
            if getattr(suppression, key) is not None:
                yield from phase_checks.milestone(s, (*path, key), getattr(suppression, key))
        for key in ("while_talks", "end_chance_per_day"):
            if s.talks is None and getattr(suppression, key):
                yield Fault((*path, key), "needs talks; add a table [talks] or leave it out", (("talks",),))
        yield from key_checks.names((*path, "theatres"), suppression.theatres, ("theatres",), s.theatres)


def _suppression_ends(s: Scenario, name: str) -> Iterator[Relation]:
    path, suppression = ("suppressions", name), s.suppressions[name]
    *others, chance = ENDS
    if not any(getattr(suppression, key) for key in others):
        yield Relation(path, ("<", 0, high(*path, chance)),
                       (f"has no end; give end (a date), {', '.join(ENDS[1:-1])} or {ENDS[-1]}",),
                       tuple((*path, key) for key in ENDS))
    if suppression.start is not None and suppression.end is not None:
        start, end = high(*path, "start"), low(*path, "end")
        yield Relation((*path, "end"), ("<", start, end),
                       ("must be after its start, ", ("date", start), ", not ", ("date", end)), ((*path, "start"),))
    if suppression.start is not None:
        yield _certain_past(s, (*path, "start"))


def _history(s: Scenario) -> Iterator[Fault]:
    for name, counts in s.history.attacks.items():
        path = ("history", "attacks", name)
        if name not in s.theatres:
            yield Fault(path, f"there is no theatre {name}; {suggest(name, s.theatres)}", (("theatres", name),))
        for i, (before, count) in enumerate(pairwise(counts), start=1):
            if count.date <= before.date:
                yield Fault((*path, i, "date"), f"must be after the date before it, {before.date}, not {count.date}")
            if count.total < before.total:
                yield Fault((*path, i, "total"),
                            f"a cumulative count must not fall; must be at least {before.total}, not {count.total}")
        for i, count in enumerate(counts):
            if count.date > s.start:
                yield Fault((*path, i, "date"), _after_start(s, count.date), (START,))
    for name, milestone in s.history.milestones.items():
        if milestone.date > s.start:
            yield Fault(("history", "milestones", name, "date"), _after_start(s, milestone.date), (START,))


def _after_start(s: Scenario, day: date) -> str:
    return f"history must not be after the start of the scenario, {s.start}, not {day}"


def _rest(s: Scenario) -> Iterator[Fault]:
    if s.working_groups and s.talks is None:
        yield Fault(("working_groups",), "working groups need talks; add a table [talks] or leave them out",
                    (("talks",),))
    yield from broken(s, [FLOOR_BELOW_CEILING])
