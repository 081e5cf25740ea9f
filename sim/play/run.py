"""All replications of a scenario, or as many as a precision takes. They give the same bits whoever plays them."""

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
from sim.model.variant import twin_of
from sim.play.cast import Cast, solo
from sim.play.choice import Say, choose, silent
from sim.play.identity import identity_of
from sim.play.play import ANYHOW, Means, chunk_size, play
from sim.play.twins import twins_in
from sim.play.work import TWINS, Work

Progress = Callable[[int, int], None]
"""Called with the number of replications done, and the most that there will be; twins count."""


@dataclass(frozen=True)
class Size:
    """How many replications to play.

    Attributes
    ----------
    replications
        How many; the most if there are targets.
    targets
        Half-widths to reach.
    """

    replications: int
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Ensemble:
    """A scenario as played.

    Attributes
    ----------
    work
        The outcomes of the replications by column, and counts by day.
    used
        How many of the first replications answer the question. There are more if a stopped run had played more.
    twins
        The outcomes of the first replications played again, see `sim.play.twins`; None if none were.
    clock
        The clock that played them.
    precision
        The targets and what was reached, fit for JSON; None without targets.
    seconds
        How long playing took, without the preparations.
    """

    work: Work
    used: int
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
    """Play replications from number 0 on, and the twins of the first ones.

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
        Where to keep finished work, and to continue it if there is some; None to keep it in memory only.
    progress
        Called with the number done.
    say
        Called with a line of text when there is something that the user should know.
    twins
        Whether to play twins, which separate uncertain inputs from chance.
    at_least
        How many to play even if `size` asks for fewer.

    Raises
    ------
    Unplayable
        If a replication cannot be played to the end.
    WorkersLost
        If a worker process died, or the cluster is gone.
    PrecisionError
        If a target cannot be reached, however many replications are played.
    """
    catalogue = expand(model)
    tell, more = progress or _nobody, twins_in(model, size.replications) if twins else 0
    clock = choose(means.clock, say)
    belongs_to = "" if folder is None else identity_of(model.scenario, seed).hash
    work = Work(model, catalogue, folder, clock.fold, belongs_to, say)
    cast = solo(model, seed, diaries=True)
    watch = Watch(size.targets, size.replications)
    started, upto = perf_counter(), 0
    for upto in looks(size.replications) if size.targets else [size.replications]:
        _play(work, cast, means, clock.name, upto, lambda done: tell(done, size.replications + more))
        if size.targets and watch.look(work.sample(upto)):
            break
    if (in_total := max(work.beyond, at_least)) > upto:
        _play(work, cast, means, clock.name, in_total, lambda done: tell(done, in_total + more))
    work_on_twins = None
    if more:
        work_on_twins = Work(model, catalogue, folder and folder / TWINS, clock.fold, f"twins of {belongs_to}", say)
        _play_twins(work_on_twins, work.done, model, seed, means, clock.name, tell)
    precision = watch.account() if size.targets else None
    return Ensemble(work, upto, work_on_twins, clock.name, precision, perf_counter() - started)


def _nobody(done: int, at_most: int) -> None:
    """Tell nobody how far the work is."""


def _play_twins(
    twins: Work, done: int, model: Model, seed: int, means: Means, clock: str, tell: Progress
) -> None:
    """Play the first of the replications that are done again, as twins."""
    upto = twins_in(model, done)
    _play(twins, solo(twin_of(model), seed), means, clock, upto, lambda played: tell(done + played, done + upto))


def _play(work: Work, cast: Cast, means: Means, clock: str, upto: int, tell: Callable[[int], None]) -> None:
    """Play those of the first ``upto`` replications that are missing."""
    jobs = [(0, *job) for job in work.jobs(upto, chunk_size(upto, means, clock))]
    done = work.done
    tell(done)
    if not jobs:
        return
    try:
        with closing(play(cast, jobs, means, clock, work.add)) as chunks:
            for chunk in chunks:
                done += len(chunk.outcomes)  # not what the work holds: another thread may have added to it since
                tell(done)
    finally:
        work.save()
