"""The proofs of lessons 00 and 01."""

from tests.exercises.proof import Proof, Wrong

_ASK = """
def first_call(client, prompt):
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=300,
        messages=[{"role": "user", "content": prompt}],
    )
"""

FIRST_CALL = Proof(
    "first_call",
    wrong=(
        Wrong(
            "no-max-tokens",
            _ASK.replace(" max_tokens=300,", ""),
            outcome="Crashed",
        ),
        Wrong("choices", _ASK + "    return message.choices[0].message.content", 0, "Crashed"),
        Wrong("no-request", "def first_call(client, prompt):\n    return 'Paris.'"),
        Wrong(
            "many-requests",
            _ASK + _ASK.split("\n", 2)[2] + "    return message.content[-1].text",
            3,
            "Almost",
        ),
        Wrong(
            "other-prompt",
            _ASK.replace('"content": prompt', '"content": "What is the capital of France?"')
            + "    return message.content[-1].text",
            3,
            "Almost",
        ),
        Wrong("printed", _ASK + "    print(message.content[-1].text)", 2, "Almost"),
        Wrong("returned-block", _ASK + "    return message.content[0]", 2, "Almost"),
        Wrong("returned-block", _ASK + "    return message", 2, "Almost"),
        Wrong("returned-block", _ASK + "    return message.content", 2, "Almost"),
        Wrong("other-text", _ASK + "    return message.content[0].text.upper()", 2, "Almost"),
        Wrong("other-text", _ASK + "    return str(message.content[0])", 2, "Almost"),
        Wrong("first-block", _ASK + "    return message.content[0].text", 3, "Crashed"),
        Wrong(
            "unexpected-async",
            "async def first_call(client, prompt):\n    return 'x'",
            0,
            "Crashed",
        ),
        Wrong("crash", "def first_call(client, prompt):\n    return 1 / 0", 0, "Crashed"),
    ),
    right={
        "helper, loop, prints and warnings": """
import warnings

def words(message):
    text = ""
    for block in message.content:
        if block.type == "text":
            text += block.text
    return text

def first_call(client, prompt):
    warnings.warn("on stderr")
    print("asking", prompt)
    messages = [{"role": "user", "content": [{"type": "text", "text": prompt}]}]
    return words(client.messages.create(model="claude-haiku-4-5", max_tokens=9, messages=messages))
""",
        "a stream": """
def first_call(client, prompt):
    messages = [{"role": "user", "content": prompt}]
    with client.messages.stream(model="claude-opus-5", max_tokens=900, messages=messages) as s:
        return "".join(s.text_stream)
""",
        "raw response and isinstance": """
from anthropic.types import TextBlock

def first_call(client, prompt):
    raw = client.messages.with_raw_response.create(
        model="claude-sonnet-5-5", max_tokens=900, system="Be brief.",
        messages=[{"role": "user", "content": prompt}],
    )
    return "".join(b.text for b in raw.parse().content if isinstance(b, TextBlock))
""",
    },
)

_FACTS = """
def describe_reply(message):
    return {
        "id": message.id, "model": message.model, "stop_reason": message.stop_reason,
        "block_types": [b.type for b in message.content],
        "input_tokens": message.usage.input_tokens, "output_tokens": message.usage.output_tokens,
    }
"""

