import json
import tomllib
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.lines import DEEPEST, KeyPath, key_lines, tokens, too_deep
from sim.scenario.overrides import paths_in

BY_HAND = '''\
# a comment with [brackets] and = signs
title = "a # in a text"     # line 2
"quoted key" = 1
'single.quoted' = 2
a.b . "c d" = 3             # line 5

list = [
  1, [2, 3],                # line 8
  # nothing here
  { x = 1, y.z = [4] },     # line 10
]
text = """first
[not.a.table]
key = "no"
\\""" still inside
""""
after = 2024-02-12 10:00:00 # line 17
literal = \'\'\'
x = 1
\'\'\'
[table]                     # line 21
key = 1_000.5e3
inner = { }
[table.deep."er"]           # line 24
[[items]]                   # line 25
name = "one"
[[items]]
name = "two"                # line 28
[items.sub]
key = true                  # line 30
[[items.parts]]
n = 1
[later.first]
k = 1                       # line 34
[later]
m = ["""a"""", \'\'\'b\'\'\'\', "\\\\",
  2]                        # line 37
'''

LINES: dict[KeyPath, int] = {
    ("title",): 2, ("quoted key",): 3, ("single.quoted",): 4,
    ("a",): 5, ("a", "b"): 5, ("a", "b", "c d"): 5,
    ("list",): 7, ("list", 0): 8, ("list", 1): 8, ("list", 1, 0): 8, ("list", 1, 1): 8,
    ("list", 2): 10, ("list", 2, "x"): 10, ("list", 2, "y"): 10, ("list", 2, "y", "z"): 10,
    ("list", 2, "y", "z", 0): 10,
    ("text",): 12, ("after",): 17, ("literal",): 18,
    ("table",): 21, ("table", "key"): 22, ("table", "inner"): 23,
    ("table", "deep"): 24, ("table", "deep", "er"): 24,
    ("items",): 25, ("items", 0): 25, ("items", 0, "name"): 26,
    ("items", 1): 27, ("items", 1, "name"): 28, ("items", 1, "sub"): 29, ("items", 1, "sub", "key"): 30,
    ("items", 1, "parts"): 31, ("items", 1, "parts", 0): 31, ("items", 1, "parts", 0, "n"): 32,
    ("later", "first"): 33, ("later", "first", "k"): 34, ("later",): 35, ("later", "m"): 36,
    ("later", "m", 0): 36, ("later", "m", 1): 36, ("later", "m", 2): 36, ("later", "m", 3): 37,
}


def test_lines_of_a_document_written_by_hand() -> None:
    assert key_lines(tokens(BY_HAND)) == LINES
    assert set(paths_in(tomllib.loads(BY_HAND))) == set(LINES)


class Writer:
    """Writes tables as TOML in a random style and notes on which line it put each key."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.lines: list[str] = []
        self.expected: dict[KeyPath, int] = {}

    def here(self) -> int:
        return len(self.lines) + 1

    def pad(self) -> None:
        self.lines += self.random.choice([[], [], [""], ["# x = [1"], ["", "  # { ''' "]])

    def key(self, name: str) -> str:
        styles = [json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")]
        if name and all(c.isascii() and (c.isalnum() or c in "_-") for c in name):
            styles.append(name)
        if "'" not in name and name.isprintable():
            styles.append(f"'{name}'")
        return self.random.choice(styles)

    def table(self, table: dict[str, Any], path: KeyPath) -> None:
        inner = []
        for name, value in table.items():
            if (isinstance(value, dict) or _is_tables(value)) and self.random.random() < 0.7:
                inner.append((name, value))
            else:
                self.pad()
                self.expected[(*path, name)] = self.here()
                self.value(f"{self.key(name)} = ", value, (*path, name))
        for name, value in inner:
            self.pad()
            here = (*path, name)
            header = ".".join(self.key(part) for part in here if isinstance(part, str))
            if isinstance(value, dict):
                self.expected[here] = self.here()
                self.lines.append(f" [ {header} ] # comment")
                self.table(value, here)
                continue
            self.expected[here] = self.here()
            for i, item in enumerate(value):
                self.expected[(*here, i)] = self.here()
                self.lines.append(f"[[{header}]]")
                self.table(item, (*here, i))

    def value(self, before: str, value: Any, path: KeyPath) -> None:
        """Write a value after a text that stands on the same line."""
        if isinstance(value, list):
            self.list(before, value, path)
        elif isinstance(value, dict):
            self.lines.append(before + self.inline(value, path))
        elif isinstance(value, str) and "\n" in value and self.random.random() < 0.7:
            body = json.dumps(value, ensure_ascii=False)[1:-1].replace("\\n", "\n").replace("\x7f", "\\u007f")
            self.lines += f'{before}"""\n{body}"""'.split("\n")
        else:
            self.lines.append(before + self.inline(value, path))

    def list(self, before: str, value: list[Any], path: KeyPath) -> None:
        if self.random.random() < 0.5:
            self.lines.append(before + self.inline(value, path))
            return
        self.lines.append(f"{before}[")
        for i, item in enumerate(value):
            self.pad()
            self.expected[(*path, i)] = self.here()
            self.lines.append(f"  {self.inline(item, (*path, i))}, # next")
        self.lines.append("]")

    def inline(self, value: Any, path: KeyPath) -> str:
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        self.expected |= {(*path, part): self.here() for part, _ in inside}
        if isinstance(value, dict):
            return "{ " + ", ".join(f"{self.key(k)} = {self.inline(v, (*path, k))}" for k, v in value.items()) + " }"
        if isinstance(value, list):
            return "[" + ", ".join(self.inline(v, (*path, i)) for i, v in enumerate(value)) + "]"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(['"""', "'''", "a\n[b]\nc = 1"])
VALUES = st.recursive(
    st.integers(-10**6, 10**6) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.randoms(use_true_random=False))
def test_lines_of_documents_written_by_a_program(data: dict[str, Any], random: Random) -> None:
    writer = Writer(random)
    writer.table(data, ())
    text = "\n".join(writer.lines)
    assert tomllib.loads(text) == data
    assert key_lines(tokens(text)) == writer.expected


def test_nesting_is_counted_through_lists_tables_and_dotted_keys() -> None:
    at_most = "x = " + "[" * DEEPEST + "]" * DEEPEST
    assert too_deep(tokens(at_most)) is None
    assert too_deep(tokens("\n\n" + at_most.replace("[", "[[", 1))) == 3
    assert too_deep(tokens(".".join(["a"] * (DEEPEST + 1)) + " = 1")) is None
    assert too_deep(tokens(".".join(["a"] * (DEEPEST + 2)) + " = 1")) == 1
    assert too_deep(tokens('x = "' + "[" * 99 + '"\n# ' + "[" * 99 + "\ny = '''" + "[" * 99 + "'''")) is None
    assert too_deep(tokens("a.b = 1.5\n" * 99)) is None


@given(st.text(st.sampled_from(list("[]{}=.,#\"'\\\n a1")), max_size=200))
def test_nesting_of_any_text_can_be_counted(text: str) -> None:
    assert too_deep(tokens(text)) is None or text.count("[") + text.count("{") + text.count(".") > DEEPEST
