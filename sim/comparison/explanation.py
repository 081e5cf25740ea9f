"""What an explanation consists of: for each outcome, the difference of two scenarios and how it is shared out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sim.comparison.told import told
from sim.scenario.shown import Shown
from sim.words.labels import in_sentence
from sim.words.phrases import listed


@dataclass(frozen=True)
class Share:
    """What a player adds to the difference of an outcome.

    Attributes
    ----------
    name
        Its key, such as ``phases.iraq.over_days`` or ``contagion``.
    label
        The change in words (``487 to 365 days``), or what the coupling does.
    keys
        The scenario keys that it stands for.
    share
        Mean over replications.
    ci95
        Its interval; None for a single replication.
    title
        The name for readers, such as ``"over days" of phase Iraq``.
    """

    name: str
    label: str
    keys: tuple[str, ...]
    share: float
    ci95: list[float] | None
    title: str = ""

    @property
    def said(self) -> str:
        """What it is called in texts and figures."""
        return self.title or self.name

    @property
    def is_seen(self) -> bool:
        """Whether the interval excludes zero, and also as it is told: the share, give or take half its length."""
        if self.ci95 is None:
            return False
        low, high = self.ci95
        return (low > 0 or high < 0) and abs(self.share) > (high - low) / 2


@dataclass(frozen=True)
class Game:
    """The mean difference of an outcome, split between players.

    Attributes
    ----------
    shares
        The players, the largest first.
    orders
        0 if the shares are exact; otherwise how many orders of the players were sampled. The intervals include this
        sampling error.
    """

    shares: tuple[Share, ...]
    orders: int


@dataclass(frozen=True)
class OutcomeExplained:
    """Why an outcome differs.

    Attributes
    ----------
    name, kind, unit, better
        As in the catalogue.
    mean_a, mean_b
        In the two scenarios; for a day, the mean of min(day, horizon).
    difference
        Of B from A, with its paired interval.
    changes, couplings
        The two games.
    direct
        The difference with all couplings off; the shares of couplings are added to it.
    title
        The name for readers.
    """

    name: str
    kind: str
    unit: str
    better: str
    mean_a: float
    mean_b: float
    difference: Share
    changes: Game
    couplings: Game
    direct: Share
    title: str = ""

    @property
    def said(self) -> str:
        """What it is called in texts and figures."""
        return self.title or self.name


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """Why scenario B differs from scenario A.

    Attributes
    ----------
    a, b
        Their names.
    start, end
        First and last day, as ISO dates.
    replications, seed
        Which replications were played.
    outcomes
        The outcomes explained.
    notes
        Outcomes that are estimated from another one, and changes that had to be taken together.
    """

    a: str
    b: str
    start: str
    end: str
    replications: int
    seed: int
    outcomes: tuple[OutcomeExplained, ...]
    notes: tuple[str, ...]

    def _about(self) -> str:
        outcomes = listed([in_sentence(outcome.said) for outcome in self.outcomes], 4)
        return f"why {self.b} differs from {self.a} in {outcomes}; {self.replications:,} replications, seed {self.seed}"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        return [("", ("Why",), [(line,) for line in self.sentences()])]

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data, fit for JSON."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """Return paragraphs: two for each outcome, and the notes."""
        return told(self)
