"""Traces of scenarios in which nothing, or nearly nothing, is left to chance: every line is known beforehand."""

import math
from datetime import date

from sim.clocks.reference import play
from sim.model.setup import set_up
from sim.rules.state import TOLD_ATTACK
from sim.scenario.load import from_dict
from sim.words.labels import date_of
from sim.words.phrases import date_text
from sim.words.story import as_text, trace

START = date(2024, 2, 12)


def lines(scenario, name="scenario"):
    file = from_dict(scenario, name)
    return as_text(trace(file), file).splitlines()


def test_every_line_of_a_quiet_drawdown():
    assert lines({
        "title": "A quiet drawdown", "start": START, "end": date(2024, 4, 30), "deadline": date(2024, 4, 15),
        "theatres": {"north": {"troops": 100, "sites": {
            "base": {"hub": True, "weight": 3, "garrison": 20, "closing_days": 3},
            "hill_post": {"garrison": 10, "closing_days": 2}}}},
        "phases": {"out": {"theatre": "north", "after": "agreement", "delay_days": 5, "target": 0, "over_days": 20}},
        "lift": {"per_week": 70, "load": 20, "spread": 0}, "closing": {"crews": 1, "spread": 0},
        "talks": {"first_round": date(2024, 2, 14), "round_days": 10, "round_spread": 0, "principals_days": 3},
        "working_groups": {"terms": {"work_days": 10, "work_spread": 0}},
        "history": {"milestones": {"later": {"date": date(2024, 1, 28), "text": "Talks are\nsuspended"},
                                   "earlier": {"date": date(2024, 1, 27), "text": "First round of talks"}}},
    }) == [
        "A quiet drawdown",
        "Replication 0 of seed 1: one possible course of events among many, not a forecast.",
        "",
        "27 Jan 2024: First round of talks",
        "28 Jan 2024: Talks are suspended",
        "12 Feb 2024: today: 100 troops in North; talks progressing",
        "14 Feb 2024: round 1 of talks   [why: talks progressing, 0 of 1 working groups have reported]",
        "24 Feb 2024: round 2 of talks   [why: talks progressing, 0 of 1 working groups have reported]",
        '24 Feb 2024: working group "Terms" reports, 1 of 1 have; principals to meet on 27 Feb 2024   '
        "[why: its work is done]",
        "27 Feb 2024: timeline announced   [why: all working groups have reported]",
        '3 Mar 2024, North: phase "Out" begins: from 100 to 0 troops in 4 tranches, planned end 23 Mar 2024   '
        "[why: timeline announced on 27 Feb 2024 + 5 days]",
        '8 Mar 2024, North: 27 troops of phase "Out" ask for lift; 100 of 100 still there, plan 73   '
        "[why: tranche 1 of 4]",
        '8 Mar 2024, North: 20 troops leave under phase "Out", under way until 10 Mar 2024; 80 of 100 still there   '
        "[why: lift is free, 7 of the phase still wait]",
        "8 Mar 2024, North: a crew is closing Hill post [small site] until 10 Mar 2024   "
        "[why: drained to 10 troops, 1 of 1 crews at work]",
        "10 Mar 2024, North: Hill post [small site] closed, its garrison of 10 moves to Base [hub]   "
        "[why: 1 of 2 sites left in North]",
        '10 Mar 2024, North: 7 troops leave under phase "Out", under way until 11 Mar 2024; 73 of 100 still there   '
        "[why: lift is free]",
        '14 Mar 2024, North: 26 troops of phase "Out" ask for lift; 73 of 100 still there, plan 47   '
        "[why: tranche 2 of 4]",
        '14 Mar 2024, North: 20 troops leave under phase "Out", under way until 16 Mar 2024; 53 of 100 still there   '
        "[why: lift is free, 6 of the phase still wait]",
        '16 Mar 2024, North: 6 troops leave under phase "Out", under way until 16 Mar 2024; 47 of 100 still there   '
        "[why: lift is free]",
        '20 Mar 2024, North: 27 troops of phase "Out" ask for lift; 47 of 100 still there, plan 20   '
        "[why: tranche 3 of 4]",
        '20 Mar 2024, North: 20 troops leave under phase "Out", under way until 22 Mar 2024; 27 of 100 still there   '
        "[why: lift is free, 7 of the phase still wait]",
        '22 Mar 2024, North: 7 troops leave under phase "Out", under way until 22 Mar 2024; 20 of 100 still there   '
        "[why: lift is free]",
        "22 Mar 2024, North: a crew is closing Base [hub] until 25 Mar 2024   "
        "[why: drained to 20 troops, 1 of 1 crews at work]",
        '23 Mar 2024, North: 20 troops of phase "Out" ask for lift; 20 of 100 still there, plan 0   '
        "[why: tranche 4 of 4]",
        "25 Mar 2024, North: Base [hub] closed, its garrison of 20 is the last to leave   "
        "[why: 0 of 2 sites left in North]",
        '25 Mar 2024, North: 20 troops leave under phase "Out", under way until 27 Mar 2024; 0 of 100 still there; '
        "the theatre is down to its last target, 0 troops left; drawdown complete, 0 troops left; "
        'phase "Out" reaches its target   [why: lift is free; deadline 15 Apr 2024 met]',
        "30 Apr 2024: the scenario ends: 0 attacks, 0 killed, 0 wounded in the end, 2 rounds of talks, "
        "2 of 2 sites closed, 0 troops present, 100 at the start, drawdown complete on 25 Mar 2024",
        "30 Apr 2024: no breakdown of talks by the end",
    ]


