"""Loads a scenario: read, merge, override, validate and cross-check; all errors are reported at once."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sim.scenario import doubts, idle
from sim.scenario.build import Built, Fault, build
from sim.scenario.checks import check
from sim.scenario.errors import MOST_TOLD, OVERRIDE, Problem, ScenarioError, told
from sim.scenario.files import stem
from sim.scenario.harmless import printable
from sim.scenario.key_checks import with_joint_ranges
from sim.scenario.keys import dotted, look_up, plain_data, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.merge import ONLY, Origin, Stack, parse_source
from sim.scenario.overrides import Change, Overrides, layer_of, paths_in, settings
from sim.scenario.precision import WISHES
from sim.scenario.read import Layer, read_chain
from sim.scenario.schema import Scenario
from sim.scenario.shipped import SCENARIOS
from sim.scenario.shown import Shown


@dataclass(frozen=True, repr=False)
class ScenarioFile(Shown):
    """A valid scenario with all defaults, and the origin of each value.

    Attributes
    ----------
    name
        File name without the ending, used for the folder of results.
    path
        The file; None for a scenario made in Python.
    scenario
        The scenario itself.
    origins
        By dotted key of every value: where it was set, its mark and its source.
    changes
        What overrides changed, in the order given.
    warnings
        Settings that cannot have an effect and other doubts, in order of file and line.
    """

    name: str
    path: Path | None
    scenario: Scenario
    origins: dict[str, Origin]
    changes: tuple[Change, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def _about(self) -> str:
        changed = f", {len(self.changes)} changed" if self.changes else ""
        return (f"{self.name}, {printable(self.scenario.title) or 'without a title'}; {self.scenario.start} to "
                f"{self.scenario.end}{changed}")


class Base:
    """A scenario as tables, which can be loaded with different overrides one after another.

    Parameters
    ----------
    name, path
        Of the scenario; a path only if it comes from a file.
    layers
        The tables; the scenario's own tables come first.
    """

    def __init__(self, name: str, path: Path | None, layers: list[Layer]) -> None:
        self._name, self._path, self._layers = name, path, layers
        self._stack = Stack()
        for layer in reversed(layers):
            self._stack.lay(layer)

    @classmethod
    def read(cls, path: str | os.PathLike[str], under: Mapping[str, Any] | None = None) -> "Base":
        """Read a file with the files it extends; see `load`."""
        file = SCENARIOS.find(os.fsdecode(path))
        return cls(stem(file), Path(file), read_chain(file) + ([] if under is None else [_plain("under", under)]))

    @classmethod
    def of(cls, tables: Mapping[str, Any] | Scenario, name: str = "scenario") -> "Base":
        """Start from plain tables, or from a scenario."""
        return cls(name, None, [_plain(name, tables)])

    def load(self, overrides: Overrides = (), with_changes: bool = True) -> ScenarioFile:
        """Make a scenario with some keys set; raises as `load` does.

        ``with_changes`` notes what each override changes, which takes longer than everything else.
        """
        return _assemble(self._name, self._path, self._layers, self._stack.copy(), overrides, with_changes)


def load(
    path: str | os.PathLike[str], overrides: Overrides = (), under: Mapping[str, Any] | None = None
) -> ScenarioFile:
    """Load a scenario file with the files it extends.

    Parameters
    ----------
    path
        The TOML file, or the name of a scenario that comes with the program: ``gradual``.
    overrides
        Texts such as ``attacks.elasticity=0.3``, or values by dotted key, applied to the file in this order.
    under
        Plain tables placed under the file, if it is only a part of a scenario.

    Raises
    ------
    ScenarioError
        With all errors, in order of file and line.
    """
    return Base.read(path, under).load(overrides)


def load_all(paths: Iterable[str | os.PathLike[str]], overrides: Overrides | None = None) -> list[ScenarioFile]:
    """Load files, or report the errors of all of them; see `load`."""
    files, problems = [], []
    for path in paths:
        try:
            files.append(load(path, overrides or ()))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(tuple(problems))
    return files


def from_dict(data: Mapping[str, Any], name: str = "scenario", overrides: Overrides = ()) -> ScenarioFile:
    """Make a scenario from plain tables, as a TOML parser would return them; raises as `load` does."""
    return Base.of(data, name).load(overrides)


def _plain(name: str, data: Mapping[str, Any] | Scenario) -> Layer:
    tables = plain_data(data)
    return Layer(name, tables, dict.fromkeys(paths_in(tables)))


def _assemble(
    name: str, path: Path | None, layers: list[Layer], stack: Stack, overrides: Overrides, with_changes: bool,
) -> ScenarioFile:
    built, changes, problems = _override(stack, overrides, with_changes)
    faults = list(built.faults)
    if built.made is not None:
        cross_faults = chain(check(built.made), _overruled(built.made, stack.origins))
        faults += islice((fault for fault in cross_faults if not built.rests_on_broken(fault)), MOST_TOLD + 1)
    problems += stack.problems + [_located(fault, stack, layers[0].file) for fault in faults]
    rank = {file: i for i, file in enumerate([*(layer.file for layer in layers), OVERRIDE])}

    def in_order(unsorted: Iterable[Problem]) -> list[Problem]:
        return sorted(dict.fromkeys(unsorted), key=lambda p: (rank[p.file], p.line or 0))

    if problems or built.made is None:
        raise ScenarioError(told(in_order(problems)))
    own_keys = {key: origin for key, origin in stack.origins.items() if origin.file in (layers[0].file, OVERRIDE)}
    origins = _origins(built.made, stack.origins)
    doubtful = chain(idle.check(with_joint_ranges(built.made), own_keys), doubts.check(built.made, origins))
    warnings = [_located(fault, stack, layers[0].file) for fault in doubtful]
    return ScenarioFile(name, path, built.made, origins, changes, tuple(in_order(warnings)))


def _override(
    stack: Stack, overrides: Overrides, with_changes: bool
) -> tuple[Built[Scenario], tuple[Change, ...], list[Problem]]:
    """Apply overrides one by one, and note the old and the new value in the complete scenario for each."""
    built: Built[Scenario] | None = None
    changes: list[Change] = []
    to_set, problems = settings(overrides)
    for path, value in to_set:
        layer = layer_of(path, value)
        if not with_changes:
            stack.lay(layer)
            continue
        before = built or build(stack.data, Scenario)
        stack.lay(layer)
        built = build(stack.data, Scenario)
        path = path[:-1] if path[-1] == "remove" else path
        changed = stack.gone if path[0] == ONLY else [path, *stack.gone]
        changes += [Change(dotted(path), _trusted(before, path), _trusted(built, path)) for path in changed]
    return built or build(stack.data, Scenario), tuple(changes), problems


def _trusted(built: Built[Scenario], path: KeyPath) -> Any:
    return None if built.rests_on_broken(Fault(path, "")) else look_up(built.made, path)


def _overruled(scenario: Scenario, origins: dict[KeyPath, Origin]) -> Iterator[Fault]:
    """Find overrides that would have no effect because the value is drawn together with others."""
    by_key = {dotted(path): path for path, origin in origins.items() if origin.file == OVERRIDE}
    for name, table in scenario.joint.items():
        for key in by_key.keys() & set(table.keys):
            yield Fault(by_key[key], f"is drawn by joint.{name}, so a value given here has no effect; "
                        f"add --set joint.{name}.remove=true to give one")


def _located(fault: Fault, stack: Stack, file: str) -> Problem:
    """Give a fault its place: its own line, or that of the table it is in."""
    for n in range(len(fault.path), 0, -1):
        origin = stack.place(fault.path[:n])
        if origin is not None:
            return Problem(origin.file, origin.line, dotted(fault.path), fault.message)
    return Problem(file, None, dotted(fault.path), fault.message)


def _origins(scenario: Scenario, given: dict[KeyPath, Origin]) -> dict[str, Origin]:
    """Return the origin of every value of a complete scenario; a value set in no file is a default of the schema."""
    origins = {}
    for path, _ in values(scenario):
        key = dotted(path)
        origin = given.get(path) or _default(path)
        if _is_text(path) or path[0] in WISHES:  # texts and wishes have no mark
            stated: tuple[str, str] | None = ("", "")
        else:
            stated = parse_source(scenario.sources.get(key))
        origins[key] = Origin(origin.file, origin.line, *stated) if stated else origin
    return origins


def _default(path: KeyPath) -> Origin:
    spot = spot_at(path)
    extra = spot.numeric if spot is not None else None
    return Origin("default", None, extra["mark"], extra["source"]) if extra else Origin("default", None, "", "")


def _is_text(path: KeyPath) -> bool:
    spot = spot_at(path)
    return spot is not None and spot.kind is str
