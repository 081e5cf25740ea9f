"""All benchmarks in one run: print their tables and write them into docs/performance.md.

python benchmarks/performance.py [--no-million] [--coverage [STUDIES]] [--rivals FOLDER] [--page FILE] [--quick]

--no-million   leave out the runs of 1,000,000 replications
--coverage     measure again how often intervals contain the true value; otherwise the table on the page is kept
--rivals       folder for the environment of HawkesPyLib and tick, so it can be used again; temporary when left out
--page         file to write instead of docs/performance.md
--quick        a trial in small sizes; written only to the file given by --page
"""

import argparse
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attack_loop
import clock_speed
import command
import costs
import growth
import interval_coverage
import page as living_page
import portable
import rivals
import webassembly
from machine import machine
from measure import ROOT, Ratio, Table, markdown, number, text_of, wrapped

PAGE = ROOT / "docs" / "performance.md"
COVERAGE = "Intervals when a run stops at a precision"
NOT_YET = "Not measured yet: `python benchmarks/performance.py --coverage`.\n"
BEGIN, END = "<!-- coverage: from here -->", "<!-- coverage: up to here -->"

Part = Callable[[], list[Table]]


def parts(quick: bool, million: bool, folder: str) -> dict[str, Part]:
    """Return what is measured, by the heading under which it stands."""
    if quick:
        return {"The two clocks": lambda: clock_speed.tables(5, 3),
                "The attack process": lambda: attack_loop.tables(200, 3) + rivals.tables(200, 3, folder),
                "The parts of a replication": lambda: costs.tables(10, 3),
                "The same bits everywhere": lambda: portable.tables(20_000, 3) + webassembly.tables(200, 3),
                "The whole command": lambda: command.tables(1_000, 3),
                "The living page": lambda: living_page.tables(1),
                "How the cost grows": lambda: growth.tables(10, 3, 10_000)}
    return {"The two clocks": clock_speed.tables,
            "The attack process": lambda: attack_loop.tables() + rivals.tables(folder=folder),
            "The parts of a replication": costs.tables,
            "The same bits everywhere": lambda: portable.tables() + webassembly.tables(),
            "The whole command": command.tables,
            "The living page": living_page.tables,
            "How the cost grows": lambda: growth.tables(most=1_000_000 if million else 100_000)}


def ratio_table(ratios: Sequence[Ratio]) -> str:
    head = ("ratio", "median", "lowest", "highest", "goal", "met")
    return markdown(head, [(ratio.what, number(statistics.median(ratio.values)), number(min(ratio.values)),
                            number(max(ratio.values)), ratio.goal, ratio.verdict) for ratio in ratios])


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def kept_coverage(page: Path) -> str:
    """Return what the page already says about coverage."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found = re.search(f"{BEGIN}\n(.*?){END}", text, flags=re.DOTALL)
    return found[1].strip() + "\n" if found else NOT_YET


def page_of(measured: Mapping[str, list[Table]], about: str, coverage: str) -> str:
    headings = ["The ratios", *measured, COVERAGE, "Measure it yourself"]
    ratios = [ratio for tables in measured.values() for table in tables for ratio in table.ratios]
    blocks = [
        "# Performance",
        wrapped("How fast the program is, and what that depends on. One run of `python benchmarks/performance.py` "
                "writes this page, both tables and sentences."),
        "\n".join(f"- [{heading}](#{anchor(heading)})" for heading in headings),
        wrapped("Things that are compared were measured in turn, run by run, so that a busy machine slows them all "
                "alike. Ratios are computed within each run. Numbers are medians over runs, with the lowest and the "
                "highest run in brackets. Times differ between machines and compilers; ratios differ less."),
        about,
        f"## {headings[0]}\n\n{ratio_table(ratios)}",
        *(f"## {heading}\n\n" + "\n".join(map(text_of, tables)).strip() for heading, tables in measured.items()),
        f"## {COVERAGE}\n\n{BEGIN}\n\n{coverage.strip()}\n\n{END}",
        f"## {headings[-1]}\n\n" + HOW,
    ]
    return "\n\n".join(blocks) + "\n"


HOW = """On an otherwise idle machine, with the environment of the [README](../README.md) active:

```sh
python benchmarks/performance.py
```

This takes the better part of an hour, a third of it for the runs of 1,000,000 replications, which `--no-million` leaves
out, and some minutes for 10,000,000 arguments of each portable function.
`--coverage` measures again how often intervals contain the true value; without it, the table above is kept.
`--quick --page trial.md` tries everything in small sizes. Each part can be run alone, e.g.
`python benchmarks/clock_speed.py`. C programs are built when they are measured. HawkesPyLib and tick are installed in
an environment of their own. The living page is opened in Chromium, with the extra `web`. If there is no compiler, no
Node.js or no browser, or if one of the two libraries cannot be installed, the table says so."""


def main() -> None:
    asked = argparse.ArgumentParser(description="Measure everything; write docs/performance.md.")
    asked.add_argument("--no-million", action="store_true")
    asked.add_argument("--coverage", type=int, nargs="?", const=2000, metavar="STUDIES")
    asked.add_argument("--rivals", default="", metavar="FOLDER")
    asked.add_argument("--page", type=Path, metavar="FILE")
    asked.add_argument("--quick", action="store_true")
    options = asked.parse_args()
    started, about = time.perf_counter(), machine()
    measured: dict[str, list[Table]] = {}
    for heading, part in parts(options.quick, not options.no_million, options.rivals).items():
        measured[heading] = part()
        print("\n".join(map(text_of, measured[heading])), flush=True)
    coverage = kept_coverage(options.page or PAGE)
    if options.coverage:
        (table,) = interval_coverage.tables(options.coverage)
        coverage = f"{markdown(table.head, table.rows)}\n\n{wrapped(table.note)}\n"
    about += f"\n\nThe run took {number((time.perf_counter() - started) / 60)} minutes."
    if options.quick:
        about += " **It was a trial in small sizes, not to be quoted.**"
    page = page_of(measured, about, coverage)
    print(page[page.index("## The ratios") : page.index("## The two clocks")])
    if options.page or not options.quick:
        (options.page or PAGE).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
