"""Files are recognised by the names of their columns; published exports are taken as they are."""

from datetime import date

import numpy as np
import pytest

from sim.evidence.errors import DataError
from sim.evidence.findings import Findings
from sim.evidence.layouts import recognise

NEEDED = ("an event a row needs a column date (and time, place, killed, wounded, wounded_final, reported if known); "
          "counts need date and count, or from, to and count; cumulative counts need date and total; exports of ACLED "
          "(events, or by week) and UCDP GED are taken as they are; the first row names the columns")

ACLED = ("event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,"
         "inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,"
         "location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp")
GED = ("id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
       "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,"
       "number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,"
       "where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,"
       "region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,"
       "low,gwnoa,gwnob")
BY_DAY = "a.csv: the file has dates without times of day; so events are counted by day"


def layout(header: str, kind: str | None = None):
    return recognise({name: name for name in header.split(",")}, kind, Findings("a.csv"))


def export(header: str, *rows: dict[str, object]) -> str:
    """Write rows under a published header; what a row does not say is empty."""
    names = header.split(",")
    return "\n".join([header, *(",".join(f'"{row.get(name, "")}"' for name in names) for row in rows)]) + "\n"


@pytest.mark.parametrize(("header", "kind", "title"), [
    ("date", None, "events"),
    ("date,source", None, "events"),
    ("date,place", None, "events"),
    ("date,weapon", None, "events"),
    ("incident_date,fatalities", None, "events"),
    ("date,count", "events", "events"),
    ("date,count", None, "dates"),
    ("week,attacks,iraq", None, "dates"),
    ("from,to,count", None, "intervals"),
    ("start_date,end_date,number", "counts", "intervals"),
    ("date,total,iraq", None, "totals"),
    ("date,count", "cumulative", "totals"),
    ("date,total", "counts", "dates"),
    ("date,count,total", "counts", "dates"),
    ("date,count,total", "cumulative", "totals"),
    (ACLED, None, "acled"),
    (GED, "events", "ged"),
])
def test_recognised(header, kind, title):
    assert layout(header, kind).title == title


def test_columns_and_their_meanings():
    assert layout("week,attacks,iraq,source").columns == {"date": "week", "count": "attacks"}
    assert layout("week,attacks,iraq,source").others == ("iraq",)
    assert layout("date,count,total", "cumulative").columns == {"date": "date", "total": "total"}


@pytest.mark.parametrize(("header", "kind", "message"), [
    ("date,iraq,syria", None, f"does not tell what it holds: the columns are date, iraq, syria; {NEEDED}"),
    ("2024-01-01,5", None, f"does not tell what it holds: the columns are 2024-01-01, 5; {NEEDED}"),
    ("from,to,count", "cumulative", f"cannot be read as cumulative: the columns are from, to, count; {NEEDED}"),
    ("count,killed", "events", f"cannot be read as events: the columns are count, killed; {NEEDED}"),
    ("date,attacks,total", None, "has a column attacks and a column total; say which to read: --kind counts or "
                                 "--kind cumulative"),
    (ACLED, "counts", "is an export of ACLED, which holds events, not counts"),
    (GED, "cumulative", "is an export of UCDP GED, which holds events, not cumulative"),
])
def test_not_recognised(header, kind, message):
    with pytest.raises(DataError) as caught:
        layout(header, kind)
    assert caught.value.problems == (f"a.csv: {message}",)


def test_columns_of_events_that_are_not_read_are_named(record):
    assert record("Date,Kind,Lat,source\n2024-01-28,drone,33.4,x\n").notes == ("a.csv: not read: Kind, Lat", BY_DAY)


def test_columns_of_counts_that_are_no_places_are_named(record):
    told = record("date,total,iraq,Weapon,killed,source\n2024-01-01,0,0,drone,0,1\n2024-01-02,2,1,rocket,3,2\n")
    assert list(told.places) == ["iraq"]
    assert told.notes == ("a.csv: not read: Weapon, killed",)


