"""Finds settings that cannot have an effect because something is missing. They cause warnings, not errors."""

from collections.abc import Collection, Iterator

from sim.scenario import places
from sim.scenario.build import Fault
from sim.scenario.days import earliest, latest
from sim.scenario.fields import extremes
from sim.scenario.keys import look_up
from sim.scenario.lift_checks import left_by_some
from sim.scenario.lines import KeyPath
from sim.scenario.places import EXECUTION, Phase
from sim.scenario.possible import missing
from sim.scenario.schema import Scenario

ANY = "*"
NEEDS: tuple[tuple[str, str, str], ...] = (
    ("attacks", "attack", "no attack can happen"),
    ("attack_kinds", "attack", "no attack can happen"),
    ("theatres.*.attacks_trend_per_year", "attack", "no attack can happen"),
    ("tension", "attack", "no attack can happen"),
    ("suppressions", "attack", "no attack can happen"),
    ("casualties", "attack", "no attack can happen"),
    ("response", "attack", "no attack can happen"),
    ("attacks.talks_progressing", "talks", "there are no talks"),
    ("attacks.talks_stalled", "talks", "there are no talks"),
    ("attacks.talks_suspended", "talks", "there are no talks"),
    ("attacks.talks_broken", "breakdown", "talks cannot break down"),
    ("attacks.after_demand", "demand", "no demand to leave can be made"),
    ("attacks.timeline_kept", "agreement", "no timeline can be agreed"),
    ("attacks.timeline_slipping", "agreement", "no timeline can be agreed"),
    ("response.chance_after_harm", "mass_casualty", "no attack can harm anybody"),
    ("response.chance_after_fatal", "fatal_attack", "no attack can kill"),
    ("talks.suspend_after_mass_casualty", "mass_casualty", "no attack can harm anybody"),
    ("talks.suspend_after_fatal", "fatal_attack", "no attack can kill"),
    ("pressure.per_strike", "strike", "there are no strikes"),
    ("pressure.per_stalled_round", "talks", "there are no talks"),
    ("capability", "resurgence", "there is no threat to compare it with"),
    ("phases.*.hold_after_fatal_days", "fatal_attack", "no attack can kill"),
    ("phases.*.quiet_days", "fatal_attack", "no attack can kill"),
    ("lift.*.cargo_per_week", "cargo", "no site has equipment to move (cargo_per_troop)"),
    ("lift.*.cargo_load", "cargo", "no site has equipment to move (cargo_per_troop)"),
)
"""Keys or tables, the event that they need, and the reason in words if it cannot happen."""

DATES = (("talks", "first_round"), ("talks", "agreement_on"), ("pressure", "demand_on"), ("suppressions", ANY, "start"),
         ("tension", "dated", ANY, "date"), ("phases", ANY, "start"), ("theatres", ANY, "sites", ANY, "handover_on"),
         ("lift", ANY, "from"))
"""Dates that never come if they are after the end of the run."""

ONLY_WITH = (("faster_by", "faster_after"), ("delay_days", "after"))
"""Keys of a phase, and the keys that they need; see also `lacking`."""
HOLDS = ("hold_after_fatal_days", "hold_above_threat", "hold_when_suspended")


def check(s: Scenario, given: Collection[KeyPath]) -> Iterator[Fault]:
    """Find settings that cannot have an effect.

    Parameters
    ----------
    s
        A scenario without errors; numbers drawn together have their ranges.
    given
        The keys set by its own file and by overrides; there are no warnings about defaults and inherited values.
    """
    reported: set[KeyPath] = set()
    for pattern, event, why in NEEDS:
        for path in _matching(tuple(pattern.split(".")), given):
            if path[:1] not in reported and path not in reported and look_up(s, path) and missing(s, event)[0]:
                reported.add(path)
                yield Fault(path, f"has no effect: {why}")
    for dated in DATES:
        for path in _matching(dated, given):
            day = look_up(s, path)
            if day is not None and earliest(day) > s.end:
                yield Fault(path, f"has no effect: it is after the end of the run, {s.end}")
    yield from _handovers(s, given)
    yield from _demand(s, given)
    yield from _waiting(s)
    yield from _lift(s, given)
    for name, phase in s.phases.items():
        yield from _phase(("phases", name), phase, given)


