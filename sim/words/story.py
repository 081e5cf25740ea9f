"""One replication told event by event: when, where, what happened, and the state that made it possible."""

import io
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta

from sim.clocks.reference import Record, ReferenceClock
from sim.model.setup import Model, set_up
from sim.rules import state as codes
from sim.rules.parameters import Parameters
from sim.rules.state import PHASE_MILESTONES, State
from sim.rules.told import BY_CODE
from sim.scenario.harmless import CsvWriter
from sim.scenario.keys import spot_at, undotted
from sim.scenario.load import ScenarioFile
from sim.scenario.schema import MILESTONES, Scenario
from sim.words import told_conflict as conflict
from sim.words import told_drawdown as drawdown
from sim.words import told_end
from sim.words.labels import date_of, one_line
from sim.words.moment import Moment, snapshot
from sim.words.phrases import date_text


@dataclass(frozen=True)
class Event:
    """Something that happened in a replication.

    Attributes
    ----------
    date
        The date on which it happened.
    day
        The time, in days since the start of the scenario; negative for its history.
    place
        Label of the theatre; empty for what concerns all.
    kind
        A word that stays the same from version to version, e.g. ``attack``, ``strike``, ``round``, ``tranche``.
    text
        What happened, with what followed at once.
    why
        The state that made it possible; empty where it goes without saying.
    amount, detail
        Its numbers, as the rules tell them (see `sim.rules.told`); for an attack those killed and wounded by first
        report.
    """

    date: date
    day: float
    place: str
    kind: str
    text: str
    why: str = ""
    amount: float = 0.0
    detail: float = 0.0


WORDS: dict[int, Callable[[Moment, Record], tuple[str, str]]] = {
    codes.TOLD_ATTACK: conflict.attack,
    codes.TOLD_KIND: conflict.kind,
    codes.TOLD_HARM: conflict.harmed,
    codes.TOLD_STRIKE: conflict.strike,
    codes.TOLD_SUSPENDED: conflict.suspended,
    codes.TOLD_RESUMED: conflict.resumed,
    codes.TOLD_ROUND: conflict.held_round,
    codes.TOLD_STALLED: conflict.stalled,
    codes.TOLD_REPORT: conflict.report,
    codes.TOLD_MILESTONE: conflict.milestone,
    codes.TOLD_PHASE_BEGINS: drawdown.begins,
    codes.TOLD_HELD: drawdown.held,
    codes.TOLD_RELEASED: drawdown.released,
    codes.TOLD_FASTER: drawdown.faster,
    codes.TOLD_TRANCHE: drawdown.tranche,
    codes.TOLD_LOAD: drawdown.load,
    codes.TOLD_SITE_CLOSING: drawdown.site_closing,
    codes.TOLD_GATHERED: drawdown.gathered,
    codes.TOLD_FILLED: drawdown.filled,
    codes.TOLD_READY: drawdown.site_ready,
    codes.TOLD_SITE_CLOSED: drawdown.site_closed,
    codes.TOLD_TENSION: conflict.tension,
    codes.TOLD_SUPPRESSION: conflict.suppression,
    codes.TOLD_LAPSED: conflict.lapsed,
    codes.TOLD_RENEWED: conflict.renewed,
    codes.TOLD_ABOVE: conflict.threat,
    codes.TOLD_BELOW: conflict.threat,
    codes.TOLD_THEATRE_DONE: drawdown.theatre_done,
    codes.TOLD_COMPLETE: drawdown.complete,
    codes.TOLD_FOLLOW_UP: drawdown.followed_up,
    codes.TOLD_LATE: drawdown.late,
    codes.TOLD_CARGO: drawdown.cargo,
    codes.TOLD_CARGO_OUT: drawdown.cargo_out,
    codes.TOLD_CANCELLED: drawdown.cancelled,
    codes.TOLD_ORDERED: drawdown.ordered,
    codes.TOLD_AHEAD: drawdown.ahead,
    codes.TOLD_REDATED: drawdown.redated,
    codes.TOLD_REVERSED: drawdown.reversed_,
    codes.TOLD_PUT_OFF: drawdown.put_off,
}
"""What says, of each sort of record, what happened and why."""
PART_OF_ATTACK = (codes.TOLD_KIND, codes.TOLD_HARM)
ABOUT_REPLICATION = ("replication", "drawn")
"""Kinds of events that stand in the heading of the text."""


