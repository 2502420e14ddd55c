"""The proof of `Conversation`."""

from tests.exercises.beginners import bad_calls, bad_readings
from tests.exercises.proof import Proof, Wrong
from tests.exercises.troubled import caught, troubled

_TALK = """
class Conversation:
    def __init__(self, client, system=None, *, model="claude-sonnet-4-6", max_tokens=1000):
        self.client, self.system = client, system
        self.model, self.max_tokens = model, max_tokens
        self.messages = []

    def ask(self, text):
        sent = [*self.messages, {"role": "user", "content": text}]
        request = {"model": self.model, "max_tokens": self.max_tokens, "messages": sent}
        if self.system is not None:
            request["system"] = self.system
        reply = self.client.messages.create(**request)
        words = "".join(b.text for b in reply.content if b.type == "text")
        if reply.content:
            self.messages = [*sent, {"role": "assistant", "content": reply.content}]
        return words

    def undo(self):
        del self.messages[-2:]

    def fork(self):
        twin = Conversation(
            self.client, self.system, model=self.model, max_tokens=self.max_tokens
        )
        twin.messages = list(self.messages)
        return twin
"""
_WORDS = 'words = "".join(b.text for b in reply.content if b.type == "text")'
_CALL = "        reply = self.client.messages.create(**request)\n"
_CUT = "\n        if words and reply.stop_reason == 'max_tokens':\n            "
_NEW = "        self.messages = []\n"
_STORED = '"content": reply.content}'
_UNDO = "        del self.messages[-2:]\n"
_TWIN = """        twin = Conversation(
            self.client, self.system, model=self.model, max_tokens=self.max_tokens
        )
"""
_COPY = "twin.messages = list(self.messages)"
_COPIED_WORDS = """
        def bare(m):
            if isinstance(m["content"], str):
                return m["content"]
            return "".join(b.text for b in m["content"] if b.type == "text")

        def kept(m):
            if isinstance(m["content"], str):
                return m["content"]
            return [b for b in m["content"] if b.type != "thinking"]

        twin.messages = [{"role": m["role"], "content": bare(m)} for m in self.messages]"""
_OTHER_CLIENT = """
class Elsewhere:
    @property
    def messages(self):
        return self

    def create(self, **request):
        return type("Reply", (), {"content": [], "stop_reason": "end_turn"})

mine = Elsewhere()
"""
_STUB = "raise NotImplementedError"
_APPEND = (
    _TALK.replace(
        "        sent = [*self.messages, {",
        "        sent = self.messages\n        sent.append({",
    )
    .replace('"content": text}]', '"content": text})')
    .replace(
        "        if reply.content:\n            self.messages = [*sent, {",
        "        if reply.content:\n            sent.append({",
    )
    .replace(f"{_STORED}]", f"{_STORED})")
)
"""As much code does it: the history grows in place, and before the call."""

