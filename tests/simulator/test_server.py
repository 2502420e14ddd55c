"""The HTTP edge: where it listens, and real clients over a socket."""

import http.client
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any, NoReturn

import anthropic
import openai
import pytest
from httpx2 import RemoteProtocolError

from grader.errors import PortError
from grader.simulator import (
    Exchange,
    Pace,
    Reply,
    Script,
    ServerSentEvent,
    Simulator,
    connection_cut,
    interrupted,
    text,
    timed_out,
)
from grader.simulator.batches import MAX_BODY as MAX_BATCH
from grader.simulator.core import MAX_BODY
from grader.simulator.server import HOST, PORT, Server, listen, url_of

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}
COUNT = {**ASK, "messages": [{"role": "user", "content": "Count to five."}]}
HEADERS = {
    "x-api-key": "any",
    "anthropic-version": "2026-10-21",
    "content-type": "application/json",
}
SECONDS = 10
"""How long a test waits for what is to happen at once before it fails."""


@contextmanager
def running(simulator: Simulator, *given: Any, **options: Any) -> Iterator[tuple[str, Server]]:
    """Serve a simulator on a free port, and stop it afterwards."""
    listener = listen(port=0)
    server = Server(simulator, *given, **options)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield url_of(listener), server
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serve a simulator until the test ends, and return its address."""
    with ExitStack() as stack:
        yield lambda *given, **options: stack.enter_context(running(*given, **options))[0]


@pytest.fixture
def client_at() -> Iterator[Callable[[str], anthropic.Anthropic]]:
    """Make a client of the Anthropic SDK that knows only an address."""
    with ExitStack() as stack:

        def make(address: str) -> anthropic.Anthropic:
            client = anthropic.Anthropic(api_key="any", base_url=address, max_retries=0)
            return stack.enter_context(client)

        yield make


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    """Open a raw socket to a server."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as raw:
        yield raw


def request(body: bytes, *lines: str, method: str = "POST", path: str = "/v1/messages") -> bytes:
    """Return a request as bytes; its length is stated unless other lines are given."""
    framing = lines or (f"content-length: {len(body)}",)
    fields = [f"{name}: {value}" for name, value in HEADERS.items()]
    head = [f"{method} {path} HTTP/1.1", "host: simulated", *fields, *framing, "", ""]
    return "\r\n".join(head).encode() + body


def read_until(raw: socket.socket, ending: bytes) -> bytes:
    """Read from a socket to an ending."""
    found = b""
    while not found.endswith(ending):
        piece = raw.recv(1)
        assert piece, f"the connection was closed after {found!r}"
        found += piece
    return found


def read_reply(raw: socket.socket) -> tuple[int, Any]:
    """Read a plain reply from a socket: its status and its JSON."""
    with http.client.HTTPResponse(raw) as reply:
        reply.begin()
        return reply.status, json.loads(reply.read())


