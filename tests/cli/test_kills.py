"""Commands stopped at some of the steps of finishing; `python tests/kills.py` tries all of them."""

import os
import signal

import pytest
from kills import CASES, check

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


NAMES = ("run", "run_more", "compare_more", "study_other", "optimise", "calibrate_other")
QUICK = {("run_more", signal.SIGKILL), ("compare_more", signal.SIGINT)}


@pytest.mark.parametrize(("name", "number"), [
    pytest.param(name, number, marks=() if (name, number) in QUICK else pytest.mark.exhaustive)
    for name in NAMES for number in (signal.SIGKILL, signal.SIGINT)])
def test_whatever_a_stop_leaves_the_same_command_again_ends_alike(name, number):
    late = name in ("run", "study_other")
    assert check(name, lambda taken: [taken // 2, taken - 12] if late else [taken - 6], (number,)) == 1 + late


def test_every_command_that_writes_results_is_among_the_cases():
    assert {case.command[0] for case in CASES.values()} == {
        "run", "compare", "study", "robust", "optimise", "calibrate", "backtest", "hindcast"}
