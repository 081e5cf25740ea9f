"""Names and dates as they are written in texts and figures."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sim.model.catalogue import Catalogue
from sim.model.setup import modes_of
from sim.rules.outcomes import BY_NAME, Outcome, Ratio
from sim.scenario.called import NEUTRAL, Names, called_first
from sim.scenario.keys import look_up
from sim.scenario.lines import KeyPath
from sim.scenario.modes import OWN
from sim.scenario.names import MILESTONES
from sim.scenario.places import Mode, every_site
from sim.scenario.schema import Scenario
from sim.words.phrases import date_on


def labels(scenario: Scenario, kind: str) -> list[str]:
    """Return the labels of everything of a kind, numbered as in the model.

    Parameters
    ----------
    scenario
        The scenario.
    kind
        ``theatres``, ``sites``, ``phases``, ``modes`` (of lift), ``kinds`` (of attack), ``suppressions``, ``groups`` or
        ``milestones``.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    match kind:
        case "theatres":
            return _of(scenario.theatres)
        case "sites":
            theatres = scenario.theatres.values()
            return [_label(entry, t.sites[entry]) + name.removeprefix(entry).replace("_", " ")
                    for t in theatres for name, entry in every_site(t.sites).items()]
        case "phases":
            return _of(scenario.phases)
        case "kinds":
            return _of(scenario.attack_kinds)
        case "modes":
            return [mode_label(name, mode) for name, mode in modes_of(scenario).items()]
        case "suppressions":
            return _of(scenario.suppressions)
        case "groups":
            return _of(scenario.working_groups)
        case "milestones":
            reached = [f"{phase} at its target" for phase in _of(scenario.phases)]
            return [called_first(m.label, scenario.names) for m in MILESTONES.values()] + reached
    raise ValueError(f"nothing is called {kind}")


def label(scenario: Scenario, kind: str, index: int) -> str:
    """Return the label of one thing; see `labels`."""
    return labels(scenario, kind)[index]


def outcome_label(name: str, scenario: Scenario | None = None) -> str:
    """Return what an outcome is called: ``Expected deaths``, ``Attacks (Iraq)``, ``Killed in 2024 Q1``.

    Places and sides are called as in a scenario; without one, places have their keys and sides no names.
    """
    stem, _, place = name.partition(".")
    entry = BY_NAME.get(stem)
    if entry is None:
        return name
    label = called_first(entry.label, names_of(scenario))
    if not place:
        return label
    if entry.per == "quarter":
        return f"{label} {place.replace('q', ' Q')}"
    kind = {"phase": "phases", "mode": "lift"}.get(entry.per, "theatres")
    if kind == "lift":
        return f"{label} {mode_label(place, None if scenario is None else look_up(scenario, (kind, place)))}"
    name_of_place = _place(scenario, (kind, place)) or in_words(place)
    if kind == "phases":
        return f"{label} {kind_and_label('phase', name_of_place)}"
    return f"{label} ({name_of_place})"


def names_of(scenario: Scenario | None) -> Names:
    """Return what the sides of a scenario are called; neutral words without a scenario."""
    return NEUTRAL if scenario is None else scenario.names


def described(catalogue: Catalogue, scenario: Scenario) -> dict[str, dict[str, str]]:
    """Return the label, unit, kind, better direction and definition of every outcome, by name."""
    entries: list[tuple[str, Outcome | Ratio, str]] = [
        *((item.name, item.outcome, item.outcome.kind) for item in catalogue.outcomes),
        *((rate.name, rate.ratio, "ratio") for rate in catalogue.rates)]
    return {name: {"label": outcome_label(name, scenario), "unit": entry.unit, "kind": kind, "better": entry.better,
                   "definition": called_first(entry.definition, scenario.names)} for name, entry, kind in entries}


def with_unit(label: str, kind: str, unit: str) -> str:
    """Return an outcome's label, with its unit if the label does not make it clear."""
    is_clear = kind != "number" or unit in ("ratio", "persons") or unit in label.lower()
    return label if is_clear else f"{label} ({unit})" if not label.endswith(")") else f"{label[:-1]}; {unit})"


def key_label(path: KeyPath, scenarios: Iterable[Scenario] = ()) -> str:
    """Return what a key of a scenario is called: ``"over days" of phase Syria``, ``"elasticity" of attacks``.

    Parameters
    ----------
    path
        Where it stands.
    scenarios
        Where to look up labels of phases, theatres and so on: the first that has the thing.
    """
    parts, at = [], 0
    while at < len(path):
        if path[at : at + 2] == OWN:
            parts.append("lift")
            at += 2
            continue
        is_entry = str(path[at]) in SINGULAR and at + 1 < len(path)
        if is_entry:
            labels_there = (_place(scenario, path[: at + 2]) for scenario in scenarios)
            label = next(filter(None, labels_there), "") or in_words(str(path[at + 1]))
            parts.append(kind_and_label(SINGULAR[str(path[at])], label))
        else:
            word = str(path[at]).replace("_", " ")
            parts.append(f'"{word}"' if 0 < at == len(path) - 1 else word)
        at += 1 + is_entry
    return " of ".join(reversed(parts))


def mode_label(name: str, mode: Mode | None) -> str:
    """Return what a mode of lift is called inside a sentence: its label as it is written, or its name."""
    return one_line(mode.label) if mode is not None and mode.label else name.replace("_", " ")


def kind_and_label(kind: str, label: str) -> str:
    """Return ``phase Iraq``, but ``Phase 1`` if the label already says what it is."""
    return label if kind in label.lower().replace(",", " ").split() else f"{kind} {label}"


def in_words(name: str) -> str:
    """Write a name as words: ``Small site`` for ``small_site``."""
    return name.replace("_", " ").capitalize()


OWN_FIRST_WORDS = {called_first(entry.label).split()[0] for entry in (*BY_NAME.values(), *MILESTONES.values())}
"""With what a label begins that does not begin with a name of the scenario."""


def in_sentence(label: str) -> str:
    """Write a label as inside a sentence: ``date of completion``, but ``US strikes`` and ``French strikes``."""
    return label[:1].lower() + label[1:] if label.split(" ")[0] in OWN_FIRST_WORDS else label


SINGULAR = {"theatres": "theatre", "sites": "site", "phases": "phase", "attack_kinds": "kind of attack",
            "suppressions": "suppression", "working_groups": "working group", "couplings": "coupling",
            "lift": "mode", "joint": "table of draws"}
"""Tables that have an entry for each of several things, and what one of these is called."""


def _place(scenario: Scenario | None, path: KeyPath) -> str:
    """Return the label of a named entry of a scenario; empty if there is no such entry."""
    table = None if scenario is None else look_up(scenario, path)
    return "" if table is None or isinstance(table, bool) else _label(str(path[-1]), table)


def date_of(scenario: Scenario, day: float) -> date:
    """Return the date on which a time falls, in days since the start; the last day for anything later."""
    return date_on(day, scenario.start, scenario.end)


@cache
def one_line(text: str) -> str:
    """Put a text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _of(tables: dict[str, Any]) -> list[str]:
    return [_label(name, table) for name, table in tables.items()]


def _label(name: str, table: Any) -> str:
    return one_line(getattr(table, "label", "")) or in_words(name)
