"""A step of a replication as the story sees it: what was told, and the state before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from sim.clocks.reference import Record
from sim.rules.parameters import Parameters
from sim.rules.state import TOLD_HARM, State
from sim.scenario.schema import Scenario
from sim.words.labels import date_of, date_text, label


@dataclass(frozen=True)
class Moment:
    """One step: everything that it told, the state just before and just after, and what earlier steps told."""

    scenario: Scenario
    parameters: Parameters
    before: State
    after: State
    records: Sequence[Record] = ()
    past: Sequence[Record] = ()

    def harm(self) -> Record | None:
        """Return what the attack of this step did, if it harmed anybody."""
        return next((record for record in self.records if record.what == TOLD_HARM), None)

    def when(self, day: float) -> str:
        """Write a time, in days since the start, as a date; what lies beyond the horizon as after the last day."""
        if day >= self.parameters.horizon:
            return f"after {date_text(self.scenario.end)}"
        return date_text(date_of(self.scenario, day))

    def name(self, kind: str, index: int) -> str:
        """Return the label of something."""
        return label(self.scenario, kind, index)

    def phase(self, j: int) -> str:
        """Name a phase inside a sentence."""
        name = self.name("phases", j)
        return f'"{name}"' if "phase" in name.lower() else f'phase "{name}"'

    def site(self, i: int) -> str:
        """Name a site with its sort."""
        theatre = list(self.scenario.theatres.values())[self.parameters.site_theatre[i]]
        closes_as = i - self.parameters.theatre_first_site[self.parameters.site_theatre[i]]
        small = sum(not site.hub for site in theatre.sites.values())
        name, sort = self.name("sites", i), "small site" if closes_as < small else "hub"
        return name if sort in name.lower() else f"{name} [{sort}]"


NUMBERS = [field.name for field in fields(State) if not field.metadata]
LISTS = [field.name for field in fields(State) if field.metadata and field.metadata["per"] not in ("points", "notes")]
"""What of the state a story may be about; the points of the rain are thousands, and none of its business."""


_numbers, _lists = attrgetter(*NUMBERS), attrgetter(*LISTS)


def snapshot(state: State, time: float) -> Callable[[], State]:
    """Return what gives the state as it is at a time, whatever later steps do; few of them tell and ask."""
    numbers, lists = _numbers(state), [*map(list.copy, _lists(state))]

    def kept() -> State:
        return State(**dict(zip(NUMBERS, numbers, strict=True)) | dict(zip(LISTS, lists, strict=True)) | {"now": time})

    return kept
