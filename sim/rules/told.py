"""What a rule can tell with `state.tell`: each code with its name, what it is about and what its two numbers mean.

The story of a replication takes the name of an event and its place from here; `sim.words.story` has the words.
"""

from typing import NamedTuple

from sim.rules import state as codes


class Told(NamedTuple):
    """Something that a rule can tell.

    Attributes
    ----------
    code
        Its number, a ``TOLD_`` constant of `sim.rules.state`.
    name
        The kind of event in traces. It stays the same from version to version.
    where
        What the number ``where`` counts: ``theatre``, ``phase``, ``site``, ``group``, ``milestone`` or
        ``suppression``; empty where it means nothing and is 0.
    amount, detail
        What the two numbers mean, and their unit; empty where a number means nothing and is 0.
    """

    code: int
    name: str
    where: str
    amount: str
    detail: str


TOLD = (
    Told(codes.TOLD_ATTACK, "attack", "theatre", "site struck (number)", "driver (a BY_ constant)"),
    Told(codes.TOLD_HARM, "harm", "theatre", "killed (persons)", "wounded by first report (persons)"),
    Told(codes.TOLD_STRIKE, "strike", "theatre", "length of the tit-for-tat chain (strikes)", ""),
    Told(codes.TOLD_SUSPENDED, "suspended", "", "end of the suspension (day)", ""),
    Told(codes.TOLD_RESUMED, "resumed", "", "", ""),
    Told(codes.TOLD_ROUND, "round", "", "number of the round, from 1", ""),
    Told(codes.TOLD_STALLED, "stalled", "", "", ""),
    Told(codes.TOLD_REPORT, "report", "group", "", ""),
    Told(codes.TOLD_MILESTONE, "milestone", "milestone", "", ""),
    Told(codes.TOLD_PHASE_BEGINS, "begins", "phase", "strength at its sites (troops)", "target strength (troops)"),
    Told(codes.TOLD_HELD, "hold", "phase", "end of the hold (day)", "cause that lasts longest (number)"),
    Told(codes.TOLD_RELEASED, "released", "phase", "length of the hold (days)", ""),
    Told(codes.TOLD_FASTER, "faster", "phase", "", ""),
    Told(codes.TOLD_TRANCHE, "tranche", "phase", "further troops that ask for lift (troops)", ""),
    Told(codes.TOLD_LOAD, "load", "phase", "size of the load (troops)", "arrival (day)"),
    Told(codes.TOLD_SITE_CLOSING, "closing", "site", "end of the work (day)", ""),
    Told(codes.TOLD_SITE_CLOSED, "closed", "site", "garrison that moves to another site (troops)", ""),
    Told(codes.TOLD_TENSION, "tension", "", "1 if it is now high, 0 if low", ""),
    Told(codes.TOLD_SUPPRESSION, "suppression", "suppression", "1 if it begins, 0 if it ends", ""),
    Told(codes.TOLD_ABOVE, "above", "", "threat over capability (ratio)", ""),
    Told(codes.TOLD_BELOW, "below", "", "threat over capability (ratio)", ""),
    Told(codes.TOLD_THEATRE_DONE, "done", "theatre", "troops left (troops)", ""),
    Told(codes.TOLD_COMPLETE, "complete", "", "troops left everywhere (troops)", ""),
    Told(codes.TOLD_LATE, "late", "phase", "", ""),
    Told(codes.TOLD_CANCELLED, "cancelled", "phase", "", ""),
    Told(codes.TOLD_KIND, "kind", "theatre", "kind of the attack (number)", "1 if it got through, 0 if not"),
    Told(codes.TOLD_GATHERED, "gathered", "phase", "troops that move to other sites of the theatre (troops)", ""),
    Told(codes.TOLD_FILLED, "filled", "site", "troops that come from other sites of the phase (troops)", ""),
    Told(codes.TOLD_READY, "ready", "site", "troops that still hold the site (troops)", ""),
    Told(codes.TOLD_LAPSED, "lapsed", "suppression", "", ""),
    Told(codes.TOLD_RENEWED, "renewed", "suppression", "", ""),
    Told(codes.TOLD_CARGO, "cargo", "phase", "size of the load (boxes)", "arrival (day)"),
    Told(codes.TOLD_CARGO_OUT, "cargo_out", "", "time since the drawdown was complete (days)", ""),
    Told(codes.TOLD_FOLLOW_UP, "follow_up", "", "troops left everywhere (troops)", "threat over capability (ratio)"),
    Told(codes.TOLD_ORDERED, "ordered", "phase", "first move (day)", "planned end (day)"),
    Told(codes.TOLD_REDATED, "redated", "phase", "further time given (days)", "new end (day)"),
    Told(codes.TOLD_REVERSED, "reversed", "phase", "", ""),
    Told(codes.TOLD_PUT_OFF, "put_off", "phase", "number of the tranche, from 1", ""),
    Told(codes.TOLD_AHEAD, "ahead", "phase", "days ahead of the plan (days)", "end aimed at (day)"),
)

BY_CODE = {entry.code: entry for entry in TOLD}
