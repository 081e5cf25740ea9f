"""Two outcomes weighed against each other: a point for each scenario, and which of them are not beaten in both."""

from typing import TYPE_CHECKING, Any

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.comparison.words import label, met
from sim.figures.page import BLACK, BLUE, GREY, date_ticks, headed, plain, seen_shares, short, styled, tidy, when
from sim.words.labels import in_sentence

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison


@styled
def draw(comparison: "Comparison", x: str, y: str) -> Figure:
    """Draw the means of two outcomes with their 95 % intervals, and the Pareto front.

    Parameters
    ----------
    comparison
        The comparison.
    x, y
        Outcomes that every scenario measures, of which more or less is better.
    """
    points = {side.name: tuple(comparison.means[side.name][name] for name in (x, y)) for side in comparison.sides}
    wanted = tuple(_outcome(comparison, name) for name in (x, y))
    front = pareto([tuple((entry.mean or 0.0) * (1 if item.better == "low" else -1)
                          for entry, item in zip(pair, wanted, strict=True)) for pair in points.values()])
    key = [Line2D([], [], color=BLUE, marker="o", linewidth=1.2, label="Pareto front: no other scenario is at least as "
                  "good in both"),
           Line2D([], [], color=GREY, marker="o", markerfacecolor="white", linewidth=0,
                  label="Another is at least as good in both")]
    heading = f"Means with 95 % intervals · {met(comparison)}, so differences are known more precisely"
    title = f"What one gives for the other: {in_sentence(label(comparison, x))} and {in_sentence(label(comparison, y))}"
    figure = headed(heading, title, 3.9, key, columns=2)
    ax = figure.subplots()
    tidy(ax)
    places: dict[str, Any] = {
        name: tuple(_at(comparison, item, entry.mean) for item, entry in zip(wanted, pair, strict=True))
        for name, pair in points.items()}
    on_front = sorted(places[name] for name, kept in zip(places, front, strict=True) if kept)
    ax.plot(*zip(*on_front, strict=True), color=BLUE, linewidth=1.2, zorder=1)
    for (name, place), kept in zip(places.items(), front, strict=True):
        _draw_point(ax, comparison, points[name], wanted, place, kept)
        beside: Any = {"xytext": (-7, -12), "ha": "right"} if _is_crowded(place, places) else {"xytext": (7, 5)}
        ax.annotate(short(name), place, textcoords="offset points", size=8.5, color=BLACK, **beside)
    ax.margins(0.14)
    for axis, outcome, name in ((ax.xaxis, wanted[0], x), (ax.yaxis, wanted[1], y)):
        _axis(axis, outcome, label(comparison, name))
    return figure


def _is_crowded(place: Any, places: dict[str, Any]) -> bool:
    """Whether another point is in the way of a name to the right of this one."""
    wide, high = (max(column) - min(column) for column in zip(*places.values(), strict=True))
    return any(other != place and 0 <= other[0] - place[0] < 0.15 * wide and abs(other[1] - place[1]) < 0.1 * high
               for other in places.values())


def _outcome(comparison: "Comparison", name: str) -> Any:
    return next(item.outcome for item in comparison.base.catalogue.outcomes if item.name == name)


def pareto(costs: list[tuple[float, ...]]) -> list[bool]:
    """Say of each point, lower being better throughout, whether no other is at least as good in all and better in one.

    Parameters
    ----------
    costs
        Points, each a number for every outcome.
    """
    return [not any(all(b <= a for a, b in zip(mine, other, strict=True)) and other != mine for other in costs)
            for mine in costs]


def _at(comparison: "Comparison", outcome: Any, value: float | None) -> float:
    """Return where a mean is on its axis: a day at its date."""
    value = 0.0 if value is None else value
    return float(when(comparison.base.file.scenario, value)) if outcome.kind == "day" else value


def _draw_point(ax: Any, comparison: "Comparison", pair: Any, wanted: Any, place: Any, kept: bool) -> None:
    colour = BLUE if kept else GREY
    ends = [[_at(comparison, item, end) for end in entry.ci95 or (entry.mean, entry.mean)]
            for item, entry in zip(wanted, pair, strict=True)]
    ax.plot(ends[0], [place[1]] * 2, color=colour, linewidth=1.2)
    ax.plot([place[0]] * 2, ends[1], color=colour, linewidth=1.2)
    ax.plot(*([value] for value in place), marker="o", color=colour, markerfacecolor=colour if kept else "white",
            markersize=6, zorder=3)


def _axis(axis: Axis, outcome: Any, name: str) -> None:
    """Write an outcome along an axis, with its unit and which way is better."""
    better = {"low": "less is better", "high": "more is better"}[outcome.better]
    unit = outcome.unit
    if outcome.kind == "day":
        better, unit = {"low": "earlier is better", "high": "later is better"}[outcome.better], "mean date"
        date_ticks(axis, 7)
    elif outcome.kind == "yes_no":
        seen_shares(axis, 6)
    else:
        plain(axis)
    axis.set_label_text(f"{name}, {unit} ({better})")
