"""The proof of `add_cache`."""

from tests.exercises.proof import Proof, Wrong

_BODY = """
import copy, json

def has_mark(part):
    if isinstance(part, list):
        return any(map(has_mark, part))
    if isinstance(part, dict):
        return "cache_control" in part or any(map(has_mark, part.values()))
    return False

def add_cache(request):
    new = copy.deepcopy(request)
    if has_mark(new):
        return new
    mark = {"type": "ephemeral"}
    if new.get("system"):
        if isinstance(new["system"], str):
            new["system"] = [{"type": "text", "text": new["system"]}]
        new["system"][-1]["cache_control"] = mark
    elif new.get("tools"):
        new["tools"][-1]["cache_control"] = mark
    return new
"""
_COPY = "copy.deepcopy(request)"
_KNOWN = "    if has_mark(new):\n        return new\n"
_BLOCKS = """        if isinstance(new["system"], str):
            new["system"] = [{"type": "text", "text": new["system"]}]
"""
_TOOLS = '    elif new.get("tools"):\n        new["tools"][-1]["cache_control"] = mark\n'
_MARK = 'mark = {"type": "ephemeral"}'
_SYSTEM = 'new["system"][-1]["cache_control"] = mark'

_SHORT = """    if len(str(new.get("system") or new.get("tools") or "")) < {}:
        return new
"""

_QUESTION = """
import copy, json

def add_cache(request):
    new = copy.deepcopy(request)
    if "cache_control" in json.dumps(new):
        return new
    last = new["messages"][-1]
    last["content"] = [
        {"type": "text", "text": last["content"], "cache_control": {"type": "ephemeral"}}
    ]
    return new
"""

