"""Studies say by when something that may happen is asked about, and when that is not fair to every plan."""

from datetime import date

import pytest

from sim.rules.outcomes import ASKED_FOUR_WAYS, WAYS
from sim.scenario.load import from_dict
from sim.study.asked import asked, asked_in, follow_up_of, plans_differ
from sim.study.robust import robust
from sim.study.study import Goal
from sim.study.voi import voi

from .made import latin
from .made import study as made
from .test_optimise import PACE, PLAN, STAY, lever, study

END = date(2030, 12, 31)


def chance(name):
    return Goal(name, "low", "mean", None, "yes_no", "chance")


@pytest.mark.parametrize(("name", "line"), [
    ("resurgence", "ISIS resurgence is asked by the horizon, 31 Dec 2030."),
    ("resurgence_during",
     "ISIS resurgence is asked while the drawdown runs: a longer drawdown leaves more time for it."),
    ("any_fatal_after",
     "A fatal attack is asked in the follow-up: for the first time in the 730 days after completion. If it came "
     "earlier, it does not count."),
    ("forced_exit_follow_up",
     "Demand to leave is asked by the end of the follow-up, 730 days after completion in every plan."),
])
def test_each_way_has_its_sentence(name, line):
    assert asked(chance(name), END, 730, differ=False) == [line]


def test_every_outcome_that_is_asked_in_four_ways_has_a_sentence_and_no_other():
    for stem in ASKED_FOUR_WAYS:
        for ending, words in WAYS.items():
            (line,) = asked(chance(stem + ending), END, 730, differ=True)
            assert words in line
            assert (f"{stem}_follow_up asks for the same time" in line) == (ending == "")
    for name in ("completed", "deadline_met", "killed_expected", "agreed"):
        assert asked(chance(name), END, 730, differ=True) == []


def test_plans_of_different_length_make_the_horizon_matter():
    (line,) = asked(chance("resurgence"), END, 730, differ=True)
    assert line == (
        "ISIS resurgence is asked by the horizon, 31 Dec 2030. The plans are complete at different times, so the "
        "answer depends on where the horizon lies; resurgence_follow_up asks for the same time after completion in "
        "every plan.")


def test_which_studies_have_plans_that_differ():
    assert plans_differ(study([PACE]))
    assert plans_differ(study([lever("stay", STAY, values=[0, 500], unit="troops")]))
    assert not plans_differ(study([lever("elasticity", "attacks.elasticity", values=[0.5, 0.6])]))
    slow = from_dict(PLAN, overrides=["phases.leave.over_days=400"])
    deadly = from_dict(PLAN, overrides=["attacks.elasticity=0.9"])
    plan = from_dict(PLAN, "plan")
    assert plans_differ(study([], scenarios=(plan, slow)))
    assert not plans_differ(study([], scenarios=(plan, deadly)))
    stays = from_dict({key: value for key, value in PLAN.items() if key != "phases"})
    assert not plans_differ(study([], scenarios=(stays,)))


def test_a_follow_up_that_is_not_the_same_everywhere_is_said_to_be():
    shorter = from_dict(PLAN, overrides=["follow_up_days=365"])
    assert follow_up_of(study([PACE])) == 730
    assert follow_up_of(study([], scenarios=(from_dict(PLAN, "plan"), shorter))) == 0
    assert asked(chance("resurgence_follow_up"), END, 0, differ=True) == [
        "ISIS resurgence is asked by the end of the follow-up, which is not equally long in all scenarios."]


def test_robust_and_voi_say_it():
    x = latin(40, 2)
    ds = made(x, [x[:, 0], x[:, 1]], outcomes=("resurgence",), kinds=("yes_no",), units=("chance",))
    ds.attrs |= {"end": END.isoformat(), "follow_up_days": 730, "plans_differ": 1}
    (line,) = asked_in(ds, chance("resurgence"))
    judged = robust(ds)
    assert judged.words()[-1] == line
    assert judged.as_dict()["outcomes"]["resurgence"]["words"][-1] == line
    assert voi(ds).words()[-1] == line
    assert voi(ds).as_dict()["words"][-1] == line
