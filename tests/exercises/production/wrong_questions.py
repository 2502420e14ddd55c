"""Wrong answers of `SupportBot`: what stops it, and what is wrong in one turn."""

from tests.exercises.production.bot import (
    COUNT,
    CREATE,
    EVENTS,
    KEPT,
    LOOP,
    REFUSED,
    REPLY,
    RESULTS,
    SORRY,
    STREAM,
    TEXT,
    TRY,
    TURN,
    changed,
)
from tests.exercises.proof import Wrong

_CRASHES = (
    Wrong("openai-call", changed(("messages.stream(", "chat.completions.create(")), 0, "Crashed"),
    Wrong("no-max-tokens", changed((" max_tokens=1024,", "")), 0, "Crashed"),
    Wrong(
        "unknown-parameter",
        changed((" max_tokens=1024,", " max_completion_tokens=1024,")),
        0,
        "Crashed",
    ),
    Wrong(
        "unknown-parameter",
        changed((" max_tokens=1024,", " max_tokens=1024, stream_options={},")),
        0,
        "Crashed",
    ),
    Wrong(
        "count-otherwise",
        changed((COUNT, COUNT.replace("messages=messages", "messages=messages, max_tokens=1024"))),
        0,
        "Crashed",
    ),
    Wrong("card-as-model", changed(("self.card.id", "self.card")), 0, "Crashed"),
    Wrong(
        "raised-needlessly",
        changed(
            (
                STREAM,
                """
        for event in self.client.messages.create(
            **self.parts(), max_tokens=1024, messages=messages, stream=True
        ):
            if event.type == "message_start":
                reply = event.message
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                self.on_text(event.delta.text)
""",
            )
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "chunks",
        changed(
            (
                LOOP,
                """
            for chunk in stream:
                self.on_text(chunk.choices[0].delta.content)
""",
            )
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "stream-not-entered",
        changed(
            (
                STREAM,
                """
        request = {**self.parts(), "max_tokens": 1024, "messages": messages}
        stream = self.client.messages.stream(**request)
        for piece in stream.text_stream:
            self.on_text(piece)
        reply = stream.get_final_message()
""",
            )
        ),
        0,
        "Crashed",
    ),
    Wrong("first-block", changed((TEXT, "return reply.content[0].text")), 7, "Crashed"),
    Wrong(
        "input-parsed",
        changed(
            (
                TRY,
                """
        value = self.registry[block.name](**json.loads(block.input))
        return {**result, "content": json.dumps(value)}
""",
            )
        ),
        5,
        "Crashed",
    ),
    Wrong("usage-no-dict", changed((".to_dict()", "")), 0, "Crashed"),
    Wrong(
        "system-as-message",
        changed(
            ('"system": [cached], ', ""),
            (
                "        self.messages = []\n",
                '        self.messages = [{"role": "system", "content": system}]\n',
            ),
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "tool-role",
        changed(
            (RESULTS, '            messages += [{"role": "tool", **each} for each in results]\n'),
        ),
        5,
        "Crashed",
    ),
    Wrong(
        "unanswered",
        changed((RESULTS, RESULTS.replace("results}", "results[:1]}"))),
        10,
        "Crashed",
    ),
    Wrong(
        "unanswered",
        changed(
            (RESULTS, '            messages.append({"role": "user", "content": str(results)})\n')
        ),
        5,
        "Crashed",
    ),
    Wrong(
        "orphan-results",
        changed(
            (TURN, ""),
            (
                "self.messages = messages",
                'self.messages = [*messages, {"role": "assistant", "content": reply.content}]',
            ),
        ),
        5,
        "Crashed",
    ),
    Wrong("refused", changed(('"text": self.system', '"text": ""')), 0, "Crashed"),
    Wrong("refused", changed((" max_tokens=1024,", " max_tokens=1_000_000,")), 0, "Crashed"),
    Wrong(
        "failure-kills",
        changed(
            (
                TRY,
                """
        value = self.registry[block.name](**block.input)
        return {**result, "content": json.dumps(value)}
""",
            )
        ),
        10,
        "Crashed",
    ),
    Wrong(
        "failure-kills",
        changed(("except Exception as", "except KeyError as")),
        10,
        "Crashed",
    ),
    Wrong(
        "caught-in-part",
        changed(("except Exception as", "except ValueError as")),
        10,
        "Crashed",
    ),
    Wrong(
        "caught-in-part",
        changed(("except Exception as", "except (KeyError, ValueError) as")),
        10,
        "Crashed",
    ),
    Wrong(
        "look-up-outside",
        changed(
            ("        try:\n", "        function = self.registry[block.name]\n        try:\n"),
            ("self.registry[block.name](**", "function(**"),
        ),
        10,
        "Crashed",
    ),
)

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
        "Not yet",
    ),
    Wrong("asks-again", changed((REPLY, REFUSED + REPLY)), 2, "Almost"),
    Wrong(
        "other-text",
        changed((REPLY, SORRY), (" max_tokens=1024,", " max_tokens=1_000_000,")),
        saw="Sorry",
    ),
    Wrong("other-model", changed(("self.card.id", '"claude-haiku-4-5-20251001"')), 10, "Almost"),
    Wrong(
        "system-lost", changed(('"text": self.system', '"text": "Be polite. " * 600')), 8, "Almost"
    ),
    Wrong("tools-lost", changed((', "tools": self.tools', "")), 11, "Almost"),
    Wrong(
        "question-not-sent",
        changed(('"content": text}', '"content": f"Question: {text}"}')),
        6,
        "Almost",
    ),
    Wrong("printed", changed((TEXT, f"print({TEXT[7:]}); return")), 9, "Almost"),
    Wrong("other-text", changed((TEXT, "return reply.content")), 9, "Almost"),
    Wrong("other-text", changed((TEXT, f"{TEXT}.strip()[:-1]")), 10, "Almost"),
    Wrong("not-streamed", changed((STREAM, CREATE)), 11, "Almost"),
    Wrong("nothing-handed-on", changed((LOOP, "")), 11, "Almost"),
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
        11,
        "Almost",
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
        11,
        "Almost",
    ),
    Wrong(
        "other-pieces",
        changed(("self.on_text(piece)", "self.on_text(piece.strip())")),
        11,
        "Almost",
    ),
    Wrong(
        "handed-on-twice",
        changed((TEXT, f"answer = {TEXT[7:]}; self.on_text(answer); return answer")),
        11,
        "Almost",
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
        11,
        "Almost",
    ),
)

