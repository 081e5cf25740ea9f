"""How a replication begins and ends in words: the state at the start, the count at the end, what never happened."""

import math
from collections.abc import Iterator

from sim.rules import plan
from sim.rules.drawdown import ready_at
from sim.rules.parameters import NOTHING
from sim.rules.state import (
    AGREEMENT,
    BREAKDOWN,
    DEMAND,
    FATAL_ATTACK,
    IN_FORCE,
    MASS_CASUALTY,
    PENDING,
    RESURGENCE,
    SUSPENDED,
)
from sim.scenario.names import MILESTONES
from sim.words.moment import Moment
from sim.words.phrases import counted, listed, troops
from sim.words.told_conflict import TALKS, reports
from sim.words.told_drawdown import milestone_name, what_it_waits_for


def today(m: Moment) -> str:
    """Say where things stand at the start."""
    s, p = m.before, m.parameters
    parts = [listed([f"{troops(s.present[k])} in {m.name('theatres', k)}" for k in range(p.theatres)])]
    if p.has_tension:
        parts.append(f"tension {'high' if s.tension_high else 'low'}")
    if p.has_talks:
        parts.append(TALKS[s.talks] + (f" until {m.when(s.suspended_until)}" if s.talks == SUSPENDED else ""))
    parts += [f'"{m.name("suppressions", i)}" in force' for i in range(p.suppressions) if s.suppression[i] == IN_FORCE]
    return "today: " + "; ".join(parts)


def summary(m: Moment) -> str:
    """Count what happened."""
    s, p = m.after, m.parameters
    parts = [counted(sum(s.attacks), "attack"), f"{sum(s.killed):,} killed",
             f"{sum(s.wounded_final):,} wounded in the end"]
    if p.has_response:
        parts.append(counted(sum(s.strikes), m.called("{force} strike")))
    if p.has_talks:
        parts.append(counted(s.rounds, "round of talks", "rounds of talks"))
    parts += [f"{sum(s.sites_closed):,} of {counted(p.sites, 'site')} closed",
              f"{troops(s.total_present)} present, {s.total_initial:,} at the start"]
    if s.completed_at < p.horizon:
        parts.append(f"drawdown complete on {m.when(s.completed_at)}")
    return f"the scenario ends: {', '.join(parts)}"


def never(m: Moment) -> Iterator[tuple[str, str, str]]:
    """Yield what could have happened but did not, with the place and the reason."""
    s, p = m.after, m.parameters
    by = "by the end"
    attacked = max(p.theatre_attacks_per_day) > 0.0
    possible = {AGREEMENT: p.has_talks, BREAKDOWN: p.has_talks, DEMAND: p.has_pressure, RESURGENCE: p.has_threat,
                FATAL_ATTACK: attacked, MASS_CASUALTY: attacked}
    why = {AGREEMENT: f"{TALKS[s.talks]}, {reports(m, s)}",
           DEMAND: f"domestic pressure at {s.domestic_pressure:.1f} points",
           RESURGENCE: f"threat was at most {s.highest_ratio:.2f} times capability, {p.threat_resurgence:.2f} counts "
                       "as a resurgence"}
    for milestone, can_be in possible.items():
        if can_be and s.milestone[milestone] == math.inf:
            yield "", f"{m.called([*MILESTONES.values()][milestone].never)} {by}", why.get(milestone, "")
    for j in range(p.phases):
        place = m.name("theatres", p.phase_theatre[j])
        if s.phase[j] == PENDING:
            yield place, f"{m.phase(j)} not begun {by}", _not_begun(m, j)
        elif plan.under_way(s, j):
            short = troops(abs(plan.strength(s, p, j) - s.phase_goal[j]))
            yield place, f"{m.phase(j)} not at its target {by}, {short} short", what_it_waits_for(m, s, j)
    if max(s.floor) >= 0 and s.completed_at == math.inf:
        yield "", f"drawdown not complete {by}", ""
    elif sum(s.cargo_waiting) > 0:
        yield "", f"equipment not all out {by}", f"{counted(sum(s.cargo_waiting), 'box', 'boxes')} waiting for lift"


def _not_begun(m: Moment, j: int) -> str:
    """Say which condition of a phase was not met."""
    s, p = m.after, m.parameters
    after = p.phase_after[j]
    if after != NOTHING and s.milestone[after] == math.inf:
        return f"it waits for: {milestone_name(m, after)}"
    ready = max(ready_at(s, p, j), s.phase_first_move[j])
    if ready >= p.horizon:
        return f"due {m.when(ready)}"
    return f"{m.threat} {s.threat_ratio:.2f} times capability, at most {p.phase_threat_at_most[j]:.2f} allowed"
