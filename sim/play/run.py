"""All replications of a scenario, or as many as a precision takes: the same bits, whoever plays them and how."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from sim.estimate.precision import Watch, looks
from sim.estimate.targets import Target
from sim.model.catalogue import expand
from sim.model.setup import Model
from sim.play.cast import Cast, solo
from sim.play.choice import Say, choose, silent
from sim.play.identity import identity_of
from sim.play.play import ANYHOW, CHUNKS, Means, play
from sim.play.twins import twin_of, twins_in
from sim.play.work import TWINS, Work

Progress = Callable[[int, int], None]
"""Told how many replications are done, and how many there will be at most; twins count."""


@dataclass(frozen=True)
class Size:
    """How many replications to play.

    Attributes
    ----------
    replications
        How many; at most so many if there are targets.
    targets
        Half-widths to reach.
    """

    replications: int
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Ensemble:
    """What the replications gave.

    Attributes
    ----------
    work
        Their outcomes by column, and counts by day.
    asked
        How many of them are what was asked for: the first; more had been played before by a run that was stopped.
    twins
        The outcomes of the first so many replications played again, see `sim.play.twins`; None if none were.
    clock
        Which clock played them.
    precision
        What was asked and what was reached, fit for JSON; None if nothing was asked.
    seconds
        How long playing took, without making ready for it.
    """

    work: Work
    asked: int
    twins: Work | None
    clock: str
    precision: dict[str, Any] | None
    seconds: float


def play_ensemble(
    model: Model,
    seed: int,
    size: Size,
    means: Means = ANYHOW,
    folder: Path | None = None,
    progress: Progress | None = None,
    say: Say = silent,
    twins: bool = True,
    at_least: int = 0,
) -> Ensemble:
    """Play replications from 0 on, and the twins of the first.

    Parameters
    ----------
    model
        The scenario, set up.
    seed
        The study's seed.
    size
        How many.
    means
        Who plays them.
    folder
        Where finished work is kept, to go on from if it is there already; None to keep it in memory only.
    progress
        Told how many are done.
    say
        Told, in a line, what a user should know.
    twins
        Whether to play twins, which tell what is not known from chance.
    at_least
        How many to play even if fewer are asked for.

    Raises
    ------
    Unplayable
        If a replication cannot be played to the end.
    WorkersLost
        If a worker process died, or the cluster went.
    PrecisionError
        If a target cannot be reached, however many replications are played.
    """
    catalogue = expand(model)
    tell, more = progress or _nobody, twins_in(model, size.replications) if twins else 0
    clock = choose(means.clock, model, size.replications + more, means.hands, say)
    own = "" if folder is None else identity_of(model.scenario, seed).hash
    work = Work(model, catalogue, folder, clock.fold, own, say)
    cast = solo(model, seed, diaries=True)
    watch = Watch(size.targets, size.replications)
    started, upto = perf_counter(), 0
    for upto in looks(size.replications) if size.targets else [size.replications]:
        _play(work, cast, means, clock.name, upto, lambda done: tell(done, size.replications + more))
        if size.targets and watch.look(work.sample(upto)):
            break
    if (whole := max(work.beyond, at_least)) > upto:
        _play(work, cast, means, clock.name, whole, lambda done: tell(done, whole + more))
    again = None
    if more:
        again = Work(model, catalogue, folder and folder / TWINS, clock.fold, f"twins of {own}", say)
        _play_twins(again, work.done, model, seed, means, clock.name, tell)
    return Ensemble(work, upto, again, clock.name, watch.account() if size.targets else None, perf_counter() - started)


def _nobody(done: int, at_most: int) -> None:
    """Tell nobody how far the work is."""


def _play_twins(
    twins: Work, done: int, model: Model, seed: int, means: Means, clock: str, tell: Progress
) -> None:
    """Play the first of so many replications that are done once more, as twins."""
    upto = twins_in(model, done)
    _play(twins, solo(twin_of(model), seed), means, clock, upto, lambda played: tell(done + played, done + upto))


def _play(work: Work, cast: Cast, means: Means, clock: str, upto: int, tell: Callable[[int], None]) -> None:
    """Play what is missing of the first ``upto`` replications."""
    jobs = [(0, *job) for job in work.jobs(upto, means.chunk or CHUNKS[clock])]
    tell(work.done)
    if not jobs:
        return
    try:
        with closing(play(cast, jobs, means, clock)) as chunks:
            for chunk in chunks:
                work.add(chunk)
                tell(work.done)
    finally:
        work.save()
