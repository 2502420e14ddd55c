"""Find an asynchronous client for a widget that must not block the notebook."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from grader.errors import WidgetError

if TYPE_CHECKING:
    import anthropic


def asynchronous(client: Any) -> anthropic.AsyncAnthropic:
    """Return an asynchronous client for the same API as `client`.

    That is the client itself, or for a simulator's client a second one to the same simulator.
    Raises WidgetError for anything else, because a second client couldn't use its transport.
    """
    import anthropic
    import httpx2

    from grader.simulator import SimulatorTransport

    if isinstance(client, anthropic.AsyncAnthropic):
        return client
    if not isinstance(client, anthropic.Anthropic):
        raise WidgetError(
            f"A stream is shown with a client, and this is {client!r:.80}. Expected an "
            "anthropic.AsyncAnthropic: StreamView(connect_async())."
        )
    transport = transport_of(client)
    if not isinstance(transport, SimulatorTransport):
        raise WidgetError(
            "This client is synchronous: it would keep the notebook, and the Stop button, waiting "
            "until the stream ends. Use an asynchronous one: StreamView(connect_async())."
        )
    return anthropic.AsyncAnthropic(
        api_key=client.api_key,
        base_url=client.base_url,
        max_retries=client.max_retries,
        http_client=httpx2.AsyncClient(transport=transport, event_hooks=_hooks(client)),
    )


def http_client_of(client: anthropic.Anthropic | anthropic.AsyncAnthropic) -> Any:
    """Return the httpx2 client that an SDK client sends with."""
    # The SDK has no public name for it; the tests would notice a change.
    return client._client  # noqa: SLF001


def transport_of(client: anthropic.Anthropic | anthropic.AsyncAnthropic) -> Any:
    """Return what carries a client's requests."""
    # httpx2 has no public name for this either.
    return http_client_of(client)._transport  # noqa: SLF001


def awaited(hook: Callable[[Any], None]) -> Callable[[Any], Awaitable[None]]:
    """Return a synchronous client's hook as an asynchronous one."""

    async def call(subject: Any) -> None:
        hook(subject)

    return call


def _hooks(client: anthropic.Anthropic) -> dict[str, list[Any]]:
    """Return a client's listeners, such as a cost meter."""
    hooks = http_client_of(client).event_hooks
    return {name: [awaited(hook) for hook in each] for name, each in hooks.items()}