def test_every_line_of_a_disturbed_drawdown():
    assert lines({
        "start": START, "end": date(2024, 4, 30),
        "theatres": {
            "iraq": {"label": "Iraq", "troops": 60, "sites": {
                "fort": {"garrison": 10, "closing_days": 400}, "base": {"hub": True, "weight": 2}}},
            "east_syria": {"troops": 1}},
        "phases": {
            "first": {"label": "First phase", "theatre": "iraq", "start": date(2024, 2, 15), "target": 30,
                      "over_days": 28, "hold_when_suspended": True, "hold_at_most_days": 3, "faster_after": "demand"},
            "given_up": {"theatre": "iraq", "start": date(2024, 6, 1), "sites": ["base"], "target": 0, "over_days": 14,
                         "cancel_after": "demand"},
            "surge": {"theatre": "east_syria", "after": "demand", "target": 51, "reinforce": True, "over_days": 7},
            "later": {"theatre": "east_syria", "start": date(2024, 6, 1), "target": 0, "over_days": 14},
            "rest": {"theatre": "iraq", "after": "phases.later", "target": 0, "over_days": 14}},
        "tension": {"initial": "high", "dated": {"calm": {"date": date(2024, 3, 4), "state": "low"},
                                                 "storm": {"date": date(2024, 12, 1), "state": "high"}}},
        "suppressions": {
            "old_truce": {"start": date(2024, 1, 1), "end": date(2024, 2, 13)},
            "spring_truce": {"start": date(2024, 3, 6), "end": date(2024, 3, 8), "factor": 0.1,
                             "theatres": ["east_syria"]}},
        "talks": {"first_round": START, "suspended_until": date(2024, 2, 20), "round_days": 30, "round_spread": 0},
        "working_groups": {"terms": {"work_days": 400, "work_spread": 0}},
        "pressure": {"demand_on": date(2024, 3, 15)},
        "lift": {"per_week": 7, "load": 10, "spread": 0}, "closing": {"crews": 1, "spread": 0},
    }, "disturbed")[3:] == [
        "12 Feb 2024: today: 60 troops in Iraq and 1 soldier in East syria; tension high; "
        'talks suspended until 20 Feb 2024; "Old truce" in force',
        '13 Feb 2024: "Old truce" ends in Iraq and East syria   [why: date set in the scenario]',
        '15 Feb 2024, Iraq: "First phase" begins: from 60 to 30 troops in 4 tranches, planned end 14 Mar 2024; '
        '"First phase" held until 18 Feb 2024 while talks are suspended   '
        "[why: not before 15 Feb 2024; a hold lasts at most 3 days]",
        '18 Feb 2024, Iraq: "First phase" goes on, held for 3 days; its dates shift as much   '
        "[why: a hold lasts at most 3 days]",
        "20 Feb 2024: talks resume   [why: suspended at the start]",
        "20 Feb 2024: round 1 of talks   [why: talks progressing, 0 of 1 working groups have reported]",
        '25 Feb 2024, Iraq: 7 troops of "First phase" ask for lift; 60 of 60 still there, plan 53   '
        "[why: tranche 1 of 4, dates shifted by holds of 3 days]",
        '25 Feb 2024, Iraq: 7 troops leave under "First phase", under way until 3 Mar 2024; 53 of 60 still there   '
        "[why: lift is free]",
        '3 Mar 2024, Iraq: 8 troops of "First phase" ask for lift; 53 of 60 still there, plan 45   '
        "[why: tranche 2 of 4, dates shifted by holds of 3 days]",
        '3 Mar 2024, Iraq: 8 troops leave under "First phase", under way until 11 Mar 2024; 45 of 60 still there   '
        "[why: lift is free]",
        "3 Mar 2024, Iraq: a crew is closing Fort [small site] until after 30 Apr 2024   "
        "[why: drained to 10 troops, 1 of 1 crews at work]",
        "4 Mar 2024: regional tension eases   [why: date set in the scenario]",
        '6 Mar 2024: "Spring truce" begins in East syria; attacks at 10 % of what they would be   '
        "[why: date set in the scenario]",
        '8 Mar 2024: "Spring truce" ends in East syria   [why: date set in the scenario]',
        '10 Mar 2024, Iraq: 7 troops of "First phase" ask for lift; 45 of 60 still there, plan 38   '
        "[why: tranche 3 of 4, dates shifted by holds of 3 days]",
        '11 Mar 2024, Iraq: 7 troops leave under "First phase", under way until 18 Mar 2024; 38 of 60 still there   '
        "[why: lift is free]",
        "15 Mar 2024: the host nation's government demands that the troops leave; talks are overtaken; "
        '"First phase" goes faster, in 1/2 of the time left; phase "Given up" cancelled before it began   '
        "[why: date set in the scenario; demand to leave on 15 Mar 2024; "
        "the scenario ends it after: demand to leave]",
        '15 Mar 2024, East syria: phase "Surge" begins: from 1 to 51 troops in 1 tranche, planned end 22 Mar 2024   '
        "[why: demand to leave on 15 Mar 2024]",
        '16 Mar 2024, Iraq: 8 troops of "First phase" ask for lift; 38 of 60 still there, plan 30   '
        "[why: tranche 4 of 4, dates shifted by holds of 3 days, faster since 15 Mar 2024]",
        '18 Mar 2024, Iraq: 8 troops leave under "First phase", under way until 26 Mar 2024; 30 of 60 still there; '
        '"First phase" reaches its target   [why: lift is free]',
        '22 Mar 2024, East syria: 50 troops of phase "Surge" ask for lift to come in; 1 there, plan 51   '
        "[why: tranche 1 of 1]",
        '26 Mar 2024, East syria: 10 troops set out for phase "Surge", under way until 5 Apr 2024; 1 there   '
        "[why: lift is free, 40 of the phase still wait]",
        '29 Mar 2024, East syria: phase "Surge" is late, 50 troops short of its target   '
        "[why: 40 troops waiting for lift, 10 troops under way]",
        '5 Apr 2024, East syria: 10 troops set out for phase "Surge", under way until 15 Apr 2024; 11 there   '
        "[why: lift is free, 30 of the phase still wait]",
        '15 Apr 2024, East syria: 10 troops set out for phase "Surge", under way until 25 Apr 2024; 21 there   '
        "[why: lift is free, 20 of the phase still wait]",
        '25 Apr 2024, East syria: 10 troops set out for phase "Surge", under way until after 30 Apr 2024; 31 there   '
        "[why: lift is free, 10 of the phase still wait]",
        "30 Apr 2024: the scenario ends: 0 attacks, 0 killed, 0 wounded in the end, 1 round of talks, "
        "0 of 3 sites closed, 61 troops present, 61 at the start",
        "30 Apr 2024: no timeline announced by the end   "
        "[why: talks overtaken by a demand to leave, 0 of 1 working groups have reported]",
        "30 Apr 2024: no breakdown of talks by the end",
        '30 Apr 2024, East syria: phase "Surge" not at its target by the end, 20 troops short   '
        "[why: 10 troops waiting for lift, 10 troops under way]",
        '30 Apr 2024, East syria: phase "Later" not begun by the end   [why: due after 30 Apr 2024]',
        '30 Apr 2024, Iraq: phase "Rest" not begun by the end   [why: it waits for: phase "Later" at its target]',
        "30 Apr 2024: drawdown not complete by the end",
    ]


