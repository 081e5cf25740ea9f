"""The record of drawdowns: what its files say agrees with itself, and damaged files are refused in words."""

import math
import re
from dataclasses import fields, replace
from datetime import date

import pytest

from sim.evidence import drawdowns
from sim.evidence.conduct import TOPICS, counts, facts, isis_attacks, sites
from sim.evidence.drawdowns import DATA, FILE, KINDS, Episode, episodes
from sim.evidence.errors import DataError

EPISODES = episodes()
BY_ID = {one.id: one for one in EPISODES}


@pytest.mark.parametrize("one", EPISODES, ids=lambda one: one.id)
def test_given_figures_follow_from_the_dates(one):
    wrong = [name for name in ("planned_days", "actual_days", "slip", "delay_days")
             if (given := getattr(one.given, name)) is not None
             and getattr(one, name) != pytest.approx(given, abs=0.0051 if name == "slip" else 0)]
    assert wrong == (["planned_days"] if one.id == "C1" else [])


@pytest.mark.parametrize("one", EPISODES, ids=lambda one: one.id)
def test_what_follows_from_dates_is_given_too(one):
    for name in ("planned_days", "actual_days", "slip", "delay_days"):
        assert (getattr(one.given, name) is None) == (getattr(one, name) is None), name


def test_how_many_of_each_kind_and_how_they_ended():
    assert [sum(one.kind == kind for one in EPISODES) for kind in KINDS] == [19, 12, 3, 5, 7]
    endings = ("early", "on_time", "late", "open", "reversed")
    tally = [sum(one.ending == ending for one in EPISODES) for ending in endings]
    assert sum(tally) == 46
    assert tally[0] + tally[1] == 36
    assert tally[2:] == [6, 2, 2]
    assert [one.id for one in EPISODES if one.ending == "late"] == ["T18", "H7", "U8", "U9", "U10", "U12"]


def quantile(values: list[float], q: float) -> float:
    """Linear interpolation between order statistics; what never ended is infinite."""
    place = q * (len(values) - 1)
    low, part = int(place), place % 1
    return sorted(values)[low] + (part * (sorted(values)[low + 1] - sorted(values)[low]) if part else 0)


SLIPS = {
    "all": (lambda one: True, [.81, .93, 1.00, 1.01, 1.81]),
    "without recalled": (lambda one: one.marks.get("slip") != "recalled", [.81, .92, 1.00, 1.02, 1.97]),
    "own_date": (lambda one: one.kind == "own_date", [.79, .92, .98, 1.00, 1.02]),
    "own_date without recalled": (lambda one: one.kind == "own_date" and one.marks.get("slip") != "recalled",
                                  [.75, .89, .97, 1.00, 1.02]),
    "host_demand": (lambda one: one.kind == "host_demand", [.67, .91, .96, 1.00, 1.00]),
}


@pytest.mark.parametrize("name", SLIPS)
def test_quantiles_of_slip_are_those_that_the_compilers_found(name):
    """Computed by hand when the record was put together; a date copied wrongly would show."""
    which, expected = SLIPS[name]
    slips = [one.slip if one.slip is not None else math.inf for one in EPISODES if which(one)]
    assert len(slips) == {"all": 46, "without recalled": 41, "own_date": 19, "own_date without recalled": 16,
                          "host_demand": 12}[name]
    found = [quantile(slips, q) for q in (.1, .25, .5, .75, .9)]
    assert found == pytest.approx(expected, abs=0.0051)


@pytest.mark.parametrize(("kind", "expected"), [
    ("all", (0, 16, 30, 64, 446, 33)), ("own_date", (0, 19, 31, 62, 104, 13)),
    ("host_demand", (3, 15, 28, 80, 143, 11))])
def test_quantiles_of_the_first_delay_are_those_that_the_compilers_found(kind, expected):
    days = [one.delay_days for one in EPISODES if one.delay_days is not None and kind in ("all", one.kind)]
    assert [quantile(days, q) for q in (0, .25, .5, .75, 1)] == pytest.approx(expected[:5], abs=0.51)
    assert len(days) == expected[5]


def test_first_delay_over_actual_days_is_what_the_compilers_found():
    shares = [one.delay_days / one.actual_days for one in EPISODES if one.delay_days is not None and one.actual_days]
    assert [quantile(shares, q) for q in (.25, .5, .75)] == pytest.approx([.09, .18, .40], abs=0.0051)