DESCRIBE_REPLY = Proof(
    "describe_reply",
    wrong=(
        Wrong(
            "total-tokens",
            _FACTS.replace(
                "message.usage.input_tokens",
                "message.usage.total_tokens",
            ),
            outcome="Crashed",
        ),
        Wrong(
            "total-tokens",
            _FACTS.replace("usage.input_tokens", "usage.prompt_tokens"),
            outcome="Crashed",
        ),
        Wrong("message-as-dict", _FACTS.replace("message.id", 'message["id"]'), 0, "Crashed"),
        Wrong("printed", _FACTS.replace("return {", "facts = {") + "    print(facts)"),
        Wrong("not-a-dict", "def describe_reply(message):\n    return message.id"),
        Wrong("not-a-dict", "def describe_reply(message):\n    pass"),
        Wrong("missing-keys", _FACTS.replace('"block_types"', '"types"'), 2, "Almost"),
        Wrong("other-identity", _FACTS.replace("message.id", '"msg_01abc"'), 2, "Almost"),
        Wrong(
            "blocks-not-types",
            _FACTS.replace("[b.type for b in message.content]", "message.content"),
            2,
            "Almost",
        ),
        Wrong(
            "first-type-only",
            _FACTS.replace("[b.type for b in message.content]", "[message.content[0].type]"),
            2,
            "Almost",
        ),
        Wrong(
            "first-type-only",
            _FACTS.replace("message.content]", "message.content[:1]]"),
            2,
            "Almost",
        ),
        Wrong(
            "other-types",
            _FACTS.replace(
                "[b.type for b in message.content]", '", ".join(b.type for b in message.content)'
            ),
            2,
            "Almost",
        ),
        Wrong(
            "other-tokens", _FACTS.replace("usage.output_tokens", "usage.input_tokens"), 2, "Almost"
        ),
    ),
    right={
        "built key by key": """
def describe_reply(message):
    facts = {}
    for key in ("id", "model", "stop_reason"):
        facts[key] = getattr(message, key)
    facts["block_types"] = []
    for block in message.content:
        facts["block_types"].append(block.type)
    facts["input_tokens"] = message.usage.input_tokens
    facts["output_tokens"] = message.usage.output_tokens
    return facts
""",
        "from plain data, in another order": """
class Facts(dict):
    pass

def describe_reply(message):
    data = message.to_dict()
    usage = {k: v for k, v in data["usage"].items() if k in ("input_tokens", "output_tokens")}
    types = [block["type"] for block in data["content"]]
    return Facts(usage, block_types=types, **{k: data[k] for k in ("stop_reason", "model", "id")})
""",
    },
)

_SPLIT = """
def split_system(openai_messages):
    roles = ("system", "developer")
    texts = [m["content"] for m in openai_messages if m["role"] in roles]
    others = [m for m in openai_messages if m["role"] not in roles]
    return "\\n\\n".join(texts) or None, others
"""

SPLIT_SYSTEM = Proof(
    "split_system",
    wrong=(
        Wrong("not-a-pair", _SPLIT.replace("return ", "return {'a':1}, 2, ")),
        Wrong("not-a-pair", _SPLIT.replace("return ", "x = ")),
        Wrong("system-left", _SPLIT.replace('if m["role"] not in roles', ""), 4, "Almost"),
        Wrong(
            "developer-left",
            _SPLIT.replace('("system", "developer")', '("system",)'),
            3,
            "Almost",
        ),
        Wrong("system-dropped", _SPLIT.replace("join(texts)", "join(texts[:1])"), 4, "Almost"),
        Wrong("system-dropped", _SPLIT.replace("join(texts)", "join(texts[-1:])"), 4, "Almost"),
        Wrong("joined-otherwise", _SPLIT.replace('"\\n\\n".join', '"".join'), 4, "Almost"),
        Wrong("joined-otherwise", _SPLIT.replace("join(texts)", "join(texts[::-1])"), 4, "Almost"),
        Wrong("rest-changed", _SPLIT.replace("others\n", "others[::-1]\n"), 4, "Almost"),
        Wrong("empty-not-none", _SPLIT.replace(" or None", ""), 4, "Almost"),
        Wrong(
            "empty-not-none",
            _SPLIT.replace(
                '"\\n\\n".join(texts) or None',
                "texts[0] if not texts[1:] else '\\n\\n'.join(texts)",
            ),
            4,
            "Crashed",
        ),
        Wrong(
            "mutated",
            _SPLIT.replace("    return", "    openai_messages[:] = others\n    return"),
            4,
            "Almost",
        ),
    ),
    right={
        "a loop and a list": """
def split_system(openai_messages):
    system, others = None, []
    for message in openai_messages:
        if message["role"] not in ("system", "developer"):
            others.append({**message})
        elif system is None:
            system = message["content"]
        else:
            system += "\\n\\n" + message["content"]
    return [system, others]
""",
        "recursion": """
def split_system(openai_messages):
    if not openai_messages:
        return None, []
    first, *rest = openai_messages
    system, others = split_system(rest)
    if first["role"] in {"system", "developer"}:
        return "\\n\\n".join(filter(None, [first["content"], system])), others
    return system, [first, *others]
""",
    },
)

