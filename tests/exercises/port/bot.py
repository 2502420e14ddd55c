"""The bot that the wrong answers of `SupportBot` are made from, each by a change or two."""

BOT = """
class SupportBot:
    def __init__(self, client, *, card, system, tools, registry, on_text, budget):
        self.client, self.card, self.system, self.tools = client, card, system, tools
        self.registry, self.on_text, self.budget = registry, on_text, budget
        self.messages = []
        self.ledger = []

    def parts(self):
        cached = {"type": "text", "text": self.system, "cache_control": {"type": "ephemeral"}}
        return {"model": self.card.id, "system": [cached], "tools": self.tools}

    def ask(self, text):
        messages = [*self.messages, {"role": "user", "content": text}]
        for _ in range(8):
            messages = self.shorten(messages)
            reply = self.stream(messages)
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason in ("end_turn",):
                self.messages = messages if self.has_text(reply) else self.messages
                return "".join(b.text for b in reply.content if b.type == "text")
            if reply.stop_reason != "tool_use":
                raise RuntimeError(reply.stop_reason)
            results = [self.run(b) for b in reply.content if b.type == "tool_use"]
            messages.append({"role": "user", "content": results})
        raise RuntimeError("too many requests")

    def has_text(self, reply):
        return any(block.type == "text" for block in reply.content)

    def shorten(self, messages):
        while self.count(messages) > self.budget:
            messages = messages[1:]
            while not isinstance(messages[0]["content"], str):
                messages = messages[1:]
            messages = [self.bare(message) for message in messages]
        return messages

    def bare(self, message):
        if message["role"] == "user":
            return message
        thoughts = ("thinking", "redacted_thinking")
        kept = [b for b in message["content"] if getattr(b, "type", "text") not in thoughts]
        return {**message, "content": kept}

    def count(self, messages):
        return self.client.messages.count_tokens(**self.parts(), messages=messages).input_tokens

    def stream(self, messages):
        with self.client.messages.stream(
            **self.parts(), max_tokens=1024, messages=messages
        ) as stream:
            for piece in stream.text_stream:
                self.on_text(piece)
            reply = stream.get_final_message()
        self.ledger.append(self.card.cost_of(reply.usage.to_dict()))
        return reply

    def run(self, block):
        result = {"type": "tool_result", "tool_use_id": block.id}
        try:
            result["content"] = json.dumps(self.registry[block.name](**block.input))
        except Exception as error:
            result |= {"content": repr(error), "is_error": True}
        return result
"""

STREAM = BOT[
    BOT.index("        with self.client.messages.stream(") : BOT.index("        self.ledger.append")
]
"""The lines that stream one reply."""

CREATE = """        reply = self.client.messages.create(
            **self.parts(), max_tokens=1024, messages=messages
        )
        self.on_text("".join(b.text for b in reply.content if b.type == "text"))
"""
LOOP = """            for piece in stream.text_stream:
                self.on_text(piece)
"""
TRY = BOT[BOT.index("        try:\n            result[") :]

CALLS_RUN = 'results = [self.run(b) for b in reply.content if b.type == "tool_use"]'
CALLS = 'reply.content if b.type == "tool_use"]'
BY_NAME = "{b.name: b for b in reply.content if b.type == 'tool_use'}.values()]"
RUN = "json.dumps(self.registry[block.name](**block.input))"
REMEMBERED = f"self.known.setdefault(block.name, {RUN})"
"""A tool's value that is kept by the tool's name."""
KNOWS_NOTHING = "        self.known = {}\n"

STORED = "self.messages = messages if self.has_text(reply) else self.messages\n"
KEPT = '"content": reply.content}'
TEXT = 'return "".join(b.text for b in reply.content if b.type == "text")'
CHARGE = "        self.ledger.append(self.card.cost_of(reply.usage.to_dict()))\n"
COST = "self.card.cost_of(reply.usage.to_dict())"
OWN = '        messages = [*self.messages, {"role": "user", "content": text}]\n'
SHORTEN = "            messages = self.shorten(messages)\n"
REPLY = "            reply = self.stream(messages)\n"
SORRY = """            try:
                reply = self.stream(messages)
            except anthropic.APIError:
                return "Sorry."
"""
REFUSED = """            try:
                self.client.messages.create(model=self.card.id, max_tokens=1, messages=[])
            except anthropic.APIError:
                pass
"""
RESULTS = '            messages.append({"role": "user", "content": results})\n'
ENDED = """            if reply.stop_reason != "tool_use":
                raise RuntimeError(reply.stop_reason)
"""
TURN = '            messages.append({"role": "assistant", "content": reply.content})\n'
EVENTS = """            for event in stream:
                if event.type == "text":
                    self.on_text(event.text)
"""
COUNT = "self.client.messages.count_tokens(**self.parts(), messages=messages).input_tokens"
CUT = """            messages = messages[1:]
            while not isinstance(messages[0]["content"], str):
                messages = messages[1:]
"""
BARE = "            messages = [self.bare(message) for message in messages]\n"
"""The line that takes the thinking out of what is left."""
CUT_BLINDLY = "            messages = messages[2:]\n"
TEXTS = """(
            len(self.system)
            + len(str(self.tools))
            + sum(len(str(message["content"])) for message in messages)
        )"""
"""The characters of a request, from which some guess its tokens."""


MARKED = """
        mark = {"type": "ephemeral"}
        asked = [{"type": "text", "text": text, "cache_control": mark}]
        messages = [*self.messages, {"role": "user", "content": asked}]
"""
NO_QUESTION = 'not isinstance(messages[0]["content"], str)'
NO_BLOCK_QUESTION = """(
                messages[0]["role"] != "user" or "tool_use_id" in messages[0]["content"][0]
            )"""
STARTS = """            contents = [message["content"] for message in messages]
            starts = [place for place, each in enumerate(contents) if isinstance(each, str)]
"""
WITHOUT_THOUGHTS = """for each in messages:
                    if each["role"] == "assistant":
                        each["content"] = [b for b in each["content"] if b.type != "thinking"]
"""
SAID = """    def said(self, reply):
        if reply.stop_reason == "tool_use":
            return reply.content
        texts = [block.text for block in reply.content if block.type == "text"]
        return [{"type": "text", "text": "".join(texts)}] if texts else []

"""


def kept(answer: str) -> str:
    """Return lines that keep a question and its answer, and nothing between the two."""
    return f"""answer = {TEXT[7:]}
                turn = [
                    {{"role": "user", "content": text}},
                    {{"role": "assistant", "content": {answer}}},
                ]
                self.messages = [*self.messages, *turn] if answer else self.messages
"""


def changed(*pairs: tuple[str, str]) -> str:
    """Return the bot with some of its text replaced, each of which must be there."""
    source = BOT
    for old, new in pairs:
        assert old in source, old
        source = source.replace(old, new)
    return source
