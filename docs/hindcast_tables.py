"""Write the page on hindcasts and its pictures.

``python docs/hindcast_tables.py`` forecasts all drawdowns of the past that come with the program, keeps what came of it
in ``hindcast.json``, and draws the pictures (about a minute). With ``--page`` it only rewrites the page from that file.
"""

import json
import shutil
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tables import FOLDER, markdown, rewrite

from sim.api.hindcast import hindcast
from sim.evidence.hindcast import LABELS
from sim.scenario.shipped import HISTORY
from sim.words.phrases import share, whole_percent

PAGE, KEPT = FOLDER / "hindcast.md", FOLDER / "hindcast.json"
TOLD = FOLDER.parent / "sim" / "report" / "hindcast.json"
"""What every report says about it."""
PICTURES = ("all", "minusma_mali_2023", "us_iraq_2011")


@cache
def kept() -> dict[str, Any]:
    """Return the hindcast that the page tells of."""
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def rounded(report: Any) -> Any:
    """Return a report with six digits of every number: the last ones differ between versions of NumPy."""
    if isinstance(report, dict):
        return {key: rounded(value) for key, value in report.items()}
    if isinstance(report, list):
        return [rounded(value) for value in report]
    return float(f"{report:.6g}") if isinstance(report, float) else report


def hindcast_missed() -> str:
    """Return what the forecasts missed, and then how much they held."""
    text = "\n".join(line if line.startswith("- ") else f"\n{line}\n" for line in kept()["told"])
    return text.replace("\n\n\n", "\n\n").strip()


def hindcast_lead() -> str:
    """Return what the model's lead over the plan owes to two drawdowns, and the scores without them."""
    def off(cases: list[dict[str, Any]], name: str) -> float:
        return float(sum(one["observations"] * one["crps"][name] for one in cases))

    first, second, *rest = sorted(kept()["cases"], key=lambda one: off([one], "model") - off([one], "plan"))
    pair, all_of_them = (off(cases, "plan") - off(cases, "model") for cases in ([first, second], kept()["cases"]))
    count = sum(one["observations"] for one in rest)
    scores = (f"{label.lower()} {share(off(rest, name) / count)}" for name, label in LABELS.items())
    points = 100 / len(kept()["observations"])
    return (f"Of the model's lead over the plan, {points * all_of_them:.1f} points, {points * pair:.1f} come from two "
            f"drawdowns: *{first['title']}* and *{second['title']}*. Without these two, CRPS is: {', '.join(scores)}.")


def hindcast_cases() -> str:
    """Return the table of drawdowns."""
    head = ("drawdown", "kind", "left out", "observations", "in the middle 50 %", "in the middle 90 %",
            *(f"CRPS: {label.lower()}" for label in LABELS.values()))
    rows = [(f"[{one['title']}](../{HISTORY.place}/{one['case']}.toml)", f"`{one['kind']}`", ", ".join(one["left_out"]),
             one["observations"], *_scores(one)) for one in kept()["cases"]]
    return markdown(head, [*rows, ("**all**", "", "", len(kept()["observations"]), *_scores(kept()))])


def _scores(one: dict[str, Any]) -> list[str]:
    inside = [whole_percent(one[name]) for name in ("coverage50", "coverage90")]
    return [*inside, *(share(one["crps"][name]) for name in LABELS)]


def hindcast_observations() -> str:
    """Return the table of observations."""
    sign = {"approximate": "~", "recalled": "?"}
    return markdown(("drawdown", "date", "observed", "came", "5–95 %", "median", "plan", "percentile"), (
        (one["case"], f"{one['date']}{sign.get(one['mark'], '')}", _observed(one), f"{one['came']:,.0f}",
         f"{one['quantiles']['5']:,.0f} to {one['quantiles']['95']:,.0f}", f"{one['quantiles']['50']:,.0f}",
         f"{one['rivals']['plan']:,.0f}", f"{one['percentile']:.0f}") for one in kept()["observations"]))


def _observed(one: dict[str, Any]) -> str:
    name = f"{one['site']} closed" if one["site"] else one["what"].replace("_", " ")
    return f"{name} (day)" if one["unit"].startswith("days") else name


TABLES = {table.__name__: table for table in (hindcast_missed, hindcast_lead, hindcast_cases, hindcast_observations)}


def main() -> None:
    """Forecast, and rewrite the page."""
    if "--page" not in sys.argv:
        with TemporaryDirectory() as folder:
            done = hindcast(out=folder, force=True)
            for name in PICTURES:
                shutil.copy(Path(folder, "figures", f"{name}.png"), FOLDER / "images" / f"hindcast_{name}.png")
        for path, report in ((KEPT, done.report), (TOLD, {"told": done.report["told"]})):
            path.write_text(json.dumps(rounded(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        kept.cache_clear()
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8"), TABLES), encoding="utf-8")


if __name__ == "__main__":
    main()
