"""Some hundred mutants with a fixed seed; `python benchmarks/fuzz.py` judges as many as one likes."""

import random

import pytest

from .judge import Bench
from .mutate import MUTATIONS, mutant

MUTANTS = 600


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("fuzz"), limit=None)


def test_mutants_are_refused_in_words_or_play_alike_on_both_clocks(bench):
    tally = bench.judge(seed=20240212, first=0, mutants=MUTANTS)
    assert [(finding.what, finding.text) for finding in tally.findings] == []
    assert tally.ends.total() == MUTANTS
    assert {(kind, end) for kind, end in tally.ends} >= {
        *((kind, end) for kind in bench.kinds for end in ("refused", "loaded")), ("scenario", "played")}


def test_the_same_seed_and_number_make_the_same_mutant(bench):
    seeds, _ = bench.kinds["scenario"]
    made = [mutant(random.Random(f"7, {n}"), seeds) for n in range(50)]
    assert made == [mutant(random.Random(f"7, {n}"), seeds) for n in range(50)]
    assert len(set(made)) > 45


def test_every_mutation_changes_something(bench):
    for mutation in MUTATIONS:
        changed = {mutation(random.Random(n), seed, seeds) != seed for n in range(20)
                   for seeds, _ in bench.kinds.values() for seed in seeds[:3]}
        assert True in changed, mutation.__name__


def test_what_is_no_refusal_is_found_and_made_small(bench, monkeypatch):
    """A reader that fails on a word stands for a fault of the program."""
    def fails(chance, text):
        if b"troops" in text:
            raise KeyError("troops")
        return "loaded"

    monkeypatch.setitem(bench.kinds, "scenario", (bench.kinds["scenario"][0], fails))
    tally = bench.judge(seed=1, first=0, mutants=30)
    assert tally.findings
    for finding in tally.findings:
        assert (finding.kind, finding.text) == ("scenario", b"troops")
        assert finding.what.startswith("KeyError in test_fuzz.py, fails")
        assert "raise KeyError" in finding.trace