_TOOLS = (
    Wrong(
        "tools-not-run", changed(('"stop_sequence")', '"stop_sequence", "tool_use")')), 5, "Almost"
    ),
    Wrong(
        "turn-lost",
        changed(
            (TURN, ""),
            (
                RESULTS,
                '            messages.append({"role": "user", "content": json.dumps(results)})\n',
            ),
        ),
        8,
        "Almost",
    ),
    Wrong(
        "thinking-lost",
        changed((KEPT, '"content": [b for b in reply.content if b.type != "thinking"]}')),
        11,
        "Almost",
    ),
    Wrong(
        "turn-otherwise",
        changed(
            (
                KEPT,
                """"content": [
                b for b in reply.content if b.type != "text" or reply.stop_reason != "tool_use"
            ]}""",
            )
        ),
        11,
        "Almost",
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
        11,
        "Almost",
    ),
    Wrong("error-unmarked", changed((', "is_error": True', "")), 11, "Almost"),
    Wrong(
        "result-as-error",
        changed(
            ("            result[", '            result["is_error"] = True\n            result[')
        ),
        11,
        "Almost",
    ),
    Wrong(
        "result-no-json", changed(("json.dumps(self.registry", "str(self.registry")), 11, "Almost"
    ),
    Wrong(
        "result-otherwise",
        changed(
            ("json.dumps(self.registry", "json.dumps(bool(self.registry"), ("input))", "input)))")
        ),
        11,
        "Almost",
    ),
    Wrong("tool-otherwise", changed(("(**block.input)", "(block.input)")), 11, "Almost"),
)


WRONG_QUESTIONS = (*_CRASHES, *_QUESTIONS, *_TOOLS)
