"""The proof of `split_system`."""

from tests.exercises.proof import Proof, Wrong

_TEXTS = """
texts_of = lambda m: [m["content"]] if isinstance(m["content"], str) else [
    part["text"] for part in m["content"]]
"""
_SPLIT = f"""{_TEXTS}
def split_system(openai_messages):
    roles = ("system", "developer")
    texts = [t for m in openai_messages if m.get("role") in roles for t in texts_of(m)]
    others = [m for m in openai_messages if m.get("role") not in roles]
    return "\\n\\n".join(texts) or None, others
"""
_JOIN = '"\\n\\n".join(texts) or None'

_WRONG = (
    *(
        Wrong(
            "parts-of-one-type", _SPLIT.replace('m["content"]]\n', f'm["content"] if {read}]\n'), 4
        )
        for read in ('part["type"] == "text"', 'part.get("type") in ("text", "output_text")')
    ),
    Wrong("not-a-pair", _SPLIT.replace("return ", "return {'a': 1}, 2, ")),
    Wrong("not-a-pair", _SPLIT.replace("return ", "x = ")),
    Wrong("not-a-pair", _SPLIT.replace(f"return {_JOIN}, others", "return others")),
    Wrong("swapped", _SPLIT.replace(f"{_JOIN}, others", f"others, {_JOIN}")),
    Wrong("system-left", _SPLIT.replace('if m.get("role") not in roles', ""), 4),
    Wrong("developer-left", _SPLIT.replace('("system", "developer")', '["system"]'), 3),
    Wrong("system-dropped", _SPLIT.replace("join(texts)", "join(texts[:1])"), 4),
    Wrong("system-dropped", _SPLIT.replace("join(texts)", "join(texts[-1:])"), 4),
    Wrong("system-dropped", _SPLIT.replace(_JOIN, "None"), 3),
    Wrong("joined-otherwise", _SPLIT.replace('"\\n\\n".join', '"".join'), 4),
    Wrong("joined-otherwise", _SPLIT.replace('"\\n\\n".join', '"\\n".join'), 4),
    Wrong("system-reordered", _SPLIT.replace("join(texts)", "join(texts[::-1])"), 4),
    Wrong(
        "instruction-added", _SPLIT.replace(_JOIN, f"'System: ' + {_JOIN} if texts else None"), 3
    ),
    Wrong(
        "instruction-added", _SPLIT.replace("join(texts)", "join(f'- rule: {t}' for t in texts)"), 3
    ),
    Wrong("not-one-text", _SPLIT.replace(_JOIN, "texts or None"), 3),
    Wrong("rest-reordered", _SPLIT.replace("others\n", "others[::-1]\n"), 4),
    Wrong("message-lost", _SPLIT.replace("others\n", "others[:1]\n"), 4),
    Wrong("rest-changed", _SPLIT.replace("others\n", "iter(others)\n"), 3),
    Wrong(
        "rest-changed",
        _SPLIT.replace("[m for m in", '[{"role": "user", "content": m["content"]} for m in'),
        4,
    ),
    Wrong("empty-not-none", _SPLIT.replace(" or None", ""), 4),
    Wrong(
        "empty-not-none",
        _SPLIT.replace(_JOIN, "texts[0] if not texts[1:] else '\\n\\n'.join(texts)"),
        4,
        "Crashed",
    ),
    Wrong(
        "empty-not-none",
        "from functools import reduce\n"
        + _SPLIT.replace(_JOIN, "reduce(lambda a, b: a + '\\n\\n' + b, texts)"),
        4,
        "Crashed",
    ),
    Wrong(
        "mutated",
        _SPLIT.replace("    return", "    openai_messages[:] = others\n    return"),
        4,
    ),
    Wrong(
        "mutated",
        _TEXTS + "def split_system(openai_messages):\n"
        "    texts = []\n"
        "    for message in list(openai_messages):\n"
        "        if message.get('role') in ('system', 'developer'):\n"
        "            openai_messages.remove(message)\n"
        "            texts += texts_of(message)\n"
        "    return '\\n\\n'.join(texts) or None, openai_messages",
        4,
    ),
    Wrong(
        "instruction-left",
        _TEXTS
        + """
def split_system(openai_messages):
    texts, messages = [], openai_messages.copy()
    for message in messages:
        if message.get("role") in ("system", "developer"):
            texts += texts_of(message)
            messages.remove(message)
    return "\\n\\n".join(texts) or None, messages
""",
        3,
    ),
    Wrong(
        "system-left",
        _TEXTS
        + """
def split_system(openai_messages):
    if openai_messages and openai_messages[0].get("role") in ("system", "developer"):
        return "\\n\\n".join(texts_of(openai_messages[0])), openai_messages[1:]
    return None, openai_messages
""",
        3,
    ),
    Wrong(
        "system-left",
        _TEXTS
        + """
from itertools import takewhile

def split_system(openai_messages):
    first = list(takewhile(lambda m: m.get("role") in ("system", "developer"), openai_messages))
    system = "\\n\\n".join(t for m in first for t in texts_of(m)) or None
    return system, openai_messages[len(first):]
""",
        3,
    ),
    Wrong(
        "system-reordered",
        _SPLIT.replace(
            "    others",
            "    by_role = sorted(openai_messages, key=lambda m: m.get('role') == 'developer')\n"
            "    texts = [t for m in by_role if m.get('role') in roles for t in texts_of(m)]\n"
            "    others",
        ),
        4,
    ),
    Wrong("system-dropped", _SPLIT.replace("join(texts)", "join(dict.fromkeys(texts))"), 4),
    Wrong(
        "system-dropped",
        _SPLIT.replace(
            "    others",
            "    by_role = {m['role']: m for m in openai_messages if m.get('role') in roles}\n"
            "    texts = [t for m in by_role.values() for t in texts_of(m)]\n    others",
        ),
        4,
    ),
    Wrong("system-changed", _SPLIT.replace("(texts)", "(texts).lower()"), 3),
    Wrong("joined-otherwise", _SPLIT.replace("(texts)", "(texts) + '\\n'"), 2),
    Wrong("system-changed", _SPLIT.replace("[t for", "[t.strip() for"), 4),
    Wrong("system-changed", _SPLIT.replace("(texts)", "(texts).partition('?')[0][:-1]"), 3),
    Wrong("message-lost", _SPLIT.replace("not in roles", "in ('user', 'assistant')"), 4),
    Wrong(
        "message-lost", _SPLIT.replace("not in roles", 'not in roles and m.get("content", 1)'), 4
    ),
    Wrong(
        "keys-lost",
        _SPLIT.replace("[m for m in", '[{k: m[k] for k in ("role", "content") if k in m} for m in'),
        4,
    ),
    Wrong(
        "rest-changed",
        _SPLIT.replace("[m for m in", '[{**m, "content": m.get("content") or ""} for m in'),
        4,
    ),
    Wrong(
        "rest-changed",
        _SPLIT.replace(
            "    return",
            "    if [m.get('role') for m in others] == ['user', 'user']:\n"
            "        both = others[0]['content'] + others[1]['content']\n"
            "        others = [{'role': 'user', 'content': both}]\n"
            "    return",
        ),
        4,
    ),
    Wrong(
        "mutated",
        _SPLIT.replace(
            '    roles = ("system", "developer")',
            '    roles = ("system",)\n'
            "    for m in openai_messages:\n"
            '        if m.get("role") == "developer":\n'
            '            m["role"] = "system"',
        ),
        4,
    ),
    Wrong("role-expected", _SPLIT.replace('m.get("role")', 'm["role"]'), 4, "Crashed"),
    Wrong(
        "parts-unread",
        _SPLIT.replace("for t in texts_of(m)", "for t in [m['content']]"),
        4,
        "Crashed",
    ),
    Wrong(
        "parts-unread", _SPLIT.replace("for t in texts_of(m)", "for t in [str(m['content'])]"), 4
    ),
    Wrong("system-dropped", _SPLIT.replace("in texts_of(m)", "in texts_of(m)[:1]"), 4),
    Wrong(
        "joined-otherwise",
        _SPLIT.replace("for t in texts_of(m)", "for t in [''.join(texts_of(m))]"),
        4,
    ),
    Wrong(
        "role-expected",
        _SPLIT.replace("[m for m in", '[{"role": m["role"], "content": m["content"]} for m in'),
        4,
        "Crashed",
    ),
    Wrong(
        "item-taken",
        _SPLIT.replace("not in roles", "in known or 'content' not in m")
        .replace("in roles for", "not in known and m.get('content') for")
        .replace("    texts =", "    known = ('user', 'assistant', 'tool')\n    texts ="),
        3,
    ),
    Wrong(
        "item-taken",
        _SPLIT.replace("not in roles", "in known or 'content' not in m")
        .replace("in roles for", "not in known and m.get('content') for")
        .replace(
            "    texts =", "    known = ('user', 'assistant', 'tool', 'function')\n    texts ="
        ),
        3,
        saw="'reasoning'",
    ),
    Wrong(
        "item-content-expected",
        _SPLIT.replace('("system", "developer")', '"system developer"').replace(
            'm.get("role")', 'm.get("role", "")'
        ),
        4,
        "Crashed",
    ),
    Wrong("rest-made-up", _SPLIT.replace("others\n", "others or [{'role': 'user'}]\n"), 4),
    Wrong("not-one-text", _SPLIT.replace(_JOIN, "[{'type': 'text', 'text': t} for t in texts]"), 2),
    # It stops where there is a system message, so it is no matter of an absent one.
    Wrong("crash", _SPLIT.replace(_JOIN, "texts[0] + texts[1]"), 0, "Crashed"),
    Wrong("crash", _SPLIT.replace('m.get("role")', "m.role"), 0, "Crashed"),
)

