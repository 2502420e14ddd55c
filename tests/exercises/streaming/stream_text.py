"""The proof of `stream_text`."""

from tests.exercises.proof import Proof, Wrong
from tests.exercises.troubled import asked_again

_DEF = "def stream_text(client, request, on_text):\n"
_WITH = _DEF + "    with client.messages.stream(**request) as stream:\n"
_TEXTS = "        for text in stream.text_stream:\n            on_text(text)\n"
_EVENTS = "        for event in stream:\n"
_IF_TEXT = "            if event.type == 'text':\n                on_text(event.text)\n"
_RETURN = "        return stream.get_final_message()\n"
_RAW = _DEF + "    for event in client.messages.create(stream=True, **request):\n"
_IF_DELTA = (
    "        if event.type == 'content_block_delta' and event.delta.type == 'text_delta':\n"
    "            on_text(event.delta.text)\n"
)
_SOLVED = _WITH + _TEXTS + _RETURN

_FIRST = "event.type == 'content_block_delta' and event.index == 0 and event.delta.type"
_STARTED = (
    _WITH
    + _EVENTS
    + (
        "            kind = getattr(event, 'content_block', None)\n"
        "            if event.type == 'content_block_start' and kind.type == 'text':\n"
        "                on_text('')\n"
    )
)

