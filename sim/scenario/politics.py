"""Tables about talks, domestic pressure, the ISIS threat, the host nation's forces and money."""

from datetime import date

from sim.scenario.fields import Number, Table, entry, number


class Talks(Table):
    """Negotiations on a timeline, in rounds, fed by working groups."""

    first_round: date = entry(..., "Date of the first round played by the model.")
    suspended_until: date | None = entry(None, "Talks are suspended at the start, until this date.")
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
        120.0, "Talks stall at a round when no working group reported for so long.", unit="days", at_most=3650,
        span=(60, 240))
    breakdown_chance: Number = number(
        0.02, "Chance that a round held while talks are stalled ends them for good.", unit="probability", at_most=1,
        span=(0, 0.08))
    principals_days: Number = number(
        14.0, "Time from the last working group's report to the principals' meeting.", unit="days", at_most=3650,
        span=(7, 45))
    agreement_on: date | None = entry(None, "A timeline is announced on this date, whatever the working groups do.")


class WorkingGroup(Table):
    """A working group: work that goes on only while talks are not suspended, then a report."""

    label: str = entry("", "Name shown in texts and figures; the key with spaces when left out.")
    work_days: Number = number(
        150.0, "Mean working time until the group reports.", unit="days", at_most=7300, span=(90, 240),
        mark="derived", source="joint statement 228 days after talks resumed")
    work_spread: Number = number(
        0.4, "Coefficient of variation of that time.", unit="ratio", at_most=1, span=(0.2, 0.8))


class Pressure(Table):
    """Domestic pressure on the host government, which can turn into a demand to leave."""

    per_strike: Number = number(
        1.0, "Pressure added by a US strike.", unit="points", at_most=1000, span=(0.5, 2))
    per_stalled_round: Number = number(
        0.5, "Pressure added by a round held while talks are stalled.", unit="points", at_most=1000, span=(0, 1))
    review_days: Number = number(
        30.0, "Time between reviews of the pressure.", unit="days", above=0.1, at_most=3650, span=(14, 60))
    kept: Number = number(
        0.8, "Share of the pressure that is left after a review.", unit="ratio", at_most=1, span=(0.6, 0.95))
    demand_chance: Number = number(
        0.003, "Chance, for each point of pressure, that a review ends in a demand to leave.", unit="probability",
        at_most=1, span=(0, 0.01))
    demand_on: date | None = entry(None, "The demand is made on this date, if it was not made before.")


class Threat(Table):
    """ISIS activity as an index, 1 at the start; its logarithm is an AR(1) process around what pressure allows."""

    tick_days: Number = number(
        7.0, "Time between two steps of the process.", unit="days", above=0.1, at_most=365, mark="derived",
        source="weekly log counts")
    persistence: Number = number(
        0.97, "Share of the distance to its resting level kept at each step.", unit="ratio", at_most=1,
        span=(0.95, 0.98), mark="derived", source="AR(1) of weekly log counts")
    noise: Number = number(
        0.08, "Standard deviation of a step of the log index.", unit="log units", at_most=2, span=(0.04, 0.17),
        source="0.17 for weekly log counts, of which part is counting noise")
    sensitivity: Number = number(
        1.0, "Log index at which ISIS comes to rest without any pressure.", unit="log units", at_most=10,
        span=(0.4, 2))
    holding_pressure: Number = number(
        0.9, "Pressure, 1 at the start, that holds the index where it is.", unit="ratio", above=0.01, at_most=10,
        span=(0.75, 1))
    enablers_weight: Number = number(
        0.5, "Coalition enablers' part of the pressure; the rest is the host nation's capability.", unit="ratio",
        at_most=1, span=(0.3, 0.7), mark="literature",
        source="two causes, each necessary: Biddle, Friedman and Shapiro 2012")
    distraction: Number = number(
        0.02, "Enablers' part is divided by 1 + this for each attack on the coalition since the last step.",
        unit="per attack", at_most=10, span=(0, 0.05), source="fewer partnered missions under attack")
    resurgence: Number = number(
        2.5, "Threat over capability at which a resurgence is declared.", unit="ratio", above=0, at_most=1000,
        span=(2, 3))


class Capability(Table):
    """The host nation's forces as an index, 1 at the start."""

    learning_per_year: Number = number(
        0.3, "Rate at which forces approach the ceiling with all advisers present.", unit="per year", at_most=100,
        span=(0.1, 0.5))
    ceiling: Number = number(1.3, "Index that advisers can bring about in the end.", unit="index", above=0,
                             at_most=100, span=(1.1, 1.6))
    loss_per_year: Number = number(
        0.25, "Rate at which forces fall towards the floor without advisers.", unit="per year", at_most=100,
        span=(0.05, 0.5))
    floor: Number = number(0.7, "Index that is left in the end without advisers.", unit="index", above=0,
                           at_most=100, span=(0.5, 0.95))


class Cost(Table):
    """What the deployment and leaving cost, in million US dollars."""

    fixed_per_day: Number = number(
        4.3, "Cost of a day with any troops present.", unit="million USD per day", at_most=1e6, span=(2, 8),
        mark="derived", source="46 % fixed, on 1.0 million a troop-year")
    per_troop_year: Number = number(
        0.54, "Cost of a soldier for a year, besides the fixed cost.", unit="million USD per troop-year",
        at_most=1e6, span=(0.2, 0.6), mark="derived", source="0.39-1.0 million a troop-year, 54 % variable")
    per_troop_moved: Number = number(
        0.02, "Cost of moving a soldier with equipment.", unit="million USD per soldier", at_most=1e6,
        span=(0.01, 0.05))
    per_site_closed: Number = number(
        5.0, "Cost of closing a site.", unit="million USD per site", at_most=1e6, span=(1, 20))
