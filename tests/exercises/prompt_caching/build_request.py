"""The proof of `build_request`."""

from tests.exercises.proof import Proof, Wrong

_BODY = """
def build_request(user_input, now, handbook, tools):
    control = {"type": "ephemeral"}
    ordered = sorted(tools, key=lambda tool: tool["name"])
    system = [{"type": "text", "text": handbook, "cache_control": control}]
    content = [{"type": "text", "text": f"It is {now}."}, {"type": "text", "text": user_input}]
    return {
        "model": "claude-sonnet-4-6",
        "max_tokens": 1000,
        "tools": ordered,
        "system": system,
        "messages": [{"role": "user", "content": content}],
    }
"""
_MODEL = '"claude-sonnet-4-6"'
_SORTED = 'sorted(tools, key=lambda tool: tool["name"])'
_BLOCK = '"text": handbook, "cache_control": control}'
_ASKED = '"text": user_input}'
_TOLD = '{"type": "text", "text": f"It is {now}."}, '

# The draft of the lesson, as it stands there.
_DRAFT = """
MODEL = "claude-sonnet-4-6"

def build_request(user_input, now, handbook, tools):
    control = {"type": "ephemeral"}
    content = [{"type": "text", "text": user_input, "cache_control": control}]
    return {
        "model": MODEL,
        "max_tokens": 1000,
        "tools": tools,
        "system": f"It is {now}.\\n{handbook}",
        "messages": [{"role": "user", "content": content}],
    }
"""

