"""The compiled clock: the same rules, compiled by Numba and driven by a plain loop, for ensembles.

The loop looks for the process that acts next, lets it act by its step rule, and asks those anew whose next time may
have changed: itself and whoever its step has woken. Of two that act at the same time the one of lower number is first.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clocks import layout
from sim.clocks.budget import EVENT_BUDGET, given_up
from sim.clocks.cache import compiled_entry, part
from sim.clocks.draws import DrawTable, draw, table_of
from sim.clocks.generator import open_streams, pools_of
from sim.clocks.twins import compiled, one_of
from sim.rules import diary, outcomes, processes
from sim.rules.diary import most_entries
from sim.rules.processes import KINDS
from sim.rules.setup import Model, process_table
from sim.rules.state import forget

DONE, OUT_OF_BUDGET = 0, 1

LOG = np.dtype([("time", "f8"), ("process", "i4"), ("what", "i4"), ("where", "i4"), ("amount", "f8"), ("detail", "f8")])

_due = one_of((kind.due for kind in KINDS), "s, p, r, i")
_step = one_of((kind.step for kind in KINDS), "s, p, r, i")
_measure = one_of((outcome.measure for outcome in outcomes.OUTCOMES), "s, p, i")
_begin, _finish, _forget = compiled(processes.begin), compiled(processes.finish), compiled(forget)
_open_diary, _note = compiled(diary.open_diary), compiled(diary.note)


class World(NamedTuple):
    """A scenario as the loop needs it: records (arrays of one) and tables."""

    state: layout.Record
    blank: NDArray[np.uint64]  # the first words of a state before anything has begun
    parameters: layout.Record
    streams: layout.Record
    streams_used: NDArray[np.int64]
    pools: NDArray[np.uint32]
    words: NDArray[np.uint64]
    diary: layout.Record
    roster: layout.Record
    draws: DrawTable
    measured: NDArray[np.int64]  # number of each outcome, its first place, and the place after its last


@part
def _ask(q: Any, s: Any, p: Any, r: Any, number: int) -> None:
    """Ask a process when it acts next; what is past is now, what is not a number never comes."""
    time = _due(q.kind[number], s, p, r, q.index[number])
    q.when[number] = max(time, s.now) if time < math.inf else math.inf


@part
def _play(q: Any, s: Any, p: Any, r: Any, d: Any, log: Any, budget: Any) -> Any:
    """Play one replication from its first state to the horizon; return what became of it and the length of the log."""
    _begin(s, p, r)
    _forget(s)
    for number in range(p.processes):
        _ask(q, s, p, r, number)
    steps, logged = 0, 0
    while True:
        number = 0
        for other in range(1, p.processes):
            if q.when[other] < q.when[number]:
                number = other
        now = q.when[number]
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
        _ask(q, s, p, r, number)
        for i in range(s.wakes):
            if s.waking[i] != number:
                _ask(q, s, p, r, s.waking[i])
        _forget(s)
    _note(s, p, d, p.horizon)
    _finish(s, p)
    _note(s, p, d, p.horizon + 1.0)
    return DONE, logged


def _play_some(w: Any, state: Any, parameters: Any, streams: Any, first: Any, results: Any, log: Any, budget: Any,
               room: Any) -> Any:
    """Play replications in a row; return how many, what stopped it, and the length of the last one's log.

    ``state``, ``parameters`` and ``streams`` are the memory of the records in ``w``, as words, numbers and rows.
    """
    s, p, r, d, q = w.state[0], w.parameters[0], w.streams[0], w.diary[0], w.roster[0]
    d.entries, became, logged = 0, DONE, 0
    for played in range(len(results)):
        if d.entries > room:
            return played, DONE, logged
        q.playing = first + played
        for i in range(len(w.blank)):
            state[i] = w.blank[i]
        open_streams(streams, w.streams_used, w.pools, w.words, first + played)
        draw(w.draws, r.parameter, parameters)
        _open_diary(p, d)
        became, logged = _play(q, s, p, r, d, log, budget)
        if became != DONE:
            return played, became, logged
        measured = w.measured
        for m in range(len(measured)):
            place, beyond = measured[m, 1], measured[m, 2]
            total = 0.0
            while place < beyond:
                total += _measure(measured[m, 0], s, p, place)
                place += 1
            results[played, m] = total
    return len(results), DONE, logged


_play_rows = compiled_entry(_play_some)


class CompiledClock:
    """Plays replications of a model in a row.

    Parameters
    ----------
    model
        The scenario, set up.
    seed
        Which of its futures.
    measured
        Shape (outcomes, 3): the number of each outcome in the catalogue, its first place, the place after its last.
    budget
        Events after which a replication is given up.
    """

    def __init__(self, model: Model, seed: int, measured: NDArray[np.int64], budget: int = EVENT_BUDGET) -> None:
        longest = layout.capacities(model)
        state_type, parameters_type = layout.state_type(longest), layout.parameters_type(longest)
        blank = layout.filled(model.first_state(), state_type)
        streams, used = layout.streams_of(model, longest)
        table = process_table(model.parameters)
        roster = np.zeros(1, layout.roster_type(longest))
        roster[0]["kind"][: len(table)], roster[0]["index"][: len(table)] = zip(*table, strict=True)
        self.world = World(
            state=np.zeros(1, state_type), blank=blank.view(np.uint64)[: layout.words_to_clear(state_type)],
            parameters=layout.filled(model.parameters, parameters_type), streams=streams, streams_used=used,
            pools=pools_of(seed), words=np.zeros(4, np.uint64), diary=np.zeros(1, layout.diary_type(longest)),
            roster=roster, draws=table_of(model, parameters_type), measured=measured)
        self.room = longest["entries"] - most_entries(model.parameters)
        self.budget = budget

    def play(self, first: int, results: NDArray[np.float64]) -> tuple[int, NDArray[np.int32]]:
        """Play replications from ``first`` on: as many as there are rows in ``results``, or fit into the diary.

        Parameters
        ----------
        first
            Number of the first replication.
        results
            Shape (replications, outcomes), to be filled.

        Returns
        -------
        tuple
            How many replications were played, at least one; and their diaries, shape (3, entries): see
            `sim.rules.diary`.

        Raises
        ------
        GivenUp
            If a replication exceeds its budget of events, or its numbers all bounds; `playing` says which.
        """
        played, _ = self._play(first, results, np.zeros(0, LOG))
        d = self.world.diary
        entries = int(d["entries"][0])
        columns = (d[name][0, :entries] for name in ("entry_row", "entry_time", "entry_level"))
        return played, np.array([*columns], np.int32)

    def log(self, replication: int) -> NDArray[np.void]:
        """Return the log of one replication: the fields of `sim.clocks.reference.Record`, an entry for each record."""
        results = np.zeros((1, len(self.world.measured)))
        length, logged = 0, 1000
        while logged > length:
            length = logged
            log = np.zeros(length, LOG)
            _, logged = self._play(replication, results, log)
        return log[:logged]

    @property
    def playing(self) -> int:
        """The replication that was begun last."""
        return int(self.world.roster["playing"][0])

    def _play(self, first: int, results: Any, log: Any) -> tuple[int, int]:
        w = self.world
        rows = w.streams.view(np.uint64).reshape(-1, layout.STREAM_WORDS)
        state, parameters = w.state.view(np.uint64), w.parameters.view(np.float64)
        played, became, logged = _play_rows(
            w, state, parameters, rows, first, results, log, self.budget, self.room)
        if became == OUT_OF_BUDGET:
            raise given_up(int(w.state["given_up"][0]), self.budget)
        return played, logged
