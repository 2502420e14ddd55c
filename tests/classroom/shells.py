"""A shell such as a notebook's kernel has, that leaves nothing behind."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager

from IPython.core import async_helpers
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


@contextmanager
def shell() -> Iterator[InteractiveShell]:
    """Give a shell with nothing defined, whose history is in memory; it ends with the block."""
    made = InteractiveShell(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    before = async_helpers._asyncio_event_loop
    try:
        yield made
    finally:
        made.atexit_operations()
        atexit.unregister(made.atexit_operations)
        loop = async_helpers._asyncio_event_loop
        if loop is not None and loop is not before:
            # IPython keeps one for whatever awaits, and closes none.
            loop.close()
