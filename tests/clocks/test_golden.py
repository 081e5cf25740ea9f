"""Raw bits of a few futures, as kept."""

import json

from golden import FILE, played


def test_outcomes_have_the_bits_that_were_kept() -> None:
    """If a rule was changed on purpose: python tests/golden.py."""
    assert played() == json.loads(FILE.read_text(encoding="utf-8"))
