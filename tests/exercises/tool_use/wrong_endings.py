"""Wrong answers to `run_tools`: failing tools, answers, limits and other ways out."""

from tests.exercises.proof import Wrong
from tests.exercises.tool_use.loop_parts import (
    ANSWER,
    END,
    GIVEN,
    LIMIT,
    OTHERWISE,
    RISKED,
    RUN,
    but,
)

ERRORS = (
    *(
        Wrong("args-expected", but(('f"{error!r}"', says)), 9, "Crashed")
        for says in ('f"{type(error).__name__}: {error.args[0]}"', "str(error) or error.args[0]")
    ),
    # A tool may ask the API for something too, and lose it.
    *(
        Wrong(
            "failure-kills",
            but(
                (
                    "            except Exception as error",
                    f"""            except anthropic.{kind}:
                raise
            except Exception as error""",
                )
            )
            + "\nimport anthropic\n",
            9,
            "Crashed",
        )
        for kind in ("APIError", "APIConnectionError")
    ),
    Wrong("unknown-kills", but((RUN, RISKED)), 9, "Crashed"),
    Wrong(
        "unknown-kills",
        but(
            ("value = registry[block.name]", "value = registry[block.name]"),
            ("except Exception as error", "except (ValueError, TypeError) as error"),
        ),
        9,
        "Crashed",
    ),
    Wrong(
        "unknown-kills",
        but(
            (
                "try:",
                (
                    "if block.name not in registry:\n                return 'unknown tool'\n"
                    "            try:"
                ),
            )
        ),
        9,
    ),
    Wrong(
        "failure-kills",
        but(("except Exception as error", "except KeyError as error")),
        9,
        "Crashed",
    ),
    Wrong(
        "failure-kills",
        but(
            (
                'results.append(tool_result(block, f"{error!r}", is_error=True))',
                (
                    "if block.name in registry:\n                    return 'failed'\n"
                    "                results.append(tool_result(block, 'unknown', is_error=True))"
                ),
            )
        ),
        9,
    ),
    Wrong("error-unmarked", but((", is_error=True", "")), 9),
    Wrong(
        "error-unmarked",
        but(
            (
                "try:",
                (
                    "if block.name not in registry:\n                results.append(tool_result("
                    "block, 'unknown tool'))\n                continue\n            try:"
                ),
            )
        ),
        9,
    ),
    Wrong("error-silent", but(('f"{error!r}"', '""')), 9),
    Wrong(
        "success-as-error",
        but(
            (
                GIVEN,
                "if any('is_error' in r for r in results):\n            for r in results:\n"
                "                r['is_error'] = True\n        " + GIVEN,
            )
        ),
        9,
    ),
)

ENDINGS = (
    Wrong(
        "printed",
        but(('return "".join', 'return print("".join'), ('"text")', '"text"))')),
        9,
    ),
    Wrong("returned-blocks", but((ANSWER, "return message.content")), 9),
    Wrong("returned-blocks", but((ANSWER, "return message")), 9),
    Wrong(
        "returned-blocks",
        but((ANSWER, "return message.content[-1] if message.content else ''")),
        9,
    ),
    Wrong(
        "only-one-text",
        but((ANSWER, "return next((b.text for b in message.content if b.type == 'text'), '')")),
        9,
    ),
    Wrong(
        "only-one-text",
        but((ANSWER, "return ''.join(b.text for b in message.content[-1:])")),
        9,
    ),
    Wrong("other-answer", but((ANSWER, ANSWER + ".strip() + '.'")), 9),
    Wrong("other-answer", but((ANSWER, "return str(message.content)")), 9),
    Wrong("other-answer", but((ANSWER, "return {}"), ("{}", "'Done.'")), 9),
    Wrong("other-answer", but((ANSWER, ANSWER.replace('""', '"\\n"'))), 9),
    Wrong(
        "empty-crash",
        but(
            (
                ANSWER,
                (
                    "texts = [b.text for b in message.content if b.type == 'text']\n"
                    "            return texts[0] + ''.join(texts[1:])"
                ),
            )
        ),
        9,
        "Crashed",
    ),
    Wrong("empty-otherwise", but((ANSWER, ANSWER + " or None")), 9),
    Wrong(
        "empty-crash",
        but(
            (
                ANSWER,
                "if not message.content:\n                raise RuntimeError('empty')\n"
                "            " + ANSWER,
            )
        ),
        9,
        "Crashed",
    ),
    Wrong("limit-early", but(("range(max_turns)", "range(max_turns - 1)")), 8),
    Wrong("limit-early", but(("range(max_turns)", "range(1, max_turns)")), 8),
    Wrong("limit-ignored", but(("for _ in range(max_turns)", "while True")), 9),
    Wrong("limit-ignored", but(("range(max_turns)", "range(max_turns + 1)")), 9),
    Wrong("limit-early", but(("range(max_turns)", "range(10)")), 9),
    Wrong("limit-ignored", but(("max_turns=8", "max_turns=10")), 9),
    Wrong("limit-silent", but((LIMIT, "return ''")), 9),
    Wrong("limit-silent", but((LIMIT, "print('too many turns')")), 9),
    Wrong("limit-other-error", but(('raise RuntimeError(f"no', 'raise ValueError(f"no')), 9),
    Wrong("limit-other-error", but(('raise RuntimeError(f"no', 'raise Exception(f"no')), 9),
    Wrong("limit-other-error", but((LIMIT, "assert False")), 9),
    Wrong(
        "cut-call-run",
        but(
            (
                OTHERWISE,
                "if not tool_uses(message):\n            raise RuntimeError(message.stop_reason)",
            )
        ),
        9,
    ),
    Wrong(
        "stop-ignored",
        but(
            (OTHERWISE, ""),
            (
                "results = []",
                (
                    "results = [] if message.stop_reason == 'tool_use' else "
                    "[{'type': 'text', 'text': 'Go on.'}]"
                ),
            ),
            (
                "tool_uses(message):",
                "tool_uses(message) if message.stop_reason == 'tool_use' else ():",
            ),
        ),
        9,
    ),
    Wrong(
        "stop-silent",
        but((END, 'if message.stop_reason != "tool_use":'), (OTHERWISE, "")),
        9,
    ),
    Wrong(
        "stop-silent",
        but((OTHERWISE, "if message.stop_reason != 'tool_use':\n            return ''")),
        9,
    ),
    Wrong(
        "stop-silent",
        but(
            (
                OTHERWISE,
                (
                    "if message.stop_reason == 'max_tokens':\n"
                    "            raise RuntimeError('max_tokens')\n"
                    "        if message.stop_reason != 'tool_use':\n            return 'Sorry.'"
                ),
            )
        ),
        9,
    ),
    Wrong("stop-other-error", but((OTHERWISE, OTHERWISE.replace("Runtime", "Value"))), 9),
    Wrong(
        "stop-other-error",
        but((OTHERWISE, "assert message.stop_reason == 'tool_use'")),
        9,
    ),
    Wrong(
        "stop-unnamed",
        but(
            (
                OTHERWISE,
                (
                    "if message.stop_reason != 'tool_use':\n"
                    "            raise RuntimeError('unexpected end')"
                ),
            )
        ),
        9,
    ),
)
