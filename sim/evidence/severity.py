"""What the harm of single attacks shows: how many attacks harm and kill, how many people, and what is reported late.

The laws are those of the model's casualties (see `sim.rules.casualties`), so that estimates can be used in a scenario.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.evidence.deaths import EXPONENTS, FEWEST, SETS, Deaths, fit_deaths
from sim.evidence.fitted import FittedValue, as_json, by_likelihood, ratio_of_sums, share
from sim.evidence.record import Floats, Harm, Whole
from sim.evidence.wounds import Wounds, fit_wounds, geometric_log_chances

FATAL, EXPONENT, PER_DEATH = (
    "casualties.fatal_chance", "casualties.severity_exponent", "casualties.wounded_per_death")
LOWEST, HIGHEST = 1e-3, 1e4
"""The range in which means and ratios are searched."""


@dataclass(frozen=True)
class Delay:
    """How long after an attack it is reported.

    Attributes
    ----------
    law
        ``geometric`` for delays in whole days, otherwise ``exponential``. It is one law: an exponential delay that is
        cut to whole days is geometric.
    attacks
        How many delays are known.
    mean, percentile_95
        In days.
    truncated
        Whether the estimate allows for delays too long to be seen before the end of the window.
    """

    law: str
    attacks: int
    mean: FittedValue
    percentile_95: FittedValue
    truncated: bool


@dataclass(frozen=True)
class Severity:
    """What single attacks did. An estimate that cannot be made is None, and a warning says why.

    Attributes
    ----------
    attacks
        Attacks that are known to have harmed somebody or nobody.
    harm_share
        Share of these that harmed somebody (90 % intervals of shares are those of Clopper and Pearson).
    fatal_share
        Share of harmful attacks that killed, among those with known numbers of wounded. In other attacks only deaths
        would show that they were harmful.
    deaths
        Deaths of fatal attacks.
    wounds
        First-reported wounded of attacks that killed nobody.
    wounded_per_death
        First-reported wounded for each of the dead in fatal attacks.
    late_factor
        Final over first-reported wounded, a ratio of sums.
    delay
        From attack to report.
    warnings
        What readers should know about these numbers, a line each.
    left_out
        For each key that is not written into a scenario file although there is a number: why.
    """

    attacks: int
    harm_share: FittedValue | None
    fatal_share: FittedValue | None
    deaths: Deaths | None
    wounds: Wounds | None
    wounded_per_death: FittedValue | None
    late_factor: FittedValue | None
    delay: Delay | None
    warnings: tuple[str, ...]
    left_out: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is written into files: by name, with estimates as ``{"estimate": x, "ci90": [a, b]}``."""
        written: dict[str, Any] = as_json(self)
        return written


def severity(harm: Harm, room_days: Floats | None = None, sets: int = SETS, seed: int = 1) -> Severity:
    """Estimate what single attacks do.

    Parameters
    ----------
    harm
        The attacks.
    room_days
        Days from each attack to the end of the window in which its report would have been seen. When left out, delays
        of any length are taken to have been seen.
    sets, seed
        Number of synthetic sets behind the p-values of the deaths, and the seed of their draws.
    """
    warnings: list[str] = []
    did, did_not = _harmful(harm), _harmless(harm)
    decided = did | did_not
    telling = did & (harm.killed >= 0) & (np.maximum(harm.wounded, harm.wounded_final) >= 0)
    deaths = _deaths(harm.killed[harm.killed > 0], sets, seed, warnings)
    left_out = _left_out(harm, deaths)
    return Severity(
        int(decided.sum()),
        share(int(did.sum()), int(decided.sum())) if did_not.any() else None,
        None if FATAL in left_out else share(int((harm.killed[telling] > 0).sum()), int(telling.sum())),
        deaths,
        fit_wounds(harm.wounded[(harm.wounded >= 0) & (harm.killed <= 0)], warnings),
        _wounded_per_death(harm, warnings),
        _late_factor(harm, warnings),
        _delay(harm.delay_days, room_days, warnings),
        tuple(warnings), left_out)


def one_sided(harm: Harm) -> str:
    """Say which attacks a file holds if it holds only some kinds, and so does not show how often attacks come; else "".

    UCDP GED lists only events that killed somebody. In other files the attacks themselves show it: among five or more,
    it is no coincidence if all killed or harmed somebody.
    """
    if harm.layout == "ged" or (harm.killed > 0).all():
        return "fatal attacks"
    return "attacks that harmed somebody" if _harmful(harm).all() else ""


def _left_out(harm: Harm, deaths: Deaths | None) -> dict[str, str]:
    """Say which keys these attacks do not inform although there are numbers for them."""
    reasons = {}
    if (harm.killed > 0).any():
        if one_sided(harm) == "fatal attacks":
            reasons[FATAL] = "the file holds fatal attacks only, so it does not say how many harmful attacks kill"
        elif not ((harm.killed == 0) & (np.maximum(harm.wounded, harm.wounded_final) >= 0)).any():
            reasons[FATAL] = ("for attacks without deaths the wounded are not known, so only deaths show which attacks "
                              "were harmful")
    if deaths is not None and deaths.exponent.estimate > 0.999 * EXPONENTS[1]:
        reasons[EXPONENT] = f"it comes out at {EXPONENTS[1]:g}, the end of the range that is searched"
    if harm.all_sides and (harm.killed > 0).any():
        reasons |= dict.fromkeys((FATAL, EXPONENT, PER_DEATH), "the file counts the dead on all sides, and the key is "
                               "about the troops")
    return reasons


