"""What a reader who has never seen a scenario file calls the numbers in it."""

import re
from collections.abc import Iterable

from sim.scenario.lines import KeyPath
from sim.scenario.schema import Scenario
from sim.words.labels import key_label

CALLED = {
    "attack_kinds.gets_through": "Chance that one gets through",
    "attack_kinds.weight": "Share of all attacks, relative to other kinds",
    "attacks.after_demand": "Factor on attacks after a demand to leave",
    "attacks.branching_ratio": "Further attacks that an attack sets off (branching ratio)",
    "attacks.decay_days": "Time until an attack sets off another",
    "attacks.elasticity": "How closely attacks follow troops (elasticity)",
    "attacks.talks_broken": "Factor on attacks once talks have broken down",
    "attacks.talks_progressing": "Factor on attacks while talks progress",
    "attacks.talks_stalled": "Factor on attacks while talks are stalled",
    "attacks.talks_suspended": "Factor on attacks while talks are suspended",
    "attacks.timeline_kept": "Factor on attacks while the timeline is kept",
    "attacks.timeline_slipping": "Factor on attacks while the timeline slips",
    "capability.ceiling": "Level with advisers, in the long run",
    "capability.floor": "Level without advisers, in the long run",
    "capability.learning_per_year": "Rise a year with advisers",
    "capability.loss_per_year": "Fall a year without advisers",
    "casualties.evacuated_share": "Share of the wounded who do not return",
    "casualties.fatal_chance": "Chance that a harmful attack kills",
    "casualties.harm_chance": "Chance that an attack that got through harms",
    "casualties.late_factor": "Wounded in the end for each first reported",
    "casualties.mass_casualty": "Fewest killed and wounded in a mass-casualty attack",
    "casualties.severity_exponent": "How rare large attacks are (exponent of deaths)",
    "casualties.wounded_mean": "Wounded in a harmful attack",
    "casualties.wounded_per_death": "Further wounded for each death",
    "closing.crews": "Crews that close sites",
    "closing.spread": "Irregularity of closing",
    "cost.fixed_per_day": "A day with any troops",
    "cost.per_site_closed": "Closing a site",
    "cost.per_troop_moved": "Moving a soldier",
    "cost.per_troop_year": "A soldier for a year",
    "lift.cargo_load": "Most equipment in a load",
    "lift.cargo_per_week": "Equipment moved a week",
    "lift.from": "First day",
    "lift.load": "Most troops in a load",
    "lift.per_week": "Troops moved a week",
    "lift.spread": "Irregularity of loads",
    "lift.until": "Last day",
    "phases.after_hold": "What happens after a hold",
    "phases.by": "Last day",
    "phases.delay_days": "Wait before the start",
    "phases.early_share": "How early it may end",
    "phases.faster_by": "Speed-up when it goes faster",
    "phases.first_move_share": "Delay of the first move",
    "phases.hold_above_threat": "Hold while the threat is above",
    "phases.hold_after_fatal_days": "Hold after a fatal attack",
    "phases.hold_at_most_days": "Longest hold",
    "phases.lag": "How late most of it happens",
    "phases.over_days": "Duration",
    "phases.quiet_days": "Quiet days before the start",
    "phases.redating_days": "Days by which it is put off",
    "phases.redatings": "How often the end is put off",
    "phases.reversal_chance": "Chance of a reversal",
    "phases.start": "First day",
    "phases.steps": "Number of steps",
    "phases.target": "Troops that remain",
    "phases.theatre_target": "Troops that remain in the theatre",
    "phases.threat_at_most": "Starts only while the threat is at most",
    "phases.tranche_days": "Days between tranches",
    "phases.unevenness": "Chance that a tranche is put off",
    "pressure.demand_chance": "Chance of a demand to leave, by point of pressure",
    "pressure.demand_on": "Date of the demand to leave",
    "pressure.kept": "Share that remains after a review",
    "pressure.per_stalled_round": "Points for a stalled round of talks",
    "pressure.per_strike": "Points for a strike",
    "pressure.review_days": "Time between reviews",
    "response.chain_days": "Time within which strikes make a chain",
    "response.chance_after_attack": "Chance of a strike after an attack without harm",
    "response.chance_after_fatal": "Chance of a strike after a fatal attack",
    "response.chance_after_harm": "Chance of a strike after an attack that wounds",
    "response.delay_days": "Time from attack to strike",
    "response.delay_spread": "Irregularity of that time",
    "response.drop": "Fall of attacks after a strike",
    "response.drop_days": "How long the fall lasts",
    "response.rise": "Rise of attacks after the fall",
    "response.rise_days": "How long the rise lasts",
    "suppressions.end": "First day without it",
    "suppressions.end_chance_per_day": "Chance a day that it ends",
    "suppressions.factor": "Factor on attacks while it lasts",
    "suppressions.mean_days": "Duration",
    "suppressions.start": "First day",
    "talks.agreement_on": "Date of the timeline",
    "talks.breakdown_chance": "Chance that a stalled round ends them",
    "talks.first_round": "First round",
    "talks.principals_days": "Time from last report to agreement",
    "talks.round_days": "Time between rounds",
    "talks.round_spread": "Irregularity of rounds",
    "talks.stall_after_days": "Time without a report after which they stall",
    "talks.suspend_after_fatal": "Chance that a fatal attack suspends them",
    "talks.suspend_after_mass_casualty": "Chance that a mass-casualty attack suspends them",
    "talks.suspension_days": "Length of a suspension",
    "talks.suspension_spread": "Irregularity of that length",
    "tension.high_multiplier": "Factor on attacks under high tension",
    "tension.mean_high_days": "Length of a spell of high tension",
    "tension.mean_low_days": "Length of a spell of low tension",
    "theatres.attacks_per_day": "Attacks a day at the start",
    "theatres.attacks_trend_per_year": "Trend of attacks",
    "theatres.cargo_per_troop": "Equipment for each soldier",
    "theatres.closing_days": "Time to close it",
    "theatres.garrison": "Fewest troops that hold it",
    "theatres.handover_on": "Hand-over",
    "theatres.pressure_weight": "Weight of a soldier against the threat",
    "theatres.target_weight": "Attacks on a soldier here, relative to elsewhere",
    "theatres.true_over_reported": "True over reported strength",
    "theatres.weight": "Share of the troops, relative to other sites",
    "threat.capability_elasticity": "How far capability holds it down",
    "threat.distraction": "How far attacks distract from it",
    "threat.noise": "Irregularity of the threat",
    "threat.persistence": "How slowly it moves to its resting level",
    "threat.rests_today": "Resting level with today's presence",
    "threat.rests_without": "Resting level with nobody left",
    "threat.resurgence": "Threat over capability that counts as resurgence",
    "threat.trend_per_year": "Trend of the resting level",
    "working_groups.work_days": "Duration of the work",
    "working_groups.work_spread": "Irregularity of that time",
}
"""By the first and the last part of a key: what a number is called beside the thing that it belongs to."""


def name_and_owner(path: KeyPath, scenarios: Iterable[Scenario]) -> tuple[str, str]:
    """Return what a number is called, and what it belongs to: ``Duration`` and ``Phase Iraq``.

    A coupling, and a number that stands alone, belong to nothing. The scenarios are those of `key_label`.
    """
    label = key_label(path, scenarios)
    quoted = re.fullmatch('"(.+)" of (.+)', label, re.DOTALL)
    if quoted is None:
        return _capital(label.removeprefix("coupling ")), ""
    return CALLED.get(f"{path[0]}.{path[-1]}", _capital(quoted[1])), _capital(quoted[2])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