def trace(file: ScenarioFile, replication: int = 0, seed: int = 1) -> list[Event]:
    """Tell one replication event by event.

    Parameters
    ----------
    file
        The scenario.
    replication
        The replication's number, from 0.
    seed
        The study's seed.

    Returns
    -------
    list of Event
        In order of time: the scenario's history (kind ``history``), which replication this is (``replication``), the
        uncertain numbers that it drew (``drawn``, the value as amount), the state at the start (``today``), what
        happened, the count at the end (``end``), and what never happened (``never``).

    Raises
    ------
    GivenUp
        If the replication cannot be played to its end.
    """
    model = set_up(file.scenario)
    records: list[Record] = []
    past: list[Record] = []
    labels: dict[str, list[str]] = {}
    clock = ReferenceClock(model, seed, replication, on_record=records.append)
    p = clock.parameters
    events = [*_history(file.scenario), *_heading(model, p, replication, seed)]
    before: Callable[[], State] | None = None

    def observe(state: State, time: float) -> None:
        """Tell what the last step did; a step is over when the next is about to be taken."""
        nonlocal before
        if before is None:
            today = told_end.today(Moment(file.scenario, p, state, state))
            events.append(Event(file.scenario.start, 0.0, "", "today", today))
        elif records:
            events.append(_event(Moment(file.scenario, p, before(), state, tuple(records), past, labels)))
            past.extend(records)
            records.clear()
        before = snapshot(state, time)

    end = clock.play(observe)
    return events + _end(Moment(file.scenario, p, end, end))


def as_text(events: list[Event], file: ScenarioFile) -> str:
    """Write the events of a `trace` for a reader, a line each, under a heading."""
    about = [event for event in events if event.kind == "replication"]
    drawn = [f"  {event.text}" for event in events if event.kind == "drawn"]
    lines = [one_line(file.scenario.title) or file.name, *(event.text for event in about), ""]
    if drawn:
        lines += ["Uncertain numbers drawn for it:", *drawn, ""]
    lines += [_line(event) for event in events if event.kind not in ABOUT_REPLICATION]
    return "\n".join(lines) + "\n"


def _line(event: Event) -> str:
    place = f", {event.place}" if event.place else ""
    why = f"   [why: {event.why}]" if event.why else ""
    return f"{date_text(event.date)}{place}: {event.text}{why}"


def as_csv(events: list[Event]) -> str:
    """Write the events as CSV with a header, a row each; dates as 2024-03-12."""
    text = io.StringIO()
    writer = CsvWriter(text)
    writer.writerow(field.name for field in fields(Event))
    writer.writerows(astuple(event) for event in events)
    return text.getvalue()


def _history(scenario: Scenario) -> list[Event]:
    past = sorted(scenario.history.milestones.values(), key=lambda milestone: milestone.date)
    return [Event(m.date, float((m.date - scenario.start).days), "", "history", one_line(m.text)) for m in past]


def _heading(model: Model, p: Parameters, replication: int, seed: int) -> list[Event]:
    start = model.scenario.start
    text = f"Replication {replication} of seed {seed}: one possible course of events among many, not a forecast."
    events = [Event(start, 0.0, "", "replication", text, "", float(replication), float(seed))]
    for draw in model.draws:
        for key in draw.together or (draw.key,):
            for field, index in model.places[key][:1]:  # sites that are alike have the same number
                value = getattr(p, field) if index < 0 else getattr(p, field)[index]
                events.append(Event(start, 0.0, "", "drawn", f"{key} = {_drawn(key, value, start)}", "", value))
    return events


def _drawn(key: str, value: float, start: date) -> str:
    """Write a number that was drawn; a date as such."""
    spot = spot_at(undotted(key))
    return date_text(start + timedelta(days=value)) if spot is not None and spot.is_day else f"{value:.6g}"


def _event(m: Moment) -> Event:
    """Tell a step: the first thing that it told, then what followed from it."""
    first = m.records[0]
    told = [WORDS[r.what](m, r) for r in m.records if r.what not in PART_OF_ATTACK]
    reasons = dict.fromkeys(why for _, why in told if why)
    amount, detail = first.amount, first.detail
    if first.what == codes.TOLD_ATTACK:
        harm = m.harm()
        amount, detail = (harm.amount, harm.detail) if harm else (0.0, 0.0)
    places = {_place(m, r) for r in m.records if r.what == first.what}
    place = places.pop() if len(places) == 1 else ""
    return Event(date_of(m.scenario, first.time), first.time, place, _kind(first), "; ".join(what for what, _ in told),
                 "; ".join(reasons), float(amount), float(detail))


def _kind(r: Record) -> str:
    if r.what != codes.TOLD_MILESTONE:
        return BY_CODE[r.what].name
    return MILESTONES[r.where] if r.where < PHASE_MILESTONES else "reached"


def _place(m: Moment, r: Record) -> str:
    p = m.parameters
    if r.what == codes.TOLD_MILESTONE and r.where >= PHASE_MILESTONES:
        return m.name("theatres", p.phase_theatre[r.where - PHASE_MILESTONES])
    match BY_CODE[r.what].where:
        case "theatre":
            return m.name("theatres", r.where)
        case "phase":
            return m.name("theatres", p.phase_theatre[r.where])
        case "site":
            return m.name("theatres", p.site_theatre[r.where])
    return ""


def _end(m: Moment) -> list[Event]:
    day, last = m.parameters.horizon, m.scenario.end
    events = [Event(last, day, "", "end", told_end.summary(m))]
    return events + [Event(last, day, place, "never", text, why) for place, text, why in told_end.never(m)]