class Stepwise(Simulator):
    """Make each event of a stream only when the test allows it, and say when a stream is closed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.allowed = threading.Semaphore(0)
        self.closed = threading.Event()

    def handle(self, *request: Any) -> Reply:
        """Answer, with the events in steps."""
        reply = super().handle(*request)
        return replace(reply, events=reply.events and self._step(reply.events))

    def _step(self, events: Any) -> Iterator[ServerSentEvent]:
        try:
            while self.allowed.acquire(timeout=SECONDS):
                yield next(events)
        except StopIteration:
            return
        finally:
            events.close()
            self.closed.set()


def test_an_sdk_that_knows_only_the_address_gets_an_answer(serve, client_at) -> None:
    """ANTHROPIC_BASE_URL is all that a client needs."""
    message = client_at(serve(Simulator())).messages.create(**ASK)
    assert [block.to_dict() for block in message.content] == [{"type": "text", "text": "Paris."}]


def test_a_stream_comes_over_the_port(serve, client_at) -> None:
    """Events arrive in order, and the simulator sees the stream read to its end."""
    simulator = Simulator(pace=Pace(between_deltas=0.001))
    with client_at(serve(simulator)).messages.stream(**COUNT) as stream:
        assert "".join(stream.text_stream) == "one, two, three, four, five"
    assert simulator.transcript[-1].finished


def test_the_other_endpoints_are_at_their_paths(serve, client_at) -> None:
    """Token counts and models; an escape in a path is read once."""
    client = client_at(address := serve(Simulator()))
    assert client.messages.count_tokens(model=ASK["model"], messages=ASK["messages"]).input_tokens
    assert client.models.retrieve("claude-haiku-4-5").id == "claude-haiku-4-5-20251001"
    with connected(address) as raw:
        raw.sendall(request(b"", method="GET", path="/v1/models/claude%2Dhaiku%252D4?a=%2F"))
        status, body = read_reply(raw)
    assert (status, body["error"]["message"]) == (404, "model: claude-haiku%2D4")


@pytest.mark.parametrize("streamed", [False, True])
def test_the_openai_sdk_reaches_the_compatible_endpoint(serve, streamed: bool) -> None:
    """The OpenAI SDK works over the port as it does in process."""
    chat = {"model": ASK["model"], "messages": ASK["messages"]}
    with openai.OpenAI(api_key="any", base_url=f"{serve(Simulator())}/v1/") as client:
        if streamed:
            with client.chat.completions.create(**chat, stream=True) as chunks:
                said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        else:
            said = client.chat.completions.create(**chat).choices[0].message.content
    assert said == "Paris."


@pytest.mark.parametrize("streamed", [False, True])
def test_the_openai_sdk_speaks_responses(serve, streamed: bool) -> None:
    """Streamed or not, and what is kept is there under its own path until it is deleted."""
    asked = {"model": "gpt-5.5", "input": ASK["messages"]}
    with openai.OpenAI(api_key="any", base_url=f"{serve(Simulator())}/v1/") as client:
        if streamed:
            with client.responses.stream(**asked) as events:
                response = events.get_final_response()
        else:
            response = client.responses.create(**asked)
        assert client.responses.retrieve(response.id).output_text == response.output_text
        client.responses.delete(response.id)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(response.id)
    assert response.output_text == "Paris."


def test_an_error_has_the_status_of_the_api(serve, client_at) -> None:
    """A refused request is refused over the port too."""
    with pytest.raises(anthropic.NotFoundError, match="model: nobody"):
        client_at(serve(Simulator())).messages.create(**{**ASK, "model": "nobody"})


def curl(*words: str, body: Any = None) -> tuple[str, int]:
    """Run curl, and return what it prints and the status of the reply."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed.")
    fields = [word for name, value in HEADERS.items() for word in ("-H", f"{name}: {value}")]
    sent = [] if body is None else ["--data-binary", "@-"]
    done = subprocess.run(
        ["curl", "-sS", "--max-time", "60", "-w", "\n%{http_code}", *fields, *sent, *words],
        input=None if body is None else json.dumps(body),
        capture_output=True,
        text=True,
        check=True,
    )
    printed, _, status = done.stdout.rpartition("\n")
    return printed, int(status)


def test_curl_gets_a_message(serve) -> None:
    """Also with a body so large that curl asks first whether it may send it."""
    address = serve(Simulator())
    printed, status = curl(f"{address}/v1/messages", body=ASK)
    assert (status, json.loads(printed)["content"]) == (200, [{"type": "text", "text": "Paris."}])
    long = [{"role": "user", "content": "very " * 300_000}]
    printed, status = curl(f"{address}/v1/messages", body={**ASK, "messages": long})
    assert (status, json.loads(printed)["type"]) == (200, "message")


def test_curl_gets_a_stream(serve) -> None:
    """Named events, a blank line after each."""
    printed, status = curl("-N", f"{serve(Simulator())}/v1/messages", body={**ASK, "stream": True})
    names = [line.removeprefix("event: ") for line in printed.splitlines() if line[:5] == "event"]
    assert status == 200
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert names[-1] == "message_stop"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW", "POST"])
def test_whatever_is_not_there_is_the_apis_own_404(serve, method: str) -> None:
    """Never a page of the server's own, whatever the method."""
    path = "/v1/nothing" if method == "POST" else "/v1/messages"
    with connected(serve(Simulator(seed=1))) as raw:
        raw.sendall(request(b"{}", method=method, path=path))
        status, body = read_reply(raw)
    assert (status, list(body)) == (404, ["type", "error", "request_id"])
    assert body["error"] == {"type": "not_found_error", "message": "Not found"}


