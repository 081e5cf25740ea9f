"""The page's functions in Node.js, for all tests here."""

from collections.abc import Iterator

import pytest

from tests.web.page_code import Call, in_node


@pytest.fixture(scope="session")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """Call a function of the page by its name."""
    yield from in_node(tmp_path_factory.mktemp("page"))
