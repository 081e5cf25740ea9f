"""The state of one replication, and what every rule may do with it: wake a process, take a ticket, tell what happened.

The module is long because everything that changes in a replication is declared here, once.
"""

import math
from dataclasses import dataclass, field, fields
from typing import Any

from sim.rules.parameters import Parameters

# State of a site.
OPEN = 0
WAITING = 1  # down to its garrison, waiting for a closing crew
CLOSING = 2
CLOSED = 3
READY = 4  # the work is done; closed as soon as it is down to its garrison

# State of a phase.
PENDING = 0
MOVING = 1
HELD = 2
REACHED = 3
CANCELLED = 4

# State of the talks.
NO_TALKS = 0
PROGRESSING = 1
STALLED = 2
SUSPENDED = 3
AGREED = 4
BROKEN_DOWN = 5
OVERTAKEN = 6  # by a demand to leave
TALK_STATES = 7

# State of a suppression (truce, stop order).
TO_COME = 0
IN_FORCE = 1
OVER = 2
LAPSED = 3  # talks do not progress; it is in force again once they do

# What a strike does to attacks in its theatre; the stages follow in this order.
NO_EFFECT = 0
DROP = 1
RISE = 2

# Milestones. Numbers from PHASE_MILESTONES on mean that a phase has reached its target.
AGREEMENT = 0
BREAKDOWN = 1
DEMAND = 2
RESURGENCE = 3
MASS_CASUALTY = 4
FATAL_ATTACK = 5
PHASE_MILESTONES = 6

# Why a replication cannot go on.
TOO_MANY_ATTACKS = 1  # the intensity rose above the highest strip of the rain
OUT_OF_BOUNDS = 2  # a number grew too large

# Why a phase is held.
AFTER_FATAL_ATTACK = 1
WHILE_SUSPENDED = 2
ABOVE_THREAT = 3

# What drove an attack.
BY_BACKGROUND = 0
BY_POLITICS = 1
BY_CONTAGION = 2

# What a step tells. `told.TOLD` says what the numbers told with each code mean.
TOLD_ATTACK = 0
TOLD_HARM = 1
TOLD_STRIKE = 2
TOLD_SUSPENDED = 3
TOLD_RESUMED = 4
TOLD_ROUND = 5
TOLD_STALLED = 6
TOLD_REPORT = 7
TOLD_MILESTONE = 8
TOLD_PHASE_BEGINS = 9
TOLD_HELD = 10
TOLD_RELEASED = 11
TOLD_FASTER = 12
TOLD_TRANCHE = 13
TOLD_LOAD = 14
TOLD_SITE_CLOSING = 15
TOLD_SITE_CLOSED = 16
TOLD_TENSION = 17
TOLD_SUPPRESSION = 18
TOLD_ABOVE = 19
TOLD_BELOW = 20
TOLD_THEATRE_DONE = 21
TOLD_COMPLETE = 22
TOLD_LATE = 23
TOLD_CANCELLED = 24
TOLD_KIND = 25
TOLD_FOLLOW_UP = 26
TOLD_ORDERED = 30
TOLD_REDATED = 31
TOLD_REVERSED = 32
TOLD_PUT_OFF = 33
TOLD_AHEAD = 34
TOLD_GATHERED = 35
TOLD_FILLED = 36
TOLD_READY = 37
TOLD_CARGO = 40
TOLD_CARGO_OUT = 41
TOLD_LAPSED = 45
TOLD_RENEWED = 46

DRIVERS = 3
STRIPS = 8192  # of the rain, so it reaches 1,024 attacks per day in a theatre
MOST_POINTS = 5 * STRIPS  # in one theatre's block of the rain; the mean is four for each strip that is drawn
MOST_INTERVALS = 4 * STRIPS  # of one theatre's block of the rain


SPARSE = ("points", "intervals")
"""What there could be very many of. The SimPy clock's lists of these have only the entries that have been written."""


def per(what: str, start: Any = 0) -> Any:
    """Declare a list in the state: what it has one entry for (theatres, sites, ...), and the value at the start."""
    return field(default_factory=list, metadata={"per": what, "start": start})


