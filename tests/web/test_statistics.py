"""The page's statistics are those of the package, from the same columns.

To the bit: quantiles, ranks, counts, shares, sums, means, standard deviations, terms of rates, Wilson's intervals,
chances by a date, even edges. To 1e-12: whatever takes a power, a cube root, or a quantile or chance of a distribution
(t-intervals, corrected and Bonett and Price's intervals, p-values, edges that double).
"""

import math
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import special

from sim.comparison.verdicts import verdict
from sim.estimate import by_date, intervals, practical
from sim.estimate.bars import doubling_edges, plain_edges
from sim.estimate.difference import bonett_price, difference, mean_test, skewed_interval
from sim.estimate.estimate import estimate
from sim.estimate.holm import adjusted
from sim.estimate.sample import Sample
from sim.model.catalogue import Catalogue
from sim.model.setup import Model, set_up
from sim.play.play import Means, sample
from sim.scenario.load import load
from sim.words import summary
from sim.words.labels import described
from tests.web.page_code import Call

CLOSE = 1e-12
SIZES = [1, 2, 3, 7, 8, 9, 100, 127, 128, 129, 130, 255, 256, 257, 1000, 1001, 4096, 10_000, 9_999]


def close(found: Any, expected: Any) -> bool:
    """Tell whether numbers agree to 1e-12, as shares of the larger or, near zero, as they are."""
    return found is expected is None or found == pytest.approx(expected, rel=CLOSE, abs=CLOSE, nan_ok=True)


def columns(size: int) -> dict[str, np.ndarray]:
    """Return columns of all sorts."""
    rng = np.random.default_rng(size)
    days = np.floor(rng.exponential(700, size))
    return {
        "normal": rng.normal(3, 2, size), "heavy": rng.pareto(1.5, size) * 1000,
        "few": rng.poisson(2, size).astype(float),
        "yes": (rng.random(size) < 0.3).astype(float), "same": np.full(size, 0.1), "none": np.zeros(size),
        "days": np.where(days < 1500, days + rng.random(size), np.inf),
    }


@pytest.mark.parametrize("size", SIZES)
def test_sums_have_the_same_bits(size: int, call: Call) -> None:
    for name, values in columns(size).items():
        if name == "days":
            continue
        assert call("sum", values) == float(values.sum())
        assert call("mean", values) == float(values.mean())
        assert call("deviation", values) == (float(values.std(ddof=1)) if size > 1 else 0.0)
        assert call("worstMean", values) == summary.worst_mean(values)


@pytest.mark.parametrize("size", SIZES)
def test_quantiles_have_the_same_bits(size: int, call: Call) -> None:
    for values in columns(size).values():
        assert call("quantiles", values) == summary.quantiles(values)


