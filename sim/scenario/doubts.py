"""Finds what a scenario can be doubted for, although it is valid: borrowed defaults, and knowledge from later.

Settings without an effect are found in `idle`; plans that lift and closing cannot keep, in `sim.play.doubts`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from sim.scenario import idle
from sim.scenario.build import Fault
from sim.scenario.errors import some
from sim.scenario.key_checks import with_joint_ranges
from sim.scenario.keys import dotted, values
from sim.scenario.lines import KeyPath
from sim.scenario.merge import Origin, parse_source
from sim.scenario.schema import Scenario

HOME = ("iraq", "syria")
"""Where the defaults come from: every default that was measured, was measured there."""
MEASURED = ("article", "reported", "derived")
"""The marks of what was measured, or computed from it."""
MOST_NAMED = 3

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
IN_SHORT = [month[:3] for month in MONTHS]
NAMED = "|".join(f"{month[:3]}(?:t?\\.?|{month[3:]})" for month in MONTHS)
WRITTEN = re.compile(rf"(?:\b(\d{{1,2}}) )?(?:\b({NAMED}) )((?:19|20)\d\d)\b"
                     r"|\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b|(?<![\d.])((?:19|20)\d\d)\b")
"""27 September 2024, September 2024, Sept. 2024, Sep 2024, 2024-09-27, 2024."""


def check(s: Scenario, origins: Mapping[str, Origin]) -> Iterator[Fault]:
    """Find doubts about a scenario without errors, given where each of its values comes from."""
    yield from _borrowed(s, origins)
    if s.known_until is not None:
        yield from _hindsight(s, s.known_until, origins)


def _borrowed(s: Scenario, origins: Mapping[str, Origin]) -> Iterator[Fault]:
    """Find defaults that were measured in Iraq and Syria, in a scenario that is about neither."""
    named = [*s.theatres, *(theatre.label for theatre in s.theatres.values()), *s.names.model_dump().values()]
    if any(home in name.lower() for home in HOME for name in named):
        return
    keys = [dotted(path) for path in _measured_defaults(s, origins)]
    if keys:
        what = "is a default" if len(keys) == 1 else "are defaults"
        yield Fault((), f"{some(keys, MOST_NAMED)} {what} measured in Iraq and Syria; for another war, give values of "
                    "its own")


def _measured_defaults(s: Scenario, origins: Mapping[str, Origin]) -> list[KeyPath]:
    """Return the defaults that were measured and have an effect."""
    ranged = with_joint_ranges(s)
    borrowed = {path: value for path, value in values(ranged) if value and _is_measured_default(path, origins)}
    without_effect = {fault.path for fault in idle.check(ranged, borrowed)}
    return [path for path in borrowed if not any(path[:n] in without_effect for n in range(1, len(path) + 1))]


def _is_measured_default(path: KeyPath, origins: Mapping[str, Origin]) -> bool:
    origin = origins.get(dotted(path))
    return origin is not None and origin.file == "default" and origin.mark in MEASURED


def _hindsight(s: Scenario, until: date, origins: Mapping[str, Origin]) -> Iterator[Fault]:
    """Find sources that are dated later than what the scenario may know."""
    stated = ((("sources", key), text) for key, text in s.sources.items() if parse_source(text))
    borrowed = ((path, origins[dotted(path)].source) for path in _measured_defaults(s, origins))
    for path, text in chain(stated, borrowed):
        later = [day for day in dates_in(text) if day > until]
        if later:
            which = "its source" if path[0] != "sources" else "this source"
            yield Fault(path, f"{which} is dated after {until}, and known_until says that nothing later is known: "
                        f"{text}")


def dates_in(text: str) -> list[date]:
    """Return the dates that a text names; of a month or a year, its first day."""
    found = []
    for day, month, year, iso_year, iso_month, iso_day, alone in WRITTEN.findall(text):
        try:
            if month:
                found.append(date(int(year), IN_SHORT.index(month[:3]) + 1, int(day or 1)))
            else:
                found.append(date(int(iso_year or alone), int(iso_month or 1), int(iso_day or 1)))
        except ValueError:  # no such day
            continue
    return found
