"""The story of a replication as the page tells it: one table of sentences, and the names of a scenario to fill in.

The page plays a replication again and gets its log, not its states, so a sentence says what the log knows: what the two
numbers of an entry mean (`sim.rules.told`), and what earlier entries have told. `sim.words.story` knows more, and says
it in the same words.

In a sentence, ``{slot}`` is filled in, and ``{slot|form}`` is written in a form: ``{amount|troops}``. A part in square
brackets is left out if one of its slots has nothing to say. Of the sentences of a code, the first counts whose slots
have the values in ``when``. ``web/story/slots.ts`` says what slots there are, and ``web/story/fill.ts`` what forms.
"""

from typing import Any, NamedTuple

from sim.model.setup import Model
from sim.report.story import ROUTINE
from sim.report.world import World
from sim.rules import plan
from sim.rules import state as codes
from sim.rules.parameters import NOTHING
from sim.rules.state import (
    ABOVE_THREAT,
    AFTER_FATAL_ATTACK,
    BY_BACKGROUND,
    BY_CONTAGION,
    BY_POLITICS,
    PHASE_MILESTONES,
    WHILE_SUSPENDED,
)
from sim.rules.told import BY_CODE
from sim.scenario.called import Names, called
from sim.scenario.keys import spot_at, undotted
from sim.scenario.names import MILESTONES, TALK_STATES
from sim.words.labels import key_label, labels
from sim.words.moment import Moment
from sim.words.phrases import listed


class Sentence(NamedTuple):
    """What is said of an entry of the log, and why it happened.

    Attributes
    ----------
    code
        A ``TOLD_`` constant of `sim.rules.state`.
    text, why
        The sentence and the reason; without a reason, it goes without saying or the log does not tell it.
    when
        By slot: the value for which this is the sentence.
    """

    code: int
    text: str
    why: str = ""
    when: dict[str, Any] = {}  # noqa: RUF012  (never changed)


