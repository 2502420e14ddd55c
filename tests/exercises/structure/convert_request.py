"""The proof of `convert_request`."""

from tests.exercises.proof import Proof, Wrong

_LIKE_CHAT = """
def like_chat(old):
    if "messages" in old:
        return old
    said = old["input"]
    said = [{"role": "user", "content": said}] if isinstance(said, str) else list(said)
    if "instructions" in old:
        said.insert(0, {"role": "system", "content": old["instructions"]})
    new = {**old, "messages": said}
    for here, there in (("input", None), ("instructions", None),
                        ("max_output_tokens", "max_completion_tokens")):
        value = new.pop(here, None)
        if there and value:
            new[there] = value
    effort = new.pop("reasoning", {}).get("effort")
    return new | ({"reasoning_effort": effort} if effort else {})

def effort_of(old):
    effort = old.get("reasoning_effort")
    effort = {"none": "low", "minimal": "low"}.get(effort, effort)
    return {"output_config": {"effort": effort}} if effort else {}

def user_of(old):
    user = old.get("safety_identifier", old.get("user"))
    return {"metadata": {"user_id": user}} if user else {}
"""
_CONVERT = f"""{_LIKE_CHAT}
def convert_request(openai_request):
    old = dict(like_chat(openai_request))
    system, messages = split_system(old["messages"])
    limit = old.get("max_completion_tokens") or old.get("max_tokens") or 1024
    request = {{"model": old["model"], "max_tokens": limit, "messages": messages}}
    if system:
        request["system"] = system
    if "stop" in old:
        stop = old["stop"]
        request["stop_sequences"] = [stop] if isinstance(stop, str) else stop
    if "safety_identifier" in old:
        old |= {{"user": old["safety_identifier"]}}
    if "user" in old:
        request["metadata"] = {{"user_id": old["user"]}}
    request.update(effort_of(old))
    return request
"""
_LIMIT = 'old.get("max_completion_tokens") or old.get("max_tokens") or 1024'
_STOP = "[stop] if isinstance(stop, str) else stop"


def _ending(line: str) -> str:
    return _CONVERT.replace("    return request", f"    {line}\n    return request")


