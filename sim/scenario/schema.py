"""The scenario: every table that a scenario file may contain, with meaning, unit, bounds, mark and source."""

from datetime import date

from pydantic import Field

from sim.scenario import names as words
from sim.scenario.called import Names
from sim.scenario.fields import Name, Table, entry
from sim.scenario.places import Closing, Mode, Phase, Theatre
from sim.scenario.politics import Capability, Cost, Pressure, Talks, Threat, WorkingGroup
from sim.scenario.precision import HalfWidth, OutcomeName, OutcomeOrQuantile, Size
from sim.scenario.violence import AttackKind, Attacks, Casualties, Response, Suppression, Tension

MILESTONES = tuple(words.MILESTONES)
"""Milestones that any scenario can use, besides ``phases.NAME`` (that phase has reached its target)."""


class Couplings(Table):
    """Switches: each turns off the influence of one process on another, so that its effect can be measured."""

    presence_to_attacks: bool = entry(True, "Fewer troops draw fewer attacks (elasticity).")
    tension_to_attacks: bool = entry(True, "High regional tension multiplies attacks.")
    contagion: bool = entry(True, "Attacks set off further attacks.")
    talks_to_attacks: bool = entry(True, "The state of the talks, and a demand to leave, change attacks.")
    talks_to_suppressions: bool = entry(True, "Truces and stop orders depend on how talks go, where they say so.")
    timeline_to_attacks: bool = entry(True, "An announced timeline, kept or slipping, changes attacks.")
    attacks_to_response: bool = entry(True, "Attacks bring strikes.")
    response_to_attacks: bool = entry(True, "Strikes change attacks.")
    attacks_to_talks: bool = entry(True, "Fatal and mass-casualty attacks suspend talks.")
    response_to_pressure: bool = entry(True, "Strikes add to domestic pressure.")
    stall_to_pressure: bool = entry(True, "Stalled rounds add to domestic pressure.")
    pressure_to_demand: bool = entry(True, "Domestic pressure turns into a demand to leave.")
    attacks_to_drawdown: bool = entry(True, "Fatal attacks hold phases.")
    talks_to_drawdown: bool = entry(True, "Suspended talks hold phases.")
    threat_to_drawdown: bool = entry(True, "Threat above capability holds phases or keeps them from starting.")
    presence_to_threat: bool = entry(True, "Fewer enablers take pressure off the threat.")
    capability_to_threat: bool = entry(True, "The host nation's capability puts pressure on the threat.")
    attacks_to_threat: bool = entry(True, "Attacks on the troops distract them from the threat.")
    presence_to_capability: bool = entry(True, "Fewer advisers make the host nation's forces lose their skills.")
    plan_to_execution: bool = entry(True, "Plans meet friction: late first moves, new dates, reversals, bursts.")


class CumulativeCount(Table):
    """Attacks counted since the series began, as reported on a date."""

    date: date
    total: int = Field(ge=0, le=10_000_000, description="Attacks since the series began.")


class PastMilestone(Table):
    """An event before the start, shown in figures and traces."""

    date: date
    text: str = Field(description="What happened.", max_length=200)


class History(Table):
    """Events before the start: attacks raise the attack rate at the start, and all are shown left of the start line."""

    attacks: dict[Name, list[CumulativeCount]] = entry(
        {}, "Cumulative attacks by theatre and date; the first entry is the start of the series.")
    milestones: dict[Name, PastMilestone] = entry({}, "Milestones by name.", max_length=1000)


class Joint(Table):
    """Several uncertain numbers drawn together: each replication uses one row of a table."""

    keys: list[str] = entry(..., "The keys, e.g. attacks.branching_ratio.", min_length=1, max_length=100)
    rows: list[list[float]] = entry(
        ..., "Values of these keys, one row for each draw.", min_length=1, max_length=100_000)


class Scenario(Table):
    """A complete scenario."""

    title: str = entry("", "A line that names the scenario in tables and figures.", max_length=200)
    question: str = entry("", "The question that the scenario answers.", max_length=1000)
    names: Names = entry(Names(), "What the sides are called in texts, tables and figures.")
    start: date = entry(..., "First day of the simulation.")
    end: date = entry(..., "Last day of the simulation (the horizon).")
    known_until: date | None = entry(
        None, "Nothing in this scenario was learned after this date; check warns of sources that are dated later.")
    deadline: date | None = entry(None, "The date by which the drawdown should be complete.")
    follow_up_days: int = entry(
        730, "How long after completion one keeps looking: the same time in every timeline, so that what comes "
        "afterwards is compared fairly.", ge=1, le=14_610)
    theatres: dict[Name, Theatre] = entry(..., "Theatres by name.", min_length=1, max_length=64)
    phases: dict[Name, Phase] = entry({}, "Phases of the drawdown by name.", max_length=1000)
    lift: dict[Name, Mode] | None = entry(
        None, "Shared transport; unlimited if left out. [lift] is one mode, [lift.NAME] another.", min_length=1,
        max_length=64)
    closing: Closing = entry(Closing(), "Crews that close sites.")
    attacks: Attacks = entry(Attacks(), "Settings that the attack processes of all theatres share.")
    attack_kinds: dict[Name, AttackKind] = entry(
        {"attack": AttackKind()}, "Kinds of attack by name.", min_length=1, max_length=64)
    tension: Tension | None = entry(None, "Regional tension; always low if left out.")
    suppressions: dict[Name, Suppression] = entry({}, "Truces and stop orders by name.", max_length=1000)
    casualties: Casualties = entry(Casualties(), "The harm done by attacks that get through.")
    response: Response | None = entry(None, "Strikes after attacks; none if left out.")
    talks: Talks | None = entry(None, "Negotiations; none if left out.")
    working_groups: dict[Name, WorkingGroup] = entry({}, "Working groups by name.", max_length=64)
    pressure: Pressure | None = entry(None, "Domestic pressure; none if left out.")
    threat: Threat | None = entry(None, "The activity of a threat such as ISIS; none if left out.")
    capability: Capability = entry(Capability(), "The host nation's forces.")
    cost: Cost | None = entry(None, "Costs of the deployment and of leaving; not modelled if left out.")
    couplings: Couplings = entry(Couplings(), "Switches for the influence of one process on another.")
    history: History = entry(History(), "What happened before the start.")
    joint: dict[Name, Joint] = entry({}, "Uncertain numbers drawn together, by name.", max_length=100)
    precision: dict[OutcomeOrQuantile, HalfWidth] = entry(
        {}, 'The 95 % half-width that a run should reach, by outcome: a number, or a share of the mean such as "1%".',
        max_length=100)
    practical: dict[OutcomeName, Size] = entry(
        {}, 'From what size on a difference between scenarios matters, by outcome: a number, or a share of the base\'s '
        'mean such as "1%".', max_length=100)
    sources: dict[str, str] = entry(
        {}, 'Where values in this file come from: "key" = "mark: source", with one of the marks article, reported, '
        "literature, derived, assumed.", max_length=10_000)
