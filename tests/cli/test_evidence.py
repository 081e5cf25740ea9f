"""The commands `calibrate` and `backtest`, from files to files."""

import csv
import json
import re
from datetime import date, timedelta

import numpy as np
import pytest

import sim

from .conftest import SCENARIO

FIRST = date(2023, 1, 2)


@pytest.fixture
def weekly(shell):
    """A year of weekly counts in two countries, at a rate of 3 a week, and none in five weeks of truce."""
    generator = np.random.default_rng(5)
    lines = ["date,count,iraq,syria"]
    for week in range(52):
        iraq, syria = generator.poisson(0.0 if 20 <= week < 25 else 1.5, 2)
        lines.append(f"{FIRST + timedelta(weeks=week)},{iraq + syria},{iraq},{syria}")
    (shell.folder / "weekly.csv").write_text("\n".join(lines) + "\n")
    truce = [FIRST + timedelta(weeks=week) for week in (20, 25)]
    (shell.folder / "regimes.toml").write_text(f"[suppressions.truce]\nstart = {truce[0]}\nend = {truce[1]}\n")
    return lines


@pytest.mark.exhaustive
def test_a_fit_is_written_and_can_be_played(shell, weekly):
    done = shell("calibrate", "weekly.csv", "--regimes", "regimes.toml", "--scenario", "short.toml", "--out", "fit")
    assert done.returncode == 0
    assert re.fullmatch(r"Fitting: Poisson(, about .*)?", done.stderr.splitlines()[0])  # how long, if it is busy
    fit = json.loads((shell.folder / "fit" / "fit.json").read_text())
    with (shell.folder / "weekly.csv").open() as file:
        rows = list(csv.DictReader(file))
    counts = [int(row["iraq"]) for row in rows]  # Syria is not a theatre of this scenario
    rate = fit["models"]["poisson"]["parameters"]["rate"]
    assert rate["estimate"] == pytest.approx(sum(counts) / 364, rel=1e-3)
    assert rate["ci90"][0] < rate["estimate"] < rate["ci90"][1]
    assert fit["observed"]["attacks"] == sum(counts)
    # The truce is over before the half that is forecast, so its dates do not help there, and cost parameters.
    assert (fit["best"], fit["chosen_by"]) == ("negative_binomial", "out_of_sample")
    assert any(" has the lowest AIC, but forecasts worse than Negative binomial (AIC " in line
               for line in fit["why_not_the_lowest_aic"])
    regimes = fit["models"]["regimes"]["parameters"]
    assert regimes["rate_low"]["estimate"] == pytest.approx(sum(counts) / (47 * 7), rel=1e-3)
    assert regimes["factor_truce"]["estimate"] == pytest.approx(0.0, abs=1e-3)
    assert any("show no self-excitation" in line for line in fit["warnings"])
    assert {path.name for path in (shell.folder / "fit" / "figures").iterdir()} == {
        f"{name}.{form}" for name in ("attacks", "models", "residuals", "rootogram") for form in ("png", "svg")}
    syria = sum(int(row["syria"]) for row in rows)
    assert f"left out: {syria} attacks in places that are no theatre of the scenario: syria ({syria})" in done.stdout
    over = fit["held_out_intervals"]
    assert f"Recommended: Negative binomial, by out-of-sample score over {over} intervals" in done.stdout
    assert "Rate of the last four weeks" in done.stdout
    assert "Note: a scenario cannot play counts that scatter from week to week as these do" in done.stdout
    assert shell("run", "fit/fit.toml", "--replications", "20", "--no-figures").returncode == 0


@pytest.mark.exhaustive
def test_a_fit_for_a_scenario_with_these_regimes_is_drawn_from(shell, weekly):
    (shell.folder / "both.toml").write_text(
        SCENARIO.replace("[theatres.iraq]", "[theatres.syria]\ntroops = 50\n[theatres.iraq]")
        + (shell.folder / "regimes.toml").read_text())
    assert shell("calibrate", "weekly.csv", "--scenario", "both.toml", "--no-figures").returncode == 0
    written = next(shell.folder.glob("results/calibrate/weekly/*/fit.toml"))
    fitted = sim.load(written)
    joint = fitted.scenario.joint["attack_fit"]
    assert {"theatres.iraq.attacks_per_day", "theatres.syria.attacks_per_day"} <= set(joint.keys)
    assert len(joint.rows) == 400
    total = np.array(joint.rows)[:, :2].sum(axis=1)
    assert np.mean(total) == pytest.approx(3.0 / 7.0, rel=0.25)
    assert fitted.scenario.attacks.branching_ratio == 0.0
    origin = fitted.origins["theatres.iraq.attacks_per_day"]
    assert origin.mark == "derived"
    assert "weekly.csv (sha256 " in origin.source
    played = json.loads(shell("run", written, "--replications", "200", "--no-figures", "--json").stdout)
    assert 0.0 <= played["outcomes"]["attacks_total"]["variance"]["parameters"] <= 1.0