_WRONG = (
    # Python's own writing of a request quotes what a prompt quotes.
    Wrong(
        "word-for-mark",
        _BODY.replace("if has_mark(new):", "if \"'cache_control':\" in str(new):"),
        3,
    ),
    Wrong("on-a-string", _BODY.replace(_BLOCKS, ""), 4, "Crashed"),
    Wrong(
        "on-a-string",
        "def add_cache(request):\n"
        '    system = {**request["system"], "cache_control": {"type": "ephemeral"}}\n'
        '    return {**request, "system": [system]}\n',
        0,
        "Crashed",
    ),
    Wrong(
        "string-read",
        _BODY.replace(
            "if has_mark(new):",
            'if any(b.get("cache_control") for m in new["messages"] for b in m["content"]):',
        ),
        0,
        "Crashed",
    ),
    Wrong("refused", _BODY.replace('if new.get("system"):', "if True:"), 3),
    Wrong("part-expected", _BODY.replace('elif new.get("tools"):', "else:"), 5, "Crashed"),
    Wrong("printed", _BODY.replace("    return new\n", "    print(new)\n"), 0),
    Wrong("not-a-dict", _BODY.replace("    return new\n", "    pass\n"), 0),
    Wrong("not-a-dict", _BODY.replace("    return new\n", '    return new["system"]\n'), 0),
    Wrong("not-a-dict", _BODY.replace("        return new\n", "        return None\n", 1), 5),
    Wrong("mutated", _BODY.replace(_COPY, "request"), 5),
    Wrong("mutated", _BODY.replace(_COPY, "dict(request)"), 5, saw="a breakpoint at system"),
    Wrong(
        "on-a-message",
        _BODY.replace(_SYSTEM, 'new["messages"][-1]["cache_control"] = mark'),
        3,
    ),
    Wrong(
        "system-not-a-list",
        _BODY.replace(
            '[{"type": "text", "text": new["system"]}]',
            '{"type": "text", "text": new["system"], "cache_control": mark}',
        ).replace(_SYSTEM, "pass"),
        3,
    ),
    Wrong(
        "blocks-as-text",
        _BODY.replace('if isinstance(new["system"], str):', "if True:"),
        4,
        saw="system.0.text",
    ),
    # A mark on every block: of five, one is too many.
    Wrong(
        "too-many-marks",
        _BODY.replace(
            _SYSTEM, 'new["system"] = [{**block, "cache_control": mark} for block in new["system"]]'
        ),
        5,
    ),
    Wrong(
        "too-many-marks",
        _BODY.replace(
            'new["tools"][-1]["cache_control"] = mark',
            'new["tools"] = [{**each, "cache_control": mark} for each in new["tools"]]',
        ),
        5,
    ),
    Wrong("marked-again", _BODY.replace(_KNOWN, ""), 5),
    Wrong(
        "marked-again",
        _BODY.replace(_KNOWN, '    if "cache_control" in new:\n        return new\n'),
        5,
    ),
    Wrong("control-otherwise", _BODY.replace(_MARK, "mark = True"), 1),
    Wrong("control-otherwise", _BODY.replace("ephemeral", "persistent"), 1),
    Wrong("control-otherwise", _BODY.replace('"ephemeral"}', '"ephemeral", "ttl": "1d"}'), 1),
    Wrong("refused", _BODY.replace('{"type": "text", "text": new', '{"text": new'), 4),
    Wrong("refused", _BODY.replace("return new\n", 'return {**new, "cached": True}\n'), 0),
    # Caching thought to happen by itself.
    Wrong("not-marked", "def add_cache(request):\n    return request", 1),
    Wrong("not-marked", _BODY.replace(_TOOLS, ""), 5),
    Wrong(
        "automatic",
        'def add_cache(request):\n    return {**request, "cache_control": {"type": "ephemeral"}}\n',
        1,
    ),
    Wrong("question-marked", _QUESTION, 1),
    Wrong(
        "nothing-to-cache",
        _BODY.replace(_TOOLS, _TOOLS + '    else:\n        new["cache_control"] = mark\n'),
        5,
    ),
    Wrong("other-lifetime", _BODY.replace('"ephemeral"}', '"ephemeral", "ttl": "1h"}'), 1),
    # The letters stand in a prompt, or the part is there and empty.
    Wrong(
        "word-for-mark",
        _BODY.replace("has_mark(new)", '"cache_control" in json.dumps(new)'),
        3,
    ),
    Wrong("word-for-mark", _BODY.replace("has_mark(new)", '"cache_control" in str(new)'), 3),
    # An empty text becomes a block, which can't be marked.
    Wrong("refused", _BODY.replace('new.get("system")', 'new.get("system") not in (None, [])'), 4),
    Wrong("refused", _BODY.replace('new.get("system")', '"system" in new'), 3),
    Wrong("part-expected", _BODY.replace('new.get("tools")', '"tools" in new'), 5, "Crashed"),
    # A result in a message has blocks of its own.
    Wrong(
        "marked-again",
        _BODY.replace(
            "has_mark(new)",
            """any(
        "cache_control" in part
        for parts in ([new], new.get("tools", []), new.get("system", []),
                      *(m["content"] for m in new["messages"]))
        if isinstance(parts, list) for part in parts
    )""",
        ),
        5,
    ),
    Wrong("half-marked", _BODY.replace('["system"][-1]', '["system"][0]'), 5),
    # The last one by its look: a block that stands there twice, a tool of the API's own.
    Wrong(
        "half-marked",
        _BODY.replace(
            _SYSTEM, 'b = new["system"]; b[b.index(b[-1])] = {**b[-1], "cache_control": mark}'
        ),
        5,
    ),
    Wrong(
        "half-marked",
        _BODY.replace('new["tools"][-1]', '[t for t in new["tools"] if "input_schema" in t][-1]'),
        5,
    ),
    Wrong(
        "half-marked",
        _BODY.replace("mark = {", "mark = {")
        .replace('    elif new.get("tools"):', '    if new.get("tools"):')
        .replace(_SYSTEM, "pass"),
        4,
    ),
    # A lifetime for all, also where somebody has chosen one.
    Wrong(
        "mark-changed",
        _BODY.replace(
            _KNOWN,
            "    if has_mark(new):\n"
            "        for turn in new['messages']:\n"
            "            for part in turn['content']:\n"
            "                if isinstance(part, dict) and 'cache_control' in part:\n"
            "                    part['cache_control'] = {'type': 'ephemeral'}\n"
            "        return new\n",
        ),
        5,
    ),
    # Built anew of the keys that come to mind.
    Wrong(
        "prompt-changed",
        _BODY.replace(
            _COPY,
            "copy.deepcopy({key: request[key] for key in "
            "('model', 'max_tokens', 'system', 'tools', 'messages') if key in request})",
        ),
        3,
    ),
    Wrong("prompt-changed", _BODY.replace('new["system"]}]', 'new["system"].strip()}]'), 4),
    Wrong(
        "prompt-changed",
        _BODY.replace(
            'if isinstance(new["system"], str):',
            'if isinstance(new["system"], list):\n'
            '            new["system"] = "".join(part["text"] for part in new["system"])\n'
            "        if True:",
        ),
        4,
    ),
    Wrong(
        "own-raise",
        _BODY.replace("    return new\n", "    raise ValueError(request)\n"),
        0,
        "Crashed",
    ),
    # Nothing to cache thought to be an error.
    Wrong(
        "own-raise",
        _BODY.replace(_TOOLS, _TOOLS + '    else:\n        raise ValueError("nothing to cache")\n'),
        5,
        "Crashed",
    ),
    Wrong("half-marked", _BODY.replace('["tools"][-1]', '["tools"][0]'), 5),
    Wrong(
        "question-written",
        _BODY.replace(_SYSTEM, _SYSTEM + '\n        new["cache_control"] = mark'),
        4,
    ),
    Wrong(
        "prompt-changed",
        "import time\n"
        + _BODY.replace('"text": new["system"]', '"text": f"{time.time_ns()}" + new["system"]'),
        4,
    ),
    Wrong(
        "word-for-mark",
        _BODY.replace(
            _KNOWN, '    if json.dumps(new).count("cache_control") > 3:\n        return new\n'
        ),
        4,
    ),
    Wrong(
        "marked-again",
        _BODY.replace("has_mark(new)", 'has_mark([new.get("tools"), new.get("messages")])'),
        5,
    ),
    Wrong(
        "mark-lost",
        _BODY.replace(
            _KNOWN,
            '    for tool in new.get("tools", []):\n        tool.pop("cache_control", None)\n'
            + _KNOWN,
        ),
        5,
    ),
    Wrong("prompt-changed", _BODY.replace('new["system"]}]', 'new["system"].upper()}]'), 4),
    Wrong(
        "prompt-changed",
        _BODY.replace(_MARK, _MARK + '\n    new["max_tokens"] = 1000'),
        4,
    ),
    Wrong("refused", _BODY.replace(_MARK, _MARK + '\n    new.pop("max_tokens")'), 0),
    # However short it is, one breakpoint, and only one.
    Wrong(
        "short-unmarked",
        _BODY.replace(_KNOWN, _KNOWN + _SHORT.format(200)),
        3,
        saw="Be ",
    ),
    Wrong("short-unmarked", _BODY.replace(_KNOWN, _KNOWN + _SHORT.format(20)), 5),
    Wrong("marked-twice", _BODY.replace('    elif new.get("tools")', '    if new.get("tools")'), 4),
    Wrong(
        "marked-twice",
        _BODY.replace(
            _SYSTEM,
            'for block in (new["system"][0], new["system"][-1]):\n'
            '            block["cache_control"] = mark',
        ),
        5,
    ),
    Wrong(
        "word-for-mark",
        _BODY.replace("    return False\n", '    return part == "cache_control"\n'),
        3,
    ),
    Wrong(
        "crash",
        _BODY.replace("copy.deepcopy", "nowhere.deepcopy"),
        0,
        "Crashed",
    ),
)

