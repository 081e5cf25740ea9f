"""The result of a search for good timelines: the Pareto front, confirmed in fresh replications."""

import io
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sim.estimate.estimate import Estimate, standard_error
from sim.estimate.intervals import REACH
from sim.scenario.harmless import CsvWriter, from_csv
from sim.scenario.resolve import unquoted
from sim.scenario.shown import Shown
from sim.study.candidates import Axis
from sim.study.study import Goal
from sim.words.labels import in_sentence, with_unit
from sim.words.layout import Table, table
from sim.words.phrases import counted, listed, mean_text, number

if TYPE_CHECKING:
    import pandas as pd

MARK = "*"
"""Marks a lever at the end of its range."""
FRONT, DOMINATED, MISSED, UNPLAYABLE = "front", "dominated", "threshold missed", "not playable"


@dataclass(frozen=True)
class Candidate:
    """A policy found by the search, or a scenario as it is.

    Attributes
    ----------
    name
        Such as ``gradual, pace=365``.
    setting
        The settings of its levers, by name; empty for a scenario as it is.
    search
        Its goals in the replications of the search that chose it: on average, too good.
    confirmed
        Its goals in fresh replications.
    status
        ``front``, or why it is not in the front: ``dominated``, ``threshold missed`` or ``not playable`` in the fresh
        replications. Empty for a scenario as it is.
    """

    name: str
    setting: dict[str, Any]
    search: tuple[Estimate, ...]
    confirmed: tuple[Estimate, ...]
    status: str