_WRONG = (
    Wrong(
        "blank-dropped", _TALK.replace('b.type == "text"', 'b.type == "text" and b.text.strip()'), 7
    ),
    Wrong(
        "blank-dropped", _TALK.replace('b.type == "text"', 'b.type == "text" and b.text != " "'), 7
    ),
    Wrong("options-lost", _TALK.replace('"] = self.system', '"] = self.system.strip()'), 6),
    # A client that the notebook has, and another one than the conversation's.
    Wrong(
        "fork-unheard",
        _OTHER_CLIENT + _TALK.replace(_TWIN, _TWIN.replace("self.client", "mine")),
        7,
    ),
    Wrong(
        "fork-options-lost",
        _TALK.replace(_TWIN, _TWIN.replace("self.system, ", "")),
        7,
        saw="left out",
    ),
    Wrong(
        "question-not-sent",
        _TALK.replace('"content": text}]', '"content": text}, {"role": "user", "content": "Go."}]'),
        1,
    ),
    # Histories to return to, which a fork doesn't get.
    Wrong(
        "fork-undo",
        _TALK.replace(_NEW, "        self.messages, self.old = [], []\n")
        .replace(
            "            self.messages = [*sent",
            "            self.old.append(self.messages)\n            self.messages = [*sent",
        )
        .replace(_UNDO, "        if self.old:\n            self.messages = self.old.pop()\n"),
        7,
    ),
    *(
        Wrong(
            "history-cut", _TALK.replace("[*self.messages, {", f"[*self.messages[-{most}:], {{"), 6
        )
        for most in (6, 10, 20)
    ),
    Wrong("question-changed", _TALK.replace('"content": text}]', '"content": text.strip()}]'), 6),
    Wrong(
        "refusal-dropped",
        _TALK.replace(
            "if reply.content", 'if reply.content and reply.stop_reason != "refusal"'
        ).replace("return words", 'return words if reply.stop_reason != "refusal" else ""'),
        6,
    ),
    Wrong("no-text-dropped", _TALK.replace("if reply.content", "if words"), 7),
    Wrong(
        "fields-lost",
        _TALK.replace(
            _STORED,
            '"content": [{"type": b.type, "text": getattr(b, "text", "")} for b in reply.content]}',
        ),
        2,
    ),
    Wrong(
        "system-empty",
        _TALK.replace(
            '        if self.system is not None:\n            request["system"] = self.system\n',
            '        request["system"] = self.system or ""\n',
        ),
        7,
    ),
    Wrong(
        "fork-options-lost",
        _TALK.replace(
            "model=self.model, max_tokens=self.max_tokens\n        )", "model=self.model\n        )"
        ),
        7,
    ),
    Wrong("first-block", _TALK.replace(' if b.type == "text"', ""), 2, "Crashed"),
    Wrong("system-null", _TALK.replace("if self.system is not None", "if True"), 2, "Crashed"),
    Wrong("empty-stored", _TALK.replace("if reply.content", "if True"), 7),
    Wrong(
        "client-copied",
        "import copy\n" + _TALK.replace(_TWIN, "").replace(_COPY, "twin = copy.deepcopy(self)"),
        6,
        "Crashed",
    ),
    Wrong("refused", _TALK.replace('"role": "user"', '"role": "human"'), 0, "Crashed"),
    Wrong(
        "not-empty",
        _TALK.replace(_NEW, '        self.messages = [{"role": "system", "content": system}]\n'),
    ),
    Wrong("not-empty", _TALK.replace(_NEW, "        self.messages = ()\n")),
    Wrong(
        "missing-part",
        _TALK.replace("messages = ", "history = ").replace("self.messages", "self.history"),
        0,
        "Crashed",
    ),
    Wrong("missing-part", _TALK.replace("def ask", "def say"), 0, "Crashed"),
    Wrong("missing-part", _TALK.replace("def undo", "def take_back"), 4, "Crashed"),
    Wrong(
        "requests-counted",
        "import anthropic\n"
        + _TALK.replace(
            "        reply = self",
            "        self.client.messages.create(**request)\n        reply = self",
        ),
    ),
    Wrong("no-request", _TALK.replace("        sent =", "        return text\n        sent =")),
    Wrong(
        "question-changed",
        _TALK.replace('"content": text}', '"content": text.upper()}'),
        1,
    ),
    Wrong("forgets", _TALK.replace('"messages": sent}', '"messages": sent[-1:]}'), 3),
    Wrong(
        "options-lost",
        _TALK.replace(
            '        if self.system is not None:\n            request["system"] = self.system\n', ""
        ),
        6,
    ),
    Wrong(
        "options-lost",
        _TALK.replace('"model": self.model', '"model": "claude-haiku-4-5"'),
        6,
    ),
    Wrong(
        "options-lost",
        _TALK.replace('"max_tokens": self.max_tokens', '"max_tokens": 1000'),
        6,
    ),
    Wrong("printed", _TALK.replace("return words", "print(words)"), 3),
    Wrong("other-text", _TALK.replace("return words", "return reply"), 3),
    Wrong("other-text", _TALK.replace("return words", "return reply.content"), 3),
    Wrong("other-text", _TALK.replace("return words", "return words or None"), 6),
    Wrong("text-for-blocks", _TALK.replace(_STORED, '"content": words}'), 7),
    Wrong(
        "text-for-blocks",
        _TALK.replace(_STORED, '"content": [b for b in reply.content if b.type == "text"]}'),
        7,
    ),
    Wrong(
        "messages-otherwise",
        _TALK.replace("self.messages = [*sent, {", "self.messages = [{"),
        2,
    ),
    Wrong(
        "messages-otherwise",
        _TALK.replace(
            "            self.messages = [*sent, {",
            "            self.messages = [*self.messages, {",
        ),
        2,
    ),
    Wrong(
        "messages-otherwise",
        _TALK.replace(
            "            self.messages = [*sent", "            self.messages = sent or [*sent"
        ),
        2,
    ),
    Wrong("messages-otherwise", _TALK.replace(f"{_STORED}]", f"{_STORED}, 7]"), 2),
    Wrong("messages-otherwise", _TALK.replace(_STORED, '"content": reply.content[0]}'), 2),
    Wrong(
        "shared-history",
        _APPEND.replace(_NEW, "").replace(
            "class Conversation:", "class Conversation:\n    messages = []"
        ),
        6,
    ),
    Wrong(
        "shared-history",
        _APPEND.replace("max_tokens=1000):", "max_tokens=1000, messages=[]):").replace(
            _NEW, "        self.messages = messages\n"
        ),
        6,
    ),
    Wrong(
        "shared-history",
        "HISTORY = []\n" + _APPEND.replace(_NEW, "        self.messages = HISTORY\n"),
        6,
    ),
    Wrong("unwritten", _TALK.replace(_UNDO, f"        {_STUB}\n"), 6),
    Wrong("unwritten", _TALK.replace(_COPY, _STUB), 7),
    Wrong(
        "not-started",
        _TALK.replace("        sent =", f"        {_STUB}\n        sent ="),
        0,
        "Not started",
    ),
    Wrong("undo-nothing", _TALK.replace(_UNDO, "        return self.messages[:-2]\n"), 6),
    Wrong("undo-nothing", _TALK.replace(_UNDO, "        pass\n"), 6),
    Wrong("undo-half", _TALK.replace(_UNDO, "        self.messages.pop()\n"), 6),
    # By what the turns say, and not by their place.
    *(
        Wrong("undo-of-earlier", _TALK.replace(_UNDO, f"        {line}\n"), 6)
        for line in (
            "for turn in self.messages[:-3:-1]: self.messages.remove(turn)",
            "for _ in self.messages[-2:]: self.messages.remove(self.messages[-1])",
            (
                "last = self.messages[-2:]; "
                "self.messages = [turn for turn in self.messages if turn not in last]"
            ),
            (
                "self.messages = self.messages and "
                "self.messages[:self.messages.index(self.messages[-2])]"
            ),
            (
                "self.messages = self.messages and "
                "self.messages[:self.messages.index(self.messages[-1]) - 1]"
            ),
        )
    ),
    *(
        Wrong("defaults-changed", _TALK.replace(own, other), 7)
        for own, other in (
            ("system=None", 'system="You are a helpful assistant."'),
            ("max_tokens=1000", "max_tokens=4096"),
            ("claude-sonnet-4-6", "claude-haiku-4-5"),
        )
    ),
    *(
        Wrong(
            "error-retried",
            _TALK.replace("self.client.messages", f"self.client.with_options({options}).messages"),
            7,
        )
        for options in ("max_retries=3", "max_retries=4, timeout=30", "max_retries=5")
    ),
    Wrong(
        "undo-half",
        _TALK.replace(_UNDO, "        self.messages = self.messages[:-1]\n"),
        6,
    ),
    Wrong(
        "undo-empty-crash",
        _TALK.replace(_UNDO, "        self.messages.pop()\n        self.messages.pop()\n"),
        4,
        "Crashed",
    ),
    Wrong(
        "undo-empty-crash",
        _TALK.replace(
            _UNDO,
            '        if not self.messages:\n            raise ValueError("nothing to undo")\n'
            + _UNDO,
        ),
        4,
        "Crashed",
    ),
    Wrong("undo-otherwise", _TALK.replace(_UNDO, "        self.messages.clear()\n"), 6),
    Wrong("undo-otherwise", _TALK.replace(_UNDO, "        del self.messages[:2]\n"), 6),
    Wrong("fork-other", _TALK.replace("return twin", "return self"), 7),
    Wrong("fork-other", _TALK.replace("return twin", "return list(self.messages)"), 7),
    Wrong("fork-other", _TALK.replace("        return twin\n", ""), 7),
    Wrong("fork-forgets", _TALK.replace(f"        {_COPY}\n", ""), 7),
    Wrong("fork-forgets", _TALK.replace(_COPY, f"{_COPY}[:-1]"), 7),
    Wrong(
        "fork-options-lost",
        _TALK.replace(_TWIN, "        twin = Conversation(self.client)\n"),
        7,
    ),
    Wrong(
        "fork-options-lost",
        _TALK.replace(_TWIN, "        twin = Conversation(self.client, self.system)\n"),
        7,
    ),
    Wrong("fork-shared", _APPEND.replace(_COPY, "twin.messages = self.messages"), 6),
    Wrong("fork-shared", _TALK.replace(_COPY, "twin.messages = self.messages"), 7),
    Wrong(
        "fork-shared",
        "import copy\n" + _APPEND.replace(_TWIN, "").replace(_COPY, "twin = copy.copy(self)"),
        6,
    ),
    Wrong("half-exchange", _APPEND, 7),
    Wrong(
        "half-exchange",
        _TALK.replace(
            "        if reply.content:", "        self.messages = sent\n        if reply.content:"
        ),
        7,
    ),
    Wrong(
        "failed-otherwise",
        _TALK.replace(
            "        if reply.content:",
            "        if not reply.content:\n            self.messages = []\n        else:",
        ),
        7,
    ),
    *troubled(_TALK, _CALL, 7, hidden="return ''"),
    # What is put back after some errors only.
    *(
        Wrong("half-exchange", caught(_APPEND, _CALL, kind, "self.messages.pop()\nraise"), 7)
        for kind in ("APIStatusError", "APIConnectionError", "RateLimitError")
    ),
    *(
        Wrong("fork-blocks-lost", _TALK.replace(_COPY, copied), 7, saw="(of ")
        for copied in (_COPIED_WORDS, _COPIED_WORDS.replace("bare(m)", "kept(m)"))
    ),
    Wrong("ending-dropped", _TALK.replace(_WORDS, f"{_WORDS}{_CUT}return ''"), 6),
    Wrong(
        "ending-raised",
        _TALK.replace(_WORDS, f"{_WORDS}{_CUT}raise ValueError('cut')"),
        7,
        "Crashed",
    ),
    Wrong(
        "empty-crash",
        _TALK.replace(
            "        if reply.content:", "        reply.content[0]\n        if reply.content:"
        ),
        7,
        "Crashed",
    ),
    Wrong("crash", "class Conversation:\n    pass", 0, "Crashed"),
    *(
        wrong
        for wrong in bad_calls(_TALK, "self.client.messages.create(**request)")
        if wrong.diagnosis in ("own-client", "unknown-argument")
    ),
    *bad_readings(_TALK, _WORDS, "reply", points=0),
    Wrong(
        "pair-returned",
        _TALK.replace("return words", "return words, self.messages"),
        3,
    ),
    Wrong(
        "pair-returned",
        "class Conversation:\n"
        "    def __init__(self, client, system=None, *, model='claude-sonnet-4-6', "
        "max_tokens=1000):\n"
        "        self.client, self.system, self.messages = client, system, []\n"
        "        self.options = {'model': model, 'max_tokens': max_tokens}\n\n"
        "    def ask(self, text):\n"
        "        return chat(self.client, self.system, self.messages, text, **self.options)\n",
        1,
    ),
    Wrong(
        "question-doubled",
        "class Conversation:\n"
        "    def __init__(self, client, system=None, *, model='claude-sonnet-4-6', "
        "max_tokens=1000):\n"
        "        self.client, self.system, self.messages = client, system, []\n"
        "        self.options = {'model': model, 'max_tokens': max_tokens}\n\n"
        "    def ask(self, text):\n"
        "        self.messages.append({'role': 'user', 'content': text})\n"
        "        reply, self.messages = chat(\n"
        "            self.client, self.system, self.messages, text, **self.options)\n"
        "        return reply\n",
        1,
    ),
    Wrong("edges-lost", _TALK.replace("return words", "return words.strip()"), 7),
    Wrong("no-text-dropped", _TALK.replace("if reply.content:", "if words:"), 7),
    Wrong(
        "fork-options-lost",
        _TALK.replace(
            "        twin = ",
            "        if not self.messages:\n"
            "            return Conversation(self.client)\n        twin = ",
        ),
        7,
    ),
    Wrong("crash", _TALK.replace("self.max_tokens = model", "self.limit = model"), 0, "Crashed"),
)

