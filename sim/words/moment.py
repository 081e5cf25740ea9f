"""One step of a replication as the story tells it: its records, and the state before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter

from sim.clocks.reference import Record
from sim.rules.parameters import Parameters
from sim.rules.state import SPARSE, TOLD_HARM, State
from sim.scenario.called import called
from sim.scenario.schema import Scenario
from sim.words.labels import date_of, labels
from sim.words.phrases import date_text


@dataclass(frozen=True)
class Moment:
    """One step: its records, the state just before and just after it, and the records of earlier steps.

    The labels of things are worked out once and kept in ``labels``, which all steps of a story share.
    """

    scenario: Scenario
    parameters: Parameters
    before: State
    after: State
    records: Sequence[Record] = ()
    past: Sequence[Record] = ()
    labels: dict[str, list[str]] = field(default_factory=dict)

    def harm(self) -> Record | None:
        """Return the record of the harm done by this step's attack, if it harmed anybody."""
        return next((record for record in self.records if record.what == TOLD_HARM), None)

    def when(self, day: float) -> str:
        """Write a time, in days since the start, as a date; anything beyond the horizon as after the last day."""
        if day >= self.parameters.horizon:
            return f"after {date_text(self.scenario.end)}"
        return date_text(date_of(self.scenario, day))

    def called(self, text: str) -> str:
        """Put the names of the scenario into a text."""
        return called(text, self.scenario.names)

    @property
    def threat(self) -> str:
        """What the threat is called, such as ``ISIS threat``."""
        return self.called("{threat} threat")

    def name(self, kind: str, index: int) -> str:
        """Return the label of something."""
        if kind not in self.labels:
            self.labels[kind] = labels(self.scenario, kind)
        return self.labels[kind][index]

    def phase(self, j: int) -> str:
        """Name a phase inside a sentence."""
        name = self.name("phases", j)
        return f'"{name}"' if "phase" in name.lower() else f'phase "{name}"'

    def site(self, i: int) -> str:
        """Name a site, and say whether it is a small site or a hub."""
        theatre = list(self.scenario.theatres.values())[self.parameters.site_theatre[i]]
        closes_as = i - self.parameters.theatre_first_site[self.parameters.site_theatre[i]]
        small = sum(site.count or 1 for site in theatre.sites.values() if not site.hub)
        name, sort = self.name("sites", i), "small site" if closes_as < small else "hub"
        return name if sort in name.lower() else f"{name} [{sort}]"


NUMBERS = [field.name for field in fields(State) if not field.metadata]
LISTS = [field.name for field in fields(State)
         if field.metadata and field.metadata["per"] not in (*SPARSE, "exposures", "notes")]
"""The parts of the state that a story may use; the thousands of points of the rain are not among them."""


_numbers, _lists = attrgetter(*NUMBERS), attrgetter(*LISTS)


def snapshot(state: State, time: float) -> Callable[[], State]:
    """Return a function that gives the state as it is now, whatever later steps do. Few steps need it."""
    numbers, lists = _numbers(state), [*map(list.copy, _lists(state))]

    def kept() -> State:
        return State(**dict(zip(NUMBERS, numbers, strict=True)) | dict(zip(LISTS, lists, strict=True)) | {"now": time})

    return kept