@dataclass(slots=True)
class State:
    """Everything that changes in a replication. Times are days since the start of the scenario.

    `per` names what a list has one entry for. Counts start at zero, times of what has not happened yet at infinity.
    """

    now: float = 0.0

    # for the clock: the processes to ask again, and what the step told
    woken: list[bool] = per("processes", False)
    waking: list[int] = per("processes")
    wakes: int = 0
    told: int = 0
    told_what: list[int] = per("notes")
    told_where: list[int] = per("notes")
    told_amount: list[float] = per("notes", 0.0)
    told_detail: list[float] = per("notes", 0.0)
    given_up: int = 0  # why the replication cannot go on, or 0

    # posture
    troops: list[int] = per("sites")
    site: list[int] = per("sites")  # OPEN ... READY
    site_initial: list[int] = per("sites")  # troops at the start
    true_factor: list[float] = per("theatres", 0.0)  # true over reported strength
    initial: list[int] = per("theatres")
    present: list[int] = per("theatres")
    brought: list[int] = per("theatres")  # reinforcements sent
    withdrawn: list[int] = per("theatres")
    in_transit: list[int] = per("theatres")
    evacuated: list[int] = per("theatres")
    killed: list[int] = per("theatres")
    troop_days: list[float] = per("theatres", 0.0)  # as counted so far, up to `counted_to`
    counted_to: list[float] = per("theatres", 0.0)
    days_present: float = 0.0  # days with anybody present, up to `days_counted_to`
    days_counted_to: float = 0.0
    thinnest: int = 0
    floor: list[int] = per("theatres")  # strength at which its drawdown is complete, or -1 if none is planned
    site_floor: list[int] = per("sites")  # troops that the planned phases leave at each site
    exposure: list[float] = per("exposures", 0.0)  # see `exposure`
    exposure_half: list[int] = per("theatres")  # the place of the first site
    total_initial: int = 0
    total_present: int = 0

    # drawdown
    phase: list[int] = per("phases")  # PENDING ... CANCELLED; changed by `set_phase` only
    phase_changes: int = 0
    phase_troops: list[int] = per("phases")  # troops at its sites
    phase_open_from: list[int] = per("phases")  # none of its sites in front of this place is open and to be closed
    phase_gives_from: list[int] = per("phases")  # none in front of this place has troops to give
    phase_turn_from: list[int] = per("phases")  # all in front of this place are done with
    phase_goal: list[int] = per("phases")
    phase_from: list[int] = per("phases")
    phase_closes_last: list[int] = per("phases", -1)  # the last site that it closes, counted in its closing order
    phase_rear_party: list[int] = per("phases")  # troops that stay until the last site is closed
    phase_begun: list[float] = per("phases", math.inf)
    phase_last_move: list[float] = per("phases", 0.0)  # planned date of the last tranche before the rear party
    phase_end: list[float] = per("phases", 0.0)  # planned end
    phase_shift: list[float] = per("phases", 0.0)  # days added by holds; once the phase goes faster, those since then
    phase_earlier_shift: list[float] = per("phases", 0.0)  # days added by holds before the phase went faster
    phase_hurried: list[float] = per("phases", math.inf)  # when the phase began to go faster, or infinity
    phase_tranches: list[int] = per("phases")
    phase_tranche: list[int] = per("phases")  # next tranche, counted from 1
    phase_site_closed: list[bool] = per("phases", False)  # has just moved troops and may be at its target
    phase_late: list[bool] = per("phases", False)
    held_since: list[float] = per("phases", 0.0)
    held_until: list[float] = per("phases", 0.0)
    held_why: list[int] = per("phases")  # the cause that lasts longest
    held_for_fatal: list[float] = per("phases", -math.inf)  # until when this cause holds the phase
    held_for_talks: list[float] = per("phases", -math.inf)
    held_for_threat: list[float] = per("phases", -math.inf)
    held_days: list[float] = per("phases", 0.0)
    hold_spent: list[bool] = per("phases", False)  # held to the limit by the threat; not again until that falls
    phase_reached_at: list[float] = per("phases", math.inf)
    phase_ordered: list[float] = per("phases", math.inf)  # when a phase was ordered, or infinity
    phase_planned_end: list[float] = per("phases", math.inf)  # end as planned on that day, whatever came later
    phase_first_move: list[float] = per("phases", -math.inf)  # under orders, a phase does not begin before
    phase_redated: list[int] = per("phases")  # how often its date has moved back
    phase_redating_at: list[float] = per("phases", math.inf)  # when it will do so next
    phase_reversal_at: list[float] = per("phases", math.inf)  # when the order will be reversed
    phase_reversed: list[bool] = per("phases", False)
    gathered: list[int] = per("phases")  # troops moved to other sites of the theatre so far
    asked: list[int] = per("phases")  # troops waiting for lift
    lift_ticket: list[int] = per("phases")  # place in the queue for lift
    next_ticket: int = 0
    load_phase: list[int] = per("modes", -1)  # the phase that a mode works for; -1: it is free
    load_troops: list[int] = per("modes")
    load_cargo: list[int] = per("modes")
    lift_until: list[float] = per("modes", 0.0)
    loads: int = 0  # of troops
    moved: list[int] = per("modes")  # troops taken up
    slipping: bool = False
    milestone: list[float] = per("milestones", math.inf)  # when it was reached, or infinity
    theatre_done_at: list[float] = per("theatres", math.inf)
    completed_at: float = math.inf  # for the first time
    follow_up_over: bool = False

    # cargo: equipment that leaves after the troops, in whole boxes
    cargo: list[int] = per("sites")  # not yet free to leave
    cargo_initial: list[int] = per("theatres")
    cargo_left: list[int] = per("theatres")  # not yet out of the theatre
    cargo_waiting: list[int] = per("phases")  # left by the troops of a phase, waiting for lift
    cargo_ticket: list[int] = per("phases")  # place in the queue for lift, behind all troops
    cargo_loads: int = 0
    cargo_moved: list[int] = per("modes")  # taken up
    cargo_out_at: float = math.inf  # the last of it, after the drawdown was complete

    # closing crews
    handover_at: list[float] = per("sites", math.inf)  # when the work is to begin, drained or not
    closing_phase: list[int] = per("sites")  # the phase that closes it; -1 while there is none
    sites_ready: int = 0  # where the work is done, and which wait for their troops to go
    queue_first: int = -1  # of the sites that wait for a crew, or -1
    queue_last: int = -1
    queue_behind: list[int] = per("sites", -1)
    closing_until: list[float] = per("sites", math.inf)
    site_closings: list[int] = per("sites")  # how often a crew has begun to close it
    crews_busy: int = 0
    sites_closed: list[int] = per("theatres")
    closings: int = 0  # of sites, including those opened again later

    # regional tension, truces and stop orders
    tension_high: bool = False
    tension_until: float = math.inf
    tension_switch: int = 0  # next dated switch
    high_days: float = 0.0
    tension_since: float = 0.0
    suppression: list[int] = per("suppressions")  # TO_COME ... LAPSED
    suppression_until: list[float] = per("suppressions", math.inf)
    talks_seen: list[bool] = per("suppressions", True)  # whether talks went on when it last took notice
    patience: list[float] = per("suppressions", math.inf)  # days without progress in talks that it still outlasts
    patience_until: list[float] = per("suppressions", math.inf)  # when that ends it, while talks do not progress

    # attacks, by theatre
    excitation: list[float] = per("theatres", 0.0)  # attacks per day, at `excited_at`
    excited_at: list[float] = per("theatres", 0.0)
    presence: list[float] = per("theatres", 1.0)  # factor of the troops present
    presence_of: list[int] = per("theatres", -1)  # the troops for which it was worked out
    calm: list[float] = per("theatres", 0.0)  # background with the troops now present, before escalation
    background: list[float] = per("theatres", 0.0)  # the same after escalation
    suppressed: list[float] = per("theatres", 0.0)  # factor on everything
    candidate: list[int] = per("theatres", -1)  # number of the next point that may be an attack, or -1
    block: list[int] = per("theatres", -1)
    strips: list[int] = per("theatres")  # strips of the block that have been drawn
    points: list[int] = per("theatres")  # points of the block that were still ahead when drawn
    intervals: list[int] = per("theatres")  # into which the block is divided
    point_time: list[float] = per("points", 0.0)
    point_height: list[float] = per("points", 0.0)
    point_place: list[int] = per("points")
    point_behind: list[int] = per("points")  # the next in the same interval, or -1
    point_first: list[int] = per("intervals")  # the first in an interval, or -1
    attacks: list[int] = per("theatres")
    attacks_by_driver: list[int] = per("drivers")  # background, politics, contagion
    attacks_by_quarter: list[int] = per("quarters")
    killed_by_quarter: list[int] = per("quarters")
    wounded_by_quarter: list[int] = per("quarters")
    phase_attacks: list[int] = per("phases")
    phase_killed: list[int] = per("phases")
    phase_wounded: list[int] = per("phases")
    quarter: int = 0
    attacks_since_tick: int = 0

    # casualties
    fatal_chance: float = 0.0  # chance that an attack of any kind kills
    deaths_head: float = 0.0  # first terms of the sums behind the mean deaths in a fatal attack
    chances_head: float = 0.0
    expected_deaths: list[float] = per("sites", -1.0)  # mean deaths in a fatal attack, or -1 if to be worked out again
    expected_killed: list[float] = per("theatres", 0.0)
    wounded_first: list[int] = per("theatres")
    wounded_final: list[int] = per("theatres")
    harmful: list[int] = per("theatres")
    fatal: list[int] = per("theatres")
    mass_casualty: list[int] = per("theatres")
    last_fatal: list[float] = per("theatres", -math.inf)
    tail_attacks: int = 0  # with a quarter or less of the initial troops left
    tail_troop_days: float = 0.0
    follow_up_attacks: list[int] = per("theatres")
    follow_up_troop_days: list[float] = per("theatres", 0.0)

    # response, by theatre
    strike_at: list[float] = per("theatres", math.inf)
    strike_after: list[float] = per("theatres", 0.0)  # time of the attack that the strike answers
    last_strike: list[float] = per("theatres", -math.inf)
    strikes: list[int] = per("theatres")
    chain: list[int] = per("theatres")
    longest_chain: int = 0
    effect: list[int] = per("theatres")
    effect_until: list[float] = per("theatres", math.inf)

    # talks and pressure
    talks: int = 0
    talks_since: float = 0.0
    talks_days: list[float] = per("talk_states", 0.0)
    next_round: float = 0.0
    suspended_until: float = -math.inf
    announce_at: float = math.inf
    last_progress: float = 0.0
    rounds: int = 0
    suspensions: int = 0
    reports: int = 0
    group_work: list[float] = per("groups", 0.0)  # days of work left while it is not working
    group_done_at: list[float] = per("groups", math.inf)  # when it will report, or infinity
    group_reported: list[bool] = per("groups", False)
    domestic_pressure: float = 0.0  # points
    review: int = 0

    # threat and capability
    threat: float = 0.0  # logarithm of the index
    rests_today: float = 0.0  # where it comes to rest at today's presence
    rests_without: float = 0.0  # and with nobody left
    tick: int = 0
    threat_ratio: float = 0.0  # threat over capability as last assessed
    above_resurgence: bool = False
    highest_ratio: float = 0.0
    ratio_at_handover: float = 0.0
    ratio_at_follow_up: float = 0.0  # at the end of the follow-up
    capability: float = 0.0
    capability_at: float = 0.0
    advisers: float = 0.0  # share of the initial advisers that is present
    halted_by_resurgence: bool = False