def test_every_line_of_orders_about_sites():
    """A date for one site, a kept one, two by two to the hubs, then the hubs by order; one crew."""
    assert lines({
        "start": START, "end": date(2024, 6, 30),
        "theatres": {"north": {"troops": 200, "sites": {
            "gate": {"handover_on": date(2024, 2, 20), "garrison": 10, "closing_days": 5}, "tower": {"weight": 0.4},
            "post": {"count": 2, "garrison": 10, "closing_days": 4, "weight": 0.8}, "yard": {"hub": True},
            "dock": {"hub": True}}}},
        "closing": {"crews": 1, "spread": 0},
        "phases": {
            "camp": {"label": "Into camp", "theatre": "north", "start": date(2024, 3, 1), "keep": {"tower": 30},
                     "to": ["yard", "dock"], "over_days": 20, "at_once": 2},
            "out": {"theatre": "north", "sites": ["yard", "dock"], "after": "phases.camp", "hand_over": "at_start",
                    "theatre_target": 30, "over_days": 30, "shape": "stepped", "steps": 2}},
    }, "orders")[3:] == [
        "12 Feb 2024: today: 200 troops in North",
        "20 Feb 2024, North: a crew is closing Gate [small site] until 25 Feb 2024   [why: its hand-over "
        "was to begin on 20 Feb 2024, still 40 troops, 1 of 1 crews at work]",
        "25 Feb 2024, North: the work at Gate [small site] is done; it closes when it is down to 10 troops "
        "  [why: 40 troops still there]",
        '1 Mar 2024, North: phase "Into camp" begins: from 120 to 30 troops in 4 tranches, planned end 21 '
        "Mar 2024; 14 troops come to Tower [small site] from other sites   [why: not before 1 Mar 2024; it "
        "is to keep more than the 16 who were there]",
        '6 Mar 2024, North: 16 troops of phase "Into camp" move to Yard [hub] and Dock [hub]; 104 of 120 '
        "still there, plan 97   [why: tranche 1 of 4]",
        "6 Mar 2024, North: Gate [small site] closed, its garrison of 10 moves to Yard [hub] and Dock "
        "[hub]   [why: 5 of 6 sites left in North]",
        '11 Mar 2024, North: 21 troops of phase "Into camp" move to Yard [hub] and Dock [hub]; 73 of 120 '
        "still there, plan 73   [why: tranche 2 of 4]",
        '17 Mar 2024, North: 23 troops of phase "Into camp" move to Yard [hub] and Dock [hub]; 50 of 120 '
        "still there, plan 50   [why: tranche 3 of 4]",
        "17 Mar 2024, North: a crew is closing Post 1 [small site] until 21 Mar 2024   [why: drained to 10 "
        "troops, 1 of 1 crews at work]",
        "21 Mar 2024, North: Post 1 [small site] closed, its garrison of 10 moves to Yard [hub] and Dock "
        "[hub]   [why: 4 of 6 sites left in North]",
        "21 Mar 2024, North: a crew is closing Post 2 [small site] until 25 Mar 2024   [why: drained to 10 "
        "troops, 1 of 1 crews at work]",
        "25 Mar 2024, North: Post 2 [small site] closed, its garrison of 10 moves to Yard [hub] and Dock "
        "[hub]   [why: 3 of 6 sites left in North]",
        '25 Mar 2024, North: phase "Into camp" reaches its target',
        '25 Mar 2024, North: phase "Out" begins: from 170 to 0 troops in 3 tranches, planned end 24 Apr '
        '2024   [why: phase "Into camp" at its target on 25 Mar 2024]',
        '25 Mar 2024, North: a crew is closing Yard [hub] until 8 Apr 2024   [why: ordered by phase "Out", '
        "still 85 troops, 1 of 1 crews at work]",
        "8 Apr 2024, North: the work at Yard [hub] is done; it closes when it is down to 25 troops   [why: "
        "85 troops still there]",
        '8 Apr 2024, North: a crew is closing Dock [hub] until 22 Apr 2024   [why: ordered by phase "Out", '
        "still 85 troops, 1 of 1 crews at work]",
        '9 Apr 2024, North: 72 troops of phase "Out" ask for lift; 170 of 170 still there, plan 98   [why: '
        "tranche 1 of 3]",
        '9 Apr 2024, North: 72 troops leave under phase "Out"; 98 of 170 still there   [why: lift is not '
        "limited]",
        "9 Apr 2024, North: Yard [hub] closed, its garrison of 25 moves to Dock [hub]   [why: 2 of 6 sites "
        "left in North]",
        "22 Apr 2024, North: the work at Dock [hub] is done; it closes when it is down to 25 troops   "
        "[why: 98 troops still there]",
        '24 Apr 2024, North: 73 troops of phase "Out" ask for lift; 98 of 170 still there, plan 25   [why: '
        "tranche 2 of 3]",
        '24 Apr 2024, North: 25 troops of phase "Out" ask for lift beside 73 that already wait; 98 of 170 '
        "still there, plan 0   [why: tranche 3 of 3]",
        '24 Apr 2024, North: 73 troops leave under phase "Out"; 25 of 170 still there   [why: lift is not '
        "limited, 25 of the phase still wait]",
        "24 Apr 2024, North: Dock [hub] closed, its garrison of 25 is the last to leave   [why: 1 of 6 "
        "sites left in North]",
        '24 Apr 2024, North: 25 troops leave under phase "Out"; 0 of 170 still there; the theatre is down '
        'to its last target, 30 troops left; drawdown complete, 30 troops left; phase "Out" reaches its '
        "target   [why: lift is not limited]",
        "30 Jun 2024: the scenario ends: 0 attacks, 0 killed, 0 wounded in the end, 5 of 6 sites closed, "
        "30 troops present, 200 at the start, drawdown complete on 24 Apr 2024",
    ]


