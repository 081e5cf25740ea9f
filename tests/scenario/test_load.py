import pickle
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.build import STAND_INS
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.fields import Distribution, Table, Triangular, Uniform
from sim.scenario.keys import dotted, undotted, values
from sim.scenario.load import ScenarioFile, from_dict, load
from sim.scenario.merge import Origin
from sim.scenario.schema import Scenario

VALID = Path(__file__).parents[1] / "valid"
MINIMAL = "start = 2024-02-12\nend = 2025-02-12\ntheatres.iraq.troops = 2500\n"


def problems(*arguments: object) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(*arguments)  # type: ignore[arg-type]
    return [str(problem) for problem in caught.value.problems]


def overridden(*overrides: str, file: str = "whole.toml") -> ScenarioFile:
    return load(VALID / file, overrides)


def test_a_minimal_file_is_complete_after_loading() -> None:
    loaded = load(VALID / "minimal.toml")
    s = loaded.scenario
    assert (loaded.name, loaded.path, loaded.changes) == ("minimal", VALID / "minimal.toml", ())
    assert (s.start, s.end, s.theatres["iraq"].troops) == (date(2024, 2, 12), date(2025, 2, 12), 2500)
    assert list(s.theatres["iraq"].sites) == ["main"]
    assert (s.talks, s.threat, s.lift, s.deadline) == (None, None, None, None)
    assert s.attacks.branching_ratio == 0.35


def test_spelling_does_not_matter() -> None:
    s = load(VALID / "odd_spelling.toml").scenario
    assert s.title == "A title\nover two lines"
    assert s.theatres["iraq"].troops == 2500
    phase = s.phases["out"]
    assert (phase.theatre, phase.target, phase.sites, phase.over_days) == ("iraq", 0, ["main"], 100)


def test_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "notepad.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(path).scenario == load(VALID / "minimal.toml").scenario


def test_dated_switches_are_in_order_of_date() -> None:
    s = overridden("tension.dated.winter={date=2023-12-01, state='low'}").scenario
    assert s.tension is not None
    assert list(s.tension.dated) == ["autumn", "winter", "calm"]


def test_every_value_has_an_origin() -> None:
    loaded = load(VALID / "layered.toml")
    assert set(loaded.origins) == {dotted(path) for path, _ in values(loaded.scenario)}


@pytest.mark.parametrize(("key", "origin"), [
    ("title", ("layered.toml", 3, "", "")),
    ("attacks.elasticity", ("layered.toml", 21, "assumed", "stated in layered.toml")),
    ("attacks.decay_days", ("uncertain.toml", 10, "assumed", "stated in uncertain.toml")),
    ("casualties.mass_casualty", ("whole.toml", 95, "assumed", "stated in whole.toml")),
    ("attacks.branching_ratio", (
        "default", None, "literature", "Lewis et al. 2012; regimes first, modest self-excitation")),
    ("closing.spread", ("default", None, "assumed", "")),
    ("couplings.contagion", ("whole.toml", 120, "assumed", "stated in whole.toml")),
])
def test_origins_through_layers(key: str, origin: tuple[str, int | None, str, str]) -> None:
    found = load(VALID / "layered.toml").origins[key]
    assert (Path(found.file).name, found.line, found.mark, found.source) == origin


def test_layers_merge_by_key_and_remove_tables() -> None:
    s = load(VALID / "layered.toml").scenario
    assert list(s.theatres) == ["syria"]
    assert list(s.phases) == ["syria", "return"]
    assert s.suppressions["stop_order"].theatres == ["syria"]
    assert s.suppressions["stop_order"].mean_days == 60
    assert s.history.attacks == {}
    assert list(s.history.milestones) == ["first_round"]
    assert s.attacks.elasticity == 0.3


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return folder / "top.toml"


