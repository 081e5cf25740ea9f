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

CAPACITIES = {"theatres": 8, "sites": 64, "phases": 32, "groups": 16, "suppressions": 8, "kinds": 8, "quarters": 32,
              "history": 128, "switches": 16, "visits": 256, "draws": 128, "entries": 65536}
STREAM_WORDS, KEY = 8, 6
"""How many words a stream's row has, and which of them is the key; see `sim.clocks.generator`."""

SCALARS: dict[Any, Any] = {float: np.float64, int: np.int64, bool: np.bool_}
ITEMS: dict[Any, Any] = {list[float]: np.float64, list[int]: np.int64, list[bool]: np.uint8}
FIRST_WORDS = {"theatre": "theatres", "site": "sites", "phase": "phases", "kind": "kinds",
               "suppression": "suppressions", "group": "groups", "history": "history", "tension": "switches",
               "quarter": "quarters"}
STREAM_LISTS = {"suppression": "suppressions", "attack_times": "theatres", "attack_outcomes": "theatres",
                "working_group": "groups", "closing": "sites", "execution": "phases", "parameter": "draws"}

NOT_CLEARED = ("point_", "told_")
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
    longest["processes"] = (6 + longest["suppressions"] + 2 * longest["theatres"] + longest["groups"]
                            + longest["phases"] + longest["sites"])
    longest["rows"] = rows_of(longest["theatres"], longest["suppressions"], longest["phases"])
    return longest


def state_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `State`."""
    length = longest | lengths(longest)
    return _record(State, lambda field: length[field.metadata["per"]], last=NOT_CLEARED)


def diary_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `Diary`."""
    return _record(Diary, lambda field: longest[field.metadata["per"]])


def roster_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of the processes: the kind of each, its number within the kind, and when it acts next."""
    count = longest["processes"]
    return np.dtype([("kind", np.int64, (count,)), ("index", np.int64, (count,)), ("when", np.float64, (count,)),
                     ("playing", np.int64)])


def parameters_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `Parameters`; the first word of a list's name says what it has one entry for."""

    def length(field: Field[Any]) -> int:
        if field.name in ("phase_site", "phase_keep"):
            return longest["visits"]
        if field.name == "suppression_covers":
            return longest["suppressions"] * longest["theatres"]
        return longest[FIRST_WORDS[field.name.split("_")[0]]]

    return _record(Parameters, length)


def streams_type(longest: dict[str, int]) -> np.dtype[Any]:
    """Return the record type of `Streams`: a row of words for each stream."""
    return np.dtype([(field.name, np.uint64, (longest.get(STREAM_LISTS.get(field.name, ""), 1), STREAM_WORDS))
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
        if isinstance(value, list):
            record[0][field.name][: len(value)] = value
        else:
            record[0][field.name] = value
    return record


def words_to_clear(state: np.dtype[Any]) -> int:
    """Return how many 8-byte words at the beginning of a state have to be reset before each replication."""
    offsets: Any = state.fields
    return int(min(offsets[name][1] for name in offsets if name.startswith(NOT_CLEARED)) // 8)


def streams_of(model: Model, longest: dict[str, int]) -> tuple[Struct, NDArray[np.int64]]:
    """Return the streams of a scenario, not yet opened, and the numbers of the rows in use."""
    record = np.zeros(1, streams_type(longest))
    rows = record.view(np.uint64).reshape(-1, STREAM_WORDS)
    used, first = [], 0
    for field, keys in zip(fields(Streams), model.stream_keys, strict=True):
        for i, key in enumerate(keys):
            rows[first + i, KEY] = key
            used.append(first + i)
        first += record[0][field.name].shape[0]
    return record, np.array(used)
