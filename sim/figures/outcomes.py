"""What outcomes are called in figures."""

LABELS = {
    "completion_day": "Date of completion", "completed": "Drawdown complete by the horizon",
    "deadline_met": "Deadline met", "troop_days": "Exposure", "attacks_total": "Attacks", "killed": "Killed",
    "killed_expected": "Killed, expected", "wounded_final": "Wounded, final count", "any_fatal": "A fatal attack",
    "any_mass_casualty": "A mass-casualty attack", "us_strikes": "US strikes", "agreement_day": "Date of the timeline",
    "agreed": "Timeline agreed", "forced_exit": "Demand to leave", "resurgence": "ISIS resurgence",
    "threat_ratio_handover": "ISIS threat ratio at hand-over", "cost_total": "Cost",
}
"""The main outcomes; others are called by their names."""


def label(outcome: str) -> str:
    """Return what an outcome is called, with its place if it has one: ``Killed, expected (iraq)``."""
    name, _, place = outcome.partition(".")
    words = LABELS.get(name) or name.replace("_", " ").capitalize()
    return f"{words} ({place.replace('_', ' ')})" if place else words
