"""The HTTP edge: the same replies over a real port, to clients that know only an address."""

import socket
import threading
from collections.abc import Iterator

import anthropic
import openai
import pytest
import uvicorn

from grader.errors import PortError
from grader.simulator import Pace, Simulator
from grader.simulator.server import make_app, serve


@pytest.fixture
def served() -> Iterator[tuple[str, Simulator]]:
    """Serve a simulator on a free port, and stop it after the test."""
    simulator = Simulator(pace=Pace(between_deltas=0.001))
    server = uvicorn.Server(uvicorn.Config(make_app(simulator), log_level="warning"))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", simulator
    server.should_exit = True
    thread.join()
    listener.close()


def test_an_sdk_that_knows_only_the_address_gets_an_answer(
    served: tuple[str, Simulator],
) -> None:
    """ANTHROPIC_BASE_URL is all that a client needs."""
    address, _ = served
    with anthropic.Anthropic(api_key="any", base_url=address) as client:
        message = client.messages.create(
            model="claude-sonnet-4-6",
            max_tokens=50,
            messages=[{"role": "user", "content": "What is the capital of France?"}],
        )
    assert [block.to_dict() for block in message.content] == [{"type": "text", "text": "Paris."}]


def test_a_stream_comes_over_the_port(served: tuple[str, Simulator]) -> None:
    """Events arrive in order, and the simulator sees the stream read to its end."""
    address, simulator = served
    with (
        anthropic.Anthropic(api_key="any", base_url=address) as client,
        client.messages.stream(
            model="claude-sonnet-4-6",
            max_tokens=50,
            messages=[{"role": "user", "content": "Count to five."}],
        ) as stream,
    ):
        assert "".join(stream.text_stream) == "one, two, three, four, five"
    assert simulator.transcript[-1].finished


def test_the_openai_sdk_reaches_the_compatible_endpoint(served: tuple[str, Simulator]) -> None:
    """The OpenAI SDK works over the port as it does in process."""
    address, _ = served
    with openai.OpenAI(api_key="any", base_url=f"{address}/v1/") as client:
        completion = client.chat.completions.create(
            model="claude-sonnet-4-6",
            messages=[{"role": "user", "content": "What is the capital of France?"}],
        )
    assert completion.choices[0].message.content == "Paris."


def test_an_error_has_the_status_of_the_api(served: tuple[str, Simulator]) -> None:
    """A refused request is refused over the port too."""
    address, _ = served
    with (
        anthropic.Anthropic(api_key="any", base_url=address) as client,
        pytest.raises(anthropic.NotFoundError, match="model: nobody"),
    ):
        client.messages.create(
            model="nobody", max_tokens=5, messages=[{"role": "user", "content": "Hello"}]
        )


def test_a_busy_port_is_a_sentence_with_the_fix() -> None:
    """Two servers cannot share a port; the error names the port and another command."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=f"Port {port} .* grader serve --port {port + 1}"):
            serve(host="127.0.0.1", port=port)
