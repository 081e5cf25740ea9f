"""Outcomes: what is measured in a replication, each with its definition, unit and direction.

An outcome is a function of the state at the horizon. Tables, documents and figures take names, units and definitions
from the catalogue at the end. The module is long because all outcomes are defined here and nowhere else.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from sim.rules import cost
from sim.rules.parameters import DAYS_PER_YEAR, Parameters
from sim.rules.state import (
    AGREEMENT,
    BREAKDOWN,
    BY_BACKGROUND,
    BY_CONTAGION,
    BY_POLITICS,
    DEMAND,
    FATAL_ATTACK,
    MASS_CASUALTY,
    RESURGENCE,
    SUSPENDED,
    State,
)

DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def completion_day(s: State, p: Parameters, i: int) -> float:
    return s.completed_at


def completed(s: State, p: Parameters, i: int) -> float:
    return 1.0 if s.completed_at < p.horizon else 0.0


def complete_at_end(s: State, p: Parameters, i: int) -> float:
    planned = False
    for k in range(p.theatres):
        if s.floor[k] >= 0:
            planned = True
            if s.present[k] > s.floor[k]:
                return 0.0
    return 1.0 if planned else 0.0


def followed_up(s: State, p: Parameters, i: int) -> float:
    return 1.0 if s.follow_up_over else 0.0


def deadline_met(s: State, p: Parameters, i: int) -> float:
    return 1.0 if s.completed_at < min(p.deadline, p.horizon) else 0.0


def handover_day(s: State, p: Parameters, k: int) -> float:
    return s.theatre_done_at[k]


def troop_days(s: State, p: Parameters, k: int) -> float:
    return s.troop_days[k]


def troops_left(s: State, p: Parameters, k: int) -> float:
    return float(s.present[k])


def attacks_total(s: State, p: Parameters, k: int) -> float:
    return float(s.attacks[k])


def attacks_background(s: State, p: Parameters, i: int) -> float:
    return float(s.attacks_by_driver[BY_BACKGROUND])


def attacks_politics(s: State, p: Parameters, i: int) -> float:
    return float(s.attacks_by_driver[BY_POLITICS])


def attacks_contagion(s: State, p: Parameters, i: int) -> float:
    return float(s.attacks_by_driver[BY_CONTAGION])


def attacks_in_quarter(s: State, p: Parameters, q: int) -> float:
    return float(s.attacks_by_quarter[q])


def killed_in_quarter(s: State, p: Parameters, q: int) -> float:
    return float(s.killed_by_quarter[q])


def wounded_in_quarter(s: State, p: Parameters, q: int) -> float:
    return float(s.wounded_by_quarter[q])


def attacks_in_phase(s: State, p: Parameters, j: int) -> float:
    return float(s.phase_attacks[j])


def killed_in_phase(s: State, p: Parameters, j: int) -> float:
    return float(s.phase_killed[j])


def wounded_in_phase(s: State, p: Parameters, j: int) -> float:
    return float(s.phase_wounded[j])


def killed(s: State, p: Parameters, k: int) -> float:
    return float(s.killed[k])


def killed_expected(s: State, p: Parameters, k: int) -> float:
    return s.expected_killed[k]


def wounded_first(s: State, p: Parameters, k: int) -> float:
    return float(s.wounded_first[k])


def wounded_final(s: State, p: Parameters, k: int) -> float:
    return float(s.wounded_final[k])


def harmful_attacks(s: State, p: Parameters, k: int) -> float:
    return float(s.harmful[k])


def fatal_attacks(s: State, p: Parameters, k: int) -> float:
    return float(s.fatal[k])


def fatal_day(s: State, p: Parameters, i: int) -> float:
    return s.milestone[FATAL_ATTACK]


def any_fatal(s: State, p: Parameters, i: int) -> float:
    return _happened(s, FATAL_ATTACK)


def mass_casualty_day(s: State, p: Parameters, i: int) -> float:
    return s.milestone[MASS_CASUALTY]


def any_mass_casualty(s: State, p: Parameters, i: int) -> float:
    return _happened(s, MASS_CASUALTY)


def us_strikes(s: State, p: Parameters, k: int) -> float:
    return float(s.strikes[k])


def longest_chain(s: State, p: Parameters, i: int) -> float:
    return float(s.longest_chain)


def rounds_held(s: State, p: Parameters, i: int) -> float:
    return float(s.rounds)


def suspensions(s: State, p: Parameters, i: int) -> float:
    return float(s.suspensions)


def days_suspended(s: State, p: Parameters, i: int) -> float:
    return s.talks_days[SUSPENDED]


def agreement_day(s: State, p: Parameters, i: int) -> float:
    return s.milestone[AGREEMENT]


def agreed(s: State, p: Parameters, i: int) -> float:
    return _happened(s, AGREEMENT)


def breakdown_day(s: State, p: Parameters, i: int) -> float:
    return s.milestone[BREAKDOWN]


def breakdown(s: State, p: Parameters, i: int) -> float:
    return _happened(s, BREAKDOWN)


def demand_day(s: State, p: Parameters, i: int) -> float:
    return s.milestone[DEMAND]


def forced_exit(s: State, p: Parameters, i: int) -> float:
    return _happened(s, DEMAND)


def resurgence_day(s: State, p: Parameters, i: int) -> float:
    return s.milestone[RESURGENCE]


def resurgence(s: State, p: Parameters, i: int) -> float:
    return _happened(s, RESURGENCE)


def _happened(s: State, milestone: int) -> float:
    return 1.0 if s.milestone[milestone] < math.inf else 0.0


def _during(s: State, p: Parameters, milestone: int) -> float:
    """Return 1 if a milestone was reached while the drawdown ran (to the horizon, if it was never complete)."""
    return 1.0 if _happened(s, milestone) > 0.0 and s.milestone[milestone] <= s.completed_at else 0.0


def _by_follow_up(s: State, p: Parameters, milestone: int) -> float:
    """Return 1 if a milestone was reached by the end of the follow-up."""
    day = s.milestone[milestone]
    return 1.0 if _happened(s, milestone) > 0.0 and day <= s.completed_at + p.follow_up_days else 0.0


def _after(s: State, p: Parameters, milestone: int) -> float:
    """Return 1 if a milestone was reached for the first time within the follow-up."""
    return _by_follow_up(s, p, milestone) - _during(s, p, milestone)


def forced_exit_during(s: State, p: Parameters, i: int) -> float:
    return _during(s, p, DEMAND)


def forced_exit_after(s: State, p: Parameters, i: int) -> float:
    return _after(s, p, DEMAND)


def forced_exit_follow_up(s: State, p: Parameters, i: int) -> float:
    return _by_follow_up(s, p, DEMAND)


def resurgence_during(s: State, p: Parameters, i: int) -> float:
    return _during(s, p, RESURGENCE)


def resurgence_after(s: State, p: Parameters, i: int) -> float:
    return _after(s, p, RESURGENCE)


def resurgence_follow_up(s: State, p: Parameters, i: int) -> float:
    return _by_follow_up(s, p, RESURGENCE)


def any_fatal_during(s: State, p: Parameters, i: int) -> float:
    return _during(s, p, FATAL_ATTACK)


def any_fatal_after(s: State, p: Parameters, i: int) -> float:
    return _after(s, p, FATAL_ATTACK)


def any_fatal_follow_up(s: State, p: Parameters, i: int) -> float:
    return _by_follow_up(s, p, FATAL_ATTACK)


def any_mass_casualty_during(s: State, p: Parameters, i: int) -> float:
    return _during(s, p, MASS_CASUALTY)


def any_mass_casualty_after(s: State, p: Parameters, i: int) -> float:
    return _after(s, p, MASS_CASUALTY)


def any_mass_casualty_follow_up(s: State, p: Parameters, i: int) -> float:
    return _by_follow_up(s, p, MASS_CASUALTY)


def halted_by_resurgence(s: State, p: Parameters, i: int) -> float:
    return 1.0 if s.halted_by_resurgence else 0.0


def threat_ratio_handover(s: State, p: Parameters, i: int) -> float:
    return s.ratio_at_handover


def threat_ratio_follow_up(s: State, p: Parameters, i: int) -> float:
    return s.ratio_at_follow_up


def attacks_after(s: State, p: Parameters, k: int) -> float:
    return float(s.follow_up_attacks[k])


def troop_days_after(s: State, p: Parameters, k: int) -> float:
    return s.follow_up_troop_days[k]


def threat_ratio_highest(s: State, p: Parameters, i: int) -> float:
    return s.highest_ratio


def days_held(s: State, p: Parameters, i: int) -> float:
    days = 0.0
    for j in range(p.phases):
        days += s.held_days[j]
    return days


def sites_closed(s: State, p: Parameters, k: int) -> float:
    return float(s.sites_closed[k])


def first_move_day(s: State, p: Parameters, j: int) -> float:
    return s.phase_begun[j]


def target_day(s: State, p: Parameters, j: int) -> float:
    return s.phase_reached_at[j]


def redatings(s: State, p: Parameters, j: int) -> float:
    return float(s.phase_redated[j])


def reversal(s: State, p: Parameters, j: int) -> float:
    return 1.0 if s.phase_reversed[j] else 0.0


def troops_moved(s: State, p: Parameters, i: int) -> float:
    return float(cost.troops_moved(s, p))


def troops_moved_by(s: State, p: Parameters, m: int) -> float:
    return float(s.moved[m])


def cargo_moved_by(s: State, p: Parameters, m: int) -> float:
    return float(s.cargo_moved[m])


def cargo_left(s: State, p: Parameters, k: int) -> float:
    return float(s.cargo_left[k])


def kit_day(s: State, p: Parameters, i: int) -> float:
    return s.cargo_out_at


def kit_tail_days(s: State, p: Parameters, i: int) -> float:
    return max(0.0, min(s.cargo_out_at, p.horizon) - s.completed_at)


def thinnest_garrison(s: State, p: Parameters, i: int) -> float:
    return float(s.thinnest)


def tail_troop_days(s: State, p: Parameters, i: int) -> float:
    return s.tail_troop_days


def tail_attacks(s: State, p: Parameters, i: int) -> float:
    return float(s.tail_attacks)


def high_tension_days(s: State, p: Parameters, i: int) -> float:
    return s.high_days


def cost_total(s: State, p: Parameters, i: int) -> float:
    return cost.total(s, p)


def cost_fixed(s: State, p: Parameters, i: int) -> float:
    return cost.fixed(s, p)


def cost_troops(s: State, p: Parameters, k: int) -> float:
    return cost.of_troops(s, p, k)


def cost_lift(s: State, p: Parameters, i: int) -> float:
    return cost.of_lift(s, p)


def cost_closing(s: State, p: Parameters, i: int) -> float:
    return cost.of_closing(s, p)


Measure = Callable[[State, Parameters, int], float]
"""Measures an outcome in a state at the horizon, for the place of a number."""


class Outcome(NamedTuple):
    """Something that is measured, and how to read it.

    Attributes
    ----------
    name
        The name. Where it has a value for each place, these are called ``name.place``.
    label
        The name for readers. For an outcome by quarter, phase or mode of lift, the words that come before it.
    measure
        The function of state, parameters and number of the place.
    kind
        ``number``; ``yes_no`` (1 or 0: its mean is a chance); ``day`` (days after the start, infinite when it did not
        happen by the horizon).
    unit
        In words.
    better
        ``low``, ``high`` or ``""`` where neither is better in itself.
    per
        ``""`` for a single number; ``theatre`` for a total and one number for each theatre; ``only_theatre``,
        ``quarter``, ``phase`` or ``mode`` for one number for each and no total.
    needs
        The parts of the scenario without which it has no meaning, separated by blanks: tables and values of the
        scenario, and what `sim.scenario.possible` calls events.
    main
        Whether summaries show it first.
    definition
        In words.
    day
        For something that may happen by the horizon: the outcome that says on which day it did.
    """

    name: str
    label: str
    measure: Measure
    kind: str
    unit: str
    better: str
    per: str
    needs: str
    main: bool
    definition: str
    day: str = ""


class Ratio(NamedTuple):
    """A rate: the ratio of the means of two outcomes over replications, not the mean of their ratios."""

    name: str
    label: str
    numerator: str
    denominator: str
    scale: float
    unit: str
    better: str
    per: str
    needs: str
    main: bool
    definition: str


MAIN, MORE = True, False

WAYS = {"_during": "while the drawdown runs", "_after": "in the follow-up", "_follow_up": "by the end of the follow-up",
        "": "by the horizon"}
"""The four ways to ask whether something happened: what each adds to the name of the outcome, and what it asks."""

_BEFORE_AND_AFTER: dict[str, tuple[str, tuple[Measure, ...], str, bool, str]] = {
    "any_fatal": ("A fatal attack", (any_fatal_during, any_fatal_after, any_fatal_follow_up), "deaths", MORE,
                  "An attack killed"),
    "any_mass_casualty": (
        "A mass-casualty attack", (any_mass_casualty_during, any_mass_casualty_after, any_mass_casualty_follow_up),
        "casualties", MORE, "A mass-casualty attack took place"),
    "forced_exit": ("Demand to leave", (forced_exit_during, forced_exit_after, forced_exit_follow_up), "pressure", MORE,
                    "A demand to leave was made"),
    "resurgence": ("{threat} resurgence", (resurgence_during, resurgence_after, resurgence_follow_up), "threat", MAIN,
                   "Threat over capability reached threat.resurgence"),
}
"""What may happen before and after completion: label, measures, needs, whether it is a main outcome, and what it is."""

ASKED_FOUR_WAYS = tuple(_BEFORE_AND_AFTER)
"""What may happen before and after completion, by the name of the outcome that asks "by the horizon"."""

_WHEN = ("before the drawdown was complete (by the horizon, if it never was)",
         "for the first time in the follow-up after completion",
         "by the end of the follow-up after completion (by the horizon, if that came first)")

_WAYS: dict[str, tuple[Outcome, ...]] = {
    name: tuple(Outcome(name + ending, label + " " + WAYS[ending], measure, "yes_no", "chance", "low", "",
                        "phases " + needs, main, happened + " " + when + ".")
                for ending, measure, when in zip(WAYS, measures, _WHEN, strict=False))
    for name, (label, measures, needs, main, happened) in _BEFORE_AND_AFTER.items()}

OUTCOMES: tuple[Outcome, ...] = (
    Outcome("completion_day", "Date of completion", completion_day, "day", "days after the start", "low", "",
            "phases", MAIN,
            "Day on which, for the first time, every theatre with planned phases is down to its last target."),
    Outcome("completed", "Planned drawdown complete", completed, "yes_no", "chance", "high", "", "phases", MAIN,
            "Every theatre with planned phases came down to its last target by the horizon, though troops may have "
            "returned since. Theatres without planned phases do not count.", "completion_day"),
    Outcome("complete_at_end", "Planned drawdown complete at the end", complete_at_end, "yes_no", "chance", "high",
            "", "phases", MORE, "At the horizon, every theatre with planned phases is down to its last target."),
    Outcome("followed_up", "Follow-up covered", followed_up, "yes_no", "chance", "", "", "phases", MORE,
            "The drawdown was complete so early that its follow-up ended by the horizon."),
    Outcome("deadline_met", "Deadline met", deadline_met, "yes_no", "chance", "high", "", "phases deadline", MAIN,
            "The drawdown is complete by the end of the deadline's day."),
    Outcome("handover_day", "Date of hand-over", handover_day, "day", "days after the start", "", "only_theatre",
            "phases", MORE, "Day on which the theatre is down to its last target."),
    Outcome("troop_days", "Exposure", troop_days, "number", "troop-days", "low", "theatre", "", MAIN,
            "Days of presence summed over all soldiers: the exposure."),
    Outcome("troops_left", "Troops left at the end", troops_left, "number", "troops", "", "theatre", "", MORE,
            "True strength present at the horizon."),
    Outcome("attacks_total", "Attacks", attacks_total, "number", "attacks", "low", "theatre", "attacks", MAIN,
            "Attacks by {adversary} on {force} troops."),
    Outcome("attacks_background", "Attacks of the background", attacks_background, "number", "attacks", "low", "",
            "attacks", MORE,
            "Attacks that the background at the present strength accounts for, without politics or contagion."),
    Outcome("attacks_politics", "Further attacks due to politics", attacks_politics, "number", "attacks", "low", "",
            "attacks", MORE,
            "Further attacks that tension, the state of the talks, the timeline or {force} strikes account for."),
    Outcome("attacks_contagion", "Further attacks set off by attacks", attacks_contagion, "number", "attacks", "low",
            "", "attacks", MORE, "Further attacks that earlier attacks set off."),
    Outcome("attacks_in", "Attacks in", attacks_in_quarter, "number", "attacks", "low", "quarter", "attacks", MORE,
            "Attacks in a calendar quarter."),
    Outcome("killed_in", "Killed in", killed_in_quarter, "number", "persons", "low", "quarter", "deaths", MORE,
            "Killed in a calendar quarter."),
    Outcome("wounded_in", "Wounded in", wounded_in_quarter, "number", "persons", "low", "quarter", "casualties", MORE,
            "Wounded (final count) by attacks of a calendar quarter."),
    Outcome("attacks_during", "Attacks during", attacks_in_phase, "number", "attacks", "low", "phase", "phases attacks",
            MORE, "Attacks in the phase's theatre while the phase is under way."),
    Outcome("killed_during", "Killed during", killed_in_phase, "number", "persons", "low", "phase", "phases deaths",
            MORE, "Killed in the phase's theatre while the phase is under way."),
    Outcome("wounded_during", "Wounded during", wounded_in_phase, "number", "persons", "low", "phase",
            "phases casualties", MORE, "Wounded (final count) in the phase's theatre while the phase is under way."),
    Outcome("attacks_after", "Attacks in the follow-up", attacks_after, "number", "attacks", "low", "theatre",
            "phases attacks", MORE,
            "Attacks on those who stay, from completion to the end of the follow-up (or the horizon)."),
    Outcome("troop_days_after", "Exposure in the follow-up", troop_days_after, "number", "troop-days", "", "theatre",
            "phases", MORE, "Troop-days from completion to the end of the follow-up (or the horizon)."),
    Outcome("killed", "Killed", killed, "number", "persons", "low", "theatre", "deaths", MAIN,
            "Killed by attacks, as they fell out in the replication: use it for the distribution."),
    Outcome("killed_expected", "Expected deaths", killed_expected, "number", "persons", "low", "theatre", "deaths",
            MAIN,
            "Deaths as a smoothed average: for each attack, the mean number of deaths that it would cause at its site, "
            "added up over attacks. It has the same mean as killed and a fraction of its spread, so use it for means "
            "and differences."),
    Outcome("wounded_first", "Wounded as first reported", wounded_first, "number", "persons", "low", "theatre",
            "casualties", MORE, "Wounded as first reported."),
    Outcome("wounded_final", "Wounded in the end", wounded_final, "number", "persons", "low", "theatre", "casualties",
            MAIN, "Wounded in the end, late diagnoses included."),
    Outcome("harmful_attacks", "Attacks that killed or wounded", harmful_attacks, "number", "attacks", "low",
            "theatre", "casualties", MORE, "Attacks that killed or wounded."),
    Outcome("fatal_attacks", "Attacks that killed", fatal_attacks, "number", "attacks", "low", "theatre", "deaths",
            MORE, "Attacks that killed."),
    Outcome("fatal_day", "Date of the first fatal attack", fatal_day, "day", "days after the start", "high", "",
            "deaths", MORE, "Day on which an attack killed for the first time."),
    Outcome("any_fatal", "A fatal attack", any_fatal, "yes_no", "chance", "low", "", "deaths", MAIN,
            "At least one attack killed.", "fatal_day"),
    *_WAYS["any_fatal"],
    Outcome("mass_casualty_day", "Date of the first mass-casualty attack", mass_casualty_day, "day",
            "days after the start", "high", "", "casualties", MORE, "Day of the first mass-casualty attack."),
    Outcome("any_mass_casualty", "A mass-casualty attack", any_mass_casualty, "yes_no", "chance", "low", "",
            "casualties", MAIN,
            "At least one attack killed or wounded (first report) as many as casualties.mass_casualty.",
            "mass_casualty_day"),
    *_WAYS["any_mass_casualty"],
    Outcome("us_strikes", "{force} strikes", us_strikes, "number", "strikes", "", "theatre", "strikes", MAIN,
            "{force} strikes in response to attacks."),
    Outcome("longest_chain", "Longest chain of tit-for-tat", longest_chain, "number", "strikes", "low", "",
            "strikes", MORE,
            "Longest chain of tit-for-tat: strikes each answering an attack within response.chain_days of the last."),
    Outcome("rounds_held", "Rounds of talks", rounds_held, "number", "rounds", "", "", "talks", MORE,
            "Rounds of talks held."),
    Outcome("suspensions", "Suspensions of talks", suspensions, "number", "suspensions", "low", "", "talks", MORE,
            "Times that talks were suspended, a suspension at the start included."),
    Outcome("days_suspended", "Days of suspended talks", days_suspended, "number", "days", "low", "", "talks", MORE,
            "Days that talks were suspended."),
    Outcome("agreement_day", "Date of the timeline", agreement_day, "day", "days after the start", "low", "",
            "talks", MAIN, "Day on which a timeline was announced."),
    Outcome("agreed", "Timeline agreed", agreed, "yes_no", "chance", "high", "", "talks", MAIN,
            "A timeline was announced by the horizon.", "agreement_day"),
    Outcome("breakdown_day", "Date of a breakdown of talks", breakdown_day, "day", "days after the start", "high", "",
            "talks", MORE, "Day on which talks broke down for good."),
    Outcome("breakdown", "Talks broken down", breakdown, "yes_no", "chance", "low", "", "talks", MORE,
            "Talks broke down for good.", "breakdown_day"),
    Outcome("demand_day", "Date of a demand to leave", demand_day, "day", "days after the start", "", "", "pressure",
            MORE, "Day on which a demand to leave was made."),
    Outcome("forced_exit", "Demand to leave", forced_exit, "yes_no", "chance", "low", "", "pressure", MAIN,
            "A demand to leave was made by the horizon.", "demand_day"),
    *_WAYS["forced_exit"],
    Outcome("resurgence_day", "Date of {threat} resurgence", resurgence_day, "day", "days after the start", "high", "",
            "threat", MORE, "Day on which threat over capability first reached threat.resurgence."),
    Outcome("resurgence", "{threat} resurgence", resurgence, "yes_no", "chance", "low", "", "threat", MAIN,
            "Threat over capability reached threat.resurgence by the horizon.", "resurgence_day"),
    *_WAYS["resurgence"],
    Outcome("halted_by_resurgence", "Phase halted by the {threat} threat", halted_by_resurgence, "yes_no", "chance",
            "low", "", "threat", MORE, "The {threat} threat held, cancelled or reversed a phase."),
    Outcome("threat_ratio_handover", "{threat} threat ratio at hand-over", threat_ratio_handover, "number", "ratio",
            "low", "", "threat phases", MAIN,
            "{threat} threat over the capability of the {host} forces (1 at the start) when the drawdown was complete, "
            "or at the horizon if it was not."),
    Outcome("threat_ratio_follow_up", "{threat} threat ratio after the follow-up", threat_ratio_follow_up, "number",
            "ratio", "low", "", "threat phases", MAIN,
            "{threat} threat over the capability of the {host} forces (1 at the start) at the end of the follow-up "
            "after completion, or at the horizon if that came first."),
    Outcome("threat_ratio_highest", "Highest {threat} threat ratio", threat_ratio_highest, "number", "ratio", "low", "",
            "threat", MORE, "Highest value of threat over capability."),
    Outcome("days_held", "Days that phases were held", days_held, "number", "days", "low", "", "phases", MORE,
            "Days that phases were held, summed over phases."),
    Outcome("first_move_day", "Date of the first move of", first_move_day, "day", "days after the start", "", "phase",
            "phases", MORE, "Day on which the phase begins to move troops."),
    Outcome("target_day", "Date of the target of", target_day, "day", "days after the start", "", "phase", "phases",
            MORE, "Day on which the phase has reached its target."),
    Outcome("redatings", "Changes of date of", redatings, "number", "times", "low", "phase", "phases", MORE,
            "How often the date of the phase has moved back."),
    Outcome("reversal", "Reversal of", reversal, "yes_no", "chance", "low", "phase", "phases", MORE,
            "The order of the phase was reversed on the way."),
    Outcome("sites_closed", "Sites closed", sites_closed, "number", "sites", "", "theatre", "phases", MORE,
            "Sites closed."),
    Outcome("troops_moved", "Troops moved", troops_moved, "number", "troops", "", "", "phases", MORE,
            "Soldiers that lift took up, in either direction."),
    Outcome("troops_moved_by", "Troops moved by", troops_moved_by, "number", "troops", "", "mode", "phases lift", MORE,
            "Soldiers that a mode of lift took up, in either direction."),
    Outcome("kit_day", "Date of the last equipment", kit_day, "day", "days after the start", "low", "",
            "phases cargo", MORE,
            "Day on which, the drawdown complete, the last equipment that was to leave is out."),
    Outcome("kit_tail_days", "Kit tail", kit_tail_days, "number", "days", "low", "", "phases cargo", MAIN,
            "Days from completion until the last equipment is out, or to the horizon if some is not; 0 if the drawdown "
            "is not complete by then."),
    Outcome("cargo_left", "Equipment left at the end", cargo_left, "number", "boxes", "", "theatre", "phases cargo",
            MORE, "Equipment not out of the theatre at the horizon, that of those who stay included."),
    Outcome("cargo_moved_by", "Equipment moved by", cargo_moved_by, "number", "boxes", "", "mode",
            "phases lift cargo", MORE, "Equipment that a mode of lift took up."),
    Outcome("thinnest_garrison", "Thinnest garrison", thinnest_garrison, "number", "troops", "high", "", "phases", MORE,
            "Fewest troops that any site not yet closed held."),
    Outcome("tail_troop_days", "Exposure in the thin last stretch", tail_troop_days, "number", "troop-days", "low",
            "", "phases", MORE, "Troop-days with a quarter or less of the first troops left: the thin last stretch."),
    Outcome("tail_attacks", "Attacks in the thin last stretch", tail_attacks, "number", "attacks", "low", "",
            "phases attacks", MORE, "Attacks with a quarter or less of the first troops left."),
    Outcome("high_tension_days", "Days of high tension", high_tension_days, "number", "days", "", "", "tension", MORE,
            "Days of high regional tension."),
    Outcome("cost_total", "Cost", cost_total, "number", "million USD", "low", "", "cost", MAIN,
            "Fixed costs, troops, lift and the closing of sites."),
    Outcome("cost_fixed", "Fixed cost", cost_fixed, "number", "million USD", "low", "", "cost", MORE,
            "Fixed costs of the days with anybody present."),
    Outcome("cost_troops", "Cost of troops", cost_troops, "number", "million USD", "low", "theatre", "cost", MORE,
            "Costs that go with troop-days."),
    Outcome("cost_lift", "Cost of lift", cost_lift, "number", "million USD", "low", "", "phases cost", MORE,
            "Costs of moving troops."),
    Outcome("cost_closing", "Cost of closing sites", cost_closing, "number", "million USD", "low", "", "phases cost",
            MORE, "Costs of closing sites."),
)

RATIOS: tuple[Ratio, ...] = (
    Ratio("attack_rate", "Attacks per 1,000 troop-months", "attacks_total", "troop_days", 1000 * DAYS_PER_MONTH,
          "attacks per 1,000 troop-months", "low",
          "theatre", "attacks", MORE, "Attacks for each 1,000 troop-months of presence: ratio of means."),
    Ratio("death_rate", "Deaths per 1,000 troop-months", "killed_expected", "troop_days", 1000 * DAYS_PER_MONTH,
          "killed per 1,000 troop-months", "low",
          "theatre", "deaths", MAIN, "Expected deaths for each 1,000 troop-months of presence: ratio of means."),
    Ratio("attack_rate_after", "Attacks per 1,000 troop-months in the follow-up", "attacks_after", "troop_days_after",
          1000 * DAYS_PER_MONTH, "attacks per 1,000 troop-months", "low", "theatre", "phases attacks", MORE,
          "Attacks on those who stay for each 1,000 troop-months, from completion to the end of the follow-up: ratio "
          "of means."),
    Ratio("tail_attack_rate", "Attacks per 1,000 troop-months in the thin last stretch", "tail_attacks",
          "tail_troop_days", 1000 * DAYS_PER_MONTH,
          "attacks per 1,000 troop-months", "low", "", "phases attacks", MORE,
          "Attacks for each 1,000 troop-months with a quarter or less of the first troops left: ratio of means."),
)

ENTRIES: tuple[Outcome | Ratio, ...] = (*OUTCOMES, *RATIOS)
BY_NAME = {entry.name: entry for entry in ENTRIES}
