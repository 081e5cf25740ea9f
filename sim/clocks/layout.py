"""State, parameters and streams as NumPy records, derived from the dataclasses that the rules are written for.

Lists become arrays of fixed capacities, doubled where a scenario needs more, so that nearly all scenarios share one
compiled program. As in Python, the parameters say how much of each array is in use.
"""

from dataclasses import Field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.setup import Model
from sim.rules.diary import Diary, most_entries, rows_of
from sim.rules.parameters import Parameters
from sim.rules.state import PHASE_MILESTONES, State, lengths
from sim.rules.streams import Streams

CAPACITIES = {"theatres": 8, "sites": 520, "phases": 32, "groups": 16, "suppressions": 40, "kinds": 8, "quarters": 32,
              "history": 128, "switches": 40, "visits": 2080, "draws": 256, "entries": 65536, "modes": 4}
"""What nearly all scenarios keep within. Room that is not used costs no time."""
STREAM_WORDS, KEY, PLAY = 8, 6, 7
"""How many words a stream's row has, and which are its key and the play it belongs to; see `sim.clocks.generator`."""

SCALARS: dict[Any, Any] = {float: np.float64, int: np.int64, bool: np.bool_}
ITEMS: dict[Any, Any] = {list[float]: np.float64, list[int]: np.int64, list[bool]: np.uint8}
FIRST_WORDS = {"theatre": "theatres", "site": "sites", "phase": "phases", "kind": "kinds",
               "suppression": "suppressions", "group": "groups", "history": "history", "tension": "switches",
               "quarter": "quarters", "visit": "visits", "mode": "modes"}
STREAM_LISTS = {"suppression": "suppressions", "attack_times": "theatres", "attack_outcomes": "theatres",
                "working_group": "groups", "closing": "sites", "lift": "modes", "execution": "phases",
                "parameter": "draws"}
SOUGHT = ("attack_times", "attack_outcomes", "closing")
"""Streams in which rules seek a place each time before they draw."""

NOT_CLEARED = ("point_", "told_", "exposure")
"""Lists of the state that need no clearing: a replication reads only what it has written itself."""

Struct = NDArray[np.void]
"""A NumPy record, in an array of one."""


def capacities(model: Model) -> dict[str, int]:
    """Return the capacities of the arrays for a scenario, by what they have one entry for."""
    p = model.parameters
    counts = {"switches": p.tension_switches, "visits": len(p.phase_site), "draws": len(model.draws),
              "entries": most_entries(p)}
    longest = {}
    for what, capacity in CAPACITIES.items():
        count = counts[what] if what in counts else getattr(p, what)
        while capacity < count:
            capacity *= 2
        longest[what] = capacity
    longest["milestones"] = PHASE_MILESTONES + longest["phases"]
    longest["processes"] = (5 + longest["modes"] + longest["suppressions"] + 2 * longest["theatres"] + longest["groups"]
                            + longest["phases"] + longest["sites"])
    longest["rows"] = rows_of(longest["theatres"], longest["suppressions"], longest["phases"], longest["modes"])
    return longest


def state_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `State`."""
    length = longest | lengths(longest)
    return _record(State, lambda field: length[field.metadata["per"]], last=NOT_CLEARED)


def diary_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `Diary`."""
    return _record(Diary, lambda field: longest[field.metadata["per"]])