def scenario_keys(severity: Severity) -> dict[str, FittedValue]:
    """Return the estimates that have a key in a scenario file, by key.

    ``casualties.harm_chance`` is not among them. It is the chance that an attack that got through harms somebody. A
    record says only how many of all attacks harmed somebody; it is that share over the ``gets_through`` of the kinds.
    """
    estimates: dict[str, FittedValue | None] = {
        FATAL: severity.fatal_share,
        EXPONENT: severity.deaths.exponent if severity.deaths else None,
        "casualties.wounded_mean": severity.wounds.wounded_mean if severity.wounds else None,
        PER_DEATH: severity.wounded_per_death,
        "casualties.late_factor": severity.late_factor,
    }
    return {key: estimate for key, estimate in estimates.items()
            if estimate is not None and key not in severity.left_out}


def _harmful(harm: Harm) -> Any:
    return (harm.killed > 0) | (harm.wounded > 0) | (harm.wounded_final > 0)


def _harmless(harm: Harm) -> Any:
    """Say which attacks are known to have harmed nobody: no deaths and, in the last count given, no wounded."""
    return (harm.killed == 0) & (np.maximum(harm.wounded, harm.wounded_final) == 0)


def _deaths(deaths: Whole, sets: int, seed: int, warnings: list[str]) -> Deaths | None:
    if len(deaths) < FEWEST:
        warnings.append(f"deaths: fatal attacks: {len(deaths)}; to fewer than {FEWEST} no power law is fitted")
        return None
    fitted = fit_deaths(deaths, sets, seed)
    if fitted.exponent.high == EXPONENTS[1]:
        warnings.append(f"deaths: the exponent is not bounded from above by these data; {EXPONENTS[1]:g} is where the "
                        "search ends")
    if fitted.p_value.estimate <= 0.1:
        warnings.append(f"deaths: a power law from one death on is ruled out (p = {fitted.p_value.estimate:.2f})")
    return fitted


def _wounded_per_death(harm: Harm, warnings: list[str]) -> FittedValue | None:
    """Estimate v where the wounded beside K dead are geometric from 0 with mean v K."""
    told = (harm.killed > 0) & (harm.wounded >= 0)
    killed, wounded = harm.killed[told], harm.wounded[told]
    if wounded.sum() == 0:
        warnings.append("wounded per death: nobody is known to have been wounded in a fatal attack")
        return None
    return by_likelihood(lambda v: float(geometric_log_chances(v * killed, wounded).sum()), LOWEST, HIGHEST)


def _late_factor(harm: Harm, warnings: list[str]) -> FittedValue | None:
    told = (harm.wounded > 0) & (harm.wounded_final >= 0)
    factor = ratio_of_sums(harm.wounded_final[told], harm.wounded[told])
    if factor is None:
        warnings.append(f"late factor: attacks with a first and a final number of wounded: {int(told.sum())}; it "
                        "takes at least two")
    return factor


def _delay(delay_days: Floats, room_days: Floats | None, warnings: list[str]) -> Delay | None:
    told = np.isfinite(delay_days)
    delays = delay_days[told]
    if len(delays) < 2 or delays.sum() == 0:
        warnings.append(f"delay: attacks with a known delay of their report: {len(delays)}; it takes at least two, and "
                        "not all without delay")
        return None
    room = np.full(len(delays), math.inf) if room_days is None else np.maximum(room_days[told], delays)
    in_whole_days = bool((delays == np.floor(delays)).all())
    mean = by_likelihood(_delay_likelihood(delays, room, in_whole_days), LOWEST, HIGHEST)
    if mean.high == HIGHEST:
        warnings.append("delay: within this window delays do not thin out; they may be of any length")
    tail = _percentile_whole if in_whole_days else _percentile
    return Delay("geometric" if in_whole_days else "exponential", len(delays), mean,
                 FittedValue(tail(mean.estimate), tail(mean.low), tail(mean.high)), room_days is not None)


def _delay_likelihood(delays: Floats, room: Floats, in_whole_days: bool) -> Callable[[float], float]:
    """Return the log likelihood of a mean delay, given that no delay can be longer than its room.

    That is f(d) / F(room) (Kalbfleisch and Lawless 1989). With q = mean / (1 + mean), the chance that a geometric delay
    is at most n days is 1 - q^(n + 1).
    """
    def of_whole_days(mean: float) -> float:
        seen = -np.expm1((np.floor(room) + 1) * -math.log1p(1 / mean))
        return float((geometric_log_chances(mean, delays) - np.log(seen)).sum())

    def of_fractions(mean: float) -> float:
        return float((-delays / mean - math.log(mean) - np.log(-np.expm1(-room / mean))).sum())

    return of_whole_days if in_whole_days else of_fractions


def _percentile(mean: float) -> float:
    """Return the 95th percentile of an exponential delay."""
    return mean * math.log(20)


def _percentile_whole(mean: float) -> float:
    """Return the 95th percentile of a geometric delay: the least n that is exceeded with a chance of at most 5 %."""
    return max(0.0, math.ceil(math.log(20) / math.log1p(1 / mean) - 1e-9) - 1.0)