def test_student_and_the_binomial_are_those_of_scipy(call: Call) -> None:
    for freedom in [1, 2, 3, 4, 5, 10, 29, 99, 100, 999, 1000, 4999, 9999, 99_999]:
        assert close(call("studentReach", freedom), float(special.stdtrit(freedom, intervals.UPTO)))
        for t in (-30.0, -4.2, -1.0, -0.01, 0.0, 0.5, 1.96, 6.0):
            assert close(call("studentUpto", t, freedom), float(special.stdtr(freedom, t)))
    for n in (1, 2, 5, 10, 101, 1000, 10_000):
        for k in {0, 1, n // 3, n // 2 - 1, n // 2, n - 1, n}:
            if k >= 0:
                assert close(call("headsUpto", k, n), float(special.bdtr(k, n, 0.5)))


@pytest.mark.parametrize("n", [1, 2, 17, 1000, 10_000])
def test_intervals_of_chances(n: int, call: Call) -> None:
    for successes in {0, 1, n // 3, n - 1, n}:
        assert call("wilson", successes, n) == intervals.wilson(successes, n)  # to the bit
        for lower in {0, (n - successes) // 2, n - successes}:
            assert close(call("bonettPrice", successes, lower, n), bonett_price(successes, lower, n))


@pytest.mark.parametrize("size", [1, 2, 3, 50, 1000, 10_000])
def test_intervals_and_tests_of_differences(size: int, call: Call) -> None:
    for name, values in columns(size).items():
        if name != "days":
            shifted = values - np.median(values)
            assert close(call("skewedInterval", shifted), skewed_interval(shifted)), name
            assert close(call("meanTest", shifted), mean_test(shifted)), name


def test_many_tests_at_once(call: Call) -> None:
    p_values = [0.04, 0.001, 0.3, 0.001, 1.0, 0.0, 0.02]
    assert call("holm", p_values) == adjusted(p_values)
    assert call("holm", []) == []


# -- whole scenarios


@pytest.fixture(scope="module")
def played() -> tuple[Model, Sample, Sample]:
    """The base, and the same with other dates: 400 replications of each."""
    base = load("gradual")
    changed = load("gradual", {"deadline": date(2026, 3, 31), "lift.per_week": 300})
    models = [set_up(file.scenario) for file in (base, changed)]
    first, second = (sample(model, 7, range(400), Means(1)) for model in models)
    return models[0], first, second


def catalogue_of(model: Model, catalogue: Catalogue) -> dict[str, Any]:
    """Return what is measured as the document says it."""
    about = {name: {**about, "least": asdict(practical.least_of({}, name, about["kind"]))}
             for name, about in described(catalogue, model.scenario).items()}
    outcomes = [{"name": item.name, "main": item.outcome.main and item.name == item.outcome.name, **about[item.name]}
                for item in catalogue.outcomes]
    rates = [{"name": rate.name, "main": rate.ratio.main and rate.name == rate.ratio.name,
              **{key: value for key, value in about[rate.name].items() if key != "kind"},
              "numerator": rate.numerator, "denominator": rate.denominator, "scale": rate.ratio.scale}
             for rate in catalogue.rates]
    return {"outcomes": outcomes, "rates": rates, "horizon": model.parameters.horizon}


def table(of: Sample) -> dict[str, np.ndarray]:
    return {name: np.ascontiguousarray(of.read(name)) for name in of.catalogue.names}


def test_the_summary_of_a_scenario(played: tuple[Model, Sample, Sample], call: Call) -> None:
    model, base, _ = played
    found = {entry["name"]: entry for entry in call("estimates", catalogue_of(model, base.catalogue), table(base))}
    entries = {item.name: summary._entry(item, base, model.scenario) for item in base.catalogue.outcomes}
    entries |= {rate.name: summary._rate(rate, base, model.scenario) for rate in base.catalogue.rates}
    assert list(found) == list(entries)
    for name, expected in entries.items():
        entry = found[name]
        of = estimate(base, name)
        same = ["n", "kind", "unit", "better", "main", "definition", "mean", "quantiles"]
        same += [key for key in ("sd", "cvar95") if key in expected]
        assert {key: entry[key] for key in same} == {key: expected[key] for key in same}  # to the bit
        assert close(entry["ci95"], expected["ci95"]), name
        assert close(entry["se"], of.se)
        if expected["kind"] == "yes_no":
            assert entry["ci95"] == expected["ci95"]  # to the bit
        if "happened" in expected:
            assert entry["happened"] == expected["happened"]
        assert (entry["terms"] is None) == (of.terms is None)
        if of.terms is not None:
            assert entry["terms"] == of.terms.tolist(), name  # to the bit


def test_the_differences_of_two_scenarios(played: tuple[Model, Sample, Sample], call: Call) -> None:
    model, base, changed = played
    found = call("differences", catalogue_of(model, base.catalogue), table(base), table(changed))
    expected = [difference(base, changed, name) for name in base.entries]
    tested = iter(adjusted([entry.p_value for entry in expected if entry.p_value is not None]))
    assert [entry["outcome"] for entry in found] == [entry.outcome for entry in expected]
    verdicts = set()
    for one, entry in zip(found, expected, strict=True):
        size = practical.least_of({}, entry.outcome, entry.kind).of(entry.base)
        ours = asdict(entry) | {"practical": size, "adjusted": None if entry.p_value is None else next(tested)}
        judged = type(entry)(**ours)
        for key in ("base", "value", "difference", "p_higher", "p_lower", "ci95_higher", "kind", "unit", "better",
                    "main"):
            assert one[key] == ours[key], (entry.outcome, key)  # to the bit
        for key in ("ci95", "p_value", "adjusted", "practical"):
            assert close(one[key], ours[key]), (entry.outcome, key)
        assert close(math.nan if one["spreads"] is None else one["spreads"], entry.spreads)
        assert (one["verdict"], one["p_worse"]) == (verdict(judged), judged.p_worse)
        verdicts.add(one["verdict"])
    assert {"never differs", "not shown", "better"} <= verdicts  # so all of these have been compared


def test_chances_by_a_date(played: tuple[Model, Sample, Sample], call: Call) -> None:
    model, base, changed = played
    horizon = model.parameters.horizon
    for name in by_date.events(base.catalogue).values():
        days, others = base.read(name), changed.read(name)
        counts = by_date.by_day(days, horizon)
        assert call("countsByDay", days, horizon) == counts.tolist()
        curve = call("curve", "Complete", days, horizon)
        chances = [by_date.chance(int(happened), len(days)) for happened in counts]
        assert curve["chance"] == [chance.chance for chance in chances]
        assert list(zip(curve["low"], curve["high"], strict=True)) == [
            tuple(chance.ci95 or ()) for chance in chances]
        for day in (0, 200, 600, int(horizon) - 1):
            was, here = (days < day + 1).sum(), (others < day + 1).sum()
            both = ((days < day + 1) & (others < day + 1)).sum()
            ours = asdict(by_date.apart(int(was), int(here), int(both), len(days)))
            found = call("apartBy", days, others, day)
            assert found["difference"] == ours["difference"]
            assert close(found["ci95"], ours["ci95"])


def test_histograms_have_the_edges_of_the_figures(played: tuple[Model, Sample, Sample], call: Call) -> None:
    model, base, changed = played
    horizon, scales = model.parameters.horizon, set()
    for item in base.catalogue.outcomes:
        kind, unit = item.outcome.kind, item.outcome.unit
        if kind == "yes_no":
            continue
        both = [base.read(item.name), changed.read(item.name)]
        found = call("histograms", kind, unit, both, horizon)
        values = np.concatenate(both)
        if kind == "day":
            width = -(-horizon // 40)
            edges = np.arange(0, horizon + width, width)
        elif found["scale"] == "plain":
            edges = plain_edges(values)
        else:
            edges = doubling_edges(values, found["scale"] == "ratio")
        scales.add(found["scale"])
        assert close(found["edges"], edges.tolist())
        if found["scale"] != "ratio" and edges[0] <= 0:
            assert found["edges"] == edges.tolist()
        for i, column in enumerate(both):
            happened = column[np.isfinite(column)]
            assert found["counts"][i] == np.histogram(happened, edges)[0].tolist(), item.name
            assert found["never"][i] == len(column) - len(happened)
            assert sum(found["counts"][i]) + found["never"][i] == len(column)
    assert scales == {"days", "plain", "doubling", "ratio"}


@pytest.mark.parametrize(("values", "scale", "first"), [
    ([0.0, 1.0, 2.0, 2.0], "plain", [-0.5, 0.5, 1.5, 2.5]), ([4.0, 4.0], "plain", [3.5, 4.5]),
    ([2.5, 2.5], "plain", [2.0, 3.0]), ([0.0, 1.0, 1.0, 100.0] * 50 + [1.0] * 5000, "doubling", [0.0, 1.0, 2.0, 4.0]),
])
def test_edges_of_small_histograms(values: list[float], scale: str, first: list[float], call: Call) -> None:
    found = call("histograms", "number", "attacks", [np.array(values)], 100.0)
    assert found["scale"] == scale
    assert found["edges"][: len(first)] == first
    assert sum(found["counts"][0]) == len(values)
