"""Tables about attacks: their rate and kinds, what raises and lowers them, their harm and the response."""

import math
from typing import Literal

from pydantic import field_validator

from sim.scenario.days import Day, day, earliest
from sim.scenario.fields import Name, Number, Table, entry, number


class Attacks(Table):
    """Settings that the attack processes of all theatres share."""

    elasticity: Number = number(
        0.5, "Attacks are proportional to (present / initial troops) to this power.", unit="exponent", at_most=1,
        span=(0, 1), source="no stable elasticity in Iraq 2004-09, to be scanned")
    branching_ratio: Number = number(
        0.35, "Mean number of further attacks that an attack sets off directly.", unit="ratio", at_most=0.95,
        span=(0.2, 0.5), fitted=True, mark="literature",
        source="Lewis et al. 2012; regimes first, modest self-excitation")
    decay_days: Number = number(
        7.0, "Mean time between an attack and the attacks it sets off.", unit="days", above=0.01, at_most=365,
        span=(2, 21), fitted=True, mark="literature", source="near-repeats within 2 days to 6 weeks")
    talks_progressing: Number = number(
        0.9, "The background rate is multiplied by this while talks progress.", unit="ratio", at_most=10, span=(0.7, 1))
    talks_stalled: Number = number(
        1.3, "The background rate is multiplied by this while talks are stalled.", unit="ratio", at_most=10,
        span=(1, 1.8))
    talks_suspended: Number = number(
        1.2, "The background rate is multiplied by this while talks are suspended.", unit="ratio", at_most=10,
        span=(1, 1.6))
    talks_broken: Number = number(
        1.3, "The background rate is multiplied by this once talks have broken down.", unit="ratio", at_most=10,
        span=(1, 1.8), source="as while talks are stalled, since neither holds out a date; nobody has measured either")
    after_demand: Number = number(
        1.3, "The background rate is multiplied by this after a demand to leave, whatever the talks were.",
        unit="ratio", at_most=10, span=(0.7, 1.8),
        source="as while talks are stalled: a demand is no agreed date; attacks on forces about to leave doubled in "
        "Iraq, January to May 2011")
    timeline_kept: Number = number(
        0.5, "The background rate is multiplied by this while an announced timeline is kept.", unit="ratio", at_most=10,
        span=(0.3, 0.9))
    timeline_slipping: Number = number(
        1.2, "The background rate is multiplied by this while an announced timeline slips.", unit="ratio", at_most=10,
        span=(0.9, 1.6))


class AttackKind(Table):
    """A kind of attack: how common it is and how often one gets through."""

    label: str = entry("", "Name shown in texts and figures; if left out, the key with spaces.")
    weight: Number = number(1.0, "Share among all attacks, relative to the other kinds.", unit="ratio", at_most=1e6)
    gets_through: Number = number(
        0.22, "Chance that such an attack gets through to its target.", unit="probability", at_most=1,
        span=(0.1, 0.6))


class TensionSwitch(Table):
    """A dated change of regional tension."""

    date: Day = day(..., "The day of the switch.")
    state: Literal["high", "low"]


class Tension(Table):
    """Regional tension: high or low, with dated switches first and random durations after the last switch."""

    initial: Literal["high", "low"] = entry("low", "State at the start, if no dated switch says otherwise.")
    high_multiplier: Number = number(
        17.0, "Background rate under high tension divided by that under low tension.", unit="ratio", at_least=0,
        at_most=50, span=(12, 22), fitted=True, mark="derived",
        source="170 attacks on 103 active days from 17 October 2023 over 2.9 a month in 2021-23")
    mean_high_days: Number = number(
        120.0, "Mean length of a spell of high tension.", unit="days", above=0.1, at_most=36500, span=(60, 240),
        fitted=True)
    mean_low_days: Number = number(
        400.0, "Mean length of a spell of low tension.", unit="days", above=0.1, at_most=36500, span=(200, 800),
        fitted=True)
    dated: dict[Name, TensionSwitch] = entry({}, "Dated switches by name, before or after the start.", max_length=1000)

    @field_validator("dated")
    @classmethod
    def _by_date(cls, dated: dict[str, TensionSwitch]) -> dict[str, TensionSwitch]:
        return dict(sorted(dated.items(), key=lambda entry: earliest(entry[1].date)))


ENDS = ("end", "mean_days", "end_after", "while_talks", "end_chance_per_day")
"""The keys that can say when a truce ends; it has one of them at least."""


