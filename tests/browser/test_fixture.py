"""What a page must not do makes its test fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BAD = {
    "console: so much for that": "console.error('so much for that')",
    "error: gone wrong": "setTimeout(() => { throw new Error('gone wrong') })",
    "error: no such thing": "Promise.reject(new Error('no such thing'))",
    "request: https://example.org/": "fetch('https://example.org/').catch(() => {})",
    "console: from a worker": "new Worker(URL.createObjectURL(new Blob(['console.error(\"from a worker\")'])))",
    "request: https://example.org/data": "new Worker(URL.createObjectURL(new Blob(['"
                                         "fetch(\"https://example.org/data\").catch(() => {})'])))",
}


def written(folder: Path, script: str) -> Path:
    file = folder / "page.html"
    file.write_text(f"<!doctype html><title>A page</title><script>{script}; document.title = 'ran'</script>")
    return file


def test_a_page_is_opened(open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = open_page(written(tmp_path, "fetch('data:,here')"), "#part", viewport={"width": 390, "height": 844})
    assert page.title() == "ran"
    assert page.evaluate("[innerWidth, location.hash]") == [390, "#part"]


@pytest.mark.parametrize("fault", BAD)
def test_faults_are_found(fault: str, open_page: Callable[..., Any], faults: list[str], tmp_path: Path) -> None:
    page = open_page(written(tmp_path, BAD[fault]))
    while fault not in faults:
        page.wait_for_timeout(20)
    page.context.close()
    faults.clear()
