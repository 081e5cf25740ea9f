"""Settings that can have no effect are warned of: each at its line, in words, and nothing else is."""

import tomllib
from pathlib import Path

import pytest

from sim.scenario.load import from_dict, load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HEAD = "start = 2024-02-12\nend = 2025-12-31\ntheatres.iraq = {{ troops = 2500, attacks_per_day = {} }}\n"
PHASE = '[phases.out]\ntheatre = "iraq"\ntarget = 0\nover_days = 365\n'
RAISED = ("has no effect: nothing raises the pressure; it needs strikes ([response], with attacks) or talks that "
          "can stall ([talks])")


def warnings(tmp_path, text, attacks=0.1, overrides=()):
    """Return the warnings of a file whose first three lines are `HEAD`, without the file's name."""
    path = tmp_path / "own.toml"
    path.write_text(HEAD.format(attacks) + text)
    return [str(warning).removeprefix(f"{path}:") for warning in load(path, overrides).warnings]


def test_a_chance_of_a_demand_that_nothing_raises(tmp_path):
    text = "[pressure]\ndemand_chance = 0.05\n"
    assert warnings(tmp_path, text) == [f"5: pressure.demand_chance: {RAISED}"]
    assert warnings(tmp_path, text + "[response]\n", attacks=0)[0] == f"5: pressure.demand_chance: {RAISED}"
    assert warnings(tmp_path, "[pressure]\n") == [f"4: pressure.demand_chance: {RAISED}"]


@pytest.mark.parametrize("text", [
    "[pressure]\n[response]\n",
    "[pressure]\n[talks]\nfirst_round = 2024-03-01\n",
    "[pressure]\ndemand_on = 2024-05-01\n",
    "[pressure]\ndemand_chance = 0\n",
])
def test_a_demand_that_can_come_or_is_not_asked_for(tmp_path, text):
    assert warnings(tmp_path, text) == []


@pytest.mark.parametrize("switch", ["response_to_pressure", "attacks_to_response"])
def test_pressure_whose_couplings_are_off(tmp_path, switch):
    assert warnings(tmp_path, f"[pressure]\n[response]\n[couplings]\n{switch} = false\n") == [
        f"4: pressure.demand_chance: {RAISED}"]


def test_phases_that_wait_for_a_demand_that_cannot_come_and_those_that_wait_for_these(tmp_path):
    text = ("[pressure]\ndemand_chance = 0.05\n" + PHASE + 'after = "demand"\n'
            + PHASE.replace("out", "next") + 'after = "phases.out"\n'
            + PHASE.replace("out", "third") + 'start = 2024-03-01\ncancel_after = "phases.next"\n')
    assert warnings(tmp_path, text) == [
        f"5: pressure.demand_chance: {RAISED}",
        "10: phases.out.after: the phase can never begin: demand cannot happen in this scenario",
        "15: phases.next.after: the phase can never begin: phases.out cannot happen in this scenario",
        "21: phases.third.cancel_after: has no effect: phases.next cannot happen in this scenario"]


def test_truces_that_wait_for_a_demand_that_cannot_come(tmp_path):
    text = ("[pressure]\ndemand_chance = 0.05\n[suppressions.one]\nstart_after = \"demand\"\nmean_days = 9\n"
            "[suppressions.two]\nstart = 2024-03-01\nend_after = \"demand\"\n")
    assert warnings(tmp_path, text) == [
        f"5: pressure.demand_chance: {RAISED}",
        "7: suppressions.one.start_after: it can never begin: demand cannot happen in this scenario",
        "11: suppressions.two.end_after: has no effect: demand cannot happen in this scenario"]