def test_every_line_under_a_threat_that_rises_and_is_pushed_back():
    """Without noise and memory: at rest at e^0.75 with the first troops; reinforcements halve the logarithm."""
    assert lines({
        "start": START, "end": date(2024, 3, 3),
        "theatres": {"iraq": {"troops": 100}, "syria": {"troops": 100}},
        "threat": {"noise": 0, "persistence": 0, "rests_today": math.exp(0.75), "rests_without": math.exp(1.125),
                   "resurgence": 2},
        "capability": {"learning_per_year": 0, "loss_per_year": 0},
        "phases": {
            "out": {"theatre": "syria", "start": START, "target": 90, "over_days": 28, "tranche_days": 28,
                    "hold_above_threat": 1.5, "hold_at_most_days": 10},
            "surge": {"theatre": "iraq", "after": "resurgence", "reinforce": True, "target": 300, "over_days": 7},
            "second": {"theatre": "syria", "start": date(2024, 2, 20), "target": 0, "over_days": 7,
                       "threat_at_most": 1}},
    })[3:] == [
        "12 Feb 2024: today: 100 troops in Iraq and 100 troops in Syria",
        '12 Feb 2024, Syria: phase "Out" begins: from 100 to 90 troops in 1 tranche, planned end after 3 Mar 2024   '
        "[why: not before 12 Feb 2024]",
        "19 Feb 2024: threat rises to 2.12 times capability; resurgence; "
        'phase "Out" held until 29 Feb 2024 by the threat   '
        "[why: 2.00 counts as a resurgence; threat index 2.12, capability index 1.00, 200 troops present, "
        "200 at the start; threat 2.12 times capability, above 1.50 the phase is held, "
        "a hold lasts at most 10 days]",
        '19 Feb 2024, Iraq: phase "Surge" begins: from 100 to 300 troops in 1 tranche, planned end 26 Feb 2024   '
        "[why: resurgence on 19 Feb 2024]",
        '26 Feb 2024, Iraq: 200 troops of phase "Surge" ask for lift to come in; 100 there, plan 300   '
        "[why: tranche 1 of 1]",
        '26 Feb 2024, Iraq: 200 troops set out for phase "Surge"; 100 there   [why: lift is not limited]',
        '26 Feb 2024, Iraq: phase "Surge" reaches its target',
        "26 Feb 2024: threat falls back to 1.45 times capability   "
        "[why: 2.00 counts as a resurgence; threat index 1.45, capability index 1.00, 400 troops present, "
        "200 at the start]",
        '26 Feb 2024, Syria: phase "Out" goes on, held for 7 days; its dates shift as much   '
        "[why: threat down to 1.45 times capability, a hold needs more than 1.50]",
        "3 Mar 2024: the scenario ends: 0 attacks, 0 killed, 0 wounded in the end, 0 of 2 sites closed, "
        "400 troops present, 200 at the start",
        '3 Mar 2024, Syria: phase "Out" not at its target by the end, 10 troops short   '
        "[why: next tranche planned for after 3 Mar 2024]",
        '3 Mar 2024, Syria: phase "Second" not begun by the end   '
        "[why: threat 1.45 times capability, at most 1.00 allowed]",
        "3 Mar 2024: drawdown not complete by the end",
    ]


