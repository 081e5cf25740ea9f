"""The loop of the compiled clock, compiled by Numba together with the rules.

It takes the process that acts next, runs its step rule, and then asks those processes again whose next time may have
changed: the process itself and those its step has woken. Of two due at the same time, the lower number acts first.
"""

import math
from typing import Any

from sim.clocks.agenda import enter, play_all
from sim.clocks.blocks import block, rows_of
from sim.clocks.compiled_rules import compiled_rule, one_of
from sim.clocks.generator import begin_streams, uniform
from sim.clocks.layout import Roster
from sim.clocks.parts import part
from sim.rules import diary, outcomes, processes, uncertain
from sim.rules.diary import Diary
from sim.rules.parameters import Parameters
from sim.rules.processes import KINDS
from sim.rules.state import State, forget
from sim.rules.streams import Streams

DONE, OUT_OF_BUDGET = 0, 1

_as_state, _as_parameters, _as_streams = block(State), block(Parameters), block(Streams)
_as_diary, _as_roster = block(Diary), block(Roster)
_due = one_of((kind.due for kind in KINDS), "s, p, r, i")
_step = one_of((kind.step for kind in KINDS), "s, p, r, i")
_measure = one_of((outcome.measure for outcome in outcomes.OUTCOMES), "s, p, i")
_begin, _finish, _forget = compiled_rule(processes.begin), compiled_rule(processes.finish), compiled_rule(forget)
_open_diary, _note = compiled_rule(diary.open_diary), compiled_rule(diary.note)
_quantile, _row_of = compiled_rule(uncertain.quantile), compiled_rule(uncertain.row_of)


@part
def _draw(table: Any, streams: Any, parameters: Any) -> None:
    """Draw the uncertain numbers of a replication into its parameters, as `Model.parameters_of` does."""
    dist, numbers, place = table.dist, table.numbers, table.place
    rows, row_from, upto = table.rows, table.row_from, table.upto
    for i in range(len(dist)):
        u = uniform(streams, i)
        first = table.place_from[i]
        if rows[i] == 0:
            value = _quantile(dist[i], numbers[i, 0], numbers[i, 1], numbers[i, 2], numbers[i, 3], u)
            for j in range(first, table.place_to[i]):
                parameters[place[j]] = value
            continue
        places = table.place_to[i] - first
        start = table.value_from[i] + _row_of(upto, row_from[i], rows[i], u) * places
        for j in range(places):
            parameters[place[first + j]] = table.values[start + j]


@part
def _ask(q: Any, s: Any, p: Any, r: Any, number: int) -> Any:
    """Ask a process when it acts next. A time already past counts as now; NaN counts as never."""
    time = _due(q.kind[number], s, p, r, q.index[number])
    return max(time, s.now) if time < math.inf else math.inf


@part
def _play(q: Any, s: Any, p: Any, r: Any, d: Any, log: Any, budget: Any) -> Any:
    """Play one replication from its first state to the horizon; return whether it was done, and the log's length."""
    _begin(s, p, r)
    _forget(s)
    for number in range(p.processes):
        q.when[q.places + number] = _ask(q, s, p, r, number)
    play_all(q, p.processes)
    steps, logged = 0, 0
    while True:
        number = q.winner[1]
        now = q.when[1]
        if not now < p.horizon:
            break
        _note(s, p, d, now)
        s.now = now
        _step(q.kind[number], s, p, r, q.index[number])
        steps += 1
        if steps > budget or s.given_up > 0:
            return OUT_OF_BUDGET, logged
        if len(log) > 0:
            for i in range(s.told):
                if logged < len(log):
                    entry = log[logged]
                    entry.time, entry.process = now, number
                    entry.what, entry.where = s.told_what[i], s.told_where[i]
                    entry.amount, entry.detail = s.told_amount[i], s.told_detail[i]
                logged += 1
        enter(q, number, _ask(q, s, p, r, number))
        for i in range(s.wakes):
            woken = s.waking[i]
            if woken != number:
                enter(q, woken, _ask(q, s, p, r, woken))
        _forget(s)
    _note(s, p, d, p.horizon)
    _finish(s, p)
    _note(s, p, d, p.horizon + 1.0)
    return DONE, logged


def play_some(
    state: Any, blank: Any, parameters: Any, draws: Any, streams: Any, heads: Any, at_once: Any, pool: Any,
    diary: Any, roster: Any, measured: Any, first: Any, results: Any, log: Any, budget: Any, room: Any,
) -> Any:
    """Play replications one after another; return how many, why it stopped, and the length of the last log.

    The arguments are those of `sim.clocks.compiled.CompiledClock.arguments`.
    """
    s, p, r = _as_state(state), _as_parameters(parameters), _as_streams(streams)
    rows, d, q = rows_of(streams), _as_diary(diary), _as_roster(roster)
    d.entries, became, logged = 0, DONE, 0
    for played in range(len(results)):
        if d.entries > room:
            return played, DONE, logged
        q.playing = first + played
        for word in range(len(blank)):
            state[word] = blank[word]
        begin_streams(rows, heads, at_once, pool, first + played)
        _draw(draws, r.parameter, parameters)
        _open_diary(p, d)
        became, logged = _play(q, s, p, r, d, log, budget)
        if became != DONE:
            return played, became, logged
        for m in range(len(measured)):
            place, beyond = measured[m, 1], measured[m, 2]
            total = 0.0
            while place < beyond:
                total += _measure(measured[m, 0], s, p, place)
                place += 1
            results[played, m] = total
    return len(results), DONE, logged
