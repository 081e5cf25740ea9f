"""Names of places as keys of a scenario: different names have different keys, and each name is kept as the label."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from unicodedata import combining, normalize

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What a scenario allows as a name."""
LONGEST = 29
"""So much of a name is kept before the ten digits that tell it apart."""


def keys_for(names: Iterable[str]) -> dict[str, str]:
    """Return a key for each name, no two the same.

    A name's key is what of it can stand in one. Where that is nothing, too long or the same for several names, ten
    digits made of the whole name tell them apart; a name that is a key already keeps it.
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
    """Return what of a name can stand in a key, in small letters, joined by ``_``; it may be empty."""
    letters = normalize("NFKD", name).lower()
    return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in letters if not combining(c)).split())


def _readable(name: str) -> str:
    plain = slug(name)[:LONGEST].strip("_")
    return plain if plain[:1].isalpha() else f"place_{plain}"[:LONGEST].rstrip("_")
