"""A page with nothing to see: the worlds of scenarios, and the script of the living page."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.report.controls import controls_of
from sim.report.html import packed
from sim.report.relations import relations_of
from sim.report.text import text_of
from sim.report.world import World
from sim.scenario.load import ScenarioFile


def bare_page(folder: Path, seed: int, *scenarios: ScenarioFile) -> Path:
    """Write a page in which scenarios can be played, without an article."""
    worlds = [World(set_up(file.scenario), seed) for file in scenarios]
    document = {"scenarios": [_scenario(file, world, f"world-{i}")
                              for i, (file, world) in enumerate(zip(scenarios, worlds, strict=True))]}
    program = files("sim.clocks").joinpath("programs", "rules.wasm").read_bytes()
    page = files("sim.report").joinpath("page")
    parts = {
        "document": packed(json.dumps(document).encode()), "program": packed(program),
        "worker": page.joinpath("worker.js").read_text(encoding="utf-8"),
        **{f"world-{i}": world.packed() for i, world in enumerate(worlds)}}
    elements = "".join(f'<script type="text/plain" id="{name}">{text}</script>' for name, text in parts.items())
    script = page.joinpath("page.js").read_text(encoding="utf-8")
    path = folder / "bare.html"
    path.write_text(f'<!doctype html><meta charset="utf-8"><title>Bare</title>{elements}<script>{script}</script>',
                    encoding="utf-8")
    return path


def _scenario(file: ScenarioFile, world: World, name: str) -> dict[str, Any]:
    controls = controls_of(file, world)
    keys = {control["key"] for control in controls}
    return {"name": file.name, "start": file.scenario.start.isoformat(), "world": name, "controls": controls,
            "drawn": [], "cast": [],
            "outcomes": [{"name": outcome} for outcome in expand(world.model).names],
            "relations": relations_of(file.scenario, keys), "toml": {"file": file.name} | text_of(file, keys)}