def test_every_field_with_a_mark_of_its_own_is_known_and_every_episode_has_a_source():
    for one in EPISODES:
        assert one.sources
        assert one.note
        for field, mark in one.marks.items():
            value = getattr(one, field)
            assert value is not None, (one.id, field)
            assert mark != one.mark, (one.id, field)


def test_marks():
    marks = {mark: sum(one.mark == mark for one in EPISODES) for mark in drawdowns.MARKS}
    assert marks == {"read": 41, "approximate": 5, "recalled": 0}
    assert BY_ID["T6"].mark_of("actual_end") == "recalled"
    assert BY_ID["T6"].mark_of("announced") == "read"


def test_what_is_computed_from_an_episode():
    one = BY_ID["U9"]
    assert (one.planned_days, one.actual_days, one.delay_days, one.days_late) == (275, 456, 446, 181)
    assert one.moved
    assert one.moved_months == pytest.approx(5.95, abs=0.01)
    assert one.leaving == 2000
    assert one.delay_share == pytest.approx(446 / 275)
    assert BY_ID["T8"].delay_days == 0  # had begun the day before
    assert (BY_ID["T3"].redatings, BY_ID["T3"].moved, BY_ID["T3"].ending) == (1, False, "early")  # moved forward
    assert (BY_ID["C1"].moved, BY_ID["C1"].ending) == (True, "reversed")
    assert BY_ID["C1"].moved_months == pytest.approx(32 / 30.44, abs=0.01)
    assert (BY_ID["C2"].moved, BY_ID["C2"].ending, BY_ID["C2"].planned_days) == (False, "reversed", None)
    assert (BY_ID["C3"].moved, BY_ID["C3"].ending, BY_ID["C3"].moved_months) == (True, "open", None)
    assert BY_ID["T13"].leaving == 33_000
    assert BY_ID["H3"].leaving is None


@pytest.mark.parametrize(("days", "ending", "moved"), [
    (-1, "early", False), (0, "on_time", False), (14, "on_time", False), (15, "late", True)])
def test_two_weeks_late_is_on_time(days, ending, moved):
    one = replace(BY_ID["T1"], actual_end=date.fromordinal(date(1989, 2, 15).toordinal() + days))
    assert (one.ending, one.moved) == (ending, moved)


def test_counts_lie_within_their_drawdown_and_never_rise():
    gone: dict[str, list[int]] = {}
    for count in counts():
        one = BY_ID[count.id]
        assert one.announced < count.day <= one.actual_end
        assert count.sources == one.sources
        assert (count.there is None) != (count.gone is None)
        left = count.gone if count.gone is not None else one.troops_from - count.there
        assert 0 <= left <= one.leaving
        gone.setdefault(count.id, []).append(left)
    assert all(numbers == sorted(numbers) for numbers in gone.values())
    assert gone["U7"] == [675, 1100, 3400, 10500]
    assert gone["T12"] == [3000, 8000, 21000, 31000, 35000, 38500]


def test_sites_are_handed_over_after_the_order_or_say_otherwise():
    for site in sites():
        one = BY_ID[site.id]
        if site.handed_over:
            assert (site.handed_over > one.announced) == site.after_order
    days = {site.site: (site.handed_over - BY_ID[site.id].announced).days for site in sites()
            if site.after_order and site.handed_over and site.id in ("H2", "H5", "H8")}
    assert days == {"Gossi": 61, "Menaka": 116, "Gao": 179, "Faya": 28, "Abeche": 44, "N'Djamena": 63,
                    "Air base 101": 49, "Air base 201": 78}


def test_facts_and_series_of_attacks():
    for fact in facts():
        assert not fact.id or fact.id in BY_ID
        assert fact.low is not None or fact.high is not None
        assert fact.low is None or fact.high is None or fact.low <= fact.high
    assert {fact.topic for fact in facts()} == set(TOPICS)
    series: dict[tuple[str, str], list[int]] = {}
    for attacks in isis_attacks():
        series.setdefault((attacks.series, attacks.area), []).append(attacks.attacks)
    assert series["CTC", "Iraq"] == [1470, 1669, 566, 808, 510, 1200]
    assert series["BBC", "Iraq"] == [401, 141]
    assert series["RIC", "north-east Syria"] == [215, 285, 189]
    assert len(series) == 10


