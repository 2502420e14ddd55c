"""Empty gradebooks: a file of SQLite's, and a database of a real PostgreSQL server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.grading.gradebook.postgresql import missing_postgresql, start_postgresql
from tests.leftovers import for_all_modules


@pytest.fixture(scope="session")
def new_postgresql_url() -> Iterator[Callable[[], str]]:
    """Give a function that makes databases."""
    missing = missing_postgresql()
    if missing:
        pytest.skip(missing)
    with ExitStack() as stack:
        with for_all_modules():
            server = stack.enter_context(start_postgresql())
        numbers = count()
        yield lambda: server.new_database(f"gradebook{next(numbers)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty gradebook."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gradebook.db'}"
    url: str = request.getfixturevalue("new_postgresql_url")()
    return url
