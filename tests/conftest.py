"""What holds for every test: nobody's key, nobody's progress, one browser at a time."""

import os
import signal

import pytest
from hypothesis import settings

from grader.catalog import catalog
from tests.catalog.small import SMALL
from tests.leftovers import Leftovers

# Tests and the kernels that they start would otherwise reach a real server, and bill its owner.
SERVERS = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
)


# The same examples every time but in `make soak`, whatever a busy machine needs for each, and no
# file of them.
settings.register_profile(
    "tests", derandomize="SOAK" not in os.environ, deadline=None, database=None
)
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """Give every test the environment of a learner who has just begun and has no key."""
    for name in SERVERS:
        os.environ.pop(name, None)
    # The notebooks are run too; their attempts are not those of whoever runs the tests.
    os.environ["GRADER_PROGRESS"] = "off"
    # A shell's job in the background ignores it, and Jupyter would put something else back.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(Leftovers())


SHARED = {"warm_parent": "kernels", "new_postgresql_url": "gradebook"}
"""Fixtures that are dear to start, and the group of the tests that share one."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a group in one process, and all browser tests in one."""
    for item in items:
        if item.get_closest_marker("browser"):
            # A server and a browser fill a core.
            item.add_marker(pytest.mark.xdist_group("browser"))
        for name in SHARED.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(SHARED[name]))
        group = item.get_closest_marker("xdist_group")
        if group is not None and hasattr(config, "workerinput"):
            # pytest-xdist 3.8 does this by an attribute that pytest 9.2 no longer reads
            # (xdist/remote.py), and so would spread every group over all processes.
            item._id = f"{item.nodeid}@{group.args[0]}"


@pytest.fixture
def small_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the small catalog in the place of the packaged one while a test runs."""
    monkeypatch.setattr(catalog, "_packaged_catalog", lambda: SMALL)
