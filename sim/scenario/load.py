"""Loading a scenario: read, merge, override, validate, cross-check; all that is wrong is reported at once."""

import os
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.build import Built, Fault, build
from sim.scenario.checks import check
from sim.scenario.errors import OVERRIDE, Problem, ScenarioError, printable
from sim.scenario.keys import dotted, look_up, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.merge import Origin, Stack, parse_source
from sim.scenario.overrides import Change, parse_override, paths_in
from sim.scenario.read import Layer, read_chain
from sim.scenario.schema import Scenario
from sim.scenario.shown import Shown


@dataclass(frozen=True, repr=False)
class ScenarioFile(Shown):
    """A valid scenario, complete with all defaults, and where each of its values comes from.

    Attributes
    ----------
    name
        Stem of the file's name, under which results are filed.
    path
        The file; None for a scenario made in Python.
    scenario
        The scenario itself.
    origins
        Dotted key of every value -> where it was set, its mark and its source.
    changes
        What overrides changed, in the order given.
    """

    name: str
    path: Path | None
    scenario: Scenario
    origins: dict[str, Origin]
    changes: tuple[Change, ...] = ()

    def _about(self) -> str:
        changed = f", {len(self.changes)} changed" if self.changes else ""
        return (f"{self.name}, {printable(self.scenario.title) or 'without a title'}; {self.scenario.start} to "
                f"{self.scenario.end}{changed}")


def load(
    path: str | os.PathLike[str], overrides: Iterable[str] = (), under: Mapping[str, Any] | None = None
) -> ScenarioFile:
    """Load a scenario file with the files it extends.

    Parameters
    ----------
    path
        The TOML file.
    overrides
        Texts such as ``attacks.elasticity=0.3``, laid over the file in this order.
    under
        Plain tables laid under it, for a file that is only a part of a scenario.

    Raises
    ------
    ScenarioError
        With all that is wrong, in order of file and line.
    """
    layers = read_chain(path)
    if under is not None:
        layers.append(_plain("under", under))
    return _assemble(Path(os.fsdecode(path)).stem, Path(os.fsdecode(path)), layers, overrides)


def load_all(paths: Iterable[str | os.PathLike[str]], overrides: Iterable[str] | None = None) -> list[ScenarioFile]:
    """Load files, or report all that is wrong with any of them; see `load`."""
    files, problems = [], []
    for path in paths:
        try:
            files.append(load(path, overrides or ()))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(tuple(problems))
    return files


def from_dict(data: Mapping[str, Any], name: str = "scenario", overrides: Iterable[str] = ()) -> ScenarioFile:
    """Make a scenario from plain tables, as a TOML parser would return them; raises as `load` does."""
    return _assemble(name, None, [_plain(name, data)], overrides)


def _plain(name: str, data: Mapping[str, Any]) -> Layer:
    tables = deepcopy(dict(data))
    return Layer(name, tables, dict.fromkeys(paths_in(tables)))


def _assemble(name: str, path: Path | None, layers: list[Layer], overrides: Iterable[str]) -> ScenarioFile:
    stack = Stack()
    for layer in reversed(layers):
        stack.lay(layer)
    changes, problems = _override(stack, overrides)
    built = build(stack.data)
    faults = list(built.faults)
    if built.scenario is not None:
        found = [*check(built.scenario), *_overruled(built.scenario, stack.origins)]
        faults += [fault for fault in found if not built.rests_on_broken(fault)]
    problems += stack.problems + [_located(fault, stack.origins, layers[0].file) for fault in faults]
    if problems or built.scenario is None:
        rank = {file: i for i, file in enumerate([*(layer.file for layer in layers), OVERRIDE])}
        raise ScenarioError(tuple(sorted(dict.fromkeys(problems), key=lambda p: (rank[p.file], p.line or 0))))
    return ScenarioFile(name, path, built.scenario, _origins(built.scenario, stack.origins), changes)


def _override(stack: Stack, overrides: Iterable[str]) -> tuple[tuple[Change, ...], list[Problem]]:
    """Lay overrides on top one by one, noting for each what the complete scenario had before and has after."""
    changes: list[Change] = []
    problems: list[Problem] = []
    for text in overrides:
        try:
            path, layer = parse_override(text)
        except ScenarioError as error:
            problems += error.problems
            continue
        before = build(stack.data)
        stack.lay(layer)
        path = path[:-1] if path[-1] == "remove" else path
        after = build(stack.data)
        changes += [Change(dotted(path), _known(before, path), _known(after, path)) for path in (path, *stack.gone)]
    return tuple(changes), problems


def _known(built: Built, path: KeyPath) -> Any:
    return None if built.rests_on_broken(Fault(path, "")) else look_up(built.scenario, path)


def _overruled(scenario: Scenario, origins: dict[KeyPath, Origin]) -> Iterator[Fault]:
    """Find overrides that would have no effect, because the value is drawn together with others."""
    by_key = {dotted(path): path for path, origin in origins.items() if origin.file == OVERRIDE}
    for name, table in scenario.joint.items():
        for key in by_key.keys() & set(table.keys):
            yield Fault(by_key[key], f"is drawn by joint.{name}, so a value given here has no effect; "
                        f"add --set joint.{name}.remove=true to give one")


def _located(fault: Fault, origins: dict[KeyPath, Origin], file: str) -> Problem:
    """Say where a fault stands: on its own line, or on that of the table it is in."""
    for n in range(len(fault.path), 0, -1):
        if fault.path[:n] in origins:
            origin = origins[fault.path[:n]]
            return Problem(origin.file, origin.line, dotted(fault.path), fault.message)
    return Problem(file, None, dotted(fault.path), fault.message)


def _origins(scenario: Scenario, given: dict[KeyPath, Origin]) -> dict[str, Origin]:
    """Give every value of a complete scenario its origin; what no file sets is a default of the schema."""
    origins = {}
    for path, _ in values(scenario):
        key = dotted(path)
        origin = given.get(path) or _default(path)
        if _is_text(path) or path[0] == "precision":  # what is wished for is neither sure nor unsure
            said: tuple[str, str] | None = ("", "")
        else:
            said = parse_source(scenario.sources.get(key))
        origins[key] = Origin(origin.file, origin.line, *said) if said else origin
    return origins


def _default(path: KeyPath) -> Origin:
    spot = spot_at(path)
    extra = spot.numeric if spot is not None else None
    return Origin("default", None, extra["mark"], extra["source"]) if extra else Origin("default", None, "", "")


def _is_text(path: KeyPath) -> bool:
    spot = spot_at(path)
    return spot is not None and spot.kind is str