def test_a_distribution_replaces_the_inherited_one_whole(tmp_path: Path) -> None:
    top = write(
        tmp_path,
        base=MINIMAL + "attacks.elasticity = { dist = 'triangular', low = 0, mode = 0.1, high = 1 }\n",
        top="extends = 'base.toml'\nattacks.elasticity = { dist = 'uniform', low = 0.2, high = 0.4 }\n",
    )
    assert load(top).scenario.attacks.elasticity == Uniform(dist="uniform", low=0.2, high=0.4)
    top.write_text("extends = 'base.toml'\nattacks.elasticity.high = 0.4\n")
    assert problems(top) == [
        f"{top}:2: attacks.elasticity: needs dist = one of uniform, triangular, normal, lognormal, discrete"]
    top.write_text("extends = 'base.toml'\nattacks.decay_days = 5\n")
    assert load(top).scenario.attacks.elasticity == Triangular(dist="triangular", low=0, mode=0.1, high=1)


def test_precision_merges_by_outcome_and_is_overridden(tmp_path: Path) -> None:
    top = write(
        tmp_path,
        base=MINIMAL + "[precision]\nkilled = 1\nattacks_total = '1%'\n'attacks_total:q95' = 20\n",
        top="extends = 'base.toml'\nprecision.attacks_total = 5\nprecision.'killed.iraq' = '2.5 %'\n",
    )
    loaded = load(top)
    assert loaded.scenario.precision == {
        "killed": 1.0, "attacks_total": 5.0, "attacks_total:q95": 20.0, "killed.iraq": "2.5 %"}
    assert [(Path(origin.file).name, origin.line) for key, origin in loaded.origins.items()
            if key.startswith("precision.")] == [("base.toml", 5), ("top.toml", 2), ("base.toml", 7), ("top.toml", 3)]
    loaded = load(top, ["precision.killed=0.5", 'precision."attacks_total:q95"=5%'])
    assert (loaded.scenario.precision["killed"], loaded.scenario.precision["attacks_total:q95"]) == (0.5, "5%")
    assert list(map(str, loaded.changes)) == ["precision.killed: 1 -> 0.5", 'precision."attacks_total:q95": 20 -> "5%"']
    assert load(top, ["precision.remove=true"]).scenario.precision == {}
    assert problems(top, ["precision.killed=none"]) == [
        '--set precision.killed: must be a half-width above 0, such as 2, or a share of the mean up to 100 %, such as '
        '"1%", not "none"']


def test_one_pace_takes_the_place_of_another(tmp_path: Path) -> None:
    base = MINIMAL + "[phases.out]\ntheatre = 'iraq'\nstart = 2024-03-01\ntarget = 0\nover_days = 90\n"
    top = write(tmp_path, base=base, top="extends = 'base.toml'\nphases.out.by = 2024-09-01\n")
    phase = load(top).scenario.phases["out"]
    assert (phase.by, phase.over_days, phase.per_week) == (date(2024, 9, 1), None, None)
    phase = load(top, ["phases.out.per_week=50"]).scenario.phases["out"]
    assert (phase.by, phase.over_days, phase.per_week) == (None, None, 50)


def test_removed_and_defined_anew(tmp_path: Path) -> None:
    base = MINIMAL + "[lift]\nper_week = 90\nload = 30\n"
    top = write(tmp_path, base=base, top="extends = 'base.toml'\n[lift]\nremove = true\nper_week = 70\n")
    loaded = load(top)
    assert loaded.scenario.lift is not None
    assert (loaded.scenario.lift["lift"].per_week, loaded.scenario.lift["lift"].load) == (70, 100)
    assert loaded.origins["lift.spread"] == Origin("default", None, "assumed", "")


def test_what_a_source_says_does_not_outlive_the_value(tmp_path: Path) -> None:
    sources = "[sources]\n'theatres.iraq' = 'article: about 2,500'\n'attacks.elasticity' = 'literature: a study'\n"
    top = write(
        tmp_path,
        base=MINIMAL + "theatres.iraq.attacks_per_day = 0.04\n" + sources,
        top="extends = 'base.toml'\ntheatres.iraq.troops = 2000\n",
    )
    loaded = load(top)
    marks = {key: (loaded.origins[key].mark, loaded.origins[key].source) for key in (
        "theatres.iraq.troops", "theatres.iraq.attacks_per_day", "attacks.elasticity")}
    assert marks == {
        "theatres.iraq.troops": ("assumed", "stated in top.toml"),
        "theatres.iraq.attacks_per_day": ("article", "about 2,500"),
        "attacks.elasticity": ("literature", "a study"),
    }
    assert loaded.scenario.sources["theatres.iraq.troops"] == "assumed: stated in top.toml"
    top.write_text(top.read_text() + "[sources]\n'theatres.iraq.troops' = 'reported: a newspaper'\n")
    assert load(top).origins["theatres.iraq.troops"].mark == "reported"


