"""The page on the record of drawdowns: what it says, and that its figures show what the files say."""

import matplotlib.pyplot as plt
import pytest
import record_conduct
import record_figures
import record_tables

PAGE = record_tables.PAGE.read_text(encoding="utf-8")


def test_the_first_caveat_stands_beside_the_headline():
    headline = PAGE.split("<!-- record_headline: begin -->")[1].split("<!--")[0]
    assert headline.strip().startswith("**Of 46 drawdowns that were announced, 36 ended by their date")
    assert "not picked at random" in headline.split("**")[1]


def test_every_episode_has_its_row():
    table = record_tables.record_episodes().splitlines()[2:]
    assert [line.split(" | ")[0] for line in table] == [f"| {one.id}" for one in record_tables.episodes()]
    assert ("| C1 | United States from Syria, 2018 order | `conditions` | 2018-12-19 | 2019-01-11 | 2019-03-29 | "
            "reversed 2019-02-21 | 2,000 to 1,000~ | – |") in table


def test_disagreements_are_shown():
    assert record_tables.record_disagreements().startswith("Of 162 figures, 1 differs from what the dates give.")
    (row,) = record_tables.record_disagreements().splitlines()[4:]
    assert row.startswith("| C1 | United States from Syria, 2018 order | `planned_days` | 132 | 100 | ")


def test_halfway_in_time():
    """By hand: Burundi's thousand were slowest, with 400 on day 86 of 100; the United States in Niger fastest."""
    at = record_conduct.counted()
    assert at["U12"] == [(0.86, 0.4)]
    assert at["H8"] == [(49 / 119, 766 / 950), (78 / 119, 930 / 950)]
    slowest = 0.4 * 0.5 / 0.86
    fastest = (766 + (930 - 766) * (59.5 - 49) / (78 - 49)) / 950
    assert (slowest, fastest) == pytest.approx((0.233, 0.869), abs=0.001)
    assert "from 23 to 87 %)" in record_conduct.record_shape().split("|")[0]


def test_prose_outside_of_the_markers_has_no_numbers_of_the_record():
    prose = PAGE
    for name in record_tables.TABLES:
        before, _, rest = prose.partition(f"<!-- {name}: begin -->")
        prose = before + rest.partition(f"<!-- {name}: end -->")[2]
    digits = [line for line in prose.splitlines() if any(letter.isdigit() for letter in line)]
    assert [line for line in digits if "90 %" not in line and "$" not in line and "n + 4" not in line] == []


def test_figures_show_every_episode_and_count():
    everyone = record_tables.episodes()
    slips, delays = record_figures.endings(everyone).axes
    points = [line for line in slips.lines if line.get_marker() == "o"]
    assert len(points) == len(everyone)
    assert len([line for line in delays.lines if line.get_marker() == "o"]) == sum(
        one.delay_share is not None for one in everyone)
    panel = record_figures.shape(record_conduct.counted()).axes[0]
    assert sum(len(line.get_xdata()) - 2 for line in panel.lines[1:]) == len(record_conduct.counts())
    lines = record_figures.isis(record_conduct.isis_attacks()).axes[0].lines
    assert sum(len(line.get_xdata()) for line in lines) == len(record_conduct.isis_attacks())
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == len(lines)
    assert plt.get_fignums() == []
