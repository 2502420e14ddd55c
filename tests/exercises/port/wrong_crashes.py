"""Wrong answers of `SupportBot`: what stops it."""

from tests.exercises.port.bot import (
    COUNT,
    LOOP,
    RESULTS,
    STREAM,
    TEXT,
    TRY,
    TURN,
    changed,
)
from tests.exercises.proof import Wrong

WRONG_CRASHES = (
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
        "role-tool",
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
        11,
        "Crashed",
    ),
    Wrong(
        "failure-kills",
        changed(("except Exception as", "except KeyError as")),
        11,
        "Crashed",
    ),
    Wrong(
        "caught-in-part",
        changed(("except Exception as", "except ValueError as")),
        11,
        "Crashed",
    ),
    Wrong(
        "caught-in-part",
        changed(("except Exception as", "except (KeyError, ValueError) as")),
        11,
        "Crashed",
    ),
    Wrong(
        "look-up-outside",
        changed(
            ("        try:\n", "        function = self.registry[block.name]\n        try:\n"),
            ("self.registry[block.name](**", "function(**"),
        ),
        11,
        "Crashed",
    ),
)
