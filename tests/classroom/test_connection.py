"""connect(): which of three destinations, what it says, and what it refuses."""

import asyncio
from decimal import Decimal

import anthropic
import httpx2
import pytest

from grader.classroom import connect, connect_async, connect_openai
from grader.classroom.connection import Destination, _proxy, choose_destination
from grader.errors import ConnectionChoiceError
from grader.simulator import Script, Simulator, SimulatorTransport, text

LIVE = "https://api.anthropic.com"
ONE = Decimal(1)
QUESTION = [{"role": "user", "content": "What is the capital of France?"}]


@pytest.mark.parametrize(
    ("environment", "live", "destination"),
    [
        ({}, None, Destination("simulator", LIVE, "simulated", None)),
        ({"ANTHROPIC_API_KEY": " "}, None, Destination("simulator", LIVE, "simulated", None)),
        ({"ANTHROPIC_API_KEY": "k"}, None, Destination("live", LIVE, "k", ONE)),
        ({"ANTHROPIC_API_KEY": "k"}, True, Destination("live", LIVE, "k", ONE)),
        ({"ANTHROPIC_API_KEY": "k"}, False, Destination("simulator", LIVE, "simulated", None)),
        (
            {"ANTHROPIC_BASE_URL": "http://localhost:11434/"},
            None,
            Destination("other", "http://localhost:11434", "none", None),
        ),
        (
            {"ANTHROPIC_BASE_URL": "http://localhost:1", "ANTHROPIC_API_KEY": "k"},
            None,
            Destination("other", "http://localhost:1", "k", ONE),
        ),
        (
            {"ANTHROPIC_BASE_URL": LIVE, "ANTHROPIC_API_KEY": "k"},
            None,
            Destination("live", LIVE, "k", ONE),
        ),
    ],
)
def test_the_environment_chooses_the_destination(
    environment: dict[str, str], live: bool | None, destination: Destination
) -> None:
    """A base URL comes first, then a key, then the simulator."""
    assert choose_destination(environment, live=live, cap=ONE) == destination


@pytest.mark.parametrize(
    ("destination", "statement"),
    [
        (
            Destination("simulator", LIVE, "simulated", None),
            "Simulated: replies are made by this course, offline. Nothing is billed.",
        ),
        (
            Destination("live", LIVE, "k", Decimal("0.5")),
            (
                "Live: requests go to https://api.anthropic.com and are billed to your key. "
                "This session stops before it spends 0.5 USD."
            ),
        ),
        (
            Destination("other", "http://localhost:1", "none", None),
            "Other server: requests go to http://localhost:1, as ANTHROPIC_BASE_URL says.",
        ),
    ],
)
def test_a_destination_says_in_one_line_what_it_costs(
    destination: Destination, statement: str
) -> None:
    """The line never holds a key."""
    assert destination.statement == statement


def test_live_without_a_key_says_what_to_set() -> None:
    """Asking for the live API without a key is refused at once, not at the first request."""
    with pytest.raises(ConnectionChoiceError, match="ANTHROPIC_API_KEY is not set"):
        choose_destination({}, live=True, cap=ONE)


@pytest.mark.parametrize("cap", [0, -1, "a lot", float("nan"), float("inf")])
def test_a_cap_that_is_no_amount_is_refused(cap: float | str) -> None:
    """The error shows the value and one that would do."""
    with pytest.raises(ConnectionChoiceError, match=r"cap=.* Give US dollars above 0"):
        choose_destination({"ANTHROPIC_API_KEY": "k"}, live=None, cap=cap)


def test_connect_gives_a_real_client_of_the_simulator(capsys: pytest.CaptureFixture[str]) -> None:
    """The client is the SDK's own class, and a question gets its written answer."""
    with connect() as client:
        message = client.messages.create(
            model="claude-sonnet-4-6", max_tokens=20, messages=QUESTION
        )
    assert type(client) is anthropic.Anthropic
    assert message.content[0].to_dict() == {"type": "text", "text": "Paris."}
    assert capsys.readouterr().out.startswith("Simulated: ")


def test_connect_async_gives_its_twin() -> None:
    """The asynchronous client reaches the same simulator."""

    async def ask() -> str:
        async with connect_async() as client:
            message = await client.messages.create(
                model="claude-sonnet-4-6", max_tokens=20, messages=QUESTION
            )
        return str(message.content[0].to_dict()["text"])

    assert asyncio.run(ask()) == "Paris."


def test_connect_openai_reaches_the_compatible_endpoint() -> None:
    """The comparison runs without an account at OpenAI."""
    with connect_openai() as client:
        completion = client.chat.completions.create(model="claude-sonnet-4-6", messages=QUESTION)
    assert completion.choices[0].message.content == "Paris."


def test_a_live_client_sends_the_key_to_the_live_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reaches the real transport is what the SDK sends, key and address included."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    seen: list[httpx2.Request] = []
    live = SimulatorTransport(Simulator(replies=Script(text("Hi.")), api_key="sk-test"))

    class Recorded(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            seen.append(request)
            return live.handle_request(request)

    with connect(transport=Recorded()) as client:
        client.messages.create(model="claude-sonnet-4-6", max_tokens=20, messages=QUESTION)
    assert [str(request.url) for request in seen] == ["https://api.anthropic.com/v1/messages"]


def test_a_proxy_of_the_environment_is_used_for_the_live_api(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind a company's proxy the live API is reached as the SDK alone would reach it."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "localhost")
    found = [_proxy(url) for url in (LIVE, "https://localhost:1", "http://localhost:1")]
    assert found == ["http://proxy.example:3128", None, None]
