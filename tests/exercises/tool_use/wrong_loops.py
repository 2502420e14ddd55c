"""Wrong answers to `run_tools` that are right for some replies only."""

from tests.exercises.proof import Wrong
from tests.exercises.tool_use.loop_parts import ANSWER, ASK, END, OTHERWISE, SPOKEN, but

_CALLS = "tool_uses(message)"
_TAKEN = "__import__('inspect').signature(registry[block.name]).parameters"

LOOPS = (
    *(
        Wrong(
            "blank-dropped", but((ANSWER, ANSWER.replace('== "text"', f'== "text" and {kept}'))), 9
        )
        for kept in ("block.text.strip()", 'block.text != "\\n\\n"', 'block.text != " "')
    ),
    *(
        Wrong("stop-silent", but((END, f'if message.stop_reason in ("end_turn", "{reason}"):')), 9)
        for reason in ("compaction", "stop_sequence")
    ),
    Wrong("some-not-run", but((_CALLS, f"{_CALLS}[:1]")), 6, saw="get_"),
    Wrong("some-not-run", but((_CALLS, f"{{c.name: c for c in {_CALLS}}}.values()")), 7),
    Wrong("alike-run-once", but((_CALLS, f"{{str(c.input): c for c in {_CALLS}}}.values()")), 7),
    Wrong(
        "some-not-run", but((_CALLS, "[b for b in message.content[:1] if b.type == 'tool_use']")), 5
    ),
    Wrong("input-parsed", but(("**block.input", "**json.loads(block.input)")), 1),
    Wrong(
        "server-call-answered",
        but((_CALLS, "[b for b in message.content if b.type.endswith('tool_use')]")),
        8,
    ),
    Wrong("tool-forced", but(("tools=tools", "tools=tools, tool_choice={'type': 'any'}")), 9),
    Wrong(
        "tool-forced",
        but(
            ("tools=tools", "tools=tools, tool_choice={'type': choice}"),
            (SPOKEN, f"choice = 'none'\n        {SPOKEN}"),
            ("    for _ in", "    choice = 'auto'\n    for _ in"),
        ),
        9,
    ),
    Wrong("some-not-run", but((_CALLS, f"{_CALLS}[-2:]")), 6, saw="was run"),
    Wrong("tools-changed", but((SPOKEN, f"tools.pop()\n        {SPOKEN}")), 8, saw="→ nothing"),
    Wrong(
        "tools-changed",
        but(
            (
                "tools=tools",
                "tools=[*tools[:-1], {**tools[-1], 'cache_control': {'type': 'ephemeral'}}]",
            )
        ),
        9,
        saw="cache_control: nothing → ",
    ),
    Wrong("other-message", but(('"content": user_message', '"content": user_message.strip()')), 9),
    Wrong("other-message", but(('"content": user_message', '"content": user_message[:500]')), 9),
    Wrong("earlier-lost", but(("messages=messages", "messages=messages[-10:]")), 6),
    Wrong("earlier-lost", but(("messages=messages", "messages=messages[-20:]")), 6),
    Wrong(
        "earlier-lost", but(("messages=messages", "messages=[messages[0], *messages[1:][-8:]]")), 6
    ),
    Wrong(
        "ran-twice",
        but(
            (
                "value = registry[block.name](**block.input)",
                (
                    "try:\n"
                    "                    value = registry[block.name](**block.input)\n"
                    "                except Exception:\n"
                    "                    value = registry[block.name](**block.input)"
                ),
            )
        ),
        9,
        saw="2 times for 1 call",
    ),
    # What a tool returned.
    Wrong("python-repr", but(("tool_result(block, value)", "tool_result(block, str(value))")), 8),
    Wrong("text-quoted", but(("(block, value)", "(block, json.dumps(value))")), 8),
    Wrong("value-lost", but(("(block, value)", "(block, value or '')")), 8, saw="→ ''"),
    Wrong(
        "success-as-error",
        but(("(block, value)", "(block, value, is_error='error' in str(value))")),
        8,
    ),
    Wrong(
        "success-as-error",
        but(
            (
                "(block, value)",
                "(block, value, is_error=isinstance(value, dict) and 'error' in value)",
            )
        ),
        8,
    ),
    Wrong("mutated", but((SPOKEN, f"registry.clear()\n        {SPOKEN}")), 8),
    Wrong(
        "unasked-run",
        but(
            (
                "    for _ in",
                "    for name in list(registry)[-1:]:\n        registry[name]()\n    for _ in",
            )
        ),
        9,
    ),
    # Ways to end.
    Wrong(
        "pause-resumed",
        but(
            (
                OTHERWISE,
                (
                    f"if message.stop_reason == 'pause_turn':\n            {SPOKEN}\n"
                    f"            continue\n        {OTHERWISE}"
                ),
            )
        ),
        9,
    ),
    Wrong("stop-silent", but((END, 'if message.stop_reason in ("end_turn", "stop_sequence"):')), 9),
    Wrong("stop-silent", but((END, 'if message.stop_reason in ("end_turn", "pause_turn"):')), 9),
    Wrong(
        "stop-silent",
        but((END, "if message.stop_reason not in ('tool_use', 'max_tokens', 'refusal'):")),
        9,
    ),
    Wrong(
        "stop-silent", but((END, "if not any(b.type == 'tool_use' for b in message.content):")), 9
    ),
    *(
        Wrong(
            mistake,
            but(
                (
                    f"message = {ASK}",
                    (
                        f"try:\n            message = {ASK}\n"
                        f"        except {error} as error:\n            {then}"
                    ),
                )
            ).replace("def run_tools", "import anthropic\n\ndef run_tools"),
            9,
            saw=saw,
        )
        for error, then, mistake, saw in (
            ("anthropic.APIError", "return str(error)", "error-hidden", "429"),
            ("anthropic.InternalServerError", "return ''", "error-hidden", ""),
            ("anthropic.APIConnectionError", "return ''", "error-hidden", ""),
            ("Exception", "raise RuntimeError(str(error)) from error", "error-wrapped", "Runtime"),
            ("Exception", "continue", "error-wrapped", "RuntimeError"),
            ("anthropic.APIConnectionError", "continue", "error-retried", "no connection"),
        )
    ),
    # An exception without words, and an argument that the tool doesn't take.
    Wrong("error-empty", but(('f"{error!r}"', "str(error)")), 9),
    *(
        Wrong("other-input", but(("(**block.input)", f"(**{known})")), 8)
        for known in (
            f"{{k: v for k, v in block.input.items() if k in {_TAKEN}}}",
            f"{{k: block.input[k] for k in {_TAKEN} if k in block.input}}",
        )
    ),
    Wrong(
        "limit-early", but(("range(max_turns)", "range(8)")), 9, saw="8 requests with max_turns=13"
    ),
    # What is said of a failure.
    Wrong("error-silent", but(('f"{error!r}"', '"error"')), 9),
    Wrong("error-silent", but(('f"{error!r}"', "type(error).__name__")), 9),
    Wrong("failure-kills", but(("except Exception", "except (KeyError, OSError)")), 9, "Crashed"),
    Wrong(
        "no-result-block",
        but(
            (
                "except Exception as error:",
                (
                    "except TimeoutError:\n                continue\n            "
                    "except Exception as error:"
                ),
            )
        ),
        9,
    ),
    # Ways to answer.
    Wrong(
        "other-answer",
        but(
            ("        results = []\n", "        results = []\n        said += _words(message)\n"),
            ("    for _ in", "    said = ''\n    for _ in"),
            (ANSWER, "return said + _words(message)"),
        )
        + "\ndef _words(message):\n"
        "    return ''.join(block.text for block in message.content if block.type == 'text')\n",
        9,
    ),
    Wrong("empty-otherwise", but((ANSWER, f"{ANSWER} or 'Done.'")), 9),
    Wrong("other-answer", but((ANSWER, f"{ANSWER}.strip()")), 9),
    Wrong("other-answer", but((ANSWER, ANSWER.replace("content", "content[:2]"))), 9),
    Wrong(
        "only-one-text",
        but((ANSWER, "return \"\".join({b.text: 0 for b in message.content if b.type == 'text'})")),
        9,
    ),
    Wrong(
        "block-as-text", but((ANSWER, ANSWER.replace('== "text"', '!= "thinking"'))), 9, "Crashed"
    ),
)
