from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.model.setup import Model, set_up
from sim.play.daily import unfold
from sim.play.player import Chunk
from sim.play.work import Work
from sim.scenario.load import ScenarioFile, from_dict

TRACKS = ("troops", "attacks", "talks", "tension", "index", "suppression", "phase", "cargo", "mode")


def small(**changes):
    """A scenario of 200 days with a bit of everything, played in a few milliseconds."""
    return {
        "title": "Small", "start": date(2024, 2, 12), "end": date(2024, 8, 29), "deadline": date(2024, 6, 30),
        "theatres": {
            "north": {"troops": 800, "attacks_per_day": {"dist": "uniform", "low": 0.1, "high": 0.3},
                      "sites": {"post": {"weight": 1}, "hub": {"weight": 4, "hub": True}}},
            "south": {"troops": 300, "attacks_per_day": 0.1,
                      "true_over_reported": {"dist": "uniform", "low": 1.0, "high": 2.0}},
        },
        "tension": {"mean_high_days": 30, "mean_low_days": 40, "high_multiplier": 4},
        "suppressions": {"truce": {"start": date(2024, 3, 1), "mean_days": 20}},
        "casualties": {"fatal_chance": 0.3},
        "response": {}, "pressure": {}, "threat": {}, "lift": {}, "cost": {},
        "talks": {"first_round": date(2024, 2, 12), "round_days": 10, "principals_days": 5},
        "working_groups": {"one": {"work_days": 30}, "two": {"work_days": 40}},
        "phases": {
            "north": {"theatre": "north", "after": "agreement", "target": 0, "over_days": 60,
                      "hold_after_fatal_days": 10, "hold_when_suspended": True},
            "south": {"theatre": "south", "start": date(2024, 4, 1), "target": 100, "over_days": 90},
        },
        **changes,
    }


@pytest.fixture(scope="session")
def file() -> ScenarioFile:
    return from_dict(small(), "small")


@pytest.fixture(scope="session")
def model(file: ScenarioFile) -> Model:
    return set_up(file.scenario)


def tracks_of(model: Model, chunk: Chunk) -> dict[str, NDArray[np.int64]]:
    """Return what each replication of a chunk did day by day: arrays (replications, rows, times) by track."""
    begins = np.flatnonzero((chunk.entries[0] == 0) & (chunk.entries[1] == 0))
    each = [unfold(model, entries) for entries in np.split(chunk.entries, begins[1:], axis=1)]
    return {name: np.stack([tracks[name] for tracks in each]) for name in each[0]}


def outcomes(work: Work) -> dict[str, bytes]:
    """Return the outcomes that an ensemble holds, as bytes by name."""
    return {name: work.columns.column(name).tobytes() for name in work.columns.names}


def contents(work: Work) -> dict[str, bytes]:
    """Return all that an ensemble holds, as bytes by name."""
    percents = tuple(range(1, 101))
    held = outcomes(work)
    for name in TRACKS:
        track = work.histograms.track(name)
        held[f"{name} by day"] = track.quantiles(percents).tobytes() + track.mean().tobytes()
    return held
