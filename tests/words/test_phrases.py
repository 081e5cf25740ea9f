"""How numbers, means and lists are worded."""

from datetime import date

import pytest

from sim.words.phrases import listed, mean_text, number, share


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
