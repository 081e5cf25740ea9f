"""A page as a browser takes it apart, by the standard library's parser."""

import json
import zlib
from base64 import b64decode
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """What is in a page: its elements with attributes, its text, and the contents of its scripts by id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.scripts: dict[str, str] = {}
        self.open: list[str] = []
        self._script = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self._script = dict(attrs).get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        elif not self.open or self.open[-1] != "style":
            self.text += data

    def document(self) -> dict[str, Any]:
        """Return the data that the page reads."""
        found: dict[str, Any] = json.loads(zlib.decompress(b64decode(self.scripts["document"])))
        return found

    def of(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]
