"""Mutants of files: texts, numbers, dates, keys and the structure of a file changed at random, as a hostile user would.

Every mutant is made from a seed and a number, and can be made again from these.
"""

import random
import re
from collections.abc import Callable, Sequence

NUMBER = re.compile(rb"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.-])")
DATE = re.compile(rb"\d{4}-\d\d-\d\d")
WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_.]*")
STRING = re.compile(rb"\"[^\"\n]*\"")

NUMBERS = (b"0", b"-0.0", b"1", b"-1", b"2", b"0.5", b"1e-9", b"5e-324", b"1e308", b"-1e308", b"inf", b"-inf", b"nan",
           b"1e15", b"9" * 20, b"9" * 400, b"9" * 5000, b"0x7fffffff", b"1_000", b"1,000", b"0.1.2", b"true", b"1e400",
           b"2147483648", b"9223372036854775808", b"0.95", b"16", b"1000000")
DATES = (b"0001-01-01", b"9999-12-31", b"2024-02-29", b"2023-02-29", b"2024-02-12", b"2024-02-13", b"1900-01-01",
         b"2200-12-31", b"2064-02-12", b"2024-02-12T10:00:00Z", b"2024-02-12 25:00", b"10:00:00", b"12/02/2024")
VALUES = (b'""', b'"a"', b'"\\u0000"', b'"\\ud800"', b"'''\n'''", b"[]", b"{}", b"[[]]", b"[1, [2]]", b"true", b"false",
          b'{ dist = "uniform", low = 0, high = 1 }', b'{ dist = "normal", mean = 0, sd = 1e-300, low = -1, high = 1 }',
          b'{ dist = "lognormal", median = 1, sigma = 10, low = 5e-324, high = 1e308 }', b"{ dist = 1 }",
          b'{ dist = "discrete", values = [0.1, 0.1] }', b"{ remove = true }", b'"/dev/zero"', b'"."', b'"mutant.toml"')
TEXTS = (b"\0", b"\r", b"\n", b"\t", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b[31m", b"=",
         b"#", b'"', b"'", b"[", b"]", b"{", b"}", b",", b".", b";", b"=1+1", b"\xd8\xa8\xd8\xba", b"%s", b"{0}",
         b"a" * 300, b"[" * 50, b"a." * 30, b'"""', b"\\", b"\\u", b"extends = \"mutant.toml\"\n", b"remove = true\n")
FACTORS = (0.0, -1.0, 0.001, 0.1, 0.5, 0.9, 1.1, 2.0, 10.0, 1000.0)

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutant(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Return what one of some files became."""
    text = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        text = chance.choice(MUTATIONS)(chance, text, seeds)
    return text


def _replaced(chance: random.Random, text: bytes, pattern: re.Pattern[bytes], new: Callable[[bytes], bytes]) -> bytes:
    """Replace one match of a pattern."""
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = chance.choice(found)
    return text[: match.start()] + new(match.group()) + text[match.end() :]


def number(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    return _replaced(chance, text, NUMBER, lambda old: chance.choice(NUMBERS))


def scaled(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    def new(old: bytes) -> bytes:
        value = float(old) * chance.choice(FACTORS)
        return repr(int(value) if value.is_integer() and abs(value) < 1e15 else value).encode()

    return _replaced(chance, text, NUMBER, new)


def dated(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    return _replaced(chance, text, DATE, lambda old: chance.choice((*DATES, *DATE.findall(text))))


def worded(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    """Put another word of any file in the place of one: a key, a name, a part of a text."""
    return _replaced(chance, text, WORD, lambda old: chance.choice(WORD.findall(chance.choice(seeds)) or [b"x"]))


def misspelt(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    def new(old: bytes) -> bytes:
        at = chance.randrange(len(old))
        return old[:at] + chance.choice((b"", old[at : at + 1] * 2, b"x", b"_", b"9", b"-")) + old[at + 1 :]

    return _replaced(chance, text, WORD, new)


def valued(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    return _replaced(chance, text, chance.choice((NUMBER, STRING, DATE)), lambda old: chance.choice(VALUES))


def quoted(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    around = chance.choice(((b'"', b'"'), (b"[", b"]"), (b"{ x = ", b" }"), (b"[[", b"]]"), (b"'", b"'"), (b"(", b")")))
    return _replaced(chance, text, chance.choice((NUMBER, STRING, DATE, WORD)), lambda old: around[0] + old + around[1])


def typed(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(TEXTS) + text[at + chance.choice((0, 0, 1, 3)) :]


def flipped(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    if not text:
        return text
    at = chance.randrange(len(text))
    return text[:at] + bytes([text[at] ^ 1 << chance.randrange(8)]) + text[at + 1 :]


def lined(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    """Take a line out, write it twice, move it, or take one from another file."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    line = lines[chance.randrange(len(lines))]
    what = chance.randrange(5)
    if what in (0, 3):
        lines.remove(line)
    if what == 2:
        line = chance.choice(chance.choice(seeds).splitlines(keepends=True) or [b"\n"])
    if what == 4:
        return b"".join(lines[: chance.randrange(len(lines) + 1)])
    if what != 0:
        lines.insert(chance.randint(0, len(lines)), line)
    return b"".join(lines)


def spliced(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    other = chance.choice(seeds)
    return text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]


def repeated(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    first, last = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    return text[:last] + text[first:last] * chance.choice((1, 2, 10)) + text[last:]


MUTATIONS: tuple[Mutation, ...] = (
    number, scaled, scaled, scaled, scaled, scaled, dated, dated, dated, worded, worded, misspelt, valued, quoted,
    typed, flipped, lined, lined, spliced, repeated)
