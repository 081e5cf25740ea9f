"""What readers see and do: in every width and light, by keyboard, on paper and in words."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import sim
from sim.play.result import Result
from tests.browser.reading import KEY, PLAYED, SMALL, move, open_all, saved, see_all, until

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

Open = Callable[..., Any]


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_no_page_is_wider_than_the_window(open_page: Open, file: Path, width: int) -> None:
    page = open_page(file, viewport={"width": width, "height": 844})
    move(page)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    see_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [390, 1280])
def test_charts_stay_inside_their_panels(open_page: Open, file: Path, width: int) -> None:
    """No label of a chart is cut off, or lies over the chart beside it."""
    page = open_page(file, viewport={"width": width, "height": 844})
    move(page)
    see_all(page)
    out = page.evaluate("""() => [...document.querySelectorAll('.panel')].flatMap((panel) => {
        const box = panel.getBoundingClientRect();
        return [...panel.querySelectorAll('svg text')].filter((text) => text.textContent.trim()).flatMap((text) => {
            const { left, right } = text.getBoundingClientRect();
            return left < box.left - 12 || right > box.right + 12 ? [text.textContent] : [];
        });
    })""")
    assert out == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(open_page: Open, file: Path, scheme: str, width: int) -> None:
    page = open_page(file, viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    move(page)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    see_all(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


def test_everything_is_reached_by_keyboard_and_seen_to_be(open_page: Open, file: Path) -> None:
    page = open_page(file, viewport={"width": 1280, "height": 900})
    move(page)
    wanted = page.evaluate("""() => [...document.querySelectorAll('a[href], button, input, select, summary')]
        .filter((one) => !one.disabled && one.checkVisibility())
        .map((one, i) => { one.dataset.number = i; return i; })""")
    reached, unseen = set(), []
    for _ in range(2 * len(wanted)):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const one = document.activeElement;
            return [one.dataset.number, getComputedStyle(one).outlineStyle, one.outerHTML.slice(0, 100)];
        }""")
        if at[0] is None or int(at[0]) in reached:
            continue
        reached.add(int(at[0]))
        if at[1] == "none":
            unseen.append(at[2])
    assert reached == set(wanted)
    assert unseen == []


