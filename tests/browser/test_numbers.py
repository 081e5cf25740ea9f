"""In a browser, the page's statistics, numbers in words and story give what they give in Node.js and in the package."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.estimate.estimate import standard_error
from sim.estimate.intervals import mean_interval, wilson
from sim.model.setup import set_up
from sim.scenario.load import load
from sim.words import phrases, summary
from sim.words.story import trace
from tests.web.page_code import Call, bundle, question, read
from tests.web.test_story import check, log_of, subject_of


@pytest.fixture
def call(open_page: Callable[..., Any], tmp_path: Path) -> Call:
    """Call a function of the page by its name, in a browser."""
    file = tmp_path / "page.html"
    script = bundle().replace("</script", "<\\/script")
    file.write_text(f"<!doctype html><meta charset=utf-8><title>Numbers</title><script>{script}</script>",
                    encoding="utf-8")
    page = open_page(file)
    return lambda name, *given: read(page.evaluate("asked => PageCode.answer(asked)", question(name, *given)))


def test_statistics_are_those_of_the_package(call: Call) -> None:
    values = np.random.default_rng(3).pareto(1.5, 10_001)
    assert call("mean", values) == float(values.mean())
    assert call("deviation", values) / len(values) ** 0.5 == standard_error(values)
    assert call("quantiles", values) == summary.quantiles(values)
    assert call("wilson", 123, 1000) == wilson(123, 1000)
    middle = float(values.mean())
    low, high = mean_interval(values) or []
    assert call("studentReach", 10_000) * standard_error(values) == pytest.approx((high - low) / 2, rel=1e-12)
    assert low < middle < high


def test_numbers_are_written_as_in_the_package(call: Call) -> None:
    values = [0.5, 2.5, -2.5, 99.95, 12300.0, 0.125, 1e-7, 0.045]
    assert call("each", "number", [[value] for value in values]) == list(map(phrases.number, values))
    assert call("each", "share", [[value] for value in values]) == list(map(phrases.share, values))
    assert call("dayText", 874.0, {"start": "2024-02-12", "end": "2028-12-31"}) == "5 Jul 2026"


def test_a_replication_is_told_as_in_the_package(call: Call) -> None:
    file = load("gradual")
    model = set_up(file.scenario)
    check(call("story", log_of(model, 17, 1), subject_of(model)), trace(file, 17, 1))
