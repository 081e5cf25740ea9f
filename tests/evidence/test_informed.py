"""Keys that the data cannot inform are left out, with the reason in the file, the notes and fit.json."""

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

import sim
from evidence.test_calibrate import done
from evidence.test_calm import scenario
from evidence.test_severity import found, harm
from sim.evidence import fragment
from sim.evidence.fitted import FittedValue
from sim.evidence.gaps import mask
from sim.evidence.places import within
from sim.evidence.read import read
from sim.evidence.severity import one_sided, scenario_keys
from sim.scenario.load import from_dict, load

PROCESS = {"theatres.NAME.attacks_per_day", "attacks.branching_ratio", "attacks.decay_days"}
BASE = 'start = 2024-01-01\nend = 2024-12-31\n[theatres.iraq]\ntroops = 100\nattacks_per_day = 0.1\n'
GED = "id,date_start,date_end,date_prec,country,best\n"
TRUE = np.random.default_rng(3).zipf(2.5, 60)


def days(number: int) -> list[date]:
    rng = np.random.default_rng(8)
    return [date(2023, 1, 1) + timedelta(days=int(day)) for day in np.sort(rng.integers(0, 300, number))]


def fitted(folder, text: str) -> tuple[fragment.Keys, str, dict]:
    """Calibrate for a small scenario; return the keys, fit.toml and the keys in fit.json."""
    (folder / "base.toml").write_text(BASE)
    (folder / "a.csv").write_text(text)
    done = sim.calibrate(folder / "a.csv", scenario=folder / "base.toml", out=folder / "fit", figures=False)
    assert done.keys is not None
    load(folder / "fit" / "fit.toml")
    report = json.loads((folder / "fit" / "fit.json").read_text())["scenario_keys"]
    return done.keys, (folder / "fit" / "fit.toml").read_text(), report


@pytest.mark.exhaustive
def test_a_file_of_fatal_attacks_informs_their_severity_alone(tmp_path) -> None:
    rows = [f"{day},{killed},{killed * 3}\n" for day, killed in zip(days(60), TRUE, strict=True)]
    keys, text, report = fitted(tmp_path, "date,killed,wounded\n" + "".join(rows))
    assert set(keys.harm) == {"casualties.severity_exponent", "casualties.wounded_per_death"}
    assert set(keys.left_out) == set(report["left_out"]) == PROCESS | {"casualties.fatal_chance"}
    assert not keys.best
    assert not keys.fixed
    why = "the file holds fatal attacks only, so it does not say how many harmful attacks kill"
    assert report["left_out"]["casualties.fatal_chance"] == why
    assert f"# Note: left out: casualties.fatal_chance: {why}\n" in text
    played = load(tmp_path / "fit" / "fit.toml").scenario
    assert played.theatres["iraq"].attacks_per_day == 0.1
    assert played.casualties.fatal_chance == load(tmp_path / "base.toml").scenario.casualties.fatal_chance


@pytest.mark.exhaustive
def test_deaths_on_all_sides_are_not_those_of_troops(tmp_path) -> None:
    """An export of UCDP GED, which holds fatal attacks only, even where the best estimate of deaths is 0."""
    rows = [f"{i},{day},{day},1,Iraq,{killed if i else 0}\n" for i, (day, killed) in enumerate(zip(days(60), TRUE,
                                                                                                   strict=True))]
    keys, text, _ = fitted(tmp_path, GED + "".join(rows))
    assert keys.empty
    assert set(keys.left_out) == PROCESS | {
        "casualties.fatal_chance", "casualties.severity_exponent", "casualties.wounded_per_death"}
    assert keys.notes == ["these data inform no key: fit.toml plays as the scenario does"]
    assert "the file counts the dead on all sides, and the key is about the troops" in text
    resolved = [load(path).scenario for path in (tmp_path / "base.toml", tmp_path / "fit" / "fit.toml")]
    assert resolved[0].model_dump(exclude={"title"}) == resolved[1].model_dump(exclude={"title"})


@pytest.mark.exhaustive
def test_a_file_of_harmful_attacks_informs_who_dies_in_them_but_not_how_many_come(tmp_path) -> None:
    rows = [f"{day},{int(i % 5 == 0)},{1 + i % 4}\n" for i, day in enumerate(days(60))]
    keys, _, _ = fitted(tmp_path, "date,killed,wounded\n" + "".join(rows))
    assert keys.harm["casualties.fatal_chance"].estimate == pytest.approx(0.2)
    assert set(keys.left_out) >= PROCESS
    assert "attacks that harmed somebody only" in keys.left_out["attacks.branching_ratio"]


@pytest.mark.parametrize(("given", "only"), [
    ({"killed": [1, 2, 1]}, "fatal attacks"), ({"killed": [1, 2, -1]}, ""), ({"killed": [1, 0, 1]}, ""),
    ({"killed": [1, 0], "wounded": [0, 3]}, "attacks that harmed somebody"), ({"wounded": [2, 0]}, "")])
def test_which_attacks_a_file_holds(given, only) -> None:
    assert one_sided(harm(**given)) == only