UNDER_WAY = "[, under way until {arrival|date}]"
GROUP_DONE = "its work is done[, talks were suspended for {lost|days} so far]"
SENTENCES = (
    Sentence(codes.TOLD_ATTACK, "{kind} on {amount|site}, {harm}", "background", {"detail": BY_BACKGROUND}),
    Sentence(codes.TOLD_ATTACK, "{kind} on {amount|site}, {harm}", "driven by politics[, at a time of {mood}]",
             {"detail": BY_POLITICS}),
    Sentence(codes.TOLD_ATTACK, "{kind} on {amount|site}, {harm}", "part of a wave set off by earlier attacks",
             {"detail": BY_CONTAGION}),
    Sentence(codes.TOLD_KIND, "nobody hurt", "", {"detail": 1}),
    Sentence(codes.TOLD_KIND, "did not get through"),
    Sentence(codes.TOLD_HARM, "[{amount|some} killed][, {detail|some} wounded]"),
    Sentence(codes.TOLD_STRIKE, "{force} strike in answer to an attack", "", {"amount": 1}),
    Sentence(codes.TOLD_STRIKE, "{force} strike in answer to an attack, number {amount|count} of a tit-for-tat chain",
             "the strike before was on {struck|date}"),
    Sentence(codes.TOLD_SUSPENDED, "talks stay suspended until {amount|date}", "", {"talks": codes.SUSPENDED}),
    Sentence(codes.TOLD_SUSPENDED, "talks suspended until {amount|date}"),
    Sentence(codes.TOLD_RESUMED, "talks resume", "suspended since {suspended|date}", {"was_suspended": True}),
    Sentence(codes.TOLD_RESUMED, "talks resume", "suspended at the start"),
    Sentence(codes.TOLD_ROUND, "round {amount|count} of talks",
             "{talks|said}, {reports|count} of {groups|count} working groups have reported"),
    Sentence(codes.TOLD_STALLED, "talks stall", "no report for {since_report|days}", {"has_report": True}),
    Sentence(codes.TOLD_STALLED, "talks stall", "no working group has reported"),
    Sentence(codes.TOLD_REPORT, 'working group "{group}" reports, {reports|count} of {groups|count} have; talks '
                                'progress again', GROUP_DONE, {"talks": codes.STALLED}),
    Sentence(codes.TOLD_REPORT, 'working group "{group}" reports, {reports|count} of {groups|count} have',
             GROUP_DONE),
    Sentence(codes.TOLD_MILESTONE, "{milestone|happens}", "all working groups have reported",
             {"where": codes.AGREEMENT, "all_reported": True}),
    Sentence(codes.TOLD_MILESTONE, "{milestone|happens}", "date set in the scenario", {"where": codes.AGREEMENT}),
    Sentence(codes.TOLD_MILESTONE, "{milestone|happens}", "a round held while talks are stalled can end them",
             {"where": codes.BREAKDOWN}),
    Sentence(codes.TOLD_MILESTONE, "{milestone|happens}"),
    Sentence(codes.TOLD_PHASE_BEGINS, "{phase} begins: from {amount|count} to {detail|troops}",
             "[{awaited}][, ordered on {ordered|date}]"),
    Sentence(codes.TOLD_HELD, "{phase} {stays} until {amount|date} after a fatal attack", "",
             {"detail": AFTER_FATAL_ATTACK}),
    Sentence(codes.TOLD_HELD, "{phase} {stays} until {amount|date} while talks are suspended", "",
             {"detail": WHILE_SUSPENDED}),
    Sentence(codes.TOLD_HELD, "{phase} {stays} until {amount|date} by the {threat} threat", "",
             {"detail": ABOVE_THREAT}),
    Sentence(codes.TOLD_RELEASED, "{phase} goes on, held for {amount|days}"),
    Sentence(codes.TOLD_FASTER, "{phase} goes faster", "{hurried_by}"),
    Sentence(codes.TOLD_LATE, "{phase} is late"),
    Sentence(codes.TOLD_CANCELLED, "{phase} cancelled[ {before_it_began}]",
             "[the scenario ends it after: {cancelled_by}]"),
    Sentence(codes.TOLD_ORDERED, "{phase} is ordered, first move {amount|date}, planned end {detail|date}",
             "orders take time to carry out"),
    Sentence(codes.TOLD_AHEAD, "{phase} is to end {amount|days} ahead of its date, on {detail|date}"),
    Sentence(codes.TOLD_REDATED, "the date of {phase} moves back by {amount|days}, to {detail|date}",
             "change {redated|count} of its date", {"begun": False}),
    Sentence(codes.TOLD_REDATED, "the date of {phase} moves back by {amount|days}, to {detail|date}, and every tranche "
                                 "still to come with it", "change {redated|count} of its date"),
    Sentence(codes.TOLD_REVERSED, "the order of {phase} is reversed before anybody has left", "", {"begun": False}),
    Sentence(codes.TOLD_REVERSED, "the order of {phase} is reversed"),
    Sentence(codes.TOLD_PUT_OFF, "tranche {amount|count} of {phase} is put off, and goes with the next"),
    Sentence(codes.TOLD_TRANCHE, "{amount|troops} of {phase} {amount|they ask} for lift to come in", "",
             {"reinforces": True}),
    Sentence(codes.TOLD_TRANCHE, "{amount|troops} of {phase} {amount|they ask} for lift"),
    Sentence(codes.TOLD_LOAD, "{amount|troops} {amount|they set out for} {phase}" + UNDER_WAY, "{free}",
             {"reinforces": True}),
    Sentence(codes.TOLD_LOAD, "{amount|troops} {amount|they leave under} {phase}" + UNDER_WAY, "{free}"),
    Sentence(codes.TOLD_CARGO, "{amount|boxes} of equipment {amount|they leave} under {phase}" + UNDER_WAY, "{free}"),
    Sentence(codes.TOLD_CARGO_OUT, "the last equipment is out, {amount|days} after the drawdown was first complete"),
    Sentence(codes.TOLD_SITE_CLOSING, "a crew is closing {site} until {amount|date}"),
    Sentence(codes.TOLD_READY, "the work at {site} is done; it closes once most of those who hold it are gone",
             "{amount|troops} still there"),
    Sentence(codes.TOLD_GATHERED, "{amount|troops} of {phase} {amount|they move} to {destinations}"),
    Sentence(codes.TOLD_FILLED, "{amount|troops} {amount|they come} to {site} from other sites"),
    Sentence(codes.TOLD_SITE_CLOSED, "{site} closed[, its garrison of {amount|some} moves to another site]"),
    Sentence(codes.TOLD_TENSION, "regional tension rises", "[it had been low since {tension_since|date}]",
             {"amount": 1}),
    Sentence(codes.TOLD_TENSION, "regional tension eases", "[it had been high since {tension_since|date}]"),
    Sentence(codes.TOLD_SUPPRESSION, '"{suppression}" begins in {covers}', "{begun_by}", {"amount": 1}),
    Sentence(codes.TOLD_SUPPRESSION, '"{suppression}" ends in {covers}'),
    Sentence(codes.TOLD_LAPSED, '"{suppression}" lapses in {covers}', "{talks|said}"),
    Sentence(codes.TOLD_RENEWED, '"{suppression}" is in force again in {covers}', "{talks|said}"),
    Sentence(codes.TOLD_ABOVE, "{threat} threat rises to {amount|ratio} times capability",
             "that counts as a resurgence"),
    Sentence(codes.TOLD_BELOW, "{threat} threat falls back to {amount|ratio} times capability",
             "that no longer counts as a resurgence"),
    Sentence(codes.TOLD_THEATRE_DONE, "the theatre is down to its last target, {amount|troops} left"),
    Sentence(codes.TOLD_COMPLETE, "drawdown complete, {amount|troops} left", "[deadline {deadline|date} {met}]"),
    Sentence(codes.TOLD_FOLLOW_UP, "follow-up over, {follow_up_days|day} after the drawdown was first complete",
             "{threat} threat {detail|ratio} times capability, {amount|troops} present", {"has_threat": True}),
    Sentence(codes.TOLD_FOLLOW_UP, "follow-up over, {follow_up_days|day} after the drawdown was first complete",
             "{amount|troops} present"),
)
END = ("the scenario ends: {attacks|attack}, {killed|count} killed, {wounded|count} wounded by first report"
       "[, {strikes|count} {force} {strike_or_strikes}][, {rounds|round}][, drawdown complete on {completed|date}]")