_CONVERT = """
def convert_request(openai_request):
    old = dict(openai_request)
    system, messages = split_system(old["messages"])
    limit = old.get("max_completion_tokens") or old.get("max_tokens") or 1024
    request = {"model": old["model"], "max_tokens": limit, "messages": messages}
    if system:
        request["system"] = system
    if "stop" in old:
        stop = old["stop"]
        request["stop_sequences"] = [stop] if isinstance(stop, str) else stop
    if "user" in old:
        request["metadata"] = {"user_id": old["user"]}
    return request
"""

CONVERT_REQUEST = Proof(
    "convert_request",
    needs=("split_system",),
    wrong=(
        Wrong("not-a-dict", _CONVERT.replace("return request", "return list(request)")),
        Wrong(
            "mutated",
            _CONVERT.replace("old = dict(openai_request)", "old = openai_request").replace(
                "return request", 'old.pop("stop", None)\n    return request'
            ),
            5,
            "Almost",
        ),
        Wrong(
            "system-left",
            _CONVERT.replace('"messages": messages', '"messages": old["messages"]'),
            4,
            "Almost",
        ),
        Wrong("system-lost", _CONVERT.replace('request["system"] = system', "pass"), 6, "Almost"),
        Wrong(
            "limit-lost", _CONVERT.replace('old.get("max_completion_tokens") or ', ""), 6, "Almost"
        ),
        Wrong(
            "limit-lost",
            _CONVERT.replace(
                'old.get("max_completion_tokens") or old.get("max_tokens") or 1024',
                'old["max_completion_tokens"]',
            ),
            7,
            "Crashed",
        ),
        Wrong(
            "stop-not-a-list",
            _CONVERT.replace("[stop] if isinstance(stop, str) else stop", "stop"),
            4,
            "Almost",
        ),
        Wrong(
            "stop-not-a-list",
            _CONVERT.replace("[stop] if isinstance(stop, str) else stop", "[stop]"),
            4,
            "Almost",
        ),
        Wrong("stop-lost", _CONVERT.replace('request["stop_sequences"]', "_"), 6, "Almost"),
        Wrong(
            "user-not-moved",
            _CONVERT.replace(
                'request["metadata"] = {"user_id": old["user"]}', 'request["user_id"] = old["user"]'
            ),
            4,
            "Almost",
        ),
        Wrong(
            "parameters-kept",
            _CONVERT.replace("return request", "return {**old, **request}"),
            4,
            "Almost",
        ),
        Wrong(
            "parameters-kept",
            _CONVERT.replace(
                "return request",
                'request["temperature"] = old.get("temperature", 1)\n    return request',
            ),
            4,
            "Almost",
        ),
        Wrong(
            "refused",
            _CONVERT.replace("return request", 'request["foo"] = 1\n    return request'),
            5,
            "Almost",
        ),
        Wrong(
            "unfinished-part",
            "def split_system(m):\n    raise NotImplementedError\n" + _CONVERT,
            0,
            "Crashed",
        ),
    ),
    right={
        "a table of names": """
def convert_request(openai_request):
    texts, messages = [], []
    for message in openai_request["messages"]:
        is_system = message["role"] in ("system", "developer")
        (texts if is_system else messages).append(message)
    stop = openai_request.get("stop")
    converted = {
        "model": openai_request["model"],
        "messages": messages,
        "max_tokens": openai_request.get(
            "max_completion_tokens", openai_request.get("max_tokens", 1024)
        ),
        "system": "\\n\\n".join(m["content"] for m in texts),
        "stop_sequences": [stop] if type(stop) is str else stop,
        "metadata": {"user_id": openai_request["user"]} if "user" in openai_request else None,
    }
    return {key: value for key, value in converted.items() if value}
""",
        "system as blocks": """
def convert_request(openai_request):
    system, messages = split_system(openai_request["messages"])
    request = dict(model=openai_request["model"], messages=messages, max_tokens=1024)
    for name in ("max_tokens", "max_completion_tokens"):
        request["max_tokens"] = openai_request.get(name, request["max_tokens"])
    if system:
        request["system"] = [{"type": "text", "text": system}]
    match openai_request.get("stop"):
        case str(one):
            request["stop_sequences"] = [one]
        case list(many):
            request["stop_sequences"] = [*many]
    if openai_request.get("user"):
        request.update(metadata=dict(user_id=openai_request["user"]))
    return request
""",
    },
)

