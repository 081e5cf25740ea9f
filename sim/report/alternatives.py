"""What a chart shows, in words: text alternatives made from the numbers that are drawn."""

from datetime import timedelta

from sim.report.charts import Data
from sim.report.scene import Scene
from sim.words.phrases import date_text, listed, number, share, whole_percent

MOST_ROWS = 4


def of_band(scene: Scene, track: str) -> str:
    """Say what the bands of a track show on the first day, at the quarters and on the last day."""
    data = scene.bands[track]
    points = [round(part * (len(data["days"]) - 1) / 4) for part in range(5)]
    lines = []
    for row, name in list(enumerate(data["rows"]))[:MOST_ROWS]:
        told = (f"{_date(scene, data, point)} {_at(data, row, point)}" for point in points)
        lines.append(f"{name}: {'; '.join(told)}")
    more = len(data["rows"]) - MOST_ROWS
    return ". ".join(lines) + "." + (f" {more} more are not told." if more > 0 else "")


def _at(data: Data, row: int, point: int) -> str:
    if "share" in data:
        return share(data["share"][row][point])
    low, middle, high = (data[level][row][point] for level in ("low", "middle", "high"))
    planned = f", planned {number(data['plan'][row][point])}" if "plan" in data else ""
    return f"median {number(middle)}, nine in ten {number(low)} to {number(high)}{planned}"


def _date(scene: Scene, data: Data, point: int) -> str:
    return date_text(scene.scenario.start + timedelta(days=int(data["days"][point])))


def of_curves(scene: Scene) -> str:
    """Say how likely everything that may happen is by some dates."""
    lines = []
    for curve in scene.curves.values():
        points = [round(part * (len(curve["days"]) - 1) / 4) for part in range(1, 5)]
        lines.append(f"{curve['label']}: " + ", ".join(
            f"{share(curve['chance'][point])} by {_date(scene, curve, point)}" for point in points))
    return ". ".join(lines) + "."


def of_histogram(scene: Scene, name: str) -> str:
    """Say how an outcome is distributed."""
    entry, histogram = scene.entries[name], scene.histograms[name]
    levels = [_level(scene, entry, entry["quantiles"][percent]) for percent in ("5", "25", "50", "75", "95")]
    low, quarter, middle, three_quarters, high = levels
    never = histogram["never"] / scene.replications
    return (f"{entry['label']}: median {middle}, half of the replications from {quarter} to {three_quarters}, nine in "
            f"ten from {low} to {high}" + (f"; in {share(never)} it does not happen" if never else "") + ".")


def _level(scene: Scene, entry: Data, value: float | None) -> str:
    if entry["kind"] != "day":
        return number(value or 0.0)
    if value is None:
        return f"after {date_text(scene.scenario.end)}"
    return date_text(scene.scenario.start + timedelta(days=int(value)))


def of_shares(scene: Scene) -> str:
    """Say how much of each main outcome's variance comes from uncertain numbers."""
    shown = [entry for entry in scene.entries.values() if entry["main"] and entry["variance"]]
    return listed(f"{entry['label']} {whole_percent(entry['variance']['parameters'])}" for entry in shown) + "."
