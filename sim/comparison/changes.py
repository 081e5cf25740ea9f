"""What differs between two scenarios, in parts that can be swapped one by one, and the hybrids that result."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import combinations
from typing import Any, get_origin

from sim.estimate.shapley import MOST_EXACT
from sim.scenario.errors import ScenarioError
from sim.scenario.keys import dotted, look_up, spot_at, undotted
from sim.scenario.lines import KeyPath
from sim.scenario.load import from_dict
from sim.scenario.precision import WISHES
from sim.scenario.resolve import toml
from sim.scenario.schema import Scenario
from sim.words.labels import key_label
from sim.words.phrases import listed

IGNORED = ("title", "question", "names", "known_until", "sources", *WISHES)
"""Top-level keys that do not affect the results. Labels do not affect them either."""
ALL = "all changes"
MOST_NAMED = 3
"""How many names of a part are written out."""
LONGEST = 24
"""The longest value that is shown, in characters."""

Tables = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Changes that are made together: a player in the game.

    Attributes
    ----------
    names
        Their keys, usually one, such as ``phases.iraq.over_days`` or ``phases.iraq``.
    paths
        Where the two scenarios differ.
    """

    names: tuple[str, ...]
    paths: tuple[KeyPath, ...]

    @property
    def name(self) -> str:
        """The names as one text; if there are many, the first ones and how many more there are."""
        return joined(self.names)


def joined(names: Sequence[str]) -> str:
    """Join names; if there are many, only the first ones are named."""
    return listed(names, MOST_NAMED)


def called(name: str, scenarios: Iterable[Scenario]) -> str:
    """Return what readers are told instead of the name of a part, using the labels of the scenarios."""
    try:
        return key_label(undotted(name), scenarios)
    except ValueError:  # it is no key but a word for several keys
        return name


def tables_of(scenario: Scenario) -> Tables:
    """Return all of a scenario that affects the results, as plain tables from which it can be built again."""
    data = scenario.model_dump(exclude_none=True)
    return _without_labels({key: value for key, value in data.items() if key not in IGNORED}, ())


def _without_labels(table: Tables, path: KeyPath) -> Tables:
    kept = {}
    for key, value in table.items():
        spot = spot_at((*path, key))
        if spot is not None and spot.is_table:
            kept[key] = _without_labels(value, (*path, key))
        elif key != "label":
            kept[key] = value
    return kept


