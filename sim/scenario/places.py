"""Tables on who is where and how they leave: theatres, sites, phases, modes of lift, closing crews."""

import math
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pydantic import Field, create_model

from sim.scenario.days import DateDistribution, Day, day
from sim.scenario.fields import Count, Name, Number, Table, count, entry, number

MOST_SITES = 1000
"""Of a theatre."""


class Site(Table):
    """A place in a theatre that holds troops: a hub or a small site."""

    count: int | None = entry(
        None, "Number of sites that are alike, called NAME_1, NAME_2 and so on; if left out, one, called NAME.", ge=1,
        le=1000)
    label: str = entry("", "Name shown in texts and figures; if left out, the key with spaces.")
    weight: Number = number(1.0, "Share of the theatre's troops held here, relative to its other sites.",
                            unit="ratio", at_most=1e6)
    hub: bool = entry(False, "Hubs close after all small sites of their theatre.")
    garrison: Number = number(
        25.0, "Fewest troops needed to hold the site until it closes.", unit="troops", at_most=1e6, span=(10, 60))
    closing_days: Number = number(
        14.0, "Mean time a crew needs to close the site.", unit="days", at_most=3650, span=(7, 30),
        source="Iraq 2020: eight sites handed over in 159 days, one every 20")
    closing_days_per_100: Number = number(
        0.0, "Mean time that closing takes longer for every 100 troops that the site holds at the start.", unit="days",
        at_most=3650, span=(5, 15),
        source="the record: some 28 to 49 days for a few hundred troops, 60 to 116 for several hundred to 1,000, 179 "
        "for a main hub (Gao)")
    handover_on: Day | None = day(
        None, "Crews begin to close the site on this date, drained or not; it is closed when their work is done and a "
        "phase has drained it to its garrison.")
    target_weight: Number = number(
        1.0, "How much more often a soldier here is attacked than a soldier elsewhere in the theatre.",
        unit="ratio", at_most=1000, span=(0.5, 2))
    cargo_per_troop: Number = number(
        0.0, "Equipment that leaves after the troops, for each soldier here at the start; 0 if none has to be moved.",
        unit="20-foot boxes", at_most=100, span=(0.4, 3),
        source="0.4 (MINUSMA), 1.0 (France in northern Mali) to 3.0 (France in Mali)")


class Theatre(Table):
    """A country or region with troops on one or more sites."""

    label: str = entry("", "Name shown in texts and figures; if left out, the key with spaces.")
    troops: Number = number(..., "Reported strength at the start.", unit="troops", at_most=1e6)
    true_over_reported: Number = number(
        1.0, "True strength divided by reported strength.", unit="ratio", at_most=10, span=(1, 2.3),
        source="Syria, December 2024: 2,000 where 900 had been reported")
    attacks_per_day: Number = number(
        0.0, "Background rate of attacks at full strength under low tension, before any coupling.",
        unit="attacks per day", at_most=500, span=(0.014, 0.05), fitted=True,
        source="the range: 4 attacks in the last quarter of 2020 to 24 from 23 January to 28 June 2021, less "
        "self-excitation, half in each country")
    attacks_trend_per_year: Number = number(
        0.0, "Change a year of the logarithm of that rate, from the start on: 0.1 is about a tenth more every year.",
        unit="log units per year", at_least=-10, at_most=10, span=(-0.4, 0.4))
    pressure_weight: Number = number(
        1.0, "Weight of a soldier here in the troops' pressure on the threat.", unit="ratio", at_most=1000)
    adviser_weight: Number = number(
        1.0, "Weight of a soldier here in advising the host nation's forces.", unit="ratio", at_most=1000)
    sites: dict[Name, Site] = Field(
        default_factory=lambda: {"main": Site(hub=True)}, description="Sites by name; if left out, one hub.",
        min_length=1, max_length=MOST_SITES)


def alike(name: str, site: Site) -> list[str]:
    """Return the names of the sites for which an entry stands: its own, or with a count ``NAME_1``, ``NAME_2``..."""
    return [name] if site.count is None else [f"{name}_{i}" for i in range(1, site.count + 1)]


def every_site(sites: dict[str, Site]) -> dict[str, str]:
    """Return the name of every site with its entry, in closing order: small sites as in the file, then hubs."""
    return {each: name for name in sorted(sites, key=lambda name: sites[name].hub) for each in alike(name, sites[name])}


def sites_named(sites: dict[str, Site], names: Iterable[str]) -> list[str]:
    """Return the sites for which names in a file stand; that of an entry with a count stands for all of its sites."""
    return [each for name in names for each in (alike(name, sites[name]) if name in sites else [name])]


PACES = ("by", "over_days", "per_day", "per_week")
"""The keys that can give the pace of a phase; it has one of them."""
RECORD = "the record of 46 drawdowns, drawn by the kind of plan: docs/record.md"
TARGETS = ("target", "keep", "target_percent", "theatre_target")
"""The keys that can give the target of a phase; it has one of them."""


