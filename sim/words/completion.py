"""Outcomes that are read at completion, before it or in the follow-up, and what the horizon cuts off, in words."""

from collections.abc import Mapping
from datetime import date

from sim.rules.outcomes import WAYS
from sim.words.phrases import counted, date_text, listed, share

OTHER_DATES = "What is read at completion, before it or in the follow-up is read on different dates in different plans."
LEAST = 0.0005
"""A smaller share would be written as none."""


def up_to_completion(name: str) -> bool:
    """Whether an outcome is read at completion or counts up to it: ``threat_ratio_handover``, ``resurgence_during``."""
    return name.partition(".")[0].endswith(("_handover", "_during"))


def on_completion(name: str) -> bool:
    """Whether an outcome is read at completion, before it or in the follow-up."""
    return up_to_completion(name) or name.partition(".")[0].endswith(tuple(way for way in WAYS if way))


def no_longer_complete(shares: Mapping[str, float], end: date) -> list[str]:
    """Say in which share of replications a drawdown that had been complete is not at the end; see `not_followed_up`."""
    cut = _cut(shares, None)
    return [f"The drawdown had been complete, but no longer is on {date_text(end)}, in {cut}: troops returned, or a "
            "later event called for more to leave."] if cut else []


def not_complete(shares: Mapping[str, float], end: date, most: int | None = None) -> list[str]:
    """Say in which share of replications a plan is not complete by the horizon; see `not_followed_up`."""
    cut = _cut(shares, most)
    return [f"The drawdown is not complete by {date_text(end)} in {cut}; there, what is asked about completion or the "
            f"time before it is asked up to {date_text(end)}."] if cut else []


def not_followed_up(shares: Mapping[str, float], end: date, days: int, most: int | None = None) -> list[str]:
    """Say in which share of replications the follow-up is not over by the horizon; nothing if it always is.

    Parameters
    ----------
    shares
        By plan, the share of replications.
    end
        The horizon.
    days
        The length of the follow-up.
    most
        The most plans to name; all when left out.
    """
    cut = _cut(shares, most)
    return [f"The follow-up of {counted(days, 'day')} after completion is not over by {date_text(end)} in {cut} "
            "(replications that are not complete by then included); there, what is asked about it is asked up to "
            f"{date_text(end)}."] if cut else []


def _cut(shares: Mapping[str, float], most: int | None) -> str:
    return listed((f"{share(part) if part >= LEAST else f'less than {share(LEAST)}'} of {name}"
                   for name, part in shares.items() if part > 0), most)