_WRONG = (
    Wrong(
        "on-a-string",
        _BODY.replace("    return", '    handbook["cache_control"] = control\n    return'),
        0,
        "Crashed",
    ),
    Wrong("dicts-compared", _BODY.replace(_SORTED, "sorted(tools)"), 0, "Crashed"),
    Wrong(
        "printed", _BODY.replace("    return {", "    print({").replace("],\n    }", "],\n    })")
    ),
    Wrong("not-a-dict", _BODY.replace("    return {", "    request = {")),
    Wrong(
        "not-a-dict",
        _BODY.replace("    return {", "    return str({").replace("],\n    }", "],\n    })"),
    ),
    Wrong(
        "on-a-message",
        _BODY.replace('"content": content}', '"content": content, "cache_control": control}'),
    ),
    Wrong("system-not-a-list", _BODY.replace('"system": system', '"system": system[0]')),
    Wrong(
        "five",
        _BODY.replace(
            '"tools": ordered', '"tools": [{**tool, "cache_control": control} for tool in ordered]'
        ),
    ),
    # OpenAI's place for the system prompt.
    Wrong(
        "system-in-messages",
        _BODY.replace('        "system": system,\n', "").replace(
            '"messages": [', '"messages": [{"role": "system", "content": system}, '
        ),
    ),
    Wrong("control-otherwise", _BODY.replace('control = {"type": "ephemeral"}', "control = True")),
    Wrong("refused", _BODY.replace('"max_tokens": 1000', '"max_tokens": -1')),
    Wrong("refused", _BODY.replace(_MODEL, '"claude-sonnet"')),
    Wrong("question-lost", _BODY.replace(_ASKED, '"text": user_input.upper()}'), 5),
    Wrong("handbook-lost", _BODY.replace('"text": handbook,', '"text": handbook[:-9],'), 4),
    # The handbook as a part of the message is found again as well, but it is no system prompt.
    Wrong(
        "handbook-lost",
        _BODY.replace('        "system": system,\n', "").replace(
            '"content": content}', '"content": system + content}'
        ),
        4,
    ),
    Wrong("tools-lost", _BODY.replace('"tools": ordered', '"tools": ordered[:3]'), 4),
    Wrong("tools-lost", _BODY.replace('        "tools": ordered,\n', ""), 4),
    Wrong("time-lost", _BODY.replace(_TOLD, ""), 5),
    Wrong("time-lost", _BODY.replace("It is {now}.", "It is {now[:10]}."), 5),
    Wrong("time-in-prefix", _DRAFT, 2),
    Wrong(
        "time-in-prefix",
        _BODY.replace('"text": handbook,', '"text": f"It is {now}. {handbook}",'),
        4,
    ),
    Wrong(
        "time-in-prefix",
        _BODY.replace('"text": handbook,', '"text": f"{handbook}\\n{now[:10]}",'),
        4,
    ),
    Wrong(
        "time-in-prefix",
        _BODY.replace("system = [", 'system = [{"type": "text", "text": now}, '),
        4,
    ),
    Wrong(
        "system-changes",
        "from itertools import count\nNUMBERS = count(1)\n"
        + _BODY.replace('"text": handbook,', '"text": f"Call {next(NUMBERS)}. {handbook}",'),
        4,
    ),
    Wrong(
        "system-changes",
        _BODY.replace('"text": handbook,', '"text": f"{handbook} {user_input}",'),
        4,
    ),
    Wrong("tools-unordered", _BODY.replace(_SORTED, "tools"), 4),
    # Sorted by what two tools may share, so they stay as they came.
    Wrong("tools-unordered", _BODY.replace(_SORTED, "sorted(tools, key=len)"), 4),
    Wrong(
        "tools-unordered",
        _BODY.replace(_SORTED, 'sorted(tools, key=lambda tool: len(tool["name"]))'),
        4,
    ),
    Wrong(
        "tools-unordered",
        _BODY.replace(_SORTED, 'sorted(tools, key=lambda tool: tool.get("description", ""))'),
        4,
    ),
    Wrong(
        "tools-unordered", _BODY.replace(_SORTED, "[*{t['name']: t for t in tools}.values()]"), 4
    ),
    # One of the tools has no schema: the API runs it by itself.
    Wrong(
        "tools-lost",
        _BODY.replace('"tools": ordered', '"tools": [t for t in ordered if "input_schema" in t]'),
        4,
    ),
    Wrong("tools-unordered", _BODY.replace('tool["name"]', 'tool["description"]'), 0),
    # A part of the time that stays the same for long, and not for ever.
    Wrong(
        "time-in-prefix",
        _BODY.replace('"text": handbook,', '"text": f"{handbook}\\nThe year is {now[:4]}.",'),
        4,
    ),
    Wrong(
        "system-changes",
        _BODY.replace('"text": handbook,', '"text": f"{handbook}\\nHour {now[11:13]}.",'),
        4,
    ),
    # Braces and signs in a text are no places to fill in.
    Wrong(
        "crash",
        _BODY.replace('"text": handbook,', '"text": handbook.format(now=now),'),
        0,
        "Crashed",
    ),
    Wrong("question-lost", _BODY.replace(_ASKED, '"text": user_input[:14]}'), 5),
    Wrong("question-lost", _BODY.replace(_ASKED, '"text": ascii(user_input)}'), 5),
    Wrong(
        "time-lost",
        "import datetime\n"
        + _BODY.replace(
            "It is {now}.",
            "It is {datetime.datetime.fromisoformat(now):%d %B %Y, %H:%M}.",
        ),
        5,
    ),
    Wrong("tools-unordered", _BODY.replace(_SORTED, "list(reversed(tools))"), 4),
    Wrong("not-marked", _BODY.replace(_BLOCK, '"text": handbook}'), 4),
    Wrong(
        "marker-late",
        _BODY.replace(_BLOCK, '"text": handbook}').replace(
            _ASKED, '"text": user_input, "cache_control": control}'
        ),
        4,
    ),
    Wrong(
        "marker-late",
        _BODY.replace(_BLOCK, '"text": handbook}').replace(
            '"max_tokens": 1000,', '"max_tokens": 1000, "cache_control": control,'
        ),
        4,
    ),
    Wrong(
        "tools-only",
        _BODY.replace(_BLOCK, '"text": handbook}').replace(
            '"tools": ordered',
            '"tools": [*ordered[:-1], {**ordered[-1], "cache_control": control}]',
        ),
        4,
    ),
    Wrong(
        "question-written",
        _BODY.replace(_ASKED, '"text": user_input, "cache_control": control}'),
        4,
    ),
    # Below the minimum of this model nothing is cached either.
    Wrong("model-otherwise", _BODY.replace(_MODEL, '"claude-haiku-4-5"'), 4),
    Wrong("model-otherwise", _BODY.replace(_MODEL, '"claude-sonnet-5-5"'), 5),
    Wrong("model-otherwise", _BODY.replace(_MODEL, '"claude-opus-4-7"'), 5),
    Wrong(
        "never-hits",
        _BODY.replace(
            '"tools": ordered', '"tools": [{**t, "name": t["name"]} for t in ordered]'
        ).replace(
            '"max_tokens": 1000,',
            '"max_tokens": 1000, "output_config": '
            '{"format": {"type": "json_schema", "schema": {"type": "object", "title": now, '
            '"properties": {}, "additionalProperties": False}}},',
        ),
        5,
    ),
    Wrong(
        "mutated",
        _BODY.replace(
            "ordered = " + _SORTED, 'tools.sort(key=lambda tool: tool["name"])\n    ordered = tools'
        ),
        5,
    ),
    Wrong(
        "mutated",
        _BODY.replace("    return", '    ordered[-1]["cache_control"] = control\n    return'),
        5,
    ),
    Wrong("crash", _BODY.replace('tool["name"]', 'tool["title"]'), 0, "Crashed"),
    Wrong("crash", _BODY.replace("now, handbook", "handbook"), 0, "Crashed"),
)

