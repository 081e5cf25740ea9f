"""The shipped data say what public reporting said."""

import csv
import tomllib
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest

import sim.evidence
from sim.evidence.read import read

DATA = Path(sim.evidence.__file__).parent / "data"
FILES = sorted(DATA.glob("*.csv"))
RECORD = ["drawdown_counts", "drawdown_facts", "drawdown_sites", "drawdowns", "isis_attacks"]
"""Files with marks of their own: see test_drawdowns.py."""


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files():
    assert [path.stem for path in FILES] == ["attacks_2020_2023", "attacks_2023_2024", "casualties", *RECORD[:4],
                                             "isis_attacks", "pace", "us_responses"]
    said = (DATA / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in said for path in FILES)
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["setuptools"]["package-data"]["sim"]
    names = [f"evidence/data/{path.name}" for path in (*FILES, DATA / "README.md")]
    for name in (*names, "model/execution.toml"):
        assert any(fnmatch(name, pattern) for pattern in shipped)


@pytest.mark.parametrize("path", [path for path in FILES if path.stem not in RECORD], ids=lambda path: path.stem)
def test_every_row_has_a_mark_and_a_source(path):
    for row in rows(path.name):
        assert row["mark"] in ("reported", "reported, weak", "literature", "derived")
        assert row["source"]
        assert None not in row


def test_attacks_of_2023_and_2024():
    written = rows("attacks_2023_2024.csv")
    assert len(written) == 26
    assert sum(int(row["total"]) for row in written) == 2111
    assert sum(int(row["iraq"] or 0) for row in written) == 539
    assert sum(int(row["syria"] or 0) for row in written) == 614
    assert [row["date"] for row in written if row["mark"] == "reported, weak"] == ["2024-01-29"]
    told = read(DATA / "attacks_2023_2024.csv")
    assert (told.kind, told.first_day, told.end, told.attacks) == ("counts", date(2023, 10, 17), 118, 170)
    assert told.counts.tolist() == [13, 3, 7, 4, 11, 3, 5, 9, 6, 3, 2, 7, 1, 4, 6, 13, 5, 1, 15, 9, 13, 20, 5, 5, 0]
    assert told.ends[np.flatnonzero(told.counts == 20)].tolist() == [103]
    assert np.nansum(told.places["iraq"]) == 36 + 2 + 5
    assert np.nansum(told.places["syria"]) == 37 + 3 + 8
    assert len(told.notes) == 2


def test_places_add_up_where_both_are_reported():
    jordan = {row["date"]: int(row["total"]) - int(row["iraq"]) - int(row["syria"])
              for row in rows("attacks_2023_2024.csv") if row["iraq"]}
    assert len(jordan) == 18
    assert {day for day, attacks in jordan.items() if attacks} == {"2024-01-29"}
    assert jordan["2024-01-29"] == 1


def test_attacks_of_2020_to_2023():
    told = read(DATA / "attacks_2020_2023.csv")
    assert (told.first_day, told.attacks, told.notes) == (date(2020, 7, 1), 115, ())
    assert told.counts.tolist() == [33, 4, 24, 54]
    assert told.counts[2:].sum() == 78
    assert (told.ends - told.starts).tolist() == [92, 92, 157, 641]
    assert (told.starts[1:] - told.ends[:-1]).tolist() == [0, 22, 0]


def test_us_responses():
    told = read(DATA / "us_responses.csv")
    assert (told.attacks, told.first_day, told.end) == (11, date(2023, 10, 26), 105)
    assert (np.flatnonzero(told.counts) + date(2023, 10, 26).toordinal()).tolist() == [
        date(*day).toordinal() for day in ((2023, 10, 26), (2023, 11, 8), (2023, 11, 12), (2023, 11, 21), (2023, 11,
            22),
                                           (2023, 12, 3), (2023, 12, 25), (2024, 1, 4), (2024, 1, 23), (2024, 2, 2),
                                           (2024, 2, 7))]


def test_casualties():
    written = rows("casualties.csv")
    assert [int(row["wounded"]) for row in written] == [21, 46, 56, 59, 66, 34, 47, 80, 183]
    assert [row["killed"] for row in written] == ["", "", "", "", "", "3", "3", "", "3"]
    assert all(row["since"] <= row["until"] for row in written)
    assert all(row["until"] <= row["reported"] for row in written if row["reported"])
    assert (written[0]["until"], written[1]["until"]) == ("2023-10-30", "2023-10-30")
    assert int(written[-1]["wounded"]) + int(written[-1]["killed"]) == 186


def test_pace():
    told = {(row["drawdown"], row["measure"]): float(row["value"]) for row in rows("pace.csv")}
    assert len(told) == 22
    start, end = (told["iraq_2009_2010", f"strength in {month}"] for month in ("January 2009", "August 2010"))
    assert (start, end, told["iraq_2009_2010", "mean pace"]) == (142_000, 49_700, round((start - end) / 19, -2))
    assert told["iraq_2020", "time for each site"] == round(159 / 8)
    assert [told["rand_2009", f"{pace} schedule for combat units"] for pace in ("fast", "middle", "slow")] == [12,
        16, 32]
