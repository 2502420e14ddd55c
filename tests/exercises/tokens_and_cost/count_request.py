"""The proof of `count_request`."""

from tests.exercises.erring import erring
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
        "error-hidden",
        f"""
def count_request(client, request):
    parts = {{name: request[name] for name in {_PARTS} if name in request}}
    try:
        return client.messages.count_tokens(**parts).input_tokens
    except Exception:
        return 0
""",
        4,
    ),
    *(
        Wrong(diagnosis, source, 4)
        for diagnosis, source in erring(
            _COUNT, "return client.messages.count_tokens(**parts).input_tokens", hidden="return 0"
        )
    ),
    Wrong("falsy-part-left-out", _COUNT.replace("if name in request", "if request.get(name)"), 4),
    Wrong(
        "falsy-part-left-out",
        _COUNT.replace("if name in request", "if name in request and len(request[name])"),
        4,
    ),
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
        "null-part", _with("model", "messages", given='system=request.get("system")'), 0, "Crashed"
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
    Wrong("printed", _COUNT.replace("return client", "print(client") + "    )", 0),
    Wrong(
        "printed",
        _COUNT.replace("return client", "counted = client")
        + "    print(f\"{counted} tokens for {request['model']}\")",
        0,
    ),
    Wrong(
        "sent-for-real",
        "def count_request(client, request):\n"
        "    return client.messages.create(**request).usage.input_tokens",
        0,
    ),
    Wrong(
        "sent-for-real",
        "def count_request(client, request):\n"
        '    message = client.messages.create(**{**request, "max_tokens": 1})\n'
        "    return message.usage.input_tokens",
        0,
    ),
    Wrong("object-returned", _COUNT.replace(".input_tokens", ""), 0),
    Wrong("object-returned", _COUNT.replace(".input_tokens", ".to_dict()"), 0),
    Wrong(
        "characters-divided",
        "def count_request(client, request):\n"
        '    return len(request["messages"][-1]["content"]) // 4',
        0,
    ),
    Wrong(
        "characters-divided",
        "def count_request(client, request):\n    return len(str(request['messages'])) / 4",
        0,
    ),
    Wrong(
        "characters-divided",
        "import json\n"
        "def count_request(client, request):\n"
        '    text = "".join(m["content"] for m in request["messages"])\n'
        "    return round(len(text) / 4)",
        0,
    ),
    Wrong(
        "guessed",
        "def count_request(client, request):\n"
        '    return len(request["messages"][-1]["content"].split())',
        0,
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
    Wrong("guessed", "def count_request(client, request):\n    return 14", 0),
    Wrong("guessed", "def count_request(client, request):\n    return None", 0),
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
        0,
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
    Wrong("other-count", _COUNT.rstrip() + ' + request["max_tokens"]', 0),
    Wrong("other-count", _COUNT.replace("return client", "client").rstrip(), 0),
    Wrong("other-count", _COUNT.replace("return client", "return str(client").rstrip() + ")", 0),
    Wrong(
        "mutated",
        "def count_request(client, request):\n"
        '    for name in ("max_tokens", "metadata", "stop_sequences"):\n'
        "        request.pop(name, None)\n"
        "    return client.messages.count_tokens(**request).input_tokens",
        3,
    ),
    Wrong("count-as-other", _COUNT.replace(".input_tokens", ".total_tokens"), 0, "Crashed"),
    Wrong("count-as-other", _COUNT.replace(".input_tokens", '["input_tokens"]'), 0, "Crashed"),
    Wrong("count-as-other", _COUNT.replace(".input_tokens", ".usage.input_tokens"), 0, "Crashed"),
    Wrong(
        "openai-call",
        (
            "def count_request(client, request):\n"
            "    return client.chat.completions.create(**request).usage.prompt_tokens"
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "count-elsewhere",
        (
            "def count_request(client, request):\n"
            "    return client.count_tokens(request['messages'][0]['content'])"
        ),
        0,
        "Crashed",
    ),
    Wrong("count-elsewhere", _COUNT.replace("count_tokens", "token_count"), 0, "Crashed"),
    Wrong("request-not-spread", _COUNT.replace("**parts", "parts"), 0, "Crashed"),
    Wrong(
        "request-as-object",
        _COUNT.replace("**parts", "model=request.model, messages=request.messages"),
        0,
        "Crashed",
    ),
    Wrong(
        "system-in-messages",
        "def count_request(client, request):\n"
        "    messages = list(request['messages'])\n"
        "    if 'system' in request:\n"
        "        messages.insert(0, {'role': 'system', 'content': request['system']})\n"
        "    more = {k: request[k] for k in ('tools', 'tool_choice', 'thinking', "
        "'output_config') if k in request}\n"
        "    return client.messages.count_tokens(\n"
        "        model=request['model'], messages=messages, **more).input_tokens",
        3,
        "Crashed",
    ),
    # A list of what to leave out is never complete; this one has had full marks.
    Wrong(
        "too-much",
        "from copy import deepcopy\n"
        "def count_request(client, request):\n"
        "    mine = deepcopy(request)\n"
        '    for name in ("max_tokens", "metadata", "stop_sequences"):\n'
        "        mine.pop(name, None)\n"
        "    return client.messages.count_tokens(**mine).input_tokens",
        4,
        "Crashed",
    ),
    Wrong(
        "settings-lost",
        _COUNT.replace(
            "if name in request", "if isinstance(request.get(name), (str, list))"
        ).replace("{{name", "{{name"),
        4,
    ),
    Wrong(
        "refused",
        _COUNT.replace(
            "**parts",
            (
                '**{**parts, "messages": [m for m in request["messages"] if '
                'isinstance(m["content"], str)] or request["messages"]}'
            ),
        ),
        3,
        "Crashed",
    ),
    Wrong(
        "parts-lost",
        _COUNT.replace(
            "**parts", '**{**parts, **({"tools": parts["tools"][:1]} if "tools" in parts else {})}'
        ),
        4,
    ),
    Wrong(
        "parts-lost",
        _COUNT.replace(
            "**parts", '**{k: v for k, v in parts.items() if k != "system" or isinstance(v, str)}'
        ),
        4,
    ),
    Wrong(
        "settings-lost",
        _COUNT.replace(
            "if name in request",
            'if name in request and not str(request[name]).startswith("{\'format")',
        ),
        4,
    ),
    Wrong(
        "crash",
        _COUNT.replace("in request}}", "in request.keys}}").replace(
            "in request}", "in request.parts}"
        ),
        0,
        "Crashed",
    ),
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
NOT_READ |= {"container", "diagnostics", "inference_geo", "cache_control", "timeout"}

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
    for name in set(mine) - {"model", "messages", "system", "tools", "tool_choice", "thinking",
                             "output_config"}:
        mine.pop(name, None)
    counted = client.messages.with_raw_response.count_tokens(**mine).parse()
    return counted.model_dump()["input_tokens"]
""",
}

PROOF = Proof("count_request", wrong=_WRONG, right=_RIGHT)