def test_every_line_of_talks_that_break_down():
    assert lines({
        "start": START, "end": date(2024, 3, 4), "theatres": {"iraq": {"troops": 100}},
        "talks": {"first_round": START, "round_days": 10, "round_spread": 0, "stall_after_days": 20,
                  "breakdown_chance": 1},
        "working_groups": {"terms": {"work_days": 400, "work_spread": 0}, "dates": {"work_days": 0}},
    })[3:] == [
        "12 Feb 2024: today: 100 troops in Iraq; talks progressing",
        "12 Feb 2024: round 1 of talks   [why: talks progressing, 0 of 2 working groups have reported]",
        '12 Feb 2024: working group "Dates" reports, 1 of 2 have   [why: its work is done]',
        "22 Feb 2024: round 2 of talks   [why: talks progressing, 1 of 2 working groups have reported]",
        "3 Mar 2024: round 3 of talks; talks stall; talks break down for good   "
        "[why: talks progressing, 1 of 2 working groups have reported; no report for 20 days; "
        "a round held while talks are stalled can end them]",
        "4 Mar 2024: the scenario ends: 0 attacks, 0 killed, 0 wounded in the end, 3 rounds of talks, "
        "0 of 1 site closed, 100 troops present, 100 at the start",
        "4 Mar 2024: no timeline announced by the end   [why: talks broken down, 1 of 2 working groups have reported]",
    ]


