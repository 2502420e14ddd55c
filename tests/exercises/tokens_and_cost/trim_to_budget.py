"""The proof of `trim_to_budget`."""

from tests.exercises.erring import erring
from tests.exercises.loops.bare import BARE
from tests.exercises.proof import Proof, Wrong

_TRIM = (
    BARE
    + """
import itertools

_NOTE = {"role": "user", "content": "Some messages were cut off."}

def asks(message):
    content = message["content"]
    if message["role"] != "user":
        return False
    return isinstance(content, str) or all(b["type"] != "tool_result" for b in content)

def left(messages, start):
    return bare(messages[start:]) if start else messages

def trim_to_budget(client, request, budget):
    messages = request["messages"]
    starts = [place for place, message in enumerate(messages) if asks(message)]
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        shorter = {**request, "messages": left(messages, starts[middle])}
        if count_request(client, shorter) <= budget:
            high = middle
        else:
            low = middle + 1
    if low == len(starts):
        raise ValueError("too long")
    return {**request, "messages": left(messages, starts[low])}
"""
)
_ASKS = 'isinstance(content, str) or all(b["type"] != "tool_result" for b in content)'
_STARTS = "[place for place, message in enumerate(messages) if asks(message)]"
_BARE = 'content = [b for b in content if kind(b) not in ("thinking", "redacted_thinking")]'
_HAS_TEXT = "(isinstance(content, str) or any(b['type'] == 'text' for b in content))"
_RETURN = '    return {**request, "messages": left(messages, starts[low])}\n'
_RAISE = '    if low == len(starts):\n        raise ValueError("too long")\n'

_ONE_BY_ONE = (
    BARE
    + """
def trim_to_budget(client, request, budget):
    messages = request["messages"]
    for start, message in enumerate(messages):
        content = message["content"]
        if message["role"] != "user" or not isinstance(content, str):
            if message["role"] != "user" or any(b["type"] == "tool_result" for b in content):
                continue
        shorter = {**request, "messages": bare(messages[start:]) if start else messages}
        if count_request(client, shorter) <= budget:
            return shorter
    raise ValueError("too long")
"""
)

_POPPING = (
    BARE
    + """
def trim_to_budget(client, request, budget):
    messages = list(request["messages"])
    while count_request(client, {**request, "messages": messages}) > budget:
        messages = bare(messages[STEP:])
    return {**request, "messages": messages}
"""
)


def _changed(old: str, new: str) -> str:
    assert old in _TRIM
    return _TRIM.replace(old, new)


_ALONE = "client.messages.count_tokens(model={}, messages=shorter['messages']).input_tokens"

_COUNTS = "        if count_request(client, shorter) <= budget:\n"
_IN_TWO_LINES = "        tokens = count_request(client, shorter)\n        if tokens <= budget:\n"
_TRIES = (
    "        try:\n            tokens = count_request(client, shorter)\n"
    "        except Exception:\n            tokens = OTHERWISE\n"
    "        if tokens <= budget:\n"
)

_PROMPT = ("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config")


def _counting(*names: str) -> str:
    """Return an answer that counts these parts of a request alone."""
    counted = "client.messages.count_tokens(**{k: shorter[k] for k in NAMES if k in shorter})"
    counted = counted.replace("NAMES", repr(names)) + ".input_tokens"
    return _TRIM.replace("count_request(client, shorter)", counted)


