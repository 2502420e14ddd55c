"""A watch over a check: code that computes for ever is interrupted, as by the notebook's Stop."""

from __future__ import annotations

import _thread
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST_SECONDS = 30.0
"""Seconds of the processor's time; the longest check takes a hundredth of it."""
_LOOKS_EVERY = 0.5
"""Seconds between two looks at the time."""


@contextmanager
def interrupted_if_endless(most: float = MOST_SECONDS) -> Iterator[None]:
    """Raise KeyboardInterrupt in this context once it has computed for `most` seconds.

    What waits, such as a debugger, isn't counted. Code that catches the interrupt is interrupted
    again. Where there are no threads, as in a browser, or outside the main thread, nobody watches.
    """
    if sys.platform == "emscripten" or threading.current_thread() is not threading.main_thread():
        yield
        return
    over = threading.Event()
    watch = threading.Thread(target=_interrupt, args=(over, most), name="watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        # An interrupt that is on its way arrives while we wait here.
        watch.join()


def _interrupt(over: threading.Event, most: float) -> None:
    begun = time.process_time()
    while not over.wait(_LOOKS_EVERY):
        if time.process_time() - begun > most:
            _thread.interrupt_main()
