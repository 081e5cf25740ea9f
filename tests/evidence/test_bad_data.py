"""Files that cannot be used are refused with a line for each fault, without a traceback whatever is in them."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.evidence.errors import DataError
from sim.evidence.read import read
from sim.evidence.table import LARGEST

WRITE = "write dates as 2024-01-28"


def refusal(path: str | Path) -> str:
    with pytest.raises(DataError) as caught:
        read(path)
    (line,) = caught.value.problems
    return line


def test_what_is_no_file(tmp_path):
    assert refusal("nowhere.csv") == "nowhere.csv: there is no such file"
    assert refusal(tmp_path) == f"{tmp_path}: is a folder; name a CSV file in it"
    assert refusal("a\0b.csv") == "a\\x00b.csv: is not a possible file name"
    assert refusal("x" * 300) == f"{'x' * 300}: cannot be read: file name too long"
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == f"{tmp_path}/pipe: is not an ordinary file; data are read from a file on disk"


@pytest.mark.exhaustive
def test_a_file_that_is_too_large(tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert refusal(tmp_path / "large.csv") == f"{tmp_path}/large.csv: is too large; a data file has at most 1 GB"


READ_AS_NOBODY = """
import os, sys
from sim.evidence.read import read
from sim.evidence.errors import DataError
os.chdir(sys.argv[1])
os.setgid(65534); os.setuid(65534)
try:
    read("secret.csv")
except DataError as error:
    print(error)
"""


def test_no_permission(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("date\n2024-01-28\n")
    path.chmod(0)
    if os.geteuid() != 0:
        assert refusal(path) == f"{path}: may not be read; you lack the permission"
        return
    # root may read everything, so another process gives up being root
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o111)
    done = subprocess.run([sys.executable, "-c", READ_AS_NOBODY, tmp_path], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
    assert done.stdout == "secret.csv: may not be read; you lack the permission\n"


@pytest.mark.parametrize(("content", "message"), [
    (b"", "a.csv: is empty; the first row names the columns, the others say what happened"),
    (b" \n\n", "a.csv: is empty; the first row names the columns, the others say what happened"),
    (b"\nDate\n", "a.csv, row 1: the first row is empty; it has to name the columns"),
    (b"date,count\n\n,\n", "a.csv: has a header and no rows"),
    (b"date,Count,count\n", "a.csv, row 1: columns are named twice: count; each needs a name of its own"),
    (b"PK\x03\x04rest", "a.csv: is an Excel workbook or another zip archive; open it and save the table as CSV"),
    (b"\xd0\xcf\x11\xe0rest", "a.csv: is an Excel workbook; open it and save the table as CSV"),
    (b"\x1f\x8brest", "a.csv: is compressed; unpack it first"),
    (b"%PDF-1.7", "a.csv: is a PDF document; the table has to be saved as CSV"),
    (b"date\0", "a.csv: is not a text file (it holds NUL bytes); save the table as CSV"),
    (b'date,count\n2024-01-01,1\n2024-01-02,"2\n2024-01-03,3\n',
     'a.csv, row 3: double quotes do not match; a text that holds one is written "like ""this"""'),
    (b'date,place\n2024-01-01,"a" b\n',
     'a.csv, row 2: double quotes do not match; a text that holds one is written "like ""this"""'),
    (b'date,place\n2024-01-01,' + b"x" * 131_073,
     "a.csv, row 2: a cell has more than 131,072 characters; is a double quote not closed?"),
])
def test_what_is_no_table(problems, content, message):
    assert problems(content) == [message]


@pytest.mark.parametrize("text", [
    "date,count\n2024-01-01,5\n2024-01-02,7\n",
    "date;count\r\n2024-01-01;5\r\n2024-01-02;7\r\n",
    "date\tcount\n2024-01-01\t5\n2024-01-02\t7",
    "\ufeffdate,count\n2024-01-01,5\n2024-01-02,7\n",
    "count , Date,,\n5,2024-01-01,,\n\n,,,\n 7, 2024-01-02 ,\n",
    "date,count\r2024-01-01,5\r2024-01-02,7\r",
])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_ways_to_write_a_table(record, text, encoding):
    told = record(text.encode(encoding))
    assert (told.counts.tolist(), told.notes) == ([5, 7], ("a.csv: each count is taken to cover one day from its "
                                                           "date on",))


def test_another_encoding_is_noted(record):
    told = record("date,place\n2024-01-01,Erbil\n2024-01-02,Ḩasakah\n".encode())
    assert sorted(told.places) == ["erbil", "ḩasakah"]
    told = record("date,place\n2024-01-01,Erbil\n2024-01-02,Qamichlié’s\n".encode("cp1252"))
    assert sorted(told.places) == ["erbil", "qamichlié’s"]
    assert told.notes[0] == ("a.csv, row 3: is not in UTF-8; read as Windows-1252, so look whether names are spelt "
                             "right")


def test_rows_are_lines_of_the_file(problems):
    assert problems('date,note,place\n2024-01-01,"two\nlines",x\n\n2024-13-01,"three\n\nlines",x\nsoon,,x\n') == [
        f'a.csv, row 5: "2024-13-01" in column date is no date; {WRITE}',
        f'a.csv, row 8: "soon" in column date is no date; {WRITE}',
    ]


