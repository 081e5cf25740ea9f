"""The packed world of a scenario, played by the WebAssembly program as the page does it."""

import base64
import json
import zlib
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.clocks.compiled import CompiledClock
from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.play.player import places_of
from sim.report.world import World
from sim.scenario.load import from_dict, load

wasmtime = pytest.importorskip("wasmtime")
web = pytest.importorskip("tests.clocks.web")
PAGE = 1 << 16
SEED = 5


def played(packed: str, first: int, replications: int) -> np.ndarray:
    """Play a packed world, knowing nothing but its header."""
    content = zlib.decompress(base64.b64decode(packed))
    line, _, rest = content.partition(b"\n")
    header: dict[str, Any] = json.loads(line)
    engine, module = web.module()
    store = wasmtime.Store(engine)
    results = np.zeros((replications, len(header["outcomes"])))
    pages = -(-(header["end"] + results.nbytes) // PAGE)
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(pages, None)))
    play: Any = wasmtime.Instance(store, module, [memory]).exports(store)["play"]
    for address, length in header["parts"]:
        memory.write(store, rest[:length], address)
        rest = rest[length:]
    words, begin, done = list(header["words"]), header["begin"], 0
    while done < replications:
        left = results[done:]
        words[header["first"]] = first + done
        for name, array in (("results", (header["end"], *left.shape)), ("log", (header["end"], 0))):
            words[header[name] : header[name] + len(array)] = array
        assert play(store, begin, *words) == 0
        more, out_of_budget, _ = np.frombuffer(memory.read(store, begin, begin + 24), np.int64)
        assert not out_of_budget
        left[:more] = np.frombuffer(memory.read(store, header["end"], header["end"] + left[:more].nbytes)).reshape(
            more, -1)
        done += int(more)
    return results


@pytest.mark.parametrize("name", ["gradual", "announced_2024", "truce"])
def test_a_packed_world_gives_the_bits_of_the_clock(name: str) -> None:
    if not web.is_fresh():
        pytest.skip("the WebAssembly module was made from other sources")
    model = set_up(load(name).scenario)
    packed = World(model, SEED).packed()
    assert len(packed) < 200_000
    clock, expected = CompiledClock(model, SEED, places_of(expand(model))), np.zeros((30, len(expand(model).names)))
    done = 0
    while done < 30:
        done += clock.play(11 + done, expected[done:])[0]
    assert played(packed, 11, 30).tobytes() == expected.tobytes()


def test_large_scenarios_have_worlds_too() -> None:
    tables = {"start": date(2024, 1, 1), "end": date(2024, 3, 1),
              "theatres": {f"t{i}": {"troops": 10} for i in range(64)}}
    packed = World(set_up(from_dict(tables).scenario), SEED).packed()
    assert len(packed) < 200_000
    assert played(packed, 0, 1).shape[0] == 1
