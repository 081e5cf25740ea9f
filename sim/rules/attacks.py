"""Attacks: in each theatre a self-exciting point process whose rate depends on presence and politics.

Intensity = suppression x (background x trend x presence factor x escalation + excitation) while anybody is present;
otherwise it is 0.

- The presence factor is (present / initial troops) to the power of the elasticity.
- The background has a trend of its own, which moves it in steps, one for each block of the rain.
- Escalation multiplies the background only. It comes from regional tension, the talks, a demand to leave, an announced
  timeline (kept or slipping) and the last strike.
- Excitation: every attack adds branching_ratio / decay_days, which decays exponentially over decay_days.
- Suppression (a truce or a stop order) is at most 1 and applies to everything.
"""

import math

from sim.rules import casualties, drawdown, exposure, holds, plan, posture, rain, response, suppressions, talks
from sim.rules.parameters import DAYS_PER_YEAR, Parameters
from sim.rules.portable import exp
from sim.rules.state import (
    AGREED,
    BROKEN_DOWN,
    BY_BACKGROUND,
    BY_CONTAGION,
    BY_POLITICS,
    DEMAND,
    DROP,
    PROGRESSING,
    RISE,
    STALLED,
    SUSPENDED,
    TOLD_ATTACK,
    State,
    tell,
)
from sim.rules.streams import Streams, seek, uniform
from sim.rules.variates import power


def begin(s: State, p: Parameters) -> None:
    """Start with the excitation left by recent attacks; each reported count is spread evenly over its interval."""
    if not p.contagion:
        return
    for i in range(p.history):
        days = p.history_to[i] - p.history_from[i]
        kept = exp(p.history_to[i] / p.attacks_decay_days) - exp(p.history_from[i] / p.attacks_decay_days)
        s.excitation[p.history_theatre[i]] += p.attacks_branching_ratio * p.history_attacks[i] / days * kept


def due(s: State, p: Parameters, r: Streams, k: int) -> float:
    """Theatre ``k`` acts next at the first point of the rain below its intensity, or when the block ends.

    Until something happens or the block ends, the intensity can only decay, and whatever raises it wakes this process.
    So the intensity now is an upper bound until this process acts again.
    """
    set_rates(s, p, k)
    bound = intensity(s, p, k)
    s.candidate[k] = -1
    if bound <= 0.0:
        return math.inf
    rain.draw_points(s, r, k, bound)
    s.candidate[k] = rain.next_point(s, k, bound)
    if s.candidate[k] >= 0:
        return s.point_time[s.candidate[k]]
    return rain.block_end(s, k)


def step(s: State, p: Parameters, r: Streams, k: int) -> None:
    """Make the candidate point an attack if it lies below the intensity now."""
    point = s.candidate[k]
    if point < 0:
        return
    left = excitation(s, p, k)
    if s.point_height[point] >= _intensity_with(s, k, left):
        return
    driver = _driver(s, k, s.point_height[point])
    _excite(s, p, k, left)
    seek(r.attack_outcomes, k, s.point_place[point])
    site = exposure.struck_site(s, p, k, uniform(r.attack_outcomes, k))
    _count(s, p, k, driver)
    tell(s, TOLD_ATTACK, k, site, driver)
    killed, wounded = casualties.inflict(s, p, r, k, site)
    response.consider(s, p, r, k, killed, wounded)
    talks.react(s, p, r, k, killed, wounded)
    if killed + wounded > 0:
        drawdown.check_theatre(s, p, k)
    if killed > 0:
        holds.after_fatal_attack(s, p, k)


def set_rates(s: State, p: Parameters, k: int) -> None:
    """Work out the parts of the intensity that are constant until something happens."""
    s.calm[k] = p.theatre_attacks_per_day[k] * trend(s, p, k) * presence_factor(s, p, k)
    s.background[k] = s.calm[k] * escalation(s, p, k)
    s.suppressed[k] = suppressions.factor(s, p, k) if s.present[k] > 0 else 0.0