STRUCK = {
    "start": START, "end": date(2024, 12, 31),
    "theatres": {"iraq": {"label": "Iraq", "troops": 500, "attacks_per_day": 0.05}},
    "attack_kinds": {"rocket": {"gets_through": 1}},
    "casualties": {"harm_chance": 1, "fatal_chance": 0, "wounded_mean": 1, "late_factor": 1, "evacuated_share": 0,
                   "mass_casualty": 1},
    "response": {"chance_after_harm": 1, "delay_days": 2, "delay_spread": 0, "drop_days": 0, "rise_days": 0},
    "talks": {"first_round": START, "round_days": 3000, "round_spread": 0, "suspend_after_mass_casualty": 1,
              "suspension_days": 0.5, "suspension_spread": 0},
    "working_groups": {"terms": {"work_days": 5000, "work_spread": 0}},
    "phases": {"out": {"theatre": "iraq", "start": START, "target": 0, "over_days": 320, "tranche_days": 400,
                       "hold_when_suspended": True}},
    "couplings": {"contagion": False},
}
"""Attacks come at random; each wounds one and is answered two days later."""


def attack_days(file):
    return [record.time for record in play(set_up(file.scenario), 1, 0)[2] if record.what == TOLD_ATTACK]


def test_an_attack_and_all_that_follows_from_it():
    file = from_dict(STRUCK)
    days = attack_days(file)
    first = days[0]
    assert days[1] > first + 2, "the second attack comes after the answer to the first"

    def on(day):
        return date_text(date_of(file.scenario, day))

    assert lines(STRUCK)[6:11] == [
        f"{on(first)}, Iraq: rocket attack on Main [hub], 1 wounded; the first mass-casualty attack; "
        f'talks suspended until {on(first + 0.5)}; phase "Out" held until {on(first + 0.5)} while talks are suspended'
        "   [why: background, talks progressing, 500 troops present, 0.045 attacks a day expected]",
        f"{on(first + 0.5)}: talks resume   [why: suspended since {on(first)}]",
        f"{on(first + 0.5)}: round 2 of talks   [why: talks progressing, 0 of 1 working groups have reported]",
        f'{on(first + 0.5)}, Iraq: phase "Out" goes on, held for less than a day; its dates shift as much   '
        "[why: the suspension is over]",
        f"{on(first + 2)}, Iraq: strike in answer to the attack of {on(first)}   [why: 1 wounded in that attack]",
    ]


