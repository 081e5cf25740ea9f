"""The evidence page says what the fit to the shipped record says."""

import re
from pathlib import Path

import pytest

from sim.evidence.fit import fit
from sim.evidence.models import models_for
from sim.evidence.read import read
from sim.evidence.stretches import read_regimes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")


@pytest.mark.exhaustive
def test_page_has_the_models_of_the_shipped_record() -> None:
    table = PAGE.split("<!-- fit -->")[1].split("\n\n")[1]
    rows = re.findall(r"^\| ([^|]+) \| (\d) \| ([\d.]+) \| ([\d.]+) \|", table, re.MULTILINE)
    stated = {row[0]: row[1:] for row in rows}
    record = read(ROOT / "sim" / "evidence" / "data" / "attacks_2023_2024.csv")
    fits = [fit(model, record) for model in models_for(record, read_regimes(ROOT / "scenarios" / "baseline.toml"))]
    assert {fitted.model.label for fitted in fits} == set(stated)
    for fitted in fits:
        parameters, aic, bic = stated[fitted.model.label]
        assert len(fitted.values) == int(parameters)
        assert (fitted.aic, fitted.bic) == pytest.approx((float(aic), float(bic)), abs=0.06)
    by_name = {fitted.model.name: fitted for fitted in fits}
    excited = by_name["self_excited_regimes"]
    assert excited.value("branching_ratio") == pytest.approx(0.37, abs=0.01)
    assert excited.value("rate_high") == pytest.approx(1.04, abs=0.01)
    assert by_name["negative_binomial"].value("overdispersion") == pytest.approx(0.40, abs=0.01)
    assert by_name["overdispersed_regimes"].value("overdispersion") == pytest.approx(0.13, abs=0.01)
