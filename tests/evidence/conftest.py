from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.evidence.errors import DataError
from sim.evidence.read import read
from sim.evidence.record import AttackRecord


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AttackRecord]:
    """Write a text to ``a.csv`` and read it as attack data."""
    monkeypatch.chdir(tmp_path)

    def write_and_read(text: str | bytes, kind: str | None = None, **window: Any) -> AttackRecord:
        Path("a.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read("a.csv", kind, **window)

    return write_and_read


@pytest.fixture
def problems(record: Callable[..., AttackRecord]) -> Callable[..., list[str]]:
    """Return what is wrong with a text."""

    def write_and_fail(text: str | bytes, kind: str | None = None, **window: Any) -> list[str]:
        with pytest.raises(DataError) as caught:
            record(text, kind, **window)
        assert str(caught.value) == "\n".join(caught.value.problems)
        return list(caught.value.problems)

    return write_and_fail