class Phase(Table):
    """A part of the drawdown: from a start to a target at a given pace, held under stated conditions."""

    label: str = entry("", "Name shown in texts and figures; if left out, the key with spaces.")
    theatre: str = entry(..., "The theatre whose troops move.")
    sites: list[str] = entry(
        [], "The sites involved, in the order in which they close; if empty, all sites of the theatre, hubs last, "
        "except those that the troops go to.", max_length=MOST_SITES)
    to: list[str] = entry(
        [], "The sites of the theatre that the troops go to, by road and in equal numbers, instead of leaving it.",
        max_length=MOST_SITES)
    at_once: int | None = entry(
        None, "Number of sites drained side by side; the next so many follow when all of these are closed. If left "
        "out, the next site follows as soon as one is drained.", ge=1, le=1000)
    hand_over: Literal["when_drained", "at_start"] = entry(
        "when_drained", "When crews begin to close a site: when it is drained to its garrison, or when the phase "
        "begins (with at_once, when the site's turn comes).")
    start: Day | None = day(None, "The phase does not start before this date.", absent=-math.inf)
    after: str | None = entry(
        None, "The phase does not start before this milestone, e.g. agreement, demand, resurgence, phases.NAME.")
    delay_days: Number = number(
        0.0, "Waiting time after the milestone that the phase waits for.", unit="days", at_most=3650, span=(0, 90))
    threat_at_most: Number | None = number(
        None, "The phase starts only while threat divided by capability is at most this.", unit="ratio", at_most=1000,
        span=(0.7, 1.5), absent=float("inf"))
    quiet_days: Number = number(
        0.0, "The phase starts only after this time without a fatal attack in the theatre.", unit="days", at_most=3650,
        span=(0, 120))
    target: Number | None = number(
        None, "Target: reported strength to reach at these sites; those who stay do so at the last of them.",
        unit="troops", at_most=1e6, absent=-1.0)
    keep: dict[Name, Number] | None = number(
        None, "Target: troops that stay at a site, whatever the reports say; the phase's other sites are closed.",
        unit="troops", at_most=1e6)
    target_percent: Number | None = number(
        None, "Target: what is to be left at these sites, in percent of their strength at the start of the scenario.",
        unit="percent", at_most=1000, absent=-1.0)
    theatre_target: Number | None = number(
        None, "Target: reported strength to reach in the whole theatre, by way of these sites.", unit="troops",
        at_most=1e6, absent=-1.0)
    reinforce: bool = entry(False, "Troops arrive, instead of leaving, to reach the target.")
    by: Day | None = day(None, "Pace: the target is reached by this date.")
    over_days: Number | None = number(
        None, "Pace: the target is reached this long after the start.", unit="days", at_most=7300, absent=-1.0)
    per_day: Number | None = number(
        None, "Pace: troops moved per day.", unit="troops per day", at_least=0.01, at_most=1e6, absent=-1.0)
    per_week: Number | None = number(
        None, "Pace: troops moved per week.", unit="troops per week", at_least=0.1, at_most=1e6, absent=-1.0)
    shape: Literal["linear", "front_loaded", "back_loaded", "stepped", "slow_fast_slow"] = entry(
        "linear", "How the movement is spread over time.")
    tranche_days: Number = number(
        7.0, "Time between tranches.", unit="days", above=0, at_most=3650, span=(3, 14))
    steps: Count = count(4, "Number of steps if the shape is stepped.", unit="steps", at_least=1, at_most=1000,
        span=(2, 12))
    hold_after_fatal_days: Number = number(
        0.0, "The phase is held for this long after a fatal attack in the theatre; 0 for never.", unit="days",
        at_most=3650, span=(0, 45))
    hold_above_threat: Number | None = number(
        None, "The phase is held while threat divided by capability is above this.", unit="ratio", at_most=1000,
        span=(1.2, 3), absent=float("inf"))
    hold_when_suspended: bool = entry(False, "The phase is held while talks are suspended.")
    hold_at_most_days: Number = number(
        90.0, "Longest time of a single hold.", unit="days", at_most=3650, span=(30, 180))
    after_hold: Literal["shift", "catch_up"] = entry(
        "shift",
        "After a hold, the remaining dates shift by its length, or the phase catches up as far as lift allows.")
    faster_after: str | None = entry(None, "The milestone after which the phase goes faster.")
    faster_by: Number = number(
        2.0, "The remaining time is divided by this after the milestone that makes it faster.", unit="ratio",
        at_least=1, at_most=100, span=(1.5, 4))
    cancel_after: str | None = entry(None, "The milestone that ends the phase, whatever it has reached.")
    kind: Literal["own_date", "host_demand", "conditions", "handover", "mission_closure"] | None = entry(
        None, "The kind of plan. What comes between it and its being carried out, as far as the keys below do not say, "
        "is then drawn from plans of that kind in the record; if left out, nothing comes between.")
    first_move_share: Number | None = number(
        None, "How long after the order the phase begins to move, as a share of the days planned from the order to the "
        "end. The order is the milestone in after, or the start of the scenario.", unit="share of the planned days",
        at_most=10, mark="derived", source=RECORD, span=(0.02, 0.6), absent=0.0)
    redatings: Number | None = number(
        None, "How often the date of the end moves back, to the nearest whole number.", unit="times", at_most=20,
        mark="derived", source=RECORD, span=(0, 3), absent=0.0)
    redating_days: Number | None = number(
        None, "By how much it moves back each time.", unit="days", at_most=3650, mark="derived", source=RECORD,
        span=(20, 180), absent=0.0)
    early_share: Number | None = number(
        None, "How early the phase ends if its date never moves back, as a share of the days that it has from when it "
        "could begin.", unit="share of the planned days", at_most=1, mark="derived", source=RECORD, span=(0, 0.4),
        absent=0.0)
    reversal_chance: Number | None = number(
        None, "Chance that the order is reversed on the way: the phase then ends where it stands.", unit="chance",
        at_most=1, mark="derived", source=RECORD, span=(0, 0.3), absent=0.0)
    unevenness: Number | None = number(
        None, "Chance that a tranche is put off and goes with the next; the first and the last never are.",
        unit="chance", at_most=1, mark="derived", source=RECORD, span=(0, 0.8), absent=0.0)
    lag: Number | None = number(
        None, "The share of the time that has passed counts as itself to this power: 1 as in the shape, above 1 later, "
        "below 1 earlier.", unit="exponent", at_least=0.1, at_most=10, mark="derived", source=RECORD, span=(0.5, 3),
        absent=1.0)