@pytest.mark.exhaustive
def test_what_cannot_be_fitted_is_said_and_nothing_is_written(shell):
    (shell.folder / "bad.csv").write_text("date,count\n2024-01-01,3\n2024-01-02,-1\n2024-01-03,x\n")
    before = shell.files()
    done = shell("calibrate", "bad.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["bad.csv, row 3", "bad.csv, row 4"]
    (shell.folder / "few.csv").write_text("date,count\n2024-01-01,3\n2024-01-02,0\n")
    done = shell("calibrate", "few.csv", "--quiet")
    assert (done.returncode, done.stderr.strip()) == (
        2, "few.csv: 3 attacks in 2 intervals are too few to fit anything to; at least 5 of both are needed")
    assert shell("calibrate", "none.csv").returncode == 2
    done = shell("calibrate", "few.csv", "--kind", "sums")
    assert done.returncode == 2
    assert "must be events, counts or cumulative, not sums" in done.stderr
    assert shell.files() == sorted([*before, "few.csv"])


@pytest.mark.exhaustive
def test_a_folder_with_something_else_is_refused(shell, weekly):
    (shell.folder / "mine").mkdir()
    (shell.folder / "mine" / "letter.txt").write_text("dear")
    done = shell("calibrate", "weekly.csv", "--out", "mine", "--quiet")
    assert (done.returncode, done.stderr) == (
        2, "mine exists and holds no results of this program; choose another --out\n")
    assert [path.name for path in (shell.folder / "mine").iterdir()] == ["letter.txt"]


@pytest.mark.exhaustive
def test_a_forecast_is_scored_against_what_came(shell, weekly):
    to = FIRST + timedelta(weeks=46, days=-1)
    done = shell("backtest", "weekly.csv", "--to", to, "--every", "28", "--json", "--no-figures")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    (written,) = shell.folder.glob("results/backtest/weekly/*/backtest.json")
    assert json.loads(written.read_text()) == report
    assert [forecast["known_to"] for forecast in report["forecasts"]] == [
        str(to + timedelta(weeks=4 * i)) for i in range(2)]
    first = report["forecasts"][0]["targets"]
    assert [target["from"] for target in first] == [str(FIRST + timedelta(weeks=week)) for week in range(46, 52)]
    assert [target["attacks"] for target in first] == [int(line.split(",")[1]) for line in weekly[47:]]
    targets = 6 + 2
    assert {entry["targets"] for entry in report["forecasters"].values()} == {targets}
    recent = report["forecasters"]["last_four_weeks"]
    assert 0.0 < recent["crps"] < 3.0
    assert recent["inside_50"] <= recent["inside_90"]
    again = shell("backtest", "weekly.csv", "--to", to, "--every", "28", "--quiet", "--no-figures")
    assert again.stdout.splitlines()[-1] == f"Already there: {written.relative_to(shell.folder)}"


@pytest.mark.exhaustive
def test_a_date_with_nothing_after_it_is_refused(shell, weekly):
    done = shell("backtest", "weekly.csv", "--to", "2024-06-01", "--quiet")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "weekly.csv: nothing follows 2024-06-01 that a forecast could be compared with; the record ends on 2023-12-31, "
        "and a full week or an interval must follow the date")
    done = shell("backtest", "weekly.csv", "--to", "soon")
    assert done.returncode == 2
    assert "must be a date such as 2023-12-31, not soon" in done.stderr


@pytest.mark.exhaustive
def test_a_score_that_is_infinite_is_null_in_json(shell, weekly):
    """The truce leaves nothing before the first attack in it, so its model gives that attack no chance."""
    lines = weekly[:21] + [
        f"{FIRST + timedelta(weeks=week)},{0 if week < 26 else 1},0,{0 if week < 26 else 1}" for week in range(20, 30)]
    (shell.folder / "silent.csv").write_text("\n".join(lines) + "\n")
    begins = FIRST + timedelta(weeks=20)
    (shell.folder / "order.toml").write_text(f"[suppressions.order]\nstart = {begins}\nmean_days = 100\n")
    done = shell("calibrate", "silent.csv", "--regimes", "order.toml", "--json", "--no-figures", "--quiet")
    assert done.returncode == 0
    models = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))["models"]
    assert models["regimes"]["held_out_log_score"] is None
    assert models["poisson"]["held_out_log_score"] < 0.0


@pytest.mark.exhaustive
def test_a_fit_that_its_scenario_cannot_bear_is_said(shell, weekly):
    (shell.folder / "hot.toml").write_text(SCENARIO.replace("= 0.2", "= 0.1\nattacks_trend_per_year = 6.8")
                                              + "[tension]\nhigh_multiplier = 50\n")
    done = shell("calibrate", "weekly.csv", "--scenario", "hot.toml", "--regimes", "regimes.toml", "--no-figures",
                 "--quiet", "--out", "fit")
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if "not to be played as it is" in line]
    assert "theatres.iraq.attacks_per_day: attacks could reach " in line
    assert "Play it" not in done.stdout
    assert shell("run", "fit/fit.toml").returncode == 2


