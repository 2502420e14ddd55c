"""The proof of `text_of`."""

from tests.exercises.proof import Proof, Wrong

_TEXT = """
def text_of(message):
    texts = [b.text for b in message.content if b.type == "text"]
    return "".join(texts)
"""
_JOIN = '"".join(texts)'

_WRONG = (
    Wrong("printed", "def text_of(message):\n    print(message.content[0].text)"),
    Wrong("printed", _TEXT.replace("return ", "print(").replace("(texts)", "(texts))")),
    Wrong("first-block", "def text_of(message):\n    return message.content[0].text", 1, "Crashed"),
    Wrong("first-block", _TEXT.replace(' if b.type == "text"', ""), 1, "Crashed"),
    Wrong(
        "text-behind",
        "def text_of(message):\n    return getattr(message.content[0], 'text', '') "
        "if message.content else ''",
        2,
    ),
    Wrong("only-some-text", _TEXT.replace(_JOIN, "next(iter(texts), '')"), 3),
    Wrong("only-some-text", _TEXT.replace(_JOIN, "texts[-1] if texts else ''"), 3),
    Wrong("joined-otherwise", _TEXT.replace('"".join', '" ".join'), 3),
    Wrong("joined-otherwise", _TEXT.replace('"".join', '"\\n".join'), 3),
    Wrong("joined-otherwise", _TEXT.replace("(texts)", "(texts[::-1])"), 3),
    Wrong("edges-lost", _TEXT.replace(_JOIN, f"{_JOIN}.strip()"), 2),
    Wrong("edges-lost", _TEXT.replace("[b.text for", "[b.text.strip() for"), 2),
    Wrong("only-some-text", _TEXT.replace(_JOIN, '"".join(dict.fromkeys(texts))'), 3),
    Wrong(
        "text-behind",
        "def text_of(message):\n    return (message.content[-1].text if "
        "message.content and message.content[-1].type == 'text' else '')",
        2,
    ),
    Wrong(
        "text-behind",
        """
def text_of(message):
    first = message.content[0] if message.content else None
    return first.text if first and first.type == "text" else ""
""",
        2,
        saw=", text; your function",
    ),
    Wrong(
        "text-behind",
        """
from itertools import takewhile

def text_of(message):
    texts = takewhile(lambda block: block.type == "text", message.content)
    return "".join(block.text for block in texts)
""",
        2,
    ),
    Wrong(
        "text-behind",
        """
def text_of(message):
    if message.content and message.content[0].type == "thinking":
        return "".join(block.text for block in message.content[1:] if block.type == "text")
    return message.content[0].text if message.content and message.content[0].type == "text" else ""
""",
        2,
    ),
    # It looks for what a text block has, which other blocks may have too.
    Wrong(
        "thinking-in-text",
        "def text_of(message):\n"
        "    return ''.join(getattr(b, 'text', '') or getattr(b, 'thinking', '') "
        "for b in message.content)",
        1,
    ),
    Wrong(
        "thinking-in-text",
        _TEXT.replace(
            _JOIN, f"{_JOIN} or ''.join(getattr(b, 'thinking', '') for b in message.content)"
        ),
        3,
    ),
    *(
        Wrong("beside-in-text", _TEXT.replace(_JOIN, f"{_JOIN} + ''.join({more})"), 1)
        for more in (
            "r.title for b in message.content if 'search_tool_result' in b.type for r in b.content",
            "str(v) for b in message.content if b.type[0] == 's' for v in b.input.values()",
            "f'[{b.name}]' for b in message.content if b.type == 'tool_use'",
        )
    ),
    Wrong(
        "own-raise",
        _TEXT.replace(
            "    return",
            "    if message.stop_reason == 'refusal':\n"
            "        raise ValueError('refused')\n    return",
        ),
        1,
        "Crashed",
    ),
    Wrong(
        "empty-crash",
        _TEXT.replace(
            "    return", "    if not texts:\n        raise ValueError('no text')\n    return"
        ),
        3,
        "Crashed",
    ),
    Wrong("no-choices", _TEXT.replace("message.content", "message.choices"), 0, "Crashed"),
    Wrong("no-choices", "def text_of(message):\n    return message.output_text", 0, "Crashed"),
    Wrong("message-attribute", "def text_of(message):\n    return message.text", 0, "Crashed"),
    Wrong("message-as-dict", _TEXT.replace("b.type", "b['type']"), 0, "Crashed"),
    Wrong("message-as-dict", _TEXT.replace("b.text", "b['text']"), 0, "Crashed"),
    Wrong("list-as-block", "def text_of(message):\n    return message.content.text", 0, "Crashed"),
    Wrong("text-attribute", _TEXT.replace("b.text", "b.content"), 0, "Crashed"),
    Wrong("other-text", _TEXT.replace(_JOIN, f"{_JOIN}.title()"), 0),
    Wrong("other-text", "def text_of(message):\n    return str(message.content)"),
    Wrong(
        "thinking-in-text",
        _TEXT.replace(
            "    return",
            "    thoughts = [b.thinking for b in message.content if b.type == 'thinking']\n"
            "    texts = thoughts + texts\n    return",
        ),
        1,
    ),
    Wrong("empty-crash", _TEXT.replace(_JOIN, "''.join([texts[0], *texts[1:]])"), 3, "Crashed"),
    Wrong("empty-otherwise", _TEXT.replace(_JOIN, f"{_JOIN} or None"), 3, saw="None"),
    Wrong("empty-otherwise", _TEXT.replace(_JOIN, f"{_JOIN} or 'No text.'"), 3),
    *(
        Wrong(
            "reason-decides",
            _TEXT.replace("    return", f"    if {reason}:\n        return ''\n    return"),
            2,
        )
        for reason in (
            "message.stop_reason != 'end_turn'",
            "message.stop_reason not in ('end_turn', 'tool_use')",
        )
    ),
    Wrong(
        "reason-decides",
        _TEXT.replace(
            "    return",
            "    if message.stop_reason == 'refusal':\n        return None\n    return",
        ),
        1,
    ),
    Wrong(
        "empty-crash",
        _TEXT.replace(_JOIN, f"{_JOIN} if message.content[0] else ''"),
        3,
        "Crashed",
    ),
    *(
        Wrong("blank-dropped", _TEXT.replace(_JOIN, f"''.join({kept})"), 3)
        for kept in (
            "t for t in texts if t.strip()",
            "t for t in texts if t != ' '",
            "t for t in texts if not t.isspace()",
            "filter(lambda t: t != '\\n\\n', texts)",
        )
    ),
    Wrong("not-a-str", _TEXT.replace(_JOIN, "texts")),
    Wrong("not-a-str", "def text_of(message):\n    return [b.to_dict() for b in message.content]"),
    Wrong("not-a-str", "def text_of(message):\n    return message.content[0]"),
    Wrong("not-a-str", _TEXT.replace("return ", "text = ")),
    Wrong("not-a-str", _TEXT.replace(_JOIN, f"{_JOIN} if len(texts) < 2 else texts"), 3),
    Wrong("crash", _TEXT.replace("message.content", "response.content"), 0, "Crashed"),
)

