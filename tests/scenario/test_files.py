"""What is called after a file, and what is read of one."""

import os

import pytest

from sim.scenario.files import read_at_once, stem


@pytest.mark.parametrize(("path", "name"), [
    ("plans/gradual.toml", "gradual"), ("a.b.toml", "a.b"), ("gradual", "gradual"), (".toml", ".toml"),
    ("...toml", "...toml"), ("..toml", "..toml"), (b"caf\xe9.toml", "caf%E9"), ("café.toml", "café"),
    (b"\xff\xfe", "%FF%FE"), ("مرحبا.toml", "مرحبا")])
def test_a_file_gives_its_name(path, name):
    assert stem(path) == name
    name.encode()  # what is not UTF-8 is written so that it is


def test_a_file_is_read_up_to_a_limit(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert read_at_once(tmp_path / "a", 10) == b"x" * 10
    assert read_at_once(tmp_path / "a", 1000) == b"x" * 100


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_nothing_is_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert read_at_once(tmp_path / "pipe", 10) == b""  # nobody writes
