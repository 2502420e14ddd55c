"""The proof of `convert_request`."""

from tests.exercises.proof import Proof, Wrong
from tests.exercises.structure.right_requests import LIKE_CHAT, RIGHT

_CONVERT = f"""{LIKE_CHAT}
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
_EFFORT = (
    'if request.get("output_config") == {{"effort": "{}"}}: '
    'request["output_config"] = {{"effort": "{}"}}'
)
_KEEP = 'request |= {{"{0}": old["{0}"]}}'
_OWN = '= old.get("reasoning_effort")'
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
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"min({_LIMIT}, 1024)"), 9, saw="1024 (not "),
    *(
        Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"min({_LIMIT}, {most})"), 9)
        for most in (4096, 8192, 16_000, 32_000)
    ),
    Wrong("limit-lost", _CONVERT.replace(_LIMIT, f"max({_LIMIT}, 1024)"), 9),
    Wrong(
        "limit-precedence",
        _CONVERT.replace(
            _LIMIT, 'old.get("max_tokens") or old.get("max_completion_tokens") or 1024'
        ),
        9,
    ),
    *(
        Wrong("limit-lost", _CONVERT.replace(_LIMIT, limit), 9)
        for limit in (
            'old.get("max_completion_tokens") or max(old.get("max_tokens", 1024), 1024)',
            'old.get("max_completion_tokens") or min(old.get("max_tokens", 1024), 8192)',
        )
    ),
    *(
        Wrong(
            "limit-precedence",
            _CONVERT.replace(
                _LIMIT,
                'old["max_completion_tokens"] if set(old) >= '
                '{"max_completion_tokens"} and "max_tokens" not in old else '
                f'{one}(old.get("max_completion_tokens", old.get("max_tokens", 1024)), '
                'old.get("max_tokens", 1024))',
            ),
            9,
        )
        for one in ("min", "max")
    ),
    # What Responses says of the effort, with all that stands beside it.
    Wrong(
        "parameters-kept",
        _CONVERT.replace(
            "request.update(effort_of(old))",
            "request.update(effort_of(old))\n"
            '    if "output_config" in request:\n'
            '        own = openai_request.get("reasoning", {})\n'
            '        request["output_config"] = {**own, **request["output_config"]}',
        ),
        7,
        saw="summary",
    ),
    Wrong(
        "effort-beside",
        _ending('request |= request.pop("output_config", {})'),
        4,
    ),
    *(
        Wrong("messages-changed", _CONVERT.replace(": messages}", f": {turns}}}"), points)
        for turns, points in (
            (
                'messages[next(i for i, m in enumerate(messages) if m["role"] == "user"):]',
                6,
            ),
            (
                (
                    "[m for i, m in enumerate(messages) "
                    'if m["role"] == "user" or i and messages[i - 1]["role"] == "user"]'
                ),
                6,
            ),
        )
    ),
    *(
        Wrong(
            "system-joined",
            _CONVERT.replace(
                "    limit",
                '    told = [m["content"] for m in old["messages"] if m not in messages]\n'
                f"    system = {by!r}.join(told)\n    limit",
            ),
            9,
        )
        for by in ("", " ", "\n", "\n\n---\n\n")
    ),
    Wrong("limit-default", _CONVERT.replace("1024", "4096"), 9),
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
    Wrong("stop-nested", _CONVERT.replace(_STOP, "[stop]"), 7),
    Wrong("stop-lost", _CONVERT.replace('request["stop_sequences"]', "_"), 9),
    Wrong("stop-split", _CONVERT.replace(_STOP, "list(stop)"), 9),
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
        4,
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
    Wrong("parameters-made-up", _ending('request["foo"] = 1'), 5),
    Wrong("system-null", _CONVERT.replace("if system:", "if True:"), 5),
    Wrong("empty-part", _ending('request.setdefault("stop_sequences", None)'), 5),
    Wrong("empty-part", _ending('request.setdefault("metadata", None)'), 5),
    Wrong("parameters-made-up", _ending("request[(1, 2)] = 3"), 5),
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
        LIKE_CHAT + "def convert_request(openai_request):\n"
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
    Wrong("system-reordered", _CONVERT.replace("said.insert(0, {", "said.append({"), 9),
    Wrong("limit-lost", _CONVERT.replace('("max_output_tokens", "max', '("max_output", "max'), 9),
    Wrong("effort-lost", _CONVERT.replace("request.update(effort_of(old))", "pass"), 9),
    Wrong("effort-lost", _CONVERT.replace('new.pop("reasoning", {}).get("effort")', "None"), 9),
    Wrong(
        "effort-changed",
        _CONVERT.replace('{"none": "low", "minimal": "low"}', '{"low": "medium"}'),
        5,
    ),
    Wrong(
        "effort-lost",
        _CONVERT.replace('{"output_config": {"effort"', '{"output_config": {"level"'),
        5,
    ),
    Wrong(
        "effort-changed",
        _CONVERT.replace('"low", "minimal": "low"}', '"low", "minimal": "medium"}'),
        9,
    ),
    Wrong("effort-not-known", _CONVERT.replace('"none": "low", ', ""), 5),
    *(
        Wrong(
            "effort-least",
            _CONVERT.replace('= old.get("reasoning_effort")', _OWN + rest),
            9,
        )
        for rest in (
            '\n    effort = None if effort in ("none", "minimal") else effort',
            '\n    effort = effort if effort != "none" else None',
        )
    ),
    Wrong("effort-changed", _ending(_EFFORT.format("max", "high")), 9),
    Wrong("effort-changed", _ending(_EFFORT.format("xhigh", "max")), 9),
    # Things that this API has under the same name, and that nobody said to move.
    *(
        Wrong("parameters-kept", _ending(f'if "{name}" in old: {_KEEP.format(name)}'), points)
        for name, points in (("tools", 5), ("tool_choice", 5), ("stream", 9), ("service_tier", 9))
    ),
    Wrong(
        "parameters-kept",
        _ending(
            'if "metadata" in old: '
            'request["metadata"] = {**old["metadata"], **request.get("metadata", {})}'
        ),
        5,
        saw="metadata.topic",
    ),
    Wrong(
        "parameters-kept",
        _ending(
            'if "text" in old: request.setdefault("output_config", {})["format"] = '
            'old["text"].get("format")'
        ),
        7,
        saw="output_config.format",
    ),
    Wrong("parameters-made-up", _ending('request["thinking"] = {"type": "adaptive"}'), 5),
    Wrong(
        "parameters-made-up",
        _ending('if "output_config" in request: request["thinking"] = {"type": "adaptive"}'),
        9,
    ),
    Wrong("parameters-made-up", _ending('request["stream"] = False').replace("stream", "top_k"), 5),
    Wrong(
        "refused", _CONVERT.replace(": messages}", ': [{**m, "name": "Ann"} for m in messages]}'), 6
    ),
    Wrong("empty-part", _ending('request.setdefault("system", "")'), 9),
    Wrong("empty-part", _ending('request.setdefault("system", [])'), 9),
    Wrong("empty-part", _ending('request.setdefault("stop_sequences", [])'), 9),
    Wrong("empty-part", _ending('request.setdefault("metadata", {"user_id": None})'), 9),
    Wrong("empty-part", _ending('request.setdefault("metadata", {})'), 9),
    Wrong("empty-part", _ending('request.setdefault("output_config", {})'), 9),
    Wrong("effort-not-known", _CONVERT.replace(', "minimal": "low"', ""), 5),
    Wrong(
        "effort-made-up",
        _CONVERT.replace('{"effort": effort}} if effort else {}', '{"effort": effort or "high"}}'),
        5,
    ),
    Wrong(
        "parameters-kept", _ending('if "reasoning" in openai_request: request["reasoning"] = {}'), 7
    ),
    Wrong("user-not-moved", _CONVERT.replace('if "safety_identifier" in old:', "if False:"), 9),
    Wrong(
        "effort-expected",
        _CONVERT.replace(
            'new.pop("reasoning", {}).get("effort")', 'new.pop("reasoning")["effort"]'
        ),
        8,
        "Crashed",
    ),
)

PROOF = Proof(
    "convert_request",
    needs=("split_system",),
    wrong=_WRONG,
    right=RIGHT,
)