_RIGHT = {
    "a question that is put back after any error": caught(
        _APPEND, _CALL, "AnthropicError", "self.messages.pop()\nraise"
    ).replace(
        "        return words",
        "        if not reply.content:\n            sent.pop()\n        return words",
    ),
    "the beta client": _TALK.replace("client.messages", "client.beta.messages"),
    "parsed blocks, and a tuple of turns is a list again": _TALK.replace(
        "client.messages.create", "client.messages.parse"
    ),
    "chat does the work, and the list is never changed": """
class Conversation:
    def __init__(self, client, system=None, *, model="claude-sonnet-4-6", max_tokens=1000):
        self._ask = lambda messages, text: chat(
            client, system, messages, text, model=model, max_tokens=max_tokens
        )
        self._made = lambda: Conversation(client, system, model=model, max_tokens=max_tokens)
        self.messages = []

    def ask(self, text):
        reply, self.messages = self._ask(self.messages, text)
        print(reply)
        return reply

    def undo(self):
        self.messages = self.messages[:-2]

    def fork(self):
        twin = self._made()
        twin.messages = self.messages
        return twin
""",
    "a dataclass and replace": """
import copy
from dataclasses import dataclass, field, replace
from typing import Any

@dataclass(init=False)
class Conversation:
    client: Any
    options: dict
    messages: list = field(default_factory=list)

    def __init__(self, client, system=None, *, model="claude-sonnet-4-6", max_tokens=1000):
        self.client = client
        self.options = {"model": model, "max_tokens": max_tokens}
        self.messages = []
        if system:
            self.options["system"] = [{"type": "text", "text": system}]

    def ask(self, text):
        self.messages.append({"role": "user", "content": [{"type": "text", "text": text}]})
        try:
            with self.client.messages.stream(messages=self.messages, **self.options) as stream:
                reply = stream.get_final_message()
        except Exception:
            self.messages.pop()
            raise
        blocks = [b.model_dump(exclude={"parsed_output"}) for b in reply.content]
        if not blocks:
            self.messages.pop()
            return ""
        self.messages.append({"role": "assistant", "content": blocks})
        return "".join(b["text"] for b in blocks if b["type"] == "text")

    def undo(self):
        for _ in range(2):
            if self.messages:
                self.messages.pop()

    def fork(self):
        twin = copy.copy(self)
        twin.messages = copy.deepcopy(self.messages)
        return twin
""",
    "exchanges instead of messages, a property, and a subclass": """
class Base:
    limit = 1000

    def __init__(self, client, system=None, *, model="claude-sonnet-4-6", max_tokens=limit):
        self._given = (client, system, model, max_tokens)
        self._exchanges = ()

    @property
    def messages(self):
        return [turn for exchange in self._exchanges for turn in exchange]

    def undo(self):
        self._exchanges = self._exchanges[:-1]

class Conversation(Base):
    def ask(self, text):
        client, system, model, limit = self._given
        question = {"role": "user", "content": text}
        extra = {"system": system} if system is not None else {}
        reply = client.messages.create(
            model=model, max_tokens=limit, messages=[*self.messages, question], **extra
        )
        if reply.content:
            self._exchanges += ((question, reply.to_param()),)
        return "".join(getattr(block, "text", "") for block in reply.content)

    def fork(self):
        client, system, model, limit = self._given
        twin = type(self)(client, system, model=model, max_tokens=limit)
        twin._exchanges = self._exchanges
        return twin
""",
    "the history grows in place, after the reply": _TALK.replace(
        "            self.messages = [*sent, {", "            self.messages += [sent[-1], {"
    ),
}

PROOF = Proof("Conversation", wrong=_WRONG, right=_RIGHT, needs=("chat",))
