"""Wrong answers to `run_tools` that are right for some replies only."""

from tests.exercises.proof import Wrong
from tests.exercises.tool_use.loop_parts import ANSWER, ASK, END, OTHERWISE, SPOKEN, but

_CALLS = "tool_uses(message)"

LOOPS = (
    Wrong("some-not-run", but((_CALLS, f"{_CALLS}[:1]")), 6, saw="get_"),
    Wrong("some-not-run", but((_CALLS, f"{{c.name: c for c in {_CALLS}}}.values()")), 7),
    Wrong("alike-run-once", but((_CALLS, f"{{str(c.input): c for c in {_CALLS}}}.values()")), 7),
    Wrong("not-run", but((_CALLS, "[b for b in message.content[:1] if b.type == 'tool_use']")), 5),
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
    Wrong("no-tools", but((SPOKEN, f"tools.pop()\n        {SPOKEN}")), 8),
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
        "stop-ignored",
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
    Wrong(
        "api-error-swallowed",
        but(
            (
                f"message = {ASK}",
                (
                    f"try:\n            message = {ASK}\n"
                    "        except anthropic.APIError as error:\n            return str(error)"
                ),
            )
        ).replace("def run_tools", "import anthropic\n\ndef run_tools"),
        9,
        saw="overloaded",
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
    Wrong("empty-crash", but((ANSWER, f"{ANSWER} or 'Done.'")), 9),
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