@pytest.mark.parametrize(("text", "said"), [
    ('[tension]\ninitial = "high"\n', "4: tension: has no effect: no attack can happen"),
    ("[response]\nchance_after_fatal = 1\n", "4: response: has no effect: no attack can happen"),
    ("[casualties]\nharm_chance = 0.5\n", "4: casualties: has no effect: no attack can happen"),
    ("[attacks]\nelasticity = 0.1\n", "4: attacks: has no effect: no attack can happen"),
    ("[attack_kinds.drone]\n", "4: attack_kinds: has no effect: no attack can happen"),
    ("[suppressions.truce]\nstart = 2024-03-01\nend = 2024-04-01\n",
     "4: suppressions: has no effect: no attack can happen"),
    (PHASE + "start = 2024-03-01\nhold_after_fatal_days = 5\n",
     "9: phases.out.hold_after_fatal_days: has no effect: no attack can kill"),
    (PHASE + "start = 2024-03-01\nquiet_days = 5\n", "9: phases.out.quiet_days: has no effect: no attack can kill"),
    ("theatres.syria = { troops = 9, attacks_trend_per_year = 0.1 }\n",
     "4: theatres.syria.attacks_trend_per_year: has no effect: no attack can happen"),
])
def test_what_acts_through_attacks_where_there_are_none(tmp_path, text, said):
    assert warnings(tmp_path, text, attacks=0) == [said]
    assert warnings(tmp_path, text, attacks=0.1) == []


@pytest.mark.parametrize(("text", "said"), [
    ("[attacks]\ntalks_stalled = 2\n", "5: attacks.talks_stalled: has no effect: there are no talks"),
    ("[attacks]\ntalks_broken = 2\n", "5: attacks.talks_broken: has no effect: talks cannot break down"),
    ("[attacks]\nafter_demand = 2\n", "5: attacks.after_demand: has no effect: no demand to leave can be made"),
    ("[attacks]\ntimeline_kept = 0.2\n", "5: attacks.timeline_kept: has no effect: no timeline can be agreed"),
    ("[casualties]\nfatal_chance = 0\n[response]\nchance_after_fatal = 0.5\n",
     "7: response.chance_after_fatal: has no effect: no attack can kill"),
    ("[casualties]\nharm_chance = 0\n[response]\nchance_after_harm = 0.5\n",
     "7: response.chance_after_harm: has no effect: no attack can harm anybody"),
    ("[casualties]\nfatal_chance = 0\n[talks]\nfirst_round = 2024-03-01\nsuspend_after_fatal = 1\n",
     "8: talks.suspend_after_fatal: has no effect: no attack can kill"),
    ("[pressure]\nper_strike = 2\n[talks]\nfirst_round = 2024-03-01\n",
     "5: pressure.per_strike: has no effect: there are no strikes"),
    ("[pressure]\nper_stalled_round = 2\n[response]\n",
     "5: pressure.per_stalled_round: has no effect: there are no talks"),
    ("[capability]\nceiling = 2\n", "4: capability: has no effect: there is no threat to compare it with"),
    ("[talks]\nfirst_round = 2026-01-01\n",
     "5: talks.first_round: has no effect: it is after the end of the run, 2025-12-31"),
    ("[suppressions.truce]\nstart = 2026-01-01\nend = 2026-02-01\n",
     "5: suppressions.truce.start: has no effect: it is after the end of the run, 2025-12-31"),
    ("[pressure]\ndemand_on = 2026-01-01\n[response]\n",
     "5: pressure.demand_on: has no effect: it is after the end of the run, 2025-12-31"),
    ('[tension.dated.war]\ndate = 2026-01-01\nstate = "high"\n',
     "5: tension.dated.war.date: has no effect: it is after the end of the run, 2025-12-31"),
    (PHASE + "start = 2026-01-01\n",
     "8: phases.out.start: has no effect: it is after the end of the run, 2025-12-31"),
    (PHASE + "start = 2024-03-01\nfaster_by = 3\n", "9: phases.out.faster_by: has no effect without faster_after"),
    (PHASE + "start = 2024-03-01\ndelay_days = 3\n", "9: phases.out.delay_days: has no effect without after"),
    (PHASE + "start = 2024-03-01\nsteps = 3\n", '9: phases.out.steps: has no effect without shape = "stepped"'),
    (PHASE + "start = 2024-03-01\nhold_at_most_days = 30\n",
     "9: phases.out.hold_at_most_days: has no effect: nothing holds the phase; hold_after_fatal_days, "
     "hold_above_threat or hold_when_suspended would"),
    (PHASE + "start = 2024-03-01\nhold_after_fatal_days = 9\nhold_at_most_days = 0\n",
     "10: phases.out.hold_at_most_days: is 0, so the phase is never held and hold_after_fatal_days has no effect"),
])
def test_what_acts_through_something_else_that_is_not_there(tmp_path, text, said):
    assert warnings(tmp_path, text) == [said]


