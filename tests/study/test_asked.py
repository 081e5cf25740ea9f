"""Studies say by when something that may happen is asked about, and when that is not fair to every plan."""

from datetime import date

import numpy as np
import pytest

from sim.api.optimise import optimise
from sim.rules.outcomes import ASKED_FOUR_WAYS, WAYS
from sim.scenario.load import from_dict
from sim.study.asked import COVER, asked, asked_in, cut_off, plans_differ
from sim.study.robust import robust
from sim.study.study import Goal
from sim.study.table import as_dict
from sim.study.table import words as said
from sim.study.voi import voi

from .made import latin
from .made import study as made
from .test_optimise import KILLED, LATE, PACE, PLAN, STAY, lever, study

END = date(2030, 12, 31)


def chance(name):
    return Goal(name, "low", "mean", None, "yes_no", "chance")


@pytest.mark.parametrize(("name", "line"), [
    ("resurgence", "Resurgence is asked by the horizon, 31 Dec 2030."),
    ("resurgence_during",
     "Resurgence is asked while the drawdown runs: a longer drawdown leaves more time for it."),
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
        "Resurgence is asked by the horizon, 31 Dec 2030. The plans are complete at different times, so the "
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


OTHER_DATES = "What is read at completion, before it or in the follow-up is read on different dates in different plans."
NOT_FOLLOWED = (
    "The follow-up of 730 days after completion is not over by 31 Dec 2030 in 2 % of slow and 38 % of stay "
    "(replications that are not complete by then included); there, what is asked about it is asked up to 31 Dec 2030.")
NOT_COMPLETE = ("The drawdown is not complete by 31 Dec 2030 in 30 % of stay; there, what is asked about completion or "
                "the time before it is asked up to 31 Dec 2030.")
SHARES = {"quick": {"completed": 1.0, "followed_up": 1.0}, "slow": {"completed": 1.0, "followed_up": 0.98},
          "stay": {"completed": 0.7, "followed_up": 0.62}}


@pytest.mark.parametrize(("name", "lines"), [
    ("resurgence", []), ("killed_expected", []), ("completion_day", []), ("attacks_total.iraq", []),
    ("resurgence_follow_up", [NOT_FOLLOWED]), ("resurgence_after", [NOT_FOLLOWED]),
    ("threat_ratio_follow_up", [NOT_FOLLOWED]), ("attacks_after", [NOT_FOLLOWED]),
    ("attacks_after.iraq", [NOT_FOLLOWED]), ("attack_rate_after", [NOT_FOLLOWED]),
    ("resurgence_during", [NOT_COMPLETE]), ("threat_ratio_handover", [NOT_COMPLETE]),
])
def test_what_the_horizon_cuts_off_is_said_of_what_hangs_on_completion(name, lines):
    assert cut_off([chance("killed"), chance(name)], SHARES, END, 730, differ=True) == ([OTHER_DATES] if lines else []
                                                                                        ) + lines
    assert cut_off([chance(name)], SHARES, END, 730, differ=False) == lines
    whole = {name: {"completed": 1.0, "followed_up": 1.0} for name in SHARES}
    assert cut_off([chance(name)], whole, END, 730, differ=False) == []


def test_a_share_that_is_rounded_to_none_is_said_all_the_same():
    few = {"slow": {"completed": 1.0, "followed_up": 0.9999}}
    (line,) = cut_off([chance("resurgence_after")], few, END, 1, differ=False)
    assert line.startswith("The follow-up of 1 day after completion is not over by 31 Dec 2030 in less than 0.05 % of "
                           "slow (")


def test_robust_and_voi_say_what_the_horizon_cuts_off():
    x = latin(40, 2)
    values = np.stack([x, x[:, ::-1], x[:, ::-1]])
    ds = made(x, values, outcomes=("resurgence_follow_up", "killed"), kinds=("yes_no", "number"),
              better=("low", "low"), units=("chance", "persons"), policies=["quick", "slow", "stay"])
    ds.attrs |= {"end": END.isoformat(), "follow_up_days": 730, "plans_differ": 1}
    assert robust(ds).words()[-1] == OTHER_DATES  # the results of an older version do not have the shares
    ups_and_downs = np.linspace(-0.02, 0.02, 40)
    for name in COVER:
        ds[name] = ("policy", "future"), [np.full(40, 1.0), np.full(40, SHARES["slow"][name]),
                                          SHARES["stay"][name] + ups_and_downs]
    assert robust(ds).words()[-2:] == [OTHER_DATES, NOT_FOLLOWED]
    assert robust(ds).as_dict()["words"][-2:] == [OTHER_DATES, NOT_FOLLOWED]
    assert NOT_FOLLOWED not in robust(ds, ["killed"]).words()
    assert voi(ds).words()[-2:] == [OTHER_DATES, NOT_FOLLOWED]
    assert voi(ds).as_dict()["words"][-1] == NOT_FOLLOWED
    assert said(ds)[-2:] == as_dict(ds)["words"][-2:] == [OTHER_DATES, NOT_FOLLOWED]
    assert as_dict(ds)["covered"]["stay"] == pytest.approx(SHARES["stay"])


def test_optimise_says_what_the_horizon_cuts_off():
    plan = from_dict(PLAN, "plan", overrides=["follow_up_days=300"])
    paces = lever("pace", "phases.leave.over_days", values=[100, 400])
    after = Goal("attacks_after", "low", "mean", None, "number", "attacks")
    found = optimise(study([paces], (LATE, KILLED, after), scenarios=(plan,)), 10, 5, clock="compiled")
    assert [one.name for one in found.front] == ["plan, pace=400", "plan, pace=100"]
    assert found.notes[0] == OTHER_DATES
    assert found.notes[1] == (
        "The follow-up of 300 days after completion is not over by 30 Jun 2025 in 100 % of plan, pace=400 "
        "(replications that are not complete by then included); there, what is asked about it is asked up to "
        "30 Jun 2025.")


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
