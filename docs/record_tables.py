"""Write the page on the record of drawdowns, its pictures, and what the rules learn from it.

``python docs/record_tables.py`` rewrites the tables and sentences of ``record.md`` and the file ``execution.toml``
from which `sim.model` draws, and draws the pictures. With ``--page`` it draws none.
"""

import sys
from collections.abc import Sequence
from math import inf
from pathlib import Path

import numpy as np
import record_figures
from record_conduct import TABLES as CONDUCT
from record_conduct import counted, counts, isis_attacks
from record_words import SIGN, episodes, groups, interval, known, of_kind, percent, whole
from tables import FOLDER, markdown, rewrite

import sim.model
from sim.evidence import drawdowns
from sim.evidence.departures import lag, points, unevenness
from sim.evidence.drawdowns import KINDS, ON_TIME, Episode
from sim.evidence.fitted import median, share
from sim.evidence.friction import STRENGTH, Chance, Spread, fitted, scores, written
from sim.model.execution import SMOOTHING, VERSIONS

PAGE, EXECUTION = FOLDER / "record.md", Path(sim.model.__file__).parent / "execution.toml"
ENDINGS = ("early", "on_time", "late", "open", "reversed")
STRENGTHS = (1.0, 2.0, STRENGTH, 8.0, 16.0, inf)


def record_headline() -> str:
    """Return how many plans kept their date, with the first caveat beside it."""
    everyone = episodes()
    kept = [one for one in everyone if one.ending in ("early", "on_time")]
    late, moved_on = ([one for one in everyone if one.ending == ending] for ending in ("late", "open"))
    back = [one for one in everyone if one.ending == "reversed"]
    kinds = [f"{sum(one in kept for one in group)} of {len(group)} {KINDS[kind]}"
             for kind in KINDS if (group := of_kind(kind))]
    return (
        f"**Of {len(everyone)} drawdowns that were announced, {len(kept)} ended by their date or at most {ON_TIME} "
        f"days after it: {percent(share(len(kept), len(everyone)))}. They were not picked at random: they are "
        "famous, nearly all were finished, and whoever leaves names a date that can be kept. Among all plans, the "
        f"share is probably lower; by how much, nobody knows.** Of the others, {len(late)} ended late, "
        f"{len(moved_on)} gave up or missed the date and {len(back)} were reversed. The kind of plan matters: "
        f"the date was kept in {'; '.join(kinds)}.")


def record_marks() -> str:
    """Return how many rows and fields have which mark."""
    rows = {mark: sum(one.mark == mark for one in episodes()) for mark in drawdowns.MARKS}
    single = {mark: sum(list(one.marks.values()).count(mark) for one in episodes()) for mark in drawdowns.MARKS}
    means = {"read": "read in a source of which a copy was kept", "recalled": "from memory; not checked",
             "approximate": "second-hand, rounded, or given differently by different sources"}
    return markdown(("mark", "in the tables", "means", "episodes", "single fields that differ from their episode"), (
        (f"`{mark}`", SIGN[mark], means[mark], rows[mark], single[mark]) for mark in drawdowns.MARKS))


def record_episodes() -> str:
    """Return the table of all episodes."""
    head = ("", "drawdown", "kind", "announced", "first move", "planned end", "actual end", "troops", "slip")
    return markdown(head, (
        (one.id, one.name + SIGN[one.mark], f"`{one.kind}`", *(_cell(one, name) for name in (
            "announced", "first_move", "planned_end", "actual_end")), _troops(one), _slip(one)) for one in episodes()))


def _cell(one: Episode, name: str) -> str:
    value = getattr(one, name)
    if name == "actual_end" and value is None:
        return f"reversed {one.reversed_on}" if one.reversed_on else "open"
    return f"{value or '–'}{_sign(one, name)}"


def _sign(one: Episode, name: str) -> str:
    return SIGN[one.marks[name]] if name in one.marks else ""


def _troops(one: Episode) -> str:
    if one.troops_out is not None:
        return f"{one.troops_out:,} out"
    if one.troops_from is None:
        return "–"
    to = "a few" if one.troops_to is None else f"{one.troops_to:,}"
    return f"{one.troops_from:,}{_sign(one, 'troops_from')} to {to}{_sign(one, 'troops_to')}"


def _slip(one: Episode) -> str:
    return "–" if one.slip is None else f"{one.slip:.2f}{_sign(one, 'slip')}"


