"""Every file in tests/invalid states, in its first lines, exactly what is wrong with it."""

import re
from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load

FOLDER = Path(__file__).parents[1] / "invalid"
FILES = sorted(path.name for path in FOLDER.glob("*.toml"))


def expected(name: str) -> list[str]:
    """Read the messages: those that begin with a line number or a key are about the file itself."""
    lines = [line[3:] for line in (FOLDER / name).read_text().splitlines() if line.startswith("#! ")]
    return [line if re.match(r"\S*\.toml:", line) else name + (":" if line[0].isdigit() else ": ") + line
            for line in lines]


@pytest.mark.parametrize("name", FILES)
def test_reports_exactly_what_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert [str(problem) for problem in caught.value.problems] == expected(name)
    assert str(caught.value) == "\n".join(expected(name))


def test_there_are_enough_invalid_files() -> None:
    assert len(FILES) >= 60
    assert all(expected(name) for name in FILES)