def lengths(counts: dict[str, int]) -> dict[str, int]:
    """Return the lengths of the lists that ``counts`` does not give directly."""
    return {
        "drivers": DRIVERS,
        "exposures": 4 * counts["sites"],
        "talk_states": TALK_STATES,
        "points": counts["theatres"] * MOST_POINTS,
        "intervals": counts["theatres"] * MOST_INTERVALS,
        "notes": 64 + 8 * (counts["phases"] + counts["theatres"] + counts["sites"] + counts["groups"]),
    }


def first_state(p: Parameters) -> State:
    """Return the state before anything has begun."""
    own = lengths({what: getattr(p, what) for what in ("theatres", "sites", "phases", "groups")})
    s = State()
    for entry in fields(State):
        if entry.metadata:
            what = entry.metadata["per"]
            length = own[what] if what in own else getattr(p, what)
            setattr(s, entry.name, {} if what in SPARSE else [entry.metadata["start"]] * length)
    return s


def wake(s: State, process: int) -> None:
    """Have the clock ask ``process`` again when it acts next."""
    if not s.woken[process]:
        s.woken[process] = True
        s.waking[s.wakes] = process
        s.wakes += 1


def wake_all(s: State, first: int, count: int) -> None:
    """Wake ``count`` processes from number ``first`` on."""
    for process in range(first, first + count):
        wake(s, process)


def forget(s: State) -> None:
    """Clear what a step told and which processes it woke, once the clock has dealt with both."""
    s.told = 0
    for i in range(s.wakes):
        s.woken[s.waking[i]] = False
    s.wakes = 0


def set_phase(s: State, j: int, state: int) -> None:
    """Set the state of phase ``j``."""
    s.phase[j] = state
    s.phase_changes += 1


def ticket(s: State) -> int:
    """Return the next ticket. Lift serves whoever waits for it in the order of their tickets."""
    number = s.next_ticket
    s.next_ticket = number + 1
    return number


def tell(s: State, what: int, where: int, amount: float, detail: float) -> None:
    """Record what happened, for logs and traces; `sim.rules.told` says what the numbers mean."""
    i = s.told
    s.told_what[i] = what
    s.told_where[i] = where
    s.told_amount[i] = amount
    s.told_detail[i] = detail
    s.told = i + 1