_RIGHT = {
    "a second block for the time": """
from operator import itemgetter

def build_request(user_input, now, handbook, tools):
    return dict(
        model="claude-sonnet-4-6",
        max_tokens=64,
        tools=tuple(sorted(tools, key=itemgetter("name"))),
        system=[
            {"type": "text", "text": handbook, "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            {"type": "text", "text": f"It is {now}."},
        ],
        messages=[{"role": "user", "content": user_input}],
    )
""",
    "both ends marked, and an order of its own": """
import copy

MARK = {"type": "ephemeral"}

def build_request(user_input, now, handbook, tools):
    ordered = sorted(copy.deepcopy(tools), key=repr, reverse=True)
    ordered[-1]["cache_control"] = MARK
    request = {"model": "claude-sonnet-4-6", "max_tokens": 900, "tools": ordered}
    request["system"] = [{"type": "text", "text": "Be kind."}]
    request["system"] += [{"type": "text", "text": handbook, "cache_control": MARK}]
    request["messages"] = [{"role": "user", "content": [
        {"type": "text", "text": user_input}, {"type": "text", "text": "The time: " + now},
    ]}]
    print(len(ordered), "tools")
    return request
""",
    "the time in a message of its own": _BODY.replace(_TOLD, "").replace(
        '"messages": [', '"messages": [{"role": "user", "content": f"It is {now}."}, '
    ),
    "day and time apart": _BODY.replace("It is {now}.", "{now.split()[0]}, at {now.split()[1]}."),
    "tools by their JSON": _BODY.replace(
        _SORTED, "sorted(tools, key=lambda t: __import__('json').dumps(t, sort_keys=True))"
    ),
    "tools by name, in a dict": _BODY.replace(
        _SORTED, "[t for _, t in sorted({t['name']: t for t in tools}.items())]"
    ),
    "the draft, mended": """
def draft(user_input, now, handbook, tools):
    return {
        "model": "claude-sonnet-4-6", "max_tokens": 1000, "tools": tools,
        "system": handbook,
        "messages": [{"role": "user", "content": f"{user_input} (asked on {now})"}],
    }

def build_request(user_input, now, handbook, tools):
    tools = list(tools)
    tools.sort(key=str)
    request = draft(user_input, now, handbook, tools)
    request["system"] = [
        {"type": "text", "text": request["system"], "cache_control": {"type": "ephemeral"}}
    ]
    return request
""",
}

PROOF = Proof("build_request", _WRONG, _RIGHT)
