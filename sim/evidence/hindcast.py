"""Hindcasts: drawdowns of the past are forecast from what was known when they were ordered, and the forecast is scored.

The model learns what comes between a plan and its being carried out from the record of drawdowns, so each drawdown is
forecast by a model that has learnt from all others (leave-one-out). Three simple rivals forecast it too: the plan, the
plan with all its times multiplied by the median slip of the other drawdowns, and a straight line to the planned end.

Dates are scored as shares of the planned time, troops as shares of those who are to leave, sites as shares of those
that are to be closed, so that large and small drawdowns count alike. `docs/hindcast.md` says what the scores mean.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from sim.evidence.courses import Course, courses
from sim.evidence.drawdowns import Episode
from sim.evidence.errors import DataError
from sim.evidence.happened import END, FIRST_MOVE, GONE, NOT_ENDED, SITE, THERE, Happened, Observation
from sim.evidence.record import Floats
from sim.model.setup import Model, set_up
from sim.model.variant import foretold, undisturbed_of
from sim.play.choice import Say
from sim.scenario.load import ScenarioFile
from sim.words.phrases import counted

MODEL, PLAN, SLIPPED, STRAIGHT = "model", "plan", "plan_times_median_slip", "straight_line"
LABELS = {MODEL: "Model", PLAN: "Plan", SLIPPED: "Plan times the median slip", STRAIGHT: "Straight line"}
"""The forecasters: the model, and its rivals."""
BANDS = {"50": 0.5, "90": 0.9}
FEWEST = 3
"""A kind of plan with fewer episodes of known slip has the median of all kinds."""
REPLICATIONS = 1000


@dataclass(frozen=True)
class Case:
    """A drawdown to forecast.

    Attributes
    ----------
    file
        The scenario, as known when the drawdown was ordered.
    happened
        What came of it.
    left_out
        The episodes of the record that are this drawdown, by id; nothing is learnt from them.
    """

    file: ScenarioFile
    happened: Happened
    left_out: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind of plan, that of the first phase which has one; empty if none has."""
        return next((phase.kind for phase in self.file.scenario.phases.values() if phase.kind), "")


@dataclass(frozen=True)
class Score:
    """How one observation compares with the forecasts.

    Attributes
    ----------
    observation
        What was observed.
    came
        What came, in days after the start, troops or sites.
    scale
        By what differences are divided, so that observations of all drawdowns can be averaged.
    samples
        What the model's replications say, sorted, shape (replications,).
    rivals
        What each rival says.
    """

    observation: Observation
    came: float
    scale: float
    samples: Floats
    rivals: dict[str, float]

    @property
    def below(self) -> float:
        """The share of replications below what came."""
        return float(np.searchsorted(self.samples, self.came, "left")) / len(self.samples)

    @property
    def upto(self) -> float:
        """The share of replications at or below what came."""
        return float(np.searchsorted(self.samples, self.came, "right")) / len(self.samples)

    @property
    def percentile(self) -> float:
        """Where what came lies among the replications, from 0 to 100; replications that say the same count half."""
        return 50.0 * (self.below + self.upto)

    def inside(self, share: float) -> float:
        """Return how far what came lies in the middle share of the replications: from 0, outside, to 1.

        Where many replications say exactly what came, it has a range of percentiles, not one. The part of that range
        in the band counts. On average over forecasts that are right, this is the share, however many say the same.
        """
        low, high = (1 - share) / 2, (1 + share) / 2
        if self.upto == self.below:
            return float(low <= self.below <= high)
        return max(0.0, min(self.upto, high) - max(self.below, low)) / (self.upto - self.below)

    def band(self, share: float) -> tuple[float, float]:
        """Return the ends of the middle share of the replications."""
        low, high = np.quantile(self.samples, [(1 - share) / 2, (1 + share) / 2], method="inverted_cdf")
        return float(low), float(high)

    @property
    def median(self) -> float:
        """What the middle replication says."""
        return float(np.quantile(self.samples, 0.5, method="inverted_cdf"))

    @property
    def crps(self) -> dict[str, float]:
        """The continuous ranked probability score by forecaster, over the scale; for a rival, how far off it is."""
        return {MODEL: crps(self.samples, self.came) / self.scale,
                **{name: abs(said - self.came) / self.scale for name, said in self.rivals.items()}}


