"""Dates that may be uncertain: ``{ dist = "uniform", low = 2025-01-01, high = 2025-06-30 }``."""

import math
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.fields import (
    LOW_BELOW_HIGH,
    MODE_WITHIN,
    AnyTable,
    Discrete,
    Distribution,
    Table,
    Triangular,
    Uniform,
    paired,
)

MODE_BETWEEN = f"{MODE_WITHIN}, and low < high"
"""What triangular dates need."""


class UniformDates(Table):
    """Every day from ``low`` to ``high`` equally likely."""

    dist: Literal["uniform"]
    low: date
    high: date

    @model_validator(mode="after")
    def _ordered(self) -> "UniformDates":
        return _dated(self, self.low, self.high)


class TriangularDates(Table):
    """Most likely on ``mode``, falling in a straight line to nothing before ``low`` and after ``high``."""

    dist: Literal["triangular"]
    low: date
    mode: date
    high: date

    @model_validator(mode="after")
    def _ordered(self) -> "TriangularDates":
        return _dated(self, self.low, self.mode, self.high)


class DiscreteDates(Table):
    """One of the dates ``values``, with the given ``weights`` (equal if left out)."""

    dist: Literal["discrete"]
    values: list[date] = Field(min_length=1, max_length=1000)
    weights: list[float] | None = None

    @model_validator(mode="after")
    def _paired(self) -> "DiscreteDates":
        return paired(self, len(self.values), self.weights)


def _dated(table: AnyTable, low: date, *upto: date) -> AnyTable:
    days = [low, *upto]
    if days != sorted(days) or low == days[-1]:
        raise PydanticCustomError("bad_distribution", LOW_BELOW_HIGH if len(days) == 2 else MODE_BETWEEN)
    return table


DateDistribution = UniformDates | TriangularDates | DiscreteDates
DATE_DISTRIBUTIONS = ("uniform", "triangular", "discrete")


def in_days(value: DateDistribution, start: date) -> Distribution:
    """Return a distribution of dates as one of whole days since a start."""
    def day(of: date) -> float:
        return float((of - start).days)

    if isinstance(value, DiscreteDates):
        return Discrete(dist="discrete", values=[day(of) for of in value.values], weights=value.weights)
    if isinstance(value, TriangularDates):
        return Triangular(dist="triangular", low=day(value.low), mode=day(value.mode), high=day(value.high))
    return Uniform(dist="uniform", low=day(value.low), high=day(value.high))


def earliest(value: date | DateDistribution) -> date:
    """Return the first date on which a date of a scenario can fall."""
    if isinstance(value, DiscreteDates):
        return min(value.values)
    return value.low if isinstance(value, UniformDates | TriangularDates) else value


def latest(value: date | DateDistribution) -> date:
    """Return the last date on which a date of a scenario can fall."""
    if isinstance(value, DiscreteDates):
        return max(value.values)
    return value.high if isinstance(value, UniformDates | TriangularDates) else value


def _kind_of_date(value: Any) -> str | None:
    if isinstance(value, dict):
        name = value.get("dist")
        return name if name in DATE_DISTRIBUTIONS else None
    return value.dist if isinstance(value, DateDistribution) else "day"


Day = Annotated[
    Annotated[date, Tag("day")]
    | Annotated[UniformDates, Tag("uniform")]
    | Annotated[TriangularDates, Tag("triangular")]
    | Annotated[DiscreteDates, Tag("discrete")],
    Discriminator(
        _kind_of_date,
        custom_error_type="unknown_distribution",
        custom_error_message="needs dist = one of uniform, triangular, discrete, with dates",
    ),
]
"""A date, which may be uncertain."""


def day(default: Any, text: str, absent: float = math.inf) -> Any:
    """Declare a date of the schema that may be uncertain.

    Parameters
    ----------
    default
        None, or ``...`` if a file must give it.
    text
        The meaning of the date, in a sentence.
    absent
        The day that the rules use if it is left out.
    """
    extra: dict[str, Any] = {"day": True, "absent": absent}
    return Field(default, description=text, json_schema_extra=extra)
