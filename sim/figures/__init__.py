"""Figures, a module for each picture; the only place that uses Matplotlib.

`attacks`, `outcomes`, `talks`, `threat`, `timelines` and `troops` each take the `Result` of a run and return a
Matplotlib figure; `draw_all` writes those that the scenario has something for. Bands are over replications: what
differs between them is chance and what is not known.

The others are modules, each with a function ``draw`` that returns a figure: `forest`, `paths` and `trade_off` of a
comparison, and `waterfall` of what explains it; `sensitivity`, `discovery`, `robustness` and `information` of a study;
`front` of a search. `tornado` draws what hangs on numbers that are not known; `calibration` and `backtest` draw what
data say about attacks.
"""

from sim.figures import discovery, forest, front, information, paths, robustness, sensitivity, trade_off, waterfall
from sim.figures.distributions import draw as outcomes
from sim.figures.files import draw_all
from sim.figures.resurgence import draw as threat
from sim.figures.samples import draw as timelines
from sim.figures.strength import draw as troops
from sim.figures.talk_states import draw as talks
from sim.figures.weekly_attacks import draw as attacks

__all__ = [
    "attacks", "discovery", "draw_all", "forest", "front", "information", "outcomes", "paths", "robustness",
    "sensitivity", "talks", "threat", "timelines", "trade_off", "troops", "waterfall",
]
