"""Files that the program writes and reads again. Each has a checksum, so that no damage is taken for results.

A *record* (run.json, study.json, begun.json) is JSON that says what results belong to. It holds a checksum of its own
values, under ``check``, and the checksums of the files beside it that are read again, under ``files``. The first line
of a *sealed* file is a checksum of the rest and a word about it.
"""

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.play.errors import Damaged
from sim.play.files import as_json, sum_of, write_whole

CHECK, FILES = "check", "files"


class ResultsRecord(BaseModel):
    """What every record says. Each kind of record says more."""

    model_config = ConfigDict(strict=True)

    seed: int
    rules: str
    files: dict[str, str] = {}


Kind = TypeVar("Kind", bound=BaseModel)


def write_record(path: Path, data: dict[str, Any]) -> None:
    """Write a record with its checksum."""
    plain = json.loads(json.dumps(data, allow_nan=False))  # as it will be read
    write_whole(path, as_json(plain | {CHECK: check_of(plain)}))


def read_record(path: Path) -> dict[str, Any]:
    """Read a record.

    Raises
    ------
    Damaged
        If it is not as `write_record` wrote it.
    FileNotFoundError
        If there is none.
    """
    try:
        data = json.loads(_content(path))
        if isinstance(data, dict) and data.pop(CHECK) == check_of(data):
            return data
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise Damaged(path, error) from None
    except (ValueError, KeyError, RecursionError):
        pass
    raise Damaged(path)


def as_kind(data: dict[str, Any], kind: type[Kind], path: Path) -> Kind:
    """Return the contents of a record as a model; raises `Damaged` if they do not fit it."""
    try:
        return kind.model_validate(data)
    except ValidationError:
        raise Damaged(path) from None


def check_of(data: Any) -> str:
    """Return the checksum of plain data. It depends on the values, not on how they are written."""
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def check_files(folder: Path, record: ResultsRecord, *names: str) -> None:
    """Make sure that files beside a record have not changed since it was written; raises `Damaged` otherwise."""
    for name in names:
        if name not in record.files or sum_of(folder / name) != record.files[name]:
            raise Damaged(folder / name)


def write_sealed(path: Path, word: str, content: bytes | memoryview) -> None:
    """Write a sealed file. It replaces an older one only when it has reached the disk completely."""
    draft = path.with_name(f"new.{path.name}")
    with draft.open("wb") as file:
        file.write(f"{_seal(word, content)} {word}\n".encode())
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_sealed(path: Path) -> memoryview:
    """Return the contents of a sealed file; raises the same errors as `read_record`."""
    try:
        content = memoryview(_content(path))
        first = _first_line(path)
        rest = content[len(first) :]
        seal, _, word = first.decode().rstrip("\n").partition(" ")
        if seal == _seal(word, rest):
            return rest
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Damaged(path, error) from None
    except ValueError:
        pass
    raise Damaged(path)


def word_of(path: Path) -> str:
    """Return the word in the first line of a sealed file, without checking the file; empty if there is none."""
    try:
        return _first_line(path).decode().rstrip("\n").partition(" ")[2]
    except (OSError, ValueError):
        return ""


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe or a device might never end
        raise Damaged(path)
    return path.read_bytes()


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(1000)


def _seal(word: str, content: bytes | memoryview) -> str:
    digest = sha256(f"{word}\n".encode())
    digest.update(content)
    return digest.hexdigest()
