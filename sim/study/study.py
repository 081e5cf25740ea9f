"""The parts of a study: policies, uncertainties, the goals by which policies are judged, and the design of the futures.

The words are those of the field. A *policy* is a scenario with its levers set. An *uncertainty* is something nobody can
choose. A *future* gives every uncertainty a value; all policies are played in the same futures with the same random
numbers. A *case* is a policy in a future. In a search, a policy is a *candidate*; texts for readers call it a timeline.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.rules.outcomes import BY_NAME
from sim.scenario.called import called_first
from sim.scenario.fields import Discrete, Distribution, extremes
from sim.scenario.keys import spot_at, undotted
from sim.scenario.load import ScenarioFile
from sim.scenario.names import STATISTICS
from sim.scenario.shown import Shown
from sim.words.labels import in_sentence, outcome_label
from sim.words.phrases import counted, listed


@dataclass(frozen=True)
class Factor:
    """A lever or an uncertainty: scenario keys that change together.

    Attributes
    ----------
    name
        As in the study file.
    keys
        Scenario keys, such as ``attacks.elasticity``; all get the same value.
    dist
        The distribution of its values; None if they are listed.
    values
        The listed values, as in a scenario file; empty if it has a distribution.
    unit
        Unit in words.
    """

    name: str
    keys: tuple[str, ...]
    dist: Distribution | None
    values: tuple[Any, ...]
    unit: str

    @property
    def drawn(self) -> bool:
        """Whether the keys are numbers that can be uncertain in a scenario.

        If so, a scenario is set up once for all values. A count, a date or a switch needs a scenario for each value.
        """
        spots = [spot_at(undotted(key)) for key in self.keys]
        return all(spot is not None and spot.numeric is not None for spot in spots)

    @property
    def spread(self) -> Distribution:
        """The distribution of its values; listed numbers are equally likely."""
        return self.dist or Discrete(dist="discrete", values=[float(value) for value in self.values])

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value; if they are not numbers, their first and last position in the list."""
        ends = extremes(self.dist) if self.dist is not None else [self.as_number(i) for i in range(len(self.values))]
        return min(ends), max(ends)

    def as_number(self, place: int) -> float:
        """Return the value at a position in the list; the position itself if not all values are numbers."""
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values)
        return float(self.values[place]) if numbers else float(place)


@dataclass(frozen=True)
class Goal:
    """An outcome by which a study judges policies.

    Attributes
    ----------
    name
        As in the catalogue, e.g. ``killed_expected`` or ``attacks_total.iraq``.
    better
        ``low`` or ``high``.
    statistic
        The statistic over replications that counts, one of `STATISTICS`; for a day, the mean of min(day, horizon).
    threshold
        The limit that the statistic must not exceed (better low) or fall below (better high); None if there is none.
    kind, unit
        As in the catalogue; the kind of a rate is ``ratio``.
    label
        Label for readers; that of the catalogue when left out.
    """

    name: str
    better: str
    statistic: str
    threshold: float | None
    kind: str
    unit: str
    label: str = ""
    definition: str = ""

    @property
    def said(self) -> str:
        """Its label in texts, tables and figures."""
        return self.label or outcome_label(self.name)

    @property
    def entry(self) -> dict[str, str]:
        """Its entry in a codebook."""
        definition = self.definition or called_first(BY_NAME[self.name.partition(".")[0]].definition)
        return {"label": self.said, "unit": self.unit, "kind": self.kind, "better": self.better,
                "definition": f"{definition} Judged by: {STATISTICS[self.statistic]}."}

    @property
    def judged(self) -> str:
        """Its label, with the statistic if that is not the mean."""
        return self.said if self.statistic == "mean" else f"{self.said}, {STATISTICS[self.statistic]}"

    @property
    def sign(self) -> float:
        """1 if low is better and -1 if high is: values multiplied by it are better when lower."""
        return -1.0 if self.better == "high" else 1.0


@dataclass(frozen=True)
class Design:
    """How many futures there are and how they are chosen.

    Attributes
    ----------
    kind
        One of `sim.study.schema.DESIGNS`.
    points
        Size of the design: for a Latin hypercube the number of futures, for ``sobol`` the base sample (a power of two),
        for ``morris`` the number of trajectories, for ``grid`` the number of values of each uncertainty.
    policies
        Number of settings of the levers that are ranges: points of a Latin hypercube.
    replications
        Replications of every policy in every future.
    seed
        Seed of the random numbers and of the choice of futures.
    """

    kind: str
    points: int
    policies: int
    replications: int
    seed: int


@dataclass(frozen=True)
class Policy:
    """A scenario with its levers set.

    Attributes
    ----------
    name
        Name of the scenario, and the settings: ``gradual, pace=365``.
    scenario
        Name of the scenario.
    settings
        Settings by lever, as written in a scenario file, without quotes.
    variants
        The scenario with its levers set and its uncertain numbers given as distributions. There is a variant for each
        combination of listed values of the other uncertainties; the last uncertainty changes fastest.
    """

    name: str
    scenario: str
    settings: dict[str, str]
    variants: tuple[ScenarioFile, ...]


@dataclass(frozen=True, repr=False)
class Study(Shown):
    """A study, read from its file and checked.

    The others are compared with the first policy.
    """

    name: str
    path: Path
    title: str
    question: str
    scenarios: tuple[ScenarioFile, ...]
    levers: tuple[Factor, ...]
    uncertainties: tuple[Factor, ...]
    goals: tuple[Goal, ...]
    design: Design
    policies: tuple[Policy, ...] = ()

    def _about(self) -> str:
        goals = listed(in_sentence(goal.judged) for goal in self.goals)
        return (f"{self.name}, {self.title or 'without a title'}; {counted(len(self.policies), 'policy', 'policies')}, "
                f"{counted(len(self.uncertainties), 'uncertainty', 'uncertainties')}, judged by {goals}")