_RIGHT = {
    "isinstance and a loop": """
from anthropic.types import TextBlock

def text_of(message):
    text = ""
    for block in message.content:
        if isinstance(block, TextBlock):
            text = text + block.text
    return text
""",
    "a subclass of str, by match": """
class Words(str):
    pass

def text_of(message):
    pieces = []
    for block in message.content:
        match block.type:
            case "text":
                pieces.append(block.text)
            case _:
                print("skipping", block.type)
    return Words("".join(pieces))
""",
    "from plain data": """
def text_of(message):
    blocks = message.to_dict()["content"]
    return "".join(block["text"] for block in blocks if block["type"] == "text")
""",
    "recursion": """
def text_of(message):
    def rest(blocks):
        if not blocks:
            return ""
        return getattr(blocks[0], "text", "") + rest(blocks[1:])
    return rest(message.content)
""",
    "by class pattern, into a buffer": """
from io import StringIO
from anthropic.types import TextBlock

def text_of(message):
    with StringIO() as buffer:
        for block in message.content:
            match block:
                case TextBlock(text=words):
                    buffer.write(words)
        return buffer.getvalue()
""",
    "reduce over a filter": """
from functools import reduce
from operator import add, attrgetter

def text_of(message):
    texts = filter(lambda block: block.type == "text", message.content)
    return reduce(add, map(attrgetter("text"), texts), "")
""",
}

PROOF = Proof("text_of", wrong=_WRONG, right=_RIGHT)
