"""A second set of books: what a replication must balance to, worked out from its log and from what can be observed."""

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from sim.clocks.reference import Record, ReferenceClock
from sim.model.setup import Model
from sim.rules import cost, draining, plan
from sim.rules import state as codes
from sim.rules.parameters import NOTHING, Parameters
from sim.rules.state import State

NEXT_OF_TALKS = {
    codes.PROGRESSING: {codes.STALLED, codes.SUSPENDED, codes.AGREED, codes.BROKEN_DOWN, codes.OVERTAKEN},
    codes.STALLED: {codes.PROGRESSING, codes.SUSPENDED, codes.AGREED, codes.BROKEN_DOWN, codes.OVERTAKEN},
    codes.SUSPENDED: {codes.PROGRESSING, codes.AGREED, codes.OVERTAKEN},
    codes.AGREED: {codes.OVERTAKEN},
}
NEXT_OF_PHASE = {
    codes.PENDING: {codes.MOVING, codes.HELD, codes.REACHED, codes.CANCELLED},
    codes.MOVING: {codes.HELD, codes.REACHED, codes.CANCELLED},
    codes.HELD: {codes.MOVING, codes.REACHED, codes.CANCELLED},
}


def close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


@dataclass
class Ledger:
    """Watches a replication: `observe` and `note` are the callbacks of the clock."""

    p: Parameters
    until: float = 0.0
    troop_days: Counter[int] = field(default_factory=Counter)
    tail_days: float = 0.0
    completed: float = math.inf  # when the drawdown was first complete
    days_after: Counter[int] = field(default_factory=Counter)  # troop-days in the follow-up
    attacks_after: Counter[int] = field(default_factory=Counter)
    days_present: float = 0.0
    high_days: float = 0.0
    talks_days: Counter[int] = field(default_factory=Counter)
    held_days: Counter[int] = field(default_factory=Counter)
    attacks: Counter[tuple[int, int, int]] = field(default_factory=Counter)  # by theatre, driver, quarter
    told: Counter[int] = field(default_factory=Counter)
    amounts: Counter[tuple[int, int]] = field(default_factory=Counter)  # what was told, where -> sum
    loaded: Counter[bool] = field(default_factory=Counter)  # troops taken up; True: reinforcements
    drained: set[int] = field(default_factory=set)  # phases whose sites troops left in the last step
    troops: list[int] = field(default_factory=list)  # by site, before the last step
    sites: list[int] = field(default_factory=list)
    carried: Counter[tuple[int, int]] = field(default_factory=Counter)  # by mode of lift, what was told -> sum
    cargo_left: list[int] = field(default_factory=list)
    tail: float = math.nan  # when the last cargo was out
    told_at: float = -math.inf  # when something was last told
    expected: float = 0.0
    thinnest: float = math.inf
    talks: int = -1
    phases: list[int] = field(default_factory=list)

    def note(self, record: Record) -> None:
        self.told[record.what] += 1
        self.told_at = record.time
        self.amounts[record.what, record.where] += record.amount
        if record.what == codes.TOLD_ATTACK:
            quarter = sum(end <= record.time for end in self.p.quarter_end)
            self.attacks[record.where, int(record.detail), quarter] += 1
            self.attacks_after[record.where] += self.completed <= record.time < self.completed + self.p.follow_up_days
        if record.what == codes.TOLD_COMPLETE:
            self.completed = record.time
        if record.what == codes.TOLD_GATHERED or (
                record.what == codes.TOLD_LOAD and not self.p.phase_reinforce[record.where]):
            self.drained.add(record.where)
        if record.what == codes.TOLD_LOAD:
            self.loaded[self.p.phase_reinforce[record.where]] += int(record.amount)
        if record.what in (codes.TOLD_LOAD, codes.TOLD_CARGO):
            self.check_load(record)
        if record.what == codes.TOLD_CARGO_OUT:
            assert close(record.time, self.completed + record.amount)
            self.tail = record.time

    def check_load(self, record: Record) -> None:
        """Check that a mode of lift carries what it can, where and when it can, and count it."""
        p = self.p
        mode = record.process - p.process_lift
        assert 0 <= mode < p.modes
        self.carried[mode, record.what] += int(record.amount)
        troops = record.what == codes.TOLD_LOAD
        if p.has_lift:
            assert p.mode_serves[mode * p.theatres + p.phase_theatre[record.where]]
            assert p.mode_from[mode] <= record.time < p.mode_until[mode] + 1
            assert 0 < record.amount <= (p.mode_load if troops else p.mode_cargo_load)[mode]
            assert (p.mode_per_week if troops else p.mode_cargo_per_week)[mode] > 0
            assert record.detail >= record.time

    def observe(self, s: State, time: float) -> None:
        """Check the state that has held since the last step, and count its days."""
        assert time >= self.until
        days = time - self.until
        if days > 0.0:
            check_truces(s, self.p, self.until, time)
        after = max(0.0, min(time, self.completed + self.p.follow_up_days) - max(self.until, self.completed))
        self.until = time
        present = sum(s.present)
        for k in range(self.p.theatres):
            self.troop_days[k] += s.present[k] * days
            self.days_after[k] += s.present[k] * after
        self.days_present += days if present > 0 else 0.0
        self.tail_days += days * present if present * 4 <= sum(s.initial) else 0.0
        self.high_days += days if s.tension_high else 0.0
        self.talks_days[s.talks] += days
        for j in range(self.p.phases):
            self.held_days[j] += days if s.phase[j] == codes.HELD else 0.0
        self.check_now(s)

    def check_now(self, s: State) -> None:
        check_troops(s, self.p)
        check_sites(s, self.p)
        check_sums(s, self.p)
        check_lift(s, self.p)
        for j in self.drained:
            check_drained(s, self.p, j, self.troops, self.sites)
        self.drained, self.troops, self.sites = set(), list(s.troops), list(s.site)
        check_cargo(s, self.p)
        assert all(now <= before for now, before in zip(s.cargo_left, self.cargo_left or s.cargo_left, strict=True))
        self.cargo_left = list(s.cargo_left)
        self.check_tail(s)
        self.thinnest = min([self.thinnest, *(n for n, site in zip(s.troops, s.site, strict=True)
                                              if n > 0 and site != codes.CLOSED)])
        assert s.thinnest <= self.thinnest
        assert sum(s.expected_killed) >= self.expected
        self.expected = sum(s.expected_killed)
        assert s.talks == self.talks or self.talks < 0 or s.talks in NEXT_OF_TALKS[self.talks]
        self.talks = s.talks
        for before, now in zip(self.phases, s.phase, strict=False):
            assert now == before or now in NEXT_OF_PHASE[before]
        self.phases = list(s.phase)

    def check_tail(self, s: State) -> None:
        """Check that the tail ends when, after completion, nothing waits, is under way or is to be freed by closing."""
        handed_over = (codes.WAITING, codes.CLOSING, codes.READY)
        at_sites = sum(s.cargo[i] for i in range(self.p.sites) if s.site[i] in handed_over
                       and s.closing_phase[i] >= 0 and s.troops[i] <= math.floor(self.p.site_garrison[i] + 0.5))
        all_out = sum(s.cargo_waiting) + sum(s.load_cargo) + at_sites == 0
        if self.p.has_cargo and self.completed < math.inf and math.isnan(self.tail):
            assert not all_out
        if self.tail == self.told_at:
            assert all_out
        assert s.cargo_out_at == self.tail or (s.cargo_out_at == math.inf and math.isnan(self.tail))

    def check_end(self, s: State) -> None:
        """Compare what the model has counted with these books."""
        p = self.p
        self.check_now(s)
        for k in range(p.theatres):
            assert close(s.troop_days[k], self.troop_days[k])
            assert close(s.follow_up_troop_days[k], self.days_after[k])
            assert s.follow_up_attacks[k] == self.attacks_after[k]
            assert s.attacks[k] == sum(n for (theatre, _, _), n in self.attacks.items() if theatre == k)
            assert s.killed[k] == self.amounts[codes.TOLD_HARM, k]
        for driver in range(codes.DRIVERS):
            assert s.attacks_by_driver[driver] == sum(n for (_, by, _), n in self.attacks.items() if by == driver)
        for quarter in range(p.quarters):
            assert s.attacks_by_quarter[quarter] == sum(n for (*_, q), n in self.attacks.items() if q == quarter)
        assert sum(s.killed_by_quarter) == sum(s.killed)
        assert sum(s.wounded_by_quarter) == sum(s.wounded_final)
        assert close(s.tail_troop_days, self.tail_days)
        assert s.completed_at == self.completed
        assert s.follow_up_over == (self.completed + p.follow_up_days < p.horizon)
        assert close(s.high_days, self.high_days)
        assert close(sum(s.talks_days), p.horizon)
        for state in range(codes.TALK_STATES):
            assert close(s.talks_days[state], self.talks_days[state])
        for j in range(p.phases):
            assert close(s.held_days[j], self.held_days[j])
            assert close(self.amounts[codes.TOLD_REDATED, j], s.phase_redated[j] * p.phase_redating_days[j])
            assert s.phase_redated[j] <= (p.phase_redatings[j] + 0.5 if p.plan_to_execution else 0)
            assert s.phase_begun[j] == math.inf or s.phase_begun[j] >= max(s.phase_first_move[j], s.phase_ordered[j])
            assert not s.phase_reversed[j] or s.phase[j] == codes.CANCELLED
        assert sum(s.phase_reversed) == self.told[codes.TOLD_REVERSED]
        if not p.plan_to_execution:
            assert not {code for code in self.told if codes.TOLD_ORDERED <= code <= codes.TOLD_AHEAD}
        assert s.rounds == self.told[codes.TOLD_ROUND]
        assert sum(s.strikes) == self.told[codes.TOLD_STRIKE]
        assert s.loads == self.told[codes.TOLD_LOAD]
        assert sum(s.moved) == self.loaded.total()
        assert s.cargo_loads == self.told[codes.TOLD_CARGO]
        for m in range(p.modes):
            assert s.moved[m] == self.carried[m, codes.TOLD_LOAD]
            assert s.cargo_moved[m] == self.carried[m, codes.TOLD_CARGO]
        assert self.told[codes.TOLD_CARGO_OUT] == (s.cargo_out_at < math.inf) <= (self.completed < math.inf)
        assert sum(s.brought) == self.loaded[True]
        self.check_money(s)

    def check_money(self, s: State) -> None:
        p = self.p
        total = p.cost_fixed_per_day * self.days_present
        total += p.cost_per_troop_year * self.troop_days.total() / 365.25
        total += p.cost_per_troop_moved * self.loaded.total()
        total += p.cost_per_site_closed * self.told[codes.TOLD_SITE_CLOSED]
        assert math.isclose(cost.total(s, p), total, rel_tol=1e-9, abs_tol=1e-6)


