"""What a study is: policies, what is not known, what is asked of them, and how many futures they meet.

Words as in the field: a *policy* is a scenario with its levers set; an *uncertainty* is what nobody can choose; a
*future* gives every uncertainty a value, and every policy meets the same futures with the same chance. A *case* is a
policy in a future. In a search a policy is a *candidate*, and a reader is told of timelines.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.rules.outcomes import BY_NAME
from sim.scenario.fields import Discrete, Distribution, extremes
from sim.scenario.keys import spot_at, undotted
from sim.scenario.load import ScenarioFile
from sim.scenario.names import STATISTICS
from sim.scenario.shown import Shown
from sim.words.labels import in_sentence, outcome_label
from sim.words.phrases import counted, listed


@dataclass(frozen=True)
class Factor:
    """A lever or an uncertainty: scenario keys that are moved together.

    Attributes
    ----------
    name
        As in the study file.
    keys
        Scenario keys, such as ``attacks.elasticity``; all get the same value.
    dist
        How its values are spread; None where they are listed.
    values
        Its values one by one, as in a scenario file; empty where they are spread.
    unit
        In words.
    """

    name: str
    keys: tuple[str, ...]
    dist: Distribution | None
    values: tuple[Any, ...]
    unit: str

    @property
    def drawn(self) -> bool:
        """Whether the keys are numbers that a scenario may leave uncertain.

        A scenario is then set up once for all its values; a count, a date or a switch takes a scenario for each.
        """
        spots = [spot_at(undotted(key)) for key in self.keys]
        return all(spot is not None and spot.numeric is not None for spot in spots)

    @property
    def spread(self) -> Distribution:
        """How its values are spread; listed numbers are equally likely."""
        return self.dist or Discrete(dist="discrete", values=[float(value) for value in self.values])

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value; of values that are no numbers, their first and last place in the list."""
        ends = extremes(self.dist) if self.dist is not None else [self.as_number(i) for i in range(len(self.values))]
        return min(ends), max(ends)

    def as_number(self, place: int) -> float:
        """Return the value at a place of the list; where not all are numbers, the place itself."""
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values)
        return float(self.values[place]) if numbers else float(place)


@dataclass(frozen=True)
class Goal:
    """An outcome that a study judges by.

    Attributes
    ----------
    name
        As in the catalogue, e.g. ``killed_expected`` or ``attacks_total.iraq``.
    better
        ``low`` or ``high``.
    statistic
        What of its replications counts: one of `STATISTICS`; of a day, the mean is that of min(day, horizon).
    threshold
        What the statistic must not exceed (better low) or fall short of (better high); None if there is none.
    kind, unit
        As in the catalogue; the kind of a rate is ``ratio``.
    label
        What readers are told instead of the name; that of the catalogue when left out.
    """

    name: str
    better: str
    statistic: str
    threshold: float | None
    kind: str
    unit: str
    label: str = ""

    @property
    def said(self) -> str:
        """What it is called in texts, tables and figures."""
        return self.label or outcome_label(self.name)

    @property
    def entry(self) -> dict[str, str]:
        """What a codebook says of it."""
        definition = BY_NAME[self.name.partition(".")[0]].definition
        return {"label": self.said, "unit": self.unit, "kind": self.kind, "better": self.better,
                "definition": f"{definition} Judged by: {STATISTICS[self.statistic]}."}

    @property
    def judged(self) -> str:
        """What it is called, and what of it counts where that is not the mean."""
        return self.said if self.statistic == "mean" else f"{self.said}, {STATISTICS[self.statistic]}"

    @property
    def sign(self) -> float:
        """1 where low is better, -1 where high is: times it, lower is better."""
        return -1.0 if self.better == "high" else 1.0


@dataclass(frozen=True)
class Design:
    """How many futures there are and how they lie.

    Attributes
    ----------
    kind
        One of `sim.study.schema.DESIGNS`.
    points
        Futures asked for: as many as they are for a Latin hypercube; the base sample for ``sobol`` (a power of two),
        trajectories for ``morris``, values of each uncertainty for ``grid``.
    policies
        Settings of the levers that are ranges: points of a Latin hypercube.
    replications
        Replications of every policy in every future.
    seed
        Which chance they meet, and which sample of futures.
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
        That of the scenario, and the settings: ``gradual, pace=365``.
    scenario
        Name of the scenario.
    settings
        By lever, as written in a scenario file but for quotes.
    variants
        The scenario with levers set and uncertain numbers given as distributions: one for each combination of the
        listed values of those uncertainties that are no such numbers, the last uncertainty changing first.
    """

    name: str
    scenario: str
    settings: dict[str, str]
    variants: tuple[ScenarioFile, ...]


@dataclass(frozen=True, repr=False)
class Study(Shown):
    """A study, as read from its file and found right.

    The first policy is the one that the others are compared with.
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
