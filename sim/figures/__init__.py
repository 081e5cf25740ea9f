"""Figures of one scenario's results, a module for each picture; the only place that uses Matplotlib.

Each of the functions named in ``__all__`` takes the `Result` of a run and returns a Matplotlib figure; `draw_all`
writes those that the scenario has something for. Bands are over replications: what differs between them is chance and
what is not known. `tornado` draws what hangs on numbers that are not known; `calibration` and `backtest` draw what
data say about attacks.
"""

from sim.figures.distributions import draw as outcomes
from sim.figures.files import draw_all
from sim.figures.resurgence import draw as threat
from sim.figures.samples import draw as timelines
from sim.figures.strength import draw as troops
from sim.figures.talk_states import draw as talks
from sim.figures.weekly_attacks import draw as attacks

__all__ = ["attacks", "draw_all", "outcomes", "talks", "threat", "timelines", "troops"]
