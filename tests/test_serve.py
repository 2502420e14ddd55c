"""`grader serve` as a process: what it prints, how it stops, what it refuses."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import anthropic
import openai
import pytest

from tests.serving import SECONDS, Serving, serving

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    """Start `grader serve` until the test ends."""
    with ExitStack() as stack:
        yield lambda *options, **given: stack.enter_context(serving(*options, **given))


def client_of(server: Serving, api_key: str = "any") -> anthropic.Anthropic:
    """Return a client of the Anthropic SDK that reaches a server."""
    return anthropic.Anthropic(api_key=api_key, base_url=server.address, max_retries=0)


def refused(*options: str, **variables: str) -> tuple[int, str]:
    """Run `grader serve` with what it refuses; return its exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", "serve", *options],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        # So wide that no sentence is broken.
        env={**os.environ, "COLUMNS": "200", **variables},
        check=False,
    )
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, " ".join(done.stderr.split())


def test_it_begins_with_how_each_client_reaches_it(serve) -> None:
    """One line a client, each ready to be copied."""
    server = serve()
    url = f"http://127.0.0.1:{server.port}"
    assert server.lines == [
        f"The simulated API answers at {url} until you press Ctrl+C.",
        f"Anthropic's SDKs: ANTHROPIC_BASE_URL={url} ANTHROPIC_API_KEY=simulated",
        f"OpenAI's SDKs:    OPENAI_BASE_URL={url}/v1 OPENAI_API_KEY=simulated",
        f"curl:             curl {url}/v1/models -H 'x-api-key: simulated'",
    ]
    with client_of(server) as client:
        assert client.messages.create(**ASK).stop_reason == "end_turn"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_with_one_line(serve, number: signal.Signals) -> None:
    """Exit code 0, and no word of how, whichever signal came."""
    server = serve()
    with client_of(server) as client:
        client.models.list()
        assert server.stop(number) == (0, "Stopped.\n", "")


