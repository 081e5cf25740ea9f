"""An explanation in words. It says that something rises or falls only where the 95 % interval excludes zero."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from sim.comparison.changes import ALL
from sim.estimate.difference import smoothed
from sim.rules.outcomes import ASKED_FOUR_WAYS, WAYS
from sim.scenario.names import NOT_YET
from sim.scenario.schema import Scenario
from sim.words.labels import in_sentence, outcome_label
from sim.words.phrases import date_text, difference_unit, give_or_take, is_counted, listed, mean_text, whole_percent

if TYPE_CHECKING:
    from sim.comparison.explanation import Explanation, Game, OutcomeExplained, Share

MOST_NAMED = 4
"""How many couplings that move a difference the same way are named, the largest first."""


def told(explanation: "Explanation") -> list[str]:
    """Return paragraphs: for each outcome, one on the changes and one on the couplings; then the notes."""
    a, b = explanation.a, explanation.b
    if not explanation.outcomes or not explanation.outcomes[0].changes.shares:
        return [f"{a} and {b} do not differ in anything that is played, so there is no difference to explain."]
    paragraphs = []
    for outcome in explanation.outcomes:
        paragraphs += [" ".join([difference(outcome, explanation), *_changes(outcome)]), _couplings(outcome, a, b)]
    first = explanation.outcomes[0]
    notes = (*explanation.notes, *_exact(first.changes, "changes"), *_exact(first.couplings, "couplings"),
             *_sampled(first.changes, "changes"), *_sampled(first.couplings, "couplings"))
    return paragraphs + [f"Note: {note}." for note in notes]


def smoothing(names: Iterable[str], scenario: Scenario) -> list[str]:
    """Say which outcomes have their means estimated from another outcome."""
    return [f"the means of {in_sentence(outcome_label(name, scenario))} are those of "
            f"{in_sentence(outcome_label(smoothed(name), scenario))}, which average the same but vary less"
            for name in names if smoothed(name) != name]


def question(label: str, name: str) -> str:
    """Return the label of an outcome with the question that it answers, where that could be asked in four ways."""
    return f"{label} {WAYS['']}" if name in ASKED_FOUR_WAYS else label


def questions(names: Iterable[str], measured: Collection[str], scenario: Scenario) -> list[str]:
    """Say which question is answered about what could be asked in four ways, and which others there are."""
    asked = set(names)
    ends = {"": f"by the horizon, {date_text(scenario.end)}",
            "_after": f"in the follow-up ({scenario.follow_up_days:,} days after completion), none before"}
    lines = []
    for outcome in ASKED_FOUR_WAYS:
        here = [ends.get(way, text) for way, text in WAYS.items() if outcome + way in asked]
        others = [f"{ends.get(way, text)} ({outcome + way})" for way, text in WAYS.items()
                  if outcome + way in measured and outcome + way not in asked]
        if here and others:
            lines.append(f"{in_sentence(outcome_label(outcome, scenario))} is explained as asked {listed(here)}; asked "
                         f"{listed(others)}, the answer may be another")
    return lines


def _exact(game: "Game", players: str) -> list[str]:
    """Say that the shares of a game are exact, if they are and there is more than one."""
    if game.orders or len(game.shares) < 2:
        return []
    n = len(game.shares)
    return [f"shares of {players} are exact: all {2 ** n} combinations of the {n} were played"]


def _sampled(game: "Game", players: str) -> list[str]:
    """Say how the shares of a game were sampled, if they were."""
    if not game.orders:
        return []
    return [f"shares of {players} are averages over {game.orders:,} random orders in which they are added; their "
            f"intervals include this sampling error (in games whose shares are known, 91 to 98 % of them hold "
            f"the truth), and of {len(game.shares)} intervals one or so excludes zero by chance"]


def difference(outcome: "OutcomeExplained", explanation: "Explanation") -> str:
    """Say how much an outcome differs between B and A."""
    a, b, total = explanation.a, explanation.b, outcome.difference
    start, end = date.fromisoformat(explanation.start), date.fromisoformat(explanation.end)
    means = " against ".join(mean_text(mean, outcome.kind, start, end) for mean in (outcome.mean_b, outcome.mean_a))
    if outcome.kind == "day":
        means += f"; {NOT_YET.format(end=date_text(end))}"
    if not total.is_seen:
        return f"{outcome.said}: no clear difference between {b} and {a} ({_signed(total, outcome)}; {means})."
    return f"{outcome.said}: {_compared(total, outcome, a, b)} ({means})."


def _compared(share: "Share", outcome: "OutcomeExplained", a: str, b: str, would: bool = False) -> str:
    """Say that B has fewer or more than A, or would have."""
    size, more = give_or_take(share.share, share.ci95, outcome.kind, sign=False), share.share > 0
    if outcome.kind == "day":
        return f"{b} {'would come' if would else 'comes'} {size} days {'later' if more else 'earlier'} than {a}"
    if outcome.unit == "days" and not outcome.said.startswith("Days "):  # how long it takes, not on how many it is so
        return f"it {'would be' if would else 'is'} {size} days {'longer' if more else 'shorter'} in {b} than in {a}"
    if not is_counted(outcome.kind, outcome.unit):
        what = "the chance" if outcome.kind == "yes_no" else "it"
        unit = difference_unit(outcome.kind, outcome.unit, short=True)
        much = size if outcome.unit == "ratio" else f"{size} {unit}"
        return f"{what} {'would be' if would else 'is'} {much} {'higher' if more else 'lower'} in {b} than in {a}"
    return f"{b} {'would have' if would else 'has'} {size} {outcome.unit} {'more' if more else 'fewer'} than {a}"


def _signed(share: "Share", outcome: "OutcomeExplained") -> str:
    return f"{give_or_take(share.share, share.ci95, outcome.kind)} {difference_unit(outcome.kind, short=True)}".rstrip()


def _changes(outcome: "OutcomeExplained") -> list[str]:
    """Say which changes the difference comes from."""
    shares, total = outcome.changes.shares, outcome.difference
    if len(shares) == 1:
        what = "all changes together" if shares[0].name == ALL else "one change"
        start = f"All of it comes from {what}" if total.is_seen else f"There {'are' if what[0] == 'a' else 'is'} {what}"
        return [f"{start}: {shares[0].label if shares[0].name == ALL else _named(shares[0])}."]
    seen = [share for share in shares if share.is_seen]
    rest = [f"{share.said} ({_signed(share, outcome)})" for share in shares if not share.is_seen]
    lines = _weighed(seen, outcome) if total.is_seen else _up_and_down(seen, outcome)
    if rest:
        lines.append(f"There is no clear effect of {listed(rest)}.")
    return lines


def _weighed(seen: list["Share"], outcome: "OutcomeExplained") -> list[str]:
    """Compare the effect of each change with the whole difference."""
    total = outcome.difference.share
    along = [share for share in seen if share.share * total > 0]
    against = [_named(share, _signed(share, outcome)) for share in seen if share.share * total < 0]
    lines = []
    if along:
        lines.append(f"{listed(_parts(along, outcome))}.")
    if against:
        lines.append(f"Working the other way: {listed(against)}.")
    return lines


def _parts(along: list["Share"], outcome: "OutcomeExplained") -> list[str]:
    """Say which part of a difference each change makes; in per cent, unless one makes more than the whole."""
    sizes, total = [_signed(share, outcome) for share in along], outcome.difference.share
    part, *parts = [share.share / total for share in along]
    if part > 1:
        first, *rest = (_named(share, size) for share, size in zip(along, sizes, strict=True))
        return [f"It comes from {first}", *rest]
    how_much = "Most" if part > 2 / 3 else "About half" if 0.45 < part < 0.55 else "The largest part"
    return [f"{how_much} of it, {whole_percent(part)} ({sizes[0]}), comes from {_named(along[0])}",
            *(f"{whole_percent(part)} ({size}) from {_named(share)}"
              for part, size, share in zip(parts, sizes[1:], along[1:], strict=True))]


def _up_and_down(seen: list["Share"], outcome: "OutcomeExplained") -> list[str]:
    """Say what changes do that cancel one another out."""
    up = [_named(share, _signed(share, outcome)) for share in seen if share.share > 0]
    down = [_named(share, _signed(share, outcome)) for share in seen if share.share < 0]
    moves = [f"{verb} by {listed(names)}" for verb, names in (("raised", up), ("lowered", down)) if names]
    return [f"Even so, it is {', and '.join(moves)}."] if moves else []


def _named(share: "Share", size: str = "") -> str:
    """Name a share, with its description and size in brackets."""
    said = "; ".join(text for text in (share.label, size) if text)
    return f"{share.said} ({said})" if said else share.said


def _couplings(outcome: "OutcomeExplained", a: str, b: str) -> str:
    """Say through which couplings the difference comes about."""
    game, direct, total = outcome.couplings, outcome.direct, outcome.difference
    if not game.shares:
        return f"{outcome.said}: no coupling is active in either scenario, so the whole difference is direct."
    number = len(game.shares)
    many = {1: f"the coupling {game.shares[0].said}", 2: "both couplings"}.get(number, f"all {number} couplings")
    if direct.is_seen:
        alone = f"with {many} off, {_compared(direct, outcome, a, b, would=True)}: the direct effect."
    elif direct.share == 0 and direct.ci95 in (None, [0.0, 0.0]):
        alone = f"with {many} off, the two would not differ at all."
    else:
        alone = f"with {many} off, there would be no clear difference ({_signed(direct, outcome)})."
    seen = [share for share in game.shares if share.is_seen]
    up, down = ("amplified", "dampened") if total.is_seen else ("raised", "lowered")
    towards = 1 if total.share > 0 or not total.is_seen else -1
    moved = [f"{verb} by {_largest(shares, outcome)}" for verb, shares in (
        (up, [share for share in seen if share.share * towards > 0]),
        (down, [share for share in seen if share.share * towards < 0])) if shares]
    lines = [f"{outcome.said}, by coupling: {alone}"]
    if moved:
        lines.append(f"The difference is {', and '.join(moved)}.")
    if rest := number - len(seen):
        which = "it" if number == 1 else f"{'the other' if seen else 'all'} {'one' if rest == 1 else rest}"
        lines.append(f"There is no clear effect of {which}.")
    return " ".join(lines)


def _largest(shares: list["Share"], outcome: "OutcomeExplained") -> str:
    """Name the largest couplings, and say how many smaller ones there are."""
    texts = [_named(share, _signed(share, outcome)) for share in shares[:MOST_NAMED]]
    more = len(shares) - len(texts)
    return listed([*texts, f"{more} smaller one{'s' if more > 1 else ''}"] if more else texts)