_IMAGE = """
def convert_image_part(part):
    url = part["image_url"]["url"]
    if not url.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": url}}
    head, data = url.split(",", 1)
    media_type = head.removeprefix("data:").removesuffix(";base64")
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}
"""

CONVERT_IMAGE_PART = Proof(
    "convert_image_part",
    wrong=(
        Wrong("image-url-kept", "def convert_image_part(part):\n    return part"),
        Wrong("image-url-kept", _IMAGE.replace('"type": "image",', '"type": "image_url",')),
        Wrong("prefix-kept", _IMAGE.replace('"data": data', '"data": url'), 2, "Almost"),
        Wrong(
            "media-type-guessed",
            _IMAGE.replace('"media_type": media_type', '"media_type": "image/png"'),
            2,
            "Almost",
        ),
        Wrong("media-type-guessed", _IMAGE.replace('.removeprefix("data:")', ""), 2, "Almost"),
        Wrong(
            "url-as-data",
            _IMAGE.replace('if not url.startswith("data:")', "if False"),
            3,
            "Crashed",
        ),
        Wrong(
            "url-as-data",
            _IMAGE.replace(
                '{"type": "url", "url": url}',
                '{"type": "base64", "media_type": "image/png", "data": url}',
            ),
            2,
            "Almost",
        ),
        Wrong(
            "extra-keys",
            _IMAGE.replace('"source": source}', '"source": source, "detail": "low"}'),
            3,
            "Almost",
        ),
        Wrong(
            "other-source",
            _IMAGE.replace('"media_type": media_type, "data": data', '"url": data'),
            1,
            "Almost",
        ),
        Wrong("other-source", "def convert_image_part(part):\n    pass"),
    ),
    right={
        "partition and two helpers": """
def source_of(url):
    head, comma, data = url.partition(";base64,")
    if comma:
        return {"data": data, "media_type": head[len("data:"):], "type": "base64"}
    return {"url": url, "type": "url"}

def convert_image_part(part):
    return dict(source=source_of(part["image_url"]["url"]), type="image")
""",
        "a regular expression": """
import re

def convert_image_part(part):
    url = part["image_url"]["url"]
    match = re.fullmatch(r"data:(?P<media_type>[^;]+);base64,(?P<data>.+)", url)
    source = {"type": "base64", **match.groupdict()} if match else {"type": "url", "url": url}
    return {"type": "image", "source": source}
""",
    },
)

