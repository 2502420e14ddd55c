"""SDK clients that wait for nothing, neither a retry nor a thread, for exams and demos.

The SDK sleeps before it tries again (anthropic 2.12, `_base_client.py`, `_sleep_for_retry`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import anthropic


def sleepless(kind: type[Any], *, on_wait: Callable[[float], object] | None = None) -> type[Any]:
    """Return a class like Anthropic or AsyncAnthropic that tries again without waiting.

    on_wait: called with the seconds that the SDK would have waited.
    Copies that `with_options` makes have the same class.
    """

    def wait(
        self: Any, *, retries_taken: int, max_retries: int, options: Any, response: Any
    ) -> None:
        if on_wait is not None:
            headers = response.headers if response else None
            left = max_retries - retries_taken
            on_wait(self._calculate_retry_timeout(left, options, headers))

    async def wait_async(self: Any, **facts: Any) -> None:
        wait(self, **facts)

    waiting = wait_async if kind.__name__.startswith("Async") else wait
    # It keeps the SDK's class name, which many messages quote.
    own = {"__module__": kind.__module__, "_sleep_for_retry": waiting}
    return type(kind.__name__, (kind,), own)


def starts_no_thread(client: anthropic.AsyncAnthropic) -> anthropic.AsyncAnthropic:
    """Return the same client, whose first request names the platform without a thread.

    With one (anthropic 2.12, `AsyncAPIClient.request`), requests sent at once arrive when their
    threads end, some after another's reply. Copies that `with_options` makes still start one.
    """
    from anthropic import _base_client

    client._platform = _base_client.get_platform()  # noqa: SLF001
    return client
