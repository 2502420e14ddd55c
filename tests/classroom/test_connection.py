"""connect(): which of three destinations, what it says, and what it refuses."""

import asyncio
import importlib.util
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import anthropic
import httpx2
import pytest

from grader.classroom import connect, connect_async, connect_openai, connection
from grader.classroom.connection import PROTOCOLS, Destination, choose_destination
from grader.errors import ConnectionChoiceError
from grader.simulator import Script, Simulator, SimulatorTransport, installed_counter, text
from grader.simulator.tokens import InstalledCounter, estimate_tokens, text_tokens

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
            "Simulated: this course makes the replies, offline. Nothing is billed.",
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
    with pytest.raises(ConnectionChoiceError, match="ANTHROPIC_API_KEY isn't set"):
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


def test_calls_sent_at_once_arrive_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread decides which of them comes first, so none reads what another writes."""
    prefix: Any = [
        {"type": "text", "text": "word " * 5_000, "cache_control": {"type": "ephemeral"}}
    ]

    async def ask() -> list[int | None]:
        async with connect_async() as client:
            started = [
                client.messages.create(
                    model="claude-sonnet-4-6", max_tokens=20, system=prefix, messages=QUESTION
                )
                for _ in range(3)
            ]
            messages = await asyncio.gather(*started)
        return [message.usage.cache_read_input_tokens for message in messages]

    monkeypatch.setattr(threading.Thread, "start", None)
    assert asyncio.run(ask()) == [0, 0, 0]


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


@pytest.mark.parametrize("connects", [connect, connect_async, connect_openai])
def test_a_client_of_the_simulator_says_once_what_counts(
    connects: Callable[[], object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the same line, whatever is installed; the clients after it only say where they lead."""
    monkeypatch.setattr(connection, "_SAID", set())
    for counter in (f" {installed_counter().statement}", ""):
        connects()
        protocols = f" {PROTOCOLS['simulator']}" if connects is connect_openai else ""
        assert capsys.readouterr().out == (
            "Simulated: this course makes the replies, offline. Nothing is billed."
            f"{counter}{protocols}\n"
        )


def test_a_client_of_openais_sdk_says_what_it_speaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Responses are OpenAI's own, and only the simulator has them beside Chat Completions."""
    told = {}
    for kind, variables in (
        ("simulator", {}),
        ("other", {"ANTHROPIC_BASE_URL": "http://localhost:1"}),
        ("live", {"ANTHROPIC_BASE_URL": "", "ANTHROPIC_API_KEY": "sk-test"}),
    ):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        connect_openai().close()
        told[kind] = capsys.readouterr().out.splitlines()[0]
    assert [kind for kind in PROTOCOLS if not told[kind].endswith(f" {PROTOCOLS[kind]}")] == []
    assert "Anthropic itself serves only Chat Completions" in told["simulator"]
    assert "not Responses" in told["live"]


def test_responses_run_beside_messages() -> None:
    """The same question, with the names of OpenAI's models."""
    with connect_openai() as client:
        response = client.responses.create(model="gpt-5.5", input=QUESTION)
    assert response.output_text == "Paris."


@pytest.mark.parametrize(
    ("count", "ctok", "version", "statement"),
    [
        (abs, "ctok 1.3.0", (3, 13), "Tokens are counted by ctok 1.3.0."),
        (estimate_tokens, "", (3, 13), "Token counts are estimates."),
        (
            estimate_tokens,
            "ctok 1.3.0",
            (3, 11),
            "Token counts are estimates. On Python 3.12 or newer, ctok 1.3.0 counts them.",
        ),
        (
            estimate_tokens,
            "ctok 1.3.0",
            (3, 13),
            "Token counts are estimates: ctok 1.3.0 can't be imported.",
        ),
    ],
)
def test_a_counter_says_whether_it_counts(
    count: Any,
    ctok: str,
    version: tuple[int, int],
    statement: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that is there and unused is said to be unused, and why."""
    monkeypatch.setattr("sys.version_info", version)
    counter = InstalledCounter(count, ctok, is_used=count is not estimate_tokens)
    assert counter.statement == statement


def test_the_counter_that_is_named_is_the_one_that_counts() -> None:
    """What this Python says of itself is true."""
    found = installed_counter()
    has_ctok = importlib.util.find_spec("ctok") is not None
    assert found.is_used == (has_ctok and sys.version_info >= (3, 12))
    assert text_tokens("internationalization", "v4.8") == found.count(
        "internationalization", "v4.8"
    )


SERVERS = {
    "http://localhost:8017/v1": "http://localhost:8017",
    "http://localhost:8017/v1/": "http://localhost:8017",
    "http://localhost:8017/v1/v1": "http://localhost:8017",
    "http://localhost:8017/v1/messages": "http://localhost:8017",
    "http://localhost:8017/v1/chat/completions/": "http://localhost:8017",
    "https://gateway.example/anthropic/v1": "https://gateway.example/anthropic",
    "https://api.anthropic.com/v1": "https://api.anthropic.com",
    "http://[::1]:8017/v1": "http://[::1]:8017",
}


@pytest.mark.parametrize("connects", [connect, connect_async, connect_openai])
@pytest.mark.parametrize("given", SERVERS)
def test_an_address_that_ends_in_v1_is_told_with_the_right_one(
    connects: Callable[[], object],
    given: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before the first request gets a 404 that says nothing."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", given)
    connects()
    _, remark = capsys.readouterr().out.splitlines()
    assert "the SDK adds /v1/messages to it" in remark
    assert remark.endswith(f" Set ANTHROPIC_BASE_URL={SERVERS[given]}")


@pytest.mark.parametrize(
    "given",
    [
        *sorted(set(SERVERS.values()) - {LIVE}),
        "https://gateway.example/v1/account/anthropic",
        "http://v1.example",
        "http://localhost:8017/v12",
        "http://localhost:8017/api",
    ],
)
def test_another_address_is_not_remarked_on(
    given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A gateway may have a version of its own in the middle."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", given)
    connect()
    assert capsys.readouterr().out.splitlines() == [
        f"Other server: requests go to {given}, as ANTHROPIC_BASE_URL says."
    ]


@pytest.mark.parametrize(
    "given",
    ["localhost:8017", "127.0.0.1", "http://:8017", "htp://localhost", "http://[::1", "x", "//a"],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    """At once, with what was given and one that would do; not at the first request."""
    with pytest.raises(ConnectionChoiceError) as caught:
        choose_destination({"ANTHROPIC_BASE_URL": given}, live=None, cap=ONE)
    told = f"ANTHROPIC_BASE_URL is {given!r}, which isn't a server's address"
    assert str(caught.value).startswith(told)
