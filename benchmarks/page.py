"""The living page in Chromium, opened from disk and without a network: how soon it shows pictures and fresh numbers.

python benchmarks/page.py [RUNS]
"""

import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from clock_speed import model_of
from measure import (
    MICRO,
    ROOT,
    SEED,
    Ratio,
    Table,
    Times,
    alternate,
    command,
    median,
    number,
    over,
    scaled,
    seconds_of,
    show,
    spread,
)

from sim.play.run import Means, Size, play_ensemble

sys.path.insert(0, str(ROOT / "tests"))
from chromium import OPTIONS, program

SCENARIO, REPLICATIONS = "scenarios/gradual.toml", 10_000  # as many as the page plays in the background
LEVER, FIRST = "phases.iraq.over_days", 300
WATCH = """
window.seen = {};
const note = what => requestAnimationFrame(() => { seen[what] ??= performance.now() / 1000; });
const look = () => document.querySelector("figure svg") ? note("picture") : requestAnimationFrame(look);
look();
addEventListener("drawdown:moved", () => note("numbers"));
window.both = async () => {
    while (!(seen.picture && seen.numbers)) await new Promise(requestAnimationFrame);
    return seen;
};
window.count = which => Object.values(drawdown.outcomes(which))[0].length;
window.refined = async (which, least) => {
    while (count(which) < least) await new Promise(done => addEventListener("drawdown:refined", done, {once: true}));
};
"""
"""Notes the seconds from opening to the first frame with a figure, and to the first with fresh replications."""
ONE_CORE = "Object.defineProperty(navigator, 'hardwareConcurrency', {get: () => 1});"
MOVE = """async ([key, value]) => {
    const begun = performance.now();
    await drawdown.set(key, value);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return (performance.now() - begun) / 1000;
}"""
"""Moves a lever; returns the seconds until the page has been drawn again."""
REFINE = """async ([key, value, least]) => {
    await drawdown.set(key, value);
    const begun = performance.now(), from = count("changed");
    await refined("changed", least);
    return (performance.now() - begun) / 1000 / (count("changed") - from);
}"""
"""Moves a lever; returns the seconds that each further replication takes."""


def open_page(browser: Any, file: Path, *scripts: str) -> Any:
    """Open the page in a window of its own, and wait for its fresh numbers."""
    page = browser.new_context(offline=True).new_page()
    for script in (WATCH, *scripts):
        page.add_init_script(script)
    page.goto(file.as_uri())
    page.evaluate("both()")
    return page


def waits(browser: Any, file: Path, runs: int) -> dict[str, Times]:
    """Measure what a reader waits for."""
    times: dict[str, Times] = {"picture": [], "numbers": [], "move": []}
    for run in range(runs + 1):
        page = open_page(browser, file)
        found = page.evaluate("seen") | {"move": page.evaluate(MOVE, [LEVER, FIRST + run])}
        page.context.close()
        for name, values in times.items():
            values += [found[name]] * (run > 0)  # the first warms the disk
    return times


def one_thread(browser: Any, file: Path, runs: int) -> dict[str, Times]:
    """Play one variant after the other in one worker, and natively on one thread; seconds a replication."""
    page = open_page(browser, file, ONE_CORE)
    page.evaluate("least => refined('base', least)", REPLICATIONS)
    levers = {engine: iter(range(FIRST, FIRST + runs)) for engine in ("web", "native")}

    def web() -> float:
        return float(page.evaluate(REFINE, [LEVER, next(levers["web"]), REPLICATIONS]))

    def native() -> float:
        model = model_of("gradual", f"{LEVER}={next(levers['native'])}")
        play = partial(play_ensemble, model, SEED, Size(REPLICATIONS), Means(workers=1, clock="compiled"), twins=False)
        return seconds_of(play) / REPLICATIONS

    times = alternate({"web": web, "native": native}, runs)
    page.context.close()
    return times


def tables(runs: int = 9) -> list[Table]:
    """Write the page of a scenario and measure it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [not_measured("Playwright is not installed")]
    found = program()
    if found is None:
        return [not_measured("there is no Chromium")]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "report.html")
        writing = [command("-m", "sim", "report", SCENARIO, "--quiet", "--out", str(file)).seconds for _ in range(3)]
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        waited, played = waits(browser, file, runs), one_thread(browser, file, runs)
        about = f"Chromium {browser.version}"
        return [waiting(waited, writing, file.stat().st_size / MICRO, about), playing(played, about)]


def waiting(times: dict[str, Times], writing: Times, megabytes: float, about: str) -> Table:
    rows = [("from opening to the first picture", spread(times["picture"])),
            ("from opening to the first fresh numbers", spread(times["numbers"])),
            ("a moved lever, until the page is drawn again", spread(times["move"])),
            ("the command `report`, which plays and writes it", spread(writing))]
    note = (f"The page of `gradual` with {REPLICATIONS:,} replications, {number(megabytes)} MB, opened from disk "
            f"{len(times['move'])} times in a fresh window, without a network. Fresh numbers and a moved lever take "
            f"1,000 replications, in workers on all cores. {about}.")
    ratios = [Ratio("living page: seconds from opening to the first picture", times["picture"], most=0.5),
              Ratio("living page: seconds from opening to the first fresh numbers", times["numbers"], most=1.5),
              Ratio("living page: seconds until a moved lever is drawn again", times["move"], most=0.4),
              Ratio("living page: size in MB", [megabytes], most=1.5)]
    return Table("What a reader waits for", note, ("the living page", "seconds"), rows, ratios)


def playing(times: dict[str, Times], about: str) -> Table:
    cost = over(times["web"], times["native"])
    note = (f"In the browser, a replication takes {median(cost)} times as long as one compiled natively, with outcomes "
            f"and days counted in both. One thread, {REPLICATIONS:,} replications of `gradual` with a changed lever. "
            f"{about}; {len(cost)} runs.")
    return Table("WebAssembly against native code", note, ("program", "µs a replication"),
                 [("WebAssembly, in one worker", spread(scaled(times["web"], MICRO))),
                  ("native, one thread", spread(scaled(times["native"], MICRO)))],
                 [Ratio("WebAssembly in Chromium over native code, one thread", cost)])


def not_measured(why: str) -> Table:
    return Table("The living page", f"Not measured: {why}.", ("the living page", "seconds"), [])


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
