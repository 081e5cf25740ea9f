"""An article as one HTML file: nothing in it comes from anywhere else, and nothing in a scenario is taken for markup.

Jinja2 escapes every text. The data stand in a script element, deflated and in base64. A policy in the page forbids
every script and style but those whose hashes it lists, and every connection.
"""

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from sim.play.folder import PROGRAM
from sim.report.article import Article
from sim.report.document import Data, document
from sim.words.phrases import date_text

TEMPLATE, SCRIPT, WORKER, STYLE = "report.html.j2", "page.js", "worker.js", "page.css"
OCTETS = "application/octet-stream"
GENERATOR = f"{PROGRAM} report"
"""The first words of what the page says about the program that made it: how such a file is recognised."""
ENDS_SCRIPT = re.compile(r"<(/script|!--)", re.IGNORECASE)
"""What HTML takes for the end, or another state, of a script element."""


class Part(NamedTuple):
    """Data in a script element that is not run."""

    id: str
    type: str
    text: Markup


class File(NamedTuple):
    """A file to download: its name, and a link that holds it."""

    name: str
    href: str


def html(article: Article) -> str:
    """Return an article as the text of an HTML file."""
    data = document(article)
    script, style = _in_script(_shipped(SCRIPT)), _in_style(_shipped(STYLE))
    parts = [Part("document", OCTETS, Markup(packed(as_json(data)))), *_programs(article, data)]
    return _environment().get_template(TEMPLATE).render(
        article=article, policy=policy([script], [style]), generator=f"{GENERATOR} {version(PROGRAM)}", style=style,
        script=script, parts=parts, files=_downloads(data))


def _programs(article: Article, data: Data) -> Iterator[Part]:
    """Yield what it takes to play: the program, the worker that plays it, and the memory of each scenario."""
    worlds = [(scene.world, told) for scene, told in zip(article.scenes, data["scenarios"], strict=True)]
    if worlds:
        yield Part("worker", "text/plain", _in_script(_shipped(WORKER)))
        yield Part("program", OCTETS, Markup(_program()))
    for world, told in worlds:
        yield Part(told["world"], OCTETS, Markup(world.packed()))


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Return the page's Content-Security-Policy, given the scripts and style sheets that it may use."""
    return "; ".join([
        "default-src 'none'", f"script-src {_hashes(scripts)} 'wasm-unsafe-eval'", "worker-src blob:",
        f"style-src {_hashes(styles)}", "style-src-attr 'unsafe-inline'", "img-src data: blob:", "connect-src 'none'",
        "base-uri 'none'", "form-action 'none'"])


def as_json(data: Any) -> bytes:
    """Return data as JSON."""
    return _whole(json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))).encode()


def packed(content: bytes) -> str:
    """Return bytes deflated, in base64: what the page inflates again."""
    return b64encode(zlib.compress(content, 9)).decode()


def _whole(text: str) -> str:
    """Return a text that can be written as UTF-8: what stands for an undecodable byte of a file name is replaced."""
    return text.encode("utf-8", "replace").decode()


def _downloads(data: Data) -> list[File]:
    """Return the scenarios as files."""
    return [File(scenario["toml"]["file"], "data:application/toml;charset=utf-8;base64,"
                 + b64encode(_whole(scenario["toml"]["text"]).encode()).decode()) for scenario in data["scenarios"]]


def _hashes(texts: Sequence[str]) -> str:
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts)


def _in_script(code: str) -> Markup:
    r"""Return a program that may stand in a script element: in texts, ``<\/script`` means the same."""
    return Markup(ENDS_SCRIPT.sub(r"<\\\1", code))


def _in_style(code: str) -> Markup:
    """Return a style sheet that may stand in a style element."""
    return Markup(code.replace("</", "<\\/"))


@cache
def _shipped(name: str) -> str:
    """Return a file that comes with the program; empty if there is none."""
    file = files("sim.report") / "page" / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""


@cache
def _program() -> str:
    """Return the rules as a WebAssembly program, packed."""
    return packed((files("sim.clocks") / "programs" / "rules.wasm").read_bytes())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_shipped), autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    environment.filters.update(date=date_text, unbroken=unbroken)
    return environment


def unbroken(text: str) -> str:
    """Return a text in which no line ends between a number and its percent sign."""
    return text.replace(" %", "\u00a0%")