_WRONG = (
    *(
        Wrong("settings-lost", _counting(*(name for name in _PROMPT if name != lost)), 6)
        for lost in ("tool_choice", "thinking", "output_config")
    ),
    Wrong("settings-lost", _counting("model", "messages", "system", "tools"), 6),
    Wrong(
        "counted-without-thinking",
        _TRIM.replace("left(messages, starts[middle])}", "bare(messages[starts[middle]:])}"),
        6,
    ),
    Wrong(
        "counted-without-thinking",
        _TRIM.replace(
            "    low, high = 0",
            "    whole = {**request, 'messages': bare(messages)}\n"
            "    if count_request(client, whole) <= budget:\n        return dict(request)\n"
            "    low, high = 0",
        ),
        6,
    ),
    *(
        Wrong("instruction-lost", _TRIM.replace("if content:", f"if content and {kept}:"), 6)
        for kept in ("message['role'] != 'system'", "message['role'] in ('user', 'assistant')")
    ),
    Wrong(
        "instruction-begins",
        _changed('message["role"] != "user"', 'message["role"] == "assistant"'),
        7,
    ),
    *(
        Wrong(diagnosis, source, 7)
        for diagnosis, source in erring(
            _TRIM.replace(_COUNTS, _IN_TWO_LINES),
            "tokens = count_request(client, shorter)",
            hidden="tokens = budget",
        )
    ),
    Wrong("error-wrapped", _TRIM.replace(_COUNTS, _TRIES.replace("OTHERWISE", "budget + 1")), 7),
    Wrong("error-hidden", _TRIM.replace(_COUNTS, _TRIES.replace("OTHERWISE", "0")), 7),
    Wrong("question-in-blocks", _TRIM.replace(_ASKS, "isinstance(content, str)"), 7),
    Wrong(
        "counted-with-thinking",
        _TRIM.replace("left(messages, starts[middle])}", "messages[starts[middle]:]}"),
        7,
    ),
    # What it counts is too long by the thoughts that nobody can read.
    Wrong(
        "bound",
        _TRIM.replace("left(messages, starts[middle])}", "some(messages, starts[middle])}")
        + """
def some(messages, start):
    def type_of(block):
        return block["type"] if isinstance(block, dict) else block.type

    def kept(content):
        if isinstance(content, str):
            return content
        return [b for b in content if type_of(b) != "thinking"]

    some = [{**m, "content": kept(m["content"])} for m in messages[start:]]
    return [m for m in some if m["content"]] if start else messages
""",
        7,
    ),
    Wrong(
        "thinking-kept",
        _TRIM.replace(
            'return block["type"] if isinstance(block, dict) else block.type',
            'return block["type"] if isinstance(block, dict) else None',
        ),
        6,
    ),
    Wrong(
        "too-much",
        _changed(
            "count_request(client, shorter)", "client.messages.count_tokens(**shorter).input_tokens"
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "null-part",
        _changed(
            "count_request(client, shorter)",
            "client.messages.count_tokens(model=request['model'], messages=shorter['messages'],"
            " thinking=request.get('thinking')).input_tokens",
        ),
        0,
    ),
    Wrong("absent-part", _changed("budget:", "budget and request['thinking']:"), 0, "Crashed"),
    Wrong("blocks-of-one-kind", _changed("isinstance(content, str) or ", ""), 0, "Crashed"),
    Wrong(
        "blocks-of-one-kind", _changed(_ASKS, _ASKS.replace('b["type"]', "b.type")), 5, "Crashed"
    ),
    Wrong("nothing-left", _changed(_STARTS, f"{_STARTS} + [len(messages)]"), 2),
    Wrong(
        "refused",
        _changed(
            _STARTS, _STARTS.replace("if asks", "if message['role'] == 'user' and asks")
        ).replace(
            '    messages = request["messages"]\n',
            "    messages = [m for m in request['messages'] if 'tool_result' not in str(m)]\n",
        ),
        6,
    ),
    Wrong(
        "sent-for-real",
        _changed(
            "count_request(client, shorter)", "client.messages.create(**shorter).usage.input_tokens"
        ),
        0,
    ),
    Wrong(
        "only-messages-returned", _changed(_RETURN, "    return left(messages, starts[low])\n"), 0
    ),
    Wrong(
        "not-a-request",
        _changed(_RETURN, '    request["messages"] = left(messages, starts[low])\n'),
        0,
    ),
    Wrong(
        "not-a-request",
        _changed(_RETURN, '    return {"message": left(messages, starts[low])}\n'),
        0,
    ),
    Wrong("guessed", _changed("count_request(client, shorter)", "len(str(shorter)) // 4"), 0),
    Wrong("guessed", "def trim_to_budget(client, request, budget):\n    return request", 0),
    Wrong(
        "other-model",
        _changed(
            "count_request(client, shorter)",
            'count_request(client, {**shorter, "model": "claude-opus-4-8"})',
        ),
        0,
    ),
    Wrong(
        "more-changed",
        _changed(
            _RETURN,
            '    return {"model": request["model"], "max_tokens": request["max_tokens"],\n'
            '            "messages": left(messages, starts[low])}\n',
        ),
        7,
    ),
    Wrong(
        "mutated",
        _changed(
            _RETURN, '    request["messages"] = left(messages, starts[low])\n    return request\n'
        ),
        7,
    ),
    Wrong("mutated", _changed(_RETURN, "    del messages[:starts[low]]\n    return request\n"), 6),
    Wrong(
        "oldest-kept",
        _changed(_RETURN, '    return {**request, "messages": messages[:-starts[low]]}\n'),
        0,
    ),
    Wrong(
        "prompt-forgotten",
        _changed("count_request(client, shorter)", _ALONE.format("request['model']")),
        1,
    ),
    Wrong(
        "over-budget", _changed("messages, starts[low])}", "messages, starts[max(0, low - 1)])}"), 2
    ),
    Wrong("over-budget", _changed("<= budget", "<= budget + request['max_tokens']"), 1),
    Wrong("torn", _changed(_ASKS, "True"), 6),
    Wrong("torn", _changed(_STARTS, "range(0, len(messages), 2)"), 6),
    Wrong(
        "torn", _POPPING.replace("STEP", "2").replace("> budget", "> budget and messages[2:]"), 4
    ),
    Wrong("starts-with-assistant", _changed(_STARTS, "list(range(len(messages)))"), 4),
    Wrong("starts-with-assistant", _POPPING.replace("STEP", "1"), 3),
    Wrong(
        "too-few-turns",
        _changed(
            "    return {**request",
            "    low = min(low + 1, len(starts) - 1)\n    return {**request",
        ),
        4,
    ),
    Wrong("found-none", _changed("<= budget", "< budget"), 5),
    Wrong("found-none", _changed("low, high = 0", "low, high = 1"), 4),
    Wrong(
        "other-messages",
        _changed(
            "left(messages, starts[low])}",
            "[m for m in left(messages, starts[low]) if m['role'] == 'user']}",
        ),
        0,
    ),
    Wrong("too-many-counts", _ONE_BY_ONE, 6),
    Wrong(
        "too-many-counts",
        _ONE_BY_ONE.replace(
            "        if count_request(client, shorter) <= budget:",
            "        tokens = count_request(client, shorter)\n        if tokens <= budget:",
        ),
        6,
    ),
    Wrong(
        "found-none",
        _changed(
            "count_request(client, shorter) <=",
            'count_request(client, shorter) + request["max_tokens"] <=',
        ),
        0,
    ),
    Wrong("found-none", _changed("<= budget", "<= 0"), 0),
    Wrong("odd-value", _changed("low, high = 0,", "low, high, _ = 0,"), 0),
    Wrong(
        "counted-alone",
        _changed(
            "count_request(client, shorter)",
            (
                "sum(count_request(client, {**request, 'messages': messages[a:b]}) for a, b in "
                "zip(starts[middle:], [*starts[middle + 1:], len(messages)]))"
            ),
        ),
        0,
    ),
    Wrong(
        "oldest-kept",
        """
def trim_to_budget(client, request, budget):
    messages = list(request["messages"])
    while count_request(client, {**request, "messages": messages}) > budget:
        messages.pop()
    return {**request, "messages": messages}
""",
        0,
    ),
    # The same question and answer, twice, are two turns.
    Wrong(
        "other-messages",
        _changed(
            "    return bare(",
            "    messages = [*{repr(each): each for each in messages}.values()]\n    return bare(",
        ),
        0,
    ),
    Wrong(
        "torn",
        _changed(_ASKS, "isinstance(content, str) or content[-1]['type'] != 'tool_result'"),
        7,
    ),
    Wrong(
        "count-as-other",
        _changed(
            "count_request(client, shorter)",
            _ALONE.format("request['model']").replace(".input_tokens", ".total"),
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "count-elsewhere",
        _changed("count_request(client, shorter)", "client.messages.count(shorter)"),
        0,
        "Crashed",
    ),
    Wrong(
        "request-not-spread",
        _changed("count_request(client, shorter)", "count_request(shorter)"),
        0,
        "Crashed",
    ),
    Wrong("request-as-object", _changed('request["messages"]', "request.messages"), 0, "Crashed"),
    Wrong(
        "other-model",
        _changed(
            "count_request(client, shorter)",
            'count_request(client, {**shorter, "model": "claude-sonnet-4-6"})',
        ),
        0,
    ),
    Wrong(
        "not-raised",
        _changed('raise ValueError("too long")', 'raise RuntimeError("too long")'),
        7,
        "Crashed",
    ),
    Wrong("not-a-request", _changed(_RETURN, "    return len(left(messages, starts[low]))\n"), 0),
    Wrong(
        "more-changed",
        _changed(_RETURN, _RETURN.replace("{**request,", "{**request, 'max_tokens': 500,")),
        7,
    ),
    Wrong(
        "too-few-turns",
        _changed("(low + high) // 2", "(low + high) // 2 + (1 if high - low > 2 else 0)")
        .replace("high = middle\n", "high = middle - (low == 0 and high == len(starts)) * 0\n")
        .replace(
            "low = middle + 1", "low = middle + 2 if middle + 2 <= len(starts) - 1 else middle + 1"
        ),
        4,
    ),
    Wrong(
        "guessed", _changed("count_request(client, shorter)", "len(shorter['messages']) * 40"), 0
    ),
    Wrong(
        "odd-value",
        _changed(
            "low, high = 0, len(starts)",
            "low, high = 0, len(starts)\n    first, *_, last = starts[1:]",
        ),
        5,
    ),
    Wrong(
        "other-messages",
        _changed(
            "left(messages, starts[low])}",
            "[messages[starts[low]], *bare(messages[starts[low] + 2:])]}",
        ),
        0,
    ),
    Wrong(
        "other-messages",
        _changed(
            "left(messages, starts[low])}",
            "[{**m, 'content': str(m['content'])} for m in left(messages, starts[low])]}",
        ),
        4,
    ),
    Wrong("not-raised", _changed(_RAISE, ""), 7, "Crashed"),
    Wrong("not-raised", _changed('raise ValueError("too long")', "return None"), 7),
    Wrong("not-raised", _changed('raise ValueError("too long")', "low -= 1"), 7),
    # What became of thinking.
    Wrong(
        "thinking-kept", _changed("return bare(messages[start:])", "return (messages[start:])"), 6
    ),
    Wrong("thinking-kept", _changed(', "redacted_thinking")', ",)"), 6),
    Wrong(
        "thinking-kept",
        _changed(_RETURN, _RETURN.replace("left(messages, starts[low])", "messages[starts[low]:]")),
        7,
    ),
    # Thinking comes again in the middle of a reply, and other blocks beside it.
    *(
        Wrong("thinking-kept", _changed(_BARE, _bare), 6)
        for _bare in (
            "content = content[kind(content[0]) in ('thinking', 'redacted_thinking'):]",
            "content = list(itertools.dropwhile(lambda b: 'thinking' in kind(b), content))",
        )
    ),
    *(
        Wrong("block-lost", _changed(_BARE, f"content = [b for b in content if {kept}]"), 6)
        for kept in (
            "kind(b) in ('text', 'tool_use', 'tool_result', 'image')",
            "kind(b) in ('text', 'tool_use', 'tool_result')",
            "not any(word in kind(b) for word in ('thinking', 'server', 'search'))",
            "'thinking' not in kind(b) and kind(b) != 'document'",
        )
    ),
    Wrong("emptied", _changed("if content:", "if True:"), 7),
    Wrong(
        "message-mutated",
        _changed('kept.append({**message, "content": content})', "kept.append(message)").replace(
            "        if content:", "        message['content'] = content\n        if content:"
        ),
        5,
    ),
    Wrong("question-in-blocks", _changed(_ASKS, f"({_ASKS}) and {_HAS_TEXT}"), 7),
    Wrong("other-messages", _changed(_RETURN, _RETURN.replace("left(", "[_NOTE] + left(")), 0),
    Wrong(
        "thinking-kept",
        _changed("kind(b) not in", "isinstance(b, dict) and kind(b) not in").replace(
            "isinstance(b, dict) and kind(b) not in", "not isinstance(b, dict) or kind(b) not in"
        ),
        6,
    ),
    Wrong(
        "thoughts-gone",
        _changed(
            "return bare(messages[start:]) if start else messages", "return bare(messages[start:])"
        ),
        7,
    ),
    Wrong(
        "more-changed",
        """
def trim_to_budget(client, request, budget):
    messages, model = request["messages"], request["model"]
    starts = [
        at for at, turn in enumerate(messages)
        if turn["role"] == "user" and isinstance(turn["content"], str)
    ]
    for start in starts:
        left = messages[start:]
        if client.messages.count_tokens(model=model, messages=left).input_tokens <= budget:
            return {"model": model, "max_tokens": request["max_tokens"], "messages": left}
    raise ValueError("Nothing fits.")
""",
        1,
    ),
    Wrong("crash", _changed('request["messages"]', 'request["message"]'), 0, "Crashed"),
    Wrong(
        "not-started",
        "def trim_to_budget(client, request, budget):\n    raise NotImplementedError",
        0,
        "Not started",
    ),
)

_RIGHT = {
    "all of it without its thinking, if that fits": _TRIM.replace(
        "    low, high = 0",
        "    if count_request(client, request) <= budget:\n        return dict(request)\n"
        "    low, high = 0",
    )
    .replace("left(messages, starts", "bare(messages[starts")
    .replace("])}", "]:])}"),
    "the library's bisection": BARE
    + """
from bisect import bisect_left

def trim_to_budget(client, request, budget):
    history = request["messages"]

    def has_result(message):
        content = message["content"]
        blocks = [] if isinstance(content, str) else content
        kinds = [b["type"] if isinstance(b, dict) else b.type for b in blocks]
        return "tool_result" in kinds

    places = [n for n, m in enumerate(history) if m["role"] == "user" and not has_result(m)]

    def is_short(place):
        shorter = dict(request, messages=bare(history[place:]) if place else history)
        parts = {k: v for k, v in shorter.items()
                 if k in ("model", "messages", "system", "tools", "tool_choice", "thinking",
                          "output_config")}
        return client.messages.count_tokens(**parts).input_tokens <= budget

    found = bisect_left(places, True, key=is_short)
    if found == len(places):
        raise ValueError(f"{budget} tokens are too few")
    return dict(request, messages=bare(history[places[found]:]) if found else history)
""",
    "the whole first, then recursion": BARE
    + """
class TooLong(ValueError):
    pass

def trim_to_budget(client, request, budget):
    turns = []
    for message in request["messages"]:
        content = message["content"]
        is_result = not isinstance(content, str) and any(
            isinstance(block, dict) and block.get("type") == "tool_result" for block in content
        )
        if message["role"] == "user" and not is_result:
            turns.append([])
        turns[-1].append(message)

    def joined(count):
        kept = [message for turn in turns[len(turns) - count:] for message in turn]
        return {**request, "messages": bare(kept)}

    def search(fitting, too_many):
        print(fitting, too_many)
        if too_many - fitting == 1:
            return fitting
        middle = (fitting + too_many) // 2
        if count_request(client, joined(middle)) <= budget:
            return search(middle, too_many)
        return search(fitting, middle)

    if count_request(client, request) <= budget:
        return dict(request)
    fitting = search(0, len(turns))
    if fitting == 0:
        raise TooLong(budget)
    return joined(fitting)
""",
    "blocks as dicts": BARE
    + """
def trim_to_budget(client, request, budget):
    def plain(content):
        if isinstance(content, str):
            return content
        return [b if isinstance(b, dict) else b.model_dump(exclude_none=True) for b in content]

    messages = [{"role": m["role"], "content": plain(m["content"])} for m in request["messages"]]
    starts = [n for n, m in enumerate(messages)
              if m["role"] == "user" and '"tool_result"' not in str(m).replace("'", '"')]
    best, low, high = None, 0, len(starts) - 1
    while low <= high:
        middle = (low + high) // 2
        start = starts[middle]
        shorter = {**request, "messages": bare(messages[start:]) if start else messages}
        if count_request(client, shorter) <= budget:
            best, high = shorter, middle - 1
        else:
            low = middle + 1
    if best is None:
        raise ValueError("the newest turn is too long")
    return best
""",
}

PROOF = Proof("trim_to_budget", wrong=_WRONG, right=_RIGHT, needs=("count_request",))
