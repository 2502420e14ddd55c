"""The proof of `stream_until`."""

from tests.exercises.proof import Proof, Wrong
from tests.exercises.troubled import asked_again

_SOLVED = """
def stream_until(client, request, predicate):
    text = ""
    with client.messages.stream(**request) as stream:
        for piece in stream.text_stream:
            text += piece
            if predicate(text):
                break
    return text
"""
_DROPPED = """
def stream_until(client, request, predicate):
    text = ""
    for event in client.messages.create(stream=True, **request):
        if event.type == "content_block_delta" and event.delta.type == "text_delta":
            text += event.delta.text
            if predicate(text):
                break
    return text
"""
_OPEN = "    with client.messages.stream(**request) as stream:"
_ASK = "            text += piece\n            if predicate(text):\n                break\n"
_LOOP = "        for piece in stream.text_stream:\n"
_KEEP = "\nopen_streams = []\n"


def _but(*pairs: tuple[str, str]) -> str:
    """Return the right answer with these changes."""
    source = _SOLVED
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


def _caught(caught: str, then: str) -> str:
    """Return the right answer with an error of the API caught around all of it."""
    head, body = _SOLVED.split(_OPEN)
    lines = "\n".join(f"    {line}" for line in (_OPEN + body).splitlines())
    return f"import anthropic\n{head}    try:\n{lines}\n    {caught}\n        {then}\n"


_CLOSED = (
    _DROPPED.replace("for event in client", "stream = client")
    .replace("**request):", "**request)\n    for event in stream:")
    .replace("    return text", "    stream.close()\n    return text")
)

