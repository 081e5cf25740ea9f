"""What a record says after a file was read: times, intervals, counts, places, harm and notes."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.evidence.read import read
from sim.evidence.record import AttackRecord

BY_DAY = "a.csv: the file has dates without times of day; so events are counted by day"
FIXED = settings(max_examples=100, deadline=None, derandomize=True)


def intervals(record: AttackRecord) -> list[tuple[float, float, int]]:
    return list(zip(record.starts.tolist(), record.ends.tolist(), record.counts.tolist(), strict=True))


def places(record: AttackRecord) -> dict[str, list[float | None]]:
    """Return counts by place, with None for what is not known."""
    return {name: [None if np.isnan(n) else n for n in at.tolist()] for name, at in record.places.items()}


def test_events_at_known_times(record):
    text = "date,time,place,killed\n2024-01-28,06:00,Jordan,3\n2024-01-29,18:00:00,Saudi Arabia,\n"
    told = record(text)
    assert (told.kind, told.first_day, told.begin, told.end) == ("events", date(2024, 1, 28), 0, 2)
    assert told.times.tolist() == [0.25, 1.75]
    assert places(told) == {"jordan": [1, 0], "saudi_arabia": [0, 1]}
    assert told.harm.killed.tolist() == [3, -1]
    assert told.harm.wounded.tolist() == [-1, -1]
    assert np.isnan(told.harm.delay_days).all()
    assert (told.attacks, told.notes) == (2, ())
    assert (str(told.path), told.sha256) == ("a.csv", hashlib.sha256(text.encode()).hexdigest())


@pytest.mark.parametrize("written", ["2024-01-28T06:00", "2024-01-28 06:00:00", "28.01.2024 6:00",
    "2024/01/28 06:00:00.000"])
def test_date_and_time_in_one_column(record, written):
    told = record(f"date\n{written}\n")
    assert (told.kind, told.first_day, told.times.tolist(), told.notes) == ("events", date(2024, 1, 28), [0.25], ())


def test_minutes_and_seconds_of_a_time(record):
    told = record("date,time\n2024-01-28,05:30:36\n2024-01-28,23:59:59.5\n")
    assert told.times.tolist() == pytest.approx([5.51 / 24, 1 - 0.5 / 86400], abs=1e-12)


def test_one_time_zone_is_kept(record):
    told = record("date\n2024-01-28T06:00Z\n2024-01-28 12:00 UTC\n")
    assert told.times.tolist() == [0.25, 0.5]
    assert told.notes == ("a.csv: times in column date are in time zone UTC and stay in it",)


def test_dates_alone_are_counts_by_day(record):
    told = record("date,place,wounded,wounded_final,reported\n"
                  "2024-01-28,Jordan,34,47,2024-01-29\n2024-01-31,Iraq,0,,2024-01-31\n2024-01-31,Iraq,1,2,\n")
    assert (told.kind, told.first_day, told.end, told.attacks) == ("counts", date(2024, 1, 28), 4, 3)
    assert intervals(told) == [(0, 1, 1), (1, 2, 0), (2, 3, 0), (3, 4, 2)]
    assert places(told) == {"iraq": [0, 0, 0, 2], "jordan": [1, 0, 0, 0]}
    assert told.harm.wounded.tolist() == [34, 0, 1]
    assert told.harm.wounded_final.tolist() == [47, -1, 2]
    assert told.harm.delay_days[:2].tolist() == [1, 0]
    assert np.isnan(told.harm.delay_days[2])
    assert told.notes == (BY_DAY,)


def test_times_that_are_partly_missing_are_not_used(record):
    told = record("date,time\n2024-01-28,06:00\n2024-01-28,\n")
    assert intervals(told) == [(0, 1, 2)]
    assert told.notes == ("a.csv: 1 of 2 events have no time of day; so events are counted by day",)


def test_midnight_everywhere_is_no_time(record):
    told = record("date\n2024-01-28 00:00:00\n2024-01-29 00:00:00\n")
    assert intervals(told) == [(0, 1, 1), (1, 2, 1)]
    assert told.notes == ("a.csv: every time of day is 00:00, as of dates without a time; so events are counted by "
                          "day",)


def test_an_attack_without_place_leaves_places_unknown_that_day(record):
    told = record("date,place\n2024-01-28,Iraq\n2024-01-29,Iraq\n2024-01-29,\n")
    assert places(told) == {"iraq": [1, None]}
    assert told.notes == ("a.csv, row 4: the place is not given; attacks there count in total only", BY_DAY)


def test_events_in_any_order(record):
    told = record("date,time\n2024-01-30,12:00\n2024-01-28,06:00\n2024-01-29,06:00\n")
    assert told.times.tolist() == [0.25, 1.25, 2.5]
    assert told.notes == ("a.csv, row 3: the rows are not in order of date; they are sorted",)


def test_events_that_look_alike_are_kept(record):
    told = record("date,place,source\n2024-01-28,Iraq,one\n2024-01-28,Iraq,two\n")
    assert told.attacks == 2
    assert told.notes[0] == ("a.csv, row 3: the same as an earlier row in everything that is read; kept, since two "
                             "attacks may look alike")


def test_events_with_the_same_number_count_once(record):
    told = record("id,date\nA1,2024-01-28\nA2,2024-01-28\nA1,2024-01-28\n,2024-01-28\n,2024-01-28\nA2,2024-01-28\n")
    assert told.attacks == 4
    assert told.notes == ("a.csv, rows 4, 7: left out, since an earlier row has the same id", BY_DAY)


def test_events_are_watched_from_begin_to_end(record):
    text = "date,time,killed\n2024-01-25,12:00,1\n2024-01-28,12:00,2\n2024-01-31,12:00,3\n"
    told = record(text, begin=date(2024, 1, 26), end=date(2024, 1, 30))
    assert (told.first_day, told.begin, told.end) == (date(2024, 1, 26), 0, 5)
    assert told.times.tolist() == [2.5]
    assert told.harm.killed.tolist() == [2]
    assert told.notes == ("a.csv: 2 of 3 events are left out: they lie outside the time watched, 2024-01-26 to "
                          "2024-01-30",)


def test_the_first_and_the_last_day_are_watched(record):
    told = record("date,time\n2024-01-25,00:00\n2024-01-31,23:59\n", begin=date(2024, 1, 25), end=date(2024, 1, 31))
    assert (told.attacks, told.end, told.notes) == (2, 7, ())


def test_quiet_days_at_both_ends_count(record):
    told = record("date\n2024-01-28\n", begin=date(2024, 1, 27), end=date(2024, 1, 29))
    assert intervals(told) == [(0, 1, 0), (1, 2, 1), (2, 3, 0)]


def test_a_time_watched_without_any_attack(record):
    told = record("date,time\n2024-01-28,05:30\n", begin=date(2024, 2, 1), end=date(2024, 2, 2))
    assert (told.kind, told.attacks, told.first_day, told.end) == ("events", 0, date(2024, 2, 1), 2)
    told = record("date\n2024-01-28\n", begin=date(2024, 2, 1), end=date(2024, 2, 2))
    assert intervals(told) == [(0, 1, 0), (1, 2, 0)]


def test_counts_from_day_to_day_include_both(record):
    told = record("from,to,count,Iraq,syria\n2024-01-01,2024-01-07,5,3,2\n2024-01-10,2024-01-10,1,,0\n")
    assert (told.kind, told.first_day, told.end) == ("counts", date(2024, 1, 1), 10)
    assert intervals(told) == [(0, 7, 5), (9, 10, 1)]
    assert places(told) == {"iraq": [3, None], "syria": [2, 0]}
    assert (told.harm, told.notes) == (None, ())


def test_counts_watched(record):
    told = record("from,to,count\n2024-01-01,2024-01-07,5\n2024-01-08,2024-01-14,2\n2024-01-15,2024-01-21,1\n",
                  begin=date(2024, 1, 8), end=date(2024, 1, 20))
    assert (told.first_day, intervals(told)) == (date(2024, 1, 8), [(0, 7, 2)])
    assert told.notes == ("a.csv: 2 of 3 intervals are left out: they do not lie within the time watched, 2024-01-08 "
                          "to 2024-01-20",)


def test_daily_counts(record):
    told = record("date,count\n2024-01-28,2\n2024-01-29,0\n2024-01-30,1\n")
    assert intervals(told) == [(0, 1, 2), (1, 2, 0), (2, 3, 1)]
    assert told.notes == ("a.csv: each count is taken to cover one day from its date on",)


def test_weekly_counts_with_a_gap(record):
    told = record("week;attacks\n01.01.2024;2\n08.01.2024;3\n22.01.2024;1\n")
    assert intervals(told) == [(0, 7, 2), (7, 14, 3), (21, 28, 1)]
    assert told.notes == (
        "a.csv: each count is taken to cover the 7 days from its date on",
        "a.csv, row 4: nothing is said about the time just before this, 7 days; it is taken as not watched, not as "
        "without attacks",
    )


@pytest.mark.parametrize(("dates", "ends", "said"), [
    (("2023-12-01", "2024-01-01", "2024-02-01"), [31, 62, 91], "one month"),
    (("2023-07-01", "2023-10-01", "2024-01-01"), [92, 184, 275], "the 3 months"),
])
def test_counts_by_month(record, dates, ends, said):
    told = record("date,count\n" + "".join(f"{day},1\n" for day in dates))
    assert told.ends.tolist() == ends
    assert told.notes == (f"a.csv: each count is taken to cover {said} from its date on",)


CUMULATIVE = ("date,total,Iraq,Syria,mark,source\n2023-10-16,0,0,0,derived,x\n2023-10-24,13,10,3,reported,y\n"
              "2023-10-26,16,,4,reported,y\n2023-10-30,23,14,9,reported,y\n")


def test_cumulative_counts_are_differences(record):
    told = record(CUMULATIVE)
    assert (told.kind, told.first_day, told.end, told.attacks) == ("counts", date(2023, 10, 17), 14, 23)
    assert intervals(told) == [(0, 8, 13), (8, 10, 3), (10, 14, 7)]
    assert places(told) == {"iraq": [10, None, None], "syria": [3, 1, 5]}
    assert told.notes == ("a.csv: iraq is known in 1 of 3 intervals only, those at both ends of which its count is "
                          "reported",)


def test_a_first_report_is_the_base_line_unless_its_begin_is_known(record):
    text = "date,total,iraq\n2023-10-24,13,10\n2023-10-26,16,12\n"
    told = record(text)
    assert (told.first_day, intervals(told), places(told)) == (date(2023, 10, 25), [(0, 2, 3)], {"iraq": [2]})
    assert told.notes == ("a.csv, row 2: the first report is the base line only: the file does not say since when "
                          "its 13 "
                          "attacks are counted; give the first day watched (--begin) to have them counted",)
    told = record(text, begin=date(2023, 10, 17))
    assert (told.first_day, intervals(told)) == (date(2023, 10, 17), [(0, 8, 13), (8, 10, 3)])
    assert (places(told), told.notes) == ({"iraq": [10, 2]}, ())


def test_counts_may_be_declared_cumulative_and_totals_counts(record):
    assert record("date,count\n2024-01-01,5\n2024-01-02,7\n", "cumulative").counts.tolist() == [2]
    assert record("date,total\n2024-01-01,5\n2024-01-02,7\n", "counts").counts.tolist() == [5, 7]


def test_a_falling_total_is_a_revision(record):
    told = record("date,total\n2024-01-01,0\n2024-01-03,9\n2024-01-05,8\n2024-01-06,7\n2024-01-09,12\n")
    assert intervals(told) == [(0, 5, 7), (5, 8, 5)]
    assert told.notes == ("a.csv, rows 3, 4: the total was higher than reported later (rows 4, 5), so it was "
                          "revised; the earlier report is left out",)


def test_a_place_whose_number_falls_is_not_known_there(record):
    told = record("date,total,iraq\n2024-01-01,0,0\n2024-01-03,9,6\n2024-01-05,10,5\n2024-01-09,12,6\n")
    assert told.counts.tolist() == [9, 1, 2]
    assert places(told) == {"iraq": [None, None, 1]}
    assert told.notes[0] == ("a.csv, row 3: the count of iraq was higher than reported later (row 4), so it was "
                             "revised; the earlier report is left out")


def test_attacks_assigned_to_a_place_late(record):
    told = record("date,total,iraq,syria\n2024-01-01,0,0,0\n2024-01-03,10,4,5\n2024-01-05,11,5,6\n")
    assert places(told) == {"iraq": [4, None], "syria": [5, None]}
    assert told.notes[0] == ("a.csv, row 4: since the report before, places rise by more than the total, as when "
                             "attacks "
                             "are assigned to a place late; how many there were at each place is taken as not known")


def test_numbers_with_thousands(record):
    assert record('date,count\n2024-01-01,"1,234"\n2024-01-02,5.0\n').counts.tolist() == [1234, 5]


def test_no_such_kind():
    with pytest.raises(ValueError, match="kind must be one of events, counts, cumulative, not 'daily'"):
        read("a.csv", "daily")


@FIXED
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=30))
def test_cumulative_counts_go_round(tmp_path_factory, steps):
    """Counts added up and written as reports come back as they were."""
    day, total, at = date(2020, 2, 27), 0, 0
    lines = [f"{day},0,0"]
    for days, here, elsewhere in steps:
        day, total, at = day + timedelta(days), total + here + elsewhere, at + here
        lines.append(f"{day},{total},{at}")
    path = tmp_path_factory.mktemp("round") / "a.csv"
    path.write_text("\n".join(["date,total,here", *lines]))
    told = read(path)
    assert told.first_day == date(2020, 2, 28)
    assert (told.ends - told.starts).tolist() == [days for days, _, _ in steps]
    assert told.counts.tolist() == [here + elsewhere for _, here, elsewhere in steps]
    assert told.places["here"].tolist() == [here for _, here, _ in steps]


EVENT = st.tuples(st.integers(1, 9), st.sampled_from(["", "00:00", "05:30", "23:59"]), st.sampled_from(["", "Iraq",
    "Syria"]),
                  st.sampled_from(["", "0", "3"]), st.sampled_from(["", "10", "11"]))


@FIXED
@given(st.lists(EVENT, min_size=1, max_size=12).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_events_does_not_matter(tmp_path_factory, both):
    path: Path = tmp_path_factory.mktemp("order") / "a.csv"
    told = []
    for rows in both:
        path.write_text("date,time,place,killed,reported\n" + "".join(
            f"2024-01-0{day},{time},{place},{killed},{reported and f'2024-01-{reported}'}\n"
            for day, time, place, killed, reported in rows))
        told.append(read(path))
    one, other = told
    assert (one.kind, one.first_day, one.end) == (other.kind, other.first_day, other.end)
    for name in ("times", "starts", "ends", "counts"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("killed", "wounded", "wounded_final", "delay_days"):
        np.testing.assert_array_equal(getattr(one.harm, name), getattr(other.harm, name))
    assert one.places.keys() == other.places.keys()
    for name in one.places:
        np.testing.assert_array_equal(one.places[name], other.places[name])
