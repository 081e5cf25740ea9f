"""What users wrote is harmless where it is written, and comes back as it was."""

import csv
import io
import json
import re
import unicodedata
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

import sim
from sim.scenario.harmless import CsvWriter, from_csv, in_csv, on_screen, printable

NASTY = "\x1b[]0;\x07\x08\r\n\t\x7f\x9b\u202e\u2066\u200b\ufeff\u2028\U000e0041'=+-@＝"
TEXTS = st.text(st.one_of(st.sampled_from(NASTY), st.sampled_from("a1., \u0627\u0644\u05d0"), st.characters()))
LABELS = TEXTS.filter(lambda text: "\0" not in text)
"""The csv module of Python 3.11 cannot read NUL."""


def commands(text):
    """Characters of a text that a terminal obeys or does not show."""
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\t"]


@given(TEXTS)
@example("\x1b]0;title\x07\x9b31m")
def test_nothing_on_the_screen_is_a_command_and_the_rest_stays(text):
    shown = on_screen(text)
    assert commands(shown) == []
    assert commands(printable(text)) == []
    assert "\n" not in printable(text)
    kept = [c for c in text if c not in commands(text)]
    if not commands(text):
        assert shown == text
    assert [c for c in shown if not c.isascii()] == [c for c in kept if not c.isascii()]


def test_escapes_are_seen_and_letters_of_every_script_stay():
    assert on_screen("a\x1b[31mb\u202e\x9b\r") == r"a\x1b[31mb\u202e\u009b\r"
    assert on_screen("محافظة الأنبار\n\tתל אביב 日本 1 000 %") == "محافظة الأنبار\n\tתל אביב 日本 1 000 %"
    assert on_screen(b"caf\xe9".decode("utf-8", "surrogateescape")) == r"caf\udce9"


@given(st.dictionaries(TEXTS, TEXTS))
def test_json_on_the_screen_means_the_same(data):
    assert json.loads(on_screen(json.dumps(data, ensure_ascii=False, indent=2))) == data


@given(st.lists(st.lists(LABELS, min_size=2, max_size=4), max_size=4))
@example([["=1+1", "'=1+1"], ["''@x", "-3.5"], ["\r", "a\rb"]])
def test_labels_come_back_from_csv_and_none_is_computed(rows):
    text = io.StringIO(newline="")
    CsvWriter(text).writerows(rows)
    cells = list(csv.reader(io.StringIO(text.getvalue(), newline="")))
    assert [[from_csv(cell) for cell in row] for row in cells] == rows
    computed = [cell for row in cells for cell in row if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]
    assert all(float(cell) is not None for cell in computed)  # nothing but numbers


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_stay_numbers(number):
    text = io.StringIO()
    CsvWriter(text).writerow([number, str(number), f"{number:+.6g}"])
    assert text.getvalue() == f"{number},{number},{number:+.6g}\n"


def test_what_looks_like_a_formula_is_text():
    formulas = ["=cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "- a dash", "\t=1"]
    assert [in_csv(cell) for cell in formulas] == [f"'{cell}" for cell in formulas]
    plain = ["north", "'tis", "a=1", "-3.5", "+1e-9", -3.5, None]
    assert [in_csv(cell) for cell in plain] == plain


def test_all_csv_files_are_written_in_one_way():
    sources = {path.name: path.read_text(encoding="utf-8") for path in Path(sim.__file__).parent.rglob("*.py")}
    found = {name for name, source in sources.items() if re.search(r"csv\.writer|DictWriter|\.to_csv\(", source)}
    assert found == {"harmless.py", "export.py"}  # the second by pandas
    assert ".map(in_csv)" in sources["export.py"]