def intensity(s: State, p: Parameters, k: int) -> float:
    """Return the intensity of theatre ``k`` now, in attacks per day."""
    return _intensity_with(s, k, excitation(s, p, k))


def _intensity_with(s: State, k: int, left: float) -> float:
    """Return the intensity of theatre ``k``, given the excitation that earlier attacks have left."""
    return s.suppressed[k] * (s.background[k] + left)


def trend(s: State, p: Parameters, k: int) -> float:
    """Return the factor by which its own trend has changed the background of theatre ``k`` up to this block."""
    if p.theatre_attacks_trend_per_year[k] == 0.0:
        return 1.0
    years = rain.block_of(s.now) * rain.BLOCK_DAYS / DAYS_PER_YEAR
    return exp(p.theatre_attacks_trend_per_year[k] * years)


def presence_factor(s: State, p: Parameters, k: int) -> float:
    """Return the factor by which the troops present change the background."""
    if s.present[k] == 0:
        return 0.0
    if not p.presence_to_attacks or s.initial[k] == 0:
        return 1.0
    if s.presence_of[k] != s.present[k]:
        s.presence_of[k] = s.present[k]
        s.presence[k] = power(s.present[k] / s.initial[k], p.attacks_elasticity)
    return s.presence[k]


def escalation(s: State, p: Parameters, k: int) -> float:
    """Return the factor by which tension, politics and strikes change the background of theatre ``k``."""
    factor = 1.0
    if s.tension_high and p.tension_to_attacks:
        factor *= p.tension_high_multiplier
    if p.talks_to_attacks:
        factor *= talks_factor(s, p)
    if s.talks == AGREED and p.timeline_to_attacks:
        factor *= p.attacks_timeline_slipping if s.slipping else p.attacks_timeline_kept
    if p.response_to_attacks:
        if s.effect[k] == DROP:
            factor *= 1.0 - p.response_drop
        elif s.effect[k] == RISE:
            factor *= 1.0 + p.response_rise
    return factor


def talks_factor(s: State, p: Parameters) -> float:
    """Return the factor by which the talks change attacks until they agree; a demand to leave counts in their place."""
    if s.milestone[DEMAND] < math.inf:
        return p.attacks_after_demand
    if s.talks == PROGRESSING:
        return p.attacks_talks_progressing
    if s.talks == STALLED:
        return p.attacks_talks_stalled
    if s.talks == SUSPENDED:
        return p.attacks_talks_suspended
    if s.talks == BROKEN_DOWN:
        return p.attacks_talks_broken
    return 1.0


def excitation(s: State, p: Parameters, k: int) -> float:
    """Return the excitation that earlier attacks have left, in attacks per day."""
    if s.excitation[k] == 0.0:
        return 0.0
    if s.excited_at[k] == s.now:
        return s.excitation[k]
    return s.excitation[k] * exp((s.excited_at[k] - s.now) / p.attacks_decay_days)


def _excite(s: State, p: Parameters, k: int, left: float) -> None:
    if p.contagion:
        s.excitation[k] = left + p.attacks_branching_ratio / p.attacks_decay_days
        s.excited_at[k] = s.now


def _driver(s: State, k: int, height: float) -> int:
    """Return what drove the attack. By the height of its point: background, above it politics, above that contagion."""
    level = height / s.suppressed[k]
    if level < min(s.calm[k], s.background[k]):
        return BY_BACKGROUND
    return BY_POLITICS if level < s.background[k] else BY_CONTAGION


def _count(s: State, p: Parameters, k: int, driver: int) -> None:
    while s.now >= p.quarter_end[s.quarter]:
        s.quarter += 1
    s.attacks[k] += 1
    s.attacks_by_driver[driver] += 1
    s.attacks_by_quarter[s.quarter] += 1
    s.attacks_since_tick += 1
    if posture.in_tail(s):
        s.tail_attacks += 1
    if posture.in_follow_up(s):
        s.follow_up_attacks[k] += 1
    for j in range(p.phases):
        if p.phase_theatre[j] == k and plan.under_way(s, j):
            s.phase_attacks[j] += 1