def test_a_fatal_attack_and_all_that_follows_from_it():
    file = from_dict({
        "start": START, "end": date(2024, 12, 31),
        "theatres": {"iraq": {"troops": 2, "attacks_per_day": 0.05}}, "attack_kinds": STRUCK["attack_kinds"],
        "casualties": {"harm_chance": 1, "fatal_chance": 1, "wounded_per_death": 0, "severity_exponent": 10,
                       "mass_casualty": 9},
        "response": {"chance_after_fatal": 1, "delay_days": 2, "delay_spread": 0},
        "phases": {"out": {"theatre": "iraq", "start": START, "target": 0, "over_days": 320, "tranche_days": 400,
                           "hold_after_fatal_days": 7}}})
    day = attack_days(file)[0]
    on, until = (date_text(date_of(file.scenario, day + delay)) for delay in (0, 7))
    events = trace(file)
    attack = next(event for event in events if event.kind == "attack")
    assert (attack.date, attack.day, attack.place) == (date_of(file.scenario, day), day, "Iraq")
    assert (attack.amount, attack.detail) == (1.0, 0.0)
    assert attack.text == "rocket attack on Main [hub], 1 killed; the first fatal attack; " \
                          f'phase "Out" held until {until} after a fatal attack'
    assert attack.why == "background, 2 troops present, 0.05 attacks a day expected"
    strike = next(event for event in events if event.kind == "strike")
    assert (strike.text, strike.why) == (f"strike in answer to the attack of {on}", "1 killed in that attack")


def test_strikes_that_follow_closely_are_told_as_a_chain():
    file = from_dict(STRUCK, overrides=["response.chain_days=3650"])
    first, second = (event for event in trace(file) if event.kind == "strike" and event.amount <= 2)
    assert second.text.endswith(", number 2 of a tit-for-tat chain")
    assert second.why == "1 wounded in that attack; the attack came within 3,650 days of the strike of " \
                         f"{date_text(first.date)}"


def test_what_drove_an_attack_is_told_with_all_that_bore_on_it():
    file = from_dict({
        "start": START, "end": date(2024, 12, 31),
        "theatres": {"iraq": {"troops": 500, "attacks_per_day": 0.01}},
        "tension": {"initial": "high", "high_multiplier": 20, "mean_high_days": 36500},
        "suppressions": {"stop_order": {"start": START, "end": date(2026, 1, 1), "factor": 0.5}},
        "couplings": {"contagion": False}})
    state, _, _ = play(set_up(file.scenario), 1, 0)
    reasons = [event.why for event in trace(file) if event.kind == "attack"]
    around = '{}despite "Stop order", 500 troops present, 0.1 attacks a day expected'
    politics, background = around.format("driven by politics: tension high, "), \
        around.format("background, tension high, ")
    assert [reasons.count(background), reasons.count(politics), 0] == state.attacks_by_driver
    assert len(reasons) == sum(state.attacks) > 15


def test_what_is_told_of_a_plan_that_meets_friction():
    """When a date moves back and when an order is reversed is drawn; all else is known beforehand."""
    friction = {"theatre": "north", "start": START, "target": 0, "over_days": 40, "tranche_days": 10}
    told = lines({
        "start": START, "end": date(2024, 4, 30), "theatres": {"north": {"troops": 100, "sites": {
            "base": {"garrison": 0, "closing_days": 0}}}, "south": {"troops": 100}},
        "phases": {"out": friction | {"first_move_share": 0.25, "early_share": 0.125, "unevenness": 1},
                   "back": friction | {"theatre": "south", "reversal_chance": 1, "redatings": 1, "redating_days": 5}}})
    assert [line for line in told if '"Out"' in line and "troops leave" not in line] == [
        '12 Feb 2024, North: phase "Out" is to end 5 days ahead of its date, on 18 Mar 2024; phase "Out" is ordered, '
        "first move 22 Feb 2024, planned end 23 Mar 2024   [why: orders take time to carry out]",
        '22 Feb 2024, North: phase "Out" begins: from 100 to 0 troops in 3 tranches, planned end 18 Mar 2024   '
        "[why: not before 12 Feb 2024, ordered on 12 Feb 2024, first move on 22 Feb 2024]",
        '1 Mar 2024, North: 33 troops of phase "Out" ask for lift; 100 of 100 still there, plan 67   '
        "[why: tranche 1 of 3]",
        '9 Mar 2024, North: tranche 2 of phase "Out" is put off, and goes with the next',
        '18 Mar 2024, North: 67 troops of phase "Out" ask for lift; 67 of 100 still there, plan 0   '
        "[why: tranche 3 of 3]"]
    assert [line for line in told if '"Back"' in line and "troops leave" not in line] == [
        '12 Feb 2024, South: phase "Back" begins: from 100 to 0 troops in 4 tranches, planned end 23 Mar 2024   '
        "[why: not before 12 Feb 2024]",
        '14 Feb 2024, South: the date of phase "Back" moves back by 5 days, to 28 Mar 2024, and every tranche still to '
        "come with it   [why: change 1 of its date]",
        *(f'{day}, South: 25 troops of phase "Back" ask for lift; {there} of 100 still there, plan {there - 25}   '
          f"[why: tranche {i} of 4, dates shifted by holds and new dates of 5 days]"
          for i, (day, there) in enumerate((("25 Feb 2024", 100), ("5 Mar 2024", 75), ("14 Mar 2024", 50)), start=1)),
        '21 Mar 2024, South: the order of phase "Back" is reversed at 25 troops']