def test_acled_export(record):
    told = record(export(
        ACLED,
        {"event_id_cnty": "SYR2", "event_date": "30 January 2024", "time_precision": 1, "country": "Syria",
         "fatalities": 0,
         "event_type": "Explosions/Remote violence", "notes": "of two lines,\nthe second", "latitude": 34.5},
        {"event_id_cnty": "JOR1", "event_date": "28 January 2024", "time_precision": 1, "country": "Jordan",
         "fatalities": 3, "event_type": "Explosions/Remote violence"},
        {"event_id_cnty": "JOR1", "event_date": "28 January 2024", "time_precision": 1, "country": "Jordan",
         "fatalities": 3, "event_type": "Explosions/Remote violence"},
        {"event_id_cnty": "IRQ7", "event_date": "28 January 2024", "time_precision": 2, "country": "Iraq",
         "fatalities": 1,
         "event_type": "Protests"},
    ))
    assert (told.kind, told.first_day, told.counts.tolist()) == ("counts", date(2024, 1, 28), [2, 0, 1])
    assert {name: at.tolist() for name, at in told.places.items()} == {
        "iraq": [1, 0, 0], "jordan": [1, 0, 0], "syria": [0, 0, 1]}
    assert told.harm.killed.tolist() == [1, 3, 0]
    assert told.notes == (
        "a.csv: killed is column fatalities: dead on all sides",
        "a.csv: 1 of 4 events are dated to the week or month only (time_precision 2 or 3); each counts on the day "
        "that the file gives",
        "a.csv: 1 of 4 events are protests, riots or strategic developments; they count as attacks, so leave them "
        "out of the export if they are none",
        "a.csv, row 5: left out, since an earlier row has the same event_id_cnty",
        "a.csv, row 4: the rows are not in order of date; they are sorted",
        BY_DAY,
    )


def test_acled_export_with_dates_by_number_and_capitals(record):
    told = record("EVENT_ID_CNTY;EVENT_DATE;FATALITIES\nIRQ1;2024-01-28;0\n")
    assert (told.first_day, told.attacks) == (date(2024, 1, 28), 1)


def test_ged_export(record):
    told = record(export(
        GED,
        {"id": 1, "date_start": "2024-01-28 00:00:00.000", "date_end": "2024-01-28 00:00:00.000", "date_prec": 1,
         "best": 3,
         "high": 4, "low": 3, "country": "Jordan"},
        {"id": 2, "date_start": "2024-01-29 00:00:00.000", "date_end": "2024-01-31 00:00:00.000", "date_prec": 2,
         "best": 1,
         "country": "Iraq"},
        {"id": 3, "date_start": "2024-01-29 00:00:00.000", "date_end": "2024-02-28 00:00:00.000", "date_prec": 4,
         "best": 0,
         "country": "Iraq"},
    ))
    assert (told.kind, told.first_day, told.counts.tolist()) == ("counts", date(2024, 1, 28), [1, 2])
    assert told.places["iraq"].tolist() == [0, 2]
    assert told.harm.killed.tolist() == [3, 0, 1]
    assert np.isnan(told.harm.delay_days).all()
    assert told.notes == (
        "a.csv: killed is column best: dead on all sides",
        "a.csv: 2 of 3 events are not dated to the day (date_prec above 1, or several days from date_start to "
        "date_end), 1 of "
        "them to a week or less precisely; each counts on its first day, date_start",
        "a.csv: every time of day is 00:00, as of dates without a time; so events are counted by day",
    )


def test_ged_dates_the_wrong_way_round(problems):
    assert problems(export(GED, {"id": 1, "date_start": "2024-01-28", "date_end": "2024-01-27", "date_prec": 1,
        "best": 3})
                    ) == ["a.csv, row 2: date_end lies before date_start"]


def test_more_places_than_are_told_apart(record):
    rows = "".join(f"2024-01-28,place {number}\n" for number in range(65))
    told = record("date,place\n" + rows)
    assert (told.attacks, told.places) == (65, {})
    assert told.notes[0] == ("a.csv: column place names 65 places; they are not distinguished, since there are more "
                             "than 64")