class Suppression(Table):
    """A truce or a stop order: attacks of all kinds are multiplied by a factor while it is in force."""

    label: str = entry("", "Name shown in texts and figures; if left out, the key with spaces.")
    start: Day | None = day(None, "First day; may be before the start of the scenario.", absent=-math.inf)
    start_after: str | None = entry(
        None, "It does not begin before this milestone, e.g. agreement, breakdown, demand, phases.NAME.")
    end: Day | None = day(None, "First day on which it no longer applies.")
    end_after: str | None = entry(
        None, "The milestone that ends it; reached before the truce began, it keeps it from beginning.")
    while_talks: Literal["progressing"] | None = entry(
        None, "In force only while talks progress or have agreed: it lapses when they stall, are suspended, broken off "
        "or overtaken by a demand, and is in force again if they go on.")
    end_chance_per_day: Number = number(
        0.0, "Chance per day that it ends for good, on days on which talks neither progress nor have agreed.",
        unit="probability", at_most=1, span=(0.005, 0.1))
    mean_days: Number | None = number(
        None, "Mean duration if no end is given (exponential; counted from the start of the scenario if it began "
        "before).", unit="days", above=0.1, at_most=36500, absent=-1.0)
    factor: Number = number(
        0.05, "The intensity of attacks is multiplied by this.", unit="ratio", at_most=1, span=(0, 0.3), fitted=True,
        source="no attack in the truce of 24-30 November 2023, none in the weeks after 4 February 2024")
    theatres: list[str] = entry([], "The theatres where it applies; all if empty.", max_length=64)


class Casualties(Table):
    """The harm done by attacks that get through."""

    harm_chance: Number = number(
        0.22, "Chance that an attack that got through harms somebody.", unit="probability", at_most=1,
        span=(0.15, 0.3), mark="derived", source="about 5 % of attacks caused a casualty")
    fatal_chance: Number = number(
        0.118, "Chance that a harmful attack kills.", unit="probability", at_most=1, span=(0.003, 0.65),
        fitted=True, mark="derived", source="one attack in about 170 was fatal")
    severity_exponent: Number = number(
        2.5, "Exponent of the discrete power law of deaths in a fatal attack.", unit="exponent", at_least=1.05,
        at_most=10, span=(2.3, 2.7), fitted=True, mark="literature", source="Bohorquez et al. 2009")
    wounded_mean: Number = number(
        9.0,
        "Mean number of wounded first reported after a harmful attack, in addition to those that come with deaths.",
        unit="persons", at_least=1, at_most=1000, span=(5, 14), fitted=True, mark="derived",
        source="183 wounded in some nine harmful attacks, halved for late diagnosis")
    wounded_per_death: Number = number(
        7.0, "Mean number of additional first-reported wounded for each person killed.", unit="ratio", at_most=100,
        span=(4, 11), fitted=True, mark="derived", source="Iraq 2003-2011")
    late_factor: Number = number(
        2.0, "Mean ratio of the final to the first-reported number of wounded.", unit="ratio", at_least=1, at_most=10,
        span=(1.4, 2.5), fitted=True, mark="derived", source="21 became 46, 34 became 47")
    evacuated_share: Number = number(
        0.1, "Share of the wounded who leave the theatre for good.", unit="ratio", at_most=1, span=(0.05, 0.3))
    mass_casualty: Number = number(
        25.0, "An attack that kills or wounds (first report) at least this many counts as a mass-casualty attack.",
        unit="persons", at_least=1, at_most=1e5, span=(10, 50))


class Response(Table):
    """Strikes after attacks, and what they do to later attacks."""

    chance_after_attack: Number = number(
        0.03, "Chance of a strike after an attack without harm.", unit="probability", at_most=1, span=(0.01, 0.06),
        mark="derived", source="11 responses to some 170 attacks")
    chance_after_harm: Number = number(
        0.6, "Chance of a strike after an attack that wounds.", unit="probability", at_most=1, span=(0.3, 0.9),
        mark="derived", source="11 responses to some 170 attacks")
    chance_after_fatal: Number = number(
        0.95, "Chance of a strike after an attack that kills.", unit="probability", at_most=1, span=(0.8, 1))
    delay_days: Number = number(
        3.0, "Mean time from the attack to the strike.", unit="days", at_most=365, span=(1, 6), mark="derived",
        source="28 January to 2 February 2024 and others")
    delay_spread: Number = number(
        0.7, "Coefficient of variation of that time.", unit="ratio", at_most=1, span=(0.3, 1))
    drop: Number = number(
        0.2, "The background rate falls by this share after a strike.", unit="ratio", at_most=1, span=(0, 0.5))
    drop_days: Number = number(7.0, "How long the fall lasts.", unit="days", at_most=3650, span=(2, 14))
    rise: Number = number(
        0.2, "The background rate rises by this share after the fall.", unit="ratio", at_most=10, span=(0, 0.5),
        mark="literature", source="Lyall 2015; Papadogeorgou et al. 2022")
    rise_days: Number = number(
        30.0, "How long the rise lasts.", unit="days", at_most=3650, span=(14, 90), mark="literature",
        source="up to a month (Papadogeorgou et al. 2022), 90 days (Lyall 2015)")
    chain_days: Number = number(
        30.0,
        "A strike continues a tit-for-tat chain if the attack behind it came within this time after the last strike.",
        unit="days", at_most=3650, span=(14, 60))
