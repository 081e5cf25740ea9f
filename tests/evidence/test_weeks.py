"""ACLED's aggregated data: numbers of events by week, place and kind."""

from datetime import date

import numpy as np
import pytest

HEADER = ("WEEK,REGION,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES,POPULATION_EXPOSURE,DISORDER_TYPE,ID,"
          "CENTROID_LATITUDE,CENTROID_LONGITUDE")
TAKEN = ("a.csv: weekly numbers of events; each week has seven days, the first from 2023-07-01 on. Deaths of a week "
         "tell nothing of single attacks and are not read")


def row(week: str, country: str, events: int, kind: str = "Battles") -> str:
    return f"{week},Middle East,{country},A,{kind},Armed clash,{events},9,,Political violence,7,33,44"


def text(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def test_rows_of_a_week_are_added_up_and_weeks_without_rows_are_zero(record) -> None:
    told = record(text(row("2023-07-01", "Iraq", 3), row("2023-07-01", "Syria", 2), row("2023-07-01", "Iraq", 1),
                       row("2023-07-22", "Syria", 4)))
    assert (told.kind, told.first_day, told.begin, told.end) == ("counts", date(2023, 7, 1), 0, 28)
    assert (told.starts.tolist(), told.ends.tolist()) == ([0, 7, 14, 21], [7, 14, 21, 28])
    assert told.counts.tolist() == [6, 0, 0, 4]
    assert {name: at.tolist() for name, at in told.places.items()} == {"iraq": [4, 0, 0, 0], "syria": [2, 0, 0, 4]}
    assert told.labels == {"iraq": "Iraq", "syria": "Syria"}
    assert told.harm is None
    assert told.guessed == ("begin", "end")
    assert told.notes == (TAKEN, "a.csv: 2 of 4 weeks have no row; they count as without events")


def test_time_watched(record) -> None:
    rows = [row("2023-07-01", "Iraq", 3), row("2023-07-08", "Iraq", 1), row("2023-07-15", "Iraq", 2)]
    told = record(text(*rows), begin=date(2023, 6, 20), end=date(2023, 7, 30))
    assert (told.first_day, told.counts.tolist(), told.guessed) == (date(2023, 6, 24), [0, 3, 1, 2, 0], ())
    told = record(text(*rows), begin=date(2023, 7, 2), end=date(2023, 7, 14))
    assert (told.first_day, told.counts.tolist()) == (date(2023, 7, 8), [1])
    assert told.notes[0] == ("a.csv: 5 of 6 events are left out: their weeks do not lie within the time watched, "
                             "2023-07-02 to 2023-07-14")


def test_weeks_that_do_not_follow_one_another(record, problems) -> None:
    told = record(text(row("2023-07-01", "Iraq", 3), row("2023-07-18", "Iraq", 1)))
    assert (told.starts.tolist(), told.counts.tolist()) == ([0, 7, 17], [3, 0, 1])
    assert told.notes[-1] == "a.csv: weeks do not follow one another; 3 days between them are taken as not watched"
    assert problems(text(row("2023-07-01", "Iraq", 3), row("2023-07-05", "Iraq", 1))) == [
        "a.csv, row 3: the week from 2023-07-05 begins 4 days after that from 2023-07-01; weeks must not overlap"]


def test_what_is_no_attack_is_counted_in_the_note(record, problems) -> None:
    told = record(text(row("2023-07-01", "Iraq", 3), row("2023-07-01", "Iraq", 5, "Protests"),
                       row("2023-07-08", "", 1)))
    assert told.notes == (
        "a.csv, row 4: the place is not given; attacks there count in total only",
        "a.csv: 5 of 9 events are protests, riots or strategic developments; they count as attacks, so leave them out "
        "of the export if they are none", TAKEN)
    assert np.isnan(told.places["iraq"][1])
    assert problems(text(row("2023-07-01", "Iraq", 3)), "events") == [
        "a.csv: is aggregated data of ACLED, which hold weekly counts, not events"]


@pytest.mark.parametrize("cell", ["", "-1"])
def test_a_number_that_is_none(problems, cell: str) -> None:
    (problem,) = problems(text(row("2023-07-01", "Iraq", 3), row("2023-07-01", "Iraq", 4).replace(",4,", f",{cell},")))
    assert problem.startswith("a.csv, row 3: ")
