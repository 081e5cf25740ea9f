"""The tables of the page on the record that are not about dates: how troops left, sites, lift, and ISIS attacks."""

from functools import cache

import numpy as np
from record_words import SIGN, episodes, percent, whole
from tables import markdown

from sim.evidence import conduct
from sim.evidence.conduct import Count, Fact
from sim.evidence.drawdowns import Episode
from sim.evidence.fitted import median

SIZE = {"small": "small", "few_hundred": "a few hundred", "several_hundred": "several hundred to 1,000",
        "main_hub": "the main hub"}

counts = cache(conduct.counts)
sites = cache(conduct.sites)
facts = cache(conduct.facts)
isis_attacks = cache(conduct.isis_attacks)


def record_shape() -> str:
    """Return how many had left after which part of the time."""
    by_drawdown = counted()
    points = [at for places in by_drawdown.values() for at in places]
    within = [(time, gone) for time, gone in points if 0.1 <= time <= 0.9]
    behind = sum(gone < time for time, gone in within)
    halfway = [float(np.interp(0.5, *zip((0, 0), *places, (1, 1), strict=True))) for places in by_drawdown.values()]
    middle = median(halfway)
    return (
        f"There are {len(points)} dated counts, of {len(by_drawdown)} drawdowns. Of the {len(within)} taken between a "
        f"tenth and nine tenths of the time, {behind} show fewer gone than a straight line would have. Halfway in "
        f"time, on lines between the counts, {percent(middle)} had gone in the median drawdown (in all: from "
        f"{100 * min(halfway):.0f} to {whole(max(halfway))}).\n\n") + markdown(
        ("", "drawdown", "counted", "share of the time", "share gone"),
        ((count.id, _by_id()[count.id].name, f"{count.day}{SIGN[count.mark]}", whole(at[0]), whole(at[1]))
         for count in counts() if (at := place(_by_id()[count.id], count))))


@cache
def _by_id() -> dict[str, Episode]:
    return {one.id: one for one in episodes()}


def counted() -> dict[str, list[tuple[float, float]]]:
    """Return the dated counts of each drawdown that has any, as `place` gives them, by its id."""
    found: dict[str, list[tuple[float, float]]] = {}
    for count in counts():
        if at := place(_by_id()[count.id], count):
            found.setdefault(count.id, []).append(at)
    return found


def place(one: Episode, count: Count) -> tuple[float, float] | None:
    """Return the share of the time that had passed and the share of the departing that had gone, if both are known."""
    if not (one.actual_days and one.leaving):
        return None
    gone = count.gone if count.gone is not None else (one.troops_from or 0) - (count.there or 0)
    return (count.day - one.announced).days / one.actual_days, gone / one.leaving


def record_sites() -> str:
    """Return how long after the order sites of each size were handed over."""
    announced = {one.id: one.announced for one in episodes()}
    rows = []
    for size, words in SIZE.items():
        known = [((site.handed_over - announced[site.id]).days, site) for site in sites()
                 if site.size == size and site.after_order and site.handed_over]
        days = sorted(day for day, _ in known)
        rows.append((words, len(days), f"{days[0]} to {days[-1]}" if len(days) > 1 else days[0],
                     ", ".join(f"{site.site} ({site.id}, {day})" for day, site in known)))
    return markdown(("size", "cases", "days from the order", "which"), rows)


def record_lift() -> str:
    """Return the figures on lift and loads."""
    return _facts("lift", "loads")


def record_kit() -> str:
    """Return the figures on equipment per soldier."""
    return _facts("kit")


def record_bases() -> str:
    """Return the figures on bases, pace and the tail."""
    return _facts("base", "pace", "tail")


def record_unscored() -> str:
    """Return the drawdowns without full dates."""
    return _facts("unscored")


def _facts(*topics: str) -> str:
    return markdown(("what", "figure", "unit", "remarks"), (
        (fact.what + (f" ({fact.id})" if fact.id else ""), _range(fact) + SIGN[fact.mark], fact.unit, fact.note)
        for topic in topics for fact in facts() if fact.topic == topic))


def _range(fact: Fact) -> str:
    if fact.low is None or fact.high is None:
        return f"at least {fact.low:,g}" if fact.low is not None else f"below {fact.high:,g}"
    return f"{fact.low:,g}" if fact.low == fact.high else f"{fact.low:,g} to {fact.high:,g}"


def record_isis() -> str:
    """Return the series of ISIS attacks."""
    lines: dict[tuple[str, str], list[float]] = {}
    for one in isis_attacks():
        lines.setdefault((one.series, one.area), []).append(one.attacks / ((one.end - one.begin).days + 1))
    long = [rates for rates in lines.values() if len(rates) > 1]
    fell = sum(rates[-1] < rates[0] for rates in long)
    said = f"Of the {len(long)} series with more than one count, {fell} end lower than they began.\n\n"
    return said + markdown(("counted by", "area", "from", "to", "attacks", "remarks"), (
        (one.series, one.area, one.begin, one.end, f"{one.attacks:,}{SIGN[one.mark]}", one.note)
        for one in isis_attacks()))


TABLES = {table.__name__: table for table in (
    record_shape, record_sites, record_lift, record_kit, record_bases, record_unscored, record_isis)}