def check_truces(s: State, p: Parameters, since: float, until: float) -> None:
    """Check that each truce is in force when its dates, milestones and talks say so, throughout some time."""
    goes_on = not p.talks_to_suppressions or s.talks in (codes.NO_TALKS, codes.PROGRESSING, codes.AGREED)
    for i in range(p.suppressions):
        first, last = p.suppression_start_after[i], p.suppression_end_after[i]
        begins = max(p.suppression_start[i], s.milestone[first] if first != NOTHING else -math.inf)
        ends = min(p.suppression_end[i], s.milestone[last] if last != NOTHING else math.inf)
        if s.suppression[i] in (codes.IN_FORCE, codes.LAPSED):
            assert begins <= since
            assert until <= ends
            assert (s.suppression[i] == codes.LAPSED) == (p.suppression_needs_progress[i] and not goes_on)
        elif s.suppression[i] == codes.TO_COME:
            assert until <= begins or ends <= begins
        elif p.suppression_mean_days[i] < 0.0 and p.suppression_end_chance_per_day[i] == 0.0:
            assert ends <= since


def check_troops(s: State, p: Parameters) -> None:
    for k in range(p.theatres):
        gone = s.withdrawn[k] + s.in_transit[k] + s.evacuated[k] + s.killed[k]
        assert s.initial[k] + s.brought[k] == s.present[k] + gone
        sites = slice(p.theatre_first_site[k], p.theatre_first_site[k] + p.theatre_sites[k])
        assert s.present[k] == sum(s.troops[sites])
        assert min(s.present[k], s.withdrawn[k], s.in_transit[k], s.evacuated[k], s.killed[k], *s.troops[sites]) >= 0
    assert s.total_present == sum(s.present)


