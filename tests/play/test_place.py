"""Whether results can be written is checked before anything is played."""

import os
from pathlib import Path

import pytest

from sim.play.errors import FolderError
from sim.play.place import require_place


def refusal(path):
    with pytest.raises(FolderError) as caught:
        require_place(Path(path))
    return str(caught.value)


def test_what_can_be_written_is_not_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path, "new", "a/b/c", "x" * 215, f"{'x' * 255}/a", "/".join("a" * 300)):
        require_place(Path(path))
    require_place(Path(os.fsdecode(b"caf\xe9")))
    assert list(tmp_path.iterdir()) == []


def test_names_that_are_too_long_or_impossible(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = "has too long a name; the last part may have 215 bytes, others 255, so choose another --out"
    assert refusal("x" * 216) == f"{'x' * 120}... {said}"
    assert refusal(f"{'x' * 256}/a").endswith(said)
    assert refusal("é" * 108) == f"{'é' * 108} {said}"  # bytes count, not letters
    assert refusal("/".join("a" * 2000)).endswith("... is too deep inside other folders; choose another --out")
    assert refusal(f"{'x' * 200}/" * 20).endswith("... is too deep inside other folders; choose another --out")
    assert refusal("a\0b") == "a\\x00b is not a possible name; choose another --out"


def test_places_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    assert refusal(tmp_path / "file" / "a") == f"{tmp_path}/file/a cannot be written: {tmp_path}/file is not a folder"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_places_where_one_may_not_write(tmp_path):
    (tmp_path / "mine").mkdir(0o500)
    assert refusal(tmp_path / "mine" / "a") == (
        f"{tmp_path}/mine/a cannot be written: you do not have permission to write into {tmp_path}/mine; choose "
        "another --out")