def test_rude_clients_leave_no_trace_in_the_terminal(serve) -> None:
    """Hung up in the request, in its body, in a stream; no HTTP; open when the server stops."""
    server = serve("--pace", "realistic")
    body = json.dumps({**ASK, "stream": True}).encode()
    head = (
        "POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: a\r\n"
        f"anthropic-version: 2023-06-01\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode()
    for sent in (b"", b"POST /v1/mess", head, head + body[:9], b"\x16\x03\x01\x00\xff" * 9):
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(sent)
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(head + body)
        assert raw.recv(1) == b"H"
    with (
        socket.create_connection(("127.0.0.1", server.port)) as half,
        socket.create_connection(("127.0.0.1", server.port)) as raw,
    ):
        half.sendall(head + body[:9])
        raw.sendall(head + body)
        assert raw.recv(1) == b"H"
        assert server.stop() == (0, "Stopped.\n", "")


def test_a_request_to_a_path_that_is_none_is_told_with_the_right_address(serve) -> None:
    """Each path once; a 404 for a model is the API's, and no wrong address."""
    server = serve()
    url = server.address
    with anthropic.Anthropic(api_key="any", base_url=f"{url}/v1", max_retries=0) as client:
        for _ in range(2):
            with pytest.raises(anthropic.NotFoundError):
                client.messages.create(**ASK)
            with pytest.raises(anthropic.NotFoundError):
                client.models.list()
    with (
        openai.OpenAI(api_key="any", base_url=url, max_retries=0) as other,
        pytest.raises(openai.NotFoundError),
    ):
        other.chat.completions.create(model=ASK["model"], messages=ASK["messages"])
    with client_of(server) as client, pytest.raises(anthropic.NotFoundError, match="model: gpt-4o"):
        client.messages.create(**{**ASK, "model": "gpt-4o"})
    with client_of(server) as client:
        client.models.list()
        with pytest.raises(anthropic.NotFoundError):
            client.get(f"/v1/[red]{'x' * 200}", cast_to=object)
    _, out, err = server.stop()
    right = f"The client adds /v1 itself: its base URL is {url}, without /v1 at the end."
    both = f"Anthropic's SDKs have the base URL {url}, and OpenAI's {url}/v1."
    assert err == ""
    assert out.splitlines() == [
        f"404: POST /v1/v1/messages is not a path of the API. {right}",
        f"404: GET /v1/v1/models is not a path of the API. {right}",
        f"404: POST /chat/completions is not a path of the API. {both}",
        f"404: GET /v1/[red]{'x' * 91}… is not a path of the API.",
        "Stopped.",
    ]


def test_a_flood_of_wrong_paths_does_not_fill_the_terminal(serve) -> None:
    """Twenty lines, and no more."""
    server = serve()
    with client_of(server) as client:
        for number in range(50):
            with pytest.raises(anthropic.NotFoundError):
                client.get(f"/v1/{number}", cast_to=object)
    assert len(server.stop()[1].splitlines()) == 20 + 1


def test_a_key_is_the_only_one_that_is_taken(serve) -> None:
    """From the option or from the environment; it is never printed."""
    for server in (serve("--api-key", "se-cret"), serve(GRADER_API_KEY="se-cret")):
        assert "ANTHROPIC_API_KEY=YOUR_KEY" in server.lines[1]
        assert "se-cret" not in "".join(server.lines)
        with client_of(server, "se-cret") as right, client_of(server, "guessed") as wrong:
            assert right.messages.create(**ASK).stop_reason == "end_turn"
            with pytest.raises(anthropic.AuthenticationError):
                wrong.messages.create(**ASK)


def test_other_machines_are_let_in_only_with_a_key(serve) -> None:
    """The refusal is one sentence with the fix."""
    code, said = refused("--host", "0.0.0.0", "--port", "0", GRADER_API_KEY="")
    assert code == 1
    assert said.startswith("error: 0.0.0.0 can be reached from other machines")
    assert "--api-key KEY" in said
    assert serve("--host", "0.0.0.0", "--api-key", "k").address.startswith("http://0.0.0.0:")


def test_a_port_that_is_taken_is_said_so(serve) -> None:
    """With the command for the next one."""
    port = serve().port
    code, said = refused("--port", str(port))
    assert code == 1
    assert said.startswith(f"error: Port {port} of 127.0.0.1 cannot be had")
    assert said.endswith(f"grader serve --port {port + 1}")


@pytest.mark.parametrize("port", ["70000", "-1", "http", "80.5", "٨٠١٧", ""])
def test_a_port_that_is_none_is_a_wrong_call(port: str) -> None:
    """Exit code 2, with what was given and what there is."""
    code, said = refused("--port", port)
    assert code == 2
    assert f"'{port}' is not a port" in said
    assert "1 to 65535" in said


def test_a_seed_makes_ids_repeatable(serve) -> None:
    """Two servers with one seed give one id."""
    ids = set()
    for _ in range(2):
        with client_of(serve("--seed", "7")) as client:
            ids.add(client.messages.create(**ASK).id)
    assert len(ids) == 1


def test_a_lenient_server_says_so_and_answers_nonsense(serve) -> None:
    """The reply names what the API would have refused."""
    server = serve("--lenient")
    assert server.lines[4].startswith("Lenient: ")
    with client_of(server) as client:
        message = client.messages.create(**{**ASK, "model": "nobody"})
    assert message.content[0].text.endswith("The API would refuse this request: model: nobody")


def test_a_log_has_a_line_for_each_request(serve) -> None:
    """What was asked, what was answered, what went wrong; nothing in it moves the terminal."""
    server = serve("--log", "--seed", "1")
    with client_of(server, "sk-ant-api03-abcdefghijklmnop") as client:
        client.messages.create(**ASK)
        with client.messages.stream(**ASK) as stream:
            stream.until_done()
        with pytest.raises(anthropic.NotFoundError):
            client.messages.create(**{**ASK, "model": "[red]\x1b[2Jsk-ant-api03-abcdefghijklmnop"})
        with pytest.raises(anthropic.RateLimitError):
            client.messages.create(**ASK, extra_headers={"x-simulator-fault": "429"})
        with pytest.raises(anthropic.APIConnectionError):
            client.messages.create(**ASK, extra_headers={"x-simulator-fault": "cut"})
        client.models.list()
    code, out, err = server.stop()
    assert (code, err) == (0, "")
    lines = [line.partition("  ")[2] for line in out.splitlines()[:-1]]
    said = "POST /v1/messages  claude-sonnet-4-6"
    assert lines[0] == f"200  {said}  14 → 5 tokens  end_turn"
    assert lines[1].startswith(f"200  {said}  14 → 5 tokens  end_turn  ")
    assert lines[1].endswith(" events")
    assert lines[2].startswith("404  POST /v1/messages  [red]�[2Jsk-ant-…mnop  not_found_error: ")
    assert lines[3].startswith(f"429  {said}  rate_limit_error: This request would exceed ")
    assert lines[4:] == [f"cut  {said}", "200  GET /v1/models"]
    assert "abcdef" not in out


def test_the_page_of_requests_is_at_the_address(serve) -> None:
    """It loads nothing, and who opens it is told nothing in the terminal."""
    server = serve()
    with client_of(server) as client:
        client.messages.create(**ASK)
    with urllib.request.urlopen(server.address) as page:
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert b"<title>Requests" in page.read()
    with urllib.request.urlopen(f"{server.address}/requests") as found:
        assert [line["status"] for line in json.load(found)] == [200]
    assert server.stop() == (0, "Stopped.\n", "")
