"""Records of attacks from data files: dated events, or counts over intervals of time.

Times are days from 00:00 on the first day of the record, as everywhere in the model.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Harm:
    """The harm done by single attacks, with an entry for each attack.

    Attributes
    ----------
    killed, wounded, wounded_final
        Numbers of persons; -1 where the file does not say.
    delay_days
        Days from the attack to its report; NaN where the file does not say.
    place
        Index of each attack's place among those of the record, -1 if the file does not say; empty if the record does
        not distinguish places.
    layout
        ``events``, ``acled`` or ``ged``, on which it depends who is counted and which attacks the file lists.
    """

    killed: Whole
    wounded: Whole
    wounded_final: Whole
    delay_days: Floats
    place: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    layout: str = "events"

    def only(self, kept: NDArray[np.bool_]) -> "Harm":
        """Return only the attacks that are kept, given a flag for each attack."""
        return replace(self, killed=self.killed[kept], wounded=self.wounded[kept],
                       wounded_final=self.wounded_final[kept], delay_days=self.delay_days[kept],
                       place=self.place[kept] if len(self.place) else self.place)

    @property
    def all_sides(self) -> bool:
        """Whether the deaths are those on all sides, not only those of the troops."""
        return self.layout != "events"


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class AttackRecord:
    """The attacks in a data file.

    Attributes
    ----------
    path, sha256
        The file, and the hash of its bytes.
    kind
        ``events`` (attacks at known times) or ``counts`` (attacks counted over intervals, with or without gaps
        between them; cumulative counts are given as their differences).
    first_day
        Day 0.
    begin, end
        The time in which attacks would have been recorded.
    times
        Times of attacks in ascending order, shape (attacks,); empty for counts.
    starts, ends, counts
        Intervals in order, without overlaps, and the attacks in them, shape (intervals,); empty for events.
    places
        By place, attacks there: for events shape (attacks,), 1 or 0; for counts shape (intervals,), NaN where the file
        does not say. Empty if the record does not distinguish places.
    harm
        The harm done by single attacks; None if the file does not say.
    notes
        What was repaired or left out, a line each, with row numbers.
    joined
        Name and hash of each file, if several were joined.
    gaps
        For events: times within the record that were not watched, in order, without overlaps. For counts, the time
        between intervals was not watched either.
    guessed
        Which of ``begin`` and ``end`` is only the day of the first or the last event.
    doubts
        Why no fit should be used until the user has said more, a line each.
    labels
        Names of places as the file spells them, by the names in ``places``.
    elsewhere
        Attacks left out because their place is no theatre of the scenario.
    """

    path: Path
    sha256: str
    kind: str
    first_day: date
    begin: float
    end: float
    times: Floats = field(default_factory=lambda: np.empty(0))
    starts: Floats = field(default_factory=lambda: np.empty(0))
    ends: Floats = field(default_factory=lambda: np.empty(0))
    counts: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    places: dict[str, Floats] = field(default_factory=dict)
    harm: Harm | None = None
    notes: tuple[str, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()
    guessed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    elsewhere: int = 0

    @property
    def spans(self) -> list[tuple[float, float]]:
        """The times that were watched without a break; for counts, each interval."""
        if self.kind == "counts":
            return list(zip(self.starts.tolist(), self.ends.tolist(), strict=True))
        edges = [self.begin, *(edge for gap in self.gaps for edge in gap), self.end]
        return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Name and hash of each file from which the record comes."""
        return self.joined or ((self.path.name, self.sha256),)

    @property
    def attacks(self) -> int:
        """The number of attacks recorded."""
        return len(self.times) if self.kind == "events" else int(self.counts.sum())
