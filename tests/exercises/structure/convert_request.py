"""The proof of `convert_request`."""

from tests.exercises.proof import Proof, Wrong

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
_LIMIT = 'old.get("max_completion_tokens") or old.get("max_tokens") or 1024'
_STOP = "[stop] if isinstance(stop, str) else stop"


def _ending(line: str) -> str:
    return _CONVERT.replace("    return request", f"    {line}\n    return request")


_WRONG = (
    Wrong("not-a-dict", _CONVERT.replace("return request", "return list(request)")),
    Wrong("not-a-dict", _CONVERT.replace("return request", "print(request)")),
    Wrong("system-left", _CONVERT.replace(": messages}", ': old["messages"]}'), 4),
    Wrong(
        "system-left",
        _CONVERT.replace(
            'system, messages = split_system(old["messages"])',
            'system = split_system(old["messages"])[0]\n'
            '    messages = [m for m in old["messages"] if m["role"] != "system"]',
        ),
        4,
    ),
    Wrong("system-lost", _CONVERT.replace('request["system"] = system', "pass"), 6),
    Wrong("system-lost", _CONVERT.replace("if system:", "if not system:"), 4),
    Wrong("limit-lost", _CONVERT.replace('old.get("max_completion_tokens") or ', ""), 6),
    Wrong("limit-lost", _CONVERT.replace('or old.get("max_tokens") ', ""), 6),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, "4096"), 6),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"min({_LIMIT}, 1024)"), 6, saw="not 3"),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"max({_LIMIT}, 1024)"), 6),
    Wrong(
        "limit-lost",
        _CONVERT.replace(
            _LIMIT, 'old.get("max_tokens") or old.get("max_completion_tokens") or 1024'
        ),
        6,
    ),
    Wrong("limit-lost", _CONVERT.replace("1024", "4096"), 6),
    Wrong(
        "system-lost",
        _CONVERT.replace(
            "    limit",
            '    system = next((m["content"] for m in old["messages"]\n'
            '                   if m["role"] in ("system", "developer")), None)\n    limit',
        ),
        6,
    ),
    Wrong("system-lost", _CONVERT.replace("] = system", "] = system.split()[0]"), 6),
    Wrong("system-lost", _CONVERT.replace("] = system", "] = system.splitlines()[0]"), 6),
    Wrong("system-lost", _CONVERT.replace("] = system", '] = system.replace("\\n\\n", " ")'), 6),
    Wrong("system-lost", _CONVERT.replace("] = system", "] = system.strip()"), 6),
    Wrong(
        "parameters-kept",
        """
GONE = ("temperature", "top_p", "n", "seed", "logprobs", "logit_bias", "top_logprobs",
        "presence_penalty", "frequency_penalty", "stop", "user", "max_completion_tokens")
"""
        + _CONVERT.replace(
            "return request",
            "return {k: v for k, v in old.items() if k not in GONE} | request",
        ),
        4,
    ),
    *(
        Wrong(
            "parameters-kept",
            _ending(f'if "{name}" in old: request["{name}"] = old["{name}"]'),
            4,
            saw=name,
        )
        for name in ("response_format", "reasoning_effort", "store", "stream_options")
    ),
    Wrong(
        "parameters-kept",
        _ending('request["extra_body"] = {"temperature": old.get("temperature", 1)}'),
        4,
        saw="temperature",
    ),
    Wrong(
        "messages-changed",
        _CONVERT.replace(
            ": messages}", ': [{**m, "content": m["content"].strip()} for m in messages]}'
        ),
        5,
    ),
    Wrong(
        "messages-changed",
        _CONVERT.replace(": messages}", ': [m for m in messages if m["role"] == "user"]}'),
        5,
    ),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"str({_LIMIT})"), 4),
    Wrong("limit-lost", _CONVERT.replace(' "max_tokens": limit,', ""), 4),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, 'old["max_completion_tokens"]'), 4, "Crashed"),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, 'old["max_tokens"]'), 0, "Crashed"),
    Wrong("stop-not-a-list", _CONVERT.replace(_STOP, "stop"), 4),
    Wrong("stop-not-a-list", _CONVERT.replace(_STOP, "[stop]"), 4),
    Wrong("stop-lost", _CONVERT.replace('request["stop_sequences"]', "_"), 6),
    Wrong("stop-lost", _CONVERT.replace(_STOP, "list(stop)"), 6),
    Wrong("stop-lost", _CONVERT.replace(_STOP, f"({_STOP})[:1]"), 6),
    Wrong(
        "stop-made-up",
        _CONVERT.replace('if "stop" in old:', "if True:").replace(
            'old["stop"]', 'old.get("stop", "END")'
        ),
        6,
    ),
    Wrong(
        "stop-made-up",
        _CONVERT.replace('if "stop" in old:', "if True:")
        .replace('old["stop"]', 'old.get("stop")')
        .replace(_STOP, "stop if isinstance(stop, list) else [stop]"),
        4,
    ),
    Wrong("user-not-moved", _CONVERT.replace('{"user_id": old', '{"user": old'), 4),
    Wrong(
        "user-not-moved",
        _CONVERT.replace('["metadata"] = {"user_id": old["user"]}', '["user_id"] = old["user"]'),
        4,
    ),
    Wrong(
        "user-not-moved",
        _CONVERT.replace('if "user" in old:', "if True:").replace(
            'old["user"]', 'old.get("user", "nobody")'
        ),
        6,
    ),
    Wrong(
        "parameters-kept",
        _CONVERT.replace("return request", "return {**old, **request}"),
        4,
    ),
    Wrong(
        "parameters-kept",
        _ending('request["temperature"] = old.get("temperature", 1)'),
        4,
    ),
    Wrong("parameters-kept", _ending('if old.get("n"): request["n"] = old["n"]'), 4),
    Wrong("messages-changed", _CONVERT.replace(": messages}", ": messages[-1:]}"), 5),
    Wrong(
        "messages-changed",
        _CONVERT.replace(": messages}", ': [{"role": "user", "content": "Hello"}]}'),
        5,
    ),
    Wrong("messages-changed", _CONVERT.replace(', "messages": messages', ""), 4),
    Wrong("model-changed", _CONVERT.replace('old["model"]', '"claude-sonnet-4-6"'), 5),
    Wrong("optional-expected", _CONVERT.replace('if "stop" in old:', "if True:"), 4, "Crashed"),
    Wrong("optional-expected", _CONVERT.replace('if "user" in old:', "if True:"), 4, "Crashed"),
    Wrong("refused", _ending('request["foo"] = 1'), 5),
    Wrong("system-null", _CONVERT.replace("if system:", "if True:"), 4),
    Wrong("refused", _ending('request.setdefault("stop_sequences", None)'), 5),
    Wrong("refused", _ending('request.setdefault("metadata", None)'), 5),
    Wrong("refused", _ending("request[(1, 2)] = 3"), 5),
    Wrong(
        "stop-not-a-list",
        _ending('request["stop_sequences"] = {*request.get("stop_sequences", ())}'),
        4,
    ),
    Wrong(
        "mutated",
        _CONVERT.replace("= dict(openai_request)", "= openai_request").replace(
            "return request", 'old.pop("stop", None)\n    return request'
        ),
        5,
    ),
    Wrong(
        "mutated",
        "def convert_request(openai_request):\n"
        "    for name in ('temperature', 'top_p', 'n', 'seed', 'logprobs', 'logit_bias',\n"
        "                 'presence_penalty', 'frequency_penalty'):\n"
        "        openai_request.pop(name, None)\n" + _CONVERT.split("\n", 2)[2],
        5,
    ),
    Wrong(
        "unfinished-part",
        "def split_system(m):\n    raise NotImplementedError\n" + _CONVERT,
        0,
        "Crashed",
    ),
    Wrong("crash", _CONVERT.replace('["model"]', ".model"), 0, "Crashed"),
)