def test_a_row_that_is_too_long(problems):
    told = "a text or number that holds a {} stands in double quotes"
    assert problems("date,count\n2024-01-01,1,234\n2024-01-02,-1\n") == [
        f"a.csv, row 2: has 3 cells where the header has 2; {told.format('comma')}",
        'a.csv, row 3: in column count: "-1" is negative; counts are 0 or more',
    ]
    assert problems("date;count\n2024-01-01;1;a\n") == [
        f"a.csv, row 2: has 3 cells where the header has 2; {told.format('semicolon')}"]


def test_all_that_is_wrong_with_numbers_and_dates(problems):
    assert problems("date,count,iraq\n2024-01-01,-3,\n2024-01-02,1.5,\n2024-01-03,many,\n2024-01-04,,1\n"
                    "2024-01-05,12345678901,\n1066-10-14,1,\n,1,\n2024-02-30,1,\n2024-01-09,1,2\n2024-01-10,1,x\n"
                    "2024-01-11,4,3\n") == [
        'a.csv, row 2: in column count: "-3" is negative; counts are 0 or more',
        'a.csv, row 3: in column count: "1.5" is not a whole number; counts are whole, thousands are written 1234',
        'a.csv, row 4: in column count: "many" is not a number; counts are written 0, 1, 2, ...',
        'a.csv, row 6: in column count: "12345678901" is too large; counts are below a thousand million',
        'a.csv, row 7: the date "1066-10-14" lies outside the years 1900 to 2100',
        f"a.csv, row 8: the date is missing; {WRITE}",
        f'a.csv, row 9: "2024-02-30" in column date is no date; {WRITE}',
        "a.csv, row 10: the places (iraq) add up to 2, more than the 1 of all",
        'a.csv, row 11: in column iraq: "x" is not a number; counts are written 0, 1, 2, ...',
    ]


def test_what_is_wrong_with_events(problems):
    assert problems("date,time,killed,reported\n2024-01-28,25:00,0,\n2024-01-28,dawn,1.0,2024-01-27\n"
                    "2024-01-28,05:60,?,2024-01-29\n2024-01-28,05:30,some,x\n") == [
        'a.csv, row 2: "25:00" in column time is no time of day; write times as 05:30',
        'a.csv, row 3: "dawn" in column time is no time of day; write times as 05:30',
        "a.csv, row 3: the attack of 2024-01-28 is reported earlier, on 2024-01-27",
        'a.csv, row 4: "05:60" in column time is no time of day; write times as 05:30',
        'a.csv, row 5: in column killed: "some" is not a number; counts are written 0, 1, 2, ...',
        f'a.csv, row 5: "x" in column reported is no date; {WRITE}',
    ]


def test_different_time_zones(problems):
    assert problems("date\n2024-01-28T05:30Z\n2024-01-28T05:30+03:00\n2024-01-28T05:30\n") == [
        "a.csv: times in column date are in different time zones (+03:00, UTC, none); write all in one, without "
        "naming it"]


def test_dates_written_in_different_ways(problems):
    assert problems("date,count\n2024-01-27,1\n2024-01-28,1\n29.01.2024,1\n30.01.2024,1\n") == [
        'a.csv, row 2: dates in column date are written in different ways: "2024-01-27" (row 2), "29.01.2024" (row '
        '4); write '
        "all as 2024-01-28"]
    assert problems("date,count\n13/04/2024,1\n04/14/2024,1\n") == [
        'a.csv, row 2: dates in column date are written in different ways: "13/04/2024" (row 2), "04/14/2024" (row '
        '3); write '
        "all as 2024-01-28"]


def test_day_or_month_first(problems, record):
    assert problems("date,count\n05/05/2024,1\n03/04/2024,1\n04/04/2024,1\n") == [
        'a.csv, row 3: "03/04/2024" in column date may be 2024-04-03 or 2024-03-04, and no other row tells; '
        f"{WRITE}"]
    told = record("date,count\n11/04/2024,1\n12/04/2024,1\n13/04/2024,1\n")
    assert told.first_day == date(2024, 4, 11)
    assert told.notes[0] == 'a.csv, row 4: in column date, days are read as coming first, as "13/04/2024" shows'
    told = record("date,count\n4-12-2024,1\n4-13-2024,1\n")
    assert told.first_day == date(2024, 4, 12)
    assert told.notes[0] == 'a.csv, row 3: in column date, months are read as coming first, as "4-13-2024" shows'


@pytest.mark.parametrize("written", ["2024-1-28", "2024/01/28", "20240128", "28.1.2024", "28/01/2024", "28-01-2024",
                                     "28 January 2024", "28 Jan 2024", "28-Jan-2024", "January 28, 2024"])
def test_ways_to_write_a_date(record, written):
    assert record(f'date\n"{written}"\n').first_day == date(2024, 1, 28)


@pytest.mark.parametrize("written", ["28/01/24", "2024-01", "45319", "2024-01-28T", "2024.01.28", "20240230",
    "28 Januar 2024"])
