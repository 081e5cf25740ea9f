"""What readers want to know: the precision that a run should reach, and from what size on a difference matters.

Both come from tables of the scenario, the precision from the command line as well. All errors are reported at once,
each with its place.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sim.estimate.practical import Least
from sim.model.catalogue import Catalogue
from sim.rules.outcomes import BY_NAME
from sim.scenario.called import called
from sim.scenario.errors import PRECISION, Problem, ScenarioError, shown, suggest
from sim.scenario.keys import dotted
from sim.scenario.load import ScenarioFile
from sim.scenario.possible import lacking
from sim.scenario.precision import read_size
from sim.scenario.program import program

QUANTILE = re.compile(r"q([1-9][0-9]?)")
NEEDS = {name: entry.needs for name, entry in BY_NAME.items()}


@dataclass(frozen=True)
class Target:
    """A half-width to reach.

    Attributes
    ----------
    name
        The outcome as in the catalogue, e.g. ``attacks_total.iraq``.
    percent
        The quantile, 1 to 99; None for the mean, the chance or the rate.
    half_width
        Half-width of the 95 % interval; a share (0.01 for 1 %) if ``relative``.
    relative
        Whether it is a share of the estimate.
    """

    name: str
    percent: int | None
    half_width: float
    relative: bool

    @property
    def label(self) -> str:
        """The target as users write it: ``attacks_total``, ``attacks_total:q95``."""
        return self.name if self.percent is None else f"{self.name}:q{self.percent}"

    @property
    def asked(self) -> str:
        """The half-width as users write it: ``2``, ``1%``."""
        return f"{100 * self.half_width:.12g}%" if self.relative else f"{self.half_width:.12g}"


@dataclass(frozen=True)
class _Wish:
    """A target or a size as the user gave it: in which table, where, for which outcome, and how much."""

    table: str
    file: str
    line: int | None
    key: str
    label: str
    value: float | str

    def problem(self, message: str) -> Problem:
        return Problem(self.file, self.line, self.key, message)


def targets_of(file: ScenarioFile, texts: Iterable[str], catalogue: Catalogue) -> tuple[Target, ...]:
    """Return the precision that a run should reach.

    Parameters
    ----------
    file
        The scenario, with its table ``[precision]``.
    texts
        Targets from the command line, ``NAME=HALF-WIDTH``, e.g. ``attacks_total=1%``. Each replaces the scenario's
        target of the same name.
    catalogue
        What is measured in the scenario.

    Raises
    ------
    ScenarioError
        With all errors.
    """
    given, malformed = _given(texts)
    taken = {wish.label for wish in given}
    wishes = [*(wish for wish in _stated(file, "precision") if wish.label not in taken), *given]
    targets, problems = _checked(wishes, catalogue, file)
    if problems or malformed:
        raise ScenarioError((*problems, *malformed))
    return tuple(targets)


def least_differences_of(file: ScenarioFile, catalogue: Catalogue) -> dict[str, Least]:
    """Return the least differences that matter, by outcome, as the scenario's table ``[practical]`` states them.

    Raises
    ------
    ScenarioError
        With all errors.
    """
    targets, problems = _checked(_stated(file, "practical"), catalogue, file)
    if problems:
        raise ScenarioError(tuple(problems))
    return {target.name: Least(target.half_width, target.relative) for target in targets}


def _checked(wishes: Iterable[_Wish], catalogue: Catalogue, file: ScenarioFile) -> tuple[list[Target], list[Problem]]:
    targets: list[Target] = []
    problems: list[Problem] = []
    for wish in wishes:
        try:
            targets.append(_target(wish, catalogue, file))
        except ValueError as error:
            problems.append(wish.problem(str(error)))
    return targets, problems


def _stated(file: ScenarioFile, table: str) -> Iterator[_Wish]:
    """Yield what one of the scenario's tables asks for."""
    for label, value in getattr(file.scenario, table).items():
        key = dotted((table, label))
        origin = file.origins.get(key)
        place = (origin.file, origin.line) if origin else (str(file.path or file.name), None)
        yield _Wish(table, *place, key, label, value)


