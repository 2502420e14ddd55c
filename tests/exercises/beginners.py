"""What beginners write who come from another API or from a dict: the same in every exercise."""

from collections.abc import Iterator

from tests.exercises.proof import Wrong


def beginners(
    source: str, reading: str, call: str, reply: str, *, points: int = 2
) -> Iterator[Wrong]:
    """Yield a right answer with each of the slips, for an exercise that names them.

    reading: the source's assignment of the reply's text. call: how it asks for the reply.
    reply: the name of the reply. points: for a request that is right, when no reply is read.
    """
    yield from bad_calls(source, call)
    yield from bad_readings(source, reading, reply, points=points)


def bad_calls(source: str, call: str) -> Iterator[Wrong]:
    """Yield the slips of a call; each of them stops before anything is sent."""
    client = call.partition(".messages")[0]
    calls = {
        "openai-call": call.replace("messages.create", "chat.completions.create"),
        "other-call": call.replace("messages.create", "completions.create"),
        "by-position": f"{client}.messages.create(request)",
        "unknown-argument": call.replace("create(", "create(temperature=0, "),
        "messages-not-turns": call.replace(
            "create(**request)", "create(**{**request, 'messages': 'Hello'})"
        ),
        "stream-as-message": call.replace("messages.create", "messages.stream"),
        "own-client": call.replace(
            f"{client}.",
            "anthropic.Anthropic(api_key='sk', base_url='http://127.0.0.1:9', max_retries=0).",
        ),
    }
    for diagnosis, slip in calls.items():
        yield Wrong(diagnosis, "import anthropic\n" + source.replace(call, slip), 0, "Crashed")


def bad_readings(source: str, reading: str, reply: str, *, points: int) -> Iterator[Wrong]:
    """Yield the slips of reading a reply."""
    name = reading.partition(" =")[0]
    readings = {
        "no-choices": ".choices[0].message.content",
        "message-as-dict": '["content"][0]["text"]',
        "list-as-block": ".content.text",
        "message-attribute": ".text",
        "text-attribute": ".content[0].content",
    }
    for diagnosis, slip in readings.items():
        changed = source.replace(reading, f"{name} = {reply}{slip}")
        yield Wrong(diagnosis, changed, points, "Crashed")