EXECUTION = ("first_move_share", "redatings", "redating_days", "early_share", "reversal_chance", "unevenness", "lag")
"""Keys of a phase that are drawn from the record if the phase has a kind and does not give them."""


def sites_of(sites: dict[str, Site], phase: Phase) -> list[str]:
    """Return the sites of a phase in closing order."""
    gone_to = sites_named(sites, phase.to)
    return sites_named(sites, phase.sites) or [name for name in every_site(sites) if name not in gone_to]


def kept_by(sites: dict[str, Site], phase: Phase) -> dict[str, tuple[str, Any]]:
    """Return the sites where a phase says how many stay, each with the name under which it says so and that number."""
    return {each: (name, troops) for name, troops in (phase.keep or {}).items() for each in sites_named(sites, [name])}


class _Carries(Table):
    """What a mode of lift carries, and where."""

    label: str = entry("", "Name shown in texts and figures; if left out, the key with spaces.")
    per_week: Number = number(
        500.0, "Troops that can be moved in a week; 0 if it carries none.", unit="troops per week", at_most=1e6,
        span=(250, 1000),
        source="733 a week left Iraq in September 2020, 270 to 1,000 MINUSMA; a brigade of 3,500 a month is the "
        "planning rule by road")
    load: Number = number(
        100.0, "Most troops in one load.", unit="troops", at_least=1, at_most=1e6, span=(50, 300),
        source="seats: 55 in a C-130, 150 in a C-17; 200 to 300 a night from Taji in 2020")
    cargo_per_week: Number = number(
        100.0, "Equipment that can be moved in a week; 0 if it carries none.", unit="20-foot boxes per week",
        at_most=1e6, span=(60, 200),
        source="Mali 2022: 1,130 boxes and 210 vehicles of two sites in 116 days, some 5,000 truckloads of Gao in 179")
    cargo_load: Number = number(
        40.0, "Most equipment in one load.", unit="20-foot boxes", at_least=1, at_most=1e6, span=(30, 100),
        source="convoys of 30 to 40 trucks in Iraq in 2011, of about 100 from Gao in 2022")
    spread: Number = number(
        0.3, "Coefficient of variation of a load's time (weather, availability); 0 for no variation.", unit="ratio",
        at_most=1, span=(0, 0.6))
    theatres: list[str] = entry([], "The theatres it serves; all if empty.", max_length=64)


_FROM: dict[str, Any] = {
    "from": (Day | None, day(
        None, "First day on which it takes up loads; from the start if left out.", absent=-math.inf))}
"""No class can declare a key of this name, since it is a word of Python."""


class Mode(create_model("_Dated", __base__=_Carries, **_FROM)):  # type: ignore[misc]
    """A mode of lift, such as air or road: transport that phases share, first come, first served."""

    until: Day | None = day(None, "Last day on which it takes up loads; to the end if left out.")

    @property
    def first_day(self) -> date | DateDistribution | None:
        """The date in ``from``."""
        first: date | DateDistribution | None = getattr(self, "from")
        return first


class Closing(Table):
    """Crews that close sites: one queue, first come, first served."""

    crews: Count = count(
        2, "Number of crews that work at the same time.", unit="crews", at_least=1, at_most=1000, span=(1, 4))
    spread: Number = number(
        0.3, "Coefficient of variation of a closing's time; 0 for no variation.", unit="ratio", at_most=1,
        span=(0, 0.6))