def test_what_is_no_date(problems, written):
    assert problems(f"date\n{written}\n") == [f'a.csv, row 2: "{written}" in column date is no date; {WRITE}']


def test_dates_that_stand_twice(problems):
    assert problems("date,count\n2024-01-02,1\n2024-01-01,2\n2024-01-02,3\n") == [
        "a.csv, row 4: the date 2024-01-02 stands in row 2 too; each date has one count"]
    assert problems("date,total\n2024-01-02,1\n2024-01-02,3\n") == [
        "a.csv, row 3: the date 2024-01-02 stands in row 2 too; each date has one count"]


def test_intervals_that_overlap_or_run_backwards(problems):
    assert problems("from,to,count\n2024-01-01,2024-01-31,9\n2024-01-05,2024-01-06,1\n2024-01-31,2024-02-07,5\n") == [
        "a.csv, row 3: the interval from 2024-01-05 to 2024-01-06 overlaps that of row 2",
        "a.csv, row 4: the interval from 2024-01-31 to 2024-02-07 overlaps that of row 2",
    ]
    assert problems("from,to,count\n2024-01-08,2024-01-07,9\n") == [
        "a.csv, row 2: the interval ends on 2024-01-07, before it begins on 2024-01-08"]


def test_dates_that_are_not_regular(problems):
    assert problems("date,count\n2024-01-01,1\n2024-01-08,2\n2024-01-15,2\n2024-01-18,2\n") == [
        "a.csv, row 5: 2024-01-18 comes 3 days after row 4, where most dates are 7 apart; write from, to and count for "
        "intervals of different lengths"]
    assert problems("date,count\n2024-01-01,1\n") == [
        "a.csv: a single date does not tell which time its count covers; write from, to and count"]


def test_cumulative_counts_that_are_none(problems):
    assert problems("date,total\n2024-01-01,5\n2024-01-03,3\n2024-01-05,7\n2024-01-09,2\n2024-01-10,1\n") == [
        "a.csv: the total falls 3 times in 5 reports (rows 3, 5, 6), which a cumulative count does not do; say --kind "
        "counts if each number stands for itself"]
    assert problems("date,total\n2024-01-01,1\n") == [
        "a.csv: one report of a cumulative count gives no interval; there have to be two, or the first day "
        "watched (--begin)"]


def test_a_time_watched_that_holds_nothing(problems):
    assert problems("date\n2024-01-28\n", begin=date(2024, 1, 29)) == ["a.csv: no event lies in the time that was "
        "watched"]
    assert problems("from,to,count\n2024-01-01,2024-01-07,5\n", end=date(2024, 1, 6)) == [
        "a.csv: no interval lies in the time that was watched"]
    assert problems("date\n2024-01-28\n", begin=date(2024, 1, 29), end=date(2024, 1, 28)) == [
        "a.csv: the first day watched, 2024-01-29, lies after the last, 2024-01-28"]


def test_at_most_twenty_problems_are_told(problems):
    told = problems("date,killed\n" + "soon,-1\n" * 1500)
    assert len(told) == 21
    assert told[:2] == [f'a.csv, row 2: "soon" in column date is no date; {WRITE}',
                        'a.csv, row 2: in column killed: "-1" is negative; counts are 0 or more']
    assert told[-1] == "a.csv: and 2,980 more"


def test_what_a_message_shows_stays_one_short_line(problems):
    (told,) = problems('date\n"so\non' + "x" * 100 + '"\n')
    assert told == f'a.csv, row 2: "so\\non{"x" * 35}..." in column date is no date; {WRITE}'


HEADERS = ["date,count", "date,total,iraq", "from,to,count", "date,time,place,killed", "id,date,reported", "a;b",
           "event_id_cnty,event_date,fatalities,time_precision", "id,date_start,date_end,best,date_prec"]
CELLS = ["2024-01-28", "2024-02-29", "28.01.2024", "03/04/2024", "1 May 2024", "05:30", "0", "3", "-1", "1,5", "1.5",
    "x", "",
         '"', '"1,234"', "²", "9" * 30, "\r", "\u2028", "nan", "inf", "1e5", "0000-00-00", "2024-01-28T05:30Z"]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.sampled_from(HEADERS), st.lists(st.lists(st.sampled_from(CELLS), max_size=5), max_size=8),
       st.sampled_from([None, "events", "counts", "cumulative"]))
@example("date,count", [["2024-01-28", "²"]], None)
def test_no_table_makes_the_reader_fail(tmp_path_factory, header, rows, kind):
    path = tmp_path_factory.mktemp("wild") / "a.csv"
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]), encoding="utf-8")
    try:
        lines = read(path, kind).notes
    except DataError as error:
        lines = error.problems or ("no word of why",)
    assert all(line.startswith(str(path)) and line.isprintable() for line in lines)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_make_the_reader_fail(tmp_path_factory, content, headed):
    path = tmp_path_factory.mktemp("bytes") / "a.csv"
    path.write_bytes(b"date,count\n" * headed + content)
    with pytest.raises(DataError):
        read(path)
