"""From a scenario to numbers: the parameters, the first state, the names of the streams, the uncertain numbers.

This is done once for a scenario. The module is a little long because it covers every table of a scenario file.
"""

import math
from copy import copy
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

from sim.model.draws import Draw, draw_of
from sim.model.execution import draw_of_plan
from sim.rules.parameters import BACK_LOADED, FRONT_LOADED, LINEAR, NOTHING, SLOW_FAST_SLOW, STEPPED, Parameters
from sim.rules.processes import KINDS
from sim.rules.state import PHASE_MILESTONES, State, first_state
from sim.rules.streams import StreamNames, Streams, open_streams, uniform
from sim.scenario.days import DateDistribution, in_days, latest
from sim.scenario.fields import Distribution, Table
from sim.scenario.keys import dotted, spot_at
from sim.scenario.modes import in_order
from sim.scenario.places import EXECUTION, Mode, every_site, kept_by, sites_named, sites_of
from sim.scenario.politics import Cost, Pressure, Talks, Threat
from sim.scenario.possible import has
from sim.scenario.schema import MILESTONES, Scenario
from sim.scenario.violence import Response, Tension

assert len(MILESTONES) == PHASE_MILESTONES

SHAPES = {"linear": LINEAR, "front_loaded": FRONT_LOADED, "back_loaded": BACK_LOADED,
          "stepped": STEPPED, "slow_fast_slow": SLOW_FAST_SLOW}
CONTINGENT = set(MILESTONES) - {"agreement"}
"""Milestones that are not planned."""


@dataclass(frozen=True)
class Model:
    """A scenario ready to be played.

    ``parameters`` holds the median of every uncertain number, and plans carried out to the letter; `parameters_of`
    replaces both by what a replication draws.
    """

    scenario: Scenario
    parameters: Parameters
    streams: StreamNames
    draws: tuple[Draw, ...]
    names: dict[str, list[str]]  # of theatres, sites, phases, modes, kinds, suppressions, groups, milestones, quarters
    places: dict[str, list[tuple[str, int]]]  # of each number and date by key, as in `Draw`

    @cached_property
    def stream_keys(self) -> list[list[int]]:
        """The keys of the streams, in the order of the fields of `Streams`."""
        return self.streams.keys()

    def open_streams(self, seed: int, replication: int) -> Streams:
        """Return the streams of a replication."""
        return open_streams(self.stream_keys, seed, replication)

    def parameters_of(self, r: Streams) -> Parameters:
        """Return the parameters of the replication with streams ``r``, drawing its uncertain numbers."""
        p = copy(self.parameters)
        copied: set[str] = set()
        for i, draw in enumerate(self.draws):
            values = draw.values(uniform(r.parameter, i))
            for (field, index), value in zip(draw.places, values, strict=True):
                if index < 0:
                    setattr(p, field, value)
                    continue
                if field not in copied:
                    setattr(p, field, list(getattr(p, field)))
                    copied.add(field)
                getattr(p, field)[index] = value
        return p

    def first_state(self) -> State:
        """Return the state before anything has begun."""
        return first_state(self.parameters)


class _Numbers:
    """Gathers the fields of `Parameters` table by table."""

    def __init__(self, start: date) -> None:
        self.start = start
        self.values: dict[str, Any] = {}
        self.places: dict[str, list[tuple[str, int]]] = {}  # scenario key -> places; sites that are alike share it
        self.uncertain: dict[str, Distribution] = {}

    def put(self, field: str, value: Any, plural: bool) -> int:
        """Store a value; return its index, or -1 for a field that is not a list."""
        if not plural:
            self.values[field] = value
            return -1
        self.values.setdefault(field, []).append(value)
        return len(self.values[field]) - 1

    def number(self, key: str, field: str, value: Any, plural: bool) -> None:
        """Store a number, or a date as days since the start; of an uncertain one, its median."""
        if isinstance(value, date):
            value = (value - self.start).days
        if isinstance(value, DateDistribution):
            value = in_days(value, self.start)
        if isinstance(value, Distribution):
            self.uncertain[key] = value
            value = draw_of(key, value, ((field, 0),)).values(0.5)[0]
        index = self.put(field, float(value), plural)
        self.places.setdefault(key, []).append((field, index))

    def table(self, prefix: str, key: str, table: Table, plural: bool = True) -> None:
        """Store all the numbers and dates of a table."""
        for name in type(table).model_fields:
            spot = spot_at((name,), type(table))
            assert spot is not None
            extra = spot.numeric or spot.day
            if extra is not None:
                value = getattr(table, name)
                self.number(f"{key}.{name}", f"{prefix}_{name}", extra["absent"] if value is None else value, plural)


