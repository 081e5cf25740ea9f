"""How far to trust it: first what is missed, from the hindcast as it is documented."""

import json
from pathlib import Path

import sim
from sim.report.scene import of_result
from sim.report.shared_sections import told_of_the_past, trust

ROOT = Path(__file__).parents[2]


def test_what_is_said_about_the_past_is_what_the_page_on_hindcasts_says() -> None:
    documented = json.loads((ROOT / "docs" / "hindcast.json").read_text(encoding="utf-8"))
    packaged = json.loads((ROOT / "sim" / "report" / "hindcast.json").read_text(encoding="utf-8"))
    assert packaged == {"told": documented["told"]}
    told, (missed, held) = told_of_the_past()
    lines = [line.removeprefix("- ") for line in documented["told"] if line.startswith("- ")]
    assert missed == f"{documented['told'][0][:-1]}."
    assert [f"{drawdown}: {came}. Forecast: {forecast}" for drawdown, came, forecast in told] == lines
    assert held in documented["told"]


def test_a_plan_that_is_carried_out_as_others_were_tells_what_was_missed_first(small) -> None:
    section = trust(of_result(sim.run(sim.load(small, {"phases.iraq.kind": "own_date"}), 20)))
    assert section.paragraphs[0].index("Missed: ") < section.paragraphs[0].index("Held: ")
    assert [table.title for table in section.tables] == ["What these forecasts missed"]


def test_a_plan_to_the_letter_claims_no_test(result) -> None:
    assert not any("Missed" in line for line in trust(of_result(result)).paragraphs)


def test_what_is_held_fixed_is_named(result) -> None:
    held = result.summary["held_fixed"]
    assert held
    assert any(line.startswith("Held fixed, though nobody has measured them: ") for line in trust(
        of_result(result)).paragraphs)