TEXT_OF = Proof(
    "text_of",
    wrong=(
        Wrong("printed", "def text_of(message):\n    print(message.content[0].text)"),
        Wrong(
            "first-block", "def text_of(message):\n    return message.content[0].text", 1, "Crashed"
        ),
        Wrong(
            "first-block",
            "def text_of(message):\n    return getattr(message.content[0], 'text', '') "
            "if message.content else ''",
            2,
            "Almost",
        ),
        Wrong(
            "only-one-block",
            "def text_of(message):\n"
            "    return next((b.text for b in message.content if b.type == 'text'), '')",
            3,
            "Almost",
        ),
        Wrong(
            "joined-otherwise",
            "def text_of(message):\n"
            "    return ' '.join(b.text for b in message.content if b.type == 'text')",
            3,
            "Almost",
        ),
        Wrong(
            "empty-crash",
            "def text_of(message):\n"
            "    texts = [b.text for b in message.content if b.type == 'text']\n"
            "    return ''.join([texts[0], *texts[1:]])",
            3,
            "Crashed",
        ),
        Wrong(
            "empty-crash",
            "def text_of(message):\n"
            "    return ''.join(b.text for b in message.content if b.type == 'text') or None",
            3,
            "Almost",
        ),
        Wrong(
            "not-text", "def text_of(message):\n    return [b.to_dict() for b in message.content]"
        ),
        Wrong("not-text", "def text_of(message):\n    return str(message.content)"),
    ),
    right={
        "isinstance and a loop": """
from anthropic.types import TextBlock

def text_of(message):
    text = ""
    for block in message.content:
        if isinstance(block, TextBlock):
            text = text + block.text
    return text
""",
        "a subclass of str, by match": """
class Words(str):
    pass

def text_of(message):
    pieces = []
    for block in message.content:
        match block.type:
            case "text":
                pieces.append(block.text)
            case _:
                print("skipping", block.type)
    return Words("".join(pieces))
""",
    },
)

_REASON = """
def finish_reason(message):
    words = {
        "end_turn": "stop", "stop_sequence": "stop",
        "max_tokens": "length", "model_context_window_exceeded": "length",
        "tool_use": "tool_calls", "refusal": "content_filter",
    }
    if message.stop_reason not in words:
        raise ValueError(f"no word for {message.stop_reason}")
    return words[message.stop_reason]
"""

FINISH_REASON = Proof(
    "finish_reason",
    wrong=(
        Wrong("returned-as-is", "def finish_reason(message):\n    return message.stop_reason"),
        Wrong("refusal-as-stop", _REASON.replace('"content_filter"', '"stop"'), 4, "Almost"),
        Wrong(
            "window-as-stop",
            _REASON.replace('exceeded": "length"', 'exceeded": "stop"'),
            4,
            "Almost",
        ),
        Wrong(
            "sequence-not-stop",
            _REASON.replace('"stop_sequence": "stop"', '"stop_sequence": "length"'),
            4,
            "Almost",
        ),
        Wrong("tool-use-lost", _REASON.replace('"tool_calls"', '"stop"'), 4, "Almost"),
        Wrong(
            "unknown-as-stop",
            _REASON.replace(
                'raise ValueError(f"no word for {message.stop_reason}")', 'return "stop"'
            ),
            4,
            "Almost",
        ),
        Wrong(
            "unknown-key-error",
            _REASON.replace("message.stop_reason not in words", "False"),
            4,
            "Almost",
        ),
    ),
    right={
        "branches": """
def finish_reason(message):
    reason = message.stop_reason
    if reason in ("end_turn", "stop_sequence"):
        return "stop"
    if reason in ("max_tokens", "model_context_window_exceeded"):
        return "length"
    if reason == "tool_use":
        return "tool_calls"
    if reason == "refusal":
        return "content_filter"
    raise ValueError(reason)
""",
        "a lookup that translates the error": """
WORDS = dict(end_turn="stop", stop_sequence="stop", max_tokens="length", tool_use="tool_calls",
             model_context_window_exceeded="length", refusal="content_filter")

class UnknownReason(ValueError):
    pass

def finish_reason(message):
    try:
        return WORDS[message.stop_reason]
    except KeyError:
        raise UnknownReason(message.stop_reason) from None
""",
    },
)

PROOFS = (
    FIRST_CALL,
    DESCRIBE_REPLY,
    SPLIT_SYSTEM,
    CONVERT_REQUEST,
    CONVERT_IMAGE_PART,
    TEXT_OF,
    FINISH_REASON,
)