def set_up(scenario: Scenario) -> Model:
    """Make a scenario ready to be played."""
    numbers = _Numbers(scenario.start)
    names = _names(scenario)
    put = numbers.values.update
    horizon = _day(scenario.end + timedelta(days=1), scenario)
    put({
        "horizon": horizon,
        "deadline": math.inf if scenario.deadline is None else _day(scenario.deadline, scenario) + 1.0,
        "follow_up_days": float(scenario.follow_up_days),
        "theatres": len(names["theatres"]), "sites": len(names["sites"]), "phases": len(names["phases"]),
        "kinds": len(names["kinds"]), "suppressions": len(names["suppressions"]), "groups": len(names["groups"]),
        "modes": len(names["modes"]),
        "milestones": len(names["milestones"]),
        "quarters": len(names["quarters"]),
        "quarter_end": [*(_day(first, scenario) for first in _quarters(scenario)[1:]), math.inf],
        "has_tension": scenario.tension is not None, "has_response": scenario.response is not None,
        "has_talks": scenario.talks is not None, "has_pressure": scenario.pressure is not None,
        "has_threat": scenario.threat is not None, "has_lift": bool(scenario.lift),
        "has_cargo": has(scenario, "cargo"),
    })
    _put_processes(numbers)
    _put_theatres(numbers, scenario)
    _put_phases(numbers, scenario, names)
    _put_lift(numbers, scenario)
    _put_violence(numbers, scenario, names)
    _put_politics(numbers, scenario)
    put(scenario.couplings.model_dump())
    empty: dict[str, Any] = {field.name: [] for field in fields(Parameters) if field.name not in numbers.values}
    draws = _draws(numbers, scenario)
    return Model(scenario, Parameters(**(numbers.values | empty)), _stream_names(names, draws), draws, names,
                 numbers.places)


def _day(day: date, scenario: Scenario) -> float:
    return float((day - scenario.start).days)


