"""Phases, lift and sites in words: what happened, and the state that made it possible."""

import math

from sim.clocks.reference import Record
from sim.rules import plan
from sim.rules.parameters import NOTHING
from sim.rules.state import (
    ABOVE_THREAT,
    AFTER_FATAL_ATTACK,
    CLOSED,
    CLOSING,
    HELD,
    PENDING,
    PHASE_MILESTONES,
    READY,
    SUSPENDED,
    WAITING,
    WHILE_SUSPENDED,
    State,
)
from sim.rules.variates import nearest
from sim.scenario.names import MILESTONES
from sim.words.moment import Moment
from sim.words.phrases import counted, days, listed, they, troops


def begins(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a phase begins: its strength now, its target and its planned end."""
    s, p, j = m.after, m.parameters, r.where
    text = f"{m.phase(j)} begins: from {r.amount:,.0f} to {troops(r.detail)} in " \
           f"{counted(plan.last_tranche(s, j), 'tranche')}, planned end {m.when(s.phase_end[j])}"
    reasons = []
    if p.phase_start[j] > -math.inf:
        reasons.append(f"not before {m.when(p.phase_start[j])}")
    if p.phase_after[j] != NOTHING:
        wait = f" + {days(p.phase_delay_days[j])}" if p.phase_delay_days[j] else ""
        reasons.append(f"{reached(m, p.phase_after[j])}{wait}")
    if p.phase_quiet_days[j] and p.attacks_to_drawdown:
        reasons.append(f"no fatal attack for {days(p.phase_quiet_days[j])}")
    if p.phase_threat_at_most[j] < math.inf and p.threat_to_drawdown:
        reasons.append(f"{m.threat} {s.threat_ratio:.2f} times capability, at most "
                       f"{p.phase_threat_at_most[j]:.2f} allowed")
    if s.phase_first_move[j] > s.phase_ordered[j]:
        reasons.append(f"ordered on {m.when(s.phase_ordered[j])}, first move on {m.when(s.phase_first_move[j])}")
    return text, ", ".join(reasons) or "nothing to wait for"


def milestone_name(m: Moment, milestone: int) -> str:
    """Name a milestone as a reason for something."""
    if milestone < PHASE_MILESTONES:
        return m.called([*MILESTONES.values()][milestone].since)
    return f"{m.phase(milestone - PHASE_MILESTONES)} at its target"


def reached(m: Moment, milestone: int) -> str:
    """Say when a milestone was reached."""
    return f"{milestone_name(m, milestone)} on {m.when(m.after.milestone[milestone])}"


def held(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a phase is held, or held for longer."""
    s, p, j = m.after, m.parameters, r.where
    because = {AFTER_FATAL_ATTACK: "after a fatal attack", WHILE_SUSPENDED: "while talks are suspended",
               ABOVE_THREAT: f"by the {m.threat}"}[int(r.detail)]
    reasons = []
    if r.detail == ABOVE_THREAT:
        reasons.append(f"{m.threat} {s.threat_ratio:.2f} times capability, above "
                       f"{p.phase_hold_above_threat[j]:.2f} the phase is held")
    if r.amount == s.held_since[j] + p.phase_hold_at_most_days[j]:
        reasons.append(f"a hold lasts at most {days(p.phase_hold_at_most_days[j])}")
    verb = "stays held" if m.before.phase[j] == HELD else "held"
    return f"{m.phase(j)} {verb} until {m.when(r.amount)} {because}", ", ".join(reasons)


def released(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a held phase goes on."""
    s, p, j = m.before, m.parameters, r.where
    then = "its dates shift as much" if p.phase_shifts[j] else "it is to catch up"
    text = f"{m.phase(j)} goes on, held for {days(r.amount)}; {then}"
    if r.time >= s.held_since[j] + p.phase_hold_at_most_days[j]:
        return text, f"a hold lasts at most {days(p.phase_hold_at_most_days[j])}"
    if s.held_why[j] == ABOVE_THREAT:
        return text, f"{m.threat} down to {s.threat_ratio:.2f} times capability, a hold needs more than " \
                     f"{p.phase_hold_above_threat[j]:.2f}"
    if s.held_why[j] == WHILE_SUSPENDED:
        return text, "the suspension is over" if s.talks != SUSPENDED else ""
    return text, f"{days(p.phase_hold_after_fatal_days[j])} since the fatal attack"


def faster(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a phase goes faster."""
    p, j = m.parameters, r.where
    text = f"{m.phase(j)} goes faster, in 1/{p.phase_faster_by[j]:.3g} of the time left"
    return text, reached(m, p.phase_faster_after[j])


def late(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a phase missed its planned end."""
    s, p, j = m.after, m.parameters, r.where
    missing = abs(plan.strength(s, p, j) - s.phase_goal[j])
    return f"{m.phase(j)} is late, {troops(missing)} short of its target", what_it_waits_for(m, s, j)


def what_it_waits_for(m: Moment, s: State, j: int) -> str:
    """Say what keeps a phase from reaching its target."""
    p = m.parameters
    if s.phase[j] == HELD:
        return f"held until {m.when(s.held_until[j])}"
    sites = [plan.site_of(p, j, i) for i in range(p.phase_sites[j])]
    waiting = s.asked[j] if p.phase_reinforce[j] else min(s.asked[j], plan.strength(s, p, j))  # not those lost since
    reasons = [f"{troops(waiting)} waiting for lift"] if waiting else []
    if plan.coming_in(s, p, j):
        reasons.append(f"{troops(plan.coming_in(s, p, j))} under way")
    closing = [m.site(i) for i in sites if s.site[i] in (WAITING, CLOSING, READY)]
    if closing:
        reasons.append(f"{listed(closing)} still to be closed")
    if s.phase_tranche[j] <= plan.last_tranche(s, j):
        reasons.append(f"next tranche planned for {m.when(plan.date(s, p, j, s.phase_tranche[j]))}")
    return ", ".join(reasons)


def cancelled(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a phase is cancelled."""
    p, j = m.parameters, r.where
    begun = m.before.phase[j] != PENDING
    text = f"{m.phase(j)} cancelled " + (
        f"at {troops(plan.strength(m.after, p, j))}" if begun else "before it began")
    return text, f"the scenario ends it after: {milestone_name(m, p.phase_cancel_after[j])}"


def ordered(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a phase is under orders, but does not move yet."""
    return f"{m.phase(r.where)} is ordered, first move {m.when(r.amount)}, planned end {m.when(r.detail)}", \
        "orders take time to carry out"


def ahead(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a phase is to end before its date."""
    return f"{m.phase(r.where)} is to end {days(r.amount)} ahead of its date, on {m.when(r.detail)}", ""


def redated(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that the date of a phase moves back."""
    j = r.where
    begun = m.before.phase[j] != PENDING
    text = f"the date of {m.phase(j)} moves back by {days(r.amount)}, to {m.when(r.detail)}"
    return text + (", and every tranche still to come with it" if begun else ""), \
        f"change {m.after.phase_redated[j]:,} of its date"


def reversed_(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that the order of a phase is reversed."""
    p, j = m.parameters, r.where
    begun = m.before.phase[j] != PENDING
    return f"the order of {m.phase(j)} is reversed " + (
        f"at {troops(plan.strength(m.after, p, j))}" if begun else "before anybody has left"), ""


def put_off(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a tranche is put off."""
    return f"tranche {r.amount:,.0f} of {m.phase(r.where)} is put off, and goes with the next", ""


def tranche(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a tranche asks for lift."""
    s, p, j = m.before, m.parameters, r.where
    i = s.phase_tranche[j]
    waiting = f" beside {s.asked[j]:,} that already {they(s.asked[j], 'wait')}" if s.asked[j] else ""
    comes = " to come in" if p.phase_reinforce[j] else ""
    text = f"{troops(r.amount)} of {m.phase(j)} {they(r.amount, 'ask')} for lift{comes}{waiting}; {_present(m, j)}, " \
           f"plan {plan.planned_strength(s, p, j, i):,}"
    return text, f"tranche {i:,} of {plan.last_tranche(s, j):,}{_moved_dates(m, j)}"


def _moved_dates(m: Moment, j: int) -> str:
    """Say by how much holds, new dates and acceleration have moved a phase's dates."""
    s = m.before
    shift = s.phase_shift[j] + s.phase_earlier_shift[j]
    causes = "holds and new dates" if s.phase_redated[j] else "holds"
    words = f", dates shifted by {causes} of {days(shift)}" if shift else ""
    return words + (f", faster since {m.when(s.phase_hurried[j])}" if s.phase_hurried[j] < math.inf else "")


def _present(m: Moment, j: int) -> str:
    s, p = m.after, m.parameters
    present = plan.strength(s, p, j)
    return f"{present:,} there" if p.phase_reinforce[j] else f"{present:,} of {s.phase_from[j]:,} still there"


def load(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that lift takes up a load."""
    s, p, j = m.after, m.parameters, r.where
    until = f", under way until {m.when(r.detail)}" if r.detail > s.now else ""
    goes = "set out for" if p.phase_reinforce[j] else "leave under"
    waiting = [f"{s.asked[j]:,} of the phase still {they(s.asked[j], 'wait')}"] if s.asked[j] else []
    others = sum(s.asked[i] > 0 for i in range(p.phases) if i != j)
    if others:
        waiting.append(f"{counted(others, 'other phase')} in the queue")
    text = f"{troops(r.amount)} {they(r.amount, goes)} {m.phase(j)}{until}; {_present(m, j)}"
    return text, ", ".join([_free(m, r), *waiting])


def cargo(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that lift takes up a load of equipment."""
    s, j = m.after, r.where
    until = f", under way until {m.when(r.detail)}" if r.detail > s.now else ""
    left = s.cargo_waiting[j]
    waiting = f", {counted(left, 'box', 'boxes')} of the phase still {they(left, 'wait')}" if left else ""
    text = f"{counted(r.amount, 'box', 'boxes')} of equipment {they(r.amount, 'leave')} under {m.phase(j)}{until}"
    return text, _free(m, r) + waiting


def cargo_out(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that the last equipment is out."""
    left = sum(m.after.cargo_left)
    stays = f"{counted(left, 'box stays', 'boxes stay')} with those who stay" if left else ""
    return f"the last equipment is out, {days(r.amount)} after the drawdown was first complete", stays


def _free(m: Moment, r: Record) -> str:
    """Say that the mode which takes up a load was free to do so."""
    p = m.parameters
    if not p.has_lift:
        return "lift is not limited"
    return f"{m.name('modes', r.process - p.process_lift)} is free"


def site_closing(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a crew begins to close a site."""
    s, p, i = m.after, m.parameters, r.where
    at_work = f"{s.crews_busy:,} of {p.closing_crews:,.0f} crews at work"
    return f"a crew is closing {m.site(i)} until {m.when(r.amount)}", f"{_why_closing(m, i)}, {at_work}"


def _why_closing(m: Moment, i: int) -> str:
    """Say why a site is being closed: drained, as its phase orders, or on its date."""
    s, p, j = m.after, m.parameters, m.after.closing_phase[i]
    if s.troops[i] <= nearest(p.site_garrison[i]):
        return f"drained to {troops(s.troops[i])}"
    if j >= 0 and p.phase_hands_over_at_start[j]:
        return f"ordered by {m.phase(j)}, still {troops(s.troops[i])}"
    return f"its hand-over was to begin on {m.when(p.site_handover_on[i])}, still {troops(s.troops[i])}"


def site_ready(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that the work at a site is done, while troops still hold it."""
    garrison = nearest(m.parameters.site_garrison[r.where])
    return f"the work at {m.site(r.where)} is done; it closes when it is down to {troops(garrison)}", \
        f"{troops(r.amount)} still there"


def gathered(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that troops move to other sites of the theatre."""
    s, p, j = m.before, m.parameters, r.where
    to = listed([m.site(plan.destination_of(p, j, d)) for d in range(p.phase_destinations[j])])
    text = f"{troops(r.amount)} of {m.phase(j)} {they(r.amount, 'move')} to {to}; {_present(m, j)}, " \
           f"plan {plan.planned_strength(s, p, j, s.phase_tranche[j]):,}"
    return text, f"tranche {s.phase_tranche[j]:,} of {plan.last_tranche(s, j):,}{_moved_dates(m, j)}"


def filled(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a site that is kept has been brought up to strength."""
    return f"{troops(r.amount)} {they(r.amount, 'come')} to {m.site(r.where)} from other sites", \
        f"it is to keep more than the {m.before.troops[r.where]:,} who were there"


def site_closed(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a site is closed, and where its garrison went."""
    s, p, i = m.after, m.parameters, r.where
    text = f"{m.site(i)} closed"
    if r.amount:
        to = listed([m.site(other) for other in range(p.sites) if s.troops[other] > m.before.troops[other]])
        text += f", its garrison of {r.amount:,.0f} moves to {to}"
    elif s.troops[i]:
        is_last = s.phase_closes_last[s.closing_phase[i]] >= 0
        text += f", its garrison of {s.troops[i]:,} {'is the last to leave' if is_last else 'goes with the next load'}"
    k = p.site_theatre[i]
    left = sum(s.site[first] != CLOSED for first in range(p.theatre_first_site[k],
                                                         p.theatre_first_site[k] + p.theatre_sites[k]))
    return text, f"{left:,} of {p.theatre_sites[k]:,} sites left in {m.name('theatres', k)}"


def theatre_done(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that a theatre is down to its last target."""
    return f"the theatre is down to its last target, {troops(r.amount)} left", ""


def complete(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that the drawdown is complete."""
    deadline = m.parameters.deadline
    text = f"drawdown complete, {troops(r.amount)} left"
    if deadline == math.inf:
        return text, ""
    return text, f"deadline {m.when(deadline - 1.0)} {'met' if m.after.now < deadline else 'missed'}"


def followed_up(m: Moment, r: Record) -> tuple[str, str]:
    """Tell that the follow-up after completion is over."""
    text = f"follow-up over, {counted(m.parameters.follow_up_days, 'day')} after the drawdown was first complete"
    left = f"{troops(r.amount)} present"
    return text, f"{m.threat} {r.detail:.2f} times capability, {left}" if m.parameters.has_threat else left
