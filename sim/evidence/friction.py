"""What comes between a plan and its being carried out, learnt from the record of drawdowns, for each kind of plan.

Most kinds have few episodes, so each is shrunk towards all: in every estimate of a kind, the episodes of that kind
weigh 1 each, and all episodes together weigh as much as `STRENGTH` more. A kind with many episodes has its own mean,
one with none that of all. `docs/record.md` says why the weight is what it is.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.evidence.conduct import Count
from sim.evidence.departures import lag, unevenness
from sim.evidence.drawdowns import KINDS, MONTH, Episode
from sim.evidence.fitted import TAIL
from sim.evidence.record import Floats

STRENGTH = 4.0
"""How many episodes of its own all episodes together count for in the estimates of a kind."""
ALL = "all"
"""The name of the estimates from all episodes alike."""
LEAST_DAYS = 1.0
"""A first move on the day of the order, or before it, counts as one after a day, since logarithms are taken."""


@dataclass(frozen=True)
class Chance:
    """A chance.

    Attributes
    ----------
    chance, low, high
        The estimate, shrunk, and its 90 % interval: quantiles of the beta distribution with that mean which counts
        the kind's own cases and the strength.
    happened, cases
        In how many episodes of the kind it happened, of how many.
    """

    chance: float
    low: float
    high: float
    happened: int
    cases: int


@dataclass(frozen=True)
class Spread:
    """A positive quantity, lognormal.

    Attributes
    ----------
    median
        Its median, shrunk.
    sigma
        Standard deviation of its logarithm, shrunk.
    cases
        In how many episodes of the kind it is known.
    """

    median: float
    sigma: float
    cases: int


@dataclass(frozen=True)
class Friction:
    """What comes between plans of a kind and their being carried out.

    Attributes
    ----------
    cases
        Number of episodes of the kind.
    first_move
        Days from the announcement to the first move, as a share of the planned days.
    reversed
        The chance that the order is reversed.
    redated
        The chance that the date moves back: a later date, a missed one, or an end more than `drawdowns.ON_TIME` days
        late.
    redating_months
        By how many months in all, where it moves back to a date that is known.
    redatings
        Mean number of changes of the date, where it moves back.
    early
        The chance of an early end, where the date did not move back and the order was not reversed.
    early_share
        How early, as a share of the planned days.
    """

    cases: int
    first_move: Spread
    reversed: Chance
    redated: Chance
    redating_months: Spread
    redatings: float
    early: Chance
    early_share: Spread


def fitted(episodes: Sequence[Episode], strength: float = STRENGTH) -> dict[str, Friction]:
    """Estimate what comes between plans of each kind and their being carried out.

    To leave an episode out, leave it out of the episodes.

    Parameters
    ----------
    episodes
        The record, or part of it.
    strength
        How many episodes of its own all episodes together count for in the estimates of a kind, above 0.

    Returns
    -------
    dict
        By kind of plan, and under `ALL` from all episodes alike.

    Raises
    ------
    ValueError
        Some quantity is known for no episode, or the strength is not above 0.
    """
    if not strength > 0:
        raise ValueError(f"strength must be above 0, not {strength}")
    return {kind: _friction(episodes, kind, strength) for kind in (ALL, *KINDS)}


def weights(episodes: Sequence[Episode], kind: str, strength: float = STRENGTH) -> Floats:
    """Return the chance of each episode where whole episodes are drawn for a plan of a kind, shape (episodes,)."""
    if kind == ALL or not episodes:
        return np.full(len(episodes), 1 / max(len(episodes), 1))
    own = np.array([episode.kind == kind for episode in episodes], float)
    share: Floats = (own + strength / len(episodes)) / (own.sum() + strength)
    return share


def scores(episodes: Sequence[Episode], strength: float) -> dict[str, float]:
    """Return how well each episode is foretold by the others: sums of log scores (higher is better).

    Parameters
    ----------
    episodes
        The record.
    strength
        As for `fitted`; infinity treats all kinds alike.

    Returns
    -------
    dict
        For the first move (log density of its logarithm), and for whether the date moved back, the order was reversed
        and the end was early (log chance).
    """
    found = {"first_move": 0.0, "redated": 0.0, "reversed": 0.0, "early": 0.0}
    for i, episode in enumerate(episodes):
        others = [*episodes[:i], *episodes[i + 1:]]
        kind = ALL if math.isinf(strength) else episode.kind
        one = _friction(others, kind, strength)
        share = _first_move(episode)
        if share is not None:
            spread = NormalDist(math.log(one.first_move.median), one.first_move.sigma)
            found["first_move"] += math.log(spread.pdf(math.log(share)))
        asked = {"redated": (one.redated, episode.moved), "reversed": (one.reversed, episode.ending == "reversed")}
        if _kept(episode):
            asked["early"] = (one.early, episode.ending == "early")
        for name, (chance, happened) in asked.items():
            foretold = chance.chance if happened else 1 - chance.chance
            found[name] += math.log(foretold) if foretold > 0 else -math.inf
    return found


def written(
    friction: dict[str, Friction], episodes: Sequence[Episode], counts: Sequence[Count], strength: float = STRENGTH,
) -> str:
    """Return the estimates, and what each episode contributes to what the rules draw, as a TOML file."""
    return "\n".join([
        "# What comes between a plan and its being carried out, by kind of plan: see docs/record.md.",
        "# Written by `python docs/record_tables.py` from the record in sim/evidence/data. Change that, not this.", "",
        f"strength = {strength:g}", *_tables(friction), *_episodes(episodes, counts), ""])


def _friction(episodes: Sequence[Episode], kind: str, strength: float) -> Friction:
    kept = [episode for episode in episodes if _kept(episode)]
    moved = [episode for episode in episodes if episode.moved]
    if not moved or not kept:
        raise ValueError("needs an episode whose date moved back and one that kept its date")
    return Friction(
        cases=sum(_is(kind, episode) for episode in episodes),
        first_move=_spread(episodes, kind, strength, _first_move),
        reversed=_chance(episodes, kind, strength, lambda episode: episode.ending == "reversed"),
        redated=_chance(episodes, kind, strength, lambda episode: episode.moved),
        redating_months=_spread(episodes, kind, strength, lambda episode: episode.moved_months),
        redatings=float(weights(moved, kind, strength) @ [max(1, episode.redatings) for episode in moved]),
        early=_chance(kept, kind, strength, lambda episode: episode.ending == "early"),
        early_share=_spread(kept, kind, strength, _early_share))


def _is(kind: str, episode: Episode) -> bool:
    return kind in (ALL, episode.kind)


def _kept(episode: Episode) -> bool:
    """Whether a plan kept its date, or ended before it."""
    return not episode.moved and episode.ending in ("early", "on_time")


def _first_move(episode: Episode) -> float | None:
    if episode.delay_days is None or not episode.planned_days:
        return None
    return max(LEAST_DAYS, episode.delay_days) / episode.planned_days


def _early_share(episode: Episode) -> float | None:
    return 1 - episode.slip if episode.slip is not None and episode.slip < 1 else None


def _chance(episodes: Sequence[Episode], kind: str, strength: float, of: Callable[[Episode], bool]) -> Chance:
    happened = np.array([of(episode) for episode in episodes])
    own = np.array([_is(kind, episode) for episode in episodes])
    chance = float(weights(episodes, kind, strength) @ happened)
    return Chance(chance, *_interval(chance, float(own.sum()) + strength), int(happened[own].sum()), int(own.sum()))


def _interval(chance: float, cases: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    if math.isinf(cases) or not 0 < chance < 1:
        return chance, chance
    low, high = betaincinv(chance * cases, (1 - chance) * cases, [TAIL, 1 - TAIL])
    return float(low), float(high)


def _spread(episodes: Sequence[Episode], kind: str, strength: float, of: Callable[[Episode], float | None]) -> Spread:
    known = [(episode, value) for episode in episodes if (value := of(episode)) is not None]
    if not known:
        raise ValueError("a quantity is known for none of the episodes")
    having = [episode for episode, _ in known]
    share = weights(having, kind, strength)
    logs = np.log([value for _, value in known])
    mean = float(share @ logs)
    sigma = math.sqrt(float(share @ (logs - mean) ** 2))
    return Spread(math.exp(mean), sigma, sum(_is(kind, episode) for episode in having))


def _tables(friction: dict[str, Friction]) -> Iterator[str]:
    for kind, one in friction.items():
        yield f"\n[kinds.{kind}]"
        for field in fields(one):
            yield f"{field.name} = {_value(getattr(one, field.name))}"


def _episodes(episodes: Sequence[Episode], counts: Sequence[Count]) -> Iterator[str]:
    yield "\n# What is left out did not happen (redatings, early_share, reversal_chance) or is not known (all others)."
    for episode in episodes:
        times = max(1, episode.redatings) if episode.moved else None
        known = {
            "first_move_share": _first_move(episode), "redatings": times,
            "redating_days": episode.moved_months * MONTH / times if episode.moved_months and times else None,
            "early_share": _early_share(episode) if _kept(episode) else None,
            "reversal_chance": 1 if episode.ending == "reversed" else None,
            "unevenness": unevenness(episode, counts), "lag": lag(episode, counts)}
        yield "\n[[episodes]]"
        yield f'id = "{episode.id}"\nkind = "{episode.kind}"'
        yield from (f"{name} = {_value(value)}" for name, value in known.items() if value is not None)


def _value(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    return "{" + ", ".join(f"{part.name} = {_value(getattr(value, part.name))}" for part in fields(value)) + "}"
