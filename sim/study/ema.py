"""A scenario as a model of the EMA Workbench (Kwakkel 2017), with its uncertain numbers and the levers of its drawdown.

An experiment of the workbench plays a number of replications. The numbers that the workbench gives are fixed, and all
others are drawn as usual. All experiments use the same random numbers.
"""

import multiprocessing
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.estimate.estimate import estimate
from sim.model.catalogue import Catalogue, Measured, expand
from sim.model.draws import draw_of
from sim.model.setup import Model, set_up
from sim.model.variant import fixed
from sim.play.choice import COMPILED, SIMPY
from sim.play.play import CHUNKS, Means, sample
from sim.play.workers import processors
from sim.scenario.errors import ScenarioError, suggest
from sim.scenario.fields import Discrete, Distribution, Uniform, extremes, within
from sim.scenario.keys import dotted, look_up, spot_at, undotted, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import Base, ScenarioFile
from sim.scenario.source import Source, file_of
from sim.study.errors import StudyError, missing

if TYPE_CHECKING:
    from ema_workbench import Model as WorkbenchModel

Range = tuple[float, float]


class Experiment:
    """The function that the workbench calls: plays with some numbers fixed, and returns the means of the outcomes.

    It can be sent to other processes, where it uses one thread.

    Parameters
    ----------
    model
        The scenario, set up with its levers spread over their ranges.
    levers
        Values of levers that the workbench does not give, by key.
    outcomes
        Names of the outcomes.
    replications, seed, clock
        Number of replications, their seed, and the clock that plays them.
    """

    def __init__(
        self, model: Model, levers: Mapping[str, float], outcomes: Iterable[str], replications: int, seed: int,
        clock: str,
    ) -> None:
        self.model, self.levers, self.outcomes = model, dict(levers), tuple(outcomes)
        self.replications, self.seed, self.clock = replications, seed, clock

    def __call__(self, **values: float) -> dict[str, float]:
        """Return the mean of every outcome, by name; a day counts as the horizon where it is later.

        Parameters
        ----------
        values
            Numbers to fix, by key, such as ``attacks.elasticity``. Levers left out keep the scenario's value; uncertain
            numbers left out are drawn.
        """
        model = fixed(self.model, self.levers | {key: float(value) for key, value in values.items()})
        played = sample(model, self.seed, range(self.replications), self._means(), self.outcomes)
        return {name: estimate(played, name).value for name in self.outcomes}

    def _means(self) -> Means:
        """Return the workers to use: starting processes takes longer than an experiment, and a worker may not do so."""
        alone = multiprocessing.parent_process() is not None or self.clock == SIMPY
        chunks = -(-self.replications // CHUNKS[COMPILED])
        return Means(1 if alone else min(processors(), chunks), self.clock)


def ema_model(
    scenario: Source,
    levers: Mapping[str, Range] | None = None,
    outcomes: Iterable[str] | None = None,
    replications: int = 1000,
    seed: int = 1,
    clock: str = "auto",
) -> "WorkbenchModel":
    """Return a scenario as a model of the EMA Workbench, ready for ``perform_experiments``.

    Names are keys with underscores for dots, ``attacks_elasticity``; the ``variable_name`` of a parameter is the key.

    Parameters
    ----------
    scenario
        A scenario file, or a scenario.
    levers
        Numbers that can be chosen, each with its range, by key: ``{"phases.iraq.over_days": (180, 900)}``. When left
        out: the numbers that the scenario gives for its phases and its lift. Each has the range stated in the schema,
        or otherwise half to twice its value. Numbers that are uncertain remain uncertainties.
    outcomes
        Names of outcomes; the main outcomes when left out.
    replications
        Number of replications in each experiment.
    seed
        Seed of the random numbers, which all experiments share.
    clock
        ``auto``, ``simpy`` or ``compiled``.

    Returns
    -------
    ema_workbench.Model
        Its uncertainties are the scenario's uncertain numbers over their ranges, sampled evenly by the workbench;
        numbers drawn together (``joint``) are still drawn. Its outcomes are means over replications.

    Raises
    ------
    StudyError
        If the workbench is missing, or there is no such outcome or lever.
    ScenarioError
        With all errors in the scenario, including those over the ranges of the levers.
    """
    try:
        from ema_workbench import Model as WorkbenchModel
        from ema_workbench import RealParameter
    except ImportError:
        raise missing("the EMA Workbench") from None
    file = file_of(scenario)
    model, ranges = _spread(file, levers)
    current = {key: _value_in(file, key) for key in ranges}
    chosen = _chosen(expand(model), outcomes)
    result = WorkbenchModel(_model_name(file.name), Experiment(
        model, current, [item.name for item in chosen], replications, seed, clock))
    names = _names([draw.key for draw in model.draws if not draw.together])
    result.uncertainties = [parameter for draw in model.draws if draw.key in names and draw.key not in ranges
                            and (parameter := _uncertainty(model, draw.key, names[draw.key])) is not None]
    result.levers = [RealParameter(names[key], low, high, default=current[key], variable_name=key)
                     for key, (low, high) in ranges.items()]
    result.outcomes = [_outcome(item) for item in chosen]
    return result


def _model_name(name: str) -> str:
    """Return a name that every version of the workbench accepts: letters and digits, starting with a letter."""
    plain = "".join(c for c in name if c.isascii() and c.isalnum())
    return plain if plain[:1].isalpha() else f"scenario{plain}"


def _names(keys: list[str]) -> dict[str, str]:
    """Return a name for each key that is drawn by itself. Dots become underscores; two if one would be ambiguous."""
    plain = [key.replace(".", "_") for key in keys]
    return {key: name if plain.count(name) == 1 else key.replace(".", "__")
            for key, name in zip(keys, plain, strict=True)}


def _spread(file: ScenarioFile, levers: Mapping[str, Range] | None) -> tuple[Model, dict[str, Range]]:
    """Set up the scenario with its levers spread over their ranges; leave out default levers that are not valid."""
    if levers is not None:
        ranges = {key: _checked(file, key, ends) for key, ends in levers.items()}
        return set_up(_over(file, ranges).scenario), ranges
    ranges = {dotted(path): ends for path, ends in _defaults(file)}
    while True:
        try:
            return set_up(_over(file, ranges).scenario), ranges
        except ScenarioError as error:
            refused = {problem.key for problem in error.problems} & ranges.keys()
            if not refused:
                raise
            ranges = {key: ends for key, ends in ranges.items() if key not in refused}


def _over(file: ScenarioFile, ranges: Mapping[str, Range]) -> ScenarioFile:
    spread = {key: Uniform(dist="uniform", low=low, high=high) for key, (low, high) in ranges.items()}
    return Base.of(file.scenario, file.name).load(spread, with_changes=False)


def _defaults(file: ScenarioFile) -> Iterable[tuple[KeyPath, Range]]:
    """Yield the drawdown numbers that a scenario gives, each with its range as a lever."""
    for path, value in values(file.scenario):
        spot = spot_at(path)
        given = path[0] == "phases" and file.origins[dotted(path)].file != "default"
        if spot is None or spot.numeric is None or not isinstance(value, float) or not (
                given or (path[0] == "lift" and path[-1] == "per_week")):
            continue
        low, high = spot.span or (0.0, 0.0)
        ends = (float(low), float(high)) if low <= value <= high and low < high else (value / 2, value * 2)
        if ends[0] < ends[1] and all(within(end, spot.numeric) for end in ends):
            yield path, ends


def _checked(file: ScenarioFile, key: str, ends: Range) -> Range:
    try:
        path = undotted(key)
    except ValueError:
        path = ()
    spot = spot_at(path) if path else None
    numbers = [dotted(p) for p, v in values(file.scenario) if isinstance(v, float | Distribution) and not _counts(p)]
    if spot is None or spot.numeric is None or key not in numbers:
        raise StudyError(f"levers: there is no number {key} in {file.name}; {suggest(key, numbers)}")
    low, high = ends
    if not low < high:
        raise StudyError(f"levers: {key} needs a range (low, high) with low < high, not {ends}")
    return float(low), float(high)


def _value_in(file: ScenarioFile, key: str) -> float:
    """Return the value of a number in the scenario; its median if it is uncertain."""
    value = look_up(file.scenario, undotted(key))
    return draw_of(key, value, ()).values(0.5)[0] if isinstance(value, Distribution) else float(value)


def _chosen(catalogue: Catalogue, names: Iterable[str] | None) -> list[Measured]:
    items = {item.name: item for item in catalogue.outcomes}
    if names is None:
        return [item for item in items.values() if item.outcome.main and item.name == item.outcome.name]
    wanted = list(names)
    for name in wanted:
        if name not in items:
            raise StudyError(f"outcomes: there is no outcome {name}; {suggest(name, items)}")
    return [items[name] for name in wanted]


def _uncertainty(model: Model, key: str, name: str) -> Any:
    """Return an uncertain number as a parameter of the workbench; None if it has only one value, or is a date."""
    from ema_workbench import CategoricalParameter, IntegerParameter, RealParameter

    dist = look_up(model.scenario, undotted(key))
    spot = spot_at(undotted(key))
    if spot is None or spot.is_day:
        return None
    if spot.is_count and not isinstance(dist, Discrete):
        return IntegerParameter(name, *map(int, extremes(dist)), variable_name=key)
    if not isinstance(dist, Discrete):
        return RealParameter(name, *extremes(dist), variable_name=key)
    choices = sorted(set(dist.values))
    if len(choices) == 1:
        return None
    if choices == [choices[0] + i for i in range(len(choices))] and choices[0].is_integer():
        return IntegerParameter(name, int(choices[0]), int(choices[-1]), variable_name=key)
    return CategoricalParameter(name, choices, variable_name=key)


def _outcome(item: Measured) -> Any:
    from ema_workbench import ScalarOutcome

    kinds = {"low": ScalarOutcome.MINIMIZE, "high": ScalarOutcome.MAXIMIZE, "": ScalarOutcome.INFO}
    return ScalarOutcome(item.name.replace(".", "_"), kinds[item.outcome.better], variable_name=item.name)


def _counts(path: KeyPath) -> bool:
    spot = spot_at(path)
    return spot is not None and spot.is_count
