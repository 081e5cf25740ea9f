"""What readers do on the page of a short scenario, and what they read there."""

import csv
import io
from pathlib import Path
from time import monotonic
from typing import Any

ONLY_A_HANG = 300_000
"""How long, in milliseconds, something may take: far longer than it does on a busy machine."""
PLAYED = 10_000
"""The replications to which the page refines what it shows."""
SMALL = """
title = "A short one"
question = "When are they gone?"
start = 2024-02-12
end = 2025-06-29
deadline = 2024-12-31
[theatres.north]
label = "North"
troops = 900
attacks_per_day = { dist = "uniform", low = 0.05, high = 0.2 }
[theatres.south]
label = "South"
troops = 300
attacks_per_day = 0.05
[tension]
high_multiplier = 5
mean_high_days = 60
mean_low_days = 120
[threat]
[talks]
first_round = 2024-02-12
[working_groups.all]
work_days = { dist = "triangular", low = 30, mode = 60, high = 200 }
[phases.north]
label = "North"
theatre = "north"
after = "agreement"
target = 0
over_days = 90
[phases.south]
label = "South"
theatre = "south"
after = "agreement"
target = 0
over_days = 90
"""
KEY, VALUE = "phases.north.over_days", 200


def until(page: Any, expression: str) -> None:
    """Wait until something is so. (Playwright's own way needs eval, which the page's policy forbids.)"""
    ends = monotonic() + ONLY_A_HANG / 1000
    while not page.evaluate(expression):
        assert monotonic() < ends, f"never became so: {expression}"
        page.wait_for_timeout(20)


def move(page: Any, key: str = KEY, value: object = VALUE) -> None:
    """Move a lever, and wait until all replications are there."""
    page.evaluate("([key, value]) => drawdown.ready.then(() => drawdown.set(key, value))", [key, value])
    until(page, "document.querySelector('.progress').textContent === '10,000 replications'")


def see_all(page: Any) -> None:
    """Go down the page, so that every figure is drawn."""
    page.evaluate("""async () => {
        for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
            scrollTo(0, y);
            await new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
        }
        scrollTo(0, 0);
    }""")


def open_all(page: Any) -> None:
    """Open every fold; what is in a fold of controls is made when it is first opened."""
    page.evaluate("""async () => {
        for (let folds; (folds = document.querySelectorAll('details:not([open])')).length > 0;) {
            for (const fold of folds) fold.open = true;
            await new Promise((done) => setTimeout(done, 100));
        }
    }""")


def saved(page: Any, figure: str, kind: str = "CSV") -> bytes:
    """Return the file that a button of a figure saves."""
    with page.expect_download() as download:
        page.locator(f"#living-{figure} .saving button", has_text=kind).click()
    return Path(download.value.path()).read_bytes()


def rows(page: Any, figure: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(saved(page, figure).decode())))


def numbers(found: list[dict[str, str]], column: str, **where: str) -> list[float]:
    """Return a column of the rows that have some values in other columns."""
    return [float(row[column]) for row in found if all(row[name] == value for name, value in where.items())]
