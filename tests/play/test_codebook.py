"""What comes with the numbers: the codebook, days as dates, attributes of the dataset, and the table of a result."""

import csv
from datetime import date, timedelta

import numpy as np
import pytest
import xarray as xr

import sim
from sim.model.catalogue import expand
from sim.scenario.load import from_dict

START, END = date(2024, 2, 12), date(2024, 10, 31)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    data = {
        "title": "=1+1 | of all", "start": START, "end": END,
        "theatres": {"west": {"troops": 300, "label": "The west",
                              "attacks_per_day": {"dist": "uniform", "low": 0.05, "high": 0.4}}},
        "talks": {"first_round": START},
        "working_groups": {"all": {"work_days": {"dist": "uniform", "low": 40, "high": 200}}},
        "phases": {"out": {"label": "Phase 1", "theatre": "west", "after": "agreement", "target": 0, "over_days": 120}},
    }
    return sim.run(from_dict(data), 60, workers=1, clock="simpy", out=tmp_path_factory.mktemp("run") / "out",
                   figures=False)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_codebook_has_a_row_for_every_outcome(result):
    book = {row["name"]: row for row in rows(result.folder / "codebook.csv")}
    catalogue = expand(result.model)
    assert list(book) == [*catalogue.names, *(rate.name for rate in catalogue.rates)]
    assert {row["name"] for row in book.values()} >= set(rows(result.folder / "outcomes.csv")[0]) - {"replication"}
    assert all(row["label"] and row["unit"] and row["definition"] for row in book.values())
    assert book["attacks_total.west"]["label"] == "Attacks (The west)"
    assert book["attacks_total.west"]["unit"] == "attacks"
    assert book["attacks_during.out"]["label"] == "Attacks during Phase 1"
    assert book["killed_in.2024q3"]["label"] == "Killed in 2024 Q3"
    never = {name for name, row in book.items() if row["never"]}
    assert never == {item.name for item in catalogue.outcomes if item.outcome.kind == "day"}
    assert book["agreement_day"]["never"] == (
        "not by 2024-10-31: empty in outcomes.csv and dates.csv, infinite in ensemble.nc; in means it counts as "
        "2024-10-31")


def test_the_codebook_says_when_it_starts_and_ends_and_what_lies_there(result):
    text = (result.folder / "codebook.md").read_text(encoding="utf-8")
    assert text.startswith("# Codebook: =1+1 \\| of all\n")
    assert "| start | 2024-02-12 |\n| end | 2024-10-31 |\n| replications | 60 |\n| seed | 1 |\n" in text
    written = {path.name for path in result.folder.iterdir()} - {"codebook.csv", "codebook.md", "figures"}
    assert {line.split(" | ")[0].removeprefix("| ") for line in text.splitlines()} >= written
    assert "| expected_killed |" not in text
    assert "| killed_expected | Expected deaths | persons | number | low |" in text


def test_days_are_dates_and_never_is_empty(result):
    dates, days = rows(result.folder / "dates.csv"), rows(result.folder / "outcomes.csv")
    assert list(dates[0]) == ["replication", "completion_day", "handover_day.west", "fatal_day", "mass_casualty_day",
                              "agreement_day", "breakdown_day", "first_move_day.out", "target_day.out"]
    assert len(dates) == len(days) == 60
    for dated, counted in zip(dates, days, strict=True):
        for name in list(dated)[1:]:
            expected = counted[name] and (START + timedelta(days=int(float(counted[name])))).isoformat()
            assert dated[name] == expected
    assert 0 < sum(not row["completion_day"] for row in dates) < 60


def test_everything_in_the_dataset_says_what_it_is(result):
    with xr.open_dataset(result.folder / "ensemble.nc", engine="h5netcdf") as dataset:
        dataset.load()
    assert dataset.attrs["Conventions"] == "CF-1.11"
    assert (dataset.attrs["start"], dataset.attrs["end"], dataset.attrs["seed"]) == ("2024-02-12", "2024-10-31", 1)
    assert "twin_outcomes" in dataset
    assert [name for name, variable in dataset.variables.items() if not variable.attrs.get("long_name")] == []
    assert dataset.troops_mean.attrs["units"] == "troops"
    assert np.issubdtype(dataset.day.dtype, np.integer)  # its unit does not turn it into a duration
    along = dataset.outcomes.sel(outcome="attacks_total.west")
    assert (str(along.outcome_label.item()), str(along.outcome_unit.item())) == ("Attacks (The west)", "attacks")
    loaded = sim.Result.load(result.folder).dataset
    assert {name: variable.attrs for name, variable in loaded.variables.items()} == {
        name: dataset[name].attrs for name in loaded.variables}


def test_a_result_is_a_line_and_in_a_notebook_a_table(result):
    assert repr(result) == f"<Result: =1+1 | of all; 60 replications, seed 1, in {result.folder}>"
    shown = result._repr_html_()
    assert "<td>Exposure</td>" in shown
    assert f"<td>{result.summary['outcomes']['troop_days']['mean']:,.0f}</td>" in shown
    assert "e+0" not in shown
    assert "<script" not in sim.Result(result.file, result.model, 60, 1, {**result.summary, "title": "<script>"},
                                       result.data)._repr_html_()
    assert repr(result.file) == "<ScenarioFile: scenario, =1+1 | of all; 2024-02-12 to 2024-10-31>"


def test_the_table_of_a_result_has_its_numbers_in_full_and_days_as_dates(result):
    table = result.table
    attacks = table.loc["attacks_total"]
    assert (attacks["label"], attacks["unit"]) == ("Attacks", "attacks")
    assert attacks["mean"] == result.column("attacks_total").mean()
    assert [attacks["ci95_low"], attacks["ci95_high"]] == result.summary["outcomes"]["attacks_total"]["ci95"]
    completion = table.loc["completion_day"]
    assert completion["mean_date"] == START + timedelta(days=int(completion["mean"]))
    assert completion["q95_date"] is None
    assert completion["q50_date"] == START + timedelta(days=int(np.sort(result.column("completion_day"))[29]))
