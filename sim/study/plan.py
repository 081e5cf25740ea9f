"""The size of a study before it is played: policies, futures, replications, time and disk space."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from sim.play.cast import Cast
from sim.play.play import CHUNKS
from sim.play.player import player_of
from sim.play.workers import processors
from sim.study.cases import Cases
from sim.study.errors import StudyError
from sim.study.reduce import row_type
from sim.study.study import Study
from sim.study.table import size

SAMPLED_SECONDS = 1.0
"""Replications are played for this long to estimate the time for all of them."""
FIXED_BYTES = 1 << 20
"""Size of a dataset and its record, however few cases there are."""


@dataclass(frozen=True)
class Plan:
    """The size of a study.

    Attributes
    ----------
    policies, futures, replications
        How many there are; replications are those of each policy in each future.
    bytes_needed, bytes_free
        Space needed for the results (finished cases and the dataset), and space free on their disk.
    seconds
        Estimated playing time on this machine; None if it was not estimated.
    """

    policies: int
    futures: int
    replications: int
    bytes_needed: int
    bytes_free: int
    seconds: float | None = None

    @property
    def total(self) -> int:
        """All replications."""
        return self.policies * self.futures * self.replications


def plan_of(study: Study, cases: Cases, folder: Path) -> Plan:
    """Return the size of a study, without the time.

    Raises
    ------
    StudyError
        If there is not enough space on the disk.
    """
    row = row_type(len(study.goals)).itemsize
    needed = FIXED_BYTES + 3 * len(cases) * row  # cases are stored as text, which takes half as much again
    disk = next(parent for parent in folder.absolute().parents if parent.exists())
    plan = Plan(len(study.policies), len(cases.futures), study.design.replications, needed,
                shutil.disk_usage(disk).free)
    if needed > plan.bytes_free:
        raise StudyError(f"{study.path}: the results would need {size(needed)}, and {disk} has "
                         f"{size(plan.bytes_free)} left; use fewer points or outcomes")
    return plan


def seconds_for(cast: Cast, plan: Plan, clock: str, workers: int | None) -> float:
    """Estimate how long a study takes by playing some replications of its first policy."""
    play, played, chunk = player_of(cast, clock), 0, CHUNKS[clock] // 5
    play(0, 0, 1)  # prepares the clock
    started = perf_counter()
    while (spent := perf_counter() - started) < SAMPLED_SECONDS and played < plan.replications:
        play(0, played, min(chunk, plan.replications - played))
        played += chunk
    each = spent / min(played, plan.replications)
    return each * plan.total / min(workers or processors(), plan.total)