_WRONG = (
    Wrong("not-a-dict", _CONVERT.replace("return request", "return list(request)")),
    Wrong("not-a-dict", _CONVERT.replace("return request", "print(request)")),
    Wrong("system-left", _CONVERT.replace(": messages}", ': old["messages"]}'), 5),
    Wrong(
        "system-left",
        _CONVERT.replace(
            'system, messages = split_system(old["messages"])',
            'system = split_system(old["messages"])[0]\n'
            '    messages = [m for m in old["messages"] if m["role"] != "system"]',
        ),
        5,
    ),
    Wrong("system-lost", _CONVERT.replace('request["system"] = system', "pass"), 9),
    Wrong("system-lost", _CONVERT.replace("if system:", "if not system:"), 5),
    Wrong("limit-lost", _CONVERT.replace('old.get("max_completion_tokens") or ', ""), 9),
    Wrong("limit-lost", _CONVERT.replace('or old.get("max_tokens") ', ""), 9),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, "4096"), 9),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"min({_LIMIT}, 1024)"), 9, saw="not 3"),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"max({_LIMIT}, 1024)"), 9),
    Wrong(
        "limit-lost",
        _CONVERT.replace(
            _LIMIT, 'old.get("max_tokens") or old.get("max_completion_tokens") or 1024'
        ),
        9,
    ),
    Wrong("limit-lost", _CONVERT.replace("1024", "4096"), 9),
    Wrong(
        "system-lost",
        _CONVERT.replace(
            "    limit",
            '    system = next((m["content"] for m in old["messages"]\n'
            '                   if m["role"] in ("system", "developer")), None)\n    limit',
        ),
        9,
    ),
    Wrong("system-lost", _CONVERT.replace("] = system", "] = system.split()[0]"), 9),
    Wrong("system-lost", _CONVERT.replace("] = system", "] = system.splitlines()[0]"), 9),
    Wrong("system-lost", _CONVERT.replace("] = system", '] = system.replace("\\n\\n", " ")'), 9),
    Wrong("system-lost", _CONVERT.replace("] = system", "] = system.strip()"), 9),
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
        5,
    ),
    *(
        Wrong(
            "parameters-kept",
            _ending(f'if "{name}" in old: request["{name}"] = old["{name}"]'),
            points,
            saw=name,
        )
        for name, points in (
            ("response_format", 7),
            # Responses has these too, by their own name or once it is made alike.
            ("reasoning_effort", 5),
            ("store", 5),
            ("stream_options", 7),
        )
    ),
    Wrong(
        "parameters-kept",
        _ending('request["extra_body"] = {"temperature": old.get("temperature", 1)}'),
        5,
        saw="temperature",
    ),
    Wrong(
        "messages-changed",
        _CONVERT.replace(
            ": messages}", ': [{**m, "content": m["content"].strip()} for m in messages]}'
        ),
        6,
    ),
    Wrong(
        "messages-changed",
        _CONVERT.replace(": messages}", ': [m for m in messages if m["role"] == "user"]}'),
        6,
    ),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"str({_LIMIT})"), 5),
    Wrong("limit-lost", _CONVERT.replace(' "max_tokens": limit,', ""), 5),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, 'old["max_completion_tokens"]'), 5, "Crashed"),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, 'old["max_tokens"]'), 0, "Crashed"),
    Wrong("stop-not-a-list", _CONVERT.replace(_STOP, "stop"), 7),
    Wrong("stop-not-a-list", _CONVERT.replace(_STOP, "[stop]"), 7),
    Wrong("stop-lost", _CONVERT.replace('request["stop_sequences"]', "_"), 9),
    Wrong("stop-lost", _CONVERT.replace(_STOP, "list(stop)"), 9),
    Wrong("stop-lost", _CONVERT.replace(_STOP, f"({_STOP})[:1]"), 9),
    Wrong(
        "stop-made-up",
        _CONVERT.replace('if "stop" in old:', "if True:").replace(
            'old["stop"]', 'old.get("stop", "END")'
        ),
        9,
    ),
    Wrong(
        "stop-made-up",
        _CONVERT.replace('if "stop" in old:', "if True:")
        .replace('old["stop"]', 'old.get("stop")')
        .replace(_STOP, "stop if isinstance(stop, list) else [stop]"),
        5,
    ),
    Wrong("user-not-moved", _CONVERT.replace('{"user_id": old', '{"user": old'), 5),
    Wrong(
        "user-not-moved",
        _CONVERT.replace('["metadata"] = {"user_id": old["user"]}', '["user_id"] = old["user"]'),
        5,
    ),
    Wrong(
        "user-not-moved",
        _CONVERT.replace('if "user" in old:', "if True:").replace(
            'old["user"]', 'old.get("user", "nobody")'
        ),
        9,
    ),
    Wrong(
        "parameters-kept",
        _CONVERT.replace("return request", "return {**old, **request}"),
        5,
    ),
    Wrong(
        "parameters-kept",
        _ending('request["temperature"] = old.get("temperature", 1)'),
        5,
    ),
    Wrong("parameters-kept", _ending('if old.get("n"): request["n"] = old["n"]'), 7),
    Wrong("messages-changed", _CONVERT.replace(": messages}", ": messages[-1:]}"), 6),
    Wrong(
        "messages-changed",
        _CONVERT.replace(": messages}", ': [{"role": "user", "content": "Hello"}]}'),
        6,
    ),
    Wrong("messages-changed", _CONVERT.replace(', "messages": messages', ""), 5),
    Wrong("model-changed", _CONVERT.replace('old["model"]', '"claude-sonnet-4-6"'), 6),
    Wrong("optional-expected", _CONVERT.replace('if "stop" in old:', "if True:"), 5, "Crashed"),
    Wrong("optional-expected", _CONVERT.replace('if "user" in old:', "if True:"), 5, "Crashed"),
    Wrong("refused", _ending('request["foo"] = 1'), 6),
    Wrong("system-null", _CONVERT.replace("if system:", "if True:"), 5),
    Wrong("refused", _ending('request.setdefault("stop_sequences", None)'), 6),
    Wrong("refused", _ending('request.setdefault("metadata", None)'), 6),
    Wrong("refused", _ending("request[(1, 2)] = 3"), 6),
    Wrong(
        "stop-not-a-list",
        _ending('request["stop_sequences"] = {*request.get("stop_sequences", ())}'),
        5,
    ),
    Wrong(
        "mutated",
        _CONVERT.replace("dict(like_chat(openai_request))", "like_chat(openai_request)").replace(
            "return request", 'old.pop("stop", None)\n    return request'
        ),
        8,
    ),
    Wrong(
        "mutated",
        _LIKE_CHAT + "def convert_request(openai_request):\n"
        "    for name in ('temperature', 'top_p', 'n', 'seed', 'logprobs', 'logit_bias',\n"
        "                 'presence_penalty', 'frequency_penalty'):\n"
        "        openai_request.pop(name, None)\n"
        + _CONVERT.partition("def convert_request(openai_request):\n")[2],
        6,
    ),
    Wrong(
        "unfinished-part",
        "def split_system(m):\n    raise NotImplementedError\n" + _CONVERT,
        0,
        "Crashed",
    ),
    Wrong("crash", _CONVERT.replace('["model"]', ".model"), 0, "Crashed"),
    Wrong(
        "one-shape-only",
        _CONVERT.replace("like_chat(openai_request)", "openai_request"),
        8,
        "Crashed",
    ),
    Wrong(
        "one-shape-only",
        _CONVERT.replace('if "messages" in old:', 'if "input" not in old:').replace(
            'said = old["input"]', 'said = old["messages"]'
        ),
        8,
        "Crashed",
    ),
    Wrong(
        "input-not-a-list",
        _CONVERT.replace(
            "    said = [{",
            "    if isinstance(said, str):\n"
            '        return {**old, "messages": said}\n'
            "    said = [{",
        ).replace(
            "split_system(old",
            'isinstance(old["messages"], str) and (old.get("instructions"), old["messages"])'
            " or split_system(old",
        ),
        8,
    ),
    Wrong(
        "input-not-a-list",
        _CONVERT.replace(
            '[{"role": "user", "content": said}] if isinstance(said, str) else list(said)', "said"
        )
        .replace("said.insert(0, {", "said = ([{")
        .replace('["instructions"]})', '["instructions"]}] + said)'),
        8,
        "Crashed",
    ),
    Wrong("system-lost", _CONVERT.replace('if "instructions" in old:', "if False:"), 9),
    Wrong("system-lost", _CONVERT.replace("said.insert(0, {", "said.append({"), 9),
    Wrong("limit-lost", _CONVERT.replace('("max_output_tokens", "max', '("max_output", "max'), 9),
    Wrong("effort-lost", _CONVERT.replace("request.update(effort_of(old))", "pass"), 9),
    Wrong("effort-lost", _CONVERT.replace('new.pop("reasoning", {}).get("effort")', "None"), 9),
    Wrong(
        "effort-lost", _CONVERT.replace('{"none": "low", "minimal": "low"}', '{"low": "medium"}'), 5
    ),
    Wrong(
        "effort-lost",
        _CONVERT.replace('{"output_config": {"effort"', '{"output_config": {"level"'),
        5,
    ),
    Wrong(
        "effort-lost",
        _CONVERT.replace('"low", "minimal": "low"}', '"low", "minimal": "medium"}'),
        9,
    ),
    Wrong("effort-not-known", _CONVERT.replace('"none": "low", ', ""), 5),
    Wrong("effort-not-known", _CONVERT.replace(', "minimal": "low"', ""), 5),
    Wrong(
        "effort-made-up",
        _CONVERT.replace('{"effort": effort}} if effort else {}', '{"effort": effort or "high"}}'),
        9,
    ),
    Wrong(
        "parameters-kept", _ending('if "reasoning" in openai_request: request["reasoning"] = {}'), 7
    ),
    Wrong("user-not-moved", _CONVERT.replace('if "safety_identifier" in old:', "if False:"), 9),
    Wrong(
        "optional-expected",
        _CONVERT.replace(
            'new.pop("reasoning", {}).get("effort")', 'new.pop("reasoning")["effort"]'
        ),
        8,
        "Crashed",
    ),
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

