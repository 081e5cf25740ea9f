"""The couplings that can carry a difference between two scenarios, and scenarios with some of them switched off."""

from collections.abc import Callable, Collection

from sim.scenario.fields import extremes
from sim.scenario.key_checks import with_joint_ranges
from sim.scenario.places import EXECUTION
from sim.scenario.schema import Couplings, Scenario

Says = Callable[[Scenario], bool]


def players(a: Scenario, b: Scenario) -> list[str]:
    """Return the couplings that can matter: those that are on, and have both of their processes, in either scenario."""
    scenarios = [with_joint_ranges(scenario) for scenario in (a, b)]
    return [name for name in Couplings.model_fields
            if any(getattr(scenario.couplings, name) and _NEEDS[name](scenario) for scenario in scenarios)]


def with_only(scenario: Scenario, on: Collection[str]) -> Scenario:
    """Return a scenario in which only the couplings in ``on`` may be on; one that is off stays off.

    Switching a coupling off never makes a valid scenario invalid: `sim.scenario.rate_checks` counts only what raises
    rates.
    """
    switches = {name: name in on and getattr(scenario.couplings, name) for name in Couplings.model_fields}
    return scenario.model_copy(update={"couplings": Couplings(**switches)})


def _can_be(number: object) -> bool:
    """Whether a number can be above zero."""
    return number is not None and extremes(number)[-1] > 0


def _attacks(s: Scenario) -> bool:
    return any(_can_be(theatre.attacks_per_day) for theatre in s.theatres.values()) or any(s.history.attacks.values())


def _strikes(s: Scenario) -> bool:
    return _attacks(s) and s.response is not None and s.couplings.attacks_to_response


def _talks_under_attack(s: Scenario) -> bool:
    return _attacks(s) and s.talks is not None


def _threat(s: Scenario) -> bool:
    return s.threat is not None


_NEEDS: dict[str, Says] = {
    "presence_to_attacks": lambda s: _attacks(s) and _can_be(s.attacks.elasticity),
    "tension_to_attacks": lambda s: _attacks(s) and s.tension is not None,
    "contagion": lambda s: _attacks(s) and _can_be(s.attacks.branching_ratio),
    "talks_to_attacks": _talks_under_attack,
    "talks_to_suppressions": lambda s: _talks_under_attack(s) and any(
        entry.while_talks is not None or _can_be(entry.end_chance_per_day) for entry in s.suppressions.values()),
    "timeline_to_attacks": _talks_under_attack,
    "attacks_to_response": _strikes,
    "response_to_attacks": _strikes,
    "attacks_to_talks": _talks_under_attack,
    "response_to_pressure": lambda s: _strikes(s) and s.pressure is not None,
    "stall_to_pressure": lambda s: s.talks is not None and s.pressure is not None,
    "pressure_to_demand": lambda s: s.pressure is not None and _can_be(s.pressure.demand_chance),
    "attacks_to_drawdown": lambda s: _attacks(s) and any(
        _can_be(phase.hold_after_fatal_days) or _can_be(phase.quiet_days) for phase in s.phases.values()),
    "talks_to_drawdown": lambda s: s.talks is not None and any(p.hold_when_suspended for p in s.phases.values()),
    "threat_to_drawdown": lambda s: _threat(s) and any(
        phase.hold_above_threat is not None or phase.threat_at_most is not None for phase in s.phases.values()),
    "presence_to_threat": _threat,
    "capability_to_threat": _threat,
    "attacks_to_threat": lambda s: _attacks(s) and s.threat is not None and _can_be(s.threat.distraction),
    "presence_to_capability": _threat,
    "plan_to_execution": lambda s: any(phase.kind or any(getattr(phase, key) is not None for key in EXECUTION)
                                       for phase in s.phases.values()),
}
"""What a scenario must have for a coupling to change anything."""
