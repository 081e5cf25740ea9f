"""Files that cannot be read at all are refused with one line each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load

MINIMAL = "start = 2024-02-12\nend = 2025-02-12\ntheatres.iraq.troops = 2500\n"


def refusal(path: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(str(path).replace("\0", "\\x00"))
    return problem.message


def test_no_such_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.toml") == "there is no such file"
    assert refusal(tmp_path / "no" / "folder.toml") == "there is no such file"


def test_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "is a folder; name a scenario file in it"


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(MINIMAL)
    assert refusal(tmp_path / "file" / "plan.toml") == "cannot be read: not a directory"


def test_a_link_that_leads_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    assert refusal(tmp_path / "loop.toml") == "cannot be read: too many levels of symbolic links"


def test_names_that_no_file_can_have() -> None:
    assert refusal("a\0b.toml") == "is not a possible file name"
    assert refusal("x" * 300) == "cannot be read: file name too long"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert refusal(tmp_path / "pipe.toml") == "is not an ordinary file; a scenario is read from a file on disk"
    assert refusal("/dev/zero") == "is not an ordinary file; a scenario is read from a file on disk"


READ_AS_NOBODY = """
import os, sys
os.chdir(sys.argv[1])
os.setgid(65534); os.setuid(65534)
from sim.scenario.errors import ScenarioError
try:
    load("secret.toml")
except ScenarioError as error:
    print(error)
"""


def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.toml"
    path.write_text(MINIMAL)
    path.chmod(0)
    if os.geteuid() != 0:
        assert refusal(path) == "cannot be read: you do not have permission"
        return
    # root may read everything, so another process gives up being root
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o111)
    done = subprocess.run([sys.executable, "-c", "from sim.scenario.load import load\n" + READ_AS_NOBODY, tmp_path],
                          capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": _sources()})
    assert done.stdout == "secret.toml: cannot be read: you do not have permission\n"


def _sources() -> str:
    return str(Path(__file__).parents[2])


def test_a_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    assert refusal(path) == "is too large; a scenario file has at most 1 MB"


def test_a_megabyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "comments.toml"
    path.write_text(MINIMAL + "#" * (1_000_000 - len(MINIMAL)))
    assert load(path).scenario.theatres["iraq"].troops == 2500
    path.write_text(path.read_text() + "#")
    assert refusal(path) == "is too large; a scenario file has at most 1 MB"


@pytest.mark.parametrize(("content", "message"), [
    (b"", "is empty; a scenario has at least start, end and a theatre"),
    (b"\n  \n# later\n", "is empty; a scenario has at least start, end and a theatre"),
    (b"\xff\xfe\x00\x01\x80garbage", "is not a text file (it contains NUL bytes); save it as plain text in UTF-8"),
    (MINIMAL.encode("utf-16"), "is not a text file (it contains NUL bytes); save it as plain text in UTF-8"),
    (b"\x89PNG\r\n\x1a\n\xde\xad", "is not a text file in UTF-8 (line 1); save it as plain text in UTF-8"),
    (MINIMAL.encode() + 'title = "Größe"\n'.encode("latin-1"),
     "is not a text file in UTF-8 (line 4); save it as plain text in UTF-8"),
])
def test_what_is_not_a_text(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "rubbish.toml"
    path.write_bytes(content)
    assert refusal(path) == message


def test_a_file_that_vanishes_below_another(tmp_path: Path) -> None:
    path = tmp_path / "top.toml"
    path.write_text("title = 'x'\nextends = 'base.toml'\n")
    (tmp_path / "base.toml").write_text(MINIMAL)
    assert load(path).scenario.title == "x"
    (tmp_path / "base.toml").unlink()
    assert refusal(path) == f"{tmp_path}/base.toml: there is no such file"


@pytest.mark.parametrize("text", [
    "[" * 100_000,
    "x = " + "[" * 100_000,
    "x = " + "{a=" * 100_000,
    "a." * 300_000 + "a = 1",
    "x = '''" + "'\"[" * 100_000,
    'x = """' + '\\"""' * 100_000,
    "[a]\n" * 100_000,
])
def test_hostile_texts_are_refused_with_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.toml"
    path.write_text(text)
    assert refusal(path).startswith(("tables or lists are nested too deeply", "is not valid TOML"))


def test_a_source_key_of_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "parts.toml"
    path.write_text(f'{MINIMAL}[sources]\n"{"a." * 200_000}a" = "article: x"\n')
    assert refusal(path) == "there is no such key; a key is written like attacks.elasticity"
