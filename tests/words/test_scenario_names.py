"""A scenario about another war shows none of the words of this one, in no text, table or figure."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.model.catalogue import expand
from sim.rules.outcomes import ENTRIES
from sim.scenario.called import NEUTRAL, Names, called, called_first
from sim.scenario.load import from_dict
from sim.scenario.names import COUPLINGS, MILESTONES
from sim.words.labels import described, in_sentence, outcome_label

MALI = {"adversary": "jihadists", "threat": "JNIM", "force": "French", "host": "Malian"}
FOREIGN = re.compile(r"\bISIS\b|\bUS\b|\bIraqi?\b|\bSyria\b|\bcoalition\b|armed groups|host nation|[{}]")
"""Words that have no place in a scenario about Mali, and places that were not filled."""
WORLD: dict[str, Any] = {
    "title": "Out of the north", "start": date(2022, 2, 17), "end": date(2023, 12, 31), "names": MALI,
    "theatres": {"gao": {"troops": 900, "attacks_per_day": 0.2, "sites": {"post": {}, "base": {"hub": True}}}},
    "talks": {"first_round": date(2022, 3, 1)}, "working_groups": {"one": {"work_days": 60}},
    "response": {"chance_after_attack": 0.9}, "threat": {"noise": 0.3, "resurgence": 1.2},
    "pressure": {"demand_chance": 0.02}, "casualties": {"harm_chance": 0.5},
    "phases": {"out": {"theatre": "gao", "after": "agreement", "target": 0, "over_days": 120, "hold_above_threat": 1.1,
                       "threat_at_most": 3.0}},
}


@pytest.fixture(scope="module")
def result() -> Any:
    return sim.run(from_dict(WORLD), 40, clock="simpy", say=lambda line: None)


def written_in(figures: Path) -> str:
    """Return the texts of figures: a drawn text stands in a comment beside its outlines."""
    drawings = [path.read_text(encoding="utf-8") for path in figures.rglob("*.svg")]
    assert drawings
    return "\n".join(text for drawing in drawings for text in re.findall(r"<!-- (.*?) -->", drawing))


def foreign(text: str) -> list[str]:
    return FOREIGN.findall(text)


def test_every_text_is_filled() -> None:
    texts = [text for entry in ENTRIES for text in (entry.label, entry.definition)]
    texts += [text for entry in (*MILESTONES.values(), *COUPLINGS.values()) for text in entry]
    for text in texts:
        assert not re.search(r"[{}]|  |^ | $", called(text, Names(**MALI))), text
        assert not re.search(r"[{}]|  |^ | $", called(text)), text
        assert not re.search(r"\bISIS\b|\bUS\b|\bIraqi?\b|coalition", called(text)), text


@pytest.mark.parametrize(("text", "neutral", "named"), [
    ("{force} strikes", "Strikes", "French strikes"),
    ("{threat} threat ratio at hand-over", "Threat ratio at hand-over", "JNIM threat ratio at hand-over"),
    ("Phase halted by the {threat} threat", "Phase halted by the threat", "Phase halted by the JNIM threat"),
    ("the {host} forces", "The host nation's forces", "The Malian forces"),
    ("Attacks by {adversary} on {force} troops.", "Attacks by armed groups on troops.",
     "Attacks by jihadists on French troops."),
])
def test_names_and_neutral_words(text: str, neutral: str, named: str) -> None:
    assert (called_first(text), called_first(text, Names(**MALI))) == (neutral, named)


def test_a_name_stays_as_it_is_within_a_sentence() -> None:
    scenario = from_dict(WORLD).scenario
    said = {name: in_sentence(outcome_label(name, scenario)) for name in ("us_strikes", "resurgence_day", "killed")}
    assert said == {"us_strikes": "French strikes", "resurgence_day": "date of JNIM resurgence", "killed": "killed"}
    assert in_sentence(outcome_label("us_strikes")) == "strikes"
    american = from_dict(WORLD | {"names": {"force": "US"}}).scenario
    assert in_sentence(outcome_label("us_strikes", american)) == "US strikes"


def test_texts_and_tables_of_a_run(result: Any, tmp_path: Path) -> None:
    entries = described(expand(result.model), result.file.scenario)
    shown = [entry[key] for entry in entries.values() for key in ("label", "definition")]
    shown += [entry["label"] + entry["definition"] for entry in result.summary["outcomes"].values()]
    assert foreign("\n".join(shown)) == []
    assert "French strikes" in shown
    assert result.summary["outcomes"]["resurgence"]["label"] == "JNIM resurgence"


def test_stories() -> None:
    file = from_dict(WORLD)
    told = "\n".join(f"{event.text} {event.why}" for i in range(12) for event in sim.trace(file, i))
    assert foreign(told) == []
    for words in ("French strike in answer to", "JNIM threat", "JNIM resurgence", "the Malian government demands"):
        assert words in told


@pytest.mark.exhaustive
def test_figures(result: Any, tmp_path: Path) -> None:
    from sim.figures import draw_all

    draw_all(result, tmp_path)
    drawn = written_in(tmp_path)
    assert foreign(drawn) == []
    for words in ("French strikes", "JNIM threat", "Malian forces"):
        assert words in drawn


@pytest.mark.exhaustive
def test_a_comparison_and_its_explanation(tmp_path: Path) -> None:
    other = WORLD | {"title": "Faster", "phases": {"out": WORLD["phases"]["out"] | {"over_days": 30}}}
    compared = sim.compare([from_dict(WORLD, "slow"), from_dict(other, "fast")], replications=40, clock="simpy",
                           explain=True, outcomes=["us_strikes"], trade_off=("resurgence", "killed"),
                           out=tmp_path / "c", say=lambda line: None)
    drawn = written_in(tmp_path)
    assert foreign(drawn) == []
    assert "French strikes" in drawn
    from sim.comparison import words

    lines = [*words.sentences(compared), *words.notes(compared), *compared.explanations["fast"].sentences()]
    lines += [cell for table in words.tables(compared) for row in table.rows for cell in row]
    assert foreign("\n".join(map(str, lines))) == []
    assert any("French strikes" in str(line) for line in lines)
    labels = [share.label for share in compared.explanations["fast"].outcomes[0].couplings.shares]
    assert "attacks bring French strikes" in labels


def test_names_change_no_number() -> None:
    plain = sim.run(from_dict({key: value for key, value in WORLD.items() if key != "names"}), 10, clock="simpy",
                    say=lambda line: None)
    named = sim.run(from_dict(WORLD), 10, clock="simpy", say=lambda line: None)
    assert {name: entry["mean"] for name, entry in plain.summary["outcomes"].items()} == {
        name: entry["mean"] for name, entry in named.summary["outcomes"].items()}
    assert plain.summary["outcomes"]["us_strikes"]["label"] == "Strikes"
    assert NEUTRAL.adversary == "armed groups"


def test_shipped_scenarios_have_the_names_of_their_war() -> None:
    scenario = sim.load("gradual").scenario
    assert outcome_label("us_strikes", scenario) == "US strikes"
    assert outcome_label("resurgence", scenario) == "ISIS resurgence"
