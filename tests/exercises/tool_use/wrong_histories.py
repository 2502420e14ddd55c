"""Wrong answers to `run_tools`: what they send back is not what the API reads."""

from tests.exercises.proof import Wrong
from tests.exercises.tool_use.loop_parts import GIVEN, RUN, SPOKEN, but

HISTORY = (
    Wrong(
        "role-tool",
        but(
            (
                GIVEN,
                (
                    "messages += [{'role': 'tool', 'tool_call_id': r['tool_use_id'],"
                    " 'content': r['content']} for r in results]"
                ),
            )
        ),
        4,
    ),
    Wrong("role-tool", but((GIVEN, GIVEN.replace("user", "tool"))), 4),
    Wrong(
        "role-tool",
        but((SPOKEN, ""), (GIVEN, GIVEN.replace("user", "tool"))),
        2,
    ),
    Wrong(
        "earlier-lost",
        but(
            (
                SPOKEN,
                SPOKEN.replace("messages.append(", "messages = list((").replace("})", "},))"),
            )
        ),
        2,
    ),
    Wrong("earlier-lost", but((SPOKEN, ""), (GIVEN, f"messages = []; {GIVEN}")), 2),
    Wrong("earlier-lost", but((SPOKEN, f"messages = messages[:1]; {SPOKEN}")), 6),
    Wrong("assistant-dropped", but((SPOKEN, "")), 2),
    Wrong(
        "only-text-kept",
        but(
            (
                SPOKEN,
                (
                    'messages.append({"role": "assistant", "content": "".join('
                    'b.text for b in message.content if b.type == "text")})'
                ),
            )
        ),
        2,
    ),
    Wrong(
        "only-text-kept",
        but((SPOKEN, SPOKEN.replace("message.content}", "str(message.content)}"))),
        2,
    ),
    Wrong(
        "only-text-kept",
        but((SPOKEN, SPOKEN.replace("message.content}", "None}"))),
        2,
    ),
    Wrong(
        "input-as-text",
        but(
            (
                SPOKEN,
                SPOKEN.replace(
                    "message.content}",
                    "[{'type': 'tool_use', 'id': b.id,"
                    " 'name': b.name, 'input': json.dumps(b.input)} for b in tool_uses(message)]}",
                ),
            )
        ),
        4,
    ),
    Wrong(
        "blocks-dropped",
        but((SPOKEN, SPOKEN.replace("message.content}", "tool_uses(message)}"))),
        8,
    ),
    Wrong(
        "thinking-dropped",
        but(
            (
                SPOKEN,
                SPOKEN.replace(
                    "message.content}", "[b for b in message.content if b.type != 'thinking']}"
                ),
            )
        ),
        8,
    ),
    Wrong(
        "thinking-changed",
        but(
            (
                SPOKEN,
                SPOKEN.replace(
                    "message.content}",
                    "[{**b.to_dict(), 'thinking': 'Hm.'} if b.type == 'thinking' else b"
                    " for b in message.content]}",
                ),
            )
        ),
        8,
    ),
    Wrong(
        "blocks-dropped",
        but(
            (
                SPOKEN,
                SPOKEN.replace(
                    "message.content}", "[b for b in message.content if b.type != 'text']}"
                ),
            )
        ),
        8,
    ),
    Wrong(
        "blocks-changed",
        but(
            (
                SPOKEN,
                SPOKEN.replace(
                    "message.content}",
                    "[{'type': 'text', 'text': 'I will look.'}, *message.content]}",
                ),
            )
        ),
        4,
    ),
    Wrong(
        "blocks-changed",
        but(
            (
                SPOKEN,
                SPOKEN.replace(
                    "message.content}",
                    "[{**b.to_dict(), 'input': {}} if"
                    " b.type == 'tool_use' else b for b in message.content]}",
                ),
            )
        ),
        4,
    ),
    Wrong("blocks-changed", but((SPOKEN, f"{SPOKEN}; {SPOKEN}")), 4),
    Wrong(
        "blocks-changed",
        but(
            (
                SPOKEN,
                SPOKEN.replace(
                    "message.content}",
                    "[{'type': 'text', 'text': b.text} if b.type == 'text' else b "
                    "for b in message.content]}",
                ),
            )
        ),
        8,
    ),
    Wrong(
        "results-from-assistant",
        but((GIVEN, GIVEN.replace("user", "assistant"))),
        2,
    ),
    Wrong(
        "no-result-block",
        but((GIVEN, GIVEN.replace("results}", "str([r['content'] for r in results])}"))),
        4,
    ),
    Wrong("no-result-block", but((GIVEN, "")), 4),
    Wrong(
        "no-result-block",
        but(
            (
                GIVEN,
                GIVEN.replace(
                    "results}", "[{'type': 'text', 'text': r['content']} for r in results]}"
                ),
            )
        ),
        4,
    ),
    Wrong(
        "tool-call-id",
        but(
            (
                RUN,
                (
                    "results.append({'type': 'tool_result', 'tool_call_id': block.id,"
                    " 'content': str(registry[block.name](**block.input))})"
                ),
            )
        ),
        4,
    ),
    Wrong(
        "not-text",
        but(
            (
                RUN,
                (
                    "results.append({'type': 'tool_result', 'tool_use_id': block.id,"
                    " 'content': registry[block.name](**block.input)})"
                ),
            )
        ),
        6,
    ),
    Wrong(
        "text-first",
        but((GIVEN, GIVEN.replace("results}", "[{'type': 'text', 'text': 'Here:'}, *results]}"))),
        4,
    ),
    Wrong(
        "text-first",
        but((GIVEN, "messages.append({'role': 'user', 'content': 'Results:'}); " + GIVEN)),
        4,
    ),
    Wrong(
        "other-id",
        but(
            (
                "append(tool_result(block, value))",
                "append({**tool_result(block, value), 'tool_use_id': message.id})",
            )
        ),
        4,
    ),
    Wrong("unanswered", but((GIVEN, GIVEN.replace("results}", "results[:1]}"))), 7),
    Wrong("unanswered", but((GIVEN, GIVEN.replace("results}", "results[-1:]}"))), 7),
    Wrong(
        "unanswered",
        but(
            (
                "except Exception as error:",
                "except KeyError:\n                pass\n            except Exception as error:",
            )
        ),
        9,
    ),
    Wrong(
        "answered-twice",
        but((GIVEN, GIVEN.replace("results}", "results * 2}"))),
        4,
    ),
    Wrong(
        "other-id",
        but(
            ("        results = []\n", ""),
            ("    messages = [", "    results = []\n    messages = ["),
        ),
        7,
    ),
    Wrong(
        "results-split",
        but((GIVEN, "messages += [{'role': 'user', 'content': [r]} for r in results]")),
        8,
    ),
    Wrong(
        "value-lost",
        but(
            (
                "results.append(tool_result(block, value))",
                "results.append(tool_result(block, 'ok'))",
            )
        ),
        7,
    ),
    Wrong(
        "value-lost",
        but(
            ("        results = []\n", "        results = []\n        values = {}\n"),
            ("value = registry", "value = values[block.name] = registry"),
            (
                SPOKEN,
                "results = [r if 'is_error' in r else tool_result(b, values[b.name])"
                " for r, b in zip(results, tool_uses(message))]\n        " + SPOKEN,
            ),
        ),
        8,
    ),
)
