"""The study file: every table it may contain, with the meaning and the bounds of each key."""

import math
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from sim.scenario.errors import shown
from sim.scenario.fields import Discrete, Name, Number, Table, entry, number, plain

Kind = Literal["latin_hypercube", "sobol", "morris", "grid"]
Better = Literal["low", "high"]
Statistic = Literal["mean", "q5", "q25", "q50", "q75", "q95"]
DESIGNS: tuple[str, ...] = get_args(Kind)

POINTS = {"latin_hypercube": (1, 100_000), "sobol": (2, 65_536), "morris": (2, 10_000), "grid": (2, 1000)}
"""The fewest and the most points, by kind of design."""
MOST_TABLES = 200
"""The most levers, uncertainties, outcomes, or names in a list."""
MOST_VALUES = 1000


def _a_table(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "no_distribution", "must be a distribution such as {example}, not {value}",
            {"example": '{ dist = "triangular", low = 0, mode = 1, high = 3 }', "value": shown(value)})
    return value


def _spreads(value: Any) -> Any:
    if isinstance(value, Discrete) and len(set(value.values)) == 1:
        raise PydanticCustomError("one_value", "has only one value; give it in the scenarios, and leave this out")
    return value


class LeverTable(Table):
    """Something that can be chosen: keys of the scenarios, and the values or the range that they take together."""

    key: str | None = entry(None, "The key to change, e.g. attacks.elasticity.")
    keys: list[str] | None = entry(
        None, "Several keys that all get the same value.", min_length=1, max_length=MOST_TABLES)
    values: list[Any] | None = entry(None, "The list of values to try.", min_length=1, max_length=MOST_VALUES)
    low: float | None = entry(None, "The low end of the range.")
    high: float | None = entry(None, "The high end of the range.")


class UncertaintyTable(LeverTable):
    """Something nobody can choose; without values, a range or a distribution it is taken from the scenarios."""

    dist: Annotated[Number, BeforeValidator(_a_table), AfterValidator(_spreads)] | None = number(
        None, "The distribution.", unit="", at_least=-math.inf)


class OutcomeTable(Table):
    """An outcome by which policies are judged."""

    threshold: Any = entry(
        None, "The limit beyond which it is not good enough: a number, or a date for an outcome that is a day.")
    better: Better | None = entry(None, "Whether low or high is better; needed only if the outcome has no direction.")
    statistic: Statistic = entry("mean", "The statistic over replications that counts.")


class DesignTable(Table):
    """How many futures there are, and how they are chosen."""

    kind: Kind = entry("latin_hypercube", "How futures are chosen.")
    points: int | None = entry(None, "The number of points in the design.")
    policies: int = entry(20, "Number of settings of the levers that are ranges.", ge=2, le=1000)
    replications: int = entry(1000, "Replications of every policy in every future.", ge=10, le=1_000_000)
    seed: int = entry(1, "Seed of the random numbers and of the choice of futures.", ge=0, le=2**63 - 1)

    @field_validator("points", mode="before")
    @classmethod
    def _as_many_as_its_kind_allows(cls, points: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("kind", DESIGNS[0])
        low, high = POINTS[kind]
        if not isinstance(points, int) or isinstance(points, bool) or not low <= points <= high:
            raise PydanticCustomError("points", "must be a whole number from {low} to {high}, not {points}", {
                "low": plain(low), "high": plain(high), "points": shown(points)})
        if kind == "sobol" and points & (points - 1):
            below = 1 << points.bit_length() - 1
            raise PydanticCustomError("points", "must be a power of two with a sobol design, such as {below} or "
                                      "{above}, not {points}", {"below": below, "above": 2 * below, "points": points})
        return points


class StudyTables(Table):
    """A complete study file."""

    title: str = entry("", "A line that names the study in tables and figures.")
    question: str = entry("", "The question that the study answers.")
    scenario: str | None = entry(None, "The scenario file.")
    scenarios: list[str] | None = entry(None, "Several scenario files.", min_length=1, max_length=MOST_TABLES)
    levers: dict[Name, LeverTable] = entry({}, "Levers by name.", max_length=MOST_TABLES)
    uncertainties: dict[Name, UncertaintyTable] = entry({}, "Uncertainties by name.", max_length=MOST_TABLES)
    outcomes: dict[str, OutcomeTable] = entry({}, "Outcomes by name.", max_length=MOST_TABLES)
    design: DesignTable = entry(DesignTable(), "How many futures there are, and how they are chosen.")