def _matching(pattern: KeyPath, given: Collection[KeyPath]) -> list[KeyPath]:
    """Return the keys, or tables of keys, that match a pattern, each once."""
    n = len(pattern)
    fits = (path[:n] for path in given if len(path) >= n and all(
        want in (ANY, part) for want, part in zip(pattern, path, strict=False)))
    return list(dict.fromkeys(fits))


def _handovers(s: Scenario, given: Collection[KeyPath]) -> Iterator[Fault]:
    """Find dates of hand-over of sites that no phase drains."""
    drained: set[tuple[str, str]] = set()
    for phase in s.phases.values():
        if not phase.reinforce:
            sites = s.theatres[phase.theatre].sites
            drained.update((phase.theatre, name) for name in places.sites_of(sites, phase)
                           if name not in places.kept_by(sites, phase))
    for path in _matching(("theatres", ANY, "sites", ANY, "handover_on"), given):
        theatre, entry = str(path[1]), str(path[3])
        site = s.theatres[theatre].sites[entry]
        if site.handover_on is not None and drained.isdisjoint((theatre, name) for name in places.alike(entry, site)):
            yield Fault(path, "has no effect: no phase drains the site")


def _demand(s: Scenario, given: Collection[KeyPath]) -> Iterator[Fault]:
    """Find a chance of a demand that nothing raises above zero."""
    key = ("pressure", "demand_chance")
    if s.pressure is not None and extremes(s.pressure.demand_chance)[-1] > 0 and missing(s, "rising_pressure")[0] and (
            s.pressure.demand_on is None or key in given):
        yield Fault(key, f"has no effect: nothing raises the pressure; it needs {missing(s, 'rising_pressure')[0]}")


def _waiting(s: Scenario) -> Iterator[Fault]:
    """Find phases and truces that wait for what never happens: a demand, or a phase that never begins."""
    never = set()
    if s.pressure is not None and s.pressure.demand_on is None and missing(s, "rising_pressure")[0]:
        never.add("demand")
    waiting = dict(s.phases)
    while ended := [name for name, phase in waiting.items()
                    if phase.after in never or (phase.start is not None and earliest(phase.start) > s.end)]:
        for name in ended:
            never.add(f"phases.{name}")
            del waiting[name]
    for name, phase in s.phases.items():
        for key in ("after", "faster_after", "cancel_after"):
            milestone = getattr(phase, key)
            if milestone in never:
                what = "the phase can never begin" if key == "after" else "has no effect"
                yield Fault(("phases", name, key), f"{what}: {milestone} cannot happen in this scenario")
    for name, suppression in s.suppressions.items():
        if suppression.start_after is not None and suppression.start_after == suppression.end_after:
            yield Fault(("suppressions", name, "end_after"), "it ends as soon as it begins, with "
                        f"{suppression.end_after}")
        if suppression.start_after in never:
            yield Fault(("suppressions", name, "start_after"), f"it can never begin: {suppression.start_after} cannot "
                        "happen in this scenario")
        if suppression.end_after in never:
            yield Fault(("suppressions", name, "end_after"), f"has no effect: {suppression.end_after} cannot happen in "
                        "this scenario")