def _quarters(scenario: Scenario) -> list[date]:
    """Return the first day of each calendar quarter that the scenario touches."""
    first = date(scenario.start.year, (scenario.start.month - 1) // 3 * 3 + 1, 1)
    quarters = []
    while first <= scenario.end:
        quarters.append(first)
        first = date(first.year, first.month + 3, 1) if first.month < 10 else date(first.year + 1, 1, 1)
    return quarters


def _names(scenario: Scenario) -> dict[str, list[str]]:
    return {
        "theatres": list(scenario.theatres),
        "sites": [f"{k}/{site}" for k, theatre in scenario.theatres.items() for site in every_site(theatre.sites)],
        "phases": list(scenario.phases),
        "modes": list(modes_of(scenario)),
        "kinds": list(scenario.attack_kinds),
        "suppressions": list(scenario.suppressions),
        "groups": list(scenario.working_groups),
        "milestones": [*MILESTONES, *(f"phases.{name}" for name in scenario.phases)],
        "quarters": [f"{day.year}q{(day.month + 2) // 3}" for day in _quarters(scenario)],
    }


def _stream_names(names: dict[str, list[str]], draws: tuple[Draw, ...]) -> StreamNames:
    theatres = names["theatres"]
    return StreamNames({
        "tension": ["tension"],
        "suppression": [f"suppressions/{name}" for name in names["suppressions"]],
        "attack_times": [f"attacks/{k}/times" for k in theatres],
        "attack_outcomes": [f"attacks/{k}/outcomes" for k in theatres],
        "rounds": ["talks/rounds"],
        "breakdown": ["talks/breakdown"],
        "working_group": [f"working_groups/{name}" for name in names["groups"]],
        "pressure": ["pressure"],
        "lift": [dotted(("lift", mode)).replace(".", "/") for mode in names["modes"]],
        "closing": [f"closing/{site}" for site in names["sites"]],
        "threat": ["threat"],
        "execution": [f"execution/{name}" for name in names["phases"]],
        "parameter": [f"parameter/{draw.key}" for draw in draws],
    })


def _put_processes(numbers: _Numbers) -> None:
    count = {"suppression": "suppressions", "attacks": "theatres", "response": "theatres", "group": "groups",
             "phase": "phases", "closing": "sites", "lift": "modes"}
    first = 0
    for kind in KINDS:
        numbers.values[f"process_{kind.name}"] = first
        first += numbers.values[count[kind.name]] if kind.name in count else 1
    numbers.values["processes"] = first


def process_table(p: Parameters) -> list[tuple[int, int]]:
    """Return the kind (number in KINDS) and the index of every process, in the order of their numbers."""
    first = [getattr(p, f"process_{kind.name}") for kind in KINDS] + [p.processes]
    return [(kind, i) for kind in range(len(KINDS)) for i in range(first[kind + 1] - first[kind])]


def _put_theatres(numbers: _Numbers, scenario: Scenario) -> None:
    site = 0
    for k, (name, theatre) in enumerate(scenario.theatres.items()):
        numbers.table("theatre", f"theatres.{name}", theatre)
        numbers.put("theatre_first_site", site, True)
        places = every_site(theatre.sites)
        numbers.put("theatre_sites", len(places), True)
        site += len(places)
        for entry in places.values():
            numbers.table("site", f"theatres.{name}.sites.{entry}", theatre.sites[entry])
            numbers.put("site_theatre", k, True)
    numbers.table("closing", "closing", scenario.closing, plural=False)


def _put_phases(numbers: _Numbers, scenario: Scenario, names: dict[str, list[str]]) -> None:
    theatres, sites = names["theatres"], names["sites"]
    number = {site: i for i, site in enumerate(sites)}
    for name, phase in scenario.phases.items():
        numbers.table("phase", f"phases.{name}", phase)
        here = scenario.theatres[phase.theatre].sites
        ordered, gone_to, kept = sites_of(here, phase), sites_named(here, phase.to), kept_by(here, phase)
        numbers.put("phase_first_site", len(numbers.values.setdefault("phase_site", [])), True)
        for site in [*ordered, *gone_to]:
            numbers.put("phase_site", number[f"{phase.theatre}/{site}"], True)
            if site in kept:
                entry, troops = kept[site]
                numbers.number(f"phases.{name}.keep.{entry}", "phase_keep", troops, True)
            else:
                numbers.put("phase_keep", 0.0, True)
        for field, value in {
            "theatre": theatres.index(phase.theatre),
            "sites": len(ordered),
            "destinations": len(gone_to),
            "keeps": phase.keep is not None,
            "at_once": phase.at_once or 0,
            "hands_over_at_start": phase.hand_over == "at_start",
            "after": _milestone(names, phase.after),
            "reinforce": phase.reinforce,
            "shape": SHAPES[phase.shape],
            "hold_when_suspended": phase.hold_when_suspended,
            "shifts": phase.after_hold == "shift",
            "faster_after": _milestone(names, phase.faster_after),
            "cancel_after": _milestone(names, phase.cancel_after),
            "contingent": _contingent(scenario, name),
        }.items():
            numbers.put(f"phase_{field}", value, True)
    _put_visits(numbers, len(sites))


def modes_of(scenario: Scenario) -> dict[str, Mode]:
    """Return the modes of lift in the order of their numbers; without a table of lift, one that has no limits."""
    return in_order(scenario.lift) or {"lift": Mode()}


def _put_lift(numbers: _Numbers, scenario: Scenario) -> None:
    for name, mode in modes_of(scenario).items():
        numbers.table("mode", dotted(("lift", name)), mode)
        for k in scenario.theatres:
            numbers.put("mode_serves", not mode.theatres or k in mode.theatres, True)


def _put_visits(numbers: _Numbers, sites: int) -> None:
    """Turn the lists of sites by phase round: for each site the phases that name it, and its place in them."""
    visits: list[list[tuple[int, int]]] = [[] for _ in range(sites)]
    firsts, lengths = numbers.values.get("phase_first_site", []), numbers.values.get("phase_sites", [])
    for j, (first, length) in enumerate(zip(firsts, lengths, strict=True)):
        for place, site in enumerate(numbers.values["phase_site"][first : first + length]):
            visits[site].append((j, place))
    numbers.values["site_visits"] = [len(own) for own in visits]
    numbers.values["site_first_visit"] = [0, *accumulate(map(len, visits[:-1]))]
    numbers.values["visit_phase"] = [j for own in visits for j, _ in own]
    numbers.values["visit_place"] = [place for own in visits for _, place in own]


def _milestone(names: dict[str, list[str]], name: str | None) -> int:
    return NOTHING if name is None else names["milestones"].index(name)


def _contingent(scenario: Scenario, phase: str) -> bool:
    """Tell whether a phase, or one that it waits for, waits for something that is not planned."""
    after = scenario.phases[phase].after
    if after is None or after in CONTINGENT:
        return after is not None
    return after.startswith("phases.") and _contingent(scenario, after.removeprefix("phases."))


def _put_violence(numbers: _Numbers, scenario: Scenario, names: dict[str, list[str]]) -> None:
    numbers.table("attacks", "attacks", scenario.attacks, plural=False)
    for name, kind in scenario.attack_kinds.items():
        numbers.table("kind", f"attack_kinds.{name}", kind)
    tension = scenario.tension or Tension()
    numbers.table("tension", "tension", tension, plural=False)
    initial = tension.initial == "high"
    numbers.values["tension_switches"] = 0
    for name, switch in tension.dated.items():  # in order of their dates
        if latest(switch.date) <= scenario.start:
            initial = switch.state == "high"
            continue
        numbers.number(f"tension.dated.{name}.date", "tension_switch_at", switch.date, True)
        numbers.put("tension_switch_high", switch.state == "high", True)
        numbers.values["tension_switches"] += 1
    numbers.values["tension_initial_high"] = initial and scenario.tension is not None
    for name, suppression in scenario.suppressions.items():
        numbers.table("suppression", f"suppressions.{name}", suppression)
        numbers.put("suppression_start_after", _milestone(names, suppression.start_after), True)
        numbers.put("suppression_end_after", _milestone(names, suppression.end_after), True)
        numbers.put("suppression_needs_progress", suppression.while_talks == "progressing", True)
        for k in scenario.theatres:
            numbers.put("suppression_covers", not suppression.theatres or k in suppression.theatres, True)
    numbers.table("casualties", "casualties", scenario.casualties, plural=False)
    numbers.table("response", "response", scenario.response or Response(), plural=False)
    _put_history(numbers, scenario)


def _put_history(numbers: _Numbers, scenario: Scenario) -> None:
    numbers.values["history"] = 0
    for k, name in enumerate(scenario.theatres):
        counts = scenario.history.attacks.get(name, [])
        for earlier, later in pairwise(counts):
            numbers.put("history_theatre", k, True)
            numbers.put("history_from", _day(earlier.date, scenario), True)
            numbers.put("history_to", _day(later.date, scenario), True)
            numbers.put("history_attacks", float(later.total - earlier.total), True)
            numbers.values["history"] += 1


def _put_politics(numbers: _Numbers, scenario: Scenario) -> None:
    talks = scenario.talks or Talks(first_round=scenario.start)
    numbers.table("talks", "talks", talks, plural=False)
    for name, group in scenario.working_groups.items():
        numbers.table("group", f"working_groups.{name}", group)
    numbers.table("pressure", "pressure", scenario.pressure or Pressure(), plural=False)
    numbers.table("threat", "threat", scenario.threat or Threat(), plural=False)
    numbers.table("capability", "capability", scenario.capability, plural=False)
    numbers.table("cost", "cost", scenario.cost or Cost(), plural=False)


def _draws(numbers: _Numbers, scenario: Scenario) -> tuple[Draw, ...]:
    """Return the uncertain numbers; those of joint tables come last, and then what becomes of plans."""
    joined = {key for joint in scenario.joint.values() for key in joint.keys}
    draws = [draw_of(key, dist, tuple(numbers.places[key])) for key, dist in numbers.uncertain.items()
             if key not in joined]
    for name, joint in scenario.joint.items():
        places = tuple((i, place) for i, key in enumerate(joint.keys) for place in numbers.places[key])
        rows = tuple(tuple(row[i] for i, _ in places) for row in joint.rows)
        upto = [(i + 1) / len(rows) for i in range(len(rows))]
        draws.append(Draw(f"joint.{name}", tuple(place for _, place in places), rows=rows, upto=upto,
                          together=tuple(joint.keys)))
    for name, phase in scenario.phases.items():
        open_keys = [key for key in EXECUTION if getattr(phase, key) is None]
        if phase.kind is not None and open_keys:
            draws.append(draw_of_plan(name, phase.kind, {
                key: numbers.places[f"phases.{name}.{key}"][0] for key in open_keys}))
    return tuple(draws)
