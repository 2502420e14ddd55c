"""Right answers of `SupportBot`, each written in a way of its own."""

GROWING = """
class SupportBot:
    LIMIT = 8

    def __init__(self, client, **parts):
        self.client = client
        self.parts = parts
        self.messages, self.ledger = [], []

    @property
    def prompt(self):
        mark = {"type": "ephemeral", "ttl": "1h"}
        return dict(
            model=self.parts["card"].id,
            tools=self.parts["tools"],
            system=[{"type": "text", "text": self.parts["system"], "cache_control": mark}],
        )

    def ask(self, text):
        before = list(self.messages)
        self.messages.append({"role": "user", "content": [{"type": "text", "text": text}]})
        answer = None
        try:
            answer = self.answer()
        finally:
            if not answer:
                self.messages = before
        return answer

    def answer(self, sent=0):
        if sent == self.LIMIT:
            raise RuntimeError("limit")
        self.make_room()
        reply = self.next_reply()
        self.messages.append({"role": "assistant", "content": reply.content})
        if reply.stop_reason == "tool_use":
            calls = [block for block in reply.content if block.type == "tool_use"]
            self.messages.append({"role": "user", "content": list(map(self.call, calls))})
            return self.answer(sent + 1)
        if reply.stop_reason != "end_turn":
            raise RuntimeError(reply.stop_reason)
        return "".join(block.text for block in reply.content if block.type == "text")

    def make_room(self):
        count = self.client.messages.count_tokens
        while count(messages=self.messages, **self.prompt).input_tokens > self.parts["budget"]:
            starts = [
                place
                for place, message in enumerate(self.messages)
                if message["role"] == "user" and message["content"][0]["type"] == "text"
            ]
            kept = []
            for message in self.messages[starts[1] :]:
                if message["role"] == "assistant":
                    texts = [b for b in message["content"] if "thinking" not in b.type]
                    message = dict(role="assistant", content=texts)
                kept.append(message)
            self.messages = kept

    def next_reply(self):
        with self.client.messages.stream(
            max_tokens=4096, messages=self.messages, **self.prompt
        ) as stream:
            for event in stream:
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    self.parts["on_text"](event.delta.text)
        reply = stream.get_final_message()
        cost = self.parts["card"].cost_of(reply.usage.model_dump())
        self.ledger += [cost]
        return reply

    def call(self, block):
        answer = {"type": "tool_result", "tool_use_id": block.id}
        function = self.parts["registry"].get(block.name)
        if function is None:
            return {**answer, "content": f"no tool {block.name}", "is_error": True}
        try:
            value = function(**block.input)
        except Exception as error:
            print("failed:", block.name)
            return {**answer, "content": [{"type": "text", "text": repr(error)}], "is_error": True}
        words = value if isinstance(value, str) else json.dumps(value, indent=1)
        return {**answer, "content": words, "is_error": False}
"""

TURNS = """
class Prompt:
    def __init__(self, card, system, tools):
        self.card = card
        text = {"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}
        self.fixed = {"model": card.id, "system": [text], "tools": list(tools)}

    def request(self, turns):
        return {**self.fixed, "messages": [message for turn in turns for message in turn]}


class SupportBot(Prompt):
    def __init__(self, client, *, card, system, tools, registry, on_text, budget):
        super().__init__(card, system, tools)
        self.client, self.registry, self.on_text, self.budget = client, registry, on_text, budget
        self.turns, self.ledger = [], []

    @property
    def messages(self):
        return [message for turn in self.turns for message in turn]

    def ask(self, text):
        turn = [{"role": "user", "content": text}]
        turns = [*self.turns, turn]
        requests = 0
        while (requests := requests + 1) <= 8:
            while not self.fits(turns):
                turns = [self.forgotten(turn) for turn in turns[1:]]
                turn = turns[-1]
            reply = self.stream(turns)
            blocks = [block.to_dict() for block in reply.content]
            turn.append({"role": "assistant", "content": blocks})
            match reply.stop_reason:
                case "end_turn":
                    texts = [b["text"] for b in blocks if b["type"] == "text"]
                    self.turns = turns if texts else self.turns
                    return "".join(b["text"] for b in blocks if b["type"] == "text")
                case "tool_use":
                    calls = [block for block in blocks if block["type"] == "tool_use"]
                    turn.append({"role": "user", "content": [self.result(c) for c in calls]})
                case other:
                    raise RuntimeError(f"no answer: {other}")
        raise RuntimeError("no answer in 8 requests")

    def forgotten(self, turn):
        return [
            {**message, "content": [b for b in message["content"] if "thinking" not in b["type"]]}
            if message["role"] == "assistant"
            else message
            for message in turn
        ]

    def fits(self, turns):
        counted = self.client.messages.count_tokens(**self.request(turns))
        return counted.input_tokens <= self.budget

    def stream(self, turns):
        asked = dict(self.request(turns), max_tokens=2000, cache_control={"type": "ephemeral"})
        with self.client.messages.stream(**asked) as stream:
            for event in stream:
                if event.type == "text":
                    self.on_text(event.text)
            self.ledger.append(self.card.cost_of(stream.get_final_message().usage.to_dict()))
            return stream.get_final_message()

    def result(self, call):
        try:
            content, failed = json.dumps(self.registry[call["name"]](**call["input"])), False
        except Exception as error:
            content, failed = f"{type(error).__name__}: {error}", True
        given = {"type": "tool_result", "tool_use_id": call["id"], "content": content}
        return {**given, "is_error": True} if failed else given
"""
