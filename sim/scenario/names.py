"""What the things of the model are called: states of the talks, milestones, couplings, statistics and units.

Each table is written once, here, and used by every table, text, figure and page. Tests compare the tables with the
schema and with the numbers that the rules use. ``{threat}``, ``{force}``, ``{host}`` and ``{adversary}`` stand for the
names of a scenario (`sim.scenario.called`).
"""

from typing import NamedTuple


class TalkState(NamedTuple):
    """A state of the talks: its label in a key or a table, and what it is called inside a sentence."""

    label: str
    said: str


TALK_STATES = {
    "none": TalkState("No talks", "no talks"),
    "progressing": TalkState("Progressing", "talks progressing"),
    "stalled": TalkState("Stalled", "talks stalled"),
    "suspended": TalkState("Suspended", "talks suspended"),
    "agreed": TalkState("Timeline agreed", "timeline announced"),
    "broken_down": TalkState("Broken down", "talks broken down"),
    "overtaken": TalkState("Overtaken by a demand to leave", "talks overtaken by a demand to leave"),
}
"""In the order of their numbers in `sim.rules.state`."""


class Milestone(NamedTuple):
    """A milestone.

    Attributes
    ----------
    label
        In a table or a figure.
    happens
        When it is reached, told as an event.
    since
        As the reason for something later.
    never
        If it has not been reached.
    reached
        When it counts as reached, in a full sentence; for the documentation.
    """

    label: str
    happens: str
    since: str
    never: str
    reached: str


MILESTONES = {
    "agreement": Milestone(
        "Timeline agreed", "timeline announced", "timeline announced", "no timeline announced",
        "The talks announce a timeline."),
    "breakdown": Milestone(
        "Talks broken down", "talks break down for good", "talks broken down", "no breakdown of talks",
        "The talks end for good."),
    "demand": Milestone(
        "Demand to leave", "the {host} government demands that the troops leave", "demand to leave",
        "no demand to leave", "The {host} government demands that the troops leave."),
    "resurgence": Milestone(
        "{threat} resurgence", "{threat} resurgence", "{threat} resurgence", "no {threat} resurgence",
        "Threat over capability reaches `threat.resurgence` for the first time."),
    "mass_casualty": Milestone(
        "First mass-casualty attack", "the first mass-casualty attack", "first mass-casualty attack",
        "no mass-casualty attack",
        "For the first time, an attack kills or wounds at least as many as `casualties.mass_casualty`."),
    "fatal_attack": Milestone(
        "First fatal attack", "the first fatal attack", "first fatal attack", "no fatal attack",
        "An attack kills for the first time."),
}
"""In the order of their numbers in `sim.rules.state`; those of the phases follow."""


class Coupling(NamedTuple):
    """An influence of one process on another: what it does, in a few words, and what happens when it is off."""

    said: str
    off: str


COUPLINGS = {
    "presence_to_attacks": Coupling(
        "fewer troops draw fewer attacks",
        "Attacks do not depend on how many troops are present, until nobody is left."),
    "tension_to_attacks": Coupling(
        "regional tension brings attacks", "Attacks are as under low tension throughout."),
    "contagion": Coupling(
        "attacks set off attacks", "No attack sets off another; attacks before the start leave no trace."),
    "talks_to_attacks": Coupling(
        "the state of the talks changes attacks",
        "Neither the state of the talks nor a demand to leave matters to attacks."),
    "talks_to_suppressions": Coupling(
        "truces depend on how talks go", "Truces and stop orders last as if talks progressed throughout."),
    "timeline_to_attacks": Coupling(
        "an announced timeline changes attacks", "An announced timeline does not matter to attacks, kept or not."),
    "attacks_to_response": Coupling("attacks bring {force} strikes", "No attack is answered by a strike."),
    "response_to_attacks": Coupling("{force} strikes change attacks", "Strikes neither reduce nor increase attacks."),
    "attacks_to_talks": Coupling("attacks suspend talks", "No attack suspends talks."),
    "response_to_pressure": Coupling("{force} strikes add to pressure", "Strikes add nothing to domestic pressure."),
    "stall_to_pressure": Coupling("stalled talks add to pressure", "Stalled rounds add nothing to domestic pressure."),
    "pressure_to_demand": Coupling(
        "pressure turns into a demand to leave", "Pressure never becomes a demand; a dated demand is still made."),
    "attacks_to_drawdown": Coupling(
        "fatal attacks hold phases", "Fatal attacks hold no phase, and no phase waits for quiet."),
    "talks_to_drawdown": Coupling("suspended talks hold phases", "Suspended talks hold no phase."),
    "threat_to_drawdown": Coupling(
        "{threat} threat holds phases", "The {threat} threat neither holds a phase nor keeps one from starting."),
    "presence_to_threat": Coupling(
        "fewer enablers take pressure off the {threat} threat",
        "The {threat} threat is under pressure from the enablers as if all were still there."),
    "capability_to_threat": Coupling(
        "{host} forces press the {threat} threat",
        "The {threat} threat is under pressure from the {host} forces as at the start."),
    "attacks_to_threat": Coupling(
        "attacks distract from the {threat} threat",
        "Attacks on the troops do not reduce their pressure on the {threat} threat."),
    "presence_to_capability": Coupling(
        "fewer advisers, less capable forces",
        "The {host} forces learn as if all advisers were still there."),
    "plan_to_execution": Coupling("plans meet friction", "Plans are carried out to the letter."),
}
"""In the order of the schema."""

STATISTICS = {
    "mean": "mean", "q5": "5 % quantile", "q25": "25 % quantile", "q50": "median", "q75": "75 % quantile",
    "q95": "95 % quantile",
}
"""What an outcome of a study may be judged by."""

PURE_NUMBERS = ("probability", "chance", "share", "ratio", "exponent")
"""Units that are not written after a number."""

AMOUNTS = ("million USD", "ratio")
"""Units of which there is more or less, not more or fewer: a cost is higher, it is not "more million USD"."""

DIFFERENCE_UNITS = {"yes_no": "percentage points", "day": "days"}
"""The unit of a difference, by the kind of the outcome, where it is not the unit of the outcome itself."""

NOT_YET = "replications in which it has not happened by {end} count as {end}"
"""How a mean of dates treats what has not happened by the end of the scenario."""
