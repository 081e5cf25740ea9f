"""Response: a strike may answer an attack, which changes attacks in that theatre for a while.

The chance depends on what the attack did. A strike lowers the background for some days, then raises it for some days;
either may be set to zero. Strikes in quick succession form a tit-for-tat chain.
"""

import math

from sim.rules.parameters import Parameters
from sim.rules.state import DROP, NO_EFFECT, RISE, TOLD_STRIKE, State, tell, wake
from sim.rules.streams import Streams, uniform
from sim.rules.variates import duration


def consider(s: State, p: Parameters, r: Streams, k: int, killed: int, wounded: int) -> None:
    """Decide whether and when the US answers the attack just made. A strike already due answers this attack too."""
    chance = p.response_chance_after_attack
    if killed > 0:
        chance = p.response_chance_after_fatal
    elif wounded > 0:
        chance = p.response_chance_after_harm
    answered = uniform(r.attack_outcomes, k) < chance
    u = uniform(r.attack_outcomes, k)
    if answered and p.has_response and p.attacks_to_response and s.strike_at[k] == math.inf:
        s.strike_at[k] = s.now + duration(p.response_delay_days, p.response_delay_spread, u)
        s.strike_after[k] = s.now
        wake(s, p.process_response + k)


def due(s: State, p: Parameters, r: Streams, k: int) -> float:
    """The response in theatre ``k`` acts next when it strikes or when the effect of the last strike changes."""
    return min(s.strike_at[k], s.effect_until[k])


def step(s: State, p: Parameters, r: Streams, k: int) -> None:
    """Strike, or move on the effect of the last strike: from drop to rise, or to its end."""
    if s.strike_at[k] <= s.now:
        _strike(s, p, k)
        _set_effect(s, p, k, DROP, p.response_drop_days)
    elif s.effect[k] == DROP:
        _set_effect(s, p, k, RISE, p.response_rise_days)
    else:
        s.effect[k] = NO_EFFECT
        s.effect_until[k] = math.inf
    wake(s, p.process_attacks + k)


def _strike(s: State, p: Parameters, k: int) -> None:
    continues = s.strike_after[k] - s.last_strike[k] <= p.response_chain_days
    s.chain[k] = s.chain[k] + 1 if continues else 1
    s.longest_chain = max(s.longest_chain, s.chain[k])
    s.last_strike[k] = s.now
    s.strikes[k] += 1
    s.strike_at[k] = math.inf
    tell(s, TOLD_STRIKE, k, s.chain[k], 0.0)
    if p.response_to_pressure:
        s.domestic_pressure += p.pressure_per_strike


def _set_effect(s: State, p: Parameters, k: int, effect: int, days: float) -> None:
    s.effect[k] = effect
    s.effect_until[k] = s.now + days