def test_modes_of_lift_and_equipment_are_told():
    """Forty by two modes at once; their eighty boxes by the second one when no troops wait, and after the end."""
    assert lines({
        "start": START, "end": date(2024, 3, 31),
        "theatres": {"north": {"troops": 60, "sites": {"base": {"cargo_per_troop": 2}}}},
        "phases": {"out": {"theatre": "north", "start": START, "target": 20, "over_days": 0}},
        "lift": {"air": {"per_week": 70, "load": 20, "spread": 0, "cargo_per_week": 0},
                 "road": {"label": "the road", "per_week": 70, "load": 20, "spread": 0, "cargo_per_week": 70,
                          "cargo_load": 50}},
    })[4:] == [
        '12 Feb 2024, North: phase "Out" begins: from 60 to 20 troops in 1 tranche, planned end 12 Feb 2024   '
        "[why: not before 12 Feb 2024]",
        '12 Feb 2024, North: 40 troops of phase "Out" ask for lift; 60 of 60 still there, plan 20   '
        "[why: tranche 1 of 1]",
        '12 Feb 2024, North: 20 troops leave under phase "Out", under way until 14 Feb 2024; 40 of 60 still there   '
        "[why: air is free, 20 of the phase still wait]",
        '12 Feb 2024, North: 20 troops leave under phase "Out", under way until 14 Feb 2024; 20 of 60 still there; '
        "the theatre is down to its last target, 20 troops left; drawdown complete, 20 troops left; "
        'phase "Out" reaches its target   [why: the road is free]',
        '14 Feb 2024, North: 50 boxes of equipment leave under phase "Out", under way until 19 Feb 2024   '
        "[why: the road is free, 30 boxes of the phase still wait]",
        '19 Feb 2024, North: 30 boxes of equipment leave under phase "Out", under way until 22 Feb 2024   '
        "[why: the road is free]",
        "22 Feb 2024: the last equipment is out, 10 days after the drawdown was first complete   "
        "[why: 40 boxes stay with those who stay]",
        "31 Mar 2024: the scenario ends: 0 attacks, 0 killed, 0 wounded in the end, 0 of 1 site closed, "
        "20 troops present, 60 at the start, drawdown complete on 12 Feb 2024",
    ]


def test_equipment_that_no_mode_carries_before_the_end_is_told():
    """A road that is open for two days takes fifty of a hundred boxes, which takes it five."""
    told = lines({
        "start": START, "end": date(2024, 3, 31),
        "theatres": {"north": {"troops": 100, "sites": {"base": {"cargo_per_troop": 1, "garrison": 0}}}},
        "closing": {"spread": 0},
        "phases": {"out": {"theatre": "north", "start": START, "target": 0, "over_days": 14}},
        "lift": {"air": {"per_week": 700, "spread": 0, "cargo_per_week": 0},
                 "road": {"per_week": 0, "spread": 0, "cargo_per_week": 70, "cargo_load": 50,
                          "until": date(2024, 2, 13)}},
    })
    assert told[-1] == "31 Mar 2024: equipment not all out by the end   [why: 50 boxes waiting for lift]"
    assert "50 boxes of equipment leave under" in "".join(told)


def test_numbers_of_sites_that_are_alike_are_told_once():
    """Also where they are drawn together with others."""
    file = from_dict({"start": START, "end": date(2024, 4, 30), "theatres": {"north": {"troops": 100, "sites": {
        "posts": {"count": 3, "closing_days": {"dist": "uniform", "low": 2, "high": 3}, "garrison": 1},
        "base": {"hub": True, "garrison": 4}}}}, "joint": {"garrisons": {
            "keys": ["theatres.north.sites.posts.garrison", "theatres.north.sites.base.garrison"], "rows": [[2, 30]]}}})
    drawn = [event.text for event in trace(file) if event.kind == "drawn"]
    assert drawn[0].startswith("theatres.north.sites.posts.closing_days = 2.")
    assert drawn[1:] == ["theatres.north.sites.posts.garrison = 2", "theatres.north.sites.base.garrison = 30"]