def test_sources_can_be_removed_all_at_once(tmp_path: Path) -> None:
    base = MINIMAL + "[sources]\n'theatres.iraq' = 'article: about 2,500'\n"
    top = write(tmp_path, base=base, top="extends = 'base.toml'\ntheatres.iraq.troops = 2000\nsources.remove = true\n")
    assert load(top).scenario.sources == {}
    top.write_text("extends = 'base.toml'\ntheatres.iraq.troops = 2000\nsources = 3\n")
    assert problems(top) == [f"{top}:3: sources: must be a table, [sources], not 3"]


def test_ten_files_may_build_on_one_another_but_not_more(tmp_path: Path) -> None:
    write(tmp_path, f0=MINIMAL, **{f"f{i}": f"extends = 'f{i - 1}.toml'\nclosing.crews = {i}\n" for i in range(1, 12)})
    assert load(tmp_path / "f10.toml").scenario.closing.crews == 10
    assert problems(tmp_path / "f11.toml") == [
        f"{tmp_path}/f1.toml:1: extends: is one file too many; a scenario can extend at most 10 others"]


def test_problems_are_told_file_by_file_in_order_of_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, base="cost.fixed = 1\ntitle = 3\n" + MINIMAL, top="a = 1\nextends = 'base.toml'\nlift.b = 2\n")
    found = load_problems("top.toml", ["closing.crews=0", "x"])
    assert [(p.file, p.line, p.key) for p in found] == [
        ("top.toml", 1, "a"), ("top.toml", 3, "lift.b"), ("base.toml", 1, "cost.fixed"), ("base.toml", 2, "title"),
        ("--set", None, "x"), ("--set", None, "closing.crews")]


def load_problems(path: str, overrides: list[str]) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        load(path, overrides)
    return caught.value.problems


@pytest.mark.parametrize(("override", "change"), [
    ("attacks.elasticity=0.3", "attacks.elasticity: 0.4 -> 0.3"),
    (" attacks . decay_days = 3 ", "attacks.decay_days: 7 -> 3"),
    ("closing.spread=0", "closing.spread: 0.3 -> 0"),
    ("deadline=2025-06-30", "deadline: 2026-12-31 -> 2025-06-30"),
    ("title=A slower plan", 'title: "Everything at once" -> "A slower plan"'),
    ("title='2'", 'title: "Everything at once" -> "2"'),
    ("phases.syria.cancel_after=demand", 'phases.syria.cancel_after: "resurgence" -> "demand"'),
    ("phases.rest.cancel_after=phases.west", 'phases.rest.cancel_after: none -> "phases.west"'),
    ("phases.syria.reinforce=false", "phases.syria.reinforce: false -> false"),
    ("phases.west.sites=['west', 'hub']", 'phases.west.sites: ["west"] -> ["west", "hub"]'),
    ("attacks.elasticity={dist='uniform', low=0, high=1}",
     'attacks.elasticity: 0.4 -> { dist = "uniform", low = 0, high = 1 }'),
    ("lift={per_week=90, spread=0}",
     'lift: { label = "", per_week = 120, load = 100, cargo_per_week = 100, cargo_load = 40, spread = 0.3, '
     'theatres = [] } -> { label = "", per_week = 90, load = 100, cargo_per_week = 100, cargo_load = 40, spread = 0, '
     'theatres = [] }'),
    ("lift.remove=true", "lift: removed"),
])
def test_an_override_is_told_from_old_to_new(override: str, change: str) -> None:
    assert [str(change) for change in overridden(override).changes] == [change]


def test_an_override_says_the_same_as_a_line_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "minimal.toml"
    path.write_text(MINIMAL + "lift.per_week = 40\n")
    loaded = overridden("lift.per_week=40", file="minimal.toml")
    assert loaded.scenario == load(path).scenario
    assert str(loaded.changes[0]) == "lift.per_week: none -> 40"
    assert loaded.origins["lift.per_week"] == Origin("--set", None, "assumed", "set on the command line")
    assert loaded.origins["lift.spread"] == Origin("default", None, "assumed", "")


