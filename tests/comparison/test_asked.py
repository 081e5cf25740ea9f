"""What the answer of a comparison depends on: dates, ways of asking, sizes that matter, follow-up."""

import json
from dataclasses import replace
from datetime import date

import pytest
from worlds import NO_COUPLINGS, START, day, leaving

import sim
from sim.api import compare as api
from sim.comparison import asked, words
from sim.comparison.by_date import events_of, median_day
from sim.comparison.compare import sides_of
from sim.comparison.errors import ComparisonError
from sim.comparison.verdicts import disagreements, verdict
from sim.estimate.by_date import apart, by_day
from sim.estimate.estimate import estimate
from sim.model.setup import set_up
from sim.play.errors import FolderError
from sim.play.kept import read_record, write_record
from sim.play.run import Means, Size, play_ensemble
from sim.rules.outcomes import WAYS
from sim.scenario.errors import ScenarioError
from sim.scenario.load import from_dict
from sim.words.phrases import date_text, number, share

DAYS = 300
N = 300


def scenario(name, over_days, days=DAYS, **more):
    return from_dict({
        "start": START, "end": day(days - 1), "couplings": NO_COUPLINGS, "follow_up_days": 60,
        "theatres": {"north": {"troops": 1000, "attacks_per_day": 0.05}}, "threat": {},
        "casualties": {"harm_chance": 0.5, "fatal_chance": 0.3}, "phases": leaving(over_days=over_days)} | more, name)


def compared(*files, replications=N, **more):
    return api.compare(files, **{"workers": 1, "replications": replications, "clock": "simpy"} | more)


@pytest.fixture(scope="module")
def files():
    return scenario("quick", 60), scenario("slow", 200)


@pytest.fixture(scope="module")
def comparison(files):
    return compared(*files)


def entry(comparison, outcome, name="slow"):
    return next(row for row in comparison.differences[name] if row.outcome == outcome)


def with_differences(comparison, **signs):
    """Give outcomes differences that are sure and matter; the others are not shown."""
    def made(row):
        if row.outcome not in signs:
            return replace(row, adjusted=0.5, p_value=0.5, earlier_day=None)
        size = signs[row.outcome]
        return replace(row, difference=size, ci95=[size - 0.012, size + 0.012], adjusted=0.0, p_value=0.0,
                       practical=0.02, earlier_day=None)

    rows = tuple(made(row) for row in comparison.differences["slow"])
    return replace(comparison, differences={"slow": rows})


# By any date


@pytest.mark.exhaustive
def test_chances_and_differences_by_a_date_are_those_of_the_replications(files, comparison):
    columns = [play_ensemble(set_up(file.scenario), 1, Size(N), Means(1, "simpy")).work.columns for file in files]
    names = {"completed": "completion_day", "any_fatal": "fatal_day", "resurgence": "resurgence_day",
             "handover_day.north": "handover_day.north"}
    table = comparison.by(day(100), day(DAYS - 1).isoformat())
    for when, upto in ((day(100), 101), (day(DAYS - 1), DAYS)):
        for event, column in names.items():
            a, b = (of.column(column) < upto for of in columns)
            assert table.loc[(when, "quick", event), "chance"] == a.mean()
            row = table.loc[(when, "slow", event)]
            assert (row.chance, row.difference) == (b.mean(), pytest.approx(b.mean() - a.mean()))
            assert [row.difference_low, row.difference_high] == apart(
                int(a.sum()), int(b.sum()), int((a & b).sum()), N).ci95
    assert table.loc[(day(DAYS - 1), "slow", "any_fatal"), "difference"] == pytest.approx(
        entry(comparison, "any_fatal").difference)
    with pytest.raises(ScenarioError, match="is after quick ends"):
        comparison.by("2040-01-01")


def test_the_chance_by_the_last_day_is_the_outcome(comparison):
    table = comparison.by(day(DAYS - 1)).loc[day(DAYS - 1)]
    for side in ("quick", "slow"):
        for event in events_of(comparison, side):
            if event in comparison.means[side] and "day" not in event:
                mean = comparison.means[side][event]
                row = table.loc[(side, event)]
                assert (row.chance, [row.ci95_low, row.ci95_high]) == (mean.mean, mean.ci95)


