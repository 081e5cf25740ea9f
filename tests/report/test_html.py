"""Nothing in a scenario is taken for markup, and the page's policy allows what it needs and nothing else."""

import re
from base64 import b64decode, b64encode
from datetime import date
from hashlib import sha256

import pytest

import sim
from sim.api.report import Report
from sim.report.html import packed, policy, unbroken
from tests.report.hostile import ATTACK, LONG, hostile
from tests.report.pages import Page


def plain(data):
    """Return tables with dates as dates, as a TOML parser would give them."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return date.fromisoformat(data) if isinstance(data, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", data) else data


@pytest.fixture(scope="module")
def attacked() -> str:
    return sim.report(sim.from_dict(plain(hostile()), ATTACK.replace("/", "")), replications=20).html()


def test_a_hostile_scenario_adds_no_element_and_no_attribute(attacked: str, of_run: Report) -> None:
    page, usual = Page(attacked), Page(of_run.html())
    assert {name for name, _ in page.elements} == {name for name, _ in usual.elements}
    assert [one.get("id") for one in page.of("script")][:3] == ["document", "worker", "program"]
    assert len(page.of("script")) == len(usual.of("script"))
    assert {name for _, attributes in page.elements for name in attributes} <= {
        name for _, attributes in usual.elements for name in attributes}
    assert not page.of("img")


def test_hostile_texts_are_shown_as_they_are(attacked: str) -> None:
    page = Page(attacked)
    assert ATTACK in page.text
    assert page.document()["title"] == ATTACK
    assert LONG in page.document()["scenarios"][0]["labels"]["sites"][0]


def test_no_character_of_markup_is_left_in_the_data(attacked: str) -> None:
    scripts = Page(attacked).scripts
    for name in "document", "program", "world-0":
        assert re.fullmatch("[A-Za-z0-9+/]+=*", scripts[name])


def test_links_hold_what_they_load(attacked: str) -> None:
    page = Page(attacked)
    links = [value for _, attributes in page.elements for name, value in attributes.items() if name in ("href", "src")]
    assert links
    assert all(link.startswith("data:application/toml;charset=utf-8;base64,") for link in links)


def test_the_policy_names_every_script_and_style_that_runs(of_run: Report) -> None:
    text = of_run.html()
    said = next(one["content"] for one in Page(text).of("meta") if one.get("http-equiv") == "Content-Security-Policy")
    (run,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    for directive, content in (("script-src", run), ("style-src", style)):
        hashed = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{hashed}'" in said
    assert "default-src 'none'" in said
    assert "connect-src 'none'" in said
    assert "'unsafe-eval'" not in said
    assert "script-src 'unsafe-inline'" not in said


def test_a_policy_of_two_scripts_names_both() -> None:
    assert policy(["a", "b"], [""]).count("'sha256-") == 3


def test_packed_bytes_can_be_inflated() -> None:
    import zlib

    assert zlib.decompress(b64decode(packed(b"abc" * 100))) == b"abc" * 100


def test_a_page_without_scripts_has_the_whole_article(of_run: Report) -> None:
    page = Page(of_run.html()).text
    for sentence in of_run.article.answer:
        assert unbroken(sentence) in page
    text = page.replace("\u00a0%", " %")
    for section in of_run.article.sections:
        for part in (section.title, *section.paragraphs, *section.notes):
            assert part in text
        for table in section.tables:
            assert all(cell in text for row in table.rows for cell in row)
    assert all(sentence in text for sentence in (*of_run.article.answer, *of_run.article.how_to_read))
    assert "a <book> & more" in text


def test_no_line_ends_before_a_percent_sign() -> None:
    assert unbroken("in 31.1 % (30 – 32) of") == "in 31.1\u00a0% (30 – 32) of"
