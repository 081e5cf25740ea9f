"""Damaged files lead to the same numbers, or to a line that names the file. More cases: ``benchmarks/damage.py``."""

import json

import damage
import pytest


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRAWDOWN_SIM_CACHE", "")  # the workshop sets it; it is restored afterwards
        yield damage.Workshop(tmp_path_factory.mktemp("workshop"))


@pytest.mark.parametrize(("reader", "damages"), [
    *(pytest.param(reader, 1, id=reader.name) for reader in damage.READERS[:4]),
    *(pytest.param(reader, 6, id=f"{reader.name}, more", marks=pytest.mark.exhaustive) for reader in damage.READERS)])
def test_damage_gives_the_same_numbers_or_one_line(workshop, reader, damages):
    faults = []
    damage.harm(workshop, damages, 1, faults.append, [reader])
    assert faults == []


@pytest.mark.parametrize("text", [
    "[" * 100_000, '{"check": ' + "[" * 100_000, '{"seed": ' + "9" * 5000 + "}", '{"seed": NaN}', '{"seed": 1e999}',
    '{"check": null}', "\ufeff{}", '{"check": "", "check": ""}'])
@pytest.mark.parametrize(("of", "name"), [("run", "run.json"), ("study", "study.json")])
def test_a_record_of_something_else_is_refused_in_one_line(workshop, tmp_path, of, name, text):
    folder = damage.copied(workshop, of, tmp_path)
    (folder / name).write_text(text, encoding="utf-8")
    reader = {"run": damage.READERS[0], "study": damage.READERS[-3]}[of]
    code, said, _ = reader.read(workshop, folder)
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith(f"{folder / name} is damaged or not as this program wrote it; run the ")


@pytest.mark.parametrize("key", ["seed", "replications", "name", "scenario", "overrides", "files", "check"])
def test_a_value_of_a_record_cannot_be_changed_or_left_out(workshop, tmp_path, key):
    folder = damage.copied(workshop, "run", tmp_path)
    record = json.loads((folder / "run.json").read_text())
    for changed in ({**record, key: 4}, {name: value for name, value in record.items() if name != key}):
        (folder / "run.json").write_text(json.dumps(changed))
        code, said, _ = damage.READERS[0].read(workshop, folder)
        assert (code, said) == (2, f"{folder / 'run.json'} is damaged or not as this program wrote it; run the "
                                   "scenario again to get reliable results\n")
    (folder / "run.json").write_text(json.dumps(record))  # another layout, the same values
    assert damage.READERS[0].read(workshop, folder)[0] == 0