def record_endings() -> str:
    """Return how plans of each kind ended."""
    rows = []
    for kind, group in groups():
        tally = [sum(one.ending == ending for one in group) for ending in ENDINGS]
        rows.append((kind, len(group), *tally, percent(share(tally[0] + tally[1], len(group)))))
    return markdown(("kind of plan", "cases", "early", "on time", "late", "open", "reversed", "early or on time"), rows)


def record_delays() -> str:
    """Return how long it took to the first move."""
    return markdown(("kind of plan", "cases", "days: shortest", "median", "longest", "share of the plan: median"), (
        (kind, len(days), f"{min(days):,.0f}", interval(median(days)), f"{max(days):,.0f}",
         interval(median(known(group, lambda one: one.delay_share)), ".2f"))
        for kind, group in groups() if (days := known(group, lambda one: one.delay_days))))


def record_slips() -> str:
    """Return the slip of those that ended."""
    return markdown(("kind of plan", "ended", "smallest", "lower quarter", "median", "upper quarter", "largest"), (
        (kind, len(slips), *(f"{np.quantile(slips, q):.2f}" for q in (0, 0.25)), interval(median(slips), ".2f"),
         *(f"{np.quantile(slips, q):.2f}" for q in (0.75, 1)))
        for kind, group in groups() if (slips := known(group, lambda one: one.slip))))


def record_moves() -> str:
    """Return the plans whose date moved back or that were reversed."""
    return markdown(("", "drawdown", "kind", "planned end", "what came", "months"), (
        (one.id, one.name, f"`{one.kind}`", _cell(one, "planned_end"), _what_came(one),
         "–" if one.moved_months is None else f"{one.moved_months:.1f}{_sign(one, 'actual_end')}")
        for one in episodes() if one.moved or one.ending == "reversed"))


def _what_came(one: Episode) -> str:
    changes = [f"to {day}" for day in one.redated_to] + [f"in {when}" for when in one.redated_on]
    redated = f"date changed {', '.join(changes)}; " if changes else ""
    if one.ending == "reversed":
        days = (one.reversed_on - one.announced).days if one.reversed_on else 0
        return f"{redated}reversed after {days} days"
    return f"{redated}ended {one.actual_end}" if one.actual_end else f"{redated}date given up or missed"


def record_sizes() -> str:
    """Return how often dates moved back and by how much, and how often orders were reversed."""
    rows = []
    for kind, group in groups():
        months = known(group, lambda one: one.moved_months)
        moved, back = (sum(map(happened, group)) for happened in (lambda one: one.moved, _reversed))
        rows.append((kind, len(group), moved, percent(share(moved, len(group))), len(months), *_span(months, ".1f"),
                     back, percent(share(back, len(group)))))
    return markdown(("kind of plan", "cases", "moved back", "chance", "months known", "fewest", "median", "most",
                     "reversed", "chance"), rows)


def _reversed(one: Episode) -> bool:
    return one.ending == "reversed"


def _span(values: Sequence[float], form: str) -> tuple[str, str, str]:
    """Return the smallest, the median and the largest of some values."""
    if not values:
        return "–", "–", "–"
    return f"{min(values):{form}}", interval(median(values), form), f"{max(values):{form}}"


def record_pauses() -> str:
    """Return the pauses of known length."""
    paused = [one for one in episodes() if one.pause_days is not None]
    return f"A pause of known length stands in {len(paused)} of {len(episodes())} episodes.\n\n" + markdown(
        ("", "drawdown", "days", "share of the plan", "slip"),
        ((one.id, one.name, f"{one.pause_days}{_sign(one, 'pause_days')}",
          f"{(one.pause_days or 0) / (one.planned_days or 1):.2f}", _slip(one)) for one in paused))


def record_disagreements() -> str:
    """Return where a figure of the record is not what its dates give."""
    rows = [(one.id, one.name, f"`{name}`", f"{given:g}", f"{computed:.4g}", one.day_chosen)
            for one in episodes() for name, given, computed in disagreements(one)]
    checked = sum(value is not None for one in episodes() for value in vars(one.given).values())
    verb = "differs" if len(rows) == 1 else "differ"
    return (f"Of {checked} figures, {len(rows)} {verb} from what the dates give.\n\n"
            + markdown(("", "drawdown", "figure", "given", "from the dates", "why"), rows))


def disagreements(one: Episode) -> list[tuple[str, float, float]]:
    """Return the given figures that differ from what the dates give, by more than rounding, with what they give."""
    found = []
    for name, given in vars(one.given).items():
        computed = getattr(one, name)
        if given is not None and (computed is None or abs(computed - given) > (0.0051 if name == "slip" else 0)):
            found.append((name, given, computed))
    return found


