"""Scenarios side by side: played with common random numbers, each compared with the base, to a stated precision."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.comparison.by_date import counted, frame_by
from sim.comparison.errors import ComparisonError
from sim.comparison.verdicts import judged, least_differences, verdict
from sim.comparison.words import HEAD, difference_rows, sentences, tables
from sim.estimate.difference import Difference, difference
from sim.estimate.estimate import estimate
from sim.estimate.holm import adjusted
from sim.estimate.practical import Least
from sim.estimate.precision import Reached, Watch, looks
from sim.estimate.sample import Sample
from sim.estimate.targets import Target
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import Model, set_up
from sim.play.choice import Say, silent
from sim.play.dataset import build
from sim.play.histogram import most_bytes
from sim.play.play import Means
from sim.play.room import require_memory
from sim.play.run import Ensemble, Progress, Size, play_ensemble
from sim.play.undisturbed import undisturbed
from sim.scenario.load import ScenarioFile
from sim.scenario.shown import Shown

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    import xarray as xr

    from sim.comparison.explanation import Explanation


@dataclass(frozen=True)
class Side:
    """A scenario of a comparison.

    Attributes
    ----------
    name
        The file's name, followed by a number if another file has the same name.
    file, model
        The scenario as loaded, and as set up for the rules.
    """

    name: str
    file: ScenarioFile
    model: Model

    @cached_property
    def catalogue(self) -> Catalogue:
        """What is measured in the scenario."""
        return expand(self.model)

    @cached_property
    def meets_deadline_undisturbed(self) -> bool:
        """Whether the plan meets the deadline if nothing disturbs it."""
        p = self.model.parameters
        return undisturbed(self.model).completion < min(p.deadline, p.horizon)


@dataclass(frozen=True)
class Mean:
    """The mean (chance, rate, restricted mean of a day) of an outcome, with its 95 % interval; None if it has none."""

    mean: float | None
    ci95: list[float] | None


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """The results of a comparison.

    Attributes
    ----------
    sides
        The scenarios, the base first.
    replications, seed
        How many replications of each were played, and the seed.
    means
        By scenario and outcome.
    differences
        For each scenario but the base: how it differs from the base in each outcome that both measure.
    tests
        How many differences are tested at once.
    trajectories
        By scenario: daily and weekly bands (`sim.play.dataset`), and how often each event has happened by each day
        (`sim.comparison.by_date`).
    precision
        Which precision was asked for and which was reached, fit for JSON; None if none was asked for.
    explanations
        By scenario: why it differs from the base, if that was asked for.
    """

    sides: tuple[Side, ...]
    replications: int
    seed: int
    means: dict[str, dict[str, Mean]]
    differences: dict[str, tuple[Difference, ...]]
    tests: int
    trajectories: "dict[str, xr.Dataset]"
    precision: dict[str, Any] | None
    explanations: "dict[str, Explanation]" = field(default_factory=dict)

    def _about(self) -> str:
        others = ", ".join(side.name for side in self.sides[1:])
        return f"{others} against {self.base.name}; {self.replications:,} replications each, seed {self.seed}"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        return [(part.title, part.head, part.rows) for part in tables(self)]

    @property
    def base(self) -> Side:
        """The scenario that the others are compared with."""
        return self.sides[0]

    @cached_property
    def table(self) -> "pd.DataFrame":
        """A row for each scenario and outcome, a column for each attribute of `sim.estimate.difference.Difference`."""
        import pandas as pd

        rows = [{"scenario": name, **asdict(entry), "p_worse": entry.p_worse, "is_shown": entry.is_shown,
                 "matters": entry.matters, "verdict": verdict(entry), "depends_on_horizon": entry.depends_on_horizon}
                for name, entries in self.differences.items() for entry in entries]
        return pd.DataFrame(rows).set_index(["scenario", "outcome"])

    @cached_property
    def texts(self) -> "pd.DataFrame":
        """A row in words for each scenario and main outcome: what the data show first, the largest first."""
        import pandas as pd

        rows = [(name, *row) for name in self.differences for row in difference_rows(self, name)]
        return pd.DataFrame(rows, columns=["Scenario", *HEAD]).set_index(["Scenario", "Name"])

    def sentences(self) -> list[str]:
        """Return for each scenario where it is better or worse than the base, and what depends on the question."""
        return sentences(self)

    def by(self, *dates: "date | str") -> "pd.DataFrame":
        """Return the chance of completion and of every milestone by some dates, and how it differs from the base.

        Parameters
        ----------
        dates
            Dates or their texts, such as ``2026-06-30``; the whole day counts.

        Returns
        -------
        DataFrame
            A row for each date, scenario and outcome: ``chance`` and ``difference``, each with the ends of its 95 %
            interval. The base has no difference.

        Raises
        ------
        ScenarioError
            If something is not a date, or lies before the start or after the end.
        """
        return frame_by(self, dates)


def sides_of(files: Sequence[ScenarioFile], base: str | None = None) -> tuple[Side, ...]:
    """Return the scenarios of a comparison, the base first.

    Parameters
    ----------
    files
        At least two, with the same start and end.
    base
        Name of the one to compare with; the first when left out.

    Raises
    ------
    ComparisonError
        With all the reasons why they cannot be compared.
    """
    names: list[str] = []
    for file in files:
        same = sum(other.name == file.name for other in files[: len(names)])
        names.append(f"{file.name} ({same + 1})" if same else file.name)
    if len(files) < 2:
        raise ComparisonError("give at least two scenarios to compare")
    if base is not None and base not in names:
        raise ComparisonError(f"there is no scenario {base} to compare with; there are {', '.join(names)}")
    first = names.index(base) if base is not None else 0
    sides = [Side(name, file, set_up(file.scenario)) for name, file in zip(names, files, strict=True)]
    sides.insert(0, sides.pop(first))
    lines = [f"{side.name}: it {verb} on {other}, {sides[0].name} on {base_day}; scenarios that are compared start "
             "and end on the same days"
             for side in sides[1:] for verb, other, base_day in (
                 ("starts", side.file.scenario.start, sides[0].file.scenario.start),
                 ("ends", side.file.scenario.end, sides[0].file.scenario.end)) if other != base_day]
    days = sides[0].file.scenario.follow_up_days
    lines += [f"{side.name}: its follow-up is {side.file.scenario.follow_up_days:,} days, that of {sides[0].name} "
              f"{days:,}; scenarios that are compared are followed up for the same time: --set follow_up_days={days}"
              for side in sides[1:] if side.file.scenario.follow_up_days != days]
    if lines:
        raise ComparisonError("\n".join(lines))
    return tuple(sides)


def play_comparison(
    sides: Sequence[Side],
    seed: int,
    size: Size,
    means: Means,
    folder: Path,
    progress: Progress | None = None,
    say: Say = silent,
) -> Comparison:
    """Play scenarios with common random numbers and compare each with the first.

    Parameters
    ----------
    sides
        The scenarios, the base first.
    seed, means, say
        As for `sim.play.run.play_ensemble`.
    size
        How many replications of each to play; or which half-widths of differences to reach. A share is taken of the
        mean of the base.
    folder
        Where their outcomes are kept in the meantime, in a folder for each.
    progress
        Called with how many replications of all scenarios are done, and how many there will be at most.
    """
    at_most, done = size.replications * len(sides), 0
    require_memory(sum(most_bytes(side.model) for side in sides), say)
    least = least_differences(sides)
    plans = [undisturbed(side.model) for side in sides]  # first, since not every plan can be played

    def play(side: Side, number: int, upto: int, first: bool) -> Ensemble:
        def tell(played: int, _: int) -> None:
            if progress is not None:
                progress(played + done, at_most)

        return play_ensemble(side.model, seed, Size(upto), means, folder / str(number), tell,
                             say if first else silent, twins=False)

    watch = _watch(sides, size)
    ensembles: list[Ensemble] = []
    for upto in looks(size.replications) if size.targets else [size.replications]:
        ensembles, done = [], 0
        for number, side in enumerate(sides):
            ensembles.append(play(side, number, upto, number == 0))
            done += upto
        if size.targets and watch.take(tuple(_reached(sides, ensembles, size.targets))):
            break
    samples = [ensemble.work.sample() for ensemble in ensembles]
    differences, tests = _differences(sides, samples, least)
    trajectories = {side.name: counted(build(side.model, seed, ensemble.work, plan).trajectories(), samples[0], sample)
                    for side, ensemble, plan, sample in zip(sides, ensembles, plans, samples, strict=True)}
    return Comparison(tuple(sides), ensembles[0].work.done, seed, dict(_means(sides, samples)), differences, tests,
                      trajectories, watch.account() if size.targets else None)


def _watch(sides: Sequence[Side], size: Size) -> Watch:
    targets = [replace(target, name=_label(side, target)) for side in sides[1:] for target in size.targets]
    return Watch(tuple(targets), size.replications)


def _label(side: Side, target: Target) -> str:
    return f"{side.name}: {target.name}"


def _reached(sides: Sequence[Side], ensembles: Sequence[Ensemble], targets: Sequence[Target]) -> list[Reached]:
    """Return the precision reached for each difference that was named."""
    base = ensembles[0].work.sample()
    reached = []
    for side, ensemble in zip(sides[1:], ensembles[1:], strict=True):
        for target in targets:
            entry = difference(base, ensemble.work.sample(), target.name)
            interval = entry.ci95
            half = math.inf if interval is None else (interval[1] - interval[0]) / 2
            half_width_asked = target.half_width * abs(entry.base or 0.0) if target.relative else target.half_width
            reached.append(Reached(replace(target, name=_label(side, target)), ensemble.work.done, entry.difference,
                                 interval, half, half_width_asked))
    return reached


def _means(sides: Sequence[Side], samples: Sequence[Sample]) -> Iterator[tuple[str, dict[str, Mean]]]:
    """Yield each scenario with its means, chances and rates."""
    for side, sample in zip(sides, samples, strict=True):
        yield side.name, {name: _mean(sample, name) for name in sample.entries}


def _mean(sample: Sample, name: str) -> Mean:
    result = estimate(sample, name)
    return Mean(None if math.isnan(result.value) else result.value, result.interval)


def _differences(
    sides: Sequence[Side], samples: Sequence[Sample], least: Mapping[str, Least]
) -> tuple[dict[str, tuple[Difference, ...]], int]:
    """Compare every scenario with the first in all outcomes that both have, and allow for the number of tests.

    Of each difference it is also said from what size on it matters and, for what may happen by the horizon, whether it
    depends on it.
    """
    base = samples[0]
    entries = [(side.name, judged(difference(base, sample, name), base, sample, least))
               for side, sample in zip(sides[1:], samples[1:], strict=True)
               for name in sample.entries if name in base.entries]
    tested = [i for i, (_, entry) in enumerate(entries) if entry.p_value is not None]
    for i, p in zip(tested, adjusted([entries[i][1].p_value or 0.0 for i in tested]), strict=True):
        entries[i] = entries[i][0], replace(entries[i][1], adjusted=p)
    return {side.name: tuple(entry for name, entry in entries if name == side.name) for side in sides[1:]}, len(tested)
