"""When either clock gives up on a replication."""

from sim.rules.state import OUT_OF_BOUNDS, TOO_MANY_ATTACKS

EVENT_BUDGET = 1_000_000
"""Events after which a replication is given up, so that a runaway scenario is reported instead of hanging."""

REASONS = {TOO_MANY_ATTACKS: "attacks became too frequent to be played",
           OUT_OF_BOUNDS: "its numbers grow beyond all bounds"}


class GivenUp(Exception):
    """A replication has too many events, or numbers too large, to be played to the end."""


def given_up(why: int, budget: int) -> GivenUp:
    """Say why a replication is given up.

    Parameters
    ----------
    why
        As in `State.given_up`; 0 if the budget of events is used up.
    budget
        That budget.
    """
    return GivenUp(REASONS.get(why, f"more than {budget:,} events"))