@dataclass(frozen=True)
class Hindcast:
    """The forecast of one drawdown, beside what came.

    Attributes
    ----------
    case
        The drawdown.
    slip
        The median slip of other drawdowns, which one of the rivals uses.
    plan
        The plan, as it would run undisturbed and to the letter.
    played
        The model's replications.
    scores
        In the order of the observations.
    """

    case: Case
    slip: float
    plan: Course
    played: tuple[Course, ...]
    scores: tuple[Score, ...]

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return self.case.file.name


def hindcast(case: Case, record: Sequence[Episode], seed: int, replications: int) -> Hindcast:
    """Forecast a drawdown, and compare the forecast with what came.

    Parameters
    ----------
    case
        The drawdown.
    record
        The record of drawdowns; the episodes that the case leaves out are taken from it.
    seed, replications
        The seed of the random numbers, and how many replications to play.

    Raises
    ------
    DataError
        The plan does not end by the last day of the scenario.
    Unplayable
        A replication cannot be played to the end.
    """
    others = [episode for episode in record if episode.id not in case.left_out]
    model = foretold(set_up(case.file.scenario), case.left_out)
    plan = planned(case.file, model)
    slip = median_slip(others, case.kind)
    rivals = {PLAN: plan, SLIPPED: plan.stretched(slip), STRAIGHT: plan.straightened()}
    played = courses(model, seed, replications)
    last = model.parameters.horizon
    scores = []
    for one in case.happened.observations:
        day = float((one.day - case.file.scenario.start).days)
        came = float(one.count) if one.count is not None else day
        scores.append(Score(
            one, came, _scale(one, plan), np.sort([course.answer(one, day, last) for course in played]),
            {name: course.answer(one, day, last) for name, course in rivals.items()}))
    return Hindcast(case, slip, plan, tuple(played), tuple(scores))


def planned(file: ScenarioFile, model: Model) -> Course:
    """Return the course of the plan if nothing disturbs it and it is carried out to the letter.

    Raises
    ------
    DataError
        It does not end by the last day of the scenario, or has nobody leave.
    """
    plan, = courses(undisturbed_of(model), 0, 1)
    start, end = file.scenario.start, file.scenario.end
    if not plan.completed < math.inf:
        raise DataError((f"{file.path or file.name}: undisturbed, the plan does not end by {end}, the last day of the "
                         "scenario; give it a later end",))
    if plan.completed < 1 or plan.at_end_of(plan.completed) >= plan.present[0]:
        raise DataError((f"{file.path or file.name}: there is nothing to forecast; nobody leaves after {start}",))
    return plan


def median_slip(others: Sequence[Episode], kind: str) -> float:
    """Return the median of actual over planned time, of the plans of a kind or, if they are few, of all."""
    slips = {name: [episode.slip for episode in others if episode.slip is not None and name in ("", episode.kind)]
             for name in ("", kind)}
    return median(slips[kind] if len(slips[kind]) >= FEWEST else slips[""])


def _scale(one: Observation, plan: Course) -> float:
    if one.what in (FIRST_MOVE, SITE, END, NOT_ENDED):
        return plan.completed
    if one.what in (GONE, THERE):
        return float(plan.present[0]) - plan.at_end_of(plan.completed)
    return float(max(1, plan.closed_by(plan.completed)))


def crps(samples: Floats, came: float) -> float:
    """Return the continuous ranked probability score of equally likely, sorted samples (Gneiting and Raftery 2007).

    It is the mean distance from what came, less half the mean distance between two samples. The package that scores
    back-tests takes seconds to import, which are not worth it here.
    """
    number = len(samples)
    between = (2 * np.arange(number) - number + 1) @ samples / number**2
    return float(np.abs(samples - came).mean() - between)


def episodes_of(file: ScenarioFile, came: Happened, record: Collection[Episode]) -> tuple[str, ...]:
    """Return the episodes of the record that a drawdown is: those named, or else those announced on its first day."""
    if came.episodes:
        return came.episodes
    return tuple(episode.id for episode in record if episode.announced == file.scenario.start)