def differences(a: Tables, b: Tables, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths at which two scenarios differ: values, and tables that only one of them has."""
    for key in [*a, *(key for key in b if key not in a)]:
        here = (*path, key)
        spot = spot_at(here)
        if spot is not None and spot.is_table and key in a and key in b:
            yield from differences(a[key], b[key], here)
        elif a.get(key) != b.get(key):
            yield here


def hybrid(a: Tables, b: Tables, paths: Iterable[KeyPath]) -> Tables:
    """Return scenario A with the values at some paths taken from B, or removed where B has none."""
    data = deepcopy(a)
    for path in paths:
        table, value = look_up(data, path[:-1]), look_up(b, path)
        if value is None:
            del table[path[-1]]
        else:
            table[path[-1]] = deepcopy(value)
    return data


def parts_of(
    a: Tables, b: Tables, answers: Callable[[Scenario], bool] = lambda scenario: True,
    call: Callable[[str], str] = str,
) -> tuple[list[Part], list[str]]:
    """Return the parts in which scenario B differs from A, and notes on those that had to be taken together.

    A part is a single value, a named entry (``phases.iraq``) or a top-level table: the finest of these that gives no
    more than `MOST_EXACT` parts. Parts are joined until every hybrid is a valid scenario. If that would join all of
    them, the next coarser kind is tried.

    Parameters
    ----------
    a, b
        The scenarios, see `tables_of`.
    answers
        Whether a hybrid measures all the outcomes asked about.
    call
        Returns what a name is called in words.
    """
    paths = tuple(differences(a, b))
    if not paths:  # sites close in the order in which they stand in the file
        return ([] if repr(a) == repr(b) else [Part(("order of entries",), ())]), []
    hybrids = _Hybrids(a, b, answers, call)
    for parts in _groupings(paths):
        joined = hybrids.joined(parts)
        if len(joined) > 1 or len(parts) == 1:
            needy = joined if len(joined) == 1 and hybrids.why else [part for part in joined if part not in parts]
            return joined, [hybrids.said(part) for part in needy]
    everything = Part((ALL,), paths)
    return [everything], [hybrids.said(everything)]


def _groupings(paths: tuple[KeyPath, ...]) -> Iterator[list[Part]]:
    """Yield the parts, from fine to coarse, if they are few enough."""
    for name_of in (_value, _entry, _table):
        groups: dict[KeyPath, list[KeyPath]] = defaultdict(list)
        for path in paths:
            groups[name_of(path)].append(path)
        parts = [Part((dotted(paths[0] if len(paths) == 1 else name),), tuple(paths)) for name, paths in groups.items()]
        if len(parts) <= MOST_EXACT:
            yield parts
    if len(parts) > MOST_EXACT:  # the tables with the most changes, and the rest together
        parts.sort(key=lambda part: -len(part.paths))
        yield _with_joined(parts, set(range(MOST_EXACT - 1, len(parts))))


def _value(path: KeyPath) -> KeyPath:
    return path


def _entry(path: KeyPath) -> KeyPath:
    """Return the named entry that contains a path, such as ``phases.iraq``; if there is none, the table."""
    spot = spot_at(path[:1])
    return path[:2] if spot is not None and get_origin(spot.kind) is dict else path[:1]


def _table(path: KeyPath) -> KeyPath:
    return path[:1]


class _Hybrids:
    """Knows which hybrids are valid scenarios; ``why`` says what is wrong with the first that is not."""

    def __init__(self, a: Tables, b: Tables, answers: Callable[[Scenario], bool], call: Callable[[str], str]) -> None:
        self.why = ""
        self._a, self._b, self._answers, self._call = a, b, answers, call
        self._known: dict[frozenset[KeyPath], bool] = {}

    def joined(self, parts: list[Part]) -> list[Part]:
        """Join parts until every hybrid is valid: each time the two that leave the fewest invalid hybrids.

        Parts that play the same role as one of the two are joined with them, so that none is singled out by chance.
        """
        while self._broken(parts):
            pairs = list(combinations(range(len(parts)), 2))
            pair = min(pairs, key=lambda pair: self._broken(_with_joined(parts, set(pair))))
            alike = {k for k in range(len(parts)) for member in pair if self._are_alike(parts, k, member)}
            parts = _with_joined(parts, {*pair, *alike})
        return parts

    def _are_alike(self, parts: list[Part], i: int, j: int) -> bool:
        """Whether two parts are interchangeable: one makes a valid scenario wherever the other does."""
        others = [part for k, part in enumerate(parts) if k not in (i, j)]
        return all(self._is_scenario((*subset, parts[i])) == self._is_scenario((*subset, parts[j]))
                   for size in range(len(others) + 1) for subset in combinations(others, size))

    def said(self, part: Part) -> str:
        """Say which changes were joined, and why."""
        names = listed(map(self._call, part.names))
        return f"{names} are taken together, since some of them without the others make no valid scenario ({self.why})"

    def _broken(self, parts: list[Part]) -> int:
        """Count the hybrids that are invalid; with none and with all parts they are the two scenarios themselves."""
        return sum(not self._is_scenario(subset)
                   for size in range(1, len(parts)) for subset in combinations(parts, size))

    def _is_scenario(self, parts: tuple[Part, ...]) -> bool:
        paths = [path for part in parts for path in part.paths]
        key = frozenset(paths)
        if key not in self._known:
            try:
                self._known[key] = self._answers(from_dict(hybrid(self._a, self._b, paths)).scenario)
                self.why = self.why or ("" if self._known[key] else "not all of the outcomes are measured in it")
            except ScenarioError as error:
                self._known[key] = False
                problem = error.problems[0]
                self.why = self.why or f"{problem.key}: {problem.message.split(';')[0]}"
        return self._known[key]


def _with_joined(parts: list[Part], together: set[int]) -> list[Part]:
    """Return the parts with some of them joined into one, in the place of the first."""
    members = [parts[k] for k in sorted(together)]
    names = tuple(name for part in members for name in part.names)
    union = Part(names, tuple(path for part in members for path in part.paths))
    first, *others = sorted(together)
    return [union if k == first else part for k, part in enumerate(parts) if k not in others]


def change_text(part: Part, a: Tables, b: Tables) -> str:
    """Say briefly what was changed: ``487 to 365 days``, ``added``, ``5 changes``; empty if there is no short way."""
    if part.names == (ALL,):
        return listed(dict.fromkeys(dotted(_table(path)) for path in part.paths))
    pairs = [(look_up(a, path), look_up(b, path)) for path in part.paths]
    if pairs and all(before is None for before, _ in pairs):
        return "added"
    if pairs and all(after is None for _, after in pairs):
        return "removed"
    if len(pairs) != 1:
        return f"{len(pairs)} changes" if pairs else ""
    texts = [_shown(value) for value in pairs[0]]
    spot = spot_at(part.paths[0])
    unit = spot.numeric["unit"] if spot is not None and spot.numeric else ""
    return f"{' to '.join(texts)} {unit}".strip() if max(map(len, texts)) <= LONGEST else ""


def _shown(value: Any) -> str:
    """Write a value; for a distribution, its ends."""
    if isinstance(value, dict) and "low" in value:
        return f"{value['low']:g}–{value['high']:g}"
    return toml(value)
