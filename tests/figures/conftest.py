"""Results to draw."""

from collections.abc import Callable

import pytest

from sim.play.result import Result

from .drawn import played


@pytest.fixture
def result_of() -> Callable[[str], Result]:
    return played


@pytest.fixture
def rich() -> Result:
    return played("rich")