def test_a_batch_is_polled_and_its_results_read(serve, client_at) -> None:
    """By the SDK, from the address that the batch itself names."""
    address = serve(Simulator(batch_seconds=0.0))
    batches = client_at(address).messages.batches
    asked = [{"custom_id": name, "params": ASK} for name in ("a", "b")]
    batch = batches.retrieve(batches.create(requests=asked).id)
    assert batch.results_url == f"{address}/v1/messages/batches/{batch.id}/results"
    results = {each.custom_id: each.result for each in batches.results(batch.id)}
    said = {name: result.message.content[0].text for name, result in results.items()}
    assert said == {"a": "Paris.", "b": "Paris."}
    assert batches.delete(batch.id).type == "message_batch_deleted"


def test_a_file_is_uploaded_and_what_a_tool_made_is_downloaded(serve, client_at) -> None:
    """By the SDK, with every byte; a file larger than a message is taken too."""
    simulator = Simulator()
    files = client_at(serve(simulator)).files
    data = bytes(range(256)) * 200_000
    uploaded = files.upload(file=("a.bin", data, "image/png"))
    assert (uploaded.size_bytes, len(data) > MAX_BODY) == (len(data), True)
    add = simulator.files.add
    made = add("b.bin", "image/png", data[:512], now=0.0, downloadable=True)
    assert files.download(made.id).read() == data[:512]
    assert files.delete(uploaded.id).type == "file_deleted"


def test_a_batch_may_be_as_large_as_the_api_takes_it(serve) -> None:
    """More than a message, and no more than 256 megabytes."""
    with connected(serve(Simulator())) as raw:
        path = "/v1/messages/batches"
        raw.sendall(request(b"", f"content-length: {MAX_BATCH + 1}", path=path))
        assert read_reply(raw) == (413, TOO_LARGE)
    asked = {"requests": [{"custom_id": "a", "params": ASK}]}
    body = b" " * (MAX_BODY + 1) + json.dumps(asked).encode()
    with connected(serve(Simulator())) as raw:
        raw.sendall(request(body, path=path))
        assert read_reply(raw)[0] == 200


def test_head_gets_headers_alone(serve) -> None:
    """The next reply on the same connection is not disturbed."""
    with connected(serve(Simulator())) as raw:
        raw.sendall(request(b"", method="HEAD", path="/v1/models"))
        assert b"content-type: application/json\r\n" in read_until(raw, b"\r\n\r\n")
        raw.sendall(request(b"", method="GET", path="/v1/models"))
        assert read_reply(raw)[0] == 200


TOO_LARGE = {"error": {"type": "request_too_large", "message": "Request exceeds the maximum size"}}


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(serve) -> None:
    """A terabyte is announced, and not a byte of it read."""
    with connected(serve(Simulator())) as raw:
        raw.sendall(request(b"", f"content-length: {10**12}"))
        assert read_reply(raw) == (413, TOO_LARGE)


