"""Named random streams: the only source of chance.

A stream depends only on the seed, the replication and its own name, such as ``attacks/iraq/times``. NumPy defines it:
``Generator(PCG64(SeedSequence(seed, spawn_key=(replication, key(name)))))``. Only uniforms on [0, 1) are taken from it.
A stream is opened when it is first drawn from; one that is never used costs next to nothing.
"""

from dataclasses import dataclass, fields
from hashlib import blake2b

from numpy.random import PCG64, Generator, SeedSequence

AHEAD = 16  # uniforms fetched at a time; those left unused make no difference


class Stream:
    """One named stream of uniforms of one replication.

    Parameters
    ----------
    seed
        The study's seed.
    replication
        The replication's number.
    key
        The stream's `key`.
    """

    __slots__ = ("_buffer", "_fetched", "_generator", "_origin")

    def __init__(self, seed: int, replication: int, key: int) -> None:
        self._origin = (seed, replication, key)
        self._generator: Generator | None = None
        self._buffer: list[float] = []
        self._fetched = 0

    def next(self) -> float:
        """Draw the next uniform on [0, 1)."""
        if not self._buffer:
            self._fetch()
        return self._buffer.pop()

    def seek(self, position: int) -> None:
        """Make the uniform number ``position``, counted from 0, the next one."""
        generator = self._generator or self._open()
        generator.bit_generator.advance(position - self._fetched)  # type: ignore[attr-defined]
        self._fetched = position
        self._buffer.clear()

    def _fetch(self) -> None:
        generator = self._generator or self._open()
        self._buffer = generator.random(AHEAD).tolist()
        self._buffer.reverse()
        self._fetched += AHEAD

    def _open(self) -> Generator:
        seed, replication, key = self._origin
        self._generator = Generator(PCG64(SeedSequence(seed, spawn_key=(replication, key))))
        return self._generator


@dataclass(slots=True)
class Streams:
    """The streams of one replication, one list for each purpose."""

    tension: list[Stream]
    suppression: list[Stream]
    attack_times: list[Stream]
    attack_outcomes: list[Stream]
    rounds: list[Stream]
    breakdown: list[Stream]
    working_group: list[Stream]
    pressure: list[Stream]
    lift: list[Stream]
    closing: list[Stream]
    threat: list[Stream]
    execution: list[Stream]
    parameter: list[Stream]


def uniform(streams: list[Stream], index: int) -> float:
    """Draw the next uniform on [0, 1) of the stream ``streams[index]``."""
    return streams[index].next()


def seek(streams: list[Stream], index: int, position: int) -> None:
    """Make the uniform number ``position`` of the stream ``streams[index]`` the next one."""
    streams[index].seek(position)


def key(name: str) -> int:
    """Return the 64-bit hash of a stream's name; the top bit is set, so that it always fills two 32-bit words."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") | 1 << 63


@dataclass(frozen=True)
class StreamNames:
    """The names of a scenario's streams, as `Streams` holds them, and their keys.

    Raises
    ------
    ValueError
        If two names have the same key (one chance in some 10^15).
    """

    names: dict[str, list[str]]
    prefix: str = ""

    def __post_init__(self) -> None:
        every = [self.prefix + name for names in self.names.values() for name in names]
        if len({key(name) for name in every}) != len(every):
            raise ValueError("two random streams have the same name or key; rename a theatre, site or working group")

    def keys(self) -> list[list[int]]:
        """Return the keys in the order of the fields of `Streams`."""
        return [[key(self.prefix + name) for name in self.names[field.name]] for field in fields(Streams)]


def open_streams(keys: list[list[int]], seed: int, replication: int) -> Streams:
    """Return the streams of one replication.

    Parameters
    ----------
    keys
        What `StreamNames.keys` gives.
    seed
        The study's seed, not negative.
    replication
        The replication's number, from 0.
    """
    return Streams(*([Stream(seed, replication, number) for number in group] for group in keys))