_WRONG = (
    Wrong("error-retried", asked_again(_SOLVED, "stream_until"), 5),
    Wrong("left-open-by-error", _CLOSED, 4),
    # Only the API's errors are thought of.
    Wrong(
        "left-open-by-error",
        _CLOSED.replace("    for event in stream:", "    try:\n     for event in stream:")
        .replace("        if event", "         if event")
        .replace("            text +=", "             text +=")
        .replace("            if predicate", "             if predicate")
        .replace("                break", "                 break")
        .replace(
            "    stream.close()\n",
            "    except anthropic.APIError:\n        stream.close()\n        raise\n"
            "    stream.close()\n",
        )
        .replace("\ndef", "\nimport anthropic\n\ndef"),
        4,
    ),
    Wrong(
        "asked-about-again", _but(("    return text", "    predicate(text)\n    return text")), 5
    ),
    Wrong(
        "asked-about-again",
        _but(("if predicate(text):", "if predicate(text) and predicate(text):")),
        5,
    ),
    Wrong("asked-before-all", _but((_LOOP, f"        predicate(text)\n{_LOOP}")), 5),
    Wrong(
        "asked-otherwise",
        _but(("if predicate(text):", "if piece.strip() and predicate(text):")),
        5,
    ),
    *(
        Wrong(diagnosis, source, 5)
        for diagnosis, source in (
            ("error-swallowed", _caught("except anthropic.NotFoundError:", "return text")),
            ("error-swallowed", _caught("except anthropic.APIConnectionError:", "return text")),
            ("error-swallowed", _caught("except anthropic.RateLimitError:", "return text")),
            (
                "error-otherwise",
                _caught(
                    "except anthropic.APITimeoutError as error:",
                    "raise RuntimeError(str(error)) from error",
                ),
            ),
        )
    ),
    Wrong(
        "callback-stopped",
        "from contextlib import suppress\n"
        + _but(
            ("if predicate(text):", "with suppress(Exception):\n              if predicate(text):")
        ).replace("                break", "                  break"),
        5,
    ),
    Wrong(
        "openai-chunk",
        "def stream_until(client, request, predicate):\n"
        "    for chunk in client.messages.create(stream=True, **request):\n"
        "        print(chunk.choices[0].delta.content)\n",
        1,
        "Crashed",
    ),
    Wrong(
        "every-event",
        _but((_LOOP, "        for event in stream:\n            piece = event.delta.text\n")),
        1,
        "Crashed",
    ),
    Wrong(
        "no-with",
        _but((_OPEN, "    stream = client.messages.stream(**request)\n    if stream:")),
        0,
        "Crashed",
    ),
    Wrong("stream-said-twice", _but(("**request", "stream=True, **request")), 0, "Crashed"),
    Wrong("generator-returned", _but(("return text", "yield text"))),
    Wrong("no-request", "def stream_until(client, request, predicate):\n    return 'a'"),
    Wrong(
        "requests-counted",
        "def stream_until(client, request, predicate):\n"
        "    text = ''\n"
        "    for piece in client.messages.stream(**request).__enter__().text_stream:\n"
        "        text += piece\n"
        "        if predicate(text):\n"
        "            break\n"
        "    client.messages.create(**request)\n"
        "    return text",
    ),
    Wrong(
        "not-streamed",
        "def stream_until(client, request, predicate):\n"
        "    return client.messages.create(**request).content[0].text",
    ),
    Wrong("request-changed", _but(("**request", "**{**request, 'max_tokens': 50}")), 5),
    Wrong(
        "request-mutated",
        "def stream_until(client, request, predicate):\n"
        "    request['stream'] = True\n"
        "    text = ''\n"
        "    with client.messages.create(**request) as stream:\n"
        "        for event in stream:\n"
        "            if event.type == 'content_block_delta' and event.delta.type == 'text_delta':\n"
        "                text += event.delta.text\n"
        "                if predicate(text):\n"
        "                    break\n"
        "    return text",
        5,
    ),
    Wrong(
        "not-asked",
        _but(("            if predicate(text):\n                break\n", "")),
        1,
    ),
    Wrong("not-asked", _but(("predicate(text)", "',' in text")), 1),
    Wrong(
        "not-texts",
        _but((_LOOP, "        for piece in stream:\n"), ("text += piece", "text = piece")),
        1,
    ),
    Wrong("pieces-asked-about", _but(("predicate(text)", "predicate(piece)")), 1),
    Wrong(
        "asked-at-end",
        _but(
            (
                _ASK,
                "            text += piece\n        if predicate(text):\n            return text\n",
            )
        ),
        1,
    ),
    Wrong(
        "asked-at-end",
        _but(
            (
                _LOOP + _ASK,
                (
                    "        pieces = list(stream.text_stream)\n"
                    "    for piece in pieces:\n"
                    "        text += piece\n"
                    "        if predicate(text):\n"
                    "            break\n"
                ),
            )
        ),
        1,
    ),
    Wrong(
        "asked-too-soon",
        _but(
            (
                _ASK,
                (
                    "            if predicate(text):\n"
                    "                break\n            text += piece\n"
                ),
            )
        ),
        1,
    ),
    Wrong(
        "asked-otherwise",
        _but(("if predicate(text)", "if len(text) > 40 and predicate(text)")),
        1,
    ),
    Wrong("left-too-soon", _but(("if predicate", "if not predicate")), 2),
    Wrong(
        "block-asked-about",
        _but(
            (
                _LOOP,
                (
                    "        for event in stream:\n            if event.type != 'text':\n"
                    "                continue\n"
                ),
            ),
            ("text += piece", "text = event.snapshot"),
        ),
        1,
    ),
    Wrong("not-the-text", _but(("predicate(text)", "predicate(text.upper())")), 1),
    Wrong(
        "not-the-text",
        _but(
            (
                _LOOP,
                (
                    "        for event in stream:\n"
                    "            if event.type not in ('text', 'thinking'):\n"
                    "                continue\n"
                ),
            ),
            ("text += piece", "text += getattr(event, event.type)"),
        ),
        1,
    ),
    Wrong("printed", _but(("return text", "print(text)")), 4),
    Wrong(
        "last-piece-lost",
        _but(
            (
                _ASK,
                (
                    "            if predicate(text + piece):\n"
                    "                break\n            text += piece\n"
                ),
            )
        ),
        5,
    ),
    Wrong(
        "whole-text",
        _but(
            (
                "                break\n",
                "                break\n        return stream.get_final_text()\n",
            )
        ),
        2,
    ),
    Wrong("other-text", _but(("return text", "return text.upper()")), 4),
    Wrong("other-text", _but(("return text", "return [text]")), 4),
    Wrong(
        "read-to-the-end",
        _but(
            ('text = ""', 'text, enough = "", None'),
            (
                "            if predicate(text):\n                break\n    return text",
                (
                    "            if enough is None and predicate(text):\n"
                    "                enough = text\n"
                    "    return text if enough is None else enough"
                ),
            ),
        ),
        4,
    ),
    Wrong("left-open", _DROPPED, 4),
    Wrong(
        "left-open",
        _DROPPED.replace("for event in client", "stream = client").replace(
            "**request):", "**request)\n    for event in stream:"
        ),
        4,
    ),
    Wrong(
        "left-open",
        "def stream_until(client, request, predicate):\n"
        "    global stream\n"
        "    stream = client.messages.create(stream=True, **request)\n"
        "    text = ''\n"
        "    for event in stream:\n"
        "        if event.type == 'content_block_delta' and event.delta.type == 'text_delta':\n"
        "            text += event.delta.text\n"
        "            if predicate(text):\n"
        "                break\n"
        "    return text",
        4,
    ),
    Wrong(
        "left-open",
        _KEEP
        + _but(
            (
                _OPEN,
                (
                    "    open_streams.append(client.messages.stream(**request))\n"
                    "    stream = open_streams[-1].__enter__()\n"
                    "    if True:"
                ),
            )
        ),
        4,
    ),
    Wrong(
        "read-on",
        _but(
            (
                "                break\n",
                "                next(stream.text_stream, None)\n                break\n",
            )
        ),
        4,
    ),
    Wrong(
        "no-hit-crash",
        _but(
            (
                "                break\n    return text\n",
                "                return text\n    raise ValueError('not found')\n",
            ),
        ),
        5,
        "Crashed",
    ),
    Wrong(
        "nothing-without-hit",
        _but(("                break\n    return text\n", "                return text\n")),
        5,
    ),
    Wrong(
        "openai-call",
        "def stream_until(client, request, predicate):\n    client.responses.create()",
        0,
        "Crashed",
    ),
    Wrong(
        "raw-stream", _but(("stream(**request)", "create(stream=True, **request)")), 1, "Crashed"
    ),
    Wrong("request-not-spread", _but(("**request", "request")), 0, "Crashed"),
    Wrong(
        "event-as-dict",
        _but((_LOOP, "        for event in stream:\n            piece = event['delta']\n")),
        1,
        "Crashed",
    ),
    Wrong("print-arguments", _but(("predicate(text)", "predicate(text, piece)")), 1, "Crashed"),
    Wrong(
        "others-crash",
        _but(
            (
                _LOOP,
                (
                    "        for event in stream:\n"
                    "            if event.type == 'content_block_start':\n"
                    "                print(event.content_block.name if event.content_block.type != "
                    "'text' else '', event.content_block.type == 'text' or "
                    "event.content_block.text_or_so)\n"
                    "            if event.type != 'text':\n"
                    "                continue\n"
                    "            piece = event.text\n"
                ),
            )
        ),
        2,
        "Crashed",
    ),
    Wrong(
        "asked-within",
        _but(
            (
                _ASK,
                (
                    "            for letter in piece:\n"
                    "                text += letter\n"
                    "                if predicate(text):\n"
                    "                    return text\n"
                ),
            )
        ),
        1,
    ),
    Wrong("asked-within", _but(("predicate(text)", "predicate(text[:-1])")), 1),
    Wrong("edges-trimmed", _but(("    return text\n", "    return text.strip()\n")), 4),
    Wrong(
        "whole-text",
        _but(
            (
                "                break\n",
                "                return ''.join([text, *stream.text_stream])\n",
            )
        ),
        3,
    ),
    Wrong(
        "error-swallowed",
        "def stream_until(client, request, predicate):\n    try:\n"
        + "\n".join("    " + line for line in _SOLVED.strip().splitlines()[1:])
        + "\n    except Exception:\n        return ''",
        5,
    ),
    Wrong(
        "error-otherwise",
        "def stream_until(client, request, predicate):\n    try:\n"
        + "\n".join("    " + line for line in _SOLVED.strip().splitlines()[1:])
        + "\n    except Exception as error:\n        raise RuntimeError('no stream') from error",
        5,
    ),
    Wrong(
        "left-too-soon",
        _but(
            (
                _LOOP,
                (
                    "        for event in stream:\n"
                    "            if event.type == 'content_block_stop' and event.index == 0:\n"
                    "                break\n"
                    "            if event.type != 'text':\n"
                    "                continue\n"
                    "            piece = event.text\n"
                ),
            )
        ),
        2,
    ),
    Wrong(
        "other-whole",
        _but(
            (
                _LOOP,
                (
                    "        for event in stream:\n"
                    "            if event.type != 'text' or event.snapshot.startswith(('zzz')):\n"
                    "                continue\n"
                    "            piece = event.text\n"
                ),
            ),
            ("    return text\n", "    return text or None\n"),
        ),
        5,
    ),
    Wrong(
        "edges-trimmed",
        _but(
            (
                "                break\n    return text\n",
                "                return text\n    return text.strip()\n",
            )
        ),
        5,
    ),
)