NOT_BEGUN = ("{phase} not begun by the end", "[it waits for: {waits_for}]")
NOT_REACHED = ("{phase} not at its target by the end", "")
NOT_COMPLETE = ("drawdown not complete by the end", "")
NEVER = (codes.AGREEMENT, codes.BREAKDOWN, codes.DEMAND, codes.RESURGENCE, codes.FATAL_ATTACK, codes.MASS_CASUALTY)
"""Milestones in the order in which it is told that they have never been reached."""
NO_AGREEMENT = "{talks|said}, {reports|count} of {groups|count} working groups have reported"


def sentences() -> dict[str, Any]:
    """Return the sentences, fit for JSON; they are the same for all scenarios."""
    milestones = list(MILESTONES.values())
    never = [{"milestone": number, "text": f"{milestones[number].never} by the end",
              "why": NO_AGREEMENT if number == codes.AGREEMENT else ""} for number in NEVER]
    return {
        "told": [{"kind": BY_CODE[one.code].name, **one._asdict(), "where": BY_CODE[one.code].where}
                 for one in SENTENCES],
        "end": END, "never": never, "not_begun": NOT_BEGUN, "not_reached": NOT_REACHED, "not_complete": NOT_COMPLETE,
        "happens": [milestone.happens for milestone in milestones],
        "since": [milestone.since for milestone in milestones],
        "kinds": list(MILESTONES), "routine": sorted(ROUTINE), "talks": [state.said for state in TALK_STATES.values()],
    }


def cast(model: Model) -> dict[str, Any]:
    """Return what the sentences need of a scenario, fit for JSON: names as inside a sentence, and what is where."""
    scenario, p = model.scenario, model.parameters
    s = model.first_state()
    m = Moment(scenario, p, s, s)
    theatres = labels(scenario, "theatres")
    attacked = max(p.theatre_attacks_per_day) > 0.0
    possible = {codes.AGREEMENT: p.has_talks, codes.BREAKDOWN: p.has_talks, codes.DEMAND: p.has_pressure,
                codes.RESURGENCE: p.has_threat, codes.FATAL_ATTACK: attacked, codes.MASS_CASUALTY: attacked}
    return {
        "names": {name: called(f"{{{name}}}", scenario.names) for name in Names.model_fields},
        "theatres": theatres, "sites": [m.site(i) for i in range(p.sites)],
        "phases": [m.phase(j) for j in range(p.phases)], "kinds": [_kind(name) for name in labels(scenario, "kinds")],
        "groups": labels(scenario, "groups"), "suppressions": labels(scenario, "suppressions"),
        "modes": labels(scenario, "modes"), "first_mode": p.process_lift, "has_lift": p.has_lift,
        "site_theatre": p.site_theatre, "phase_theatre": p.phase_theatre, "reinforces": p.phase_reinforce,
        "contingent": p.phase_contingent, "after": _known(p.phase_after), "faster_after": _known(p.phase_faster_after),
        "cancel_after": _known(p.phase_cancel_after), "begins_after": _known(p.suppression_start_after),
        "covers": [listed(theatres[k] for k in range(p.theatres) if p.suppression_covers[i * p.theatres + k])
                   for i in range(p.suppressions)],
        "destinations": [listed(m.site(plan.destination_of(p, j, d)) for d in range(p.phase_destinations[j]))
                         for j in range(p.phases)],
        "possible": [number for number in range(PHASE_MILESTONES) if possible[number]],
        "suspended_at_start": p.talks_suspended_until > 0.0,
        "has_talks": p.has_talks, "has_response": p.has_response, "has_threat": p.has_threat,
        "follow_up_days": p.follow_up_days,
    }


def drawn(model: Model, world: World) -> list[dict[str, Any]]:
    """Return the uncertain numbers, fit for JSON: what each is called, and where the program keeps it in its memory."""
    found = []
    for key in (key for draw in model.draws for key in draw.together or (draw.key,)):
        spot = spot_at(undotted(key))
        for field, index in model.places[key][:1]:  # sites that are alike have the same number
            found.append({"key": key, "label": key_label(undotted(key), [model.scenario]),
                          "at": world.field("parameters", field, index), "is_date": spot is not None and spot.is_day})
    return found


def _known(milestones: list[int]) -> list[int | None]:
    return [None if milestone == NOTHING else milestone for milestone in milestones]


def _kind(name: str) -> str:
    """Name a kind of attack inside a sentence."""
    name = name[0].lower() + name[1:] if name[1:2].islower() else name
    return name if "attack" in name.lower() else f"{name} attack"
