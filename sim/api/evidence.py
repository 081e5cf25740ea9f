"""What calibrating and back-testing have in common: reading data, and keeping results."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sim.evidence.cut import day_of, join
from sim.evidence.gaps import Gaps, mask
from sim.evidence.large import is_large
from sim.evidence.quiet import doubt
from sim.evidence.read import read
from sim.evidence.record import AttackRecord
from sim.evidence.rhythm import regular
from sim.evidence.stretches import Regimes, read_regimes
from sim.play.folder import Contents, Place, record_of
from sim.play.identity import Identity
from sim.play.kept import write_record
from sim.play.storage import as_json as text_of
from sim.play.storage import finite
from sim.scenario.load import ScenarioFile

Files = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def read_all(data: Files, kind: str | None, begin: date | None = None, end: date | None = None,
             gaps: Gaps | None = None, by: str | None = None) -> AttackRecord:
    """Read one or several files as one record, given what the user says about the time recorded and the dates."""
    paths = [data] if isinstance(data, str | os.PathLike) else list(data)
    records = [read(path, kind, begin=begin, end=end) if len(paths) == 1 else read(path, kind) for path in paths]
    if len(paths) > 1 and (begin or end):
        order = sorted(range(len(paths)), key=lambda i: records[i].first_day)
        records[order[0]] = read(paths[order[0]], kind, begin=begin)
        records[order[-1]] = read(paths[order[-1]], kind, end=end)
    record = join(records)
    if record.guessed:
        first, last = day_of(record, record.begin), day_of(record, record.end - 1e-9)
        options = " and ".join(f"--{name}" for name in record.guessed)
        record = replace(record, notes=(
            f"the data do not say how long attacks were recorded: taken as from the first to the last, {first} to "
            f"{last}. Quiet time before or after them counts, so give {options} if it was longer", *record.notes))
    record = regular(record if gaps is None else mask(record, gaps), by)
    if not is_large(record):
        return record
    return replace(record, notes=(
        *record.notes, "the counts are so large that their likelihoods are approximated: means and variances are "
        "exact, counts are taken as negative binomial (docs/calibration.md)"))


def doubted(record: AttackRecord, regimes: Regimes | None, begin: date | None, end: date | None, gaps: Gaps | None,
            say: Callable[[str], None]) -> AttackRecord:
    """Return a record with a note of what is doubtful about it, unless the user has said which days were recorded."""
    quiet = None if gaps is not None else doubt(record, regimes, say, (begin is not None, end is not None))
    return record if quiet is None else replace(record, doubts=(quiet.warning(record),))


def regimes_of(regimes: str | os.PathLike[str] | None, file: ScenarioFile | None) -> Regimes | None:
    """Return the dated regimes of a file, or else of a scenario; None if neither is given."""
    if regimes is not None:
        return read_regimes(regimes)
    return None if file is None else Regimes.of(file.scenario)


def keep(
    place: Place, identity: Identity, of: Contents, write: Callable[[Path], None], draw: Callable[[Path], None] | None,
    say: Callable[[str], None],
) -> None:
    """Put results into their folder; if they are there already, only add missing figures."""
    if not place.is_complete:
        write(place.draft)
        write_record(place.draft / of.record, record_of(identity, of))
        if draw is not None:
            draw(place.draft)
        place.put()
        return
    say(f"{place.folder} has this {of.holds} already; it stays as it is.")
    if draw is not None and not place.has_figures:
        draw(place.draft)
        place.add()
        say("The figures are added.")


def json_text(report: dict[str, Any]) -> str:
    """Return a report as it is written and printed. Numbers that are not finite become null."""
    return text_of(finite(report))
