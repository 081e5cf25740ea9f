"""A browser without a network, for the living page: every test here has the mark `browser` and uses `open_page`.

A page may load only what lies on the disk or in itself, and may neither throw nor log an error; else its test fails.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import OPTIONS, PROGRAMS, program

import sim
from sim.play.result import Result
from tests.browser.reading import KEY, ONLY_A_HANG, PLAYED, SMALL, VALUE

ALLOWED = ("file:", "blob:", "data:", "about:")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; where it or Playwright is missing, the tests are skipped, except in the gate."""
    found = program()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return _missing("Playwright is not installed: python -m pip install -e '.[web]'")
    if found is None:
        return _missing(f"there is no browser: none of {', '.join(PROGRAMS)} is on the PATH")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=OPTIONS)


@pytest.fixture
def faults() -> list[str]:
    """What the pages did that they must not do; a test that expects something takes it out."""
    return []


@pytest.fixture
def open_page(browser: Any, faults: list[str]) -> Iterator[Callable[..., Any]]:
    """Return what opens a file in a window of its own; options are those of Playwright's `new_context`."""
    contexts = []

    def opened(file: Path, fragment: str = "", **options: Any) -> Any:
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        context.set_default_timeout(ONLY_A_HANG)
        context.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
        context.on("weberror", lambda thrown: faults.append(f"error: {thrown.error.message}"))
        context.on("request", lambda one: None if one.url.startswith(ALLOWED) else faults.append(f"request: {one.url}"))
        page = context.new_page()
        page.goto(file.resolve().as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("look") / "short.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def result(scenario: Path) -> Result:
    return sim.run(scenario, PLAYED)


@pytest.fixture(scope="module")
def changed(scenario: Path) -> Result:
    return sim.run(sim.load(scenario, {KEY: VALUE}), PLAYED)


@pytest.fixture(scope="module")
def file(scenario: Path, result: Result) -> Path:
    return sim.report(result).write(scenario.with_suffix(".html"))


def _missing(what: str) -> None:
    if "CI" in os.environ:
        pytest.fail(what)
    pytest.skip(what)