def test_a_slider_is_moved_by_keyboard_and_taken_back(open_page: Open, file: Path) -> None:
    page = open_page(file, viewport={"width": 1280, "height": 900})
    page.evaluate("drawdown.ready")
    slider = page.locator(f"[data-key='{KEY}'] input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    until(page, "drawdown.state()['phases.north.over_days'] > 90")
    until(page, "document.querySelector('.changes').textContent.includes('Phase North')")
    page.locator(".doing .undo").focus()
    page.keyboard.press("Enter")
    until(page, "Object.keys(drawdown.state()).length === 0")
    assert slider.input_value() == "90"
    page.locator(".doing .redo").focus()
    page.keyboard.press("Enter")
    until(page, "Object.keys(drawdown.state()).length === 1")
    page.locator(".changes button").focus()
    until(page, "document.querySelector('.progress').textContent === '10,000 replications'")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Take back:")
    page.keyboard.press("Enter")
    until(page, "Object.keys(drawdown.state()).length === 0")
    assert page.evaluate("document.activeElement.className") == "undo"


def test_what_is_wrong_stands_beside_the_control(open_page: Open, file: Path) -> None:
    page = open_page(file, viewport={"width": 1280, "height": 900})
    page.evaluate("drawdown.ready")
    lever = page.locator(f"[data-key='{KEY}']")
    field = lever.locator("input.number")
    for text in ("-5", "", "30,5", "soon"):
        field.fill(text)
        field.blur()
        said = lever.locator(".fault")
        assert said.is_visible()
        assert field.get_attribute("aria-invalid") == "true"
        assert said.get_attribute("id") == field.get_attribute("aria-describedby")
        assert field.input_value() == text  # nothing is clamped
        assert page.evaluate("drawdown.state()") == {}
    field.fill("-5")
    field.blur()
    faults = page.evaluate(f"drawdown.faults('{KEY}', -5)")
    assert said.text_content() == faults[0]["message"]
    field.fill("30,5")
    field.blur()
    assert said.text_content() == '"30,5" is not a number.'
    field.fill("1,200")  # as the page writes numbers
    field.blur()
    until(page, "drawdown.state()['phases.north.over_days'] === 1200")
    field.fill("120")
    field.blur()
    until(page, "drawdown.state()['phases.north.over_days'] === 120")
    assert not said.is_visible()
    field.fill("-5")
    field.blur()
    page.locator(".bar .reset").click()
    until(page, "Object.keys(drawdown.state()).length === 0")
    assert not said.is_visible()
    assert field.input_value() == "90"


def test_an_uncertain_number_is_supposed_to_be_known(open_page: Open, file: Path) -> None:
    page = open_page(file, viewport={"width": 1280, "height": 900})
    page.evaluate("drawdown.ready")
    key = "working_groups.all.work_days"
    open_all(page)
    lever = page.locator(f"[data-key='{key}']")
    lever.locator("select").select_option("exact")
    until(page, f"drawdown.state()['{key}'] === 60")
    lever.locator("select").select_option("range")
    until(page, "Object.keys(drawdown.state()).length === 0")  # as long as it is the range of the file
    assert [one.input_value() for one in lever.locator("input").all()] == ["30", "200"]
    lever.locator("input").nth(1).fill("100")
    lever.locator("input").nth(1).blur()
    until(page, f"drawdown.state()['{key}']?.high === 100")
    lever.locator("select").select_option("uncertain")
    until(page, "Object.keys(drawdown.state()).length === 0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_base_and_changed_differ_without_colour(open_page: Open, file: Path, scheme: str) -> None:
    page = open_page(file, color_scheme=scheme)
    move(page)
    see_all(page)
    base, after, paper = (page.evaluate(f"""() => {{
        const one = document.createElement('i');
        one.style.color = 'var(--{name})';
        document.body.append(one);
        return getComputedStyle(one).color;
    }}""") for name in ("base", "blue", "paper"))
    assert contrast(base, after) > 2
    assert contrast(after, paper) > 3
    assert contrast(base, paper) > 7
    lines = page.evaluate("""() => ['base', 'blue'].map((name) =>
        [...document.querySelectorAll(`#living-troops svg.plot [stroke="var(--${name})"]`)]
            .map((line) => line.getAttribute('stroke-dasharray')))""")
    assert set(filter(None, lines[0])) == {"7 3"}
    assert set(lines[1]) == {None}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it: only their lightness counts."""
    light, dark = sorted((_luminance(colour) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_dark_is_dark(open_page: Open, file: Path) -> None:
    page = open_page(file, color_scheme="dark")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert _luminance(background) < 0.02


def test_every_figure_says_in_words_what_it_shows(open_page: Open, file: Path, result: Result) -> None:
    page = open_page(file)
    page.evaluate("drawdown.ready")
    see_all(page)
    told = page.evaluate("""() =>
        [...document.querySelectorAll('.panels')].filter((one) => one.checkVisibility()).map((one) => [
            one.getAttribute('role'), one.getAttribute('aria-label'),
            document.getElementById(one.getAttribute('aria-describedby')).textContent])""")
    assert len(told) >= 7
    assert all(role == "img" and label and re.search(r"\d", words) for role, label, words in told)
    words = next(words for _, label, words in told if label == "Troops by theatre")
    middle = result.trajectories.troops.values[0, :, 0]
    assert f"12 Feb 2024: {middle[2]:.0f} (nine in ten: {middle[0]:.0f} to {middle[4]:.0f})" in words


def test_it_is_printed_on_a_few_pages(open_page: Open, file: Path) -> None:
    page = open_page(file)
    move(page)
    pdf = page.pdf(prefer_css_page_size=True)
    assert 3 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 12
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator(".side").is_visible()
    assert page.locator(".saving:visible").count() == 0
    drawn = page.evaluate("""() => [...document.querySelectorAll('.figure:not(.empty)')]
        .map((one) => one.querySelectorAll('svg.plot').length)""")
    assert len(drawn) >= 8
    assert all(drawn)


def test_pictures_are_saved_in_the_colours_of_print(open_page: Open, file: Path) -> None:
    page = open_page(file, color_scheme="dark")
    move(page)
    svg = saved(page, "troops", "SVG").decode()
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    assert "var(" not in svg
    assert "#0072b2" in svg.lower()  # the blue of paper, though the page is dark
    assert "A short one. 10,000 replications, seed 1." in "".join(root.itertext())
    assert saved(page, "troops", "PNG").startswith(b"\x89PNG")


def test_nothing_moves_for_those_who_want_no_motion(open_page: Open, file: Path) -> None:
    for motion, expected in (("reduce", False), ("no-preference", True)):
        page = open_page(file, reduced_motion=motion)
        open_all(page)
        moving = page.evaluate("""() => [...document.querySelectorAll('*')].some((one) =>
            ['', '::after', '::-webkit-progress-value'].some((part) =>
                parseFloat(getComputedStyle(one, part).transitionDuration) > 0))""")
        assert moving is expected


def test_outcomes_are_saved_by_replication(open_page: Open, file: Path, result: Result) -> None:
    page = open_page(file)
    move(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Outcomes as CSV").click()
    found = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    base = [float(row["completion_day"]) for row in found if row["timeline"] == "as in the file"]
    assert base == result.column("completion_day").tolist()
    assert len(found) == 2 * PLAYED


def test_as_many_outcomes_are_saved_as_are_shown(open_page: Open, scenario: Path, tmp_path: Path) -> None:
    page = open_page(sim.report(sim.run(scenario, 2000)).write(tmp_path / "fewer.html"))
    page.evaluate("drawdown.ready")
    with page.expect_download() as download:
        page.get_by_role("button", name="Outcomes as CSV").click()
    found = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert [row["timeline"] for row in found] == ["as in the file"] * 2000


def test_a_replication_is_told_again(open_page: Open, file: Path) -> None:
    page = open_page(file)
    move(page)
    page.locator(".retold input[type=number]").fill("17")
    page.locator(".retold button", has_text="Tell it").click()
    page.wait_for_selector(".told .sides")
    assert "Both go the same way until" in page.locator(".told").text_content()
    base, after = (page.locator(".told .sides > div").nth(i).text_content() for i in (0, 1))
    assert "As in the file" in base
    assert "Changed" in after
    assert base != after


def test_the_figure_of_differences_appears_with_a_change(open_page: Open, file: Path) -> None:
    page = open_page(file)
    page.evaluate("drawdown.ready")
    see_all(page)
    figure = page.locator("#living-differences")
    assert not figure.is_visible()
    move(page)
    figure.scroll_into_view_if_needed()
    until(page, "document.querySelectorAll('#living-differences svg.plot').length === 3")
    assert figure.is_visible()
    page.locator(".doing .reset").click()
    until(page, "!document.querySelector('#living-differences').checkVisibility()")


def test_a_control_is_found_by_a_word(open_page: Open, file: Path) -> None:
    page = open_page(file)
    page.evaluate("drawdown.ready")
    find = page.locator(".search input")
    find.fill("pace: the target")
    shown = page.locator(".lever:visible")
    assert {one.get_attribute("data-key") for one in shown.all()} == {KEY, "phases.south.over_days"}
    find.fill("nothing is called that")
    assert shown.count() == 0
    assert page.locator(".search .none").text_content() == "No control is called that."
    find.fill("")
    assert shown.count() > 2


def test_a_comparison_shows_each_scenario_beside_the_base(open_page: Open, scenario: Path, tmp_path: Path) -> None:
    others = []
    for name, days in (("slow", 200), ("slower", 300)):
        others.append(tmp_path / f"{name}.toml")
        text = SMALL.replace("over_days = 90", f"over_days = {days}").replace("A short one", name.title())
        others[-1].write_text(text, encoding="utf-8")
    page = open_page(sim.report(scenario, *others, replications=500).write(tmp_path / "three.html"))
    page.evaluate("drawdown.ready")
    see_all(page)
    assert "Slow: median" in page.locator("#living-troops .key").text_content()
    assert "Short: median" in page.locator("#living-troops .key").text_content()
    page.locator(".chooser select").select_option("2")
    until(page, "document.querySelector('#living-troops .key').textContent.includes('Slower: median')")
    page.evaluate("([key, value]) => drawdown.set(key, value)", [KEY, 400])
    until(page, "document.querySelector('#living-troops .key').textContent.includes('Slower, changed: median')")
    assert page.locator(".outcomes thead th").all_text_contents()[1:3] == ["Short", "Slower, changed"]
    page.locator(".chooser select").focus()
    page.locator(".chooser select").select_option("0")
    until(page, "document.querySelectorAll('.outcomes thead th').length === 2")  # means alone
    assert page.evaluate("document.activeElement.matches('.chooser select')")
    page.evaluate("drawdown.choose(2)")
    assert page.evaluate("document.querySelector('.chooser select').value") == "2"
    assert page.locator(f"[data-key='{KEY}'] .about summary").text_content() == "In the file: 300 days"