_RIGHT = {
    "new dicts, and a walk": """
MARK = {"cache_control": {"type": "ephemeral", "ttl": "5m"}}

def is_marked(value):
    if isinstance(value, dict):
        return "cache_control" in value or any(is_marked(item) for item in value.values())
    if isinstance(value, list):
        return any(is_marked(item) for item in value)
    return False

def add_cache(request):
    if is_marked(request):
        return request
    system, tools = request.get("system"), request.get("tools")
    if system:
        blocks = system if isinstance(system, list) else [{"type": "text", "text": system}]
        return {**request, "system": blocks[:-1] + [blocks[-1] | MARK]}
    if tools:
        return {**request, "tools": tools[:-1] + [tools[-1] | MARK]}
    return request
""",
    "the SDK's own words, and a list of all parts": """
from anthropic.types import CacheControlEphemeralParam, TextBlockParam

def add_cache(request):
    waiting, has_mark = [request], False
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            has_mark |= part.get("cache_control") is not None
            waiting.extend(part.values())
        elif isinstance(part, (list, tuple)):
            waiting.extend(part)
    if has_mark:
        return request
    mark = CacheControlEphemeralParam(type="ephemeral", ttl="5m")
    if isinstance(request.get("system"), str) and request["system"]:
        block = TextBlockParam(type="text", text=request["system"], cache_control=mark)
        return request | {"system": [block]}
    for key in ("system", "tools"):
        if request.get(key):
            return request | {key: [*request[key][:-1], request[key][-1] | {"cache_control": mark}]}
    return request.copy()
""",
    "an empty block apart": """
def add_cache(request):
    def marked(parts):
        *before, last = parts
        return [*before, dict(last, cache_control={"type": "ephemeral"})]
    found = []
    __import__("json").loads(
        __import__("json").dumps(request),
        object_hook=lambda part: found.append("cache_control" in part),
    )
    if any(found):
        return dict(request)
    new = dict(request)
    match request:
        case {"system": str(text)} if text:
            new["system"] = marked([{"type": "text", "text": text}])
        case {"system": [_, *_] as blocks}:
            new["system"] = marked(blocks)
        case {"tools": [_, *_] as tools}:
            new["tools"] = marked(tools)
    return new
""",
}

PROOF = Proof("add_cache", _WRONG, _RIGHT)
