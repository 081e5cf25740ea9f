"""What becomes of a mutant: it is refused in words, or loads and plays alike on both clocks. All else is a finding."""

import random
import shutil
import signal
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clocks.both import compare

from sim.estimate.targets import targets_of
from sim.evidence.drawdowns import episodes
from sim.evidence.errors import DataError
from sim.evidence.happened import happened
from sim.evidence.read import read
from sim.evidence.stretches import read_regimes
from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.play.errors import TooLarge, Unplayable
from sim.play.histogram import most_bytes
from sim.play.identity import identity
from sim.play.room import require_memory
from sim.play.undisturbed import undisturbed
from sim.scenario.errors import ScenarioError
from sim.scenario.load import from_dict, load
from sim.scenario.resolve import as_data, resolve_text
from sim.scenario.shipped import HISTORY
from sim.study.cases import cast_of
from sim.study.errors import StudyError
from sim.study.file import read_study
from sim.study.store import identity as study_identity

from .mutate import mutant

ROOT = Path(__file__).parents[2]
SEEDS = Path(__file__).parent / "seeds"
REFUSALS = (ScenarioError, DataError, StudyError, TooLarge, Unplayable)
SECONDS = 2.0
"""Of processor time in which a file has to be judged."""
BUDGET, REPLICATIONS, PLAYED = 2_000, 2, 0.5
"""Events and replications that are played of a mutant that loads, and which share of these are played."""
MOST_TRIES = 300
"""Of making a mutant that shows something smaller."""


class Slow(BaseException):
    """A mutant took too long; no error, so that nothing catches it."""


@dataclass(frozen=True)
class Finding:
    """A mutant that brought about something else than a refusal."""

    kind: str
    number: int
    what: str
    trace: str
    text: bytes