_WRONG = (
    Wrong("empty-handed-on", _STARTED + _IF_TEXT + _RETURN, 5),
    Wrong(
        "empty-handed-on",
        _SOLVED.replace("        for text", "        on_text('')\n        for text"),
        5,
    ),
    Wrong(
        "later-blocks-missed",
        _WITH
        + _EVENTS
        + (f"            if {_FIRST} == 'text_delta':\n                on_text(event.delta.text)\n")
        + _RETURN,
        6,
    ),
    *(
        Wrong("left-by-answer", _SOLVED.replace("on_text(text)", ends), 6)
        for ends in (
            "if on_text(text) is False: break",
            "if on_text(text): break",
            "if on_text(text) is not None: break",
        )
    ),
    *(
        Wrong(
            "error-swallowed",
            "import anthropic\n"
            + _DEF
            + "    try:\n"
            + "".join(f"    {line}\n" for line in _SOLVED.removeprefix(_DEF).splitlines())
            + f"    except anthropic.{name}:\n        return None\n",
            6,
        )
        for name in ("NotFoundError", "APIConnectionError", "PermissionDeniedError")
    ),
    Wrong(
        "callback-stopped",
        _SOLVED.replace(
            "            on_text(text)\n",
            "            try:\n                on_text(text)\n"
            "            except Exception:\n                pass\n",
        ),
        6,
    ),
    Wrong("openai-chunk", _RAW + "        on_text(event.choices[0].delta.content)\n", 1, "Crashed"),
    Wrong(
        "openai-chunk",
        _WITH + _EVENTS + "            on_text(event.choices[0].delta.content)\n",
        1,
        "Crashed",
    ),
    Wrong("every-event", _RAW + "        on_text(event.delta.text)\n", 1, "Crashed"),
    Wrong(
        "every-event",
        _WITH + _EVENTS + "            if event.type == 'content_block_delta':\n"
        "                on_text(event.delta.text)\n" + _RETURN,
        6,
        "Crashed",
    ),
    Wrong(
        "no-with",
        _DEF + "    stream = client.messages.stream(**request)\n"
        "    for text in stream.text_stream:\n        on_text(text)\n"
        "    return stream.get_final_message()\n",
        0,
        "Crashed",
    ),
    Wrong(
        "no-with",
        _DEF + "    for event in client.messages.stream(**request):\n        print(event)\n",
        0,
        "Crashed",
    ),
    Wrong("no-request", _DEF + "    on_text('Paris.')\n"),
    Wrong(
        "requests-counted",
        _RAW + _IF_DELTA + "    return client.messages.create(**request)\n",
        0,
    ),
    Wrong(
        "not-streamed",
        _DEF + "    message = client.messages.create(**request)\n"
        "    on_text(message.content[0].text)\n    return message\n",
    ),
    Wrong(
        "not-streamed",
        _DEF + "    for event in client.messages.create(**request):\n"
        "        if event.type == 'content_block_delta':\n            on_text(event.delta.text)\n",
        0,
        "Crashed",
    ),
    Wrong(
        "not-streamed",
        _DEF + "    with client.messages.create(**request) as stream:\n" + _TEXTS + _RETURN,
        0,
        "Crashed",
    ),
    Wrong(
        "request-changed",
        _SOLVED.replace("**request", "**{**request, 'max_tokens': 300}"),
        6,
    ),
    Wrong(
        "request-changed",
        _SOLVED.replace(
            "**request",
            "model=request['model'], max_tokens=request['max_tokens'], "
            "messages=request['messages']",
        ),
        6,
    ),
    Wrong(
        "request-mutated",
        "from anthropic.types import Message\n"
        + _DEF
        + "    request['stream'] = True\n    message = None\n"
        "    with client.messages.create(**request) as stream:\n"
        "        for event in stream:\n"
        "            if event.type == 'content_block_delta' and event.delta.type == 'text_delta':\n"
        "                on_text(event.delta.text)\n"
        "            if event.type == 'message_start':\n"
        "                message = event.message\n"
        "    return message\n",
        4,
    ),
    Wrong("nothing-handed-on", _WITH + _RETURN, 1),
    Wrong("nothing-handed-on", _SOLVED.replace("on_text(text)", "print(text, end='')"), 1),
    Wrong("not-texts", _WITH + _EVENTS + "            on_text(event)\n" + _RETURN, 1),
    Wrong(
        "not-texts",
        _WITH + _EVENTS + "            on_text(getattr(event, 'text', None))\n" + _RETURN,
        1,
    ),
    Wrong(
        "handed-on-twice",
        _WITH + _EVENTS + "            if event.type == 'content_block_delta':\n"
        "                on_text(event.delta.text)\n" + _IF_TEXT + _RETURN,
        1,
    ),
    Wrong(
        "handed-on-again",
        _WITH + _TEXTS + "        message = stream.get_final_message()\n"
        "        on_text(stream.get_final_text())\n        return message\n",
        1,
    ),
    Wrong(
        "snapshots",
        _WITH + _EVENTS + _IF_TEXT.replace("event.text", "event.snapshot") + _RETURN,
        1,
    ),
    Wrong("other-pieces", _SOLVED.replace("on_text(text)", "on_text(text.strip())"), 1),
    Wrong(
        "other-pieces",
        _SOLVED.replace(
            "        for text in", "        next(stream.text_stream)\n        for text in"
        ),
        1,
    ),
    Wrong(
        "thinking-handed-on",
        _WITH + _EVENTS + "            if event.type in ('text', 'thinking'):\n"
        "                on_text(getattr(event, event.type))\n" + _RETURN,
        6,
    ),
    Wrong(
        "collected",
        _WITH
        + "        for text in list(stream.text_stream):\n            on_text(text)\n"
        + _RETURN,
        5,
    ),
    Wrong(
        "collected",
        _WITH + "        on_text(''.join(stream.text_stream))\n" + _RETURN,
        5,
    ),
    Wrong(
        "collected",
        _WITH + "        message = stream.get_final_message()\n"
        "        on_text(''.join(b.text for b in message.content if b.type == 'text'))\n"
        "        return message\n",
        5,
    ),
    Wrong(
        "collected",
        _WITH + _EVENTS + "            if event.type == 'content_block_stop':\n"
        "                if event.content_block.type == 'text':\n"
        "                    on_text(event.content_block.text)\n" + _RETURN,
        5,
    ),
    Wrong(
        "pieces-late",
        _WITH + "        before = ''\n        for text in stream.text_stream:\n"
        "            if before:\n                on_text(before)\n            before = text\n"
        "        on_text(before)\n" + _RETURN,
        5,
    ),
    Wrong(
        "text-returned",
        _WITH + _TEXTS + "        return stream.get_final_text()\n",
        5,
    ),
    Wrong(
        "text-returned",
        _RAW.replace("    for", "    whole = ''\n    for")
        + _IF_DELTA
        + "            whole += event.delta.text\n    return whole\n",
        5,
    ),
    Wrong("nothing-returned", _WITH + _TEXTS + "        stream.get_final_message()\n", 5),
    Wrong("nothing-returned", _RAW + _IF_DELTA, 5),
    Wrong(
        "no-message",
        _WITH + _TEXTS + "        return stream.get_final_message().content\n",
        5,
    ),
    Wrong(
        "no-message",
        _WITH + _TEXTS + "        return stream.get_final_message().to_dict()\n",
        5,
    ),
    Wrong(
        "unfinished-message",
        _RAW
        + "        if event.type == 'message_start':\n            message = event.message\n"
        + _IF_DELTA
        + "    return message\n",
        5,
    ),
    Wrong(
        "part-of-message",
        _WITH + _TEXTS + "        message = stream.get_final_message()\n"
        "        message.content = [b for b in message.content if b.type == 'text']\n"
        "        return message\n",
        6,
    ),
    Wrong(
        "error-swallowed",
        _DEF + "    try:\n        with client.messages.stream(**request) as stream:\n"
        "            for text in stream.text_stream:\n                on_text(text)\n"
        "            return stream.get_final_message()\n"
        "    except Exception as error:\n        print(error)\n",
        6,
    ),
    Wrong(
        "error-otherwise",
        _DEF + "    try:\n        with client.messages.stream(**request) as stream:\n"
        "            for text in stream.text_stream:\n                on_text(text)\n"
        "            return stream.get_final_message()\n"
        "    except Exception as error:\n        raise RuntimeError('broken') from error\n",
        6,
    ),
    Wrong(
        "stream-said-twice", _SOLVED.replace("**request", "stream=True, **request"), 0, "Crashed"
    ),
    Wrong("generator-returned", _SOLVED.replace("on_text(text)", "yield text"), 0),
    Wrong(
        "left-early",
        _SOLVED.replace("on_text(text)\n        return", "on_text(text)\n            return"),
        1,
    ),
    Wrong(
        "openai-call", _DEF + "    return client.chat.completions.create(**request)\n", 0, "Crashed"
    ),
    Wrong(
        "raw-stream",
        _WITH.replace("stream(**request)", "create(stream=True, **request)") + _TEXTS + _RETURN,
        1,
        "Crashed",
    ),
    Wrong("request-not-spread", _SOLVED.replace("**request", "request"), 0, "Crashed"),
    Wrong(
        "event-as-dict",
        _WITH + _EVENTS + "            on_text(event['delta']['text'])\n",
        1,
        "Crashed",
    ),
    Wrong("event-as-dict", _RAW + "        print(event.get('delta'))\n", 1, "Crashed"),
    Wrong(
        "print-arguments",
        _SOLVED.replace("on_text(text)", "on_text(text, end='', flush=True)"),
        1,
        "Crashed",
    ),
    Wrong(
        "print-arguments",
        _SOLVED.replace("on_text(text)", "on_text(text, message)").replace(
            "    with", "    message = None\n    with"
        ),
        1,
        "Crashed",
    ),
    # What works for one shape of request or reply only; most of these have had full marks.
    Wrong(
        "request-changed",
        _DEF + "    request.setdefault('system', 'Be brief.')\n" + _SOLVED.removeprefix(_DEF),
        6,
    ),
    Wrong(
        "crash",
        _SOLVED.replace("**request", "**{'temperature': 1, 'system': '', **request}"),
        0,
        "Crashed",
    ),
    Wrong(
        "others-crash",
        _SOLVED.replace(
            "        return",
            (
                "        if stream.get_final_message().stop_reason == 'tool_use':\n"
                "            raise RuntimeError('a tool')\n"
                "        return"
            ),
        ),
        6,
        "Crashed",
    ),
    Wrong(
        "others-crash",
        _SOLVED.replace("        return", "        stream.get_final_text()\n        return"),
        6,
        "Crashed",
    ),
    Wrong(
        "later-blocks-missed",
        _WITH + _EVENTS + "            if event.type == 'text':\n"
        "                on_text(event.text)\n"
        "            if event.type == 'content_block_stop':\n"
        "                break\n" + _RETURN,
        6,
    ),
    Wrong(
        "later-blocks-missed",
        _WITH + _EVENTS + "            if event.type == 'text':\n"
        "                on_text(event.text)\n"
        "            if event.type == 'content_block_stop' and "
        "event.content_block.type == 'text':\n"
        "                break\n" + _RETURN,
        6,
    ),
    Wrong(
        "later-blocks-missed",
        _WITH
        + _EVENTS
        + "            if event.type == 'content_block_delta' and event.index == 0\\\n"
        "                    and event.delta.type == 'text_delta':\n"
        "                on_text(event.delta.text)\n" + _RETURN,
        6,
    ),
    Wrong(
        "error-swallowed",
        "import anthropic\n"
        + _DEF
        + "    try:\n        with client.messages.stream(**request) as stream:\n"
        "            for text in stream.text_stream:\n                on_text(text)\n"
        "    except anthropic.RateLimitError as error:\n        return None\n"
        "    return stream.get_final_message()\n",
        6,
    ),
    Wrong(
        "no-message", _SOLVED.replace("get_final_message()", "get_final_message().model_dump()"), 5
    ),
    Wrong("other-pieces", _SOLVED.replace("on_text(text)", "on_text(text.replace('\\n', ' '))"), 5),
    Wrong(
        "other-pieces",
        _SOLVED.replace("on_text(text)", "text.strip() and on_text(text.rstrip('\\n'))"),
        5,
    ),
    Wrong(
        "text-missed",
        _WITH + _EVENTS + _IF_TEXT + "            if event.type == 'thinking':\n"
        "                break\n" + _RETURN,
        6,
    ),
    Wrong("error-retried", asked_again(_SOLVED, "stream_text"), 5),
    Wrong("unexpected-async", "async " + _SOLVED, 0, "Crashed"),
)

