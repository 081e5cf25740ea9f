"""The site of the documentation, once built (`python -m tools.site`), opens from disk."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).parents[2] / "build" / "site"
ANCHORS = "[...document.querySelectorAll('[id], a[name]')].map(one => one.id || one.name)"
LINKS = """[...document.querySelectorAll("[href], [src]")].map(one => one.href || one.src)
    .filter(link => typeof link == "string" && link.startsWith("file:"))"""


@pytest.fixture
def pages() -> list[Path]:
    """The pages of the site; without one, tests are skipped, except in the gate."""
    found = sorted(SITE.rglob("*.html"))
    if not found and "CI" not in os.environ:
        pytest.skip("the site is not built: python -m tools.site")
    assert found
    return found


def test_every_page_opens_and_every_link_leads_somewhere(pages: list[Path], open_page: Callable[..., Any]) -> None:
    """Without an error and without a request to a network, as for every page that is opened here."""
    page = open_page(pages[0])
    anchors: dict[Path, set[str]] = {}
    links: set[tuple[Path, str]] = set()
    for file in pages:
        page.goto(file.as_uri())
        anchors[file] = set(page.evaluate(ANCHORS))
        links |= {(file, link) for link in page.evaluate(LINKS)}
    assert len(links) > 1000
    astray = [(file, link) for file, link in links if not leads_somewhere(link, anchors)]
    assert sorted(f"{file.relative_to(SITE)}: {link}" for file, link in astray) == []


def leads_somewhere(link: str, anchors: dict[Path, set[str]]) -> bool:
    parts = urlsplit(link)
    file = path_of(parts.path)
    return file.is_file() and (not parts.fragment or unquote(parts.fragment) in anchors.get(file, ()))


@cache
def path_of(path: str) -> Path:
    return Path(unquote(path)).resolve()


def test_what_is_searched_for_is_found(pages: list[Path], open_page: Callable[..., Any]) -> None:
    page = open_page(SITE / "index.html")
    page.fill("input[name=query]", "half-width")
    page.wait_for_selector(".md-search-result__item a")
    assert "half-width" in page.inner_text(".md-search-result__list").lower()


def test_formulas_are_set(pages: list[Path], open_page: Callable[..., Any]) -> None:
    page = open_page(SITE / "docs" / "model.html")
    assert page.locator("math").count() > 100
    assert page.locator(".arithmatex").count() == 0


def test_the_gallery_has_a_living_page_of_every_scenario(pages: list[Path], open_page: Callable[..., Any]) -> None:
    page = open_page(SITE / "gallery" / "index.html")
    shown = {Path(unquote(urlsplit(link).path)).stem for link in page.evaluate(LINKS) if "/gallery/" in link}
    assert shown >= {file.stem for file in (SITE.parents[1] / "scenarios").glob("*.toml")} | {"comparison"}


def test_notebooks_show_what_they_gave(pages: list[Path], open_page: Callable[..., Any]) -> None:
    page = open_page(SITE / "notebooks" / "explore.ipynb.html")
    assert page.locator("article img").count() >= 3
    assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
