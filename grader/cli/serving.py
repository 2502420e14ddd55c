"""`grader serve`: the simulated API over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape

from grader.cli.consoles import stdout
from grader.plural import counted

if TYPE_CHECKING:
    # The other commands do without the simulator.
    from grader.simulator import Exchange

_KEPT_EXCHANGES = 100
"""How many requests a server remembers, and shows on its page; its memory must stay flat."""


_MOST_LOST = 20
"""How many paths that the API does not have are reported, each once."""
_LONGEST_PATH = 100


class _LostRequests:
    """Print requests to paths that the API does not have, with the address to use instead.

    A client says only 404, and usually its address is one /v1 too long.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._told: set[tuple[str, str]] = set()

    def __call__(self, exchange: Exchange) -> None:
        """Print a line about a request, once for each path, up to a limit."""
        if not _is_lost(exchange):
            return
        method, path = exchange.request.method, exchange.request.path
        shown = path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"
        if (method, shown) in self._told or len(self._told) >= _MOST_LOST:
            return
        self._told.add((method, shown))
        line = f"404: {method} {shown} is not a path of the API."
        if "/v1/v1/" in f"{path}/":
            line += (
                f" The client adds /v1 itself: its base URL is {self._url}, without /v1 at the end."
            )
        elif not path.startswith("/v1/"):
            line += f" Anthropic's SDKs have the base URL {self._url}, and OpenAI's {self._url}/v1."
        stdout.print(escape(line))


def _is_lost(exchange: Exchange) -> bool:
    """Return whether a reply says that there is no such path, not that there is no model."""
    if exchange.status != 404 or not isinstance(exchange.body, dict):
        return False
    return bool(exchange.body["error"]["message"] == "Not found")


class _RequestLog:
    """Print a line about each request when it was answered."""

    def __init__(self, api_key: str | None) -> None:
        from grader.simulator.seen import Showing

        self._showing = Showing(api_key)

    def __call__(self, exchange: Exchange) -> None:
        """Print when it came, what was answered, and what went wrong."""
        line = self._showing.line(exchange)
        when = datetime.fromtimestamp(exchange.at).astimezone().strftime("%H:%M:%S")
        what = f"{line['method']} {line['path']}"
        told = [when, str(line["status"] or "cut"), what, *_facts_of(line)]
        # What a client sent may hold commands to the terminal.
        printed = "".join(c if c.isprintable() else "�" for c in "  ".join(told))
        is_wrong = not 200 <= exchange.status < 400
        stdout.print(escape(printed), style="red" if is_wrong else None)


def _facts_of(line: Mapping[str, Any]) -> list[str]:
    """Return what a log's line tells beside the request's address and status."""
    told = []
    if line["model"] is not None:
        told.append(str(line["model"]))
    if line["input"] is not None:
        prompt = line["input"] + (line["written"] or 0) + (line["read"] or 0)
        cached = f" ({line['read']} from the cache)" if line["read"] else ""
        told.append(f"{prompt}{cached} → {line['output']} tokens")
    if line["stop_reason"] is not None:
        told.append(str(line["stop_reason"]))
    if line["streamed"]:
        told.append(counted(line["events"], "event"))
    if line["closed_early"]:
        told.append("closed early by the client")
    if line["tries"] != "0":
        told.append(f"retry {line['tries']}")
    return [*told, *(str(line[name]) for name in ("error", "forgiven") if line[name] is not None)]


def _read_port(words: str | int) -> int:
    # Typer reads the default too.
    given = str(words)
    port = int(given) if given.isascii() and given.isdigit() else -1
    if not 0 <= port <= 65535:
        raise typer.BadParameter(
            f"'{given}' is not a port. Ports go from 1 to 65535; 0 takes a free one: --port 8017"
        )
    return port


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            parser=_read_port, metavar="PORT", help="The port to listen on; 0 takes a free one."
        ),
    ] = 8017,
    api_key: Annotated[
        str | None,
        typer.Option(
            envvar="GRADER_API_KEY",
            help="The one key that is accepted; any key unless given.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Make ids repeatable.", show_default=False)
    ] = None,
    pace: Annotated[
        Literal["none", "realistic"], typer.Option(help="How fast streamed replies come.")
    ] = "none",
    batch_seconds: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="How long a Message Batch takes; a minute or two unless given.",
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        bool, typer.Option("--log", help="Print a line about each request when it was answered.")
    ] = False,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="Answer what the API would refuse with a 400, or for an unknown model, with a "
            "reply that says so: for generated tests that send nonsense on purpose.",
        ),
    ] = False,
) -> None:
    """Serve the simulated API over HTTP, for clients in any language.

    Open its address in a browser to see the last requests. A request that says so in a header fails
    as it wants: x-simulator-fault: 429, retry-after=2 (or cut, timeout, slow; after=3 breaks a
    stream off, first-token=5 delays it, times=2 spares the third try).
    """
    from grader.simulator import Pace, Simulator
    from grader.simulator.server import listen, url_of
    from grader.simulator.server import serve as serve_simulator

    listener = listen(host, port, is_guarded=bool(api_key))
    url, key = url_of(listener), "YOUR_KEY" if api_key else "simulated"
    lines = (
        f"The simulated API answers at {url} until you press Ctrl+C.",
        f"Anthropic's SDKs: ANTHROPIC_BASE_URL={url} ANTHROPIC_API_KEY={key}",
        f"OpenAI's SDKs:    OPENAI_BASE_URL={url}/v1 OPENAI_API_KEY={key}",
        f"curl:             curl {url}/v1/models -H 'x-api-key: {key}'",
    )
    for line in lines:
        stdout.print(escape(line))
    if lenient:
        stdout.print("Lenient: what the API would refuse with a 400 is answered too, and says so.")
    simulator = Simulator(
        api_key=api_key or None,
        seed=seed,
        pace=Pace.realistic() if pace == "realistic" else None,
        lenient=lenient,
        transcript_limit=_KEPT_EXCHANGES,
        batch_seconds=batch_seconds,
    )
    lost, request_log = _LostRequests(url), _RequestLog(api_key) if log else None

    def tell(exchange: Exchange) -> None:
        if request_log is not None:
            request_log(exchange)
        lost(exchange)

    serve_simulator(simulator, listener, on_answered=tell)
    stdout.print("Stopped.")