_RIGHT = {
    "while there are pieces": """
def stream_until(client, request, predicate):
    text, enough = "", False
    with client.messages.stream(**request) as stream:
        pieces = iter(stream.text_stream)
        while not enough and (piece := next(pieces, None)) is not None:
            text += piece
            enough = predicate(text)
    return text
""",
    "the message so far": """
def stream_until(client, request, predicate):
    def so_far(message):
        return "".join(block.text for block in message.content if block.type == "text")

    with client.beta.messages.stream(**request) as stream:
        for event in stream:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                if predicate(so_far(stream.current_message_snapshot)):
                    break
        return so_far(stream.current_message_snapshot)
""",
    "closed at last": """
def stream_until(client, request, predicate):
    text, stream = "", client.messages.create(stream=True, **request)
    try:
        for event in stream:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                text += event.delta.text
                if predicate(text):
                    break
    finally:
        stream.close()
    return text
""",
    "a generator that is closed": """
from contextlib import closing

def pieces(client, request):
    with client.messages.stream(**request) as stream:
        yield from stream.text_stream

def stream_until(client, request, predicate):
    text = ""
    with closing(pieces(client, request)) as parts:
        for part in parts:
            text += part
            if predicate(text):
                return text
    return text
""",
    "return inside the with": _but(
        ("                break\n", "                return text\n"),
    ),
    "raw events in a with": """
def stream_until(client, request, predicate):
    pieces = []
    with client.messages.create(stream=True, **request) as stream:
        for event in stream:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                pieces.append(event.delta.text)
                if predicate("".join(pieces)):
                    return "".join(pieces)
    return "".join(pieces)
""",
    "closed by hand, with a log": """
import logging

def stream_until(client, request, predicate):
    stream = client.messages.create(stream=True, **dict(request))
    text = ""
    try:
        for event in stream:
            delta = getattr(event, "delta", None)
            if getattr(delta, "type", "") != "text_delta":
                continue
            text = text + delta.text
            logging.warning("%d letters", len(text))
            if predicate(text):
                break
    finally:
        stream.close()
    return text
""",
    "the helper's snapshots, and an exit stack": """
from contextlib import ExitStack
from itertools import accumulate

def stream_until(client, request, predicate):
    with ExitStack() as stack:
        stream = stack.enter_context(client.messages.stream(**request))
        so_far = ""
        for so_far in accumulate(stream.text_stream):
            if predicate(so_far):
                break
        return so_far
""",
}

PROOF = Proof("stream_until", wrong=_WRONG, right=_RIGHT)
