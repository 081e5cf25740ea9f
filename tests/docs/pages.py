"""The pages of the documentation and what stands in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(text: str, info: str) -> list[str]:
    """Return the fenced blocks of a page whose fence says exactly ``info``."""
    return re.findall(rf"^```{info}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def wrong_blocks(text: str, info: str) -> list[tuple[str, str]]:
    """Return the blocks that show an error, each with the message shown in the block that follows."""
    pattern = rf"^```{info} wrong\n(.*?)^```$\s*^```text\n(.*?)^```$"
    return re.findall(pattern, text, flags=re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    """Return the ``python -m sim`` commands shown in a page's shell blocks, without what runs before and after."""
    lines = "".join(blocks(text, "sh")).replace("\\\n", " ").splitlines()
    found = [re.search(r"-m sim (.*)", line) for line in lines]
    return [match[1] for match in found if match]


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
