"""Reading study files: what is right is understood, what is wrong is said, all at once."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Triangular, Uniform
from sim.study import file as study_file
from sim.study.file import count_futures, read_study
from sim.study.schema import Statistic
from sim.study.study import STATISTICS

HERE = Path(__file__).parent
FOLDER = HERE / "invalid"
FILES = sorted(path.name for path in FOLDER.glob("*.toml"))
SCENARIO = (HERE / "scenarios" / "small.toml").as_posix()


def expected(name: str) -> list[str]:
    """Read the messages: those that begin with a line number or a key are about the file itself."""
    lines = [line[3:] for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.startswith("#! ")]
    return [line if re.match(r"\S*\.toml:", line) else name + (":" if line[0].isdigit() else ": ") + line
            for line in lines]


@pytest.mark.parametrize("name", FILES)
def test_reports_exactly_what_is_wrong(name, monkeypatch):
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ScenarioError) as caught:
        read_study(name)
    assert [str(problem) for problem in caught.value.problems] == expected(name)


def test_there_are_enough_invalid_files():
    assert len(FILES) >= 60
    assert all(expected(name) for name in FILES)


def written(tmp_path, text):
    path = tmp_path / "asked.toml"
    path.write_text(f'scenario = "{SCENARIO}"\n{text}', encoding="utf-8")
    return path


def test_a_missing_study_is_called_a_study(tmp_path):
    with pytest.raises(ScenarioError, match=r"none\.toml: there is no such file"):
        read_study(tmp_path / "none.toml")
    with pytest.raises(ScenarioError, match="is a folder; name a study file in it"):
        read_study(tmp_path)


def test_the_least_that_a_study_says(tmp_path):
    study = read_study(written(tmp_path, "[outcomes.killed_expected]\n[outcomes.deadline_met]\n[outcomes.death_rate]"))
    assert (study.name, study.title, [policy.name for policy in study.policies]) == ("asked", "", ["small"])
    assert [(goal.name, goal.better, goal.statistic, goal.threshold, goal.kind) for goal in study.goals] == [
        ("killed_expected", "low", "mean", None, "number"), ("deadline_met", "high", "mean", None, "yes_no"),
        ("death_rate", "low", "mean", None, "ratio")]
    assert vars(study.design) == {"kind": "latin_hypercube", "points": 200, "policies": 20, "replications": 1000,
                                  "seed": 1}
    assert count_futures(study.design, study.uncertainties) == 1


def test_uncertainties_take_the_scenarios_distribution_else_the_schemas_range(tmp_path):
    study = read_study(written(tmp_path, """
        [outcomes.killed]
        [uncertainties]
        a.key = "attacks.elasticity"
        b.key = "lift.per_week"
        c = { key = "attacks.decay_days", dist = { dist = "triangular", low = 2, mode = 5, high = 9 } }
        d = { key = "lift.load", values = [50, 100] }
        e = { key = "deadline", values = [2024-05-01, 2024-06-01] }
    """))
    a, b, c, d, e = study.uncertainties
    assert a.dist == Uniform(dist="uniform", low=0.0, high=1.0)
    assert (b.dist, b.ends, b.unit) == (Uniform(dist="uniform", low=250, high=1000), (250, 1000), "troops per week")
    assert c.dist == Triangular(dist="triangular", low=2, mode=5, high=9)
    assert (d.values, d.ends, d.drawn) == ((50, 100), (50, 100), True)
    assert (e.values, e.ends, e.drawn) == ((date(2024, 5, 1), date(2024, 6, 1)), (0, 1), False)
    assert e.unit == "0 = 2024-05-01, 1 = 2024-06-01"
    (policy,) = study.policies
    assert [variant.scenario.deadline for variant in policy.variants] == [date(2024, 5, 1), date(2024, 6, 1)]
    assert all(variant.scenario.attacks.decay_days == c.dist for variant in policy.variants)


def test_a_threshold_of_a_day_may_be_a_date_that_is_met_by_its_end(tmp_path):
    study = read_study(written(tmp_path, "[outcomes.completion_day]\nthreshold = 2024-03-01\n"))
    assert study.goals[0].threshold == 61.0  # 1 March is day 60, and over when day 61 begins


@pytest.mark.parametrize(("low", "right"), [(0.71, True), (0.69, False)])
def test_a_scenario_is_judged_over_the_whole_range(tmp_path, low, right):
    text = f"[outcomes.killed]\n[uncertainties.most]\nkey = 'capability.ceiling'\nlow = {low}\nhigh = 2\n"
    path = written(tmp_path, text)  # the scenario's floor is 0.7
    if right:
        assert read_study(path).policies
        return
    with pytest.raises(ScenarioError) as caught:
        read_study(path)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{path}:3: uncertainties: with the uncertainties of this study, capability.floor in {SCENARIO}: "
        "can be 0.7, which is not below capability.ceiling, 0.69; the floor must be below the ceiling"]


def test_futures_are_counted(tmp_path):
    text = "[outcomes.killed]\n[uncertainties]\na.key = 'attacks.elasticity'\nb.key = 'lift.per_week'\n[design]\n"
    for design, futures in (("points = 7", 7), ("kind = 'sobol'\npoints = 8", 32), ("kind = 'morris'\npoints = 5", 15),
                            ("kind = 'grid'\npoints = 3", 9)):
        study = read_study(written(tmp_path, text + design))
        assert count_futures(study.design, study.uncertainties) == futures


def test_limits_are_reached_and_not_passed(tmp_path, monkeypatch):
    text = ("[outcomes.killed]\n[uncertainties.a]\nkey = 'attacks.elasticity'\n"
            "[design]\npoints = 10\nreplications = 100\n")
    monkeypatch.setattr(study_file, "MOST_REPLICATIONS", 1000)
    assert read_study(written(tmp_path, text))
    monkeypatch.setattr(study_file, "MOST_REPLICATIONS", 999)
    with pytest.raises(ScenarioError, match=r"make 1,000; at most 999"):
        read_study(written(tmp_path, text))


def test_every_statistic_has_words():
    assert get_args(Statistic) == tuple(STATISTICS)


def test_a_range_with_one_end_is_refused(tmp_path):
    for end, missing in (("low", "high"), ("high", "low")):
        path = written(tmp_path, f"[outcomes.killed]\n[uncertainties.a]\nkey = 'lift.per_week'\n{end} = 90\n")
        with pytest.raises(ScenarioError) as caught:
            read_study(path)
        assert [str(problem) for problem in caught.value.problems] == [
            f"{path}:3: uncertainties.a: has no {missing}; a range needs low and high"]


def test_a_file_with_hundreds_of_errors_is_refused_without_looking_further(tmp_path):
    levers = "".join(f"[levers.a{i}]\nkey = {i}\n" for i in range(150))
    with pytest.raises(ScenarioError) as caught:
        read_study(written(tmp_path, f"[outcomes.killed]\n{levers}"))
    *told, last = [str(problem) for problem in caught.value.problems]
    assert len(told) == 100
    assert told[0].endswith("asked.toml:4: levers.a0.key: must be text in quotes, not 0")
    assert last.endswith("asked.toml: has more errors than these 100; correct these first")


def test_tables_have_limits(tmp_path):
    levers = "".join(f"[levers.a{i}]\nkey = 'lift.load'\nvalues = [50]\n" for i in range(201))
    with pytest.raises(ScenarioError, match=r"asked.toml:3: levers: must have at most 200 entries, not 201"):
        read_study(written(tmp_path, f"[outcomes.killed]\n{levers}"))
    values = ", ".join(map(str, range(1001)))
    with pytest.raises(ScenarioError, match=r":5: levers.a.values: must have at most 1,000 entries, not 1,001"):
        read_study(written(tmp_path, f"[outcomes.killed]\n[levers.a]\nkey = 'lift.load'\nvalues = [{values}]"))
