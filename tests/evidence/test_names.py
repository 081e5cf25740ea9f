"""Names of places become keys of a scenario and come back as labels, whatever they are."""

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.test_calibrate import done
from sim.evidence import fit_file, fragment
from sim.evidence.calibrate import Calibration
from sim.evidence.names import KEY, keys_for
from sim.evidence.places import theatres_of, within
from sim.evidence.read import read
from sim.scenario.load import from_dict, load

WRITABLE = st.characters(exclude_categories=["Cs"])
NAMES = st.text(WRITABLE, min_size=1, max_size=60) | st.sampled_from([
    "سوريا", "العراق", "Сирия", "叙利亚", "Al Asad", "al_asad", "Al-Asad", "AL ASAD", "al asad!", "a" * 5000, "a" * 40,
    "a" * 41, 'x"]\n[theatres.y', "[joint.attack_fit]", "true", "2024-01-01", "1", "_", " ", "'", "\\", "\0",
    "iraq\r\n", "place_868acdb24e", "Kütahya", "kutahya", "\u202eiraq"])


def placed(names: list[str], file: str = "events.csv") -> Calibration:
    """Return a calibration with an attack in each place."""
    result = done("sparse")
    at = np.eye(len(names), result.record.attacks)
    record = replace(result.record, path=Path(file), places=dict(zip(names, at, strict=True)),
                     labels={name: name for name in names})
    return replace(result, record=record)


def playable(folder: Path, result: Calibration) -> dict[str, str]:
    """Write the fit, extend it by what it lacks of a scenario, and return the labels of the theatres by key."""
    keys = fragment.keys_of(result, None)
    written = fit_file.text(folder, result, keys, None)
    (folder / "fit.toml").write_text(written, encoding="utf-8")
    found = tomllib.loads(written)["theatres"]
    troops = "".join(f"[theatres.{key}]\ntroops = 100\n" for key in found)
    (folder / "own.toml").write_text(f'extends = "fit.toml"\nstart = 2024-01-01\nend = 2024-12-31\n{troops}')
    theatres = load(folder / "own.toml").scenario.theatres
    assert {key: entry["label"] for key, entry in found.items()} == {
        key: entry.label for key, entry in theatres.items()}
    return {key: entry.label for key, entry in theatres.items()}


@pytest.mark.exhaustive
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(NAMES, min_size=1, max_size=8, unique=True))
def test_any_names_come_back(tmp_path, names) -> None:
    labels = playable(tmp_path, placed(names))
    assert sorted(labels.values()) == sorted(names)  # none lost, none merged
    assert all(KEY.fullmatch(key) for key in labels)
    assert keys_for(names) == {label: key for key, label in labels.items()}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=50) | NAMES, max_size=20, unique=True))
def test_keys_differ_and_do_not_hang_on_the_order(names) -> None:
    keys = keys_for(names)
    assert len(set(keys.values())) == len(names)
    assert keys_for(reversed(names)) == keys
    assert all(keys[name] == name for name in names if KEY.fullmatch(name))
    assert keys_for(keys.values()) == {key: key for key in keys.values()}


@pytest.mark.parametrize(("names", "key"), [
    (["Al Asad"], "al_asad"),
    (["Kütahya"], "kutahya"),
    (["al_asad", "al asad!"], "al_asad"),
    (["al asad!", "al_asad"], "al_asad_[0-9a-f]{10}"),
    (["3rd site"], "place_3rd_site_[0-9a-f]{10}"),
    (["a" * 41], "a{29}_[0-9a-f]{10}"),
])
def test_a_key_is_as_readable_as_can_be(names, key) -> None:
    assert re.fullmatch(key, keys_for(names)[names[0]])


def test_places_in_another_script_are_two(tmp_path) -> None:
    rows = "".join(f"2024-{1 + i // 28:02}-{1 + i % 28:02},{('سوريا', 'العراق')[i % 2]}\n" for i in range(0, 100, 3))
    (tmp_path / "a.csv").write_text("date,place\n" + rows, encoding="utf-8")
    record = read(tmp_path / "a.csv")
    assert keys_for(record.places) == {"العراق": "place_868acdb24e", "سوريا": "place_d23a661c3c"}
    scenario = from_dict({"start": date(2024, 1, 1), "end": date(2024, 12, 31), "theatres": {
        "iraq": {"troops": 1, "label": "العراق"}, "place_d23a661c3c": {"troops": 1}}})
    assert theatres_of(record, scenario.scenario) == {"العراق": "iraq", "سوريا": "place_d23a661c3c"}
    assert within(record, scenario) is record


def test_the_spelling_of_the_file_is_the_label(tmp_path) -> None:
    rows = "".join(f"2024-01-{day:02},{'Al-Asad' if day % 2 else 'AL ASAD'}\n" for day in range(1, 29))
    (tmp_path / "a.csv").write_text("date,place\n" + rows)
    assert read(tmp_path / "a.csv").labels == {"al_asad": "Al-Asad"}
    (tmp_path / "b.csv").write_text("date,count,Al-Asad\n2024-01-01,1,1\n2024-01-02,2,2\n")
    assert read(tmp_path / "b.csv").labels == {"al_asad": "Al-Asad"}


@pytest.mark.parametrize("file", [
    "two\nlines.csv", "a\r\n[theatres.x]\n.csv", 'quote".csv', "\udcff.csv", "\x1b[31m.csv"])
def test_no_name_of_a_file_breaks_the_fit(tmp_path, file) -> None:
    assert playable(tmp_path, placed(["north"], file)) == {"north": "north"}