def test_a_run_tells_chances_by_a_date(files):
    result = sim.run(files[1], replications=50, workers=1, clock="simpy")
    table = result.by("2024-05-01", date(2024, 10, 26))
    days = result.column("completion_day")
    assert table.loc[(date(2024, 5, 1), "completed"), "chance"] == (days < 122).mean()
    last = table.loc[(date(2024, 10, 26), "completed")]
    summed = result.summary["outcomes"]["completed"]
    assert (last.chance, [last.ci95_low, last.ci95_high]) == (summed["mean"], summed["ci95"])
    assert list(result.chances()) == []


@pytest.mark.exhaustive
def test_what_is_read_back_is_what_was_written(files, tmp_path):
    stated = [files[0], replace(files[0], name="slow", scenario=files[1].scenario)]
    stated[0] = replace(stated[0], scenario=stated[0].scenario.model_copy(update={"practical": {"completed": 0.3}}))
    made = compared(*stated, out=tmp_path / "out", figures=False)
    read = sim.open(tmp_path / "out")
    assert repr(read.differences) == repr(made.differences)
    assert read.by(day(50)).equals(made.by(day(50)))
    assert words.notes(read) == words.notes(made)
    assert entry(read, "completed").practical == 0.3
    assert entry(read, "completed").depends_on_horizon is True


def test_a_comparison_of_an_earlier_version_is_called_one(files, tmp_path):
    compared(*files, out=tmp_path / "out", figures=False, replications=5)
    path = tmp_path / "out" / "run.json"
    record = read_record(path)
    del record["scenario"]["practical"]
    write_record(path, record)
    with pytest.raises(FolderError, match="holds a comparison of another version of this program; compare the scen"):
        sim.open(tmp_path / "out")


# The horizon


def test_completion_depends_on_when_one_stops_looking(comparison):
    """Both are complete by the end, so nothing differs; by day 100 only the quick one is."""
    row = entry(comparison, "completed")
    assert (row.difference, row.depends_on_horizon, verdict(row)) == (0.0, True, "never differs")
    assert row.earlier_difference == -1.0
    (line,) = [line for line in words.sentences(comparison) if line.startswith("Planned drawdown complete")]
    then = day(row.earlier_day)
    assert line == ("Planned drawdown complete, slow against quick: the difference depends on when one stops looking. "
                    f"It is −100.0 points by {then.day} {then:%b} {then.year} and 0 points by 26 Oct 2024.")
    texts = comparison.texts.loc["slow"]
    assert texts.loc["completed", "Verdict"] == "never differs*"
    assert any(line.startswith("* Depends on when one stops looking") for line in words.notes(comparison))


def test_json_says_of_what_has_a_day_whether_it_depends_on_the_horizon(comparison):
    data = json.loads(json.dumps(words.as_dict(comparison)))["scenarios"]
    completed = data["slow"]["outcomes"]["completed"]
    assert completed["depends_on_horizon"] is True
    assert completed["earlier_date"] == day(entry(comparison, "completed").earlier_day).isoformat()
    assert completed["earlier_difference"] == -1.0
    marked = {name: row["depends_on_horizon"] for name, row in data["slow"]["outcomes"].items()
              if "depends_on_horizon" in row}
    assert set(marked) == {"completed", "any_fatal", "any_mass_casualty", "resurgence"}
    assert {row["depends_on_horizon"] for row in data["quick"]["outcomes"].values() if "depends_on_horizon" in row} == {
        False}
    row = comparison.table.loc[("slow", "completed")]
    assert (row.matters, row.practical, row.verdict, row.depends_on_horizon) == (False, 0.02, "never differs", True)


# The ways of asking


