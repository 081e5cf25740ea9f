"""Timelines that no other beats in every goal, over what is not known: searched for, then confirmed.

A search picks what was good and lucky. So the candidates that it ends with are played again in futures that it did not
meet, and only what they come to there counts.
"""

import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from sim.analysis.labels import in_sentence
from sim.analysis.phrases import listed, number
from sim.ensemble.catalogue import expand
from sim.ensemble.choice import COMPILED, Say, choose, silent
from sim.ensemble.chunk import compiled_player, simpy_player
from sim.ensemble.errors import Unplayable
from sim.ensemble.folder import results_folder
from sim.ensemble.run import Progress
from sim.ensemble.workers import processors
from sim.rules.setup import Model
from sim.scenario.errors import ScenarioError
from sim.study.candidates import Candidates, Point
from sim.study.defaults import EVALUATIONS, REPLICATIONS
from sim.study.errors import StudyError
from sim.study.estimates import Estimate, Measured, measure
from sim.study.file import read_study
from sim.study.front import DOMINATED, FRONT, MISSED, UNPLAYABLE, Candidate, Front, dominates, keeps
from sim.study.front_files import JSON, SEARCH, draw_front, identity, read, write
from sim.study.search import Score, search
from sim.study.study import Goal, Study

FRESH = 2
"""Fresh replications for each of the search."""
MOST_OBJECTIVES = 3

Played = tuple[Measured, ...]


def optimise(
    study: Study | str | os.PathLike[str],
    evaluations: int = EVALUATIONS,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    clock: str = "auto",
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    progress: Progress | None = None,
    say: Say = silent,
    force: bool = False,
) -> Front:
    """Search a study's levers for the Pareto-best timelines against its first two or three goals.

    A candidate is played as one ensemble, in which the uncertainties are drawn in every replication together with what
    its scenario draws itself. All candidates meet the same futures. Those that the search ends with are confirmed in
    twice as many fresh futures: the replications that follow those of the search.

    Parameters
    ----------
    study
        The study, or its file. Goals after the third are kept within their thresholds, if they have any; thresholds of
        the first three are not used.
    evaluations
        Candidates tried at most.
    replications
        Replications of each in the search.
    workers
        Threads of the compiled clock; all processors when left out.
    clock
        ``auto``, ``simpy`` or ``compiled``.
    out
        Folder for optimise.json, optimise.csv and figures; nothing is written when left out. If it has the same
        search already, that is returned.
    figures
        Whether to draw the front.
    progress
        Told how many replications are played, and how many there will be at most.
    say
        Told, in a line, what a user should know.
    force
        Whether to replace whatever results the folder has. Files that this program did not write always stay.

    Returns
    -------
    Front
        Same study, same seed, same bits, whatever the workers and the clock.

    Raises
    ------
    StudyError
        If the study does not lend itself to a search, or no candidate can be played.
    ScenarioError
        If a scenario does not go together with the uncertainties.
    FolderError
        If the folder holds something else.
    """
    study = study if isinstance(study, Study) else read_study(study)
    own = identity(study, evaluations, replications)
    if out is None:
        return _Search(study, evaluations, replications, workers or processors(), clock, progress, say).run()
    with results_folder(Path(out), own, SEARCH, force, say=say) as place:
        if place.holds(JSON):
            say(f"{out} has the results of this search already; nothing is played.")
            found = read(place.folder)
            if figures and not place.has_figures:
                draw_front(found, place.draft)
                place.add()
                say("The figure is added.")
            return found
        if place.there is not None:
            say(f"{Path(out) / JSON} is not as it was written; the search is made again.")
        found = _Search(study, evaluations, replications, workers or processors(), clock, progress, say).run()
        write(found, place.draft, own)
        if figures or place.has_figures:
            draw_front(found, place.draft)
        place.put()
    return found


