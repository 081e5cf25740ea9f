"""Figures, with a module for each picture; the only place that uses Matplotlib.

`attacks`, `by_date`, `outcomes`, `talks`, `threat`, `timelines` and `troops` each take the `Result` of a run and
return a Matplotlib figure. `draw_all` draws those that fit the scenario and writes them to files. Bands are over
replications, which differ by chance and by the values drawn for uncertain inputs; those of `by_date` are intervals.

The other figures are modules, each with a function ``draw`` that returns a figure: `forest`, `horizons`, `paths` and
`trade_off` for a comparison, and `waterfall` for what explains it; `sensitivity`, `discovery`, `robustness` and
`information` for a study; `front` for a search; `tornado` for what depends on uncertain numbers; `calibration` and
`backtest` for what data say about attacks; and `hindcast` for drawdowns of the past.

A picture is imported when its name is first used, since most commands draw only a few of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.figures import (
        backtest,
        calibration,
        discovery,
        forest,
        front,
        hindcast,
        horizons,
        information,
        paths,
        robustness,
        sensitivity,
        tornado,
        trade_off,
        waterfall,
    )
    from sim.figures.chances import draw as by_date
    from sim.figures.distributions import draw as outcomes
    from sim.figures.files import draw_all
    from sim.figures.resurgence import draw as threat
    from sim.figures.samples import draw as timelines
    from sim.figures.strength import draw as troops
    from sim.figures.talk_states import draw as talks
    from sim.figures.weekly_attacks import draw as attacks

__all__ = [
    "attacks", "backtest", "by_date", "calibration", "discovery", "draw_all", "forest", "front", "hindcast",
    "horizons", "information", "outcomes", "paths", "robustness", "sensitivity", "talks", "threat", "timelines",
    "tornado", "trade_off", "troops", "waterfall",
]

_FUNCTIONS = {
    "attacks": ("weekly_attacks", "draw"), "by_date": ("chances", "draw"), "draw_all": ("files", "draw_all"),
    "outcomes": ("distributions", "draw"),
    "talks": ("talk_states", "draw"), "threat": ("resurgence", "draw"), "timelines": ("samples", "draw"),
    "troops": ("strength", "draw"),
}
"""The module and the function behind a name; any other name is a module."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'sim.figures' has no attribute {name!r}")
    module, function = _FUNCTIONS.get(name, (name, ""))
    picture = import_module(f"sim.figures.{module}")
    return getattr(picture, function) if function else picture


def __dir__() -> list[str]:
    return sorted(__all__)
