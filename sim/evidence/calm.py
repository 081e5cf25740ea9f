"""The background under low tension and outside truces, as a scenario needs it, from any fitted model."""

import numpy as np

from sim.evidence.calibrate import Calibration
from sim.evidence.held_out import RECENT
from sim.evidence.models import SCATTERED, SCATTERED_REGIMES, Excited, Scattered
from sim.evidence.record import AttackRecord, Floats
from sim.evidence.stretches import Stretches, dated, steady

TWINS = {"poisson": "regimes", RECENT: "regimes", "markov_modulated": "regimes", SCATTERED: SCATTERED_REGIMES,
         "self_excited": "self_excited_regimes"}
"""The same model on dated regimes. Its estimates for truces are used for models that do not know about truces."""


class Calm:
    """The dated regimes in a record, and how they change a rate.

    Parameters
    ----------
    result
        The calibration.
    multiplier
        Background under high tension over background under low tension, used if the fitted model does not estimate it.

    Attributes
    ----------
    multiplier
        The same.
    high_share
        Share of the record that lies in dated high tension.
    free_days
        Days watched outside of truces and stop orders.
    """

    def __init__(self, result: Calibration, multiplier: float) -> None:
        self._result, self.multiplier = result, multiplier
        record, regimes = result.best_fit.record, result.regimes
        self._regimes = steady(record) if regimes is None else dated(record, regimes)
        self._days = watched_between(record, self._regimes.edges)
        self._high = np.array([self._regimes.levels[level] == "rate_high" for level in self._regimes.level])
        self.high_share = float(self._days[self._high].sum() / self._days.sum())
        self.free_days = float(self._days[~self._regimes.covers.any(axis=1)].sum())

    @property
    def met_high(self) -> bool:
        """Whether any of the record lies in high tension."""
        return self.high_share > 0

    @property
    def met_low(self) -> bool:
        """Whether any of the record lies in low tension."""
        return self.high_share < 1

    def rate(self, table: dict[str, Floats], multiplier: Floats | None = None) -> Floats:
        """Return the background under low tension and outside truces.

        It is the number of background attacks that the model expects over the record, divided by the days of the
        record, each weighted by the factor of tension and truces.

        Parameters
        ----------
        table
            Parameters of the model by name, shape (draws,) each.
        multiplier
            The multiplier in each draw, if the model estimates it.
        """
        fit = self._result.best_fit
        size = len(next(iter(table.values())))
        factors = self._factors(table, size)
        left = np.where(self._regimes.covers[None, :, :], factors[:, None, :], 1.0).prod(axis=2)
        ratio = np.full(size, self.multiplier) if multiplier is None else multiplier
        exposed = (np.where(self._high, ratio[:, None], 1.0) * left) @ self._days
        if isinstance(fit.model, Excited | Scattered):
            expected = _expected(table, fit.model.stretches, fit.record, size)
        elif self.met_high:
            expected = _mean_rate(table) * self._days.sum()
        else:
            expected = table["rate_low"] * self._days.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            calm: Floats = expected / exposed
        return calm

    def _factors(self, table: dict[str, Floats], size: int) -> Floats:
        """Return the factor of each suppression in each draw, shape (draws, suppressions)."""
        twin = self._result.models.get(TWINS.get(self._result.best, ""))
        columns = [table[f"factor_{name}"] if f"factor_{name}" in table else
                   np.full(size, 1.0 if twin is None else twin.fit.value(f"factor_{name}"))
                   for name in self._regimes.suppressions]
        return np.column_stack(columns) if columns else np.empty((size, 0))


def _expected(table: dict[str, Floats], stretches: Stretches, record: AttackRecord, size: int) -> Floats:
    """Return how many background attacks a model expects over a record, in each draw."""
    rates = np.column_stack([table[name] for name in stretches.levels])[:, stretches.level] * stretches.shape
    suppressed = np.array([stretches.factor(row) for row in _columns(table, stretches, size)])
    expected: Floats = (rates * suppressed) @ watched_between(record, stretches.edges)
    return expected


def _columns(table: dict[str, Floats], stretches: Stretches, size: int) -> Floats:
    columns = [table[f"factor_{name}"] for name in stretches.suppressions]
    return np.column_stack(columns) if columns else np.empty((size, 0))


def _mean_rate(table: dict[str, Floats]) -> Floats:
    """Return the mean rate of a Markov-modulated process."""
    calm, hot = table["mean_low_days"], table["mean_high_days"]
    return table["rate_low"] * (calm + table["high_multiplier"] * hot) / (calm + hot)


def watched_between(record: AttackRecord, edges: Floats) -> Floats:
    """Return how many days were watched between each edge and the next."""
    spans = np.array(record.spans)
    spent = np.concatenate([[0.0], np.cumsum(spans[:, 1] - spans[:, 0])])
    return np.diff(np.interp(edges, spans.ravel(), np.repeat(spent, 2)[1:-1]))