def test_later_overrides_win_and_see_the_earlier() -> None:
    loaded = overridden("closing.crews=5", "closing.crews=6")
    assert loaded.scenario.closing.crews == 6
    assert [str(change) for change in loaded.changes] == ["closing.crews: 3 -> 5", "closing.crews: 5 -> 6"]


def test_an_override_takes_the_mark_of_the_value_with_it() -> None:
    origin = overridden("theatres.iraq.troops=2000").origins["theatres.iraq.troops"]
    assert (origin.file, origin.mark, origin.source) == ("--set", "assumed", "set on the command line")


@pytest.mark.parametrize(("override", "message"), [
    ("attacks.elasticity=2", "attacks.elasticity: must be from 0 to 1, not 2"),
    ("attacks.elasticity=0,3", 'attacks.elasticity: must be a number from 0 to 1, not "0,3"'),
    ("attacks.elasticty=0.3", "attacks.elasticty: unknown key; did you mean elasticity?"),
    ("atacks.elasticity=0.3", "atacks: unknown key; did you mean attacks or talks?"),
    ("start='2024-02-12'", 'start: must be a date like 2024-02-12 without quotes, not "2024-02-12"'),
    ("end=2024-02-30",
     "end: must be a date like 2024-02-12 without quotes; 2024-02-30 is not a date: that month has 29 days"),
    ("end=2024-01-01", "end: the run ends before it starts; must be after the start, 2024-02-12"),
    ("attacks.elasticity", "attacks.elasticity: must be written KEY=VALUE, e.g. attacks.elasticity=0.3"),
    ("title=", "title=: must be written KEY=VALUE, e.g. attacks.elasticity=0.3"),
    ("=3", "=3: must be written KEY=VALUE, e.g. attacks.elasticity=0.3"),
    ("a b=3", "a b: is not a key; a key is written like attacks.elasticity"),
    ("lift={per_week=90", 'lift: "{per_week=90" is not a valid TOML value'),
    ("title=1\nend=2", "title: must be one value"),
    ("title=" + "[" * 30, "title: is nested too deeply; at most 20 levels"),
    (".".join("a" * 30) + "=1", ".".join("a" * 30) + ": is nested too deeply; at most 20 levels"),
    ("response.remove=1", "response.remove: must be true, which deletes the table inherited, not 1"),
    ("phases.no.remove=true", "phases.no.remove: there is no inherited phases.no to remove; "
     "allowed: syria, west, rest, return"),
    ("title\n=3", "title: must be text in quotes, not 3"),
])
def test_a_faulty_override_is_named(override: str, message: str) -> None:
    assert [p for p in problems(VALID / "whole.toml", [override]) if p.startswith("--set")] == [f"--set {message}"]


def test_an_override_that_a_joint_draw_would_hide_is_refused() -> None:
    path = VALID / "uncertain.toml"
    assert problems(path, ["attacks.branching_ratio=0.1"]) == [
        "--set attacks.branching_ratio: is drawn by joint.fit, so a value given here has no effect; "
        "add --set joint.fit.remove=true to give one"]
    s = load(path, ["attacks.branching_ratio=0.1", "joint.fit.remove=true"]).scenario
    assert (s.joint, s.attacks.branching_ratio) == ({}, 0.1)


def test_an_incomplete_table_made_by_overrides_is_blamed_on_them() -> None:
    assert problems(VALID / "minimal.toml", ["talks.round_days=20"]) == [
        "--set talks.first_round: is missing; it must be given: date of the first round played by the model"]


def test_from_dict_is_the_same_as_a_file() -> None:
    data = {"start": date(2024, 2, 12), "end": date(2025, 2, 12), "theatres": {"iraq": {"troops": 2500}}}
    loaded = from_dict(data, "mine", ["closing.crews=4"])
    assert (loaded.name, loaded.path) == ("mine", None)
    assert loaded.scenario == overridden("closing.crews=4", file="minimal.toml").scenario
    assert data == {"start": date(2024, 2, 12), "end": date(2025, 2, 12), "theatres": {"iraq": {"troops": 2500}}}
    with pytest.raises(ScenarioError) as caught:
        from_dict({**data, "lift": 3, "closing": {"crews": 0}}, "mine")
    assert str(caught.value) == (
        "mine: lift: must be a table, [lift], not 3\n"
        "mine: closing.crews: must be a whole number from 1 to 1,000, not 0")


