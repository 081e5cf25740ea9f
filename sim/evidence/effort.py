"""Tells readers how long a model will take to fit, and how far the fit has got."""

import os
import time

from sim.evidence.models import Model
from sim.evidence.record import AttackRecord
from sim.play.choice import Say

EVALUATIONS = 600
"""Likelihoods needed for a fit, its intervals and its out-of-sample score, over the squared number of parameters."""
WORTH_SAYING = 10.0
"""From this many seconds on, readers are told how long a fit takes."""


class Progress:
    """Messages about the fit of a model; for a short fit, only that it has begun.

    Parameters
    ----------
    model, record
        The model, and the record to which it is fitted.
    say
        Told, in a line.
    """

    def __init__(self, model: Model, record: AttackRecord, say: Say) -> None:
        self._label, self._say = model.label, say
        starts = model.starts()
        model.tell(record, starts[0])  # may compile
        began = time.perf_counter()
        for start in starts:
            model.tell(record, start)
        each = (time.perf_counter() - began) / len(starts)
        seconds = EVALUATIONS * len(model.parameters) ** 2 * each / max(1, (os.cpu_count() or 1) - 1)
        self._long = seconds >= WORTH_SAYING
        say(f"Fitting: {model.label}{f', about {_spoken(seconds)}' if self._long else ''}")

    def step(self, what: str) -> None:
        """Say what comes next, if the fit takes long."""
        if self._long:
            self._say(f"  {self._label}: {what}")


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{10 * round(seconds / 10):.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
