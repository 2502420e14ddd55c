"""Right answers to `convert_request`: some make both shapes alike first, others read each."""

LIKE_CHAT = """
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
    "spread in one display, and a tuple": """
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
        **({} if system is None else {"system": [{"type": "text", "text": system}]}),
        **({"stop_sequences": (stop,) if isinstance(stop, str) else tuple(stop)} if stop else {}),
        **({"metadata": {"user_id": old["user"]}} if "user" in old else {}),
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
    if system:
        request["system"] = system
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
    request = {key: value for key, value in request.items() if value}
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
    out = {"model": openai_request["model"], "max_tokens": 1024,
           **({"system": blocks} if blocks else {}),
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
        LIKE_CHAT
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


RIGHT = {name: _for_both(source) for name, source in _RIGHT.items()} | _OF_BOTH