def test_harmful_attacks_that_show_by_their_dead_alone_do_not_say_how_many_kill() -> None:
    """A file with dead and no wounded: an attack of no dead may have harmed. With wounded, it is known."""
    result = found(killed=[1, 2, 0, 0, 0, 0])
    assert result.fatal_share is None
    assert result.harm_share is None
    assert "only deaths show which attacks were harmful" in result.left_out["casualties.fatal_chance"]
    with_wounded = found(killed=[1, 2, 0, 0, 0, 0], wounded=[0, 1, 0, 0, 0, 2])
    assert with_wounded.fatal_share is not None
    assert with_wounded.fatal_share.estimate == pytest.approx(2 / 3)
    assert with_wounded.left_out == {}


def test_an_exponent_at_the_end_of_its_search_is_no_key() -> None:
    result = found(killed=[1] * 20 + [0] * 20)
    assert result.deaths is not None
    assert "casualties.severity_exponent" not in scenario_keys(result)
    assert result.left_out == {
        "casualties.fatal_chance": result.left_out["casualties.fatal_chance"],
        "casualties.severity_exponent": "it comes out at 10, the end of the range that is searched"}


@pytest.mark.exhaustive
def test_a_number_beyond_what_a_scenario_allows_is_left_out_and_not_clipped() -> None:
    """Fewer wounded in the end than first reported: a late factor of a half, where the model has 1 or more."""
    rng = np.random.default_rng(4)
    wounded = rng.integers(2, 9, 40)
    severity = found(killed=[0] * 40, wounded=np.append(wounded, [0] * 4)[:40], final=wounded // 2)
    result = replace(done("sparse"), record=replace(done("sparse").record, harm=None), severity=severity)
    keys = fragment.keys_of(result, scenario())
    assert keys.left_out["casualties.late_factor"].endswith("; a scenario allows from 1 to 10")
    assert "casualties.late_factor" not in keys.harm


def estimated(name: str, parameter: str, low: float, high: float, value: float | None = None):
    """Return a calibration in which a parameter of the best model has another interval."""
    result = done(name)
    entry = result.models[result.best]
    best = value if value is not None else entry.estimates[parameter].estimate
    changed = replace(entry, estimates={**entry.estimates, parameter: FittedValue(best, low, high)})
    return replace(result, models={**result.models, result.best: changed})


@pytest.mark.exhaustive
def test_a_factor_that_may_be_anything_is_left_out() -> None:
    truce = {"truce": {"start": date(2024, 4, 30), "end": date(2024, 5, 20)}}
    keys = fragment.keys_of(estimated("regimes", "factor_truce", 0.0, 1.0), scenario(suppressions=truce))
    assert keys.left_out == {"suppressions.truce.factor": "its interval is the whole range searched, 0 to 1: the data "
                             "say nothing about it"}
    assert "suppressions.truce.factor" in fragment.keys_of(done("regimes"), scenario(suppressions=truce)).best


def test_the_factor_of_a_truce_in_one_theatre_is_not_that_of_all() -> None:
    tables = {"theatres": {name: {"troops": 10, "attacks_per_day": 0.01} for name in ("north", "south")},
              "suppressions": {"truce": {"start": date(2024, 4, 30), "end": date(2024, 5, 20), "theatres": ["south"]}}}
    keys = fragment.keys_of(done("regimes"), scenario(**tables))
    assert keys.left_out == {"suppressions.truce.factor": "it holds in some theatres only, and what is fitted is the "
                             "total of all"}


def test_spells_longer_than_the_record_are_left_out() -> None:
    result = replace(done("regimes"), best="markov_modulated", regimes=None)
    result = replace(result, draws=np.tile(result.best_fit.values, (5, 1)))
    entry = result.models["markov_modulated"]
    estimates = {**entry.estimates, "mean_low_days": FittedValue(400.0, 90.0, 3000.0)}
    result = replace(result, models={**result.models, "markov_modulated": replace(entry, estimates=estimates)})
    keys = fragment.keys_of(result, scenario())
    assert keys.left_out == {"tension.mean_low_days": "it comes out at 400 days, longer than the record, in which no "
                             "such spell ends"}
    assert "tension.mean_high_days" in keys.best


# Places

PLACED = "date,place,killed,wounded\n" + "".join(
    f"2024-0{1 + i // 28}-{1 + i % 28:02},{place},{3 if place == 'Jordan' else 0},{i % 3}\n"
    for i, place in enumerate(["Iraq"] * 30 + ["Syria"] * 10 + ["Jordan"] * 8 + [""] * 6))
TWO = from_dict({"start": date(2024, 1, 1), "end": date(2024, 12, 31), "theatres": {
    name: {"troops": 10, "attacks_per_day": 0.01} for name in ("iraq", "syria")}})


def test_attacks_in_a_place_that_is_no_theatre_are_left_out(tmp_path) -> None:
    (tmp_path / "a.csv").write_text(PLACED)
    record = read(tmp_path / "a.csv")
    left = within(record, TWO)
    assert left.notes[-1] == "left out: 8 attacks in places that are no theatre of the scenario: Jordan (8)"
    assert (record.attacks, left.attacks, left.elsewhere) == (54, 46, 8)
    assert list(left.places) == ["iraq", "syria"]
    assert left.harm is not None
    assert (len(left.harm.killed), left.harm.killed.sum()) == (46, 0)
    assert (record.counts[43:51] == 1).all()  # three days of January have no attack
    assert (left.counts[43:51] == 0).all()


def test_attacks_of_unknown_place_are_where_the_others_are(tmp_path) -> None:
    """6 of unknown place: 30, 10 and 8 of 48 known. So 33.75 in Iraq, 11.25 in Syria, of 46 that are fitted."""
    (tmp_path / "a.csv").write_text(PLACED)
    result = replace(done("sparse"), record=within(read(tmp_path / "a.csv"), TWO))
    keys = fragment.keys_of(result, TWO)
    rate = result.best_fit.values[0]
    assert keys.best["theatres.iraq.attacks_per_day"] == pytest.approx(33.75 / 46 * rate)
    assert keys.best["theatres.syria.attacks_per_day"] == pytest.approx(11.25 / 46 * rate)
    assert keys.notes == ["the place of 6 attacks is not known; they are taken to have been where the others were, "
                          "83 % of them in these theatres"]


def test_timed_attacks_elsewhere_are_left_out(tmp_path) -> None:
    rows = "".join(f"2024-01-{day:02} 06:00,{('Iraq', 'Jordan', 'iraq')[day % 3]}\n" for day in range(1, 31))
    (tmp_path / "a.csv").write_text("date,place\n" + rows)
    left = within(read(tmp_path / "a.csv"), TWO)
    assert left.kind == "events"
    assert left.times.tolist() == [day - 1 + 0.25 for day in range(1, 31) if day % 3 != 1]
    assert left.places["iraq"].tolist() == [1.0] * 20


def test_a_gap_leaves_what_is_known_of_the_attacks(tmp_path) -> None:
    """An export of UCDP GED without the days of a gap: still dead on all sides, still in their places."""
    rows = [f"{i},{day} 06:30,{day},1,{('Iraq', 'Yemen')[i % 2]},1\n" for i, day in enumerate(days(60))]
    (tmp_path / "a.csv").write_text(GED + "".join(rows))
    record = mask(read(tmp_path / "a.csv"), [(date(2023, 3, 1), date(2023, 4, 30))])
    assert record.harm is not None
    assert record.attacks < 60
    assert (record.harm.layout, len(record.harm.place)) == ("ged", record.attacks)
    left = within(record, TWO)
    assert left.harm is not None
    assert len(left.harm.killed) == left.attacks == record.attacks - left.elsewhere


def test_counts_elsewhere_are_left_out(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("date,count,iraq,yemen\n2024-01-01,5,2,3\n2024-01-02,4,1,\n2024-01-03,2,2,0\n")
    left = within(read(tmp_path / "a.csv"), TWO)
    assert left.counts.tolist() == [2, 4, 2]
    assert left.elsewhere == 3


def test_a_theatre_that_the_data_do_not_name_keeps_its_rate() -> None:
    result = done("sparse")
    at = np.ones(result.record.attacks)
    keys = fragment.keys_of(replace(result, record=replace(result.record, places={"iraq": at})), TWO)
    assert "theatres.syria.attacks_per_day" not in keys.best
    assert keys.notes == ["the data name no attack in syria: its attacks_per_day stays as it is in the scenario"]


# Nothing to write

@pytest.mark.exhaustive
@pytest.mark.parametrize("text", [
    "date\n" + "".join(f"{day}\n" for day in days(80)),
    "date,count\n" + "".join(f"{date(2023, 10, 17) + timedelta(weeks=i)},{2 + i * i % 3}\n" for i in range(30))])
def test_without_places_and_scenario_there_is_nothing_to_write(tmp_path, text) -> None:
    (tmp_path / "a.csv").write_text(text)
    result = sim.calibrate(tmp_path / "a.csv", out=tmp_path / "fit", figures=False)
    assert result.result.best == "poisson"
    assert result.keys is None
    assert result.unsaid[0] == "no fit.toml: there is nothing to write as a scenario"
    assert not (tmp_path / "fit" / "fit.toml").exists()
    assert json.loads((tmp_path / "fit" / "fit.json").read_text())["best"] == "poisson"


@pytest.mark.exhaustive
def test_harm_alone_is_written(tmp_path) -> None:
    """No places and no scenario: what single attacks do is all that a scenario can take."""
    rows = "".join(f"{day},{int(i % 9 == 0)},{i % 4}\n" for i, day in enumerate(days(80)))
    (tmp_path / "a.csv").write_text("date,killed,wounded\n" + rows)
    result = sim.calibrate(tmp_path / "a.csv", out=tmp_path / "fit", figures=False)
    (tmp_path / "own.toml").write_text(f'extends = "fit/fit.toml"\n{BASE}')
    casualties = load(tmp_path / "own.toml").scenario.casualties
    assert result.keys is not None
    assert casualties.fatal_chance.mode == pytest.approx(result.keys.harm["casualties.fatal_chance"].estimate, rel=1e-5)
    assert not load(tmp_path / "own.toml").scenario.joint
