"""What came of a drawdown: read as it stands, and told what is wrong with it, row by row."""

from datetime import date

import pytest

from evidence.drawdowns_of_old import CAME, SCENARIO, pair
from sim.api.hindcast import read_cases
from sim.evidence.drawdowns import episodes
from sim.evidence.errors import DataError
from sim.evidence.happened import WHAT, Observation

RECORD = episodes()


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(tmp_path, came=CAME, scenario=SCENARIO):
    pair(tmp_path, came, scenario)
    (case,) = read_cases(["north.toml"], RECORD)
    return case


def wrong(tmp_path, came, scenario=SCENARIO):
    with pytest.raises(DataError) as caught:
        read(tmp_path, came, scenario)
    return list(caught.value.problems)


def test_observations_as_they_stand_in_order_of_dates(tmp_path):
    lines = CAME.splitlines()
    seen = read(tmp_path, "\n".join([lines[0], *reversed(lines[1:])])).happened.observations
    assert [(one.day, one.what, one.count, one.site) for one in seen] == [
        (date(2020, 1, 20), "first_move", None, -1), (date(2020, 2, 1), "gone", 300, -1),
        (date(2020, 3, 1), "sites_closed", 1, -1), (date(2020, 3, 1), "there", 400, -1),
        (date(2020, 3, 2), "site", None, 0), (date(2020, 4, 10), "end", None, -1)]
    assert seen[1] == Observation(date(2020, 2, 1), "gone", 300, -1, "", "read", "a paper", "")
    assert [one.text for one in seen] == [
        "first move, 20 Jan 2020", "300 gone, 1 Feb 2020", "1 site closed, 1 Mar 2020", "400 still there, 1 Mar 2020",
        "Fort closed, 2 Mar 2020", "end, 10 Apr 2020"]


def test_three_columns_are_enough(tmp_path):
    (one,) = read(tmp_path, "value;what;date\n300;gone;2020-02-01\n").happened.observations
    assert (one.count, one.mark, one.source, one.note) == (300, "", "", "")


def test_episodes_of_the_record_are_left_out_if_named_or_announced_on_the_first_day(tmp_path):
    assert read(tmp_path).left_out == ()
    assert read(tmp_path, "episode,date,what,value\nU9; U10,2020-04-10,end,\n").left_out == ("U9", "U10")
    assert read(tmp_path, "date,what,value\n2020-04-10,end,\n",
                SCENARIO.replace("start = 2020-01-01", "start = 2020-02-29")).left_out == ("T15",)


@pytest.mark.parametrize(("row", "said"), [
    ("2020-02-30,gone,300", '"2020-02-30" in column date is no date; write dates as 2024-01-28'),
    (",gone,300", "column date is empty; write dates as 2024-01-28"),
    ("2020-02-01,left,300", f'in column what: "left" is none of {", ".join(WHAT)}'),
    ("2020-02-01,,300", "column what is empty; it has to be filled"),
    ("2020-02-01,gone,", "column value is empty; for gone it has the number"),
    ("2020-02-01,gone,a third", 'in column value: "a third" is not a whole number; counts are written 0, 1, 2, ...'),
    ("2020-02-01,gone,-3", 'in column value: "-3" is not a whole number; counts are written 0, 1, 2, ...'),
    ("2020-02-01,sites_closed,9", "in column value: north.toml has 2 sites, not 9"),
    ("2020-02-01,end,3", 'in column value: "3" is too much; end has a date only'),
    ("2020-02-01,site,", "column value is empty; for site it has the name of a site of the scenario"),
    ("2020-02-01,site,fart", 'in column value: north.toml has no site "fart"; did you mean fort?'),
    ("2019-12-31,gone,3", "2019-12-31 is before the scenario begins, on 2020-01-01; it cannot be forecast"),
    ("2022-01-01,end,", "2022-01-01 is after the scenario ends, on 2021-12-31; it cannot be forecast"),
])
def test_a_bad_row_is_one_line(tmp_path, row, said):
    said = said.replace("write dates as 2024-01-28", __import__("sim.evidence.values", fromlist=["x"]).WRITE_DATES)
    assert wrong(tmp_path, f"date,what,value\n{row}\n") == [f"north.csv, row 2: {said}"]


@pytest.mark.parametrize(("rows", "said"), [
    (["2020-02-01,gone,1", "2020-02-01,gone,2"], "gone on 2020-02-01 stands in an earlier row too"),
    (["2020-02-01,end,", "2020-03-01,end,"], "end stands in an earlier row too; there is one"),
    (["2020-02-01,site,fort", "2020-03-01,site,fort"], "the site Fort was closed in an earlier row too"),
    (["2020-02-01,site,fort", "2020-03-01,site,north/fort"], "the site Fort was closed in an earlier row too"),
    (["2020-03-01,not_ended,", "2020-02-01,end,"], "it had not ended on 2020-03-01, but the end is 2020-02-01"),
    (["2020-03-01,end,", "2020-03-01,not_ended,"], "it had not ended on 2020-03-01, but the end is 2020-03-01"),
])
def test_rows_that_do_not_go_together(tmp_path, rows, said):
    assert wrong(tmp_path, "\n".join(["date,what,value", *rows])) == [f"north.csv, row 3: {said}"]


def test_a_name_that_two_theatres_have(tmp_path):
    two = SCENARIO + "[theatres.south]\ntroops = 10\n[theatres.south.sites]\nfort = {}\n"
    assert wrong(tmp_path, "date,what,value\n2020-03-01,site,fort\n", two) == [
        'north.csv, row 2: in column value: more than one theatre has a site "fort"; write theatre/site']
    (one,) = read(tmp_path, "date,what,value\n2020-03-01,site,south/fort\n", two).happened.observations
    assert one.site == 2


def test_sites_that_are_alike_have_their_numbers(tmp_path):
    alike = SCENARIO.replace("fort = {", 'fort = { label = "Fort", count = 3,')
    (one,) = read(tmp_path, "date,what,value\n2020-03-01,site,fort_2\n", alike).happened.observations
    assert (one.site, one.text) == (1, "Fort 2 closed, 1 Mar 2020")


def test_everything_is_told_at_once_for_all_files(tmp_path):
    pair(tmp_path, "date,what,value,mark,episode\n2020-02-01,gone,x,sure,T99\n2020-02-01,nothing,,,\n")
    pair(tmp_path, "day,what\n2020-02-01,gone\n", name="other")
    pair(tmp_path, name="third")
    (tmp_path / "third.csv").unlink()
    with pytest.raises(DataError) as caught:
        read_cases(["north.toml", "other.toml", "third.toml"], RECORD)
    assert list(caught.value.problems) == [
        'north.csv, row 2: in column episode: the record has no "T99"; did you mean T9?',
        'north.csv, row 2: in column value: "x" is not a whole number; counts are written 0, 1, 2, ...',
        'north.csv, row 2: in column mark: "sure" is none of read, approximate, recalled',
        f'north.csv, row 3: in column what: "nothing" is none of {", ".join(WHAT)}',
        "other.csv, row 1: lacks the columns date, value; it has day, what",
        "third.csv: there is no such file; it should say what came of third.toml, with the columns date, what, value"]
