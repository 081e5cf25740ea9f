"""Write the tables of the page on trends: ``python docs/trend_tables.py`` rewrites them in ``trends.md``."""

import math
from datetime import date

import numpy as np
from tables import FOLDER, SCENARIOS, markdown, rewrite

from sim.evidence import trends
from sim.evidence.conduct import isis_attacks
from sim.evidence.trends import Prior, Trend
from sim.model.setup import set_up
from sim.scenario.fields import Distribution, Lognormal, Normal
from sim.scenario.keys import look_up, undotted
from sim.scenario.load import load

PAGE = FOLDER / "trends.md"
START, LATER = date(2024, 2, 12), date(2024, 12, 31)
DRAWS = 2000
NORMAL_5 = 1.645
"""The 95 % quantile of the standard normal distribution."""


def trend_fits() -> str:
    """Return the fitted trends."""
    head = ("attacks", "counts", "series", "change a year (log units)", "in other words", "scatter of a count")
    return markdown(head, (
        _fit("of ISIS, as known at the start of the scenarios", trends.of_isis(START)[1]),
        _fit("of ISIS, with the first half of 2024", trends.of_isis(LATER)[1]),
        _fit("on the coalition, July 2020 to March 2023", trends.trend(trends.coalition_attacks()))))


def _fit(what: str, found: Trend) -> tuple[str, ...]:
    return (what, str(found.counts), str(found.series), f"{found.per_year:+.2f} ± {found.error:.2f}",
            f"× {math.exp(found.per_year):.2f} a year", f"{found.scatter:.2f}")


def trend_halving() -> str:
    """Return what the halving of the force in Iraq shows."""
    attacks, past = trends.of_isis(START)
    seen = trends.halving(attacks, past)
    low, high = (math.exp(seen.middle + sign * NORMAL_5 * seen.spread) for sign in (-1, 1))
    return ("If all enablers had left, it says, ISIS attacks would have been "
            f"{math.exp(seen.middle):.1f} times as many, with a 90 % interval from {low:.1f} to {high:.0f} times.")


def trend_priors() -> str:
    """Return the computed priors beside those of the shipped scenarios."""
    attacks, past = trends.of_isis(START)
    rows = (("threat.trend_per_year", trends.ahead(past)), ("threat.rests_today", trends.rests_today(past)),
            ("threat.rests_without", trends.rests_without(attacks, past)),
            ("theatres.iraq.attacks_trend_per_year", trends.ahead(trends.trend(trends.coalition_attacks()))))
    return markdown(("number", "computed", "in the scenarios", "5 %, median, 95 %", "chance of growth"),
                    (_prior(*row) for row in rows))


def _prior(key: str, computed: Prior) -> tuple[str, ...]:
    dist: Distribution = look_up(load(SCENARIOS / "baseline.toml").scenario, undotted(key))
    assert isinstance(dist, Normal | Lognormal)
    draw = _quantiles(key)
    none = 0.0 if isinstance(dist, Normal) else 1.0
    said = (f"normal, mean {dist.mean:g}, sd {dist.sd:g}" if isinstance(dist, Normal)
            else f"lognormal, median {dist.median:g}, sigma {dist.sigma:g}")
    above = sum(value > none for value in draw) / len(draw)
    return (f"`{key.replace('.iraq.', '.NAME.')}`", f"{computed.middle:.2f}, {computed.spread:.2f}",
            f"{said}, from {dist.low:g} to {dist.high:g}",
            ", ".join(f"{draw[int(share * len(draw))]:.2f}" for share in (0.05, 0.5, 0.95)), f"{100 * above:.0f} %")


def _quantiles(key: str) -> list[float]:
    """Return a thousand equally likely values of a number, in order."""
    model = set_up(load(SCENARIOS / "baseline.toml").scenario)
    (draw,) = [draw for draw in model.draws if draw.key == key]
    return [draw.values((i + 0.5) / 1000)[0] for i in range(1000)]


def trend_rests() -> str:
    """Return where threat over capability comes to rest once everybody has left, over draws of the shipped ranges."""
    model = set_up(load(SCENARIOS / "gradual.toml").scenario)
    drawn = [model.parameters_of(model.open_streams(1, i)) for i in range(DRAWS)]
    trends_of = np.array([p.threat_trend_per_year for p in drawn])
    floor = np.array([p.capability_floor for p in drawn])
    thresholds = np.array([p.threat_resurgence for p in drawn])
    index = np.array([p.threat_rests_without / p.capability_floor**p.threat_capability_elasticity for p in drawn])
    rows = []
    for said, years in (("its trend aside", 0.0), ("after two years", 2.0), ("after five years", 5.0)):
        then = index * np.exp(trends_of * years)
        low, middle, high = np.quantile(then / floor, (0.05, 0.5, 0.95))
        above, grown = 100 * np.mean(then / floor >= thresholds), 100 * np.mean(then > 1)
        rows.append((said, f"{middle:.1f} ({low:.1f} to {high:.1f})", f"{above:.0f} %", f"{grown:.0f} %"))
    head = ("", "threat over capability, median (90 %)", "above its own threshold", "threat above today's")
    return markdown(head, rows)


def trend_observers() -> str:
    """Return the change a year within each series."""
    rows = []
    for series, area in dict.fromkeys((one.series, one.area) for one in isis_attacks()):
        own = [one for one in isis_attacks() if (one.series, one.area) == (series, area)]
        if len(own) > 1:
            found = trends.line(own)
            rows.append((series, area, f"{own[0].begin.year} to {own[-1].end.year}", len(own), f"{found:+.2f}"))
    return markdown(("counted by", "area", "years", "counts", "change a year (log units)"), rows)


TABLES = {table.__name__: table for table in (trend_fits, trend_observers, trend_halving, trend_priors, trend_rests)}


def main() -> None:
    """Rewrite the page."""
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8"), TABLES), encoding="utf-8")


if __name__ == "__main__":
    main()