def _lift(s: Scenario, given: Collection[KeyPath]) -> Iterator[Fault]:
    """Find modes of lift that never carry anything, and equipment that never has to be moved."""
    for path in _matching(("lift", ANY), given):
        mode = look_up(s, path)
        if mode is None:
            continue
        if mode.until is not None and latest(mode.until) < s.start:
            yield Fault((*path, "until"), f"is before the start of the run, {s.start}, so this mode carries nothing")
        if mode.theatres and not any(phase.theatre in mode.theatres for phase in s.phases.values()):
            yield Fault((*path, "theatres"), f"no phase moves troops in {' or '.join(mode.theatres)}, so this mode "
                        "carries nothing")
        if not extremes(mode.per_week)[-1] and (missing(s, "cargo")[0] or not extremes(mode.cargo_per_week)[-1]):
            yield Fault(path, "carries nothing: no troops, since per_week is 0, and no equipment")
        for load, pace in (("load", "per_week"), ("cargo_load", "cargo_per_week")):
            if (*path, load) in given and not extremes(getattr(mode, pace))[-1]:
                yield Fault((*path, load), f"has no effect: {pace} is 0")
    for path in _matching(("theatres", ANY, "sites", ANY, "cargo_per_troop"), given):
        cargo = look_up(s, path)
        if cargo is not None and extremes(cargo)[-1] > 0 and not left_by_some(s, str(path[1])):
            yield Fault(path, f"has no effect: no phase takes troops out of {path[1]}")


def _phase(path: KeyPath, phase: Phase, given: Collection[KeyPath]) -> Iterator[Fault]:
    for key in ("faster_by", "delay_days", "steps"):
        if (*path, key) in given and (need := lacking(phase, key)):
            yield Fault((*path, key), f"has no effect without {need}")
    for key in ("at_once", "hand_over"):
        if (*path, key) in given and phase.reinforce:
            yield Fault((*path, key), "has no effect on a phase that brings troops in")
    if (*path, "theatre_target") in given and phase.to:
        yield Fault((*path, "theatre_target"), "counts the troops of the whole theatre, and none leave it with to; "
                    "target says how many stay at the phase's sites")
    yield from _execution(path, phase, given)
    holds = [key for key, is_asked in zip(HOLDS, _holds(phase), strict=True) if is_asked]
    if holds and extremes(phase.hold_at_most_days)[-1] == 0:
        yield Fault((*path, "hold_at_most_days"), f"is 0, so the phase is never held and {' and '.join(holds)} "
                    f"{'has' if len(holds) == 1 else 'have'} no effect")
    for key in ("hold_at_most_days", "after_hold"):
        if (*path, key) in given and not holds:
            yield Fault((*path, key), f"has no effect: nothing holds the phase; {', '.join(HOLDS[:-1])} or {HOLDS[-1]} "
                        "would")


def lacking(phase: Phase, key: str) -> str:
    """Return what a phase would need for one of its keys to have an effect; empty if it lacks nothing."""
    if key == "steps":
        return "" if phase.shape == "stepped" else 'shape = "stepped"'
    other = dict(ONLY_WITH).get(key)
    return other if other is not None and getattr(phase, other) is None else ""


def _execution(path: KeyPath, phase: Phase, given: Collection[KeyPath]) -> Iterator[Fault]:
    """Find settings of new dates that the others rule out."""
    fewest, most = (0.0, 1.0 if phase.kind else 0.0) if phase.redatings is None else (
        extremes(phase.redatings)[0], extremes(phase.redatings)[-1])
    if (*path, "redating_days") in given and most < 0.5:
        yield Fault((*path, "redating_days"), "has no effect: the date never moves back (redatings)")
    if (*path, "early_share") in given and fewest >= 0.5:
        yield Fault((*path, "early_share"), "has no effect: the date always moves back, as redatings says")
    if (*path, "kind") in given and phase.kind and all(getattr(phase, key) is not None for key in EXECUTION):
        yield Fault((*path, "kind"), "has no effect: every key that it would draw is given")


def _holds(phase: Phase) -> tuple[bool, bool, bool]:
    """Return which of `HOLDS` a phase uses."""
    return (extremes(phase.hold_after_fatal_days)[-1] > 0, phase.hold_above_threat is not None,
            phase.hold_when_suspended)
