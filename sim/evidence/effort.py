"""How long a model takes to fit, told before it is begun, and how far it has come."""

import os
import time

from sim.evidence.models import Model
from sim.evidence.record import AttackRecord
from sim.play.choice import Say

EVALUATIONS = 400
"""Likelihoods that a fit, its intervals and its held-out score take, over the square of the number of parameters."""
WORTH_SAYING = 10.0
"""Seconds from which a reader is told how long it takes."""


class Progress:
    """What a reader is told of the fit of a model; of a short one, only that it has begun.

    Parameters
    ----------
    model, record
        What is fitted to what.
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
        """Say what is done next, if the whole takes long."""
        if self._long:
            self._say(f"  {self._label}: {what}")


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{10 * round(seconds / 10):.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