_RIGHT = {
    "the helper's own events": _WITH + _EVENTS + _IF_TEXT + _RETURN,
    "the helper's raw events, and the message of the last": _WITH
    + _EVENTS
    + "            if event.type == 'content_block_delta' and event.delta.type == 'text_delta':\n"
    "                on_text(event.delta.text)\n"
    "            if event.type == 'message_stop':\n"
    "                whole = event.message\n"
    "    return whole\n",
    "isinstance, a log line, and the snapshot": "from anthropic.types import TextDelta\n"
    "import logging\n\n"
    "class Reader:\n"
    "    def __call__(self, client, request, on_text):\n"
    "        options = dict(request)\n"
    "        with client.messages.stream(**options) as stream:\n"
    "            logging.warning('request %s', stream.request_id)\n"
    "            for event in stream:\n"
    "                delta = getattr(event, 'delta', None)\n"
    "                if isinstance(delta, TextDelta):\n"
    "                    on_text(delta.text)\n"
    "        return stream.current_message_snapshot\n\n"
    "stream_text = Reader()\n",
    "raw events, put together by the SDK's own types": """
import json
from anthropic.types import Message

def stream_text(client, request, on_text):
    data, written = {}, {}
    with client.messages.create(stream=True, **request) as stream:
        for event in stream:
            event = event.to_dict()
            kind = event["type"]
            if kind == "message_start":
                data = event["message"]
            elif kind == "content_block_start":
                data["content"].append(event["content_block"])
            elif kind == "content_block_delta":
                block, delta = data["content"][event["index"]], event["delta"]
                match delta["type"]:
                    case "text_delta":
                        block["text"] += delta["text"]
                        on_text(delta["text"])
                    case "thinking_delta":
                        block["thinking"] += delta["thinking"]
                    case "signature_delta":
                        block["signature"] = delta["signature"]
                    case "input_json_delta":
                        part = written.get(event["index"], "") + delta["partial_json"]
                        written[event["index"]] = part
            elif kind == "content_block_stop" and event["index"] in written:
                parsed = json.loads(written[event["index"]] or "{}")
                data["content"][event["index"]]["input"] = parsed
            elif kind == "message_delta":
                data = {**data, **event["delta"], "usage": {**data["usage"], **event["usage"]}}
    return Message.model_validate(data)
""",
    "a retry that gives up, and an exception raised again": """
import anthropic

def stream_text(client, request, on_text):
    try:
        with client.with_options(timeout=60).messages.stream(**request) as stream:
            while (text := next(stream.text_stream, None)) is not None:
                on_text(text)
    except anthropic.APIStatusError as error:
        print(error.type)
        raise
    return stream.get_final_message()
""",
    "the beta client, letter by letter": """
def stream_text(client, request, on_text):
    with client.beta.messages.stream(**request) as stream:
        for text in stream.text_stream:
            for letter in text:
                on_text(letter)
    return stream.get_final_message()
""",
}

PROOF = Proof("stream_text", wrong=_WRONG, right=_RIGHT)
