"""Scenarios that differ in all that figures depend on, each played once; and what a figure shows."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.api.run import run
from sim.play.result import Result
from sim.scenario.load import from_dict

RICH: dict[str, Any] = {
    "title": "Gradual drawdown from an agreed timeline",
    "start": date(2024, 2, 12), "end": date(2027, 12, 31), "deadline": date(2026, 12, 31),
    "theatres": {
        "iraq": {"label": "Iraq", "troops": 2500.0, "attacks_per_day": 0.03,
                 "sites": {"small": {"weight": 1.0}, "hub": {"weight": 5.0, "hub": True}}},
        "syria": {"label": "Syria", "troops": 900.0, "attacks_per_day": {"dist": "uniform", "low": 0.02, "high": 0.04}},
    },
    "tension": {"initial": "high", "dated": {"war": {"date": date(2023, 10, 17), "state": "high"}}},
    "suppressions": {"truce": {"start": date(2023, 11, 24), "end": date(2023, 12, 1)},
                     "stop_order": {"start": date(2024, 2, 4), "end": date(2024, 4, 1)}},
    "talks": {"first_round": date(2024, 2, 12)},
    "working_groups": {"threat": {}, "needs": {}, "forces": {}},
    "response": {}, "pressure": {}, "threat": {"resurgence": 2.0}, "lift": {}, "cost": {},
    "phases": {
        "iraq": {"theatre": "iraq", "after": "agreement", "target": 0.0, "over_days": 480.0,
                 "hold_after_fatal_days": 14.0, "hold_when_suspended": True, "hold_above_threat": 1.5},
        "syria": {"theatre": "syria", "after": "agreement", "target": 0.0, "over_days": 480.0},
    },
    "history": {
        "attacks": {
            "iraq": [{"date": date(2023, 10, 17), "total": 0}, {"date": date(2023, 11, 21), "total": 32},
                     {"date": date(2024, 1, 9), "total": 52}, {"date": date(2024, 1, 29), "total": 66}],
            "syria": [{"date": date(2023, 10, 17), "total": 0}, {"date": date(2024, 1, 29), "total": 98}],
        },
        "milestones": {
            "round": {"date": date(2024, 1, 27), "text": "First round of talks in Baghdad"},
            "tower": {"date": date(2024, 1, 28), "text": "Drone attack on Tower 22 kills three; talks are suspended"},
        },
    },
}
LONG = "Theatre No. {} at $5 & $6, <b>which</b> has quite a long name indeed"

SCENARIOS: dict[str, dict[str, Any]] = {
    "rich": RICH,
    "short": RICH | {"end": date(2024, 3, 12), "deadline": date(2024, 3, 1)},
    "two_days": RICH | {"end": date(2024, 2, 13), "deadline": date(2024, 2, 13)},
    "long": RICH | {"end": date(2044, 2, 12)},
    "quiet": {
        "title": "One theatre, no talks, no attacks", "start": date(2024, 2, 12), "end": date(2025, 12, 31),
        "theatres": {"here": {"troops": 1200.0}},
        "phases": {"out": {"theatre": "here", "start": date(2024, 6, 1), "target": 0.0, "over_days": 300.0}}},
    "empty": {"start": date(2024, 12, 20), "end": date(2025, 1, 20), "theatres": {"here": {"troops": 0.0}}},
    "eight": {
        "title": "A title that is so long that it has to be broken into more than one line " * 2,
        "start": date(2024, 2, 12), "end": date(2026, 6, 30),
        "theatres": {f"t{i}": {"label": LONG.format(i), "troops": 500.0 * (i + 1), "attacks_per_day": 0.01}
                     for i in range(8)},
        "phases": {f"p{i}": {"theatre": f"t{i}", "start": date(2025, 1, 1), "target": 0.0, "over_days": 200.0}
                   for i in range(8)},
        "tension": {"initial": "high"}, "threat": {"resurgence": {"dist": "uniform", "low": 1.5, "high": 2.5}},
        "casualties": {"severity_exponent": 1.6, "fatal_chance": 0.4},
        "suppressions": {f"s{i}": {"start": date(2024, 1 + i, 1), "end": date(2024, 2 + i, 10)} for i in range(9)},
        "history": {"milestones": {f"m{i}": {"date": date(2013 + i, 1, 3), "text": "A long and winding tale. " * 6}
                                   for i in range(11)}}},
    "fourteen": {
        "title": "Fourteen", "start": date(2024, 12, 20), "end": date(2025, 1, 20),
        "theatres": {f"t{i}": {"troops": 500.0 + 10 * i, "attacks_per_day": 0.01} for i in range(14)}},
}
REPLICATIONS = 30


@cache
def played(name: str) -> Result:
    """Play a scenario, once for all tests."""
    return run(from_dict(SCENARIOS[name], name), replications=REPLICATIONS, seed=1, workers=1)


def band_of(collection: PolyCollection) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, lower and upper edge of what `fill_between` drew without steps."""
    vertices = collection.get_paths()[0].vertices
    n = (len(vertices) - 3) // 2
    lower, upper = vertices[1:n + 1], vertices[n + 2:2 * n + 2][::-1]
    assert np.array_equal(lower[:, 0], upper[:, 0])
    return lower[:, 0], lower[:, 1], upper[:, 1]


def panel(figure: Figure, title: str) -> Any:
    """Return the panel with a title."""
    return next(ax for ax in figure.axes if ax.get_title(loc="left") == title)


def key_of(figure: Figure) -> list[str]:
    """Return the words of a figure's key."""
    return [text.get_text() for text in figure.legends[0].get_texts()]


def beyond(ax: Any) -> list[str]:
    """Return what is drawn in data coordinates of a panel and lies beyond its limits."""
    (left, right), (bottom, top) = (sorted(limits) for limits in (ax.get_xlim(), ax.get_ylim()))
    room_x, room_y = 1e-6 * (right - left), 1e-6 * (top - bottom)

    def outside(points: Any, across: bool, along: bool) -> bool:
        points = np.asarray(points, float)
        x, y = points[np.isfinite(points).all(axis=1)].T
        return bool((across and len(x) and (x.min() < left - room_x or x.max() > right + room_x))
                    or (along and len(y) and (y.min() < bottom - room_y or y.max() > top + room_y)))

    found = []
    for artist in [*ax.lines, *ax.patches, *ax.collections]:
        across, along = artist.get_transform().contains_branch_seperately(ax.transData)
        if not (across or along) or not artist.get_visible():
            continue
        if isinstance(artist, Line2D):
            points = artist.get_xydata()
        elif isinstance(artist, Patch):
            points = artist.get_patch_transform().transform(artist.get_path().vertices)
        else:
            points = np.concatenate([path.vertices for path in artist.get_paths()] or [np.empty((0, 2))])
        if len(points) and outside(points, across, along):
            found.append(str(artist))
    return found
