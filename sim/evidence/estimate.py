"""A number that was estimated, and how sure it is."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """An estimate with its 90 % interval.

    Attributes
    ----------
    estimate
        The most likely value.
    low, high
        Ends of the 90 % interval.
    """

    estimate: float
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in fit.json."""
        return {"estimate": self.estimate, "ci90": [self.low, self.high]}
