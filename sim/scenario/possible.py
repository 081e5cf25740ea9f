"""What can happen in a scenario, and what is missing if something cannot."""

from sim.scenario.fields import extremes
from sim.scenario.key_checks import with_joint_ranges
from sim.scenario.lines import KeyPath
from sim.scenario.schema import Scenario

EVENTS = {"attacks": "attack", "casualties": "mass_casualty", "deaths": "fatal_attack", "strikes": "strike",
          "cargo": "cargo"}
"""Parts of a scenario that are not tables, and the event that must be possible for a scenario to have them."""

CHANCES = {
    "breakdown": (("talks", "breakdown_chance"), "talks.breakdown_chance above 0"),
    "demand": (("pressure", "demand_chance"), "pressure.demand_on or pressure.demand_chance above 0")}
"""Milestones that need a chance above 0: the key, and what is missing without it."""


def has(s: Scenario, part: str) -> bool:
    """Whether a scenario has a part: a table or value of its own, or one of `EVENTS`."""
    if part not in EVENTS:
        return bool(getattr(s, part))
    return not missing(s, EVENTS[part])[0] or (bool(s.joint) and not missing(with_joint_ranges(s), EVENTS[part])[0])


def lacking(s: Scenario, needs: str) -> list[str]:
    """Return which parts, given as a text with blanks between them, a scenario does not have."""
    return [part for part in needs.split() if not has(s, part)]


def missing(s: Scenario, event: str) -> tuple[str, tuple[KeyPath, ...]]:
    """Say what an event needs that a scenario lacks (empty: nothing), and on which keys that depends.

    Parameters
    ----------
    s
        The scenario; uncertain numbers count with their whole range.
    event
        A milestone other than a phase; or ``attack``, ``strike``, ``talks``, ``rising_pressure``, ``cargo``.
    """
    match event:
        case "agreement":
            if s.talks is None:
                return "a table [talks]", (("talks",),)
            if not s.working_groups and s.talks.agreement_on is None:
                return "working groups or talks.agreement_on", (("working_groups",), ("talks", "agreement_on"))
        case "breakdown":
            if s.talks is None:
                return "a table [talks]", (("talks",),)
            if extremes(s.talks.breakdown_chance)[-1] == 0:
                return CHANCES[event][1], (("talks", "breakdown_chance"),)
        case "demand":
            if s.pressure is None:
                return "a table [pressure]", (("pressure",),)
            if s.pressure.demand_on is None and extremes(s.pressure.demand_chance)[-1] == 0:
                return CHANCES[event][1], (("pressure",),)
        case "resurgence":
            if s.threat is None:
                return "a table [threat]", (("threat",),)
        case "talks":
            return ("", ()) if s.talks is not None else ("a table [talks]", (("talks",),))
        case "strike":
            if s.response is None:
                return "a table [response]", (("response",),)
            chances = (s.response.chance_after_attack, s.response.chance_after_harm, s.response.chance_after_fatal)
            if not any(extremes(chance)[-1] > 0 for chance in chances):
                return "a chance in [response] above 0", (("response",),)
            return missing(s, "attack")
        case "cargo":
            sites = (site for theatre in s.theatres.values() for site in theatre.sites.values())
            if not any(extremes(site.cargo_per_troop)[-1] > 0 for site in sites):
                return "cargo_per_troop above 0 at some site", (("theatres",),)
        case "rising_pressure":
            return _what_raises_pressure(s)
        case "attack" | "mass_casualty" | "fatal_attack":
            return _what_harm_needs(s, event)
    return "", ()


def _what_harm_needs(s: Scenario, event: str) -> tuple[str, tuple[KeyPath, ...]]:
    if not any(extremes(theatre.attacks_per_day)[-1] > 0 for theatre in s.theatres.values()):
        return "attacks_per_day above 0 in some theatre", (("theatres",),)
    if event == "attack":
        return "", ()
    if not any(extremes(kind.gets_through)[-1] > 0 < extremes(kind.weight)[-1] for kind in s.attack_kinds.values()):
        return "a kind of attack with weight and gets_through above 0", (("attack_kinds",),)
    if extremes(s.casualties.harm_chance)[-1] == 0:
        return "casualties.harm_chance above 0", (("casualties", "harm_chance"),)
    if event == "fatal_attack" and extremes(s.casualties.fatal_chance)[-1] == 0:
        return "casualties.fatal_chance above 0", (("casualties", "fatal_chance"),)
    return "", ()


def _what_raises_pressure(s: Scenario) -> tuple[str, tuple[KeyPath, ...]]:
    assert s.pressure is not None
    by_talks = s.talks is not None and s.couplings.stall_to_pressure and extremes(s.pressure.per_stalled_round)[-1] > 0
    by_strikes = (not missing(s, "strike")[0] and s.couplings.attacks_to_response and s.couplings.response_to_pressure
                  and extremes(s.pressure.per_strike)[-1] > 0)
    if by_talks or by_strikes:
        return "", ()
    return "strikes ([response], with attacks) or talks that can stall ([talks])", (("response",), ("talks",))
