"""A protocol is one object: the core takes one that it has never heard of."""

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from grader.simulator import (
    Fault,
    Reply,
    Script,
    ServerSentEvent,
    Simulator,
    Turn,
    core,
    headers,
    interrupted,
    overloaded,
    rate_limited,
    replying,
    stream,
    text,
)
from grader.simulator.dialects import CHAT, DIALECTS, MESSAGES, Asked, Counting, Dialect
from grader.simulator.faults import invalid
from grader.simulator.stream import Stage
from grader.simulator.validation import NEWEST_VERSION

PATH = "/v1/telegrams"


def version_of(given: Mapping[str, str]) -> str:
    """Return the newest version, for clients that stop where they should."""
    if given.get("manners") == "none":
        raise invalid("manners: header is not polite STOP")
    return NEWEST_VERSION


def read(body: Any) -> Any:
    """Return the Messages request of a telegram."""
    if not isinstance(body, dict) or "words" not in body:
        raise invalid("words: missing STOP")
    message = {"role": "user", "content": body["words"]}
    asked = {"model": "claude-haiku-4-5", "max_tokens": 100, "messages": [message]}
    if body.get("send") == "wire by wire":
        asked["stream"] = True
    return asked


def words_of(message: Any) -> list[str]:
    """Return the words that a message says."""
    return " ".join(block["text"] for block in message["content"]).split()


def write(message: Any, asked: Asked) -> Any:
    """Return the telegram that answers one."""
    words = [*words_of(message), "STOP"]
    return {"telegram": " ".join(words), "to": asked.body.get("from"), "at": asked.created}


def wires(message: Any, asked: Asked) -> Iterator[ServerSentEvent]:
    """Yield a telegram word by word."""
    for word in words_of(message):
        yield ServerSentEvent("wire", {"word": word}, delay=asked.pace.between_deltas)
    yield ServerSentEvent("full stop", {"to": asked.body["from"]})
    yield ServerSentEvent("end", {})


def stage_of(event: ServerSentEvent) -> Stage:
    """Return where an event of a telegram stands."""
    stages: dict[str | None, Stage] = {
        "wire": "delta",
        "full stop": "closing",
        "end": "last",
        "lost": "last",
    }
    return stages[event.name]


TELEGRAMS = Dialect(
    path=PATH,
    version_of=version_of,
    read=read,
    write=write,
    stream=wires,
    stage_of=stage_of,
    write_error=lambda body: {"regret": body["error"]["message"]},
    end_with_error=lambda body, _ids: ServerSentEvent("lost", {"regret": body["error"]["message"]}),
    limit_names=lambda limit: ("limit", "left", "back") if limit == "requests" else None,
    counting=Counting(
        path=f"{PATH}/weigh",
        read=lambda body: {key: read(body)[key] for key in ("model", "messages")},
        write=lambda counted: {"weight": counted.tokens},
    ),
)


def sent(*replies: Turn | Fault | Any, path: str = PATH, lenient: bool = False, **body: Any) -> Any:
    """Return a simulator of three dialects, and its reply to a telegram."""
    simulator = Simulator(
        replies=Script(*replies),
        dialects=(*DIALECTS, TELEGRAMS),
        lenient=lenient,
        clock=lambda: 1_795_305_600.9,
        seed=1,
    )
    given = {"words": "Arriving Monday", "from": "Ann", **body}
    telegram = {key: value for key, value in given.items() if value is not None}
    reply = simulator.handle("POST", path, {"x-api-key": "k"}, json.dumps(telegram).encode())
    return simulator, reply


def test_a_third_dialect_is_answered_in_its_own_form() -> None:
    """The request is checked and counted as any other, and the reply written as it likes."""
    simulator, reply = sent(text("Will meet you"))
    assert reply.status == 200
    assert reply.body == {"telegram": "Will meet you STOP", "to": "Ann", "at": 1_795_305_600}
    assert (reply.headers["limit"], reply.headers["left"]) == ("4000", "3999")
    assert not [name for name in reply.headers if "ratelimit" in name]
    (exchange,) = simulator.transcript
    assert exchange.request.body == {"words": "Arriving Monday", "from": "Ann"}
    assert exchange.message["content"] == [{"type": "text", "text": "Will meet you"}]
    assert exchange.body == reply.body


def test_a_third_dialect_streams() -> None:
    """And the transcript follows how far the client came."""
    simulator, reply = sent(text("Will meet you"), send="wire by wire")
    (exchange,) = simulator.transcript
    names = []
    for event in reply.events:
        names.append(event.name)
        assert exchange.finished == (event.name == "end")
    assert names == ["wire", "wire", "wire", "full stop", "end"]
    assert exchange.events_sent == 5


def test_a_third_dialects_stream_breaks_off() -> None:
    """After as many pieces as are scripted, before its end, with its own last event."""
    broken = interrupted(text("Will meet you"), after=2, fault=overloaded())
    _, reply = sent(broken, send="wire by wire")
    events = list(reply.events)
    assert [event.name for event in events] == ["wire", "wire", "lost"]
    assert events[-1].data == {"regret": "Overloaded"}


def test_a_third_dialect_tells_of_faults() -> None:
    """Its own, the API's and scripted ones, in its own form."""
    assert sent(words=None)[1].body == {"regret": "words: missing STOP"}
    empty = sent(words=[])[1]
    assert (empty.status, "messages.0" in empty.body["regret"]) == (400, True)
    limited = sent(rate_limited(retry_after=3))[1]
    assert limited.status == 429
    assert list(limited.body) == ["regret"]
    assert limited.headers["retry-after"] == "3"


def test_a_third_dialect_counts_tokens() -> None:
    """Where it has a path for that."""
    simulator, reply = sent(path=f"{PATH}/weigh")
    assert list(reply.body) == ["weight"]
    assert reply.body["weight"] > 0
    assert simulator.transcript[0].message is None
    refused = sent(path=f"{PATH}/weigh", words=None)[1]
    assert refused.body == {"regret": "words: missing STOP"}


def test_a_third_dialect_is_answered_leniently() -> None:
    """With a reply that says why the API would refuse."""
    _, reply = sent(lenient=True, words=None)
    assert (reply.status, reply.body["to"]) == (200, "Ann")
    assert "words: missing STOP" in reply.body["telegram"]


def test_who_speaks_no_dialect_is_answered_in_the_first() -> None:
    """At any other path, and a dialect that a simulator was not given is one."""
    reply: Reply = Simulator().handle("POST", PATH, {"x-api-key": "k"}, b"{}")
    assert (reply.status, reply.body["error"]["type"]) == (404, "not_found_error")


@pytest.mark.parametrize("module", [core, replying, headers, stream])
def test_the_core_names_no_dialect(module: Any) -> None:
    """Neither by its path nor by its object."""
    source = inspect.getsource(module)
    for dialect in DIALECTS:
        assert f'"{dialect.path}' not in source
    assert "CHAT" not in source
    assert "MESSAGES" not in source
    assert CHAT.path != MESSAGES.path