def test_attacks_that_only_a_table_of_joint_draws_brings_are_there(tmp_path):
    drawn = '[joint.fit]\nkeys = ["theatres.iraq.attacks_per_day"]\nrows = [[0.1], [0.2]]\n[response]\n'
    assert warnings(tmp_path, drawn, attacks=0) == []


def test_what_an_override_leaves_without_effect(tmp_path):
    found = warnings(tmp_path, "[pressure]\n[response]\n", overrides=["response.remove=true"])
    assert found == [f"4: pressure.demand_chance: {RAISED}"]


def test_what_a_file_extends_needs_no_effect_in_it(tmp_path):
    (tmp_path / "base.toml").write_text(HEAD.format(0.1) + "[attacks]\ntalks_stalled = 2\n")
    (tmp_path / "own.toml").write_text('extends = "base.toml"\n')
    assert load(tmp_path / "own.toml").warnings == ()
    assert len(load(tmp_path / "base.toml").warnings) == 1


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_scenarios_have_nothing_that_is_without_effect(path):
    assert load(path).warnings == ()


def test_plain_tables_are_warned_of_without_a_line():
    made = from_dict(tomllib.loads(HEAD.format(0) + "[tension]\n"), "made")
    assert [str(warning) for warning in made.warnings] == ["made: tension: has no effect: no attack can happen"]


@pytest.mark.parametrize(("text", "said"), [
    ("redating_days = 30\n", ["9: phases.out.redating_days: has no effect: the date never moves back (redatings)"]),
    ("redating_days = 30\nredatings = 1\n", []),
    ('redating_days = 30\nkind = "handover"\n', []),
    ('redating_days = 30\nkind = "handover"\nredatings = 0\n',
     ["9: phases.out.redating_days: has no effect: the date never moves back (redatings)"]),
    ("early_share = 0.1\nredatings = 1\n",
     ["9: phases.out.early_share: has no effect: the date always moves back, as redatings says"]),
    ('early_share = 0.1\nredatings = { dist = "uniform", low = 0, high = 2 }\n', []),
    ('kind = "own_date"\nfirst_move_share = 0\nredatings = 1\nredating_days = 1\nearly_share = 0\n'
     "reversal_chance = 0\nunevenness = 0\nlag = 1\n",
     ["9: phases.out.kind: has no effect: every key that it would draw is given",
      "13: phases.out.early_share: has no effect: the date always moves back, as redatings says"]),
])
def test_friction_that_cannot_matter(tmp_path, text, said):
    assert warnings(tmp_path, PHASE + "start = 2024-03-01\n" + text) == said


def test_a_strength_of_the_theatre_for_troops_that_do_not_leave_it(tmp_path):
    sites = "[theatres.iraq]\ntroops = 2500\nsites = { post = {}, hub = { hub = true } }\n"
    phase = PHASE.replace("target = 0", "start = 2024-03-01\ntheatre_target = 500")

    def said(text):
        path = tmp_path / "own.toml"
        path.write_text("start = 2024-02-12\nend = 2025-12-31\n" + sites + phase + text)
        return [str(warning).removeprefix(f"{path}:") for warning in load(path).warnings]

    assert said("") == []
    assert said('to = ["hub"]\n') == [
        "9: phases.out.theatre_target: counts the troops of the whole theatre, and none leave it with to; target says "
        "how many stay at the phase's sites"]


def test_a_truce_that_ends_as_it_begins(tmp_path):
    text = PHASE + 'start = 2024-03-01\n[suppressions.a]\nstart_after = "phases.out"\nend_after = "phases.out"\n'
    assert warnings(tmp_path, text) == ["11: suppressions.a.end_after: it ends as soon as it begins, with phases.out"]
    assert warnings(tmp_path, text.replace('end_after = "phases.out"', "mean_days = 9")) == []
