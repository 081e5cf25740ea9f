"""Attacks, strikes, talks, regimes and the threat in words: what happened, and the state that made it possible."""

import math

from sim.clocks.reference import Record
from sim.rules import attacks
from sim.rules.parameters import NOTHING
from sim.rules.state import (
    AGREED,
    AGREEMENT,
    BREAKDOWN,
    BROKEN_DOWN,
    BY_BACKGROUND,
    BY_POLITICS,
    DEMAND,
    DROP,
    IN_FORCE,
    OVERTAKEN,
    PHASE_MILESTONES,
    PROGRESSING,
    RISE,
    STALLED,
    SUSPENDED,
    TOLD_HARM,
    TOLD_KIND,
    State,
)
from sim.scenario.names import MILESTONES, TALK_STATES
from sim.words.moment import Moment
from sim.words.phrases import days, listed, some, troops
from sim.words.told_drawdown import milestone_name

TALKS = tuple(state.said for state in TALK_STATES.values())
SET_IN_SCENARIO = "date set in the scenario"


def attack(m: Moment, r: Record) -> tuple[str, str]:
    """Tell of an attack and what it did."""
    means = next(record for record in m.records if record.what == TOLD_KIND)
    harm = m.harm()
    did = harmed(m, harm)[0] if harm else "nobody hurt" if means.detail else "did not get through"
    return f"{kind(m, means)[0]} on {m.site(int(r.amount))}, {did}", _why_attack(m, r.where, int(r.detail))


def kind(m: Moment, r: Record) -> tuple[str, str]:
    """Name the kind of an attack."""
    name = m.name("kinds", int(r.amount))
    name = name[0].lower() + name[1:] if name[1:2].islower() else name
    return name if "attack" in name.lower() else f"{name} attack", ""


def harmed(m: Moment, r: Record) -> tuple[str, str]:
    """Tell whom an attack killed and wounded, by first report and by final count."""
    final = m.after.wounded_final[r.where] - m.before.wounded_final[r.where]
    evacuated = m.after.evacuated[r.where] - m.before.evacuated[r.where]
    text = _first_report(r) + (f" ({final:,} in the end)" if final > r.detail else "")
    return text + (f", {evacuated:,} evacuated" if evacuated else ""), ""


def _first_report(r: Record) -> str:
    parts = [f"{r.amount:,.0f} killed"] if r.amount else []
    return ", ".join(parts + ([f"{r.detail:,.0f} wounded"] if r.detail else []))


def _why_attack(m: Moment, k: int, driver: int) -> str:
    s, p = m.before, m.parameters
    factors = _circumstances(m, k)
    if driver == BY_POLITICS:
        raised = [words for words, factor in factors if factor > 1.0]
        parts = [f"driven by politics: {listed(raised)}"] + [words for words, factor in factors if factor <= 1.0]
    else:
        first = "background" if driver == BY_BACKGROUND else "part of a wave set off by earlier attacks"
        parts = [first] + [words for words, _ in factors]
    expected = some(attacks.intensity(s, p, k))
    return ", ".join([*parts, f"{troops(s.present[k])} present", f"{expected} attacks a day expected"])


def _circumstances(m: Moment, k: int) -> list[tuple[str, float]]:
    """Return what changes attacks in a theatre, in words, with its factor."""
    s, p = m.before, m.parameters
    factors = []
    if p.has_tension and p.tension_to_attacks:
        factors.append(("tension high", p.tension_high_multiplier) if s.tension_high else ("tension low", 1.0))
    if p.talks_to_attacks and s.milestone[DEMAND] < math.inf:
        factors.append((f"demand to leave on {m.when(s.milestone[DEMAND])}", p.attacks_after_demand))
    elif p.talks_to_attacks and s.talks in (PROGRESSING, STALLED, SUSPENDED, BROKEN_DOWN):
        factors.append((TALKS[s.talks], attacks.talks_factor(s, p)))
    if p.timeline_to_attacks and s.talks == AGREED:
        factors.append(("announced timeline slipping", p.attacks_timeline_slipping) if s.slipping
                     else ("announced timeline kept", p.attacks_timeline_kept))
    if p.response_to_attacks and s.effect[k] in (DROP, RISE):
        share = -p.response_drop if s.effect[k] == DROP else p.response_rise
        factors.append((m.called(f"{{force}} strike on {m.when(s.last_strike[k])}"), 1.0 + share))
    for i in range(p.suppressions):
        if s.suppression[i] == IN_FORCE and p.suppression_covers[i * p.theatres + k]:
            factors.append((f"despite {_suppression(m, i)}", p.suppression_factor[i]))
    return factors


def strike(m: Moment, r: Record) -> tuple[str, str]:
    """Tell of a strike."""
    s, k = m.before, r.where
    text = m.called(f"{{force}} strike in answer to the attack of {m.when(s.strike_after[k])}")
    harm = next((_first_report(past) for past in m.past
                 if past.what == TOLD_HARM and past.where == k and past.time == s.strike_after[k]), "")
    harm = f"{harm} in that attack" if harm else \
        f"{m.parameters.response_chance_after_attack:.0%} of attacks that hurt nobody are answered too"
    if r.amount == 1:
        return text, harm
    return f"{text}, number {r.amount:.0f} of a tit-for-tat chain", \
        f"{harm}; the attack came within {days(m.parameters.response_chain_days)} of the strike of " \
        f"{m.when(s.last_strike[k])}"