def test_where_the_ways_of_asking_disagree_neither_plan_is_called_better(comparison):
    made = with_differences(comparison, resurgence=-0.1, resurgence_during=0.08, resurgence_after=-0.12,
                            resurgence_follow_up=0.05, attacks_total=3.0)
    lines = words.sentences(made)
    assert lines[0].startswith("slow against quick: worse in attacks.")
    assert "resurgence" not in lines[0].lower()
    assert lines[1] == (
        "Whether slow or quick has the lower chance of resurgence depends on the question: slow in the follow-up "
        "(−12 points) and by the horizon (−10 points); quick while the drawdown runs (+8 points) and by the end of the "
        "follow-up (+5 points).")
    assert made.texts.loc["slow"].loc["resurgence", "Verdict"] == "better†"
    assert made.texts.loc["slow"].loc["resurgence_during", "Verdict"] == "worse†"
    assert made.texts.loc["slow"].loc["attacks_total", "Verdict"] == "worse"
    assert words.as_dict(made)["questions_disagree"] == {"slow": {"resurgence": {
        "while the drawdown runs": "worse", "in the follow-up": "better", "by the end of the follow-up": "worse",
        "by the horizon": "better"}}}


def test_ways_that_are_not_shown_or_negligible_do_not_disagree(comparison):
    made = with_differences(comparison, resurgence=-0.1, resurgence_during=0.01)
    assert verdict(entry(made, "resurgence_during")) == "negligible"
    assert disagreements(made.differences["slow"]) == {}
    assert words.sentences(made)[0].startswith("slow against quick: better in resurgence.")
    made = with_differences(comparison, resurgence=-0.1, resurgence_during=0.05)
    (line,) = asked.on_ways(made, "slow")
    assert line.endswith("slow by the horizon (−10 points); quick while the drawdown runs (+5 points); neither in the "
                         "follow-up (not shown) and by the end of the follow-up (not shown).")
    assert set(WAYS) == {"_during", "_after", "_follow_up", ""}


# Sizes that matter


def test_a_difference_that_is_shown_but_small_is_negligible(comparison):
    made = with_differences(comparison, resurgence=-0.019, any_fatal=-0.02)
    assert verdict(entry(made, "resurgence")) == "negligible"
    assert verdict(entry(made, "any_fatal")) == "better"
    assert words.sentences(made)[0].endswith("A difference too small to matter in resurgence.")
    assert list(made.texts.loc["slow"].index)[:2] == ["any_fatal", "resurgence"]


@pytest.mark.exhaustive
def test_the_base_states_from_what_size_on_a_difference_matters(files):
    practical = {"attacks_total": "50%", "completion_day": 1000, "killed_expected": 0.0001}
    base = from_dict(files[0].scenario.model_dump(exclude_none=True) | {"practical": practical}, "quick")
    made = compared(base, files[1])
    attacks = entry(made, "attacks_total")
    assert attacks.practical == 0.5 * attacks.base
    assert (verdict(attacks), verdict(entry(made, "completion_day"))) == ("worse", "negligible")
    assert entry(made, "killed").practical == 0.0001
    assert entry(made, "any_fatal").practical == 0.02
    (note,) = [line for line in words.notes(made) if line.startswith("A verdict also needs")]
    assert note == (
        "A verdict also needs a difference that is large enough to matter (2 points for a chance, 14 days for a date, "
        "2 % of the mean in quick for anything else; [practical] states others for attacks_total, completion_day and "
        "killed_expected; where scenarios state different ones, those of quick count); one that is shown but smaller "
        "is called negligible.")
    assert api.default_folder(sides_of([base, files[1]]), 1) != api.default_folder(sides_of(files), 1)


def test_sizes_are_checked_in_every_scenario_before_anything_is_played(files):
    def wrong(file, **practical):
        return from_dict(file.scenario.model_dump(exclude_none=True) | {"practical": practical}, file.name)

    with pytest.raises(ScenarioError) as caught:
        compared(wrong(files[0], completed="2%"), wrong(files[1], peace=1), replications=10**9)
    assert [problem.key for problem in caught.value.problems] == ["practical.completed", "practical.peace"]


# The follow-up, and dates of completion


