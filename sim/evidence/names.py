"""Turns names of places into keys of a scenario. Different names get different keys; the name is kept as a label."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from unicodedata import combining, normalize

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What a scenario allows as a name."""
LONGEST = 29
"""How much of a name is kept before the ten digits that make it unique."""


def keys_for(names: Iterable[str]) -> dict[str, str]:
    """Return a key for each name, no two the same.

    A key consists of the characters of the name that are allowed in keys. If that is nothing, too long or the same for
    several names, ten digits derived from the whole name make it unique. A name that is a valid key stays as it is.
    """
    different = sorted(set(names))
    alike = Counter(map(slug, different))
    keys = {name: name for name in different if KEY.fullmatch(name)}
    for name in different:
        if name not in keys and KEY.fullmatch(slug(name)) and alike[slug(name)] == 1:
            keys[name] = slug(name)
    taken = set(keys.values())
    for name in different:
        turn = 0
        while name not in keys:
            key = f"{_readable(name)}_{sha256(f'{turn}{name}'.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
            if key not in taken:
                keys[name] = key
                taken.add(key)
            turn += 1
    return keys


def slug(name: str) -> str:
    """Return the parts of a name that are allowed in a key, in small letters, joined by ``_``; perhaps nothing."""
    letters = normalize("NFKD", name).lower()
    return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in letters if not combining(c)).split())


def _readable(name: str) -> str:
    plain = slug(name)[:LONGEST].strip("_")
    return plain if plain[:1].isalpha() else f"place_{plain}"[:LONGEST].rstrip("_")
