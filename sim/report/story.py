"""One replication as a story: which one is told, and what of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.clocks.reference import Record, ReferenceClock
from sim.report.scene import Scene
from sim.rules.told import BY_CODE
from sim.words.labels import in_sentence
from sim.words.phrases import counted
from sim.words.story import ABOUT_REPLICATION, Event, trace

ROUTINE = {"tranche", "load", "cargo", "put_off", "round", "attack", "kind", "closing", "ready", "gathered", "filled"}
"""What happens so often that a story leaves it out, unless something else comes of it."""
MOST_EVENTS = 120
"""The most events that are told: the first."""
TYPICAL = ("completion_day", "attacks_total")
"""The outcomes by which a typical replication is chosen: the first of them that a scenario has."""


@dataclass(frozen=True)
class Story:
    """A replication told.

    Attributes
    ----------
    replication
        Its number.
    chosen
        Why this one is told.
    drawn
        The uncertain numbers that it drew, a line each.
    events
        What happened.
    left_out
        How many more events there were.
    """

    replication: int
    chosen: str
    drawn: tuple[str, ...]
    events: tuple[Event, ...]
    left_out: int


def story(scene: Scene) -> Story:
    """Return a typical replication as a story."""
    number, chosen = typical(scene)
    events = trace(scene.file, number, scene.seed)
    kept = _notable(scene, number, events)[:MOST_EVENTS]
    drawn = tuple(event.text for event in events if event.kind == "drawn")
    told = sum(event.kind not in ABOUT_REPLICATION for event in events)
    return Story(number, chosen, drawn, tuple(kept), told - len(kept))


def typical(scene: Scene) -> tuple[int, str]:
    """Return the number of the replication that is in the middle of all in one outcome, and say so."""
    name = next((name for name in TYPICAL if name in scene.entries), None)
    if name is None or scene.column is None:
        return 0, "It is the first."
    values = scene.column(name)
    middle = int(np.argsort(values, kind="stable")[(len(values) - 1) // 2])
    return middle, (f"Of {counted(scene.replications, 'replication')}, it is the one in the middle by "
                    f"{in_sentence(scene.entries[name]['label'])}. In everything else it may be unusual.")


def _notable(scene: Scene, number: int, events: Sequence[Event]) -> list[Event]:
    """Return the events of which something came that is not routine, or that hurt somebody."""
    records: list[Record] = []
    ReferenceClock(scene.model, scene.seed, number, on_record=records.append).play()
    times = {record.time for record in records if BY_CODE[record.what].name not in ROUTINE}
    return [event for event in events if event.kind not in ABOUT_REPLICATION and (
        event.kind not in ROUTINE or event.day in times or event.amount + event.detail > 0 < (event.kind == "attack"))]
