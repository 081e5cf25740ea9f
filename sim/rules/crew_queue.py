"""The queue for closing crews: sites in the order in which they came, each with the one behind it."""

from sim.rules.state import State


def join(s: State, site: int) -> None:
    """Let a site wait behind all others."""
    s.queue_behind[site] = -1
    if s.queue_last < 0:
        s.queue_first = site
    else:
        s.queue_behind[s.queue_last] = site
    s.queue_last = site


def leave(s: State, site: int) -> None:
    """Take a site out, usually the first."""
    before = -1
    other = s.queue_first
    while other != site:
        before = other
        other = s.queue_behind[other]
    if before < 0:
        s.queue_first = s.queue_behind[site]
    else:
        s.queue_behind[before] = s.queue_behind[site]
    if s.queue_last == site:
        s.queue_last = before
