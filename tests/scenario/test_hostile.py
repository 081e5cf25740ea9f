"""Files with very many faults, keys or entries: what is told of them stays readable, and what is done bounded."""

from itertools import product

import pytest

from sim.scenario import errors
from sim.scenario.errors import MOST_TOLD, ScenarioError, some
from sim.scenario.load import load

HEAD = "start = 2024-02-12\nend = 2024-12-31\n[theatres.iraq]\ntroops = 2500\n"


def problems(folder, text, *overrides):
    (folder / "a.toml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(folder / "a.toml", overrides)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


MANY = {
    "misspelt sources": "[sources]\n" + "".join(f'"attacks.elasticty{i}" = "assumed: x"\n' for i in range(1000)),
    "unknown keys": "".join(f"atacks_{i} = {i}\n" for i in range(5000)),
    "rows of text": "[joint.a]\nkeys = ['attacks.elasticity']\nrows = [" + "['x']," * 5000 + "]\n",
    "rows out of bounds": "[joint.a]\nkeys = ['attacks.elasticity']\nrows = [" + "[9]," * 5000 + "]\n",
    "history of places unknown": "".join(
        f"[[history.attacks.iraq{i}]]\ndate = 2024-01-01\ntotal = 1\n" for i in range(2000)),
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_of_very_many_faults_a_hundred_are_told_in_order(tmp_path, text):
    found = problems(tmp_path, text)
    assert len(found) == MOST_TOLD + 1
    assert found[-1] == "a.toml: has more errors than these 100; correct these first"
    lines = [int(line.split(":")[1]) for line in found[:-1]]
    assert lines == sorted(lines)


def test_a_hundred_faults_are_all_told(tmp_path):
    assert len(problems(tmp_path, "".join(f"atacks_{i} = {i}\n" for i in range(MOST_TOLD)))) == MOST_TOLD


def test_names_are_sought_near_a_misspelt_one_as_often_as_is_told(tmp_path, monkeypatch):
    """That search is what a thousand misspelt keys took 80 seconds for."""
    asked = []
    monkeypatch.setattr(errors, "nearest", lambda word, words: asked.append(word) or [])
    problems(tmp_path, MANY["misspelt sources"])
    assert MOST_TOLD <= len(asked) <= 2 * MOST_TOLD


def test_some_words_are_named():
    assert some("abc", 3) == "a, b, c"
    assert some((f"c{i}" for i in range(40_000)), 2) == "c0, c1 and 39,998 more"


def test_values_of_a_joint_table_that_are_out_of_bounds_are_not_reckoned_with(tmp_path):
    joint = "attacks_per_day = 1.0\n[joint.a]\nkeys = ['attacks.branching_ratio', 'attacks.elasticity']\nrows = [{}]\n"
    for low, high in product(("1.0", "0.99", "-1.0", "1e308"), ("0.1", "2.0")):
        found = problems(tmp_path, joint.format(f"[0.2, 0.3], [{low}, {high}]"))
        assert all("rows[2]" in line for line in found)
        assert len(found) == 1 + (high == "2.0")


def test_a_fault_inside_a_list_of_a_base_stands_on_its_line(tmp_path):
    base = HEAD + "[joint.a]\nkeys = ['attacks.elasticity']\nrows = [\n  [0.1],\n  [9.0],\n]\n"
    (tmp_path / "base.toml").write_text(base, encoding="utf-8")
    (tmp_path / "top.toml").write_text('extends = "base.toml"\ntitle = "top"\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "top.toml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.key) == (f"{tmp_path}/base.toml", 9, "joint.a.rows[2][1]")


@pytest.mark.parametrize(("text", "key"), [
    ("title=caf\udce9", "title"), ("\udce9=1", "\\udce9"), ('attacks={ "\udce9" = 1 }', "attacks")])
def test_an_override_that_is_not_utf_8(tmp_path, text, key):
    said = "is not in UTF-8; write it in a terminal that is set to UTF-8, or into a file"
    assert problems(tmp_path, "", text) == [f"--set {key}: {said}"]