@pytest.fixture
def damaged(tmp_path, monkeypatch):
    """Return what is said about a copy of the record in which one text stands for another."""
    monkeypatch.chdir(tmp_path)

    def read(old: str, new: str, name: str = "drawdowns", reader=episodes) -> tuple[str, ...]:
        text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
        assert text.count(old)
        (tmp_path / "a.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DataError) as caught:
            reader("a.csv")
        return caught.value.problems

    return read


def test_damage_is_told_in_words(damaged):
    assert damaged("1988-04-14", "spring") == (
        'a.csv, row 2: "spring" in column announced is no date; write dates as 2024-01-28',)
    assert damaged("1988-04-14", "") == ("a.csv, row 2: column announced is empty; write dates as 2024-01-28",)
    assert damaged("1988-04-14", "1989-02-15") == (
        "a.csv, row 2: the planned_end 1989-02-15 is not after the announcement on 1989-02-15",
        "a.csv, row 2: the actual_end 1989-02-15 is not after the announcement on 1989-02-15")
    assert damaged("1988-05-15", "1989-05-15") == (
        "a.csv, row 2: the first move on 1989-05-15 comes after the end on 1989-02-15",)
    assert damaged("own_date", "whenever") == (
        'a.csv, row 2: in column kind: "whenever" is none of own_date, host_demand, conditions, handover, '
        "mission_closure",)
    assert damaged("100000", "many") == (
        'a.csv, row 2: in column troops_from: "many" is not a whole number; counts are written 0, 1, 2, ...',)
    assert damaged("1.00", "one") == (
        'a.csv, row 2: in column slip: "one" is not a number; numbers are written 1234 or 0.96',)
    assert damaged("first_move=recalled", "first_move=sure") == (
        "a.csv, row 3: in column marks: first_move=sure is not a column and its mark, such as first_move=recalled",)
    assert damaged("\nT2,", "\nT1,") == ("a.csv, row 3: the id T1 stands in an earlier row too",)
    assert damaged("1994-08-31,,380000", "1994-31-08,,380000") == (
        'a.csv, row 4: "1994-31-08" in column redated_to is no date; write dates as 2024-01-28',)
    assert damaged("2019-03-29,,2019-02-21", "2019-03-29,2019-03-01,2019-02-21") == (
        "a.csv, row 33: what was reversed has no actual_end",)


def test_all_damage_is_told_at_once_and_a_column_that_is_missing_first(damaged):
    assert damaged("T1,Soviet Union from Afghanistan,", ",,") == (
        "a.csv, row 2: column id is empty; it has to be filled",
        "a.csv, row 2: column name is empty; it has to be filled")
    (told,) = damaged("announced,first_move", "told,moved")
    assert told.startswith("a.csv, row 1: lacks the columns announced, first_move; it has id, name, force, place, "
                           "kind, told, moved, ")


@pytest.mark.parametrize(("name", "reader", "old", "new", "said"), [
    ("drawdown_counts", counts, "1988-08-15", "", "column date is empty; write dates as 2024-01-28"),
    ("drawdown_sites", sites, "few_hundred", "cosy",
     'in column size: "cosy" is none of small, few_hundred, several_hundred, main_hub'),
    ("drawdown_facts", facts, "lift,", "luck,",
     'in column topic: "luck" is none of lift, kit, loads, base, pace, tail, unscored'),
    ("isis_attacks", isis_attacks, "2018-12-31", "2017-12-31",
     "the time ends on 2017-12-31, before it begins on 2018-01-01"),
])
def test_damage_to_the_other_files(damaged, name, reader, old, new, said):
    assert damaged(old, new, name, reader) == (f"a.csv, row 2: {said}",)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="there is no"):
        episodes(tmp_path / "none.csv")


def test_the_columns_are_the_fields():
    header = FILE.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    names = [field.name for field in fields(Episode) if field.name != "given"]
    assert set(header) == {*names, "planned_days", "actual_days", "slip", "delay_days"}
    assert all(re.fullmatch(r"[TUCH]\d+", one.id) for one in EPISODES)
