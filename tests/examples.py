"""How many examples Hypothesis tries: a few, and in a test of its own that is left out unless asked for, many."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy


def few_and_many(few: int, many: int, *strategies: SearchStrategy[Any], **named: SearchStrategy[Any]) -> Callable[
        [Callable[..., None]], Callable[[int], None]]:
    """Make two tests of one that takes examples; both always try the same ones.

    Parameters
    ----------
    few, many
        Examples of the quick test, and of the exhaustive one.
    strategies, named
        As of `hypothesis.given`.
    """

    def decorate(test: Callable[..., None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.exhaustive)])
        def tried(examples: int) -> None:
            settings(max_examples=examples, derandomize=True)(given(*strategies, **named)(test))()

        tried.__doc__ = test.__doc__
        return tried

    return decorate
