"""The page of the architecture names every room and only files that are there, in the order of the layers."""

import re
from pathlib import Path

from pages import ROOT
from test_layers import LAYERS

import sim

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FOLDER = Path(sim.__file__).parent


def test_rooms_stand_in_the_order_of_the_layers() -> None:
    rows = [set(re.findall(r"`(\w+)`", line.split("|")[1])) for line in TEXT.splitlines() if line.startswith("| `")]
    assert rows[: len(LAYERS)] == LAYERS


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(?:sim/)?(\w+/\w+\.py)`", TEXT))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (FOLDER / name).exists()] == []


def test_every_function_that_is_named_is_there() -> None:
    for name in ("play.run.play_ensemble", "words.summary.summarise", "estimate.precision.Watch",
                 "study.cases.cast_of", "study.reduce.judged"):
        assert f"`{name}`" in TEXT
        module, _, attribute = name.rpartition(".")
        source = (FOLDER / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {attribute}\b", source, re.MULTILINE), name


def test_readers_are_led_to_it() -> None:
    assert "(docs/architecture.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/architecture.md)" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
