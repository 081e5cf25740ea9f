"""The page counts the diaries of replications as the package does: bands and shares over time have the same bits."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from sim.model.setup import Model, set_up
from sim.play.cast import solo
from sim.play.daily import series
from sim.play.dataset import PERCENTS, _levels
from sim.play.histogram import Histograms, Track
from sim.play.player import compiled_player
from sim.report.world import World
from sim.rules.state import HELD, MOVING, TALK_STATES
from sim.scenario.load import load
from tests.web.page_code import Call

NAMES = ("low", "lower", "middle", "upper", "high")
COUNTED = ("troops", "attacks", "talks", "tension", "index", "phase")
"""The tracks that the page shows."""
WIDE = 4
"""The width of its bins of logarithms, in steps of half a percent."""
FARTHEST = 800
"""Logarithms beyond so many steps count there."""
PARTS = [(0, 40), (40, 1), (41, 59)]
"""First replications, and how many: counted apart and then added up."""


@pytest.fixture(scope="module", params=["gradual", "truce", "status_quo"])
def played(request: pytest.FixtureRequest) -> tuple[Model, list[Any], Histograms]:
    """A scenario, the diaries of a hundred replications of it in parts, and the counts of the package."""
    model = set_up(load(request.param).scenario)
    play, histograms = compiled_player(solo(model, 3, diaries=True)), Histograms(model)
    parts = [(play(0, first, count).entries, count) for first, count in PARTS]
    for entries, count in parts:
        histograms.add(entries, count)
    return model, parts, histograms


def tracks(model: Model) -> list[Any]:
    return World(model, 1).header["tracks"]


def columns(entries: Any) -> dict[str, Any]:
    return {name: entries[i].tolist() for i, name in enumerate(("rows", "times", "levels"))}


def test_counts_are_those_of_the_package(played: tuple[Model, list[Any], Histograms], call: Call) -> None:
    model, parts, histograms = played
    courses = call("tallied", tracks(model), [columns(entries) for entries, _ in parts])
    assert courses["replications"] == histograms.replications == 100
    found = iter(courses["rows"])
    for name, (_, times) in series(model).items():
        if name not in COUNTED:
            continue
        ours, week = histograms.track(name), 7 if name == "attacks" else 1
        for row, counts in enumerate(ours._counts()):
            one = next(found)
            points = [day // week for day in one["days"]]
            step = WIDE if name == "index" else ours._step[row]
            assert (one["track"], one["step"], points[0], points[-1]) == (name, step, 0, times - 1)
            grid = np.array(one["counts"]).reshape(len(points), one["bins"])
            assert (grid.sum(axis=1) == 100).all()
            expected = nonzero(counts[points], int(ours._low[row]))
            assert nonzero(grid, one["low"]) == (widened(expected) if name == "index" else expected)
            assert one["sums"] == ours._sums[row, points].tolist()
    assert next(found, None) is None


def in_wide_bins(steps: Any) -> Any:
    return (np.clip(steps, -FARTHEST, FARTHEST) + WIDE // 2) // WIDE * WIDE


def widened(counts: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the counts in the wide bins in which the page has the threat, the capability and their ratio."""
    wide: Counter[tuple[int, int]] = Counter()
    for time, level, count in counts:
        wide[time, int(in_wide_bins(level)) // WIDE] += count
    return sorted((time, bin_, count) for (time, bin_), count in wide.items())


def nonzero(counts: Any, low: int) -> list[tuple[int, int, int]]:
    """Return what was counted as time, bin and count, whatever the room for bins."""
    return [(int(time), int(at) + low, int(counts[time, at])) for time, at in zip(*np.nonzero(counts), strict=True)]


def test_bands_are_those_of_the_package(played: tuple[Model, list[Any], Histograms], call: Call) -> None:
    model, parts, histograms = played
    p = model.parameters
    rows = {"troops": p.theatres, "attacks": p.theatres, "threat": 1, "capability": 1, "ratio": 1,
            "talks": TALK_STATES, "tension": 1, "phases": p.phases}
    embedded = {name: {"rows": [f"Row {i}" for i in range(count)], "unit": f"unit of {name}", "days": []}
                for name, count in rows.items() if count}
    found = call("bands", tracks(model), [columns(entries) for entries, _ in parts], embedded)
    assert list(found) == list(embedded)
    for name, band in found.items():
        assert (band["rows"], band["unit"]) == (embedded[name]["rows"], embedded[name]["unit"])
        assert ("low" in band) == (name not in ("talks", "tension", "phases")) == ("share" not in band)

    def same(name: str, track: Track, every: int) -> None:
        times = [day // every for day in found[name]["days"]]
        quantiles = track.quantiles(PERCENTS)[: rows[name]][:, :, times]
        for i, level in enumerate(NAMES):
            assert found[name][level] == quantiles[:, i].tolist(), name

    same("troops", histograms.track("troops"), 1)
    same("attacks", histograms.track("attacks"), 7)
    steps = histograms.track("index").quantiles(PERCENTS)
    levels = _levels(in_wide_bins(steps))
    for row, name in enumerate(("threat", "capability", "ratio")):
        for i, level in enumerate(NAMES):
            assert found[name][level][0] == pytest.approx(levels[row, i, found[name]["days"]], rel=1e-12)
    talks, phase, days = histograms.track("talks"), histograms.track("phase"), found["talks"]["days"]
    assert found["talks"]["share"] == [talks.share(state)[0, days].tolist() for state in range(TALK_STATES)]
    assert found["tension"]["share"] == histograms.track("tension").share(1)[:, days].tolist()
    if p.phases:
        assert found["phases"]["share"] == (phase.share(MOVING) + phase.share(HELD))[:, days].tolist()


def test_rows_need_no_levels_to_be_known_beforehand(call: Call) -> None:
    """Levels below zero and far above the first bins find room."""
    entries = {"rows": [0, 0, 0, 0, 0], "times": [0, 1, 3, 0, 2], "levels": [-7, 5, 1000, 1000, -7]}
    track = {"track": "attacks", "times": 4, "steps": [3]}
    row, = call("tallied", [track], [entries])["rows"]
    grid = np.array(row["counts"]).reshape(4, row["bins"])
    assert nonzero(grid, row["low"]) == [(0, -2, 1), (0, 333, 1), (1, 2, 1), (1, 333, 1), (2, -2, 1), (2, 2, 1),
                                         (3, -2, 1), (3, 333, 1)]
    assert (row["sums"], row["days"]) == ([993, 1005, -2, 993], [0, 7, 14, 21])