@pytest.mark.exhaustive
def test_each_question_has_a_folder_of_its_own_and_the_same_one_changes_nothing(shell, weekly):
    def contents():
        return {path.relative_to(shell.folder).as_posix(): path.read_bytes()
                for path in shell.folder.glob("results/**/*") if path.is_file()}

    (shell.folder / "weekly.csv").write_text("\n".join(weekly[:27]) + "\n")
    first = shell("calibrate", "weekly.csv", "--quiet", "--no-figures")
    before = contents()
    repeated = shell("calibrate", "weekly.csv", "--no-figures")
    (folder,) = {path.rsplit("/", 1)[0] for path in before}
    assert f"Written: {folder}/fit.json\n" in first.stdout
    assert repeated.stdout == first.stdout.replace("Written: ", "Already there: ")
    assert repeated.stderr.splitlines()[-1] == f"{folder} has this calibration already; it stays as it is."
    assert contents() == before
    for more in (["--seed", "2"], ["--regimes", "regimes.toml"]):
        assert shell("calibrate", "weekly.csv", "--quiet", "--no-figures", *more).returncode == 0
    assert len({path.rsplit("/", 1)[0] for path in contents()}) == 3
    assert contents().items() >= before.items()
    other = shell("calibrate", "weekly.csv", "--quiet", "--no-figures", "--seed", "2", "--out", folder)
    assert (other.returncode, other.stderr) == (
        2, f"{folder} holds results of something else (seed 1, not 2); choose another --out, or replace it with "
        "--force\n")


@pytest.mark.exhaustive
def test_what_the_user_says_of_the_time_watched_counts(shell):
    """Thirty attacks in 20 days, then none for 72: the file does not say how long attacks were recorded."""
    generator = np.random.default_rng(1)
    days = np.sort(generator.uniform(0, 20, 30))
    rows = [f"{date(2023, 10, 1) + timedelta(days=int(day))},{int(day % 1 * 24):02d}:30" for day in days]
    (shell.folder / "burst.csv").write_text("\n".join(["date,time", *rows]) + "\n")
    guessed = shell("calibrate", "burst.csv", "--no-figures", "--quiet")
    assert ("Note: the data do not say how long attacks were recorded: taken as from the first to the last, "
            "2023-10-01 to 2023-10-20. Quiet time before or after them counts, so give --begin and --end if it was "
            "longer"
            ) in guessed.stdout
    told = shell("calibrate", "burst.csv", "--begin", "2023-10-01", "--end", "2023-12-31", "--no-figures", "--json")
    fit = json.loads(told.stdout)
    assert (fit["observed"]["first_day"], fit["observed"]["last_day"]) == ("2023-10-01", "2023-12-31")
    assert fit["models"]["poisson"]["parameters"]["rate"]["estimate"] == pytest.approx(30 / 92, rel=1e-3)
    assert fit["observed"]["notes"] == []
    assert shell("calibrate", "burst.csv", "--begin", "2024").stderr.splitlines()[-1].endswith(
        "must be a date such as 2023-12-31, not 2024")


@pytest.mark.exhaustive
def test_gaps_and_by_reach_both_commands(shell, weekly):
    (shell.folder / "gaps.csv").write_text("begin,end\n2023-05-22,2023-06-25\n")
    doubted = shell("calibrate", "weekly.csv", "--no-figures", "--json")
    fit = json.loads(doubted.stdout)
    assert fit["warnings"][0].startswith("The record has no attack from 2023-05-22 to 2023-06-25 (35 days; the chance ")
    assert fit["scenario_keys"] is None
    marked = json.loads(shell("calibrate", "weekly.csv", "--gaps", "gaps.csv", "--no-figures", "--json").stdout)
    assert marked["observed"]["gaps"] == [["2023-05-22", "2023-06-25"]]
    assert marked["observed"]["observations"] == 47
    assert marked["scenario_keys"] is not None
    tested = json.loads(shell("backtest", "weekly.csv", "--to", "2023-05-14", "--until", "2023-07-09", "--gaps",
                              "gaps.csv", "--no-figures", "--json").stdout)
    targets = [target["from"] for target in tested["forecasts"][0]["targets"]]
    assert targets == ["2023-05-15", "2023-06-26", "2023-07-03"]
    refused = shell("backtest", "weekly.csv", "--to", "2023-05-14", "--by", "day")
    assert (refused.returncode, refused.stderr) == (
        2, "weekly.csv: only events and daily counts can be counted by day\n")


@pytest.mark.exhaustive
def test_several_files_are_bounded_as_one(shell, weekly):
    text = (shell.folder / "weekly.csv").read_text().splitlines()
    (shell.folder / "one.csv").write_text("\n".join(text[:21]) + "\n")
    (shell.folder / "two.csv").write_text("\n".join([text[0], *text[31:]]) + "\n")
    fit = json.loads(shell("calibrate", "two.csv", "one.csv", "--begin", "2023-01-16", "--end", "2023-12-24",
                           "--no-figures", "--json").stdout)
    assert (fit["observed"]["first_day"], fit["observed"]["last_day"]) == ("2023-01-16", "2023-12-24")
    assert fit["observed"]["observations"] == 18 + 21