@dataclass
class Tally:
    """What became of mutants, by kind of file and end: refused, loaded, played."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.ends + other.ends, self.findings + other.findings)


class Bench:
    """A folder with seeds, in which mutants are judged.

    Parameters
    ----------
    folder
        Where they are written, one after the other.
    limit
        Seconds of processor time that a mutant may take; None for as long as it likes.
    """

    def __init__(self, folder: Path, limit: float | None = SECONDS) -> None:
        self.folder, self.limit = folder, limit
        for path in (*SEEDS.iterdir(), *ROOT.glob("scenarios/*.toml")):
            shutil.copy(path, folder)
        for path in ROOT.glob("notebooks/*.toml"):
            text = path.read_text(encoding="utf-8").replace("../scenarios/", "")
            (folder / path.name).write_text(text, encoding="utf-8")
        small = [(folder / path.name).read_bytes() for path in sorted(SEEDS.glob("*.toml")) if path.stem != "study"]
        invalid = [path.read_bytes() for path in sorted(ROOT.glob("tests/invalid/*.toml"))]
        shipped = [path.read_bytes() for path in sorted(ROOT.glob("scenarios/*.toml")) if path.stem != "baseline"]
        studies = [(folder / "study.toml").read_bytes()] * 9 + [
            (folder / path.name).read_bytes() for path in sorted(ROOT.glob("notebooks/*.toml"))]
        data = [path.read_bytes() for path in sorted(SEEDS.glob("*.csv"))] + [
            path.read_bytes()[:4000] for path in sorted(ROOT.glob("sim/evidence/data/*.csv"))]
        self.kinds: dict[str, tuple[list[bytes], Callable[[random.Random, bytes], str]]] = {
            "scenario": (small * 12 + invalid + shipped, self._scenario),
            "override": (OVERRIDES, self._override),
            "study": (studies, self._study),
            "data": (data, self._data),
            "regimes": ([*small, *shipped], self._regimes),
            "came": ([path.read_bytes() for path in sorted(HISTORY.folder.glob("*.csv"))], self._came),
        }
        self.past, self.record = load(HISTORY.find("france_mali_2022")), episodes()

        compare(set_up(load(folder / "mini.toml").scenario), 1, 0)  # the rules are compiled

    def judge(self, seed: int, first: int, mutants: int) -> Tally:
        """Judge the mutants with numbers from ``first`` on."""
        tally = Tally()
        for n in range(first, first + mutants):
            chance = random.Random(f"{seed}, {n}")
            kind = chance.choices(tuple(self.kinds), WEIGHTS)[0]
            seeds, _ = self.kinds[kind]
            text = mutant(chance, seeds)
            state = chance.getstate()
            end, found = self.end(kind, chance, text)
            if found is None:
                tally.ends[kind, end] += 1
                continue
            what, trace = found
            chance.setstate(state)
            tally.ends[kind, "found"] += 1
            tally.findings.append(Finding(kind, n, what, trace, self._least(kind, state, text, what)))
        return tally

    def end(self, kind: str, chance: random.Random, text: bytes) -> tuple[str, tuple[str, str] | None]:
        """Judge one text; return how it ended, or what was found and how it came about."""
        try:
            with _within(self.limit):
                return self.kinds[kind][1](chance, text), None
        except REFUSALS as error:
            said = str(error)
            if not said or "Traceback" in said:
                return "", ("refused without words", said)
            return "refused", None
        except Slow:
            return "", (f"more than {self.limit:g} s of processor time", traceback.format_exc())
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            return "", (f"{type(error).__name__} in {Path(frame.filename).name}, {frame.name}", traceback.format_exc())

    def _written(self, text: bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(text)
        return path

    def _scenario(self, chance: random.Random, text: bytes) -> str:
        file = load(self._written(text, "mutant.toml"))
        again = from_dict(tomllib.loads(resolve_text(file)), file.name)
        assert as_data(again.scenario) == as_data(file.scenario), "what resolve prints is another scenario"
        identity(file, 1)
        model = set_up(file.scenario)
        require_memory(most_bytes(model), lambda line: None)
        targets_of(file, [], expand(model))
        if chance.random() > PLAYED:
            return "loaded"
        undisturbed(model)
        found = compare(model, 1, 0, REPLICATIONS, BUDGET)
        assert not found.differences, "the clocks differ: " + found.differences[0]
        return "played"

    def _override(self, chance: random.Random, text: bytes) -> str:
        lines = text.decode("utf-8", "surrogateescape").splitlines()
        for change in load(self.folder / "joint.toml", lines[:3]).changes:
            str(change)
        return "loaded"

    def _study(self, chance: random.Random, text: bytes) -> str:
        study = read_study(self._written(text, "mutant_study.toml"))
        if len(study.policies) < 50:
            cast_of(study)
        study_identity(study)
        return "loaded"

    def _data(self, chance: random.Random, text: bytes) -> str:
        read(self._written(text, "mutant.csv"), chance.choice((None, None, "events", "counts", "cumulative")))
        return "loaded"

    def _regimes(self, chance: random.Random, text: bytes) -> str:
        read_regimes(self._written(text, "mutant.toml"))
        return "loaded"

    def _came(self, chance: random.Random, text: bytes) -> str:
        happened(self._written(text, "mutant.csv"), self.past, self.record)
        return "loaded"

    def _least(self, kind: str, state: Any, text: bytes, what: str) -> bytes:
        """Take out of a text what is not needed for a finding: lines, then pieces of lines."""

        def shows_it(fewer: bytes) -> bool:
            chance = random.Random()
            chance.setstate(state)
            found = self.end(kind, chance, fewer)[1]
            return found is not None and found[0] == what

        return _least_pieces(_least_pieces(text.splitlines(keepends=True), shows_it), shows_it)


def _least_pieces(pieces: Sequence[Any], shows_it: Callable[[bytes], bool]) -> bytes:
    """Take out ever smaller runs of pieces, lines or single bytes, that are not needed."""
    left = [bytes([piece]) if isinstance(piece, int) else piece for piece in pieces]
    size, tries = max(1, len(left) // 2), 0
    while size:
        at = 0
        while at < len(left) and tries < MOST_TRIES:
            tries += 1
            fewer = left[:at] + left[at + size :]
            if shows_it(b"".join(fewer)):
                left = fewer
            else:
                at += size
        size //= 2
    return b"".join(left)


WEIGHTS = (24, 6, 1, 8, 1, 2)
"""How often each kind of file is changed; reading a study takes as long as all of its scenarios."""
OVERRIDES = [b"attacks.elasticity=0.3\n", b"theatres.iraq.troops=100\nphases.out.target=50\n", b"start=2024-03-01\n",
             b'theatres."iraq".sites.base={weight=1}\n', b"title=A b c\n",
             b"joint.fit.remove=true\nattacks.decay_days=2\n",
             b'theatres.iraq.attacks_per_day={dist="uniform",low=0.1,high=0.3}\n', b"tension.remove=true\n",
             b"sources.attacks=assumed: a\n", b"phases.out.sites=[\"base\"]\nphases.out.per_week=10\n"]


@contextmanager
def _within(limit: float | None) -> Iterator[None]:
    """Stop what takes more processor time than it may."""
    if limit is None:
        yield
        return

    def stop(signum: int, frame: object) -> None:
        raise Slow

    former = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def limit_memory(gigabytes: float) -> None:
    """Let this process take no more memory than that: a mutant that wants more is a finding."""
    import resource

    most = int(gigabytes * 1e9)
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