_RIGHT = {
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
    "empty things instead of absent ones, and a tuple": """
def convert_request(openai_request):
    old = openai_request
    system, messages = split_system(old["messages"])
    stop = old.get("stop", ())
    return {
        "model": old["model"],
        "max_tokens": next(
            old[key] for key in ("max_completion_tokens", "max_tokens") if key in old
        ) if {"max_completion_tokens", "max_tokens"} & old.keys() else 1024,
        "messages": tuple(messages),
        "system": [] if system is None else [{"type": "text", "text": system}],
        "stop_sequences": (stop,) if isinstance(stop, str) else tuple(stop),
        "metadata": {"user_id": old.get("user")},
        "stream": bool(old.get("stream", False)),
    }
""",
    "a copy of what is known": """
import copy

KEPT = {"model", "messages", "max_tokens"}

class Request(dict):
    pass

def convert_request(openai_request):
    old = copy.deepcopy(openai_request)
    request = Request({key: value for key, value in old.items() if key in KEPT})
    request["max_tokens"] = old.get("max_completion_tokens", request.get("max_tokens", 1024))
    system, request["messages"] = split_system(request["messages"])
    request["system"] = system or ""
    if (stop := old.get("stop")) is not None:
        request["stop_sequences"] = stop if isinstance(stop, list) else [stop]
    if (user := old.get("user")) is not None:
        request["metadata"] = {"user_id": user}
    print("converted", sorted(request))
    return request
""",
    "an instruction a block, and a timeout": """
def convert_request(openai_request):
    old, texts, turns = openai_request, [], []
    for message in old["messages"]:
        if message["role"] in ("system", "developer"):
            texts.append({"type": "text", "text": message["content"]})
        elif turns and turns[-1]["role"] == message["role"]:
            turns.append(dict(message))
        else:
            turns += [dict(message)]
    names = ("max_completion_tokens", "max_tokens")
    limit = next((old[name] for name in names if name in old), 1024)
    request = {"model": old["model"], "max_tokens": limit, "messages": turns, "timeout": 60}
    if texts:
        request["system"] = texts
    if "stop" in old:
        request["stop_sequences"] = old["stop"] if type(old["stop"]) is list else [old["stop"]]
    if "user" in old:
        request["metadata"] = {"user_id": old["user"]}
    return request
""",
    "the SDK's own types, contents as blocks": """
from anthropic.types import MetadataParam, TextBlock, TextBlockParam

def convert_request(openai_request):
    system, others = split_system(openai_request["messages"])
    messages = []
    for other in others:
        block = (TextBlockParam(type="text", text=other["content"]) if other["role"] == "user"
                 else TextBlock(type="text", text=other["content"]))
        messages.append({"role": other["role"], "content": [block]})
    limit = openai_request.get("max_completion_tokens", openai_request.get("max_tokens", 1024))
    request = {"model": openai_request["model"], "max_tokens": limit, "messages": messages}
    if system is not None:
        request["system"] = system
    if "stop" in openai_request:
        request["stop_sequences"] = (
            [openai_request["stop"]] if isinstance(openai_request["stop"], str)
            else list(openai_request["stop"])
        )
    if "user" in openai_request:
        request["metadata"] = MetadataParam(user_id=openai_request["user"])
    return request
""",
}

PROOF = Proof("convert_request", needs=("split_system",), wrong=_WRONG, right=_RIGHT)