def test_a_body_of_unknown_length_is_counted_while_it_comes(serve) -> None:
    """Refused in its midst: its end was never sent."""
    with connected(serve(Simulator())) as raw:
        raw.sendall(request(b"", "transfer-encoding: chunked"))
        for _ in range(MAX_BODY // 2**20):
            raw.sendall(b"100000\r\n" + b" " * 2**20 + b"\r\n")
        raw.sendall(b"1\r\n \r\n")
        assert read_reply(raw) == (413, TOO_LARGE)


def test_the_sdk_reads_the_refusal_of_a_large_body(serve, client_at) -> None:
    """And the connection can be used again: the rest of the body was dropped."""
    client = client_at(serve(Simulator()))
    large = [{"role": "user", "content": "a" * (MAX_BODY + 1)}]
    with pytest.raises(anthropic.RequestTooLargeError):
        client.messages.create(**{**ASK, "messages": large})
    assert client.messages.create(**ASK).stop_reason == "end_turn"


def test_each_event_leaves_before_the_next_one_is_made(serve) -> None:
    """Read one by one from a raw socket, the simulator standing still in between."""
    simulator = Stepwise(replies=Script(text("one two three")))
    names = []
    with connected(serve(simulator)) as raw:
        raw.sendall(request(json.dumps({**ASK, "stream": True}).encode()))
        assert read_until(raw, b"\r\n\r\n").startswith(b"HTTP/1.1 200")
        while "message_stop" not in names:
            simulator.allowed.release()
            chunk = read_until(raw, b"\n\n\r\n")
            names.append(chunk.partition(b"event: ")[2].partition(b"\n")[0].decode())
            assert simulator.transcript[0].events_sent == len(names)
        simulator.allowed.release()
        assert read_until(raw, b"\r\n\r\n") == b"0\r\n\r\n"
    assert len(names) == simulator.transcript[0].events_sent > 6


@pytest.mark.parametrize("pace", [None, Pace(first_token=3600.0)])
def test_a_client_that_hangs_up_closes_the_simulators_side(serve, pace: Pace | None) -> None:
    """Between two events, and while the server waits before the next."""
    simulator = Stepwise(replies=Script(text("one two three")), pace=pace)
    address = serve(simulator)
    with connected(address) as raw:
        raw.sendall(request(json.dumps({**ASK, "stream": True}).encode()))
        read_until(raw, b"\r\n\r\n")
        if pace is None:
            simulator.allowed.release()
            read_until(raw, b"\n\n\r\n")
    simulator.allowed.release(9)
    assert simulator.closed.wait(SECONDS)
    assert simulator.transcript[0].closed_early


def test_every_header_of_a_name_counts(serve) -> None:
    """Clients in Go send each beta in a header of its own."""
    simulator = Simulator()
    body = json.dumps(ASK).encode()
    betas = ("anthropic-beta: one-2026-01-01,two-2026-01-01", "Anthropic-Beta: three-2026-01-01")
    with connected(serve(simulator)) as raw:
        raw.sendall(request(body, f"content-length: {len(body)}", *betas))
        assert read_reply(raw)[0] == 200
    assert simulator.transcript[0].request.headers["anthropic-beta"] == (
        "one-2026-01-01,two-2026-01-01, three-2026-01-01"
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_beta_opens_its_field_in_whichever_header_it_stands(serve, order: int) -> None:
    """The order of the headers is nothing that a client can choose."""
    body = json.dumps({**ASK, "context_management": {"edits": []}}).encode()
    betas = ("anthropic-beta: context-management-2025-06-27", "anthropic-beta: a-2026-01-01")
    with connected(serve(Simulator())) as raw:
        raw.sendall(request(body, f"content-length: {len(body)}", *betas[::order]))
        assert read_reply(raw)[0] == 200


def test_half_a_body_times_out(serve, client_at) -> None:
    """With an error, and the connection is closed; the others are served meanwhile."""
    simulator = Simulator()
    address = serve(simulator, silence=0.5)
    body = json.dumps(ASK).encode()
    with connected(address) as raw, connected(address) as steady:
        raw.sendall(request(body[:9], f"content-length: {len(body)}"))
        steady.sendall(request(body[:9], f"content-length: {len(body)}"))
        steady.sendall(body[9:])
        assert read_reply(steady)[0] == 200
        status, told = read_reply(raw)
        assert (status, told["error"]["message"]) == (
            408,
            "The rest of the request did not arrive in time.",
        )
        assert raw.recv(1) == b""
    assert [exchange.status for exchange in simulator.transcript] == [200, 408]
    assert client_at(address).messages.create(**ASK).stop_reason == "end_turn"


@pytest.mark.parametrize("begun", [0, 1])
def test_half_a_head_times_out(serve, begun: int) -> None:
    """On a fresh connection and on one that was used; the simulator never hears of it."""
    simulator = Simulator()
    body = json.dumps(ASK).encode()
    whole = request(body, f"content-length: {len(body)}")
    with connected(serve(simulator, silence=0.5)) as raw:
        for _ in range(begun):
            raw.sendall(whole)
            assert read_reply(raw)[0] == 200
        raw.sendall(whole[:20])
        raw.sendall(whole[20:40])
        assert read_until(raw, b"\r\n\r\n").startswith(b"HTTP/1.1 408 ")
        assert raw.recv(1) == b""
    assert len(simulator.transcript) == begun


def test_a_head_in_pieces_is_no_half(serve) -> None:
    """What comes whole in time is answered, and so is the next on the same connection."""
    body = json.dumps(ASK).encode()
    whole = request(body, f"content-length: {len(body)}")
    with connected(serve(Simulator(), silence=20.0)) as raw:
        for cut in (7, 60):
            raw.sendall(whole[:cut])
            raw.sendall(whole[cut:])
            assert read_reply(raw)[0] == 200


class Lines(Simulator):
    """Note which thread makes the results of a batch."""

    def handle(self, method: str, path: str, headers: Any, body: bytes) -> Reply:
        """Answer, and note the thread of the results."""
        if path.partition("?")[0].endswith("/results"):
            self.thread = threading.current_thread().name
        return super().handle(method, path, headers, body)


def test_results_are_made_beside_the_event_loop(serve, client_at) -> None:
    """However many they are, others are served meanwhile."""
    simulator = Lines(batch_seconds=0.0)
    batches = client_at(serve(simulator)).messages.batches
    asked = [{"custom_id": f"n{number}", "params": ASK} for number in range(600)]
    batch = batches.create(requests=asked)
    assert sum(1 for _ in batches.results(batch.id)) == 600
    assert simulator.thread == "a large request"


class Gated(Simulator):
    """Answer requests with a large body only when the test allows it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.begun = threading.Semaphore(0)
        self.allowed = threading.Semaphore(0)
        self.threads: list[str] = []

    def handle(self, method: str, path: str, headers: Any, body: bytes) -> Reply:
        """Answer, where the body is large after a while."""
        if len(body) > 100_000:
            self.threads.append(threading.current_thread().name)
            self.begun.release()
            assert self.allowed.acquire(timeout=SECONDS)
        return super().handle(method, path, headers, body)


LONG = {**ASK, "messages": [{"role": "user", "content": "very " * 40_000}]}


def test_a_large_body_keeps_nobody_waiting(serve, client_at) -> None:
    """It is answered beside the others, and one at a time."""
    simulator = Gated()
    address = serve(simulator)
    body = json.dumps(LONG).encode()
    with connected(address) as first, connected(address) as second:
        first.sendall(request(body))
        assert simulator.begun.acquire(timeout=SECONDS)
        second.sendall(request(body))
        assert client_at(address).messages.create(**ASK).stop_reason == "end_turn"
        assert not simulator.begun.acquire(blocking=False)
        simulator.allowed.release(2)
        assert read_reply(first)[0] == read_reply(second)[0] == 200
    assert simulator.threads == ["a large request"] * 2


def test_a_server_that_is_stopped_does_not_wait_for_a_large_body() -> None:
    """Its client is cut off after two seconds, as any other is."""
    simulator = Gated()
    with ExitStack() as stack:
        with running(simulator) as (address, _):
            raw = stack.enter_context(connected(address))
            raw.sendall(request(json.dumps(LONG).encode()))
            assert simulator.begun.acquire(timeout=SECONDS)
        with suppress(ConnectionResetError):
            assert raw.recv(1) == b""
        simulator.allowed.release()


def test_what_fails_with_a_large_body_fails_as_with_a_small_one(serve) -> None:
    """A fault of ours is a 500 and not a silence."""

    class Broken(Simulator):
        def handle(self, *request: Any) -> NoReturn:
            raise ZeroDivisionError

    with connected(serve(Broken())) as raw:
        raw.sendall(request(json.dumps(LONG).encode()))
        assert read_until(raw, b"\r\n").startswith(b"HTTP/1.1 500")


def test_a_slow_reply_is_waited_for_by_its_own_client_alone(serve, client_at) -> None:
    """And a client that gives up leaves nothing behind."""
    client = client_at(serve(Simulator()))
    slow = {"extra_headers": {"x-simulator-fault": "slow, first-token=600"}}
    with pytest.raises(anthropic.APITimeoutError):
        client.messages.create(**ASK, timeout=0.2, **slow)
    late = {"extra_headers": {"x-simulator-fault": "slow, first-token=0.05"}}
    assert client.messages.create(**ASK, **late).stop_reason == "end_turn"


@pytest.mark.parametrize("wanted", ["cut", "timeout"])
def test_a_connection_is_cut_on_request(serve, client_at, wanted: str) -> None:
    """By a header, without a script."""
    client = client_at(serve(Simulator()))
    asked = {"extra_headers": {"x-simulator-fault": wanted}}
    with pytest.raises(anthropic.APIConnectionError):
        client.messages.create(**ASK, **asked)
    assert client.messages.create(**ASK).stop_reason == "end_turn"


def test_a_browser_is_answered_as_the_api_answers_it(serve) -> None:
    """Its question first, then its request."""
    access = "anthropic-dangerous-direct-browser-access"
    asking = [
        "content-length: 0",
        "origin: https://page.example",
        "access-control-request-method: POST",
        f"access-control-request-headers: {access}",
    ]
    with connected(serve(Simulator())) as raw:
        raw.sendall(request(b"", *asking, method="OPTIONS"))
        told = read_until(raw, b"\r\n\r\n")
        assert told.startswith(b"HTTP/1.1 200")
        assert b"access-control-allow-origin: *\r\n" in told
        body = json.dumps(ASK).encode()
        sent = (f"content-length: {len(body)}", "origin: https://page.example", f"{access}: true")
        raw.sendall(request(body, *sent))
        assert b"access-control-allow-origin: *\r\n" in read_until(raw, b"\r\n\r\n")


def test_each_request_is_told_when_its_reply_was_sent(serve, client_at) -> None:
    """Plain, streamed, refused, and cut off."""
    told: list[Exchange] = []
    simulator = Simulator()
    client = client_at(serve(simulator, told.append))
    client.messages.create(**ASK)
    with client.messages.stream(**COUNT) as stream:
        stream.until_done()
    with pytest.raises(anthropic.NotFoundError):
        client.messages.create(**{**ASK, "model": "nobody"})
    with pytest.raises(anthropic.APIConnectionError):
        client.messages.create(**ASK, extra_headers={"x-simulator-fault": "cut"})
    client.models.list()
    assert [exchange.status for exchange in simulator.transcript] == [200, 200, 404, 0, 200]
    assert told[:4] == simulator.transcript[:4]
    assert all(exchange.finished for exchange in told)


def test_a_client_that_hangs_up_in_its_request_is_forgotten(serve, client_at) -> None:
    """Nothing reached the simulator, and the next client is served."""
    simulator = Simulator()
    address = serve(simulator)
    with connected(address) as raw:
        raw.sendall(request(b'{"model', "content-length: 5000"))
    assert client_at(address).messages.create(**ASK).stop_reason == "end_turn"
    assert len(simulator.transcript) == 1


@pytest.mark.parametrize("fault", [connection_cut(), timed_out()])
def test_a_connection_is_cut_where_the_script_says(serve, client_at, fault) -> None:
    """Before any reply, and in the midst of a stream."""
    replies = Script(fault, interrupted(text("one two three"), after=1, fault=fault), text("Hi."))
    simulator = Simulator(replies=replies)
    client = client_at(serve(simulator))
    with pytest.raises(anthropic.APIConnectionError):
        client.messages.create(**ASK)
    with client.messages.create(**ASK, stream=True) as stream, pytest.raises(RemoteProtocolError):
        list(stream)
    # message_start, content_block_start, ping, and one delta.
    assert simulator.transcript[-1].events_sent == 4
    assert client.messages.create(**ASK).stop_reason == "end_turn"


def test_a_reply_that_is_open_is_given_a_moment_when_the_server_stops() -> None:
    """It ends as it would have; the listener is closed meanwhile."""
    simulator = Stepwise(replies=Script(text("one two three")))
    with running(simulator) as (address, server), connected(address) as raw:
        raw.sendall(request(json.dumps({**ASK, "stream": True}).encode()))
        simulator.allowed.release()
        read_until(raw, b"\n\n\r\n")
        server.should_exit = True
        simulator.allowed.release(99)
        read_until(raw, b"event: message_stop\n")
        read_until(raw, b"0\r\n\r\n")


def test_a_reply_that_does_not_end_is_cut_when_the_server_stops() -> None:
    """The server waits two seconds for it and not for ever."""
    simulator = Simulator(replies=Script(text("one two three")), pace=Pace(between_deltas=3600.0))
    with ExitStack() as stack:
        with running(simulator) as (address, _):
            raw = stack.enter_context(connected(address))
            raw.sendall(request(json.dumps({**ASK, "stream": True}).encode()))
            read_until(raw, b"event: ping\n")
        assert simulator.transcript[0].closed_early
        assert b"message_stop" not in raw.makefile("rb").read()


def test_it_listens_on_this_machine_alone() -> None:
    """Unless a host is named; a free port is taken for 0."""
    with listen(port=0) as listener:
        host, port = listener.getsockname()
        assert (HOST, url_of(listener)) == (host, f"http://127.0.0.1:{port}")
        socket.create_connection((host, port)).close()


def test_replies_of_two_writes_do_not_wait_for_an_acknowledgement() -> None:
    """asyncio sets TCP_NODELAY on sockets that say they are TCP; 40 ms a reply without it."""
    with listen(port=0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="This machine has no address of IPv6.")
def test_an_address_of_ipv6_stands_in_brackets() -> None:
    """As URLs have it."""
    with listen("::1", 0) as listener:
        assert url_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_a_port_that_is_taken_is_a_sentence_with_another() -> None:
    """The error names the port and the command that works."""
    with listen(port=0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError) as caught:
            listen(port=port)
    assert str(caught.value) == (
        f"Port {port} of 127.0.0.1 cannot be had (Address already in use). Stop what listens "
        f"there, or choose another: grader serve --port {port % 65535 + 1}"
    )


def test_a_port_of_the_systems_own_is_a_sentence_with_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ports below 1024 are refused to everybody but root."""

    class Denied(socket.socket):
        def bind(self, address: object) -> NoReturn:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.simulator.server.socket.socket", Denied)
    with pytest.raises(PortError) as caught:
        listen(port=80)
    assert str(caught.value) == (
        "Port 80 of 127.0.0.1 cannot be had (Permission denied). Ports below 1024 are the "
        f"system's: grader serve --port {PORT}"
    )


@pytest.mark.parametrize("host", ["no.such.host.invalid", "", "a" * 300, "127.0.0.1:8017"])
def test_a_host_that_is_not_known_is_a_sentence_with_the_fix(host: str) -> None:
    """Also one that is no name at all."""
    with pytest.raises(PortError, match=r"is not known here .* Leave --host out"):
        listen(host, 0)


def test_an_address_of_another_machine_is_a_sentence_with_the_fix() -> None:
    """192.0.2.1 is nobody's, for documentation."""
    with pytest.raises(PortError, match=r"no such address; leave --host out"):
        listen("192.0.2.1", 0, is_guarded=True)


def test_other_machines_are_kept_out_unless_a_key_is_asked_for() -> None:
    """The refusal names the option and the variable that let them in."""
    with pytest.raises(PortError, match=r"--host 0\.0\.0\.0 --api-key KEY, or set GRADER_API_KEY"):
        listen("0.0.0.0", 0)
    with listen("0.0.0.0", 0, is_guarded=True) as listener:
        assert url_of(listener).startswith("http://0.0.0.0:")