def _given(texts: Iterable[str]) -> tuple[list[_Wish], list[Problem]]:
    """Return the targets of the command line, and what is wrong with the other texts."""
    wishes: list[_Wish] = []
    problems: list[Problem] = []
    for text in texts:
        label, equals, value = (part.strip() for part in text.partition("="))
        if label and equals and value:
            wishes.append(_Wish("precision", PRECISION, None, label, label, _number(value)))
        else:
            problems.append(Problem(PRECISION, None, text.strip(), "must be written NAME=HALF-WIDTH, e.g. "
                                    "completion_day=2 or attacks_total=1%"))
    for label, count in Counter(wish.label for wish in wishes).items():
        if count > 1:
            problems.append(Problem(PRECISION, None, label, f"is given {count} times; give it once"))
    return wishes, problems


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _target(wish: _Wish, catalogue: Catalogue, file: ScenarioFile) -> Target:
    """Check a target or a size; ValueError says what is wrong with it."""
    name, colon, level = wish.label.partition(":")
    kinds = {item.name: item.outcome.kind for item in catalogue.outcomes} | {r.name: "ratio" for r in catalogue.rates}
    if name not in kinds:
        raise ValueError(unknown_outcome(name, list(kinds), file))
    quantile = QUANTILE.fullmatch(level)
    if colon and not quantile:
        raise ValueError(f"{shown(level)} is no quantile; one is written with q and a whole number of percent from 1 "
                         f"to 99, e.g. {name}:q95")
    half_width, relative = read_size(wish.value, wish.table)
    what = {"precision": "half-width", "practical": "size"}[wish.table]
    message = _unfit(name, kinds[name], quantile is not None, half_width, relative, what)
    if message:
        raise ValueError(message)
    return Target(name, int(quantile[1]) if quantile else None, half_width, relative)


def _label_of(name: str) -> str:
    """Return the label of an outcome in small letters, since a user may have written that."""
    return called(BY_NAME[name].label).lower() if name in BY_NAME else ""


def unknown_outcome(name: str, names: list[str], file: ScenarioFile) -> str:
    """Say why there is no such outcome, and which one may have been meant."""
    lacks = lacking(file.scenario, NEEDS.get(name.partition(".")[0], ""))
    if lacks:
        return f"is not measured in this scenario, which has no {' and no '.join(lacks)}"
    places = [candidate for candidate in names if candidate.startswith(f"{name}.")]
    if places:
        return f"is measured only for each place or quarter by itself, e.g. {places[0]}"
    advice = suggest(next((candidate for candidate in names if _label_of(candidate) == name.lower()), name), names)
    listed = f"{program()} outcomes {file.path or 'FILE'} lists all"
    return f"there is no outcome {name}; {advice if advice.startswith('did you mean') else listed}"


def _unfit(name: str, kind: str, of_quantile: bool, half_width: float, relative: bool, what: str) -> str:
    """Say why such a half-width or size has no meaning for this kind of outcome; empty if it has one."""
    if of_quantile and kind == "yes_no":
        return f"is a quantile of what is yes or no; ask for its chance, e.g. {name}=0.01 for one percentage point"
    if of_quantile and kind == "ratio":
        return f"is a quantile of a ratio of means, which does not differ between replications; ask for {name}"
    if kind == "yes_no" and (relative or half_width >= 0.5):
        why = "a share of a chance is ambiguous" if relative else "a chance lies between 0 and 1"
        return f"{why}; give the {what} as a chance below 0.5, e.g. {name}=0.01 for one percentage point"
    if kind == "day" and relative:
        return f"a share of a date has no meaning; give it in days, e.g. {name}=2"
    return ""
