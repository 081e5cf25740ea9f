import re
import shlex
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from pages import PAGES, ROOT, anchors, blocks, commands, wrong_blocks

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.study.file import read_study

GUIDE = (ROOT / "docs" / "scenario-files.md").read_text(encoding="utf-8")
EXAMPLES = blocks(GUIDE, "toml")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the scenarios, with the worked example of the guide, as the working folder."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path / "scenarios")
    (tmp_path / "scenarios" / "first.toml").write_text(EXAMPLES[0], encoding="utf-8")
    return tmp_path / "scenarios"


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_load_as_files_or_as_additions_to_the_first(folder, number):
    example = EXAMPLES[number]
    name = re.match(r"# (\w+\.toml)\n", example)
    path = folder / (name[1] if name else "added.toml")
    path.write_text(example if name else f'extends = "first.toml"\n{example}', encoding="utf-8")
    assert load(path).scenario.theatres["iraq"].troops == 2500


def test_the_worked_example_is_what_the_page_says(folder):
    scenario = load("first.toml").scenario
    assert scenario.title == "Iraq within a year"
    assert scenario.phases["out"].over_days == 365
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize(("example", "message"), wrong_blocks(GUIDE, "toml"))
def test_errors_say_what_the_page_says(folder, example, message):
    (folder / "my_plan.toml").write_text(example, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load("my_plan.toml")
    assert str(error.value) == message.strip()


@pytest.mark.parametrize(("example", "message"), wrong_blocks(GUIDE, "sh"))
def test_errors_of_overrides_say_what_the_page_says(folder, example, message):
    with pytest.raises(ScenarioError) as error:
        load("gradual.toml", _overrides(example))
    assert str(error.value) == message.strip()


def test_the_page_shows_errors():
    assert len(wrong_blocks(GUIDE, "toml")) == GUIDE.count("```toml wrong") == 3
    assert len(wrong_blocks(GUIDE, "sh")) == GUIDE.count("```sh wrong") == 1


def _overrides(command):
    words = shlex.split(command, comments=True)
    return [value for flag, value in pairwise(words) if flag == "--set"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_use_files_that_exist_and_overrides_that_hold(folder, monkeypatch, path):
    monkeypatch.chdir(folder.parent)
    shutil.copy(folder / "first.toml", "first.toml")
    shutil.copytree(ROOT / "notebooks", "notebooks", ignore=shutil.ignore_patterns("*.ipynb", ".*"))
    for command in commands(path.read_text(encoding="utf-8")):
        for file in re.findall(r"\S+\.toml", command):
            if file.startswith("notebooks/"):
                assert read_study(file).goals
            elif not file.startswith("results/"):  # written by the command before it
                load(file, _overrides(command))


def test_the_study_file_that_the_page_explains_is_one(folder):
    (example,) = blocks((ROOT / "docs" / "decide.md").read_text(encoding="utf-8"), "toml")
    Path("explained.toml").write_text(example, encoding="utf-8")
    study = read_study("explained.toml")
    assert [policy.name for policy in study.policies] == [
        f"{name}, pace={days}" for name in ("fast", "slow") for days in (365, 487, 974)]
    assert [factor.name for factor in study.uncertainties] == ["elasticity"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_lists_within_lists_are_indented_as_the_site_needs_it(path):
    """By four blanks: with fewer, GitHub shows one list within another, and the site shows one."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r"^ {1,3}(?:[-*]|\d+\.) .*", text, re.MULTILINE) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), target
