"""Policies: every scenario of a study with every setting of its levers, checked over all uncertain numbers."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sim.play.choice import Say
from sim.scenario.errors import OVERRIDE, Problem, ScenarioError
from sim.scenario.lines import KeyPath
from sim.scenario.load import Base, ScenarioFile
from sim.scenario.resolve import unquoted
from sim.study.page import Page
from sim.study.study import Design, Factor, Policy
from sim.words.phrases import listed

MOST_LOADED = 1000
"""The most scenarios in a study: policies times combinations of listed values that are not uncertain numbers."""
WORTH_SAYING = 200
"""From this many scenarios on, loading takes seconds and is announced."""
STEPS = 10_000
"""A lever that is a range is set to round numbers; this is roughly the number of steps in the range."""

Setting = tuple[Any, ...]
"""A value for each lever."""
Blamed = dict[tuple[KeyPath, str, str], dict[str, None]]
"""By place in the study, start of the message and rest of the message: the scenario files for which it is true."""


def settings(levers: Sequence[Factor], design: Design) -> list[Setting]:
    """Return the settings of the levers, one for each policy of a scenario.

    Levers with listed values take every combination. The others take the points of a Latin hypercube (McKay, Beckman
    and Conover 1979), rounded so that the name of a policy gives its exact setting.
    """
    ranges = [lever for lever in levers if lever.dist is not None]
    points: list[tuple[float, ...]] = [()]
    if ranges:
        from scipy.stats.qmc import LatinHypercube

        sample = LatinHypercube(len(ranges), seed=np.random.default_rng([design.seed, 1])).random(design.policies)
        points = [tuple(_rounded(lever.ends, share) for lever, share in zip(ranges, row, strict=True))
                  for row in sample.tolist()]
    listed = product(*(lever.values for lever in levers if lever.dist is None))
    return [_in_order(levers, values, point) for values in listed for point in points]


def _rounded(ends: tuple[float, float], share: float) -> float:
    low, high = ends
    return min(high, max(low, round(low + share * (high - low), decimals(low, high, STEPS))))


def decimals(low: float, high: float, steps: int) -> int:
    """Return the decimals to round a range to, so that it has this many steps or up to ten times as many."""
    return -math.floor(math.log10((high - low) / steps))


def _in_order(levers: Sequence[Factor], values: tuple[Any, ...], point: tuple[float, ...]) -> Setting:
    listed, spread = iter(values), iter(point)
    return tuple(next(listed) if lever.dist is None else next(spread) for lever in levers)


def policy_name(scenario: str, setting: Mapping[str, Any]) -> str:
    """Return the name of a policy by the settings of its levers: ``gradual``, or ``gradual, pace=365``."""
    return ", ".join([scenario, *(f"{lever}={unquoted(value)}" for lever, value in setting.items())])


def load_policy(
    file: ScenarioFile, base: Base, levers: Sequence[Factor], setting: Setting, uncertainties: Sequence[Factor]
) -> Policy:
    """Set the levers of a scenario, and turn its uncertain numbers into distributions.

    The scenario is thus checked over the whole ranges of these numbers. ``base`` is the scenario's file as read.

    Raises
    ------
    ScenarioError
        With all errors.
    """
    drawn = [factor for factor in uncertainties if factor.drawn]
    listed = [factor for factor in uncertainties if not factor.drawn]
    spread = _by_key(levers, setting) | _by_key(drawn, [factor.spread for factor in drawn])
    variants = [base.load(spread | _by_key(listed, values), with_changes=False)
                for values in product(*(factor.values for factor in listed))]
    texts = {lever.name: unquoted(value) for lever, value in zip(levers, setting, strict=True)}
    return Policy(policy_name(file.name, texts), file.name, texts, tuple(variants))


def _by_key(factors: Sequence[Factor], values: Sequence[Any]) -> dict[str, Any]:
    return {key: value for factor, value in zip(factors, values, strict=True) for key in factor.keys}


@dataclass(frozen=True)
class Loader:
    """Loads the policies of a study, and notes their errors at the place in the study file that causes them."""

    page: Page
    levers: Sequence[Factor]
    uncertainties: Sequence[Factor]

    def load_all(self, scenarios: Sequence[ScenarioFile], design: Design, say: Say) -> tuple[Policy, ...]:
        """Load every policy that is valid."""
        sampled = design.policies if any(lever.dist is not None for lever in self.levers) else 1
        set_ = sampled * math.prod(len(lever.values) for lever in self.levers if lever.dist is None)
        each = math.prod(len(factor.values) for factor in self.uncertainties if not factor.drawn)
        count = len(scenarios) * set_ * each
        if count > MOST_LOADED:
            self.page.wrong(("levers",) if self.levers else ("uncertainties",),
                            f"scenario files ({len(scenarios)}) x settings of levers ({set_:,}) x uncertain counts, "
                            f"dates and switches ({each:,}) make {count:,}; at most {MOST_LOADED:,}")
            return ()
        if count >= WORTH_SAYING:
            say(f"Reading {count:,} policies.")
        blamed: Blamed = {}
        policies = tuple(self._policies(scenarios, settings(self.levers, design), blamed))
        for (path, start, message), files in blamed.items():
            self.page.wrong(path, f"{start} in {listed(files)}: {message}" if files else start)
        return policies

    def _policies(
        self, scenarios: Sequence[ScenarioFile], all_set: list[Setting], blamed: Blamed
    ) -> Iterator[Policy]:
        for file in scenarios:
            assert file.path is not None
            base = Base.read(file.path)
            for setting in all_set:
                if self.page.is_full:
                    return
                try:
                    yield load_policy(file, base, self.levers, setting, self.uncertainties)
                except ScenarioError as error:
                    for problem in error.problems:
                        self._blame(problem, file, blamed)

    def _blame(self, problem: Problem, file: ScenarioFile, blamed: Blamed) -> None:
        """Note an error caused by the study at the place that causes it; once, however many scenarios have it."""
        tables = {"levers": self.levers, "uncertainties": self.uncertainties}
        moving = [(table, factor.name) for table, factors in tables.items() for factor in factors
                  if any(_is_in(problem.key, key) for key in factor.keys)]
        is_set = problem.file == OVERRIDE
        place: KeyPath
        if is_set and moving:
            place, start = moving[0], problem.key
        else:
            given = [table for table, factors in tables.items() if factors]
            place = tuple(given[-1:])
            start = f"with the {' and '.join(given)} of this study, {problem.key if is_set else problem}"
        files = blamed.setdefault((place, start, problem.message if is_set else ""), {})
        if is_set:
            files[str(file.path)] = None


def _is_in(inner: str, key: str) -> bool:
    return inner == key or inner.startswith((f"{key}.", f"{key}["))
