"""What the sides of a scenario are called: the table `[names]`, and how its words get into the texts of the model.

The model's texts have places for names: ``{force} strikes``. Tables, stories and figures fill them with the words of
the scenario, so that a mission in Mali reads ``French strikes``. A scenario without names reads ``strikes``.
"""

import re

from sim.scenario.fields import Table, entry
from sim.scenario.harmless import printable

LONGEST = 40


class Names(Table):
    """What the sides are called in texts, tables and figures."""

    adversary: str = entry(
        "armed groups", 'Who attacks the troops, as in "attacks by armed groups".', min_length=1, max_length=LONGEST)
    threat: str = entry(
        "", 'Whose resurgence is feared: the word before "threat" and "resurgence", such as ISIS. No word if left out.',
        max_length=LONGEST)
    force: str = entry(
        "", 'Whose troops leave: the word before "troops" and "strikes", such as US or French. No word if left out.',
        max_length=LONGEST)
    host: str = entry(
        "host nation's", 'Whose forces are advised: the word before "forces" and "government", such as Iraqi.',
        min_length=1, max_length=LONGEST)


NEUTRAL = Names()
"""The names of a scenario that gives none."""


def called(text: str, names: Names = NEUTRAL) -> str:
    """Put names into a text of the model; where there is no name, the text does without."""
    if "{" not in text:
        return text
    for key in Names.model_fields:
        text = text.replace(f"{{{key}}}", " ".join(printable(getattr(names, key)).split()))
    return re.sub(" {2,}", " ", text).strip()


def called_first(text: str, names: Names = NEUTRAL) -> str:
    """Do the same for a label or a full sentence, which begins with a capital."""
    text = called(text, names)
    return text[:1].upper() + text[1:]
