"""State, parameters, streams and diary as blocks of memory, derived from the dataclasses that rules are written for.

A block begins with a table that says, in bytes, where in the block each list begins. Then come the numbers, and then
the lists, each as long as the scenario needs it. So one compiled program plays scenarios of any size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.setup import Model
from sim.rules.diary import first_diary, most_entries
from sim.rules.parameters import Parameters
from sim.rules.state import SPARSE, State, lengths
from sim.rules.streams import Stream, Streams

TABLE = "begin"
"""The first field of a block."""
STREAM_WORDS, KEY, PLAY = 8, 6, 7
"""How many words a stream's row has, and which are its key and the play it belongs to; see `sim.clocks.generator`."""
SOUGHT = ("attack_times", "attack_outcomes", "closing")
"""Streams in which rules seek a place each time before they draw."""
NOT_CLEARED = ("point_", "told_", "exposure")
"""Lists of the state that need no clearing: a replication reads only what it has written itself. They come last."""
ENTRIES = 65536
"""Entries of the diary for which there is room, if no replication needs more."""

SCALARS: dict[Any, Any] = {float: np.float64, int: np.int64, bool: np.bool_}
ITEMS: dict[Any, Any] = {list[float]: np.float64, list[int]: np.int64, list[bool]: np.uint8, list[Stream]: np.uint64}

Struct = NDArray[np.void]
"""A block, as a NumPy record in an array of one."""


@dataclass(slots=True)
class Roster:
    """The processes: the kind of each and its number within the kind; when it acts next.

    ``when``, ``winner`` and ``places`` belong to the tournament of `sim.clocks.agenda`.
    """

    kind: list[int]
    index: list[int]
    when: list[float]
    winner: list[int]
    places: int
    playing: int = 0


class Lists(NamedTuple):
    """What kinds of fields a dataclass has: numbers and, in the order of the table, lists; each with its type."""

    numbers: dict[str, Any]
    lists: dict[str, Any]


def parts_of(kind: type[Any]) -> Lists:
    """Return the numbers and the lists of a dataclass, as they follow in a block."""
    every = sorted(fields(kind), key=lambda field: field.name.startswith(NOT_CLEARED))
    return Lists({field.name: SCALARS[field.type] for field in every if field.type in SCALARS},
                 {field.name: field.type for field in every if field.type in ITEMS})


def block_type(kind: type[Any], length: Mapping[str, int]) -> np.dtype[Any]:
    """Return the record type of a block, given the length of each list; a list of streams begins with its head."""
    numbers, lists = parts_of(kind)
    shapes = {name: (length[name] + 1, STREAM_WORDS) if type_ == list[Stream] else (length[name],)
              for name, type_ in lists.items()}
    return np.dtype([(TABLE, np.int64, (len(lists),)), *numbers.items(),
                     *((name, ITEMS[type_], shapes[name]) for name, type_ in lists.items())], align=True)


def block_of(values: Any, room: dict[str, int] | None = None) -> Struct:
    """Return a dataclass as a block.

    Parameters
    ----------
    values
        The dataclass.
    room
        Lengths of lists for which there is only to be room, by name.
    """
    room = room or {}
    _, lists = parts_of(type(values))
    dtype = block_type(type(values), {name: len(getattr(values, name)) for name in lists} | room)
    block = np.zeros(1, dtype)
    offsets: Any = dtype.fields
    block[0][TABLE] = [offsets[name][1] for name in lists]
    for field in fields(values):
        if field.name not in room and field.type != list[Stream]:
            block[0][field.name] = getattr(values, field.name)
    return block


def state_of(s: State, p: Parameters) -> Struct:
    """Return a state as a block, without the lists that need no clearing."""
    sparse = lengths({what: getattr(p, what) for what in ("theatres", "sites", "phases", "groups")})
    room = {field.name: sparse[per] if per in SPARSE else len(getattr(s, field.name))
            for field in fields(State) if field.name.startswith(NOT_CLEARED) and (per := field.metadata["per"])}
    return block_of(s, room)


def blank_of(state: Struct) -> NDArray[np.uint64]:
    """Return that part of a state, from its beginning, which is reset before each replication."""
    offsets: Any = state.dtype.fields
    end = min(offset for name, (_, offset) in offsets.items() if name.startswith(NOT_CLEARED))
    return state.view(np.uint64)[: end // 8].copy()


def diary_of(p: Parameters) -> Struct:
    """Return an empty diary with room for at least two replications."""
    entries = max(ENTRIES, 2 * most_entries(p))
    return block_of(first_diary(p, 0), dict.fromkeys(("entry_row", "entry_time", "entry_level"), entries))


def roster_of(table: list[tuple[int, int]]) -> Struct:
    """Return the roster of processes, given the kind and the index of each; nothing is due yet."""
    places = 1 << max(len(table) - 1, 0).bit_length()
    kinds, indices = zip(*table, strict=True)
    return block_of(Roster([*kinds], [*indices], [np.inf] * 2 * places, [0] * places + [*range(places)], places))


def streams_of(model: Model) -> tuple[Struct, NDArray[np.int64], NDArray[np.int64]]:
    """Return the streams of a scenario, not yet opened, the rows that are heads, and those to be opened at once.

    Rows are counted from the beginning of the block's lists; see `rows_of`.
    """
    every: Any = model.stream_keys  # a list for each field, as `Streams` has streams
    block = block_of(Streams(*every))
    rows = rows_of(block)
    heads: list[int] = []
    at_once: list[int] = []
    head = 0
    for field, keys in zip(fields(Streams), model.stream_keys, strict=True):
        heads.append(head)
        beyond = head + 1 + len(keys)
        rows[head + 1 : beyond, KEY] = keys
        if field.name not in SOUGHT:
            at_once += range(head + 1, beyond)
        head = beyond
    return block, np.array(heads), np.array(at_once)


def rows_of(streams: Struct) -> NDArray[np.uint64]:
    """Return the rows of all streams and heads, as a view of their block."""
    return streams.view(np.uint64)[len(fields(Streams)) :].reshape(-1, STREAM_WORDS)
