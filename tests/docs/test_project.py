import re
import tomllib
from importlib import import_module

import pytest
from pages import PAGES, ROOT, commands
from typer.main import get_command

from sim.scenario.program import SCRIPT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_citation_names_this_version_title_and_licence():
    citation = dict(re.findall(r'^([a-z-]+): "?([^"\n]*)"?$', (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == PROJECT["version"]
    assert citation["title"] == PROJECT["name"]
    assert citation["license"] == PROJECT["license"]


def test_changelog_has_this_version_and_says_what_moves_numbers():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{PROJECT['version']}]" in changelog
    assert "### Moves numbers" in changelog


def test_readme_sets_up_runs_and_tests_in_two_commands():
    marked = re.findall(r"^<!-- command: (\w+) -->\n```sh\n(.*)\n```$", README, re.MULTILINE)
    assert marked == [
        ("run", "python3.11 -m venv .venv && .venv/bin/pip install -e '.[dev]' && "
                ".venv/bin/python -m sim run scenarios/gradual.toml"),
        ("test", ".venv/bin/python -m pytest -n auto"),
    ]


def test_the_command_that_an_installation_brings_is_there():
    module, _, function = PROJECT["scripts"][SCRIPT].partition(":")
    assert callable(getattr(import_module(module), function))


def test_every_dependency_is_explained_in_one_place():
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    extras = PROJECT["optional-dependencies"]
    needed = [*PROJECT["dependencies"], *(need for extra in extras.values() for need in extra)]
    names = {re.match(r"[\w-]+", need)[0] for need in needed} - {PROJECT["name"]}
    assert set(re.findall(r"^- \*\*([\w-]+)\*\*", page, re.MULTILINE)) == names


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_and_options_shown_exist(path):
    from sim.cli.main import app

    known = get_command(app).commands
    for shown in commands(path.read_text(encoding="utf-8")):
        name, *words = shown.split("#")[0].split()
        assert name in known, shown
        options = {flag for parameter in known[name].params for flag in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, shown


def test_readme_lists_every_command():
    from sim.cli.main import app

    listed = re.findall(r"^\| `([a-z]+)\b", README, re.MULTILINE)
    assert set(listed) == set(get_command(app).commands)
