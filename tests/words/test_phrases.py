"""How numbers, means and lists are worded."""

from datetime import date

import pytest

from sim.words.phrases import (
    difference_text,
    difference_unit,
    give_or_take,
    is_counted,
    listed,
    mean_text,
    number,
    percent,
    points,
    share,
    they,
    whole_percent,
    with_sign,
)


@pytest.mark.parametrize(("value", "text"), [
    (999.7, "1,000"), (123456.4, "123,456"), (99.94, "99.9"), (0.12345, "0.123"), (-2.5, "−2.5"), (-0.0, "0"),
    (0.0000123, "0.0000123"), (-0.00001, "−0.00001"), (1e6, "1,000,000"),
    (float("inf"), "inf"), (float("nan"), "nan"),
])
def test_numbers_have_three_digits_or_all_before_the_point(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.5, "50 %"), (0.042, "4.2 %"), (0.0001, "0 %"), (-0.021, "−2.1 %")])
def test_shares_are_percentages(value: float, text: str) -> None:
    assert share(value) == text


def test_a_mean_day_is_a_date_and_none_is_later_than_the_last() -> None:
    start, end = date(2024, 2, 12), date(2024, 3, 12)
    assert mean_text(1.9, "day", start, end) == "13 Feb 2024"
    assert mean_text(30.0, "day", start, end) == "12 Mar 2024"  # the horizon: the end of the last day
    assert mean_text(0.25, "yes_no", start, end) == "25 %"
    assert mean_text(-2500.0, "number", start, end) == "−2,500"


def test_lists_say_how_many_more_there_are() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(iter("abc")) == "a, b and c"
    assert listed("abcde", 3) == "a, b and 3 more"
    assert listed("abc", 3) == "a, b and c"


def test_every_form_of_a_percentage_has_its_digits() -> None:
    assert [whole_percent(0.555), percent(0.53812), share(0.53812), points(0.095)] == [
        "56 %", "53.8 %", "54 %", "9.5 points"]
    assert [whole_percent(-0.02), points(-0.12)] == ["−2 %", "−12 points"]


@pytest.mark.parametrize(("text", "signed", "unsigned"), [
    ("12.5", "+12.5", "12.5"), ("-12.5", "−12.5", "−12.5"), ("-0.00", "0.00", "0.00"), ("+0", "0", "0")])
def test_signs_are_real_and_zero_has_none(text: str, signed: str, unsigned: str) -> None:
    assert with_sign(text) == signed
    assert with_sign(text, plus=False) == unsigned


@pytest.mark.parametrize(("value", "half", "text"), [
    (-22.46, 0.6, "−22.5"), (4.123, 0.04, "+4.12"), (1234.5, 80.0, "+1,234"), (0.001, 0.04, "0"),
    (3.0, float("inf"), "+3")])
def test_differences_have_the_digits_that_are_certain(value: float, half: float, text: str) -> None:
    assert difference_text(value, half) == text


def test_differences_of_chances_are_in_points_and_of_dates_in_days() -> None:
    assert difference_unit("yes_no", "chance") == "percentage points"
    assert difference_unit("yes_no", "chance", short=True) == "points"
    assert difference_unit("day", "days after the start") == "days"
    assert difference_unit("number", "attacks") == "attacks"
    assert give_or_take(-0.281, [-0.311, -0.251], "yes_no") == "−28 ± 3"
    assert give_or_take(-28.1, [-31.1, -25.1], "number", sign=False) == "28 ± 3"


def test_there_is_more_of_what_is_counted_and_a_higher_amount_of_the_rest() -> None:
    assert is_counted("number", "attacks")
    assert is_counted("day", "days after the start")
    assert not is_counted("yes_no", "chance")
    assert not is_counted("number", "million USD")


@pytest.mark.parametrize(("number_of_them", "text"), [(1, "sets out for"), (2, "set out for"), (0, "set out for")])
def test_one_does_what_others_do(number_of_them: int, text: str) -> None:
    assert they(number_of_them, "set out for") == text
