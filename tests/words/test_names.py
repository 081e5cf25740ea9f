"""The tables of names have everything that the schema and the rules have, in the same order, and nothing else."""

import pytest

from sim.rules import state as codes
from sim.scenario.names import COUPLINGS, MILESTONES, STATISTICS, TALK_STATES
from sim.scenario.schema import MILESTONES as ALLOWED
from sim.scenario.schema import Couplings


def test_every_coupling_of_the_schema_has_its_words() -> None:
    assert list(COUPLINGS) == list(Couplings.model_fields)


def test_every_milestone_of_the_schema_has_its_words() -> None:
    assert list(MILESTONES) == list(ALLOWED)
    assert len(MILESTONES) == codes.PHASE_MILESTONES


@pytest.mark.parametrize("milestone", MILESTONES)
def test_milestones_are_in_the_order_of_the_rules(milestone: str) -> None:
    assert [*MILESTONES].index(milestone) == getattr(codes, milestone.upper())


@pytest.mark.parametrize("state", TALK_STATES)
def test_talk_states_are_in_the_order_of_the_rules(state: str) -> None:
    assert [*TALK_STATES].index(state) == getattr(codes, {"none": "NO_TALKS"}.get(state, state.upper()))


def test_no_talk_state_of_the_rules_is_missing() -> None:
    assert len(TALK_STATES) == codes.TALK_STATES


@pytest.mark.parametrize("table", [COUPLINGS, MILESTONES, TALK_STATES], ids=["couplings", "milestones", "talks"])
def test_no_text_is_empty_and_no_label_is_used_twice(table: dict[str, tuple[str, ...]]) -> None:
    assert all(text.strip() for entry in table.values() for text in entry)
    assert len({entry[0] for entry in table.values()}) == len(table)


def test_statistics_are_called_by_their_quantiles() -> None:
    quantiles = {f"q{percent}": f"{percent} % quantile" for percent in (5, 25, 75, 95)}
    assert {"mean": "mean", "q50": "median"} | quantiles == STATISTICS
