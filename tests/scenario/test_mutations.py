"""Whatever is done to a valid file or an override, the answer is a scenario or a list of problems, nothing else."""

import unicodedata
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.harmless import OBEYED
from sim.scenario.keys import dotted, values
from sim.scenario.load import load
from sim.scenario.resolve import resolve_text

VALID = Path(__file__).parents[1] / "valid"
TEXTS = [(VALID / f"{name}.toml").read_text().replace('extends = "', f'extends = "{VALID}/')
         for name in ("whole", "uncertain", "layered", "surge_then_leave", "odd_spelling")]
KEYS = [dotted(path) for path, _ in values(load(VALID / "uncertain.toml").scenario)]
PLAUSIBLE = [
    "0", "-1", "1e308", "nan", "-inf", "9" * 400, "0xffffffffffffffffff", "true", '""', "'text'", '"phases.rest"',
    '"demand"', '"iraq"', "0.5", "0001-01-01", "2025-01-01", "9999-12-31", "07:30:00", "2024-02-12T00:00:00Z", "[]",
    "{}", "[[1], 2]", '["west"]', '{ dist = "uniform", low = 0, high = 1 }', '{ dist = "normal" }', "{ remove = true }",
    '{ dist = "discrete", values = [1e300, -1e300] }',
]
RUBBISH = ["", "2024-02-30", "\x00", "é", "\\", '"""', "[", "}", "=", "#",
           "extends = 'mutant.toml'", "[joint.x]", "[sources]"]


def mutate(text: str, random: Random) -> str:
    lines = text.split("\n")
    i, j = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(9):
        case 0:
            del lines[i]
        case 1:
            lines.insert(i, lines[j])
        case 2:
            lines[i], lines[j] = lines[j], lines[i]
        case 3:
            lines.insert(i, random.choice(RUBBISH))
        case 4:
            at = random.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:at] + random.choice("[]{}=.,\"'#\n\\_-0z é") + lines[i][at + random.randrange(2):]
        case _:
            key, equals, _ = lines[i].partition("=")
            lines[i] = f"{key}= {random.choice(PLAUSIBLE)}" if equals else lines[i]
    return "\n".join(lines)


def is_harmless(text: str) -> bool:
    """Whether a text is one line that a terminal shows and does not obey; it may have characters not yet assigned."""
    return not any(unicodedata.category(c) in OBEYED for c in text)


def check_problems(problems: tuple[Problem, ...], lines: int = 0) -> None:
    assert problems
    for problem in problems:
        assert problem.line is None or 1 <= problem.line <= lines or not problem.file.endswith("mutant.toml")
        assert problem.message
        assert is_harmless(str(problem))
        assert "pydantic" not in str(problem)
        assert "Input should" not in str(problem)
    assert len(set(problems)) == len(problems)


FOLDER = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FOLDER
@given(st.sampled_from(TEXTS), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_mutated_file_is_a_scenario_or_a_list_of_problems(
        tmp_path: Path, text: str, times: int, random: Random) -> None:
    for _ in range(times):
        text = mutate(text, random)
    path = tmp_path / "mutant.toml"
    path.write_bytes(text.encode())
    try:
        loaded = load(path)
    except ScenarioError as error:
        check_problems(error.problems, text.count("\n") + 1)
    else:
        (tmp_path / "again.toml").write_text(resolve_text(loaded))
        assert load(tmp_path / "again.toml").scenario == loaded.scenario


TABLES = sorted({key.rpartition(".")[0] for key in KEYS} - {""})
OVERRIDES = st.one_of(
    st.text(max_size=30),
    st.builds("{}={}".format, st.sampled_from(KEYS + TABLES),
              st.sampled_from(PLAUSIBLE + RUBBISH) | st.text(max_size=10)),
    st.builds("{}.{}={}".format, st.sampled_from(KEYS + TABLES), st.text(max_size=5) | st.just("remove"),
              st.sampled_from(PLAUSIBLE + RUBBISH)),
    st.builds("{}={}".format, st.sampled_from(KEYS), st.floats() | st.integers() | st.dates()),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(OVERRIDES, min_size=1, max_size=3))
def test_any_override_makes_a_scenario_or_a_list_of_problems(overrides: list[str]) -> None:
    try:
        loaded = load(VALID / "uncertain.toml", overrides)
    except ScenarioError as error:
        check_problems(error.problems)
    else:
        assert len(loaded.changes) == len(overrides)
        assert all(is_harmless(str(change)) for change in loaded.changes)
