"""One future on every engine: what each makes of it, and where they differ by so much as a bit.

The engines are the SimPy clock, the compiled clock, and the same in WebAssembly.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clocks import web
from sim.clocks import layout
from sim.clocks.budget import EVENT_BUDGET, GivenUp
from sim.clocks.compiled import LOG, CompiledClock
from sim.clocks.reference import Record, ReferenceClock
from sim.model.setup import Model, process_table
from sim.rules import diary
from sim.rules.outcomes import OUTCOMES
from sim.rules.processes import KINDS

Engines = Mapping[str, type[CompiledClock]]
"""Compiled clocks by name."""
NO_MORE: Engines = {}

Parts = dict[str, NDArray[Any]]
"""What a clock makes of a replication, by name: its log, outcomes, diary, parameters drawn and state at the end."""


class Comparison(NamedTuple):
    """What came of playing the same replications on every engine.

    Attributes
    ----------
    told
        How often the SimPy clock's log has each kind of process telling what (a number of `sim.rules.state`).
    given_up
        Why replications were given up by the SimPy clock.
    differences
        Where another engine differs from the SimPy clock.
    engines
        The names of those other engines.
    """

    told: Counter[tuple[str, int]]
    given_up: list[str]
    differences: list[str]
    engines: list[str]


def compare(
    model: Model, seed: int, first: int, replications: int = 1, budget: int = EVENT_BUDGET, more: Engines = NO_MORE
) -> Comparison:
    """Play replications from ``first`` on with every engine; with compiled ones in a row as well as one by one.

    ``more`` are further engines.
    """
    compiled = CompiledClock(model, seed, everywhere(model), budget)
    others: Engines = {"WebAssembly": web.WebClock, **more} if web.is_fresh() else more
    engines = {"compiled": compiled}
    engines |= {name: clock(model, seed, everywhere(model), budget) for name, clock in others.items()}
    names = [KINDS[kind].name for kind, _ in process_table(model.parameters)]
    told: Counter[tuple[str, int]] = Counter()
    expected, reasons, differences = [], [], []
    for replication in range(first, first + replications):
        parts, why = by_simpy(compiled, model, seed, replication)
        for name, engine in engines.items():
            found, found_why = by_compiled(engine, replication)
            if why != found_why:
                differences.append(f"replication {replication}, given up: SimPy {why!r}, {name} {found_why!r}")
            else:
                differences += [f"replication {replication}, {line}" for line in differing(parts, found, name)]
        expected.append(parts)
        if "log" in parts:
            log = parts["log"]
            told.update((names[process], what) for process, what in zip(log["process"], log["what"], strict=True))
        reasons += [why] if why else []
    if not reasons and not differences:
        row = {"outcomes": np.concatenate([parts["outcomes"] for parts in expected]),
               "diary": np.concatenate([parts["diary"] for parts in expected])}
        for name, engine in engines.items():
            found = in_a_row(engine, first, replications)
            differences += [f"in a row, {line}" for line in differing(row, found, name)]
    return Comparison(told, reasons, differences, [*engines])


def everywhere(model: Model) -> NDArray[np.int64]:
    """Return all outcomes as the compiled clock is told of them: in every place, and over all places together."""
    p = model.parameters
    places = {"": 1, "theatre": p.theatres, "only_theatre": p.theatres, "quarter": p.quarters, "phase": p.phases,
              "mode": p.modes}
    rows = []
    for number, outcome in enumerate(OUTCOMES):
        count = places[outcome.per]
        rows += [(number, place, place + 1) for place in range(count)] + [(number, 0, count)]
    return np.array(rows, np.int64)


def by_simpy(compiled: CompiledClock, model: Model, seed: int, replication: int) -> tuple[Parts, str]:
    """Play a replication with the SimPy clock; return it as the compiled clock would, and why it was given up."""
    records: list[Record] = []
    clock = ReferenceClock(model, seed, replication, on_record=records.append, budget=compiled.budget)
    s, p = clock.state, clock.parameters
    d = diary.first_diary(p, diary.most_entries(p))
    diary.open_diary(p, d)
    why = ""
    try:
        clock.play(lambda s, upto: diary.note(s, p, d, upto))
    except GivenUp as error:
        why = str(error)
    parts = _fields("parameters", layout.block_of(p)) | _fields("state", layout.state_of(s, p))
    if not why:
        diary.note(s, p, d, p.horizon + 1.0)
        columns = (column[: d.entries] for column in (d.entry_row, d.entry_time, d.entry_level))
        parts |= {"log": np.array(records, LOG), "diary": np.array([*columns], np.int32).T,
                  "outcomes": np.array([_measured(s, p, *row) for row in compiled.world.measured.tolist()])}
    return parts, why


def _measured(s: Any, p: Any, number: int, place: int, beyond: int) -> float:
    total = 0.0
    for i in range(place, beyond):
        total += OUTCOMES[number].measure(s, p, i)
    return total


def by_compiled(clock: CompiledClock, replication: int) -> tuple[Parts, str]:
    """Play a replication with the compiled clock, without a log and with one; return why it was given up as well."""
    parts: Parts = {}
    why = ""
    try:
        parts = in_a_row(clock, replication, 1)
        parts["log"] = clock.log(replication)
    except GivenUp as error:
        why = str(error)
        assert clock.playing == replication
    return parts | _fields("parameters", clock.world.parameters) | _fields("state", clock.world.state), why


def in_a_row(clock: CompiledClock, first: int, replications: int) -> Parts:
    """Play replications one after the other with the compiled clock; return their outcomes and their diaries."""
    outcomes = np.zeros((replications, len(clock.world.measured)))
    diaries: list[NDArray[np.int32]] = []
    played = 0
    while played < replications:
        more, entries = clock.play(first + played, outcomes[played:])
        diaries.append(entries.T)
        played += more
    return {"outcomes": outcomes.ravel(), "diary": np.concatenate(diaries)}


def _fields(name: str, record: layout.Struct) -> Parts:
    """Return the fields of a record, apart from lists of which only a beginning is in use."""
    names = [field for field in record.dtype.names or () if not field.startswith(layout.NOT_CLEARED)]
    return {f"{name}.{field}": record[field].ravel().copy() for field in names}


def differing(expected: Parts, found: Parts, engine: str) -> list[str]:
    """Say for each part where the two first differ; bits count, so that -0 is not 0, and NaN is NaN."""
    lines = []
    for name, rows in expected.items():
        others = found[name]
        if rows.tobytes() != others.tobytes():
            pairs = zip(rows, others, strict=False)
            i = next((i for i, (a, b) in enumerate(pairs) if a.tobytes() != b.tobytes()), min(len(rows), len(others)))
            one, other = ([*part[i : i + 1].tolist(), "missing"][0] for part in (rows, others))
            lines.append(f"{name}, number {i} of {len(rows)}: SimPy {one}, {engine} {other}")
    return lines
