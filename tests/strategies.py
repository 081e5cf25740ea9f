"""Hypothesis strategies for scenarios: any mixture of processes, extreme numbers, and dates that tie."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from sim.scenario.load import ScenarioFile, from_dict

START = date(2024, 1, 1)
TIES = (7, 14, 28, 32, 64)  # ticks, tranches, reviews and blocks of the rain fall on these days
PLAIN_MILESTONES = ("mass_casualty", "fatal_attack")

Tables = dict[str, Any]


def day(first: int, last: int) -> st.SearchStrategy[date]:
    """Make dates from day ``first`` to day ``last`` after the start, often ones that tie with others."""
    tied = [n for n in TIES if first <= n <= last]
    days = st.integers(first, last) | st.sampled_from(tied) if tied else st.integers(first, last)
    return days.map(lambda n: START + timedelta(days=n))


@st.composite
def dated(draw: st.DrawFn, first: int, last: int) -> date | Tables:
    """Make dates as `day` does, now and then an uncertain one."""
    if last - first < 2 or draw(st.integers(0, 7)) > 0:
        return draw(day(first, last))
    days = sorted(draw(st.lists(day(first, last), min_size=3, max_size=3, unique=True)))
    return draw(st.sampled_from([
        {"dist": "uniform", "low": days[0], "high": days[2]},
        {"dist": "triangular", "low": days[0], "mode": days[1], "high": days[2]},
        {"dist": "discrete", "values": days, "weights": [1.0, 0.0, 2.0]}]))


@st.composite
def whole(draw: st.DrawFn, low: int, high: int) -> int | Tables:
    """Make counts from ``low`` to ``high``, now and then an uncertain one."""
    if draw(st.integers(0, 7)) > 0:
        return draw(st.integers(low, high))
    return draw(st.sampled_from([
        {"dist": "uniform", "low": low, "high": high}, {"dist": "triangular", "low": low, "mode": high, "high": high},
        {"dist": "normal", "mean": low, "sd": 1.0, "low": low, "high": high},
        {"dist": "discrete", "values": [high, low]}]))


def known(low: float, high: float, *telling: float) -> st.SearchStrategy[float]:
    """Make plain numbers from ``low`` to ``high``, often the ``telling`` ones or the bounds."""
    return st.sampled_from([float(x) for x in (low, high, *telling)]) | st.floats(low, high)


@st.composite
def number(draw: st.DrawFn, low: float, high: float, *telling: float) -> float | Tables:
    """Make numbers from ``low`` to ``high``, now and then an uncertain one."""
    if draw(st.integers(0, 7)) > 0:
        return draw(known(low, high, *telling))
    bottom = draw(st.floats(low, (low + high) / 2))
    top = draw(st.floats((low + high) / 2, high).filter(lambda x: x > bottom))
    return draw(distribution(bottom, top))


@st.composite
def distribution(draw: st.DrawFn, low: float, high: float) -> Tables:
    """Make a distribution of any kind between two bounds."""
    inside = known(low, high)
    kind = draw(st.sampled_from(["uniform", "triangular", "normal", "discrete", *(["lognormal"] if low >= 0 else [])]))
    if kind == "discrete":
        weights = draw(st.lists(known(0, 3, 1), min_size=1, max_size=5).filter(any))
        return {"dist": kind, "values": [draw(inside) for _ in weights], "weights": weights}
    table: Tables = {"dist": kind, "low": low, "high": high}
    if kind == "triangular":
        table["mode"] = draw(inside)
    elif kind == "normal":
        table |= {"mean": draw(inside), "sd": draw(known(1e-6, high - low + 1e-6))}
    elif kind == "lognormal":
        low = table["low"] = max(low, high / 1e6)
        table |= {"median": draw(known(low, high)), "sigma": draw(known(0.01, 2))}
    return table


@st.composite
def some(draw: st.DrawFn, choices: dict[str, st.SearchStrategy[Any]]) -> Tables:
    """Make a table that gives some of the keys, and leaves the others to their defaults."""
    return {key: draw(value) for key, value in choices.items() if draw(st.booleans())}


def maybe(table: st.SearchStrategy[Tables]) -> st.SearchStrategy[Tables | None]:
    return st.none() | table


SITE = {
    "weight": number(0.1, 5, 1), "hub": st.booleans(), "garrison": number(0, 60, 0, 25),
    "closing_days": number(0, 40, 0, 7, 14), "target_weight": number(0.1, 1000, 1),
    "closing_days_per_100": number(0, 20, 0, 7), "handover_on": dated(0, 300),
    "cargo_per_troop": number(0.1, 3, 1),
}
ATTACKS = {
    "elasticity": number(0, 1, 0, 1), "branching_ratio": number(0, 0.6, 0), "decay_days": number(0.5, 60, 7),
    "talks_progressing": number(0, 1.2, 1), "talks_stalled": number(0, 1.2), "talks_suspended": number(0, 1.2),
    "talks_broken": number(0, 1.2), "after_demand": number(0, 1.2), "timeline_kept": number(0, 1.2),
    "timeline_slipping": number(0, 1.2),
}
CASUALTIES = {
    "harm_chance": number(0.1, 1, 1), "fatal_chance": number(0.05, 1, 1), "severity_exponent": number(1.05, 10, 2, 2.5),
    "wounded_mean": number(1, 100), "wounded_per_death": number(0, 20), "late_factor": number(1, 4, 1),
    "evacuated_share": number(0, 1, 0, 1), "mass_casualty": number(1, 50),
}
TENSION = {
    "initial": st.sampled_from(["high", "low"]), "high_multiplier": number(0, 6, 0, 1),
    "mean_high_days": number(0.2, 200), "mean_low_days": number(0.2, 200),
}
RESPONSE = {
    "chance_after_attack": number(0, 1, 0, 1), "chance_after_harm": number(0, 1), "chance_after_fatal": number(0, 1),
    "delay_days": number(0, 30, 0, 7), "delay_spread": number(0, 1, 0), "drop": number(0, 1, 0, 1),
    "drop_days": number(0, 30, 0, 7), "rise": number(0, 0.5, 0), "rise_days": number(0, 60, 0, 7),
    "chain_days": number(0, 60, 0),
}
TALKS = {
    "round_days": number(1, 60, 7), "round_spread": number(0, 1, 0, 1), "suspend_after_fatal": number(0, 1, 1),
    "suspend_after_mass_casualty": number(0, 1), "suspension_days": number(0.1, 90, 7, 14),
    "suspension_spread": number(0, 1, 0, 1), "stall_after_days": number(0, 100, 0, 28),
    "breakdown_chance": number(0.01, 1), "principals_days": number(0, 30, 0, 14),
}
GROUP = {"work_days": number(0, 200, 0, 28), "work_spread": number(0, 1, 0, 1)}
PRESSURE = {
    "per_strike": number(0, 10, 1), "per_stalled_round": number(0, 10), "review_days": number(1, 60, 7, 28),
    "kept": number(0, 1, 0, 1), "demand_chance": number(0.001, 0.2),
}
THREAT = {
    "tick_days": number(1, 30, 7), "persistence": number(0, 0.99, 0), "noise": number(0, 0.5, 0),
    "rests_today": number(0.1, 10, 1), "rests_without": number(0.1, 10, 1), "capability_elasticity": number(0, 2, 0, 1),
    "trend_per_year": number(-1, 1, 0),
    "distraction": number(0, 1), "resurgence": number(0.5, 3, 1),
}
CAPABILITY = {
    "learning_per_year": number(0, 5, 0), "loss_per_year": number(0, 5, 0), "ceiling": number(1, 3),
    "floor": number(0.1, 0.9),
}
LIFT = {
    "per_week": number(20, 5000, 70), "load": number(1, 500, 1), "spread": number(0, 1, 0),
    "cargo_per_week": number(5, 2000, 70), "cargo_load": number(5, 500, 5),
}
CLOSING = {"crews": whole(1, 3), "spread": number(0, 1, 0)}
HOLDS = {
    "hold_after_fatal_days": number(0, 60, 14), "hold_at_most_days": number(0, 120, 0, 7, 28),
    "after_hold": st.sampled_from(["shift", "catch_up"]), "delay_days": number(0, 40, 0, 7),
    "quiet_days": number(0, 60, 0), "faster_by": number(1, 20, 2), "tranche_days": number(1, 60, 7),
    "steps": whole(1, 8),
    "shape": st.sampled_from(["linear", "front_loaded", "back_loaded", "stepped", "slow_fast_slow"]),
}

EXECUTION = {
    "kind": st.sampled_from(["own_date", "host_demand", "conditions", "handover", "mission_closure"]),
    "first_move_share": number(0, 2, 0), "redatings": number(0, 4, 0, 1, 2), "redating_days": number(0, 90, 7, 28),
    "early_share": number(0, 1, 0, 1), "reversal_chance": number(0, 1, 0), "unevenness": number(0, 1, 0, 1),
    "lag": number(0.1, 10, 1),
}


ORDERS = {"at_once": st.integers(1, 5), "hand_over": st.sampled_from(["when_drained", "at_start"])}


@st.composite
def lift(draw: st.DrawFn, last: int, theatres: list[str]) -> Tables:
    """Make the table of lift: a mode of its own or none, and others, some with dates, some for some theatres only.

    Without limits of its own, the first serves every theatre on the last day, so that no phase is in vain.
    """
    first, *others = (draw(some(LIFT)) for _ in range(draw(st.sampled_from([1, 1, 2, 3, 6]))))
    if draw(st.integers(0, 3)) == 0:
        first["from"] = draw(day(-30, last))
    for mode in others:
        mode["theatres"] = draw(st.lists(st.sampled_from(theatres), unique=True))
        since = draw(st.integers(-30, last))
        mode |= draw(some({"from": st.just(START + timedelta(days=since)), "until": dated(since, max(since, last))}))
        mode |= draw(st.sampled_from([{}, {}, {"per_week": 0.0}, {"cargo_per_week": 0.0}]))
    made = {f"m{i}": mode for i, mode in enumerate(others)}
    return {**first, **made} if not made or (first and draw(st.booleans())) else {**made, "whole": first}


@st.composite
def theatre(draw: st.DrawFn) -> Tables:
    """Make a theatre without its rate of attacks."""
    table: Tables = {"troops": draw(known(0, 3000, 1, 30, 900))}
    table |= draw(some({"true_over_reported": number(0.5, 2.5, 1), "pressure_weight": number(0, 5, 0, 1),
                        "adviser_weight": number(0, 5, 0, 1)}))
    if draw(st.booleans()):
        table["sites"] = {f"s{i}": draw(some(SITE)) for i in range(draw(st.integers(1, 12)))}
        if draw(st.integers(0, 3)) == 0:
            table["sites"]["alike"] = draw(some(SITE)) | {"count": draw(st.integers(1, 4))}
    return table


@st.composite
def pace(draw: st.DrawFn, start: int, last: int) -> Tables:
    """Make the pace of a phase that starts on day ``start`` at the earliest."""
    return draw(st.one_of(
        st.fixed_dictionaries({"by": dated(start + 1, max(last, start + 1))}),
        st.fixed_dictionaries({"over_days": number(0, 400, 0, 7, 28)}),
        st.fixed_dictionaries({"per_week": number(1, 3000, 70)}),
        st.fixed_dictionaries({"per_day": number(0.2, 400, 10)}),
    ))


def strength(theatre: Tables, sites: list[str]) -> float:
    """Return the least reported strength of some sites (of all, when none is named)."""
    every = theatre.get("sites", {"main": {}})
    if not sites:
        return float(theatre["troops"])
    weights = {name: site.get("weight", 1.0) for name, site in every.items()}
    if any(isinstance(weight, dict) for weight in weights.values()):
        return 0.0
    weights = {name: weight * every[name].get("count", 1) for name, weight in weights.items()}
    return float(theatre["troops"]) * sum(weights[name] for name in sites) / sum(weights.values()) * 0.999


@st.composite
def target(draw: st.DrawFn, there: Tables, sites: list[str], most: float, lowest: dict[Any, float]) -> Tables:
    """Make the target of a phase: not above what may be left, and not above the lowest of the same kind so far."""
    several = ["keep", "keep", "keep"] if len(sites) > 1 else ["keep"]
    kind = draw(st.sampled_from(["target", "target", *several, "target_percent", "theatre_target"]))
    every = there.get("sites", {"main": {}})
    spot = (kind.replace("keep", "target"), *sorted(sites))
    limit = {"target_percent": 100.0, "theatre_target": float(there["troops"])}.get(kind, most)
    drawn = draw(known(limit / 3, limit, limit / 2) if kind == "keep" else known(0, limit, 0, 0))
    value = lowest[spot] = min(lowest.get(spot, limit), drawn)
    if kind != "keep":
        return {kind: value}
    lowest[spot] *= 0.998  # less than is kept, however that is rounded
    kept = draw(st.lists(st.sampled_from(sites), min_size=1, max_size=2, unique=True))
    each = value / sum(every[name].get("count", 1) for name in kept)
    return {"keep": dict.fromkeys(kept, each * 0.999)}


@st.composite
def phases(draw: st.DrawFn, tables: Tables, milestones: list[str], last: int) -> Tables:
    """Make phases in order of their start, targets at the same place falling."""
    made: Tables = {}
    targets: dict[str, dict[Any, float]] = {}
    start = 0
    for i in range(draw(st.integers(0, 8))):
        name, place = f"p{i}", draw(st.sampled_from(sorted(tables["theatres"])))
        there = tables["theatres"][place]
        sites = draw(st.lists(st.sampled_from(sorted(there.get("sites", {"main": {}}))), unique=True))
        phase: Tables = {"theatre": place, "sites": sites}
        reinforce = draw(st.integers(0, 4)) == 0
        most = strength(there, sites)
        if reinforce:
            phase |= {"reinforce": True, "target": draw(known(0, 2 * most + 50))}
        else:
            others = sorted(set(there.get("sites", {})) - set(sites))
            if len(others) > 2 * (not sites) and draw(st.booleans()):
                phase["to"] = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
            here = sites or sorted(set(there.get("sites", {"main": {}})) - set(phase.get("to", [])))
            most = min(most, strength(there, here))
            phase |= draw(target(there, here, most, targets.setdefault(place, {}))) | draw(some(ORDERS))
        events = [*milestones, *(f"phases.{other}" for other in made)]
        if draw(st.booleans()):
            phase["after"] = draw(st.sampled_from(events))
        if "after" not in phase or draw(st.booleans()):
            start = draw(st.integers(start, max(start, last)))
            phase["start"] = START + timedelta(days=start)
        phase |= draw(pace(start, last)) | draw(some(HOLDS)) | draw(st.just({}) | some(EXECUTION))
        if "start" in phase and "by" not in phase and draw(st.integers(0, 7)) == 0:  # not before a phase made earlier
            first = phase["start"]
            phase["start"] = {"dist": "uniform", "low": first, "high": first + timedelta(days=14)}
        if tables.get("talks") and draw(st.booleans()):
            phase["hold_when_suspended"] = True
        if tables.get("threat"):
            phase |= draw(some({"threat_at_most": number(0.5, 3, 1), "hold_above_threat": number(0.5, 3, 1)}))
        phase |= draw(some({"faster_after": st.sampled_from(events), "cancel_after": st.sampled_from(events)}))
        made[name] = phase
    return made


@st.composite
def politics(draw: st.DrawFn, last: int) -> Tables:
    """Make talks with their working groups, pressure and threat, or none of these."""
    tables: Tables = {}
    talks = draw(maybe(some(TALKS)))
    if talks is not None:
        talks["first_round"] = draw(dated(0, last))
        talks |= draw(some({"suspended_until": dated(0, last)}))
        if draw(st.integers(0, 3)) == 0:
            talks["agreement_on"] = draw(dated(0, last))
        tables["talks"] = talks
        tables["working_groups"] = {f"g{i}": draw(some(GROUP)) for i in range(draw(st.integers(0, 6)))}
    pressure = draw(maybe(some(PRESSURE)))
    if pressure is not None:
        if draw(st.integers(0, 3)) == 0:
            pressure["demand_on"] = draw(dated(0, last))
        tables["pressure"] = pressure
    threat = draw(maybe(some(THREAT)))
    if threat is not None:
        tables["threat"] = threat
    return tables


def possible_milestones(tables: Tables) -> list[str]:
    """Return the milestones that can happen in a scenario."""
    found = list(PLAIN_MILESTONES)
    talks = tables.get("talks")
    if talks is not None:
        found.append("breakdown")
        if tables.get("working_groups") or "agreement_on" in talks:
            found.append("agreement")
    return found + [name for name, table in (("demand", "pressure"), ("resurgence", "threat")) if table in tables]


@st.composite
def violence(draw: st.DrawFn, last: int, theatres: list[str]) -> Tables:
    """Make what drives and dampens attacks, and what they do."""
    tables: Tables = {"attacks": draw(some(ATTACKS)), "casualties": draw(some(CASUALTIES))}
    tension = draw(maybe(some(TENSION)))
    if tension is not None:
        tension.setdefault("high_multiplier", 5.0)
        days = draw(st.lists(day(-30, last), unique=True, max_size=4))
        tension["dated"] = {f"d{i}": {"date": when, "state": draw(st.sampled_from(["high", "low"]))}
                            for i, when in enumerate(days)}
        tables["tension"] = tension
    response = draw(maybe(some(RESPONSE)))
    if response is not None:
        tables["response"] = response
    tables["attack_kinds"] = {f"k{i}": {"weight": draw(number(0.1, 5, 1)), "gets_through": draw(number(0.05, 1, 1))}
                              for i in range(draw(st.integers(1, 3)))}
    tables["history"] = {"attacks": {name: draw(history()) for name in theatres if draw(st.booleans())}}
    return tables


@st.composite
def history(draw: st.DrawFn) -> list[Tables]:
    """Make the attacks counted in a theatre up to some dates before the start."""
    days = sorted(draw(st.lists(st.integers(-60, 0), unique=True, max_size=5)))
    totals = sorted(draw(st.lists(st.integers(0, 60), min_size=len(days), max_size=len(days))))
    return [{"date": START + timedelta(days=n), "total": total} for n, total in zip(days, totals, strict=True)]


@st.composite
def suppression(draw: st.DrawFn, last: int, theatres: list[str], events: list[str], talks: bool) -> Tables:
    """Make a truce or a stop order; ``events`` are the milestones that it may begin or end with."""
    first = draw(st.integers(-30, last))
    table: Tables = {"factor": draw(number(0, 1, 0, 1)),
                     "theatres": draw(st.lists(st.sampled_from(theatres), unique=True))}
    table |= draw(some({"start_after": st.sampled_from(events)}))
    if "start_after" not in table or draw(st.booleans()):
        table["start"] = START + timedelta(days=first)
    ends: Tables = draw(some({"end_after": st.sampled_from(events)}))
    if talks:
        ends |= draw(some({"while_talks": st.just("progressing"), "end_chance_per_day": number(0.001, 1, 1)}))
    by_time = draw(st.sampled_from(["end", "mean_days", *(["neither"] if ends else [])]))
    if by_time == "end":
        ends["end"] = draw(dated(first + 1, max(first + 1, last)))
    elif by_time == "mean_days":
        ends["mean_days"] = draw(number(0.2, 200))
    return table | ends


COUPLINGS = (
    "presence_to_attacks", "tension_to_attacks", "contagion", "talks_to_attacks", "talks_to_suppressions",
    "timeline_to_attacks", "attacks_to_response", "response_to_attacks", "attacks_to_talks", "response_to_pressure",
    "stall_to_pressure", "pressure_to_demand", "attacks_to_drawdown", "talks_to_drawdown", "threat_to_drawdown",
    "presence_to_threat", "capability_to_threat", "attacks_to_threat", "presence_to_capability",
    "plan_to_execution",
)


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """Make the tables of a valid scenario, mostly of 30 to 500 days."""
    last = draw(st.integers(30, 500) | st.sampled_from([1, 6, 7, 63, 1200]))
    made: Tables = {"start": START, "end": START + timedelta(days=last)}
    made |= draw(some({"deadline": day(1, last), "follow_up_days": st.integers(1, 200)}))
    made["theatres"] = {f"t{i}": draw(theatre()) for i in range(draw(st.integers(1, 5)))}
    made |= draw(politics(last)) | draw(violence(last, list(made["theatres"])))
    carrying = lift(last, list(made["theatres"]))
    for name, table in (("lift", carrying), ("closing", some(CLOSING)), ("capability", some(CAPABILITY))):
        given_table = draw(maybe(table))
        if given_table is not None:
            made[name] = given_table
    made["phases"] = draw(phases(made, possible_milestones(made), last))
    events = [*possible_milestones(made), *(f"phases.{name}" for name in made["phases"])]
    made["suppressions"] = {f"t{i}": draw(suppression(last, list(made["theatres"]), events, "talks" in made))
                            for i in range(draw(st.integers(0, 3)))}
    reinforced = {phase["theatre"] for phase in made["phases"].values() if "reinforce" in phase}
    for name, there in made["theatres"].items():
        most = 0.25 if name not in reinforced else 0.03 if there["troops"] >= 50 else 0.0015  # what the checks allow
        there["attacks_per_day"] = draw(number(0.001, most, most))
        there |= draw(some({"attacks_trend_per_year": number(-1, 0.0 if name in reinforced else 0.2, 0)}))
    off = draw(st.sets(st.sampled_from(COUPLINGS), max_size=4) | st.sets(st.sampled_from(COUPLINGS)))
    made["couplings"] = dict.fromkeys(sorted(off), False)
    return made


def scenarios() -> st.SearchStrategy[ScenarioFile]:
    """Make valid scenarios."""
    return tables().map(from_dict)