def record_fitted() -> str:
    """Return the estimates for each kind of plan."""
    return markdown(("kind of plan", "first move, share of the plan", "reversed", "date moved back", "months",
                     "early end", "how early, share of the plan"), (
        (f"`{kind}`", _spread(one.first_move), _chance(one.reversed), _chance(one.redated),
         _spread(one.redating_months, ".1f"), _chance(one.early), _spread(one.early_share))
        for kind, one in fitted(episodes()).items()))


def _chance(chance: Chance) -> str:
    span = f"{100 * chance.low:.0f} to {whole(chance.high)}"
    return f"{whole(chance.chance)}, {span} ({chance.happened} of {chance.cases})"


def _spread(spread: Spread, form: str = ".2f") -> str:
    low, high = (spread.median * np.exp(sign * 1.645 * spread.sigma) for sign in (-1, 1))
    return f"{spread.median:{form}}, {low:{form}} to {high:{form}} ({spread.cases})"


def record_strength() -> str:
    """Return how well each episode is foretold by the others, by strength of the pull."""
    rows, sums = [], {}
    for strength in STRENGTHS:
        found = scores(episodes(), strength)
        sums[strength] = sum(found.values())
        rows.append(("all alike" if strength == inf else f"{strength:g}",
                     *(f"{value:.1f}" for value in (*found.values(), sums[strength]))))
    best = max(sums, key=lambda strength: sums[strength])
    said = "" if best == STRENGTH else f"; {STRENGTH:g} falls short of it by {sums[best] - sums[STRENGTH]:.1f}"
    return markdown(("strength", "first move", "date moved back", "reversed", "early end", "sum"), rows) + (
        f"\n\nThe best of these is {best:g}{said}.")


def record_lags() -> str:
    """Return the lag and the unevenness of the drawdowns with counts on the way."""
    cases = [(one, value) for one in episodes() if (value := lag(one, counts())) is not None]
    uneven = [value for one, _ in cases if (value := unevenness(one, counts())) is not None]
    rows = ((one.id, one.name, f"`{one.kind}`", len(points(one, counts())), f"{value:.2f}",
             "–" if (bursts := unevenness(one, counts())) is None else f"{bursts:.2f}") for one, value in cases)
    return (f"This rests on {len(cases)} drawdowns for the lag, median {np.median([value for _, value in cases]):.2f}, "
            f"and on {len(uneven)} for the unevenness, median {np.median(uneven):.2f}.\n\n"
            + markdown(("", "drawdown", "kind", "counts", "lag", "unevenness"), rows))


def record_drawn() -> str:
    """Return how the rows are made from which the rules draw."""
    unknown = sum(one.delay_share is None for one in episodes())
    return (
        f"- {unknown} of {len(episodes())} episodes have no known first move, or no planned end to measure it by. A "
        "figure that an episode lacks is taken from another one that has it, with the same weights.\n"
        f"- So that thousands of replications do not repeat {len(episodes())} values, each episode stands for "
        f"{VERSIONS} rows, in which the borrowed figures differ and each measured quantity is multiplied by a "
        f"lognormal factor (standard deviation of its logarithm: {SMOOTHING}). Whether and how often a date moved, and "
        "whether the order was reversed, stay as they were, so these have exactly the chances in the table.")


TABLES = {table.__name__: table for table in (
    record_headline, record_marks, record_episodes, record_endings, record_delays, record_slips, record_moves,
    record_sizes, record_pauses, record_lags, record_disagreements, record_fitted, record_drawn,
    record_strength)} | CONDUCT


def execution() -> str:
    """Return what the rules learn from the record, as the text of a file."""
    return written(fitted(episodes()), episodes(), counts())


def main() -> None:
    """Rewrite the page and the estimates, and draw the pictures."""
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8"), TABLES), encoding="utf-8")
    EXECUTION.write_text(execution(), encoding="utf-8")
    if "--page" not in sys.argv:
        places = {one.name: counted()[one.id] for one in episodes() if one.id in counted()}
        drawn = {"endings": record_figures.endings(episodes()), "shape": record_figures.shape(places),
                 "isis": record_figures.isis(isis_attacks())}
        for name, figure in drawn.items():
            figure.savefig(FOLDER / "images" / f"record_{name}.png", dpi=150)


if __name__ == "__main__":
    main()