@dataclass(frozen=True, repr=False)
class Front(Shown):
    """The result of a search.

    Attributes
    ----------
    name, title, question
        Of the study.
    start, end
        First day of the scenarios, from which days are counted, and last day.
    seed, replications, fresh
        The seed, the number of replications in the search (from 0), and the number after them used to confirm.
    goals
        The goals by which candidates are judged: first the objectives, then outcomes that must keep a threshold.
    objectives
        How many of the goals are objectives.
    axes
        The levers, and the choice of scenario if there are several.
    front, dropped
        The candidates at the end of the search, sorted by the first goal in fresh replications, the best first.
    base
        The scenarios as they are, with the same uncertainties.
    optimism
        By goal, how much better the candidates looked in the search than in fresh replications, on average: luck.
    tried, refused
        How many candidates were tried, and how many of them were not valid or could not be played.
    notes
        Other lines for the reader.
    seconds
        How long the search took.
    """

    name: str
    title: str
    question: str
    start: date
    end: date
    seed: int
    replications: int
    fresh: int
    goals: tuple[Goal, ...]
    objectives: int
    axes: tuple[Axis, ...]
    front: tuple[Candidate, ...]
    dropped: tuple[Candidate, ...]
    base: tuple[Candidate, ...]
    optimism: tuple[Estimate, ...]
    tried: int
    refused: int
    notes: tuple[str, ...]
    seconds: float

    def _about(self) -> str:
        goals = listed(in_sentence(goal.judged) for goal in self.goals[: self.objectives])
        return (f"{self.title or self.name}: {counted(len(self.front), 'timeline')} that no other beats in {goals}, of "
                f"{self.tried:,} tried; seed {self.seed}")

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        part = self.as_table()
        return [("", part.head, part.rows)]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON; numbers may still be infinite or NaN."""
        goals = [goal.name for goal in self.goals]
        return {
            "study": self.name, "title": self.title, "question": self.question, "start": self.start.isoformat(),
            "end": self.end.isoformat(), "seed": self.seed, "replications": self.replications,
            "fresh_replications": self.fresh,
            "objectives": [asdict(goal) for goal in self.goals[: self.objectives]],
            "constraints": [asdict(goal) for goal in self.goals[self.objectives:]],
            "levers": {axis.name: _axis(axis) for axis in self.axes},
            "front": [_candidate(candidate, goals) | {"at_end": self.ends(candidate)} for candidate in self.front],
            "dropped": [_candidate(candidate, goals) for candidate in self.dropped],
            "base": [_candidate(candidate, goals) for candidate in self.base],
            "optimism": {name: _as_dict(estimate) for name, estimate in zip(goals, self.optimism, strict=True)},
            "tried": self.tried, "refused": self.refused, "at_ends": self.at_ends(), "notes": list(self.notes),
            "seconds": self.seconds,
        }

    @property
    def table(self) -> "pd.DataFrame":
        """A row for each candidate and scenario, the front first: status, levers, and goals in fresh replications.

        Further columns, named as in `as_csv`, have the goals in the search and the standard errors.
        """
        import pandas as pd

        table = pd.read_csv(io.StringIO(self.as_csv()), index_col="policy").rename(index=from_csv)
        return table.map(lambda cell: from_csv(cell) if isinstance(cell, str) else cell)

    @property
    def unpicked(self) -> tuple[Candidate, ...]:
        """The scenarios as they are, without those that are timelines of the front themselves."""
        names = {candidate.name for candidate in self.front}
        return tuple(candidate for candidate in self.base if candidate.name not in names)

    def ends(self, candidate: Candidate) -> dict[str, float]:
        """Return the levers of a candidate that lie at an end of their range which could be wider, with that end."""
        return {axis.name: end for axis in self.axes
                if (end := axis.end_at(candidate.setting.get(axis.name))) is not None}

    def at_ends(self) -> list[str]:
        """Say which levers lie at the end of their range, and in how many timelines of the front."""
        counts = Counter(end for candidate in self.front for end in self.ends(candidate).items())
        axes = {axis.name: axis for axis in self.axes}
        lines = []
        for (name, end), count in counts.items():
            unit = "" if axes[name].unit == "count" else axes[name].unit
            where = "" if count == len(self.front) else f" in {count} of {len(self.front)} timelines"
            lines.append(f"{name} lies at the end of its range ({f'{number(end)} {unit}'.rstrip()}){where}; a wider "
                         "range might find better.")
        return lines

    def _name(self, candidate: Candidate) -> str:
        """Name a timeline of the front, with a mark at each lever that lies at the end of its range."""
        if candidate not in self.front:
            return f"{candidate.name}, as it is"
        at_end = {f"{name}={unquoted(candidate.setting[name])}" for name in self.ends(candidate)}
        return ", ".join(f"{part} {MARK}" if part in at_end else part for part in candidate.name.split(", "))

    def as_table(self) -> Table:
        """Return the front as a table of texts, with the scenarios as they are below.

        A star marks a lever that lies at the end of its range.
        """
        names = [with_unit(goal.judged, goal.kind, goal.unit) for goal in self.goals]
        rows = [(self._name(candidate),
                 *(self._text(goal, estimate) for goal, estimate in zip(self.goals, candidate.confirmed, strict=True)))
                for candidate in (*self.front, *self.unpicked)]
        return table(("Timeline", *names), rows, names, title=self.title or self.name)

    def _text(self, goal: Goal, estimate: Estimate) -> str:
        """Write an estimate with half its interval: days as dates, chances as percentages."""
        half = REACH * estimate.se
        if goal.kind == "day":
            day = mean_text(estimate.value, goal.kind, self.start, self.end)
            return f"{day} ± {half:.0f} days" if math.isfinite(half) else day
        scale, unit = (100.0, " %") if goal.kind == "yes_no" else (1.0, "")
        if not 0 < half < math.inf:
            return f"{number(scale * estimate.value)}{unit}"
        decimals = max(0, 1 - math.floor(math.log10(scale * half)))
        return f"{scale * estimate.value:,.{decimals}f} ± {scale * half:,.{decimals}f}{unit}"

    def as_csv(self) -> str:
        """Return a row for each candidate and scenario: levers, and goals in fresh replications and in the search."""
        levers = [axis.name for axis in self.axes]
        head = ["policy", "status", *levers]
        for goal in self.goals:
            head += [goal.name, f"{goal.name}_se", f"{goal.name}_search", f"{goal.name}_search_se"]
        text = io.StringIO()
        writer = CsvWriter(text)
        writer.writerow(head)
        for candidate in (*self.front, *self.dropped, *self.base):
            setting = [unquoted(candidate.setting[name]) if name in candidate.setting else "" for name in levers]
            writer.writerow([candidate.name, candidate.status or "base", *setting, *_cells(candidate, len(self.goals))])
        return text.getvalue()


def _axis(axis: Axis) -> dict[str, Any]:
    ends = {"values": [_plain(value) for value in axis.values]} if axis.values else {"low": axis.low, "high": axis.high}
    return {"keys": list(axis.keys), "unit": axis.unit, **ends}


def _candidate(candidate: Candidate, goals: list[str]) -> dict[str, Any]:
    return {
        "policy": candidate.name, "status": candidate.status or "base",
        "setting": {name: _plain(value) for name, value in candidate.setting.items()},
        "confirmed": {name: _as_dict(estimate) for name, estimate in zip(goals, candidate.confirmed, strict=False)},
        "search": {name: _as_dict(estimate) for name, estimate in zip(goals, candidate.search, strict=False)},
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else unquoted(value)


def _cells(candidate: Candidate, goals: int) -> Iterator[str]:
    for i in range(goals):
        for estimates in (candidate.confirmed, candidate.search):
            yield from (repr(estimates[i].value), repr(estimates[i].se)) if estimates else ("", "")


def keeps(goal: Goal, value: float) -> bool:
    """Whether a value keeps a goal's threshold, if it has one."""
    return goal.threshold is None or goal.sign * (value - goal.threshold) <= 0


def dominates(candidate: tuple[Estimate, ...], other: tuple[Estimate, ...], objectives: tuple[Goal, ...]) -> bool:
    """Whether a candidate is as good as another in every objective, and clearly better in one.

    A difference is clear if it exceeds 1.96 standard errors, paired by replication.
    """
    worse = [goal.sign * (a.value - b.value) for a, b, goal in zip(candidate, other, objectives, strict=False)]
    return all(difference <= 0 for difference in worse) and any(
        -difference > REACH * noise(a, b) for a, b, difference in zip(candidate, other, worse, strict=False))


def noise(first: Estimate, second: Estimate) -> float:
    """Return the standard error of the difference between two policies played with the same random numbers.

    For means and rates it is paired; for quantiles it is computed as for independent replications, which is too large.
    """
    if first.terms is None or second.terms is None:
        return math.hypot(first.se, second.se)
    return standard_error(first.terms - second.terms)


def _as_dict(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "se": estimate.se}