class _Search:
    """A search under way."""

    def __init__(
        self, study: Study, evaluations: int, replications: int, workers: int, clock: str, progress: Progress | None,
        say: Say,
    ) -> None:
        self.study, self.evaluations, self.replications, self.workers = study, evaluations, replications, workers
        self.goals = _goals(study)
        self.objectives = self.goals[:MOST_OBJECTIVES]
        self.candidates = Candidates(study)
        self.clock = [choose(clock, model, evaluations * replications, workers, say).name
                      for model in self.candidates.bases.values()][-1]
        self.progress = progress or (lambda done, at_most: None)
        self.done, self.refusals = 0, 0
        self.first_refusal = ""
        self.known: dict[Point, tuple[Estimate, ...] | None] = {}

    def run(self) -> Front:
        """Search, confirm, and sum up."""
        started = perf_counter()
        seed, fresh = self.study.design.seed, FRESH * self.replications
        bases = list(self.candidates.bases.values())
        base_search = self._sure(bases, 0, self.replications)
        points = search(self.candidates, self._judge, len(self.objectives), self.evaluations, seed)
        if not points:
            raise StudyError(f"none of the {len(self.known):,} timelines tried can be used{self._why()}")
        models = [self.candidates.model(point) for point in points]
        confirmed = self._play(models, self.replications, fresh)
        base_confirmed = self._sure(bases, self.replications, fresh)
        self.progress(self.done, self.done)
        found = [
            Candidate(self.candidates.name(point), self.candidates.setting(point), self.known[point] or (),
                      _estimates(after) or (), self._status(after, confirmed))
            for point, after in zip(points, confirmed, strict=True)]
        found.sort(key=lambda one: self.goals[0].sign * (one.confirmed or one.search)[0].value)
        base = [Candidate(name, {}, _estimates(before) or (), _estimates(after) or (), "") for name, before, after
                in zip(self.candidates.bases, base_search, base_confirmed, strict=True)]
        return Front(
            self.study.name, self.study.title, self.study.question, bases[0].scenario.start, bases[0].scenario.end,
            seed, self.replications, fresh, self.goals, len(self.objectives), self.candidates.axes,
            tuple(one for one in found if one.status == FRONT), tuple(one for one in found if one.status != FRONT),
            tuple(base), self._optimism(points, confirmed), len(self.known), self.refusals, tuple(self._notes()),
            perf_counter() - started)

    def _judge(self, points: Sequence[Point]) -> list[Score]:
        """Play candidates in the futures of the search, those not known yet."""
        models = {point: model for point in dict.fromkeys(points)
                  if point not in self.known and (model := self._model(point)) is not None}
        played = self._play(list(models.values()), 0, self.replications)
        self.known |= zip(models, map(_estimates, played), strict=True)
        self.refusals = sum(estimates is None for estimates in self.known.values())
        return [_score(self.known[point], self.goals) for point in points]

    def _model(self, point: Point) -> Model | None:
        try:
            return self.candidates.model(point)
        except ScenarioError as error:
            self.known[point] = None
            self.first_refusal = self.first_refusal or str(error.problems[0])
            return None

    def _sure(self, models: list[Model], first: int, count: int) -> list[Played]:
        """Play the scenarios as they are, which must be playable."""
        return [self._play_one(model, first, count) for model in models]

    def _play(self, models: list[Model], first: int, count: int) -> list[Played | None]:
        """Play candidates side by side; None for one that cannot be played to the end."""
        def play(model: Model) -> Played | None:
            try:
                return self._play_one(model, first, count)
            except Unplayable as error:
                self.first_refusal = self.first_refusal or str(error)
                return None

        if self.clock != COMPILED:
            return [*self._told(map(play, models), count)]
        executor = ThreadPoolExecutor(self.workers)
        try:
            return [*self._told(executor.map(play, models), count)]
        finally:
            executor.shutdown(cancel_futures=True)

    def _told(self, played: Iterator[Played | None], count: int) -> Iterator[Played | None]:
        """Pass on what is played, and tell how far the work is."""
        confirming = FRESH * self.replications * 2 * math.isqrt(self.evaluations)
        for one in played:
            self.done += count
            self.progress(self.done, self.evaluations * self.replications + confirming)
            yield one

    def _play_one(self, model: Model, first: int, count: int) -> Played:
        player = (compiled_player if self.clock == COMPILED else simpy_player)(model, self.study.design.seed)
        outcomes, catalogue = player(first, count).outcomes, expand(model)
        return tuple(measure(outcomes, catalogue, goal, model.parameters.horizon) for goal in self.goals)

    def _status(self, own: Played | None, all_: list[Played | None]) -> str:
        if own is None:
            return UNPLAYABLE
        if not _keeps_all(own, self.goals):
            return MISSED
        rivals = (other for other in all_ if other is not None and _keeps_all(other, self.goals))
        return DOMINATED if any(dominates(other, own, self.objectives) for other in rivals) else FRONT

    def _optimism(self, points: list[Point], confirmed: list[Played | None]) -> tuple[Estimate, ...]:
        """Return by goal how much better candidates looked in the search; they met the same luck, so errors add up."""
        pairs = [(before, after) for point, after in zip(points, confirmed, strict=True)
                 if (before := self.known[point]) is not None and after is not None]
        optimism = []
        for i, goal in enumerate(self.goals):
            gains = [goal.sign * (after[i].value - before[i].value) for before, after in pairs]
            errors = [math.hypot(before[i].se, after[i].se) for before, after in pairs]
            optimism.append(Estimate(math.fsum(gains) / len(pairs), math.fsum(errors) / len(pairs)) if pairs
                            else Estimate(math.nan, math.inf))
        return tuple(optimism)

    def _why(self) -> str:
        return f"; the first was refused: {self.first_refusal}" if self.first_refusal else "; no threshold is kept"

    def _notes(self) -> list[str]:
        notes = [*self._idle()]
        notes += [f"The threshold of {in_sentence(goal.said)} is not used: it is an objective."
                  for goal in self.objectives if goal.threshold is not None]
        notes += [f"{goal.said} is no objective; timelines must keep its threshold, {number(goal.threshold or 0.0)}."
                  for goal in self.goals[MOST_OBJECTIVES:]]
        notes += [f"{goal.said} is not used: only the first {MOST_OBJECTIVES} outcomes are objectives, and it has no "
                  "threshold." for goal in self.study.goals[MOST_OBJECTIVES:] if goal.threshold is None]
        if self.refusals:
            notes.append(f"{self.refusals:,} of {len(self.known):,} timelines could not be used; the first: "
                         f"{self.first_refusal}")
        return notes

    def _idle(self) -> Iterator[str]:
        """Say in which goals all timelines that were tried come to the same."""
        tried = [estimates for estimates in self.known.values() if estimates is not None]
        still = [goal for i, goal in enumerate(self.goals) if len({estimates[i].value for estimates in tried}) == 1]
        if len(tried) < 2 or not still:
            return
        nothing = "The lever does not move" if len(self.candidates.axes) == 1 else "No lever moves"
        every = f"all {len(tried):,} timelines tried"
        if len(still) == len(self.goals):
            yield (f"{nothing} any of these outcomes: {every} come to the same, so none is better. Try other levers, "
                   "or other outcomes.")
        else:
            yield f"{nothing} {listed(in_sentence(goal.said) for goal in still)}: the same in {every}."


def _goals(study: Study) -> tuple[Goal, ...]:
    """Return the objectives, then the goals that must keep a threshold."""
    if len(study.goals) < 2:
        raise StudyError(f"a search needs two or three outcomes to weigh against one another; the study has "
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
    return all(keeps(goal, measured.value)
               for goal, measured in zip(goals[MOST_OBJECTIVES:], played[MOST_OBJECTIVES:], strict=True))


def _estimates(played: Played | None) -> tuple[Estimate, ...] | None:
    return None if played is None else tuple(Estimate(measured.value, measured.se) for measured in played)
