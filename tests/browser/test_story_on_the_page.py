"""What happened in replication 17, on the page of a run: told again, and parting where base and changed part."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clocks.web import is_fresh

import sim
from sim.model.setup import set_up
from sim.scenario.load import load
from sim.words.phrases import date_text
from sim.words.story import trace
from tests.web.test_story import ABOUT, STATES, beginning, steps_of

LEVER, VALUE, SEED = "lift.per_week", 300, 3


@pytest.fixture
def page(open_page: Callable[..., Any], tmp_path: Path) -> Any:
    """The page of a run, alive."""
    if not is_fresh():
        pytest.skip("the WebAssembly program of the package is not made from these sources: python -m tools.build")
    result = sim.run("gradual", 50, SEED, out=tmp_path / "run", figures=False, say=lambda _: None)
    page = open_page(sim.report(result).write(tmp_path / "page.html"))
    page.evaluate("drawdown.ready")
    return page


def told(page: Any, replication: int) -> list[tuple[str, str]]:
    """Ask for a replication, with what is routine; return dates and sentences as they stand on the page."""
    page.get_by_label("What happened in replication").fill(str(replication))
    page.get_by_label("everything, routine included").check()
    page.get_by_role("button", name="Tell it").click()
    page.locator(".told .story li").first.wait_for(state="attached")
    return page.locator(".told .story li").evaluate_all(
        "items => items.map(li => [li.querySelector('time').dateTime, "
        "[...li.querySelectorAll('span')].at(-1).textContent.trim()])")


def test_replication_17_is_told_again(page: Any) -> None:
    file = load("gradual")
    events = [event for event in trace(file, 17, SEED) if event.kind not in ABOUT and not event.text.startswith(STATES)]
    found = told(page, 17)
    assert [day for day, _ in found] == [event.date.isoformat() for event in events]
    for (_, text), event in zip(found, events, strict=True):
        if event.kind != "end":
            assert event.text.startswith(beginning(text)), (text, event)
    drawn = [event for event in trace(file, 17, SEED) if event.kind == "drawn"]
    assert page.locator(".told ul.drawn li").count() == len(drawn) > 50


def test_base_and_changed_part_where_they_first_differ(page: Any) -> None:
    page.evaluate("([key, value]) => drawdown.set(key, value)", [LEVER, VALUE])
    told(page, 17)
    models = [set_up(load("gradual", changes).scenario) for changes in ({}, {LEVER: VALUE})]
    base, changed = (steps_of(model, 17, SEED) for model in models)
    same = next(i for i, (one, other) in enumerate(zip(base, changed, strict=False)) if one != other)
    first = min(base[same][0][0], changed[same][0][0])
    parted = models[0].scenario.start + timedelta(days=int(first))
    assert f"Both go the same way until {date_text(parted)}." in page.locator(".told").inner_text()
    page.locator(".told > details > summary").last.click()
    assert page.locator(".told > details .story li").count() == same
