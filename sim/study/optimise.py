"""Searches for timelines that no other beats in every goal, and confirms them.

A search favours timelines that were lucky. So the final candidates are played again in replications that the search
did not use, and only those results count.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from sim.estimate.estimate import Estimate
from sim.estimate.sample import Sample, sample_of
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import Model
from sim.play.cast import Cast, Several
from sim.play.choice import COMPILED, Say, choose
from sim.play.play import Means, play
from sim.play.run import Progress
from sim.play.workers import processors
from sim.scenario.errors import ScenarioError
from sim.study.asked import COVER, asked, cut_off, plans_differ
from sim.study.candidates import Candidates, Point
from sim.study.cases import names_of
from sim.study.errors import StudyError
from sim.study.front import DOMINATED, FRONT, MISSED, UNPLAYABLE, Candidate, Front, dominates, keeps
from sim.study.reduce import covered, judged
from sim.study.search import Score, search
from sim.study.study import Goal, Study
from sim.words.labels import in_sentence
from sim.words.phrases import listed, number

FRESH = 2
"""Fresh replications for each replication of the search."""
MOST_OBJECTIVES = 3

Played = tuple[Estimate, ...]
Cover = dict[int, dict[str, float]]
"""By number of a model: the shares of its replications that are complete and followed up by the horizon."""


def search_timelines(
    study: Study, evaluations: int, replications: int, workers: int | None, clock: str, progress: Progress | None,
    say: Say,
) -> Front:
    """Search, and confirm the result; parameters and errors as for `sim.optimise`."""
    return _Search(study, evaluations, replications, workers or processors(), clock, progress, say).run()


class _Search:
    """A search in progress."""

    def __init__(
        self, study: Study, evaluations: int, replications: int, workers: int, clock: str, progress: Progress | None,
        say: Say,
    ) -> None:
        self.study, self.evaluations, self.replications, self.workers = study, evaluations, replications, workers
        self.goals = _goals(study)
        self.objectives = self.goals[:MOST_OBJECTIVES]
        self.candidates = Candidates(study)
        self.names = names_of(self.goals, list(self.candidates.bases.values()))
        self.clock = choose(clock, say).name
        self.progress = progress or (lambda done, at_most: None)
        self.done, self.refusals = 0, 0
        self.first_refusal = ""
        self.tried: dict[Point, tuple[Estimate, ...] | None] = {}

    def run(self) -> Front:
        """Search, confirm, and sum up."""
        started = perf_counter()
        seed, fresh = self.study.design.seed, FRESH * self.replications
        bases = list(self.candidates.bases.values())
        base_search = self._sure(bases, 0, self.replications)
        points = search(self.candidates, self._judge, len(self.objectives), self.evaluations, seed)
        if not points:
            raise StudyError(f"none of the {len(self.tried):,} timelines tried can be used{self._why()}")
        models = [self.candidates.model(point) for point in points]
        cover, base_cover = Cover(), Cover()
        confirmed = self._play(models, self.replications, fresh, cover=cover)
        base_confirmed = self._sure(bases, self.replications, fresh, base_cover)
        self.progress(self.done, self.done)
        candidates = [
            Candidate(self.candidates.name(point), self.candidates.setting(point), self.tried[point] or (),
                      _estimates(after) or (), self._status(after, confirmed))
            for point, after in zip(points, confirmed, strict=True)]
        candidates.sort(key=lambda candidate: self.goals[0].sign * (candidate.confirmed or candidate.search)[0].value)
        base = [Candidate(name, {}, _estimates(before) or (), _estimates(after) or (), "") for name, before, after
                in zip(self.candidates.bases, base_search, base_confirmed, strict=True)]
        return Front(
            self.study.name, self.study.title, self.study.question, bases[0].scenario.start, bases[0].scenario.end,
            seed, self.replications, fresh, self.goals, len(self.objectives), self.candidates.axes,
            tuple(candidate for candidate in candidates if candidate.status == FRONT),
            tuple(candidate for candidate in candidates if candidate.status != FRONT), tuple(base),
            self._optimism(points, confirmed), len(self.tried), self.refusals,
            tuple(self._notes(self._shown(candidates, points, cover, base_cover))), perf_counter() - started)

    def _shown(
        self, candidates: list[Candidate], points: list[Point], cover: Cover, base_cover: Cover
    ) -> dict[str, dict[str, float]]:
        """Return what the horizon leaves of the timelines in the table, by their names there."""
        by_name = {self.candidates.name(points[number]): shares for number, shares in cover.items()}
        front = [candidate.name for candidate in candidates if candidate.status == FRONT]
        bases = {f"{name}, as it is": base_cover[number] for number, name in enumerate(self.candidates.bases)
                 if number in base_cover and name not in front}
        return {name: by_name[name] for name in front if name in by_name} | bases

    def _judge(self, points: Sequence[Point]) -> list[Score]:
        """Play the candidates that were not tried before, in the replications of the search."""
        models = {point: model for point in dict.fromkeys(points)
                  if point not in self.tried and (model := self._model(point)) is not None}
        played = self._play(list(models.values()), 0, self.replications)
        self.tried |= zip(models, map(_estimates, played), strict=True)
        self.refusals = sum(estimates is None for estimates in self.tried.values())
        return [_score(self.tried[point], self.goals) for point in points]

    def _model(self, point: Point) -> Model | None:
        try:
            return self.candidates.model(point)
        except ScenarioError as error:
            self.tried[point] = None
            self.first_refusal = self.first_refusal or str(error.problems[0])
            return None

    def _sure(self, models: list[Model], first: int, count: int, cover: Cover | None = None) -> list[Played]:
        """Play the scenarios as they are; an error if one cannot be played."""
        return [played for played in self._play(models, first, count, False, cover) if played is not None]

    def _play(
        self, models: list[Model], first: int, count: int, forgiving: bool = True, cover: Cover | None = None
    ) -> list[Played | None]:
        """Play candidates side by side, and note in ``cover`` what the horizon leaves of them.

        None for a candidate that cannot be played to the end.
        """
        cast = Cast(Several(models), self.study.design.seed, self.names, forgiving=forgiving)
        jobs = [(number, first, count) for number in range(len(models))]
        played: list[Played | None] = [None] * len(models)
        failures: dict[int, str] = {}
        with closing(play(cast, jobs, Means(self.workers if self.clock == COMPILED else 1), self.clock)) as chunks:
            for chunk in chunks:
                self._tell(count)
                if chunk.failure:
                    failures[chunk.variant] = chunk.failure
                else:
                    sample = _sample(models[chunk.variant], cast, chunk.outcomes)
                    played[chunk.variant] = tuple(judged(sample, goal) for goal in self.goals)
                    if cover is not None and set(COVER) <= set(self.names):
                        cover[chunk.variant] = covered(sample, self.names)
        if failures:
            self.first_refusal = self.first_refusal or failures[min(failures)]
        return played

    def _tell(self, played: int) -> None:
        confirming = FRESH * self.replications * 2 * math.isqrt(self.evaluations)
        self.done += played
        self.progress(self.done, self.evaluations * self.replications + confirming)

    def _status(self, played: Played | None, all_: list[Played | None]) -> str:
        if played is None:
            return UNPLAYABLE
        if not _keeps_all(played, self.goals):
            return MISSED
        rivals = (other for other in all_ if other is not None and _keeps_all(other, self.goals))
        return DOMINATED if any(dominates(other, played, self.objectives) for other in rivals) else FRONT

    def _optimism(self, points: list[Point], confirmed: list[Played | None]) -> tuple[Estimate, ...]:
        """Return by goal how much better candidates looked in the search; they shared their luck, so errors add up."""
        pairs = [(before, after) for point, after in zip(points, confirmed, strict=True)
                 if (before := self.tried[point]) is not None and after is not None]
        optimism = []
        for i, goal in enumerate(self.goals):
            gains = [goal.sign * (after[i].value - before[i].value) for before, after in pairs]
            errors = [math.hypot(before[i].se, after[i].se) for before, after in pairs]
            n = len(pairs)
            optimism.append(Estimate(math.fsum(gains) / n, math.fsum(errors) / n, None, n) if n
                            else Estimate(math.nan, math.inf, None, 0))
        return tuple(optimism)

    def _why(self) -> str:
        return f"; the first error: {self.first_refusal}" if self.first_refusal else "; none keeps all thresholds"

    def _notes(self, cover: dict[str, dict[str, float]]) -> list[str]:
        first, differ = self.study.scenarios[0].scenario, plans_differ(self.study)
        notes = [line for goal in self.goals for line in asked(goal, first.end, first.follow_up_days, differ)]
        notes += cut_off(self.goals, cover, first.end, first.follow_up_days, differ)
        notes += self._idle()
        notes += [f"The threshold of {in_sentence(goal.said)} is not used, because this outcome is an objective."
                  for goal in self.objectives if goal.threshold is not None]
        notes += [f"{goal.said} is not an objective, but must keep its threshold, {number(goal.threshold or 0.0)}."
                  for goal in self.goals[MOST_OBJECTIVES:]]
        notes += [f"{goal.said} is not used: only the first {MOST_OBJECTIVES} outcomes are objectives, and it has no "
                  "threshold." for goal in self.study.goals[MOST_OBJECTIVES:] if goal.threshold is None]
        if self.refusals:
            notes.append(f"{self.refusals:,} of {len(self.tried):,} timelines could not be used; the first: "
                         f"{self.first_refusal}")
        return notes

    def _idle(self) -> Iterator[str]:
        """Name the goals that have the same value in all timelines tried."""
        tried = [estimates for estimates in self.tried.values() if estimates is not None]
        still = [goal for i, goal in enumerate(self.goals) if len({estimates[i].value for estimates in tried}) == 1]
        if len(tried) < 2 or not still:
            return
        nothing = "The lever does not change" if len(self.candidates.axes) == 1 else "No lever changes"
        all_tried = f"all {len(tried):,} timelines tried"
        if len(still) == len(self.goals):
            yield (f"{nothing} any of these outcomes: {all_tried} give the same values, so none is better. Try other "
                   "levers or other outcomes.")
        else:
            yield f"{nothing} {listed(in_sentence(goal.said) for goal in still)}: the same in {all_tried}."


def _goals(study: Study) -> tuple[Goal, ...]:
    """Return the objectives, then the other goals, which must keep a threshold."""
    if len(study.goals) < 2:
        raise StudyError(f"a search needs two or three outcomes to weigh against each other; this study has "
                         f"{len(study.goals)}")
    rest = (goal for goal in study.goals[MOST_OBJECTIVES:] if goal.threshold is not None)
    return (*study.goals[:MOST_OBJECTIVES], *rest)


def _score(estimates: tuple[Estimate, ...] | None, goals: tuple[Goal, ...]) -> Score:
    if estimates is None or any(math.isnan(estimate.value) for estimate in estimates):
        return None
    lower = [goal.sign * estimate.value for goal, estimate in zip(goals, estimates, strict=True)]
    return tuple(lower[:MOST_OBJECTIVES]), tuple(
        value - goal.sign * goal.threshold for goal, value in zip(goals, lower, strict=True)
        if goal in goals[MOST_OBJECTIVES:] and goal.threshold is not None)


def _keeps_all(played: Played, goals: tuple[Goal, ...]) -> bool:
    return all(keeps(goal, estimate.value)
               for goal, estimate in zip(goals[MOST_OBJECTIVES:], played[MOST_OBJECTIVES:], strict=True))


def _sample(model: Model, cast: Cast, outcomes: NDArray[np.float64]) -> Sample:
    catalogue = Catalogue(cast.catalogue(model).outcomes, expand(model).rates)
    return sample_of(catalogue, model.parameters.horizon, outcomes)


def _estimates(played: Played | None) -> tuple[Estimate, ...] | None:
    return None if played is None else tuple(estimate.without_terms for estimate in played)