def roster_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of the processes: the kind of each and its number within the kind; when it acts next.

    ``when``, ``winner`` and ``places`` belong to the tournament of `sim.clocks.agenda`.
    """
    count = places_for(longest["processes"])
    return np.dtype([("kind", np.int64, (count,)), ("index", np.int64, (count,)), ("when", np.float64, (2 * count,)),
                     ("winner", np.int64, (2 * count,)), ("places", np.int64), ("playing", np.int64)], align=True)


def roster_of(table: list[tuple[int, int]], roster: np.dtype[Any]) -> Struct:
    """Return the roster of processes, given the kind and the index of each; nothing is due yet."""
    record = np.zeros(1, roster)
    record[0]["kind"][: len(table)], record[0]["index"][: len(table)] = zip(*table, strict=True)
    record[0]["when"] = np.inf
    record[0]["places"] = places = places_for(len(table))
    record[0]["winner"][places : 2 * places] = range(places)
    return record


def places_for(processes: int) -> int:
    """Return the number of places in the first round of the tournament: a power of two."""
    return 1 << max(processes - 1, 0).bit_length()


def parameters_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `Parameters`; the first word of a list's name says what it has one entry for."""

    def length(field: Field[Any]) -> int:
        if field.name in ("phase_site", "phase_keep"):  # one for each visit too
            return longest["visits"]
        if field.name == "suppression_covers":
            return longest["suppressions"] * longest["theatres"]
        if field.name == "mode_serves":
            return longest["modes"] * longest["theatres"]
        return longest[FIRST_WORDS[field.name.split("_")[0]]]

    return _record(Parameters, length)


def streams_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `Streams`: in each list a row of words for its head and one for each stream."""
    return np.dtype([(field.name, np.uint64, (longest.get(STREAM_LISTS.get(field.name, ""), 1) + 1, STREAM_WORDS))
                     for field in fields(Streams)])


def _record(kind: type[Any], length: Any, last: tuple[str, ...] = ()) -> np.dtype[Any]:
    """Derive a record type; fields whose names begin with one of ``last`` come last."""
    parts: list[Any] = []
    for field in sorted(fields(kind), key=lambda field: field.name.startswith(last)):
        if field.type in SCALARS:
            parts.append((field.name, SCALARS[field.type]))
        else:
            parts.append((field.name, ITEMS[field.type], (length(field),)))
    return np.dtype(parts, align=True)


def filled(values: Any, dtype: np.dtype[Any]) -> Struct:
    """Return a record, in an array of one, with the values of a dataclass; unused parts of arrays stay zero."""
    record = np.zeros(1, dtype)
    for field in fields(values):
        value = getattr(values, field.name)
        if field.name.startswith(NOT_CLEARED):
            continue
        if isinstance(value, list):
            record[0][field.name][: len(value)] = value
        else:
            record[0][field.name] = value
    return record


def in_use(first_state: State, state: np.dtype[Any]) -> NDArray[np.int64]:
    """Return the parts of a state that have to be reset before each replication: from which 8-byte word to which.

    What a scenario does not use of a list is never written and needs no clearing.
    """
    offsets: Any = state.fields
    parts: list[list[int]] = []
    for name in state.names or ():
        if name.startswith(NOT_CLEARED):
            continue
        value, (dtype, offset) = getattr(first_state, name), offsets[name][:2]
        beyond = offset + (dtype.base.itemsize * len(value) if isinstance(value, list) else dtype.itemsize)
        begin, end = offset // 8, -(-beyond // 8)
        if parts and begin <= parts[-1][1]:
            parts[-1][1] = max(parts[-1][1], end)
        elif end > begin:
            parts.append([begin, end])
    return np.array(parts, np.int64)


def streams_of(model: Model, longest: dict[str, int]) -> tuple[Struct, NDArray[np.int64], NDArray[np.int64]]:
    """Return the streams of a scenario, not yet opened, the rows that are heads, and those to be opened at once."""
    record = np.zeros(1, streams_type(longest))
    rows = record.view(np.uint64).reshape(-1, STREAM_WORDS)
    heads: list[int] = []
    at_once: list[int] = []
    head = 0
    for field, keys in zip(fields(Streams), model.stream_keys, strict=True):
        heads.append(head)
        rows[head + 1 : head + 1 + len(keys), KEY] = keys
        if field.name not in SOUGHT:
            at_once += range(head + 1, head + 1 + len(keys))
        head += record[0][field.name].shape[0]
    return record, np.array(heads), np.array(at_once)
