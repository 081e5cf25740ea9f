"""Datasets of the shape of a study, made up from formulas whose answers are known."""

import numpy as np
import xarray as xr


def study(
    parameters, values, noise=0.0, replications=100, seed=1, design="latin_hypercube", outcomes=("harm",),
    better=("low",), kinds=("number",), units=("persons",), thresholds=None, spread=1.0, policies=None, names=None,
    parameter_units=None, statistic="mean",
):
    """Make a study's dataset.

    ``parameters`` has the shape (futures, uncertainties); ``values`` gives the true value of every policy, future and
    outcome, shape (policies, futures) or (policies, futures, outcomes). ``noise`` is the standard error of a value;
    the two halves of the replications are independent, with the square root of two times that.
    """
    x = np.asarray(parameters, dtype=float)
    truth = np.asarray(values, dtype=float)
    truth = truth[..., np.newaxis] if truth.ndim == 2 else truth
    rng = np.random.default_rng(seed)
    halves = truth[..., np.newaxis] + rng.normal(scale=1.0, size=(*truth.shape, 2)) * noise * np.sqrt(2)
    value = halves.mean(axis=-1)
    n, d = x.shape
    names = names or [f"u{i + 1}" for i in range(d)]
    policies = policies or [f"policy_{'abcdefgh'[i]}" for i in range(len(truth))]
    dims = ("policy", "future", "outcome")
    errors = np.full(truth.shape, float(noise))
    paired = errors * np.sqrt(2)
    paired[0] = 0.0
    limits = np.full(len(outcomes), np.nan) if thresholds is None else np.asarray(thresholds, dtype=float)
    return xr.Dataset(
        {
            "value": (dims, value), "value_se": (dims, errors), "mean": (dims, value), "mean_se": (dims, errors),
            "half_value": ((*dims, "half"), halves), "variance": (dims, np.full(truth.shape, float(spread))),
            "difference": (dims, value - value[:1]), "difference_se": (dims, paired),
            "parameter": (("future", "uncertainty"), x),
        },
        coords={
            "policy": policies, "future": np.arange(n), "outcome": list(outcomes), "half": [0, 1],
            "uncertainty": names, "better": ("outcome", list(better)), "kind": ("outcome", list(kinds)),
            "unit": ("outcome", list(units)), "statistic": ("outcome", [statistic] * len(outcomes)),
            "threshold": ("outcome", limits), "low": ("uncertainty", x.min(axis=0)),
            "high": ("uncertainty", x.max(axis=0)), "key": ("uncertainty", [f"key.{name}" for name in names]),
            "uncertainty_unit": ("uncertainty", parameter_units or [""] * d),
        },
        attrs={"title": "A made-up study", "question": "What if?", "name": "made", "design": design, "points": n,
               "replications": replications, "seed": seed, "rules": "0"},
    )


def latin(n, d, seed=1):
    """Return a Latin hypercube on the unit cube."""
    from scipy.stats import qmc

    return qmc.LatinHypercube(d, rng=seed).random(n)
