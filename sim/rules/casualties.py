"""Casualties: most attacks harm nobody; a few harm many.

Each kind of attack has a chance of getting through. An attack that gets through harms somebody with a certain chance,
and one that harms kills with a certain chance. Deaths in a fatal attack follow P(k) ~ k^-exponent for
1 <= k <= troops at the site. After the first report of wounded, more are diagnosed later.
"""

import math

from sim.rules import milestones, plan, posture
from sim.rules.parameters import Parameters
from sim.rules.state import FATAL_ATTACK, MASS_CASUALTY, TOLD_HARM, TOLD_KIND, State, tell
from sim.rules.streams import Streams, uniform
from sim.rules.variates import HEAD, geometric, power_head, power_law, power_law_mean, power_sum_from


def begin(s: State, p: Parameters) -> None:
    """Work out the chance that an attack kills, whatever its kind."""
    through = 0.0
    weights = 0.0
    for i in range(p.kinds):
        through += p.kind_weight[i] * p.kind_gets_through[i]
        weights += p.kind_weight[i]
    s.fatal_chance = through / weights * p.casualties_harm_chance * p.casualties_fatal_chance
    s.deaths_head = power_head(p.casualties_severity_exponent - 1.0, HEAD)
    s.chances_head = power_head(p.casualties_severity_exponent, HEAD)


def inflict(s: State, p: Parameters, r: Streams, k: int, site: int) -> tuple[int, int]:
    """Draw what an attack on a site does; return the killed and the wounded by first report."""
    s.expected_killed[k] += s.fatal_chance * mean_deaths(s, p, site)
    kind = kind_of_attack(p, uniform(r.attack_outcomes, k))
    gets_through = uniform(r.attack_outcomes, k) < p.kind_gets_through[kind]
    tell(s, TOLD_KIND, k, kind, 1.0 if gets_through else 0.0)
    harms = uniform(r.attack_outcomes, k) < p.casualties_harm_chance
    if not (gets_through and harms):
        return 0, 0
    troops = s.troops[site]
    killed = 0
    if uniform(r.attack_outcomes, k) < p.casualties_fatal_chance:
        killed = power_law(p.casualties_severity_exponent, troops, uniform(r.attack_outcomes, k))
        mean = p.casualties_wounded_per_death * killed
        wounded = geometric(mean, uniform(r.attack_outcomes, k))
    else:
        wounded = 1 + geometric(p.casualties_wounded_mean - 1.0, uniform(r.attack_outcomes, k))
    wounded = min(wounded, troops - killed)
    late = geometric(wounded * (p.casualties_late_factor - 1.0), uniform(r.attack_outcomes, k))
    final = min(wounded + late, troops - killed)
    evacuated = math.floor(final * p.casualties_evacuated_share + uniform(r.attack_outcomes, k))
    _count(s, p, k, killed, wounded, final)
    tell(s, TOLD_HARM, k, killed, wounded)
    posture.lose(s, p, site, killed, min(evacuated, final))
    return killed, wounded


def kind_of_attack(p: Parameters, u: float) -> int:
    """Choose the kind of an attack by weight."""
    total = 0.0
    for i in range(p.kinds):
        total += p.kind_weight[i]
    reached = 0.0
    for i in range(p.kinds - 1):
        reached += p.kind_weight[i]
        if u * total < reached:
            return i
    return p.kinds - 1


def mean_deaths(s: State, p: Parameters, site: int) -> float:
    """Return the mean deaths in a fatal attack on a site with the troops now there."""
    if s.expected_deaths[site] < 0.0:
        s.expected_deaths[site] = _mean_deaths_of(s, p.casualties_severity_exponent, s.troops[site])
    return s.expected_deaths[site]


def _mean_deaths_of(s: State, exponent: float, troops: int) -> float:
    """Return the mean of the power law up to ``troops``. The first terms of its sums are worked out only once."""
    if troops <= HEAD:
        return power_law_mean(exponent, troops)
    deaths = power_sum_from(s.deaths_head, exponent - 1.0, troops)
    return deaths / power_sum_from(s.chances_head, exponent, troops)


def is_mass_casualty(p: Parameters, killed: int, wounded: int) -> bool:
    """Tell whether an attack counts as a mass-casualty attack."""
    return killed + wounded >= p.casualties_mass_casualty


def _count(s: State, p: Parameters, k: int, killed: int, wounded: int, final: int) -> None:
    s.harmful[k] += 1
    s.wounded_first[k] += wounded
    s.wounded_final[k] += final
    s.killed_by_quarter[s.quarter] += killed
    s.wounded_by_quarter[s.quarter] += final
    for j in range(p.phases):
        if p.phase_theatre[j] == k and plan.under_way(s, j):
            s.phase_killed[j] += killed
            s.phase_wounded[j] += final
    if killed > 0:
        s.fatal[k] += 1
        s.last_fatal[k] = s.now
        milestones.reach(s, p, FATAL_ATTACK)
    if is_mass_casualty(p, killed, wounded):
        s.mass_casualty[k] += 1
        milestones.reach(s, p, MASS_CASUALTY)