def test_a_follow_up_that_the_horizon_cuts_short_is_said():
    """Quick is complete by day 60 or so and followed up to day 120; slow is not by day 149."""
    files = scenario("quick", 60, 150), scenario("slow", 200, 150), scenario("late", 110, 150)
    made = compared(*files, replications=20)
    notes = words.notes(made)
    (line,) = [line for line in notes if line.startswith("The follow-up of")]
    assert line == ("The follow-up of 60 days after completion is not over by 29 May 2024 in 100 % of slow and 100 % "
                    "of late (replications that are not complete by then included); there, what is asked about it is "
                    "asked up to 29 May 2024.")
    (line,) = [line for line in notes if "Median date of completion" in line]
    assert "after 29 May 2024 in slow" in line


@pytest.mark.exhaustive
def test_nothing_is_said_of_a_follow_up_that_everyone_completes(files, comparison):
    assert not [line for line in words.notes(comparison) if line.startswith("The follow-up")]
    columns = play_ensemble(set_up(files[1].scenario), 1, Size(N), Means(1, "simpy")).work.sample()
    median = estimate(columns, "completion_day", 50).value
    assert median_day(comparison, "slow", "completed") == int(median)
    assert by_day(columns.read("completion_day"), DAYS)[int(median)] >= N / 2
    (line,) = [line for line in words.notes(comparison) if "Median date of completion" in line]
    then = day(int(median))
    assert line.endswith(f" in quick and {then.day} {then:%b} {then.year} in slow.")


def test_follow_ups_of_different_length_are_not_compared(files):
    with pytest.raises(ComparisonError) as caught:
        compared(files[0], scenario("slow", 200, follow_up_days=1300), replications=10)
    assert str(caught.value) == (
        "slow: its follow-up is 1,300 days, that of quick 60; scenarios that are compared are followed up for the same "
        "time: --set follow_up_days=60")


def test_a_return_after_completion_and_troops_that_stay_are_said(files):
    """Quick leaves by day 60; in back, 70 troops return from day 90 on."""
    returning = {"theatre": "north", "start": day(90), "reinforce": True, "target": 70, "over_days": 7}
    back = scenario("back", 60, phases=leaving(over_days=60) | {"back": returning})
    made = compared(files[0], back, replications=20)
    notes, there = words.notes(made), made.means["back"]["troops_left"].mean
    end = date_text(files[0].scenario.end)
    assert (f"The drawdown had been complete, but no longer is on {end}, in 100 % of back: troops returned, or a later "
            "event called for more to leave.") in notes
    assert 60 < there <= 70  # some may have been killed
    assert f"Troops still there on {end}, on average: {number(there)} in back." in notes


def test_a_plan_that_only_holds_make_late_is_said_to():
    """Both plans end by the deadline; in one, fatal attacks hold the phase for 20 days."""
    couplings = NO_COUPLINGS | {"attacks_to_drawdown": True}
    plain, held = (scenario(name, 60, deadline=day(70), couplings=couplings, phases=leaving(
        over_days=60, hold_after_fatal_days=days)) for name, days in (("plain", 0), ("held", 20)))
    made = compared(plain, held, replications=100)
    means = made.means["held"]
    (line,) = [line for line in words.notes(made) if line.startswith("Undisturbed")]
    assert line == (f"Undisturbed, the plan meets the deadline, but it misses it in "
                    f"{share(1 - means['deadline_met'].mean)} of held (on average, phases are held for "
                    f"{number(means['days_held'].mean)} days and their dates changed 0 times).")
    assert 0.1 < means["deadline_met"].mean < 0.9


# Explanations


@pytest.mark.exhaustive
def test_an_explanation_says_which_question_it_answers(files):
    found = sim.explain(*files, ["resurgence", "resurgence_during", "attacks_total"], 20, workers=1, clock="simpy")
    assert [outcome.said for outcome in found.outcomes] == [
        "Resurgence by the horizon", "Resurgence while the drawdown runs", "Attacks"]
    assert any(line.startswith("Resurgence by the horizon:") for line in found.sentences())
    assert found.notes[0] == (
        "resurgence is explained as asked while the drawdown runs and by the horizon, 26 Oct 2024; asked in the "
        "follow-up (60 days after completion), none before (resurgence_after) and by the end of the follow-up "
        "(resurgence_follow_up), the answer may be another")
    assert not sim.explain(*files, ["attacks_total"], 20, workers=1, clock="simpy").notes