def check_sites(s: State, p: Parameters) -> None:
    assert s.crews_busy == s.site.count(codes.CLOSING) <= p.closing_crews
    for k in range(p.theatres):
        closed = [i for i in range(p.sites) if p.site_theatre[i] == k and s.site[i] == codes.CLOSED]
        assert s.sites_closed[k] == len(closed)


def check_drained(s: State, p: Parameters, j: int, troops: list[int], sites: list[int]) -> None:
    """Check which sites a phase has just taken troops from, given what they were before."""
    first = p.phase_first_site[j]
    own = p.phase_site[first : first + p.phase_sites[j]]
    floors = [math.floor(keep + 0.5) for keep in p.phase_keep[first : first + p.phase_sites[j]]]
    for i, (site, floor) in enumerate(zip(own, floors, strict=True)):
        if s.troops[site] >= troops[site]:
            continue
        assert s.troops[site] >= floor, "a site that is kept went below its floor"
        if floor == 0 and s.site[site] != codes.CLOSED and (s.phase_goal[j] == 0 or i < len(own) - 1):
            assert s.troops[site] >= math.floor(p.site_garrison[site] + 0.5), "a garrison left before its site closed"
        turn = i // p.phase_at_once[j] if p.phase_at_once[j] else 0
        for earlier, (other, kept) in enumerate(zip(own, floors, strict=True)):
            if p.phase_at_once[j] and earlier // p.phase_at_once[j] < turn and kept == 0:
                assert sites[other] == codes.CLOSED, "a site was drained before its turn"
