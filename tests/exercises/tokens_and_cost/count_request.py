"""The proof of `count_request`."""

from tests.exercises.proof import Proof, Wrong

_PARTS = '("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config")'
_COUNT = f"""
def count_request(client, request):
    parts = {{name: request[name] for name in {_PARTS} if name in request}}
    return client.messages.count_tokens(**parts).input_tokens
"""


def _with(*parts: str, given: str = "") -> str:
    """Return an answer that names its parts one by one."""
    named = "".join(f'{part}=request["{part}"], ' for part in parts)
    return (
        "def count_request(client, request):\n"
        f"    return client.messages.count_tokens({named}{given}).input_tokens"
    )


_ANY = 'if "{}" in request: parts["{}"] = request["{}"]'
_BY_HAND = (
    "def count_request(client, request):\n"
    '    parts = {"model": request["model"], "messages": request["messages"]}\n    '
)

_WRONG = (
    Wrong(
        "too-much",
        "def count_request(client, request):\n"
        "    return client.messages.count_tokens(**request).input_tokens",
        0,
        "Crashed",
    ),
    Wrong(
        "too-much",
        "def count_request(client, request):\n"
        '    parts = {k: v for k, v in request.items() if k != "max_tokens"}\n'
        "    return client.messages.count_tokens(**parts).input_tokens",
        3,
        "Crashed",
    ),
    Wrong(
        "too-much",
        "def count_request(client, request):\n"
        '    extra = {"max_tokens": request["max_tokens"]}\n'
        "    return client.messages.count_tokens(model=request['model'],\n"
        "        messages=request['messages'], extra_body=extra).input_tokens",
        0,
        "Crashed",
    ),
    Wrong(
        "null-part",
        _with("model", "messages", given='system=request.get("system")'),
        0,
        "Crashed",
    ),
    Wrong(
        "null-part",
        _COUNT.replace("request[name] for name", "request.get(name) for name").replace(
            " if name in request", ""
        ),
        0,
        "Crashed",
    ),
    Wrong("absent-part", _with("model", "messages", "system", "tools"), 0, "Crashed"),
    Wrong("absent-part", _COUNT.replace(" if name in request", ""), 0, "Crashed"),
    Wrong("printed", _COUNT.replace("return client", "print(client") + "    )"),
    Wrong(
        "printed",
        _COUNT.replace("return client", "counted = client")
        + "    print(f\"{counted} tokens for {request['model']}\")",
    ),
    Wrong(
        "sent-for-real",
        "def count_request(client, request):\n"
        "    return client.messages.create(**request).usage.input_tokens",
    ),
    Wrong(
        "sent-for-real",
        "def count_request(client, request):\n"
        '    message = client.messages.create(**{**request, "max_tokens": 1})\n'
        "    return message.usage.input_tokens",
    ),
    Wrong("object-returned", _COUNT.replace(".input_tokens", "")),
    Wrong("object-returned", _COUNT.replace(".input_tokens", ".to_dict()")),
    Wrong(
        "characters-divided",
        "def count_request(client, request):\n"
        '    return len(request["messages"][-1]["content"]) // 4',
    ),
    Wrong(
        "characters-divided",
        "def count_request(client, request):\n    return len(str(request['messages'])) / 4",
    ),
    Wrong(
        "characters-divided",
        "import json\n"
        "def count_request(client, request):\n"
        '    text = "".join(m["content"] for m in request["messages"])\n'
        "    return round(len(text) / 4)",
    ),
    Wrong(
        "guessed",
        "def count_request(client, request):\n"
        '    return len(request["messages"][-1]["content"].split())',
    ),
    Wrong(
        "foreign-tokenizer",
        # Not there, whether the library is installed or not.
        "def count_request(client, request):\n"
        "    from tiktoken.for_claude import encode\n"
        '    return sum(len(encode(m["content"])) for m in request["messages"])',
        0,
        "Crashed",
    ),
    Wrong("guessed", "def count_request(client, request):\n    return 14"),
    Wrong("guessed", "def count_request(client, request):\n    return None"),
    Wrong(
        "other-model",
        _COUNT.replace(
            "count_tokens(**parts)",
            'count_tokens(**{**parts, "model": "claude-sonnet-4-6"})',
        ),
        3,
    ),
    Wrong(
        "other-model",
        _COUNT.replace(
            "count_tokens(**parts)",
            'count_tokens(**{**parts, "model": "claude-sonnet-5-5"})',
        ),
    ),
    Wrong("parts-lost", _with("model", "messages"), 3),
    Wrong(
        "parts-lost",
        f"{_BY_HAND}{_ANY.format(*['system'] * 3)}\n"
        "    return client.messages.count_tokens(**parts).input_tokens",
        3,
    ),
    Wrong("parts-lost", _with("model", given='messages=request["messages"][-1:]'), 3),
    Wrong("settings-lost", _COUNT.replace(', "tool_choice"', ""), 4),
    Wrong("settings-lost", _COUNT.replace(', "thinking"', ""), 4),
    Wrong("settings-lost", _COUNT.replace(', "output_config"', ""), 4),
    Wrong("other-count", _COUNT.rstrip() + ' + request["max_tokens"]'),
    Wrong("other-count", _COUNT.replace("return client", "client").rstrip()),
    Wrong("other-count", _COUNT.replace("return client", "return str(client").rstrip() + ")"),
    Wrong(
        "mutated",
        "def count_request(client, request):\n"
        '    for name in ("max_tokens", "metadata", "stop_sequences"):\n'
        "        request.pop(name, None)\n"
        "    return client.messages.count_tokens(**request).input_tokens",
        4,
    ),
    Wrong("crash", _COUNT.replace(".input_tokens", ".total_tokens"), 0, "Crashed"),
    Wrong(
        "not-started",
        "def count_request(client, request):\n    raise NotImplementedError",
        0,
        "Not started",
    ),
)

_RIGHT = {
    "what is no part of the prompt, left out": """
NOT_READ = {"max_tokens", "metadata", "stop_sequences", "stream", "service_tier"}

def count_request(client, request):
    counted = client.messages.count_tokens(
        **{name: value for name, value in request.items() if name not in NOT_READ}
    )
    print(counted)
    return counted.input_tokens
""",
    "one parameter after the other": """
import anthropic

def count_request(client, request):
    options = {}
    for name in ("tools", "system", "thinking", "tool_choice", "output_config", "cache_control"):
        value = request.get(name, anthropic.omit)
        options[name] = value
    model, messages = request["model"], list(request["messages"])
    return client.messages.count_tokens(model=model, messages=messages, **options).input_tokens
""",
    "a copy, popped": """
from copy import deepcopy

def count_request(client, request):
    mine = deepcopy(request)
    for name in ("max_tokens", "metadata", "stop_sequences"):
        mine.pop(name, None)
    counted = client.messages.with_raw_response.count_tokens(**mine).parse()
    return counted.model_dump()["input_tokens"]
""",
}

PROOF = Proof("count_request", wrong=_WRONG, right=_RIGHT)