def test_an_error_survives_the_way_between_processes() -> None:
    error = ScenarioError((Problem("a.toml", 3, "lift", "is wrong"), Problem("a.toml", None, "", "is bad\nindeed")))
    copy = pickle.loads(pickle.dumps(error))
    assert copy.problems == error.problems
    assert str(copy) == "a.toml:3: lift: is wrong\na.toml: is bad\\nindeed"


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
def test_a_dotted_key_can_be_read_back(parts: list[str]) -> None:
    assert undotted(dotted(tuple(parts))) == tuple(parts)


@pytest.mark.parametrize("text", ["", ".", "a.", "a..b", "a b", "a = 1", "a[1]", "é", '"a', "a.\nb", "a." * 20 + "a"])
def test_what_is_not_a_dotted_key(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        undotted(text)


def tables(kind: type[Table], seen: set[type[Table]]) -> set[type[Table]]:
    """Collect the tables of the schema that merge key by key, from a table down."""
    seen.add(kind)
    for field in kind.model_fields.values():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, Table) and part not in (*get_args(Distribution), *seen):
                tables(part, seen)
    return seen


def test_every_required_key_can_be_stood_in_for() -> None:
    found = tables(Scenario, set())
    assert {"Theatre", "Phase", "Site", "Talks", "TensionSwitch", "PastMilestone"} <= {kind.__name__ for kind in found}
    required = {key for kind in found for key, field in kind.model_fields.items() if field.is_required()}
    assert required <= set(STAND_INS)


def test_a_theatre_goes_with_all_that_is_about_it_alone(tmp_path: Path) -> None:
    base = MINIMAL + """
[theatres.syria]
troops = 900
[phases.out]
theatre = "iraq"
start = 2024-06-01
target = 0
over_days = 100
[phases.syria]
theatre = "syria"
start = 2024-06-01
target = 0
over_days = 100
[suppressions.there]
start = 2024-03-01
end = 2024-04-01
theatres = ["syria"]
[suppressions.both]
start = 2024-03-01
end = 2024-04-01
theatres = ["iraq", "syria"]
[history.attacks]
syria = [{ date = 2023-10-17, total = 0 }, { date = 2024-02-01, total = 30 }]
iraq = [{ date = 2023-10-17, total = 0 }, { date = 2024-02-01, total = 60 }]
[sources]
"phases.syria.target" = "assumed: a guess"
"history.attacks.syria" = "reported: a count"
"""
    top = write(tmp_path, base=base, top="extends = 'base.toml'\n[theatres.syria]\nremove = true\n")
    s = load(top).scenario
    assert list(s.theatres) == ["iraq"]
    assert list(s.phases) == ["out"]
    assert {name: entry.theatres for name, entry in s.suppressions.items()} == {"both": ["iraq"]}
    assert list(s.history.attacks) == ["iraq"]
    assert not any("syria" in key for key in s.sources)
    changed = load(tmp_path / "base.toml", ["theatres.syria.remove=true", "phases.syria.remove=true"])
    assert changed.scenario == s.model_copy(update={"sources": changed.scenario.sources})
    assert [change.key for change in changed.changes] == [
        "theatres.syria", "history.attacks.syria", "phases.syria", "suppressions.there", "phases.syria"]


def test_what_a_file_says_itself_does_not_go_with_a_theatre(tmp_path: Path) -> None:
    base = MINIMAL + ("[theatres.syria]\ntroops = 900\n[phases.syria]\ntheatre = 'syria'\nstart = 2024-06-01\n"
                      "target = 0\n")
    top = write(tmp_path, base=base + "over_days = 100\n",
                top="extends = 'base.toml'\n[theatres.syria]\nremove = true\n[phases.syria]\nover_days = 50\n")
    assert problems(top) == [
        f"{tmp_path / 'base.toml'}:7: phases.syria.theatre: there is no theatre syria; allowed: iraq"]
    top.write_text("extends = 'base.toml'\n[theatres.syria]\nremove = true\n[phases.syria]\ntheatre = 'iraq'\n")
    assert load(top).scenario.phases["syria"].theatre == "iraq"