def check_sums(s: State, p: Parameters) -> None:
    """Compare the sums that are kept up to date with counting from scratch, and the queue with the sites that wait."""
    for k in range(p.theatres):
        first, beyond = p.theatre_first_site[k], p.theatre_first_site[k] + p.theatre_sites[k]
        whole = math.fsum(s.troops[i] * p.site_target_weight[i] for i in range(first, beyond))
        assert math.isclose(s.exposure[4 * first + 1], whole, rel_tol=1e-12)
    for j in range(p.phases):
        sites = [plan.site_of(p, j, i) for i in range(p.phase_sites[j])]
        assert s.phase_troops[j] == sum(s.troops[site] for site in sites)
        assert not any(s.site[sites[i]] == codes.OPEN and plan.closes(s, p, j, i) for i in range(s.phase_open_from[j]))
        assert all(draining.spare(s, p, j, i) == 0 for i in range(s.phase_gives_from[j]))
    assert s.sites_ready == s.site.count(codes.READY)
    queue = [s.queue_first] if s.queue_first >= 0 else []
    while queue and s.queue_behind[queue[-1]] >= 0:
        queue.append(s.queue_behind[queue[-1]])
    assert sorted(queue) == [site for site in range(p.sites) if s.site[site] == codes.WAITING]
    assert s.queue_last == (queue[-1] if queue else -1)


def check_lift(s: State, p: Parameters) -> None:
    on_the_way = [0] * p.theatres
    leaving = 0
    for m in range(p.modes):
        j = s.load_phase[m]
        assert (s.load_troops[m] > 0) + (s.load_cargo[m] > 0) == (j >= 0)
        if j >= 0:
            on_the_way[p.phase_theatre[j]] += s.load_troops[m]
            leaving += 0 if p.phase_reinforce[j] else s.load_troops[m]
    assert s.in_transit == on_the_way
    assert sum(s.moved) == sum(s.withdrawn) + sum(s.brought) + leaving
    for j in range(p.phases):
        assert s.asked[j] == 0 or s.phase[j] in (codes.MOVING, codes.HELD)


def check_cargo(s: State, p: Parameters) -> None:
    """No box is lost, and no site has more than its soldiers at the start had, nor one that is closed any."""
    for k in range(p.theatres):
        sites = [i for i in range(p.sites) if p.site_theatre[i] == k]
        phases = [j for j in range(p.phases) if p.phase_theatre[j] == k]
        under_way = sum(s.load_cargo[m] for m in range(p.modes) if s.load_phase[m] in phases)
        waiting = sum(s.cargo_waiting[j] for j in phases)
        assert s.cargo_left[k] == sum(s.cargo[i] for i in sites) + waiting + under_way <= s.cargo_initial[k]
        assert all(s.cargo[i] >= 0 for i in sites)
        assert all(s.cargo[i] == 0 for i in sites if s.site[i] == codes.CLOSED)
        assert all(s.cargo_waiting[j] == 0 for j in phases if p.phase_reinforce[j])
    assert sum(s.cargo_initial) == sum(s.cargo_left) + sum(s.cargo_moved) - sum(s.load_cargo)


def audit(model: Model, seed: int = 1, replication: int = 0) -> tuple[State, Parameters, list[Record]]:
    """Play a replication, checking its books after every event and at the end."""
    records: list[Record] = []
    books: list[Ledger] = []

    def note(record: Record) -> None:
        records.append(record)
        books[0].note(record)

    clock = ReferenceClock(model, seed, replication, on_record=note)
    books.append(Ledger(clock.parameters))
    state = clock.play(books[0].observe)
    books[0].check_end(state)
    assert all(earlier.time <= later.time for earlier, later in pairwise(records))
    return state, clock.parameters, records