@dataclass(frozen=True)
class Hindcasts:
    """Drawdowns forecast, and the scores over all of them.

    Attributes
    ----------
    hindcasts
        One for each drawdown.
    seed, replications
        As they were played.
    """

    hindcasts: tuple[Hindcast, ...]
    seed: int
    replications: int

    @property
    def scores(self) -> list[tuple[Hindcast, Score]]:
        """All observations."""
        return [(one, score) for one in self.hindcasts for score in one.scores]

    def coverage(self, share: float) -> float:
        """Return the share of observations in the middle share of the replications."""
        return float(np.mean([score.inside(share) for _, score in self.scores]))

    @property
    def crps(self) -> dict[str, float]:
        """The mean score of each forecaster over all observations."""
        return mean_crps([score for _, score in self.scores])

    def ahead_of(self, rival: str) -> tuple[float, float]:
        """Return by how much the model's mean score is lower than a rival's, and the standard error of that.

        Observations of a drawdown are not independent, so the error is that of the jackknife over drawdowns. It is NaN
        if there is only one.
        """
        gains = [[score.crps[rival] - score.crps[MODEL] for score in one.scores] for one in self.hindcasts]
        number = len(gains)
        without = np.array([np.mean(np.concatenate([*gains[:i], *gains[i + 1:]])) for i in range(number) if number > 1])
        error = math.sqrt((number - 1) * np.var(without)) if number > 1 else math.nan
        return float(np.mean(np.concatenate(gains))), error

    @property
    def missed(self) -> list[tuple[Hindcast, Score]]:
        """The observations outside the middle 90 %, wholly or for the most part."""
        return [(one, score) for one, score in self.scores if score.inside(BANDS["90"]) < 0.5]


def mean_crps(scores: Sequence[Score]) -> dict[str, float]:
    """Return the mean score of each forecaster."""
    each = [score.crps for score in scores]
    return {name: float(np.mean([one[name] for one in each])) for name in LABELS}


def hindcast_all(
    cases: Sequence[Case], record: Sequence[Episode], seed: int, replications: int, say: Say
) -> Hindcasts:
    """Forecast several drawdowns; as `hindcast`. Faults of all plans are reported at once."""
    done: list[Hindcast] = []
    problems: list[str] = []
    for case in cases:
        try:
            out = counted(len(case.left_out), "episode")
            say(f"{case.file.name}: {counted(replications, 'replication')}; "
                + (f"without {out} of the record ({', '.join(case.left_out)})" if case.left_out
                   else "it is no episode of the record"))
            done.append(hindcast(case, record, seed, replications))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(tuple(problems))
    return Hindcasts(tuple(done), seed, replications)


def as_json(result: Hindcasts) -> dict[str, Any]:
    """Return hindcasts as plain data for hindcast.json."""
    return {
        "replications": result.replications,
        "cases": [_case(one) for one in result.hindcasts],
        "observations": [_observation(one, score) for one, score in result.scores],
        **{f"coverage{name}": result.coverage(share) for name, share in BANDS.items()},
        "crps": result.crps,
        "crps_less_than_that_of": {name: dict(zip(("difference", "standard_error"), result.ahead_of(name), strict=True))
                                   for name in LABELS if name != MODEL},
    }


def _case(one: Hindcast) -> dict[str, Any]:
    return {
        "case": one.name, "title": one.case.file.scenario.title, "kind": one.case.kind or None,
        "left_out": list(one.case.left_out), "start": one.case.file.scenario.start.isoformat(),
        "planned_days": one.plan.completed, "median_slip": one.slip, "observations": len(one.scores),
        **{f"coverage{name}": float(np.mean([score.inside(share) for score in one.scores]))
           for name, share in BANDS.items()},
        "crps": mean_crps(one.scores)}


def _observation(one: Hindcast, score: Score) -> dict[str, Any]:
    seen = score.observation
    return {
        "case": one.name, "date": seen.day.isoformat(), "what": seen.what, "site": seen.label or None,
        "came": score.came, "unit": _unit(seen), "mark": seen.mark or None, "percentile": score.percentile,
        **{f"inside{name}": score.inside(share) for name, share in BANDS.items()},
        "quantiles": {name: float(value) for name, value in zip(
            ("5", "25", "50", "75", "95"),
            np.quantile(score.samples, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf"), strict=True)},
        "rivals": score.rivals, "crps": score.crps}


def _unit(one: Observation) -> str:
    if one.what in (FIRST_MOVE, SITE, END, NOT_ENDED):
        return "days after the start"
    return "troops" if one.what in (GONE, THERE) else "sites"