def suspended(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that talks are suspended, or stay so."""
    return f"talks {'stay ' if m.before.talks == SUSPENDED else ''}suspended until {m.when(r.amount)}", ""


def resumed(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that talks resume."""
    since = m.before.talks_since
    return "talks resume", f"suspended since {m.when(since)}" if since else "suspended at the start"


def held_round(m: Moment, r: Record) -> tuple[str, str]:
    """Tell of a round of talks."""
    return f"round {r.amount:.0f} of talks", f"{TALKS[m.before.talks]}, {reports(m, m.before)}"


def reports(m: Moment, s: State) -> str:
    """Say how many working groups have reported."""
    return f"{s.reports} of {m.parameters.groups} working groups have reported"


def stalled(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that talks stall."""
    return "talks stall", f"no report for {days(m.after.now - m.before.last_progress)}"


def report(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a working group reports, and what follows from it."""
    s, p = m.after, m.parameters
    parts = [f'working group "{m.name("groups", r.where)}" reports, {s.reports} of {p.groups} have']
    if m.before.talks == STALLED:
        parts.append("talks progress again")
    if s.reports == p.groups:
        parts.append(f"principals to meet on {m.when(s.announce_at)}" if s.announce_at < p.horizon
                     else f"principals to meet {m.when(s.announce_at)}")
    lost = s.talks_days[SUSPENDED]
    return "; ".join(parts), "its work is done" + (f", talks were suspended for {days(lost)} so far" if lost else "")


def milestone(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a milestone is reached."""
    if r.where >= PHASE_MILESTONES:
        return f"{m.phase(r.where - PHASE_MILESTONES)} reaches its target", ""
    text, why = m.called([*MILESTONES.values()][r.where].happens), ""
    if r.where == AGREEMENT:
        on_date = m.after.now >= m.parameters.talks_agreement_on
        why = SET_IN_SCENARIO if on_date else "all working groups have reported"
    elif r.where == BREAKDOWN:
        why = "a round held while talks are stalled can end them"
    elif r.where == DEMAND:
        return _demand(m, text)
    return text, why


def _demand(m: Moment, text: str) -> tuple[str, str]:
    if m.before.talks != OVERTAKEN and m.after.talks == OVERTAKEN:
        text += f"; {'the announced timeline is' if m.before.talks == AGREED else 'talks are'} overtaken"
    on_date = m.after.now >= m.parameters.pressure_demand_on
    return text, SET_IN_SCENARIO if on_date else f"domestic pressure at {m.before.domestic_pressure:.1f} points"


def tension(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that regional tension switches."""
    s, p = m.before, m.parameters
    text = "regional tension rises" if r.amount else "regional tension eases"
    if s.tension_switch < p.tension_switches:
        return text, SET_IN_SCENARIO
    return text, f"it had been {'low' if r.amount else 'high'} since {m.when(s.tension_since)}"


def _suppression(m: Moment, i: int) -> str:
    return f'"{m.name("suppressions", i)}"'


def suppression(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a truce or a stop order begins or ends."""
    p, i = m.parameters, r.where
    if r.amount:
        why = _since(m, p.suppression_start_after[i]) or SET_IN_SCENARIO
        return f"{_suppression(m, i)} begins in {_where(m, i)}; attacks at " \
               f"{100 * p.suppression_factor[i]:.0f} % of what they would be", why
    if m.before.patience_until[i] <= m.after.now:
        why = TALKS[m.before.talks]
    elif m.before.suppression_until[i] <= m.after.now:
        why = "its time is over" if p.suppression_mean_days[i] >= 0.0 else SET_IN_SCENARIO
    else:
        why = _since(m, p.suppression_end_after[i])
    return f"{_suppression(m, i)} ends in {_where(m, i)}", why


def lapsed(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a truce or a stop order is not in force while talks do not go on."""
    return f"{_suppression(m, r.where)} lapses in {_where(m, r.where)}", TALKS[m.after.talks]


def renewed(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a truce or a stop order is in force again."""
    return f"{_suppression(m, r.where)} is in force again in {_where(m, r.where)}", TALKS[m.after.talks]


def _where(m: Moment, i: int) -> str:
    p = m.parameters
    return listed([m.name("theatres", k) for k in range(p.theatres) if p.suppression_covers[i * p.theatres + k]])


def _since(m: Moment, milestone: int) -> str:
    """Say that a milestone was reached, as a reason; empty if there is none."""
    return "" if milestone == NOTHING else milestone_name(m, milestone)


def threat(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that the threat crosses what counts as a resurgence."""
    above = m.after.above_resurgence
    text = f"{m.threat} {'rises to' if above else 'falls back to'} {r.amount:.2f} times capability"
    return text, f"{m.parameters.threat_resurgence:.2f} counts as a resurgence; {threat_state(m)}"


def threat_state(m: Moment) -> str:
    """Say what determines the threat."""
    s = m.after
    return f"threat index {math.exp(s.threat):.2f}, capability index {s.capability:.2f}, " \
           f"{troops(s.total_present)} present, {s.total_initial:,} at the start"
