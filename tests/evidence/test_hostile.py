"""Data files, seeds and folders as nobody should have them: told in words, in bounded time, or borne."""

import numpy as np
import pytest

from sim.evidence.errors import DataError
from sim.evidence.fit import _words
from sim.evidence.layouts import MOST_PLACES
from sim.evidence.read import read

WIDE = 40_000


def wide(folder, head, cells, column="c{}"):
    titles = ",".join([*head, *(column.format(i) for i in range(WIDE))])
    rows = "\n".join(",".join([*row, *["1"] * WIDE]) for row in cells)
    path = folder / "wide.csv"
    path.write_text(f"{titles}\n{rows}\n", encoding="utf-8")
    return path


def test_a_header_of_very_many_columns_is_named_in_part(tmp_path):
    with pytest.raises(DataError) as caught:
        read(wide(tmp_path, ["date"], [["2024-01-01"]]))
    message = str(caught.value)
    assert "the columns are date, c0, c1, " in message
    assert "c18 and 39,981 more; " in message
    assert len(message) < 1000


def test_columns_named_twice_are_found_in_a_wide_header(tmp_path):
    with pytest.raises(DataError, match="row 1: columns are named twice: c; each"):
        read(wide(tmp_path, ["date"], [["2024-01-01"]], column="c"))


@pytest.mark.parametrize(("head", "cells"), [
    (["date", "count"], [["2024-01-01", "1"], ["2024-01-08", "2"]]),
    (["from", "to", "count"], [["2024-01-01", "2024-01-07", "1"], ["2024-01-08", "2024-01-14", "2"]])])
def test_more_columns_than_places_are_not_told_apart(tmp_path, head, cells):
    record = read(wide(tmp_path, head, cells))
    assert record.counts.tolist() == [1, 2]
    assert record.places == {}
    assert any(note.endswith(f": 40,000 columns seem to be places; they are not distinguished, since there are more "
                             f"than {MOST_PLACES}") for note in record.notes)


def test_a_seed_of_64_bits_is_one_for_the_older_generator_too():
    """Those below 2**32 are what they were."""
    def first(seed):
        return np.random.RandomState(_words(seed)).random_sample(2).tolist()

    assert first(7) == np.random.RandomState(7).random_sample(2).tolist()
    assert first(2**32 - 1) == np.random.RandomState(2**32 - 1).random_sample(2).tolist()
    seeds = (0, 1, 2**32, 2**32 + 1, 2**33, 2**63 - 1)
    assert len({tuple(first(seed)) for seed in seeds}) == len(seeds)