_OF_BOTH = {
    "from the top, by one shape or the other": """
def convert_request(openai_request):
    old = openai_request
    if "input" in old:
        turns = old["input"]
        limit, effort = old.get("max_output_tokens"), (old.get("reasoning") or {}).get("effort")
        if isinstance(turns, str):
            turns = [dict(role="user", content=turns)]
    else:
        turns = old["messages"]
        limit = old.get("max_completion_tokens") or old.get("max_tokens")
        effort = old.get("reasoning_effort")
    system, turns = split_system(turns)
    system = "\\n\\n".join(filter(None, [old.get("instructions"), system]))
    stops = old.get("stop") or []
    request = dict(model=old["model"], messages=turns, max_tokens=limit or 1024, system=system)
    request["stop_sequences"] = stops if isinstance(stops, list) else [stops]
    if effort is not None:
        levels = ("low", "medium", "high", "xhigh", "max")
        request["output_config"] = {"effort": effort if effort in levels else levels[0]}
    if user := old.get("user") or old.get("safety_identifier"):
        request["metadata"] = {"user_id": user}
    return request
""",
    "by match": """
def convert_request(openai_request):
    match openai_request:
        case {"input": str(text)}:
            said = [{"role": "user", "content": text}]
        case {"input": said} | {"messages": said}:
            pass
    first = openai_request.get("instructions")
    blocks = [{"type": "text", "text": first}] if first else []
    blocks += [{"type": "text", "text": each["content"]} for each in said
               if each["role"] in {"system", "developer"}]
    out = {"model": openai_request["model"], "system": blocks, "max_tokens": 1024,
           "messages": [each for each in said if each["role"] in {"user", "assistant"}]}
    for key, value in sorted(openai_request.items(), reverse=True):
        match key, value:
            case ("max_tokens" | "max_completion_tokens" | "max_output_tokens"), limit:
                out["max_tokens"] = limit
            case ("reasoning_effort", effort) | ("reasoning", {"effort": effort}):
                low = effort in ("none", "minimal")
                out["output_config"] = {"effort": "low" if low else effort}
            case "stop", str(one):
                out["stop_sequences"] = [one]
            case "stop", many:
                out["stop_sequences"] = many
            case ("user" | "safety_identifier"), user:
                out["metadata"] = {"user_id": user}
    return out
""",
}


def _for_both(of_chat: str) -> str:
    """Return an answer for requests of Chat Completions, called for both shapes."""
    return (
        _LIKE_CHAT
        + of_chat.replace("def convert_request(", "def convert_chat(")
        + """
def convert_request(openai_request):
    chat = like_chat(openai_request)
    request = convert_chat(chat)
    request.update(effort_of(chat))
    request.update(user_of(chat))
    return request
"""
    )


PROOF = Proof(
    "convert_request",
    needs=("split_system",),
    wrong=_WRONG,
    right={name: _for_both(source) for name, source in _RIGHT.items()} | _OF_BOTH,
)
