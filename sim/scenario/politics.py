"""Tables about talks, domestic pressure, the threat, the host nation's forces and money."""

import math

from sim.scenario.days import Day, day
from sim.scenario.fields import Number, Table, entry, number


class Talks(Table):
    """Negotiations on a timeline, in rounds, fed by working groups."""

    first_round: Day = day(..., "Date of the first round played by the model.")
    suspended_until: Day | None = day(
        None, "Talks are suspended at the start, until this date.", absent=-math.inf)
    round_days: Number = number(
        21.0, "Mean time between rounds.", unit="days", above=0.1, at_most=3650, span=(14, 45), mark="reported",
        source="27 January, 11-12 February 2024")
    round_spread: Number = number(
        0.3, "Coefficient of variation of that time.", unit="ratio", at_most=1, span=(0, 0.6))
    suspend_after_fatal: Number = number(
        0.8, "Chance that a fatal attack suspends talks.", unit="probability", at_most=1, span=(0.5, 1),
        mark="derived", source="suspended one day after the attack of 28 January 2024")
    suspend_after_mass_casualty: Number = number(
        0.4, "Chance that a mass-casualty attack without deaths suspends talks.", unit="probability", at_most=1,
        span=(0.1, 0.7))
    suspension_days: Number = number(
        15.0, "Mean length of a suspension.", unit="days", above=0.01, at_most=3650, span=(7, 60), mark="derived",
        source="resumed after 14-15 days in February 2024")
    suspension_spread: Number = number(
        0.8, "Coefficient of variation of that time.", unit="ratio", at_most=1, span=(0.4, 1))
    stall_after_days: Number = number(
        120.0, "Talks stall at a round if no working group has reported for this long.", unit="days", at_most=3650,
        span=(60, 240))
    breakdown_chance: Number = number(
        0.02, "Chance that a round held while talks are stalled ends them for good.", unit="probability", at_most=1,
        span=(0, 0.08))
    principals_days: Number = number(
        14.0, "Time from the last working group's report to the principals' meeting.", unit="days", at_most=3650,
        span=(7, 45))
    agreement_on: Day | None = day(None, "A timeline is announced on this date, whatever the working groups do.")


class WorkingGroup(Table):
    """A working group: it works while talks are not suspended, then reports."""

    label: str = entry("", "Name shown in texts and figures; if left out, the key with spaces.")
    work_days: Number = number(
        150.0, "Mean working time until the group reports.", unit="days", at_most=7300, span=(90, 240),
        mark="derived", source="joint statement of 27 September 2024, 228 days after talks resumed")
    work_spread: Number = number(
        0.4, "Coefficient of variation of that time.", unit="ratio", at_most=1, span=(0.2, 0.8))


class Pressure(Table):
    """Domestic pressure on the host government, which can turn into a demand to leave."""

    per_strike: Number = number(
        1.0, "Pressure added by a strike.", unit="points", at_most=1000, span=(0.5, 2))
    per_stalled_round: Number = number(
        0.5, "Pressure added by a round held while talks are stalled.", unit="points", at_most=1000, span=(0, 1))
    review_days: Number = number(
        30.0, "Time between reviews of the pressure.", unit="days", above=0.1, at_most=3650, span=(14, 60))
    kept: Number = number(
        0.8, "Share of the pressure that remains after a review.", unit="ratio", at_most=1, span=(0.6, 0.95))
    demand_chance: Number = number(
        0.003, "Chance, for each point of pressure, that a review ends in a demand to leave.", unit="probability",
        at_most=1, span=(0, 0.01))
    demand_on: Day | None = day(None, "The demand is made on this date, unless it was made before.")


class Threat(Table):
    """The threat as an index, 1 at the start, that moves towards where it would come to rest (an AR(1) process)."""

    tick_days: Number = number(
        7.0, "Time between two steps of the process.", unit="days", above=0.1, at_most=365, mark="derived",
        source="weekly log counts")
    persistence: Number = number(
        0.97, "Share of the distance to its resting level that remains after each step.", unit="ratio", at_most=1,
        span=(0.95, 0.98), mark="derived", source="AR(1) of weekly log counts")
    noise: Number = number(
        0.08, "Standard deviation of a step of the log index.", unit="log units", at_most=2, span=(0.04, 0.17),
        source="0.17 for weekly log counts, of which part is counting noise")
    rests_today: Number = number(
        1.0, "Where the index comes to rest if presence and capability stay as at the start and no attack distracts.",
        unit="index", above=0, at_most=1000, span=(0.4, 2))
    rests_without: Number = number(
        1.2, "Where the index comes to rest with nobody left, and capability as at the start.", unit="index", above=0,
        at_most=1000, span=(0.45, 3.2))
    capability_elasticity: Number = number(
        0.5, "Where the index comes to rest is divided by the host nation's capability to this power.", unit="exponent",
        at_most=10, span=(0, 1), source="two causes, each necessary (Biddle, Friedman and Shapiro 2012); size assumed")
    trend_per_year: Number = number(
        0.0, "Change a year of the logarithm of where the index comes to rest, from the start on.",
        unit="log units per year", at_least=-10, at_most=10, span=(-0.6, 0.3))
    distraction: Number = number(
        0.02,
        "Enablers count divided by 1 plus this number for each attack on the troops since the last step.",
        unit="per attack", at_most=10, span=(0, 0.05), source="fewer partnered missions under attack")
    resurgence: Number = number(
        2.5, "Threat divided by capability at which a resurgence is declared.", unit="ratio", above=0, at_most=1000,
        span=(2, 3))


class Capability(Table):
    """The host nation's forces as an index, 1 at the start."""

    learning_per_year: Number = number(
        0.3, "Rate at which forces approach the ceiling with all advisers present.", unit="per year", at_most=100,
        span=(0.1, 0.5))
    ceiling: Number = number(
        1.3, "Level of the index in the long run with all advisers present.", unit="index", above=0, at_most=100,
        span=(1.1, 1.6))
    loss_per_year: Number = number(
        0.25, "Rate at which forces fall towards the floor without advisers.", unit="per year", at_most=100,
        span=(0.05, 0.5))
    floor: Number = number(0.7, "Level of the index in the long run without advisers.", unit="index", above=0,
                           at_most=100, span=(0.5, 0.95))


class Cost(Table):
    """Costs of the deployment and of leaving, in million US dollars."""

    fixed_per_day: Number = number(
        4.3, "Cost of a day with any troops present.", unit="million USD per day", at_most=1e6, span=(2, 8),
        mark="derived", source="46 % fixed, on 1.0 million a troop-year")
    per_troop_year: Number = number(
        0.54, "Cost of a soldier for a year, in addition to the fixed cost.", unit="million USD per troop-year",
        at_most=1e6, span=(0.2, 0.6), mark="derived", source="0.39-1.0 million a troop-year, 54 % variable")
    per_troop_moved: Number = number(
        0.02, "Cost of moving a soldier with equipment.", unit="million USD per soldier", at_most=1e6,
        span=(0.01, 0.05))
    per_site_closed: Number = number(
        5.0, "Cost of closing a site.", unit="million USD per site", at_most=1e6, span=(1, 20))
