"""The building blocks of the schema: a base table, and numbers that may be uncertain.

A number in a scenario file can be a plain number or a bounded distribution,
``{ dist = "triangular", low = 0.2, mode = 0.3, high = 0.5 }``. So can a count, of which whole numbers are drawn.
Uncertain dates are in `days`. The schema gives every number a default, a unit, bounds, a mark (article, reported,
literature, derived, assumed) and a source.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.scenario.errors import shown

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""The name of a theatre, a site, a phase and so on, as used in keys such as ``phases.NAME``."""

LARGEST = 10**15
"""Beyond this, a whole number is not written out."""

LOW_BELOW_HIGH = "needs low < high"
MODE_WITHIN = "needs low <= mode <= high"
MEAN_NEAR = "needs a mean no more than 5 sd outside low and high"
MEDIAN_NEAR = "needs a median no more than 5 sigma outside low and high"
"""What a distribution needs."""

MARKS = ("article", "reported", "literature", "derived", "assumed")


class Table(BaseModel):
    """A table of a scenario file: strict types, no unknown keys, numbers within their stated bounds."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, value: Any, info: ValidationInfo) -> Any:
        extra = _bounds(cls).get(info.field_name or "")
        if value is None or extra is None:
            return value
        for one in value.values() if isinstance(value, dict) else [value]:
            for number in _numbers_in(one):
                _check_bounds(number, extra)
        return value


@cache
def _bounds(table: type[Table]) -> dict[str, dict[str, Any]]:
    """Return what the schema says about the numbers in a table, by name."""
    extras = {name: field.json_schema_extra for name, field in table.model_fields.items()}
    return {name: extra for name, extra in extras.items() if isinstance(extra, dict) and "at_least" in extra}


def _numbers_in(value: Any) -> Sequence[float]:
    """Return a number, or those that bound a distribution; a count may be beyond every float."""
    if isinstance(value, int):
        return (value,)
    return value.values if isinstance(value, Discrete) else extremes(value)


def _check_bounds(number: float, extra: dict[str, Any]) -> None:
    whole = extra.get("whole", False)
    if not within(number, extra) or (whole and not float(number).is_integer()):
        raise PydanticCustomError("out_of_bounds", "must be {allowed}, not {number}", {
            "allowed": f"{'a whole number ' if whole else ''}{allowed_text(extra)}",
            "number": shown(number) if abs(number) > LARGEST else plain(number)})


def within(number: float, extra: dict[str, Any]) -> bool:
    """Whether a number is within its bounds in the schema."""
    above = extra["above"] is None or number > extra["above"]
    return bool(above and extra["at_least"] <= number <= extra["at_most"])


def allowed_text(extra: dict[str, Any]) -> str:
    """Return the bounds of a number in words, e.g. ``from 0 to 1``; empty if it has none."""
    low, high, above = extra["at_least"], extra["at_most"], extra["above"]
    if above is not None:
        return f"above {plain(above)}" + (f" and at most {plain(high)}" if high < math.inf else "")
    if low > -math.inf and high < math.inf:
        return f"from {plain(low)} to {plain(high)}"
    if low > -math.inf:
        return f"at least {plain(low)}"
    return f"at most {plain(high)}" if high < math.inf else ""


def plain(number: float) -> str:
    """Write a number for a reader, e.g. ``1,000,000``."""
    return f"{number:,.12g}"


AnyTable = TypeVar("AnyTable", bound=Table)


class Uniform(Table):
    """Every value between ``low`` and ``high`` equally likely."""

    dist: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> "Uniform":
        return ordered(self, self.low, self.high)


class Triangular(Table):
    """Most likely at ``mode``, falling in a straight line to nothing at ``low`` and ``high``."""

    dist: Literal["triangular"]
    low: float
    mode: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> "Triangular":
        if not self.low <= self.mode <= self.high:
            raise PydanticCustomError("bad_distribution", MODE_WITHIN)
        return ordered(self, self.low, self.high)


class Normal(Table):
    """A normal distribution cut off at ``low`` and ``high``."""

    dist: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> "Normal":
        if not self.low - 5 * self.sd <= self.mean <= self.high + 5 * self.sd:
            raise PydanticCustomError("bad_distribution", MEAN_NEAR)
        return ordered(self, self.low, self.high)


class Lognormal(Table):
    """A lognormal distribution, given by its median and the sd of its logarithm, cut off at ``low`` and ``high``."""

    dist: Literal["lognormal"]
    median: float = Field(gt=0)
    sigma: float = Field(gt=0, le=10)
    low: float = Field(gt=0)
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> "Lognormal":
        ordered(self, self.low, self.high)
        reach = 5 * self.sigma
        if not math.log(self.low) - reach <= math.log(self.median) <= math.log(self.high) + reach:
            raise PydanticCustomError("bad_distribution", MEDIAN_NEAR)
        return self


class Discrete(Table):
    """One of ``values``, with the given ``weights`` (equal if left out)."""

    dist: Literal["discrete"]
    values: list[float] = Field(min_length=1, max_length=1000)
    weights: list[float] | None = None

    @model_validator(mode="after")
    def _paired(self) -> "Discrete":
        return paired(self, len(self.values), self.weights)


def paired(table: AnyTable, values: int, weights: list[float] | None) -> AnyTable:
    """Return ``table`` if there are no weights, or one for each value; otherwise raise an error."""
    if weights is None:
        return table
    if len(weights) != values or not all(0 <= weight <= 1e6 for weight in weights) or sum(weights) == 0:
        raise PydanticCustomError(
            "bad_distribution", "needs one weight for each value, from 0 to 1,000,000, not all zero")
    return table


def ordered(table: AnyTable, low: float, high: float) -> AnyTable:
    """Return ``table`` if ``low < high``; otherwise raise an error."""
    if not low < high:
        raise PydanticCustomError("bad_distribution", LOW_BELOW_HIGH)
    return table


DISTRIBUTIONS = ("uniform", "triangular", "normal", "lognormal", "discrete")
Distribution = Uniform | Triangular | Normal | Lognormal | Discrete


def _kind_of_number(value: Any) -> str | None:
    if isinstance(value, dict):
        name = value.get("dist")
        return name if name in DISTRIBUTIONS else None
    return value.dist if isinstance(value, Distribution) else "number"


_UNCERTAIN = (
    Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[Discrete, Tag("discrete")]
)
_KIND = Discriminator(
    _kind_of_number,
    custom_error_type="unknown_distribution",
    custom_error_message="needs dist = one of uniform, triangular, normal, lognormal, discrete",
)

Number = Annotated[Annotated[float, Tag("number")] | _UNCERTAIN, _KIND]
Count = Annotated[Annotated[int, Tag("number")] | _UNCERTAIN, _KIND]
"""A whole number, which may be uncertain."""


def extremes(value: Any) -> tuple[float, ...]:
    """Return the smallest and largest value that a number of a scenario can take."""
    if isinstance(value, float):
        return (value,)
    if isinstance(value, Discrete):
        return (min(value.values), max(value.values))
    if isinstance(value, Uniform | Triangular | Normal | Lognormal):
        return (value.low, value.high)
    return (float(value),)


def number(
    default: Any,
    text: str,
    *,
    unit: str,
    at_least: float = 0.0,
    at_most: float = math.inf,
    above: float | None = None,
    mark: str = "assumed",
    source: str = "",
    span: tuple[float, float] | None = None,
    fitted: bool = False,
    absent: float | None = None,
    whole: bool = False,
) -> Any:
    """Declare a number of the schema.

    Parameters
    ----------
    default
        The value if a file does not give one; ``...`` if a file must give one.
    text
        The meaning of the number, in a sentence.
    unit
        Its unit, in words.
    at_least, at_most, above
        The allowed bounds; the last one is exclusive.
    mark, source
        How certain the default is (one of `MARKS`), and where it comes from.
    span
        The range over which to vary an assumed number.
    fitted
        Whether it can be estimated from a record of attacks.
    absent
        The value that the rules use if the number is left out (only for numbers that may be None).
    whole
        Whether it is a count.
    """
    assert mark in MARKS, mark
    extra: dict[str, Any] = {
        "unit": unit, "at_least": at_least, "at_most": at_most, "above": above,
        "mark": mark, "source": source, "span": list(span) if span else None, "fitted": fitted,
        "absent": absent, "whole": whole,
    }
    return Field(default, description=text, json_schema_extra=extra)


def count(
    default: int, text: str, *, unit: str, at_least: int, at_most: int, span: tuple[int, int] | None = None
) -> Any:
    """Declare a count of the schema: a whole number, which may be uncertain; see `number`."""
    return number(default, text, unit=unit, at_least=at_least, at_most=at_most, span=span, whole=True)


def entry(default: Any, text: str, **keywords: Any) -> Any:
    """Declare a key of the schema that is not a number (a name, a date, a switch, a list)."""
    return Field(default, description=text, **keywords)