_RIGHT = {
    "a loop and a list": """
def split_system(openai_messages):
    system, others = None, []
    for message in openai_messages:
        if "role" not in message or message["role"] not in ("system", "developer"):
            others.append({**message})
            continue
        content = message["content"]
        for part in content if isinstance(content, list) else [{"text": content}]:
            system = part["text"] if system is None else system + "\\n\\n" + part["text"]
    return [system, others]
""",
    "recursion": """
def split_system(openai_messages):
    if not openai_messages:
        return None, []
    first, *rest = openai_messages
    system, others = split_system(rest)
    if first.get("role") in {"system", "developer"}:
        content = first["content"]
        texts = [content] if type(content) is str else map(lambda part: part["text"], content)
        return "\\n\\n".join([*texts, *filter(None, [system])]), others
    return system, [first, *others]
""",
    "by match, into a named pair": """
from typing import NamedTuple

class Split(NamedTuple):
    system: str | None
    messages: list

def split_system(openai_messages):
    pieces, messages = [], []
    for message in openai_messages:
        match message:
            case {"role": "system" | "developer", "content": str(text)}:
                pieces.append(text)
            case {"role": "system" | "developer", "content": [*parts]}:
                pieces += [part["text"] for part in parts]
            case other:
                messages.append(other)
    print(len(pieces))
    return Split("\\n\\n".join(pieces) if pieces else None, messages)
""",
    "a copy, taken apart": """
import copy

def split_system(openai_messages):
    rest = copy.deepcopy(openai_messages)
    texts = []
    for index in range(len(rest) - 1, -1, -1):
        if rest[index].get("role") in ("system", "developer"):
            content = rest.pop(index)["content"]
            texts[:0] = [content] if isinstance(content, str) else [p["text"] for p in content]
    if len(texts) == 0:
        return (None, rest)
    return ("\\n\\n".join(texts), rest)
""",
    "filter and itertools": """
from itertools import filterfalse

def is_instruction(message):
    return message.get("role", "none") in ("system", "developer")

def text(message):
    content = message["content"]
    return content if isinstance(content, str) else "\\n\\n".join(p["text"] for p in content)

def split_system(openai_messages):
    instructions = filter(is_instruction, openai_messages)
    system = "\\n\\n".join(text(each) for each in instructions)
    return system or None, list(filterfalse(is_instruction, openai_messages))
""",
}

PROOF = Proof("split_system", wrong=_WRONG, right=_RIGHT)
