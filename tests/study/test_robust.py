"""Policies across futures: rules against their definitions, noise not taken for a difference, and where it flips."""

import numpy as np
import pytest

from sim.study.errors import StudyError
from sim.study.flip import Flip
from sim.study.robust import robust

from .made import latin, study


def by_policy(found):
    return {standing.policy: standing for standing in found.outcomes[0].standings}


def rules(found, outcome=0):
    return {verdict.rule: verdict for verdict in found.outcomes[outcome].verdicts}


VALUES = np.array([
    [1.0, 2.0, 3.0, 4.0, 10.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    [3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0],
])


def test_every_measure_by_hand():
    ds = study(latin(12, 2), VALUES, policies=["bold", "steady"], thresholds=[3.5])
    bold, steady = by_policy(robust(ds)).values()
    assert bold.expected == pytest.approx(27 / 12)
    assert (bold.worst, bold.worst_future) == (10, 4)
    assert bold.cvar == pytest.approx(7)  # a tenth of twelve futures is two of them
    assert (bold.regret_max, bold.regret_mean) == (7, pytest.approx(8 / 12))
    assert bold.satisficing == pytest.approx(10 / 12)
    assert bold.best_share == pytest.approx(10 / 12)
    assert (steady.expected, steady.worst, steady.cvar, steady.satisficing) == (3, 3, 3, 1)
    assert (steady.regret_max, steady.regret_mean) == (2, pytest.approx((2 + 1 + 7 * 2) / 12))
    assert steady.best_share == pytest.approx(3 / 12)


def test_the_table_has_a_row_for_each_outcome_and_policy():
    table = robust(study(latin(12, 2), VALUES, policies=["bold", "steady"], thresholds=[3.5])).table
    assert table.index.get_level_values("policy").tolist() == ["bold", "steady"]
    assert table["regret_max"].tolist() == [7, 2]
    assert table["satisficing"].tolist() == [pytest.approx(10 / 12), 1]


def test_where_high_is_better_everything_is_mirrored():
    low = robust(study(latin(12, 2), VALUES, thresholds=[3.5]))
    high = robust(study(latin(12, 2), -VALUES, thresholds=[-3.5], better=["high"]))
    for one, other in zip(low.outcomes[0].standings, high.outcomes[0].standings, strict=True):
        assert (other.expected, other.worst, other.cvar) == (-one.expected, -one.worst, -one.cvar)
        assert (other.regret_max, other.satisficing, other.worst_future) == (
            one.regret_max, one.satisficing, one.worst_future)
    assert {rule: verdict.best for rule, verdict in rules(high).items()} == {
        rule: verdict.best for rule, verdict in rules(low).items()}


def test_rules_may_take_different_policies():
    values = np.repeat(VALUES, 10, axis=1)
    found = rules(robust(study(latin(120, 2), values, policies=["bold", "steady"], thresholds=[3.5])))
    assert {rule: verdict.best for rule, verdict in found.items()} == {
        "expected": ("bold",), "cvar": ("steady",), "regret": ("steady",), "satisficing": ("steady",)}
    assert all(found[rule].is_clear for rule in ("cvar", "regret", "satisficing"))
    assert str(found["cvar"]) == "Mean of the worst tenth of futures (CVaR): steady is best"


def test_noise_is_not_taken_for_a_difference():
    x = latin(200, 2)
    same = np.stack([x[:, 0], x[:, 0]])
    for verdict in rules(robust(study(x, same, noise=0.3, thresholds=[0.5]))).values():
        assert not verdict.is_clear
        assert set(verdict.best + verdict.near) == {"policy_a", "policy_b"}
    apart = rules(robust(study(x, same + np.array([[0.0], [0.5]]), noise=0.05)))
    assert all(verdict.is_clear and verdict.best == ("policy_a",) for verdict in apart.values())


def test_how_often_noise_alone_makes_a_best_policy():
    """The noise here differs from future to future, as if they met different chance; it is common that is assumed."""
    x = latin(50, 1)
    same = np.zeros((2, 50))
    clear = [rules(robust(study(x, same, noise=0.2, seed=seed)))["expected"].is_clear for seed in range(20)]
    assert sum(clear) <= 3


def test_the_difference_decides_not_the_errors_of_the_values():
    x = latin(100, 1)
    ds = study(x, np.stack([x[:, 0], x[:, 0] + 0.1]))
    ds["value_se"][:] = 1.0
    ds["difference_se"][:] = 0.01
    assert rules(robust(ds))["expected"].is_clear
    ds["difference_se"][1] = 0.2
    assert not rules(robust(ds))["expected"].is_clear
    medians = ds.assign_coords(statistic=("outcome", ["q50"]))
    medians["difference_se"][:] = 0.0
    assert not rules(robust(medians))["expected"].is_clear


def test_ties_are_said():
    x = latin(40, 1)
    found = rules(robust(study(x, np.stack([x[:, 0], x[:, 0], x[:, 0] + 1]), thresholds=[5.0])))
    assert str(found["expected"]) == "Expected value: policy_a and policy_b are equal"
    assert str(found["satisficing"]) == "Threshold kept in most futures: policy_a, policy_b and policy_c are equal"


def test_where_the_ranking_flips():
    x = latin(400, 3)
    values = np.stack([np.ones(400), np.where(x[:, 1] > 0.7, 3.0, 0.5)])
    flip = robust(study(x, values, policies=["slow", "fast"], names=["a", "b", "c"])).outcomes[0].flip
    assert (flip.policy, flip.other) == ("slow", "fast")
    assert (flip.better, flip.worse) == (pytest.approx(0.3), pytest.approx(0.7))
    assert flip.right == 1
    (region,) = [region for region in flip.regions if region.verdict]
    assert [(limit.parameter, limit.side) for limit in region.limits] == [("b", "above")]
    assert region.limits[0].value == pytest.approx(0.7, abs=0.01)
    assert flip.words() == [
        "slow is better than fast in 30 % of the futures and worse in 70 %.",
        "slow beats fast when b > 0.7 (true in 100 % of these); otherwise fast is better. This rule is right in 100 % "
        "of the futures; always naming fast would be right in 70 %."]


def test_a_flip_with_two_splits_and_noise():
    x = latin(600, 2)
    values = np.stack([np.ones(600), np.where((x[:, 0] > 0.5) & (x[:, 1] > 0.4), 1.5, 0.9)])
    flip = robust(study(x, values, noise=0.03)).outcomes[0].flip
    found = [region for region in flip.regions if region.verdict == (flip.policy == "policy_a")]
    assert {limit.parameter for region in found for limit in region.limits} == {"u1", "u2"}
    assert flip.right > 0.97
    unclear = flip.better + flip.worse - flip.surely_better - flip.surely_worse
    assert unclear == pytest.approx(0.7 * 0.345, abs=0.04)  # 0.1 against an error of 0.03 sqrt 2, in 7 of 10


def test_what_may_be_noise_is_a_part_of_what_is_better_and_of_what_is_worse():
    parts = Flip("fast", "slow", 0.94, 0.06, 0.56, 0.0, ())
    assert parts.words()[0] == ("fast is better than slow in 94 % of the futures (56 % clearly, 38 % by no more than "
                                "noise) and worse in 6 % (by no more than noise).")


def test_one_that_is_always_better_does_not_flip():
    x = latin(40, 1)
    flip = robust(study(x, np.stack([x[:, 0], x[:, 0] + 1]))).outcomes[0].flip
    assert flip.regions == ()
    assert flip.words() == ["policy_a is better than policy_b in 100 % of the futures and worse in 0 %."]


def test_all_thresholds_together():
    x = latin(100, 2)
    a = np.stack([x[:, 0], x[:, 1]], axis=-1)
    b = np.stack([x[:, 0], np.zeros(100)], axis=-1)
    ds = study(x, np.stack([a, b]), outcomes=("harm", "cost"), better=("low", "low"), kinds=("number",) * 2,
               units=("persons", "USD"), thresholds=[0.5, 0.5])
    found = robust(ds)
    expected = float(((x[:, 0] <= 0.5) & (x[:, 1] <= 0.5)).mean())
    assert found.joint == {"policy_a": pytest.approx(expected), "policy_b": pytest.approx(0.5)}
    assert found.joint_verdict.best == ("policy_b",)
    assert "Share of futures in which all thresholds are kept: policy_a 2" in found.words()[-1]
    assert robust(ds, ["cost"]).joint == {}
    assert robust(ds, ["cost"]).as_dict()["outcomes"]["cost"]["policies"]["policy_b"]["expected"] == 0


def test_the_same_seed_gives_the_same_answer():
    x = latin(60, 1)
    ds = study(x, np.stack([x[:, 0], x[:, 0] + 0.02]), noise=0.02)
    assert robust(ds, seed=3) == robust(ds, seed=3)


def test_what_cannot_be_judged():
    with pytest.raises(StudyError, match="only one policy"):
        robust(study(latin(30, 1), np.ones((1, 30))))
    with pytest.raises(StudyError, match='no outcome "harms"; did you mean harm'):
        robust(study(latin(30, 1), np.ones((2, 30))), ["harms"])


def test_equal_policies_are_said_to_be_equal():
    x = latin(40, 2)
    (found,) = robust(study(x, np.stack([x[:, 0], x[:, 0]]))).outcomes
    assert found.words()[-1] == "policy_a and policy_b are equal in every future."
