"""Where attacks happened: which places are theatres of a scenario, and how the attacks divide among theatres."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.evidence.errors import DataError
from sim.evidence.names import keys_for, slug
from sim.evidence.record import AttackRecord, Floats
from sim.evidence.table import plain
from sim.scenario.fields import extremes
from sim.scenario.harmless import printable
from sim.scenario.load import ScenarioFile
from sim.scenario.schema import Scenario
from sim.words.phrases import whole_percent


def known_counts(record: AttackRecord) -> dict[str, float]:
    """Return how many attacks are known for each place; places without attacks are left out."""
    counts = {place: float(np.nansum(at)) for place, at in record.places.items()}
    return {place: count for place, count in counts.items() if count > 0}


def shares(record: AttackRecord) -> dict[str, tuple[float, float]]:
    """Return for each place its share of the attacks whose place is known, and their number."""
    counts = known_counts(record)
    return {place: (count / sum(counts.values()), count) for place, count in counts.items()}


def label_of(record: AttackRecord, place: str) -> str:
    """Return the name of a place as spelt in the file."""
    return record.labels.get(place, place)


def theatres_of(record: AttackRecord, scenario: Scenario) -> dict[str, str]:
    """Return the theatre of each place; places that are not theatres are left out.

    A place is a theatre if it has the theatre's key or its label.
    """
    names = {**{plain(entry.label): name for name, entry in scenario.theatres.items() if entry.label},
             **{name: name for name in scenario.theatres}}
    keys = keys_for(record.places)
    theatres = {place: next((names[way] for way in (plain(place), keys[place], slug(place)) if way in names), None)
             for place in record.places}
    return {place: name for place, name in theatres.items() if name is not None}


def within(record: AttackRecord, scenario: ScenarioFile) -> AttackRecord:
    """Return a record without the attacks in places that are not theatres of a scenario.

    Attacks whose place is not known are kept.

    Raises
    ------
    DataError
        If there are places and none of them is a theatre; with both lists of names.
    """
    theatres, counts = theatres_of(record, scenario.scenario), known_counts(record)
    others = {place: count for place, count in counts.items() if place not in theatres}
    if others and len(others) == len(counts):
        names = ", ".join(label_of(record, place) for place in others)
        raise DataError((printable(f"{record.path.name}: its places ({names}) are no theatres of the scenario "
                                   f"({', '.join(scenario.scenario.theatres)})"),))
    if not others:
        return record
    named = ", ".join(f"{label_of(record, place)} ({count:,.0f})" for place, count in others.items())
    total = sum(others.values())
    note = printable(f"left out: {total:,.0f} attack{'' if total == 1 else 's'} in places that are no theatre of the "
                     f"scenario: {named}")
    return _without(replace(record, notes=(*record.notes, note), elsewhere=record.elsewhere + int(total)), list(others))


def _without(record: AttackRecord, others: list[str]) -> AttackRecord:
    """Return a record without the attacks in some places."""
    away: Floats = np.nansum([record.places[place] for place in others], axis=0)
    places = {place: at for place, at in record.places.items() if place not in others}
    harm = record.harm
    if harm is not None and len(harm.place):
        numbers = {place: code for code, place in enumerate(record.places)}
        stays = ~np.isin(harm.place, [numbers[place] for place in others])
        harm = harm.only(stays)
    if record.kind == "counts":
        return replace(record, counts=record.counts - away.astype(np.int64), places=places, harm=harm)
    stays = away == 0
    return replace(record, times=record.times[stays], places={name: at[stays] for name, at in places.items()},
                   harm=harm)


def divided(record: AttackRecord, scenario: ScenarioFile | None, size: int, notes: list[str]) -> dict[str, Floats]:
    """Return each theatre's share of the attacks: the best one first, then as many draws as make up the size.

    Attacks whose place is not known are taken to have been where the others were, in the same proportion; so if some of
    these were in no theatre, the shares add up to less than one.

    Parameters
    ----------
    record
        The record, without attacks in places that are no theatre of the scenario.
    scenario
        The scenario, if there is one; else each place is a theatre, under its key.
    size
        How many shares of each theatre to return.
    notes
        Takes notes on what had to be assumed.
    """
    counts = known_counts(record)
    if not counts:
        return _as_in(scenario, size, notes)
    keys = keys_for(record.places) if scenario is None else theatres_of(record, scenario.scenario)
    names = dict.fromkeys(keys.values()) if scenario is None else scenario.scenario.theatres
    at = {name: sum(count for place, count in counts.items() if keys.get(place) == name) for name in names}
    if scenario is not None:
        notes += [f"the data name no attack in {name}: its attacks_per_day stays as it is in the scenario"
                  for name, count in at.items() if not count]
    at = {name: count for name, count in at.items() if count}
    here, all_known = sum(at.values()), sum(counts.values())
    unknown = record.attacks - all_known
    inside = here / (all_known + record.elsewhere)
    share_inside = (here + unknown * inside) / record.attacks
    if unknown > 0:
        notes.append(f"the place of {unknown:,.0f} attack{'' if unknown == 1 else 's'} is not known; they are taken to "
                     f"have been where the others were{_left(inside, list(at))}")
    tally = np.array(list(at.values()))
    drawn = np.random.default_rng(1).dirichlet(tally + 0.5, size - 1)
    return dict(zip(at, share_inside * np.vstack([tally / here, drawn]).T, strict=True))


def _left(inside: float, theatres: list[str]) -> str:
    if inside == 1:
        return ""
    return f", {whole_percent(inside)} of them in {'these theatres' if len(theatres) > 1 else theatres[0]}"


def _as_in(scenario: ScenarioFile | None, size: int, notes: list[str]) -> dict[str, Floats]:
    """Return the shares in the scenario, for data that name no places."""
    if scenario is None:
        notes.append("the data name no places, so no theatre's attacks_per_day is given")
        return {}
    notes.append("the data name no places: theatres share the attacks as in the scenario")
    theatres = scenario.scenario.theatres
    rates = np.array([np.mean(extremes(theatre.attacks_per_day)) for theatre in theatres.values()])
    parts = rates / rates.sum() if rates.sum() > 0 else np.full(len(rates), 1 / len(rates))
    return {name: np.full(size, part) for name, part in zip(theatres, parts, strict=True)}


def labels(record: AttackRecord, theatres: Mapping[str, Floats]) -> dict[str, str]:
    """Return the label of each theatre that is named after a place: the name as spelt in the file."""
    keys = keys_for(record.places)
    return {key: label_of(record, place) for place, key in keys.items() if key in theatres}
