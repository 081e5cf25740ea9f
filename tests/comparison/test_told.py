"""What is said of an explanation: verbs only where the interval leaves zero out, signs and digits as they are read."""

from typing import Any

import pytest

from sim.comparison.explanation import Explanation, Game, OutcomeExplained, Share
from sim.words.phrases import give_or_take


def share(name: str, value: float, half: float, label: str = "") -> Share:
    return Share(name, label, (), value, [value - half, value + half])


def told(
    changes: list[Share], couplings: list[Share], direct: Share, kind: str = "number", unit: str = "attacks",
    orders: int = 0, half: float = 1, **means: Any,
) -> list[str]:
    total = share("difference", sum(change.share for change in changes), half)
    outcome = OutcomeExplained("it", kind, unit, "low", means.get("a", 100), means.get("b", 90), total,
                               Game(tuple(changes), 0), Game(tuple(couplings), orders), direct)
    notes = ("x and y go together",)
    return Explanation("old", "new", "2024-01-01", "2024-12-31", 100, 1, (outcome,), notes).sentences()


def test_shares_are_weighed_and_what_works_against_them_is_said():
    changes = [share("x", -8, 2, "1 to 2 days"), share("y", -3, 1), share("z", 1.5, 0.5, "added"), share("w", 0.1, 0.4)]
    first, *_, note, exact = told(changes, [], share("direct", -9.4, 1))
    assert first == ("it: new has 9.4 ± 1.0 attacks fewer than old (90 against 100). Most of it, 85 % (−8 ± 2), comes "
                     "from x (1 to 2 days) and 32 % (−3.0 ± 1.0) from y. Working the other way: z (added; +1.5 ± 0.5). "
                     "There is no clear effect of w (+0.1 ± 0.4).")
    assert note == "Note: x and y go together."
    assert exact == "Note: shares of changes are exact: all 16 combinations of the 4 were played."


def test_more_than_all_of_it_is_not_put_in_per_cent():
    first = told([share("x", -18, 2), share("y", 8.6, 1)], [], share("direct", -9.4, 1))[0]
    assert first.endswith("It comes from x (−18 ± 2). Working the other way: y (+8.6 ± 1.0).")


def test_without_a_difference_there_is_nothing_to_divide():
    changes = [share("x", -8, 2), share("y", 8.2, 1)]
    first, second, *_ = told(changes, [share("contagion", 0.3, 0.2, "words"), share("response", -0.1, 0.3)],
                             share("direct", 0, 0))
    assert first == ("it: no clear difference between new and old (+0.2 ± 1.0; 90 against 100). Even so, it is "
                     "raised by y (+8.2 ± 1.0), and lowered by x (−8 ± 2).")
    assert second == ("it, by coupling: with both couplings off, the two would not differ at all. The difference is "
                      "raised by contagion (words; +0.3 ± 0.2). There is no clear effect of the other one.")


def test_couplings_amplify_or_dampen_and_small_ones_are_counted():
    couplings = [share(f"c{i}", value, 0.1, f"w{i}") for i, value in enumerate((-5, 4, -3, -2, -1, -0.9, -0.8, 0.01))]
    _, text, _, sampled = told([share("x", -9.4, 1)], couplings, share("direct", -0.7, 1), orders=1234)
    assert text == (
        "it, by coupling: with all 8 couplings off, there would be no clear difference (−0.7 ± 1.0). The difference is "
        "amplified by c0 (w0; −5.00 ± 0.10), c2 (w2; −3.00 ± 0.10), c3 (w3; −2.00 ± 0.10), c4 (w4; −1.00 ± 0.10) and "
        "2 smaller ones, and dampened by c1 (w1; +4.00 ± 0.10). There is no clear effect of the other one.")
    assert sampled.startswith("Note: shares of couplings are averages over 1,234 random orders")


@pytest.mark.parametrize(("kind", "unit", "value", "means", "expected"), [
    ("day", "days after the start", 9.0, {"a": 30, "b": 39},
     "it: new comes 9.0 ± 1.0 days later than old (9 Feb 2024 against 31 Jan 2024; replications in "
     "which it has not happened by 31 Dec 2024 count as 31 Dec 2024)."),
    ("yes_no", "chance", -0.2, {"a": 0.5, "b": 0.3},
     "it: the chance is 20.0 ± 1.0 points lower in new than in old (30 % against 50 %)."),
    ("number", "million USD", 1234.0, {"a": 5000, "b": 6234},
     "it: it is 1,234.0 ± 1.0 million USD higher in new than in old (6,234 against 5,000)."),
    ("number", "days", -34.0, {"a": 138, "b": 104},
     "it: it is 34.0 ± 1.0 days shorter in new than in old (104 against 138)."),
    ("number", "ratio", -3.0, {"a": 4, "b": 1}, "it: it is 3.0 ± 1.0 lower in new than in old (1 against 4)."),
])
def test_a_difference_is_said_in_the_words_of_its_kind(kind, unit, value, means, expected):
    half = 0.01 if kind == "yes_no" else 1
    first = told([share("x", value, half)], [], share("direct", value, half), kind, unit, half=half, **means)[0]
    assert first.startswith(expected)


@pytest.mark.parametrize(("value", "half", "text"), [
    (-28.31, 3.2, "−28 ± 3"), (4.123, 1.24, "+4.1 ± 1.2"), (0.3333, 0.016, "+0.333 ± 0.016"),
    (-0.0004, 0.3, "0.0 ± 0.3"), (109881, 83883, "+110,000 ± 84,000"),
    (-143.3, 11.2, "−143 ± 11"), (0, 0, "0"), (-5.25, 0, "−5.25"), (-215167.4, 0, "−215,167"),
])
def test_amounts_have_the_digits_that_are_known(value, half, text):
    assert give_or_take(value, [value - half, value + half], "number") == text
    assert give_or_take(value / 100, [(value - half) / 100, (value + half) / 100], "yes_no") == text


def test_a_single_replication_has_no_interval():
    assert give_or_take(-5.25, None, "number", sign=False) == "5.25"
