"""Wrong answers of `SupportBot`: what is wrong in one turn."""

from tests.exercises.port.bot import (
    CALLS,
    CREATE,
    EVENTS,
    KEPT,
    LOOP,
    OWN,
    REFUSED,
    REMEMBERED,
    REPLY,
    RESULTS,
    RUN,
    SAID,
    SORRY,
    STORED,
    STREAM,
    TEXT,
    TURN,
    WITHOUT_THOUGHTS,
    changed,
    kept,
)
from tests.exercises.proof import Wrong

_QUESTIONS = (
    Wrong(
        "no-request",
        changed(("        for _ in range(8)", "        return text\n        for _ in range(8)")),
    ),
    Wrong(
        "asks-again",
        changed(
            (
                "            reply = self.stream(messages)\n",
                "            self.stream(messages)\n            reply = self.stream(messages)\n",
            )
        ),
        0,
    ),
    Wrong("asks-again", changed((REPLY, REFUSED + REPLY)), 2),
    Wrong(
        "other-text",
        changed((REPLY, SORRY), (" max_tokens=1024,", " max_tokens=1_000_000,")),
        saw="Sorry",
    ),
    Wrong(
        "model-not-the-cards",
        changed(("self.card.id", '"claude-haiku-4-5-20251001"')),
        10,
    ),
    Wrong("system-lost", changed(('"text": self.system', '"text": "Be polite. " * 600')), 7),
    Wrong("tools-lost", changed((', "tools": self.tools', "")), 11),
    Wrong(
        "one-tool-once",
        changed((CALLS, "{b.name: b for b in reply.content if b.type == 'tool_use'}.values()]")),
        11,
    ),
    *(
        Wrong(
            "one-tool-once",
            changed((RUN, REMEMBERED), (start, f"{start}        self.known = {{}}\n")),
            12,
        )
        for start in ("        self.ledger = []\n", OWN)
    ),
    *(
        Wrong("handed-on-like-print", changed(("self.on_text(piece)", given)), 0, "Crashed")
        for given in ('self.on_text(piece, end="", flush=True)', 'self.on_text(piece, "")')
    ),
    Wrong(
        "question-otherwise",
        changed(('"content": text}', '"content": f"Question: {text}"}')),
        6,
    ),
    Wrong("printed", changed((TEXT, f"print({TEXT[7:]}); return")), 10),
    Wrong("other-text", changed((TEXT, "return reply.content")), 10),
    Wrong("other-text", changed((TEXT, f"{TEXT}.strip()[:-1]")), 11),
    Wrong("trimmed", changed((TEXT, f"{TEXT}.strip()")), 12),
    Wrong("not-streamed", changed((STREAM, CREATE)), 12),
    Wrong("nothing-handed-on", changed((LOOP, "")), 12),
    *(
        Wrong("other-text", changed((TEXT, TEXT + change)), 11)
        for change in (".lower()", ".encode('ascii', 'ignore').decode()")
    ),
    Wrong(
        "thinking-handed-on",
        changed(
            (
                LOOP,
                EVENTS
                + """
                if event.type == "thinking":
                    self.on_text(event.thinking)
""",
            )
        ),
        12,
    ),
    Wrong(
        "handed-on-twice",
        changed(
            (
                LOOP,
                EVENTS
                + """
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    self.on_text(event.delta.text)
""",
            )
        ),
        12,
    ),
    Wrong(
        "other-pieces",
        changed(("self.on_text(piece)", "self.on_text(piece.strip())")),
        12,
    ),
    Wrong(
        "handed-on-twice",
        changed((TEXT, f"answer = {TEXT[7:]}; self.on_text(answer); return answer")),
        12,
    ),
    Wrong(
        "collected",
        changed(
            (LOOP, "            pieces = list(stream.text_stream)\n"),
            (
                "            reply = stream",
                """
            for piece in pieces:
                self.on_text(piece)
            reply = stream""",
            ),
        ),
        12,
    ),
)

_TOOLS = (
    Wrong("stopped-early", changed(('"end_turn",)', '"end_turn", "tool_use")')), 5),
    Wrong(
        "assistant-dropped",
        changed(
            (TURN, ""),
            (
                RESULTS,
                '            messages.append({"role": "user", "content": json.dumps(results)})\n',
            ),
        ),
        8,
    ),
    Wrong(
        "thinking-dropped",
        changed((KEPT, '"content": [b for b in reply.content if b.type != "thinking"]}')),
        11,
    ),
    Wrong(
        "blocks-dropped",
        changed(
            (
                KEPT,
                """"content": [
                b for b in reply.content if b.type != "text" or reply.stop_reason != "tool_use"
            ]}""",
            )
        ),
        11,
    ),
    Wrong(
        "tools-forgotten",
        changed((STORED, kept('[{"type": "text", "text": answer}]'))),
        11,
    ),
    Wrong("thoughts-after-cut", changed((STORED, kept("reply.content"))), 11, "Crashed"),
    Wrong(
        "answer-in-part",
        changed(
            (KEPT, '"content": self.said(reply)}'), ("    def shorten", SAID + "    def shorten")
        ),
        11,
    ),
    Wrong(
        "answer-in-part",
        changed(
            (
                STORED,
                'messages[-1]["content"] = [b for b in reply.content if b.type == "text"]\n'
                "                " + STORED,
            )
        ),
        12,
        saw="text",
    ),
    Wrong(
        "answer-in-part",
        changed((STORED, WITHOUT_THOUGHTS + "                " + STORED)),
        11,
        saw="`text`",
    ),
    Wrong(
        "blocks-changed",
        changed(
            (
                STORED,
                WITHOUT_THOUGHTS.replace("messages", "messages[:-1]", 1)
                + "                "
                + STORED,
            )
        ),
        11,
        saw="tool_use",
    ),
    Wrong(
        "results-split",
        changed(
            (
                RESULTS,
                RESULTS.replace("append", "extend").replace(
                    '{"role": "user", "content": results}',
                    '{"role": "user", "content": [each]} for each in results',
                ),
            )
        ),
        12,
    ),
    Wrong("error-unmarked", changed((', "is_error": True', "")), 12),
    Wrong(
        "success-as-error",
        changed(
            ("            result[", '            result["is_error"] = True\n            result[')
        ),
        12,
    ),
    Wrong("other-registry", changed(("self.registry[", "registry[")), 11),
    Wrong(
        "other-registry",
        "REGISTRY = {}\n" + changed(("self.registry[", "REGISTRY[")),
        11,
        saw="KeyError",
    ),
    Wrong(
        "tool-not-called",
        changed(("(**block.input)", '(order_id=block.input["order_id"])')),
        11,
        saw="order_id",
    ),
    Wrong("python-repr", changed(("json.dumps(self.registry", "str(self.registry")), 12),
    Wrong(
        "value-lost",
        changed(
            ("json.dumps(self.registry", "json.dumps(bool(self.registry"), ("input))", "input)))")
        ),
        11,
    ),
    Wrong("input-not-spread", changed(("(**block.input)", "(block.input)")), 11),
    Wrong("other-input", changed(("(**block.input)", "(**block.input, more=1)")), 11),
    Wrong(
        "ran-twice",
        changed(
            (
                "json.dumps(self.registry",
                "self.registry[block.name](**block.input) and json.dumps(self.registry",
            )
        ),
        12,
    ),
)


WRONG_QUESTIONS = (*_QUESTIONS, *_TOOLS)
