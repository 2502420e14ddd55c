"""Wrong answers of `SupportBot`: how a question ends, in trouble and at its limit."""

from tests.exercises.port.bot import (
    CALLS_RUN,
    COUNT,
    ENDED,
    LOOP,
    OWN,
    REPLY,
    SHORTEN,
    STORED,
    TEXT,
    changed,
)
from tests.exercises.proof import Wrong

COUNTED = f"        return {COUNT}\n"

WRONG_TROUBLES = (
    # The API takes no error result without a word in it.
    *(
        Wrong(
            "error-without-words", changed(('"content": repr(error)', f'"content": {content}')), 12
        )
        for content in ("str(error)", "' '.join(map(str, error.args))", "f'{error}'")
    ),
    *(
        Wrong(
            "count-error-swallowed",
            changed(
                (
                    COUNTED,
                    (
                        f"        try:\n    {COUNTED}        except {caught}:\n"
                        f"            return {otherwise}\n"
                    ),
                )
            ),
            12,
        )
        for caught, otherwise in (
            ("Exception", "0"),
            ("anthropic.APIError", "0"),
            ("anthropic.APIStatusError", "0"),
            ("anthropic.APIConnectionError", "len(str(messages)) // 4"),
        )
    ),
    Wrong(
        "error-otherwise",
        changed(
            (
                COUNTED,
                (
                    f"        try:\n    {COUNTED}        except anthropic.APIError as error:\n"
                    "            raise RuntimeError(str(error)) from error\n"
                ),
            )
        ),
        12,
    ),
    Wrong("ending-as-answer", changed(('"end_turn",)', '"end_turn", "stop_sequence")')), 12),
    Wrong(
        "trouble-retried",
        changed(
            (
                ENDED,
                "            if reply.stop_reason == 'max_tokens':\n"
                "                messages.pop()\n                continue\n" + ENDED,
            )
        ),
        12,
    ),
    Wrong(
        "alike-run-once",
        changed(
            (
                CALLS_RUN,
                (
                    "ran = {repr((b.name, b.input)): self.run(b)"
                    " for b in {repr((b.name, b.input)): b"
                    " for b in reply.content if b.type == 'tool_use'}.values()}\n"
                    "            results = [{**ran[repr((b.name, b.input))], 'tool_use_id': b.id}"
                    " for b in reply.content if b.type == 'tool_use']"
                ),
            )
        ),
        12,
    ),
    *(
        Wrong(
            "error-otherwise",
            changed(
                (
                    REPLY,
                    f"""
            try:
                reply = self.stream(messages)
            except {caught} as error:
                raise RuntimeError("api") from error
""",
                )
            ),
            12,
        )
        for caught in ("anthropic.APIError", "anthropic.APIConnectionError", "Exception")
    ),
    *(
        Wrong(
            mistake,
            changed(
                (
                    LOOP,
                    f"""            for piece in stream.text_stream:
                try:
                    self.on_text(piece)
                except {caught}
""",
                )
            ),
            12,
        )
        for mistake, caught in (
            ("listener-swallowed", "Exception: pass"),
            # A customer who doesn't listen is answered all the same.
            ("listener-swallowed", "OSError: pass"),
            ("listener-otherwise", "Exception: raise RuntimeError('nobody listens')"),
        )
    ),
    Wrong(
        "wordless-kept",
        changed((STORED, "self.messages = messages if reply.content else self.messages\n")),
        12,
    ),
    Wrong(
        "empty-crash",
        changed((TEXT, f"if not reply.content: raise RuntimeError()\n                {TEXT}")),
        12,
        "Crashed",
    ),
    *(
        Wrong("reason-lost", changed(('"content": repr(error)', f'"content": {content}')), 12)
        for content in ('"error"', "type(error).__name__", '"The tool failed."')
    ),
    Wrong("empty-kept", changed((STORED, "self.messages = messages\n")), 12, saw="an empty"),
    Wrong(
        "empty-crash",
        changed((TEXT, f"return reply.content[-1].text and {TEXT[7:]}")),
        12,
        "Crashed",
    ),
    Wrong(
        "error-swallowed",
        changed(
            (
                "            reply = self.stream(messages)\n",
                """
            try:
                reply = self.stream(messages)
            except anthropic.APIStatusError:
                return ''
""",
            )
        ),
        12,
    ),
    Wrong(
        "refusal-as-answer",
        changed(('"end_turn",)', '"end_turn", "refusal")')),
        12,
    ),
    Wrong(
        "cut-as-answer",
        changed(('"end_turn",)', '"end_turn", "max_tokens")')),
        12,
    ),
    Wrong(
        "ending-as-answer",
        changed(('in ("end_turn",)', 'not in ("tool_use", "refusal", "max_tokens")')),
        12,
        saw="`pause_turn: ",
    ),
    Wrong(
        "ending-as-answer",
        changed(('"end_turn",)', '"end_turn", "model_context_window_exceeded")')),
        12,
        saw="`model_context_window_exceeded: ",
    ),
    Wrong(
        "ending-as-answer",
        changed(
            (
                'in ("end_turn",)',
                """not in (
                "tool_use", "refusal", "max_tokens", "pause_turn", "model_context_window_exceeded"
            )""",
            )
        ),
        12,
        saw="`stop_sequence: ",
    ),
    Wrong(
        "other-exception",
        changed(
            (
                ENDED,
                """            if reply.stop_reason == "pause_turn":
                continue
"""
                + ENDED,
            )
        ),
        12,
        saw="BadRequestError",
    ),
    Wrong(
        "cut-call-run",
        changed(('!= "tool_use"', 'not in ("tool_use", "max_tokens")')),
        12,
    ),
    Wrong(
        "trouble-retried",
        changed(
            (
                "            reply = self.stream(messages)\n",
                """
            try:
                reply = self.stream(messages)
            except anthropic.APIStatusError:
                reply = self.stream(messages)
""",
            )
        ),
        11,
    ),
    Wrong("other-exception", changed(("RuntimeError", "ValueError")), 11),
    Wrong(
        "half-turn-kept",
        changed(
            (
                OWN,
                """
        self.messages.append({"role": "user", "content": text})
        messages = self.messages
""",
            ),
            (SHORTEN, "            messages = self.messages = self.shorten(messages)\n"),
        ),
        10,
    ),
    Wrong(
        "cut-kept",
        changed(
            (
                OWN,
                """
        self.messages.append({"role": "user", "content": text})
        try:
            return self.answer()
        except Exception:
            while not isinstance(self.messages[-1]["content"], str):
                self.messages.pop()
            self.messages = self.messages[:-1]
            raise

    def answer(self):
        messages = self.messages
""",
            ),
            (SHORTEN, "            messages = self.messages = self.shorten(messages)\n"),
            (STORED, "self.messages = messages if self.has_text(reply) else messages[:-2]\n"),
        ),
        11,
        saw="overloaded_error",
    ),
    Wrong(
        "cut-kept",
        changed((SHORTEN, SHORTEN + "            self.messages = messages[:-1]\n")),
        10,
    ),
    Wrong(
        "half-turn-kept",
        changed(
            (
                OWN,
                """
        before = list(self.messages)
        self.messages.append({"role": "user", "content": text})
        try:
            return self.answer(before)
        except (anthropic.APIError, RuntimeError):
            self.messages = before
            raise

    def answer(self, before):
        messages = self.messages
""",
            ),
            (SHORTEN, "            messages = self.messages = self.shorten(messages)\n"),
            (STORED, "self.messages = messages if self.has_text(reply) else before\n"),
        ),
        12,
        saw="on_text",
    ),
    Wrong(
        "limit-for-life",
        changed(
            ("        self.ledger = []\n", "        self.ledger = []\n        self.left = 8\n"),
            ("for _ in range(8):", "while self.left:\n            self.left -= 1"),
        ),
        12,
    ),
    Wrong("limit-for-life", changed(("for _ in range(8)", "while len(self.ledger) < 8")), 12),
    Wrong("endless-tools", changed(("for _ in range(8)", "while True")), 12),
    Wrong("endless-tools", changed(("range(8)", "range(9)")), 12),
    Wrong("gave-up-early", changed(("range(8)", "range(7)")), 12),
    Wrong(
        "limit-as-answer",
        changed(('raise RuntimeError("too many requests")', 'return ""')),
        12,
    ),
)
