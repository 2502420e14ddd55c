"""Wrong answers to `accumulate`."""

from tests.exercises.proof import Wrong
from tests.exercises.streaming.reducer import (
    BLOCK,
    END,
    ERROR,
    INDEXED,
    INPUT,
    PARSED,
    RAISE,
    RETURN,
    START,
    TEXT,
    USAGE,
    but,
)

FALSY = '\n                block["input"] = {k: v for k, v in block["input"].items() if v}'
BY_NAME = (
    '\n                for other in message["content"]:\n'
    '                    if other.get("name") == block["name"]:\n'
    '                        other["input"] = block["input"]'
)
REDACTED = (
    '\n            if event["content_block"]["type"] not in ("text", "thinking"):\n'
    '                print(event["content_block"]["name"])'
)

_MADE_UP = '    message["stop_reason"] = message["stop_reason"] or "{}"\n'
_KNOWN_COUNTS = """message["usage"].update(
                {k: v for k, v in event["usage"].items()
                 if k == "output_tokens" or k not in message["usage"]}
            )"""
_REBUILT = """message["content"].append(
                {k: v for k, v in event["content_block"].items() if k != "data"}
            )"""

WRONG = (
    Wrong("event-as-object", but(('event["type"]\n', "event.type\n")), 0, "Crashed"),
    Wrong(
        "chunks-expected", but(('event["type"]\n', 'event["choices"][0]["delta"]\n')), 0, "Crashed"
    ),
    Wrong("input-is-dict", but((INPUT, 'block["input"] += delta["partial_json"]')), 8, "Crashed"),
    Wrong("printed", but((RETURN, "    print(message)"))),
    Wrong("text-only", but((RETURN, '    return message["content"][0]["text"]'))),
    Wrong("not-a-dict", but((RETURN, '    return message["content"]'))),
    Wrong(
        "not-a-dict",
        but((RETURN, "    from anthropic.types import Message\n    return Message(**message)")),
    ),
    Wrong("not-a-dict", but((RETURN, "    return"))),
    Wrong(
        "other-start",
        but(
            (
                START,
                '{"role": "assistant", "content": [], "usage": dict(event["message"]["usage"])}',
            )
        ),
        10,
    ),
    Wrong("other-start", but((RETURN, '    return {**message, "written": written}')), 10),
    Wrong(
        "content-not-blocks",
        but(
            (
                RETURN,
                '    message["content"] = "".join(b["text"] for b in message["content"])\n'
                + RETURN,
            )
        ),
        3,
    ),
    Wrong(
        "content-not-blocks",
        but(
            (START, 'dict(copy.deepcopy(event["message"]), content={})'),
            (BLOCK, 'message["content"][event["index"]] = dict(event["content_block"])'),
        ),
        3,
    ),
    Wrong(
        "no-blocks",
        'def accumulate(events):\n    message = dict(events[0]["message"])\n'
        "    for event in events:\n"
        '        if event["type"] == "message_delta":\n'
        '            message.update(event["delta"])\n'
        '            message["usage"] = {**message["usage"], **event["usage"]}\n'
        "    return message\n",
        3,
    ),
    Wrong("only-one-piece", but((TEXT, 'block["text"] = delta["text"]')), 3),
    Wrong(
        "own-keys",
        but(
            ('dict(event["content_block"])', '{**event["content_block"], "written": ""}'),
            (INPUT, 'block["written"] += delta["partial_json"]'),
            ('written[event["index"]] or', 'block["written"] or'),
        ),
        3,
    ),
    Wrong(
        "own-keys",
        but(
            (INPUT, 'block["json"] = block.get("json", "") + delta["partial_json"]'),
            ('written[event["index"]] or', 'block["json"] or'),
        ),
        9,
    ),
    Wrong("own-keys", but((BLOCK, BLOCK[:-2] + ', index=event["index"]))')), 3),
    Wrong(
        "own-keys",
        but(
            ("    return message", "    return types.Message.model_validate(message).model_dump()")
        ).replace("import copy", "import copy\nfrom anthropic import types", 1),
        2,
    ),
    Wrong("other-block", but((INDEXED, 'message["content"][-1], event["delta"]')), 10),
    Wrong(
        "stop-awaited",
        but(("    return message", "    return message if kind == 'message_stop' else None")),
        6,
    ),
    Wrong("other-content", but((TEXT, 'block["text"] += delta["text"] + " "')), 3),
    Wrong("other-content", but((TEXT, 'block["text"] += delta["text"].strip()')), 3),
    Wrong(
        "other-content",
        but(('block["signature"] = delta["signature"]', 'block["signature"] = str(delta)')),
        10,
    ),
    Wrong("stop-from-start", but((END, "pass")), 10),
    Wrong("other-start", but((END, 'message["delta"] = event["delta"]')), 9),
    Wrong(
        "other-end",
        but((END, 'message["stop_reason"] = event["delta"]["stop_reason"]')),
        10,
    ),
    Wrong("other-end", but((END, 'message["stop_reason"] = "end_turn"')), 10),
    Wrong(
        "usage-added",
        but(
            (
                USAGE,
                (
                    'for key, count in event["usage"].items():\n'
                    "                if isinstance(count, int):\n"
                    '                    message["usage"].setdefault(key, 0)\n'
                    '                    message["usage"][key] += count'
                ),
            )
        ),
        10,
    ),
    Wrong(
        "usage-added",
        but((USAGE, 'message["usage"]["output_tokens"] += event["usage"]["output_tokens"]')),
        10,
    ),
    Wrong("usage-from-start", but((USAGE, "pass")), 10),
    Wrong("usage-replaced", but((USAGE, 'message["usage"] = event["usage"]')), 10),
    Wrong(
        "other-usage",
        but((USAGE, 'message["usage"]["output_tokens"] = 0')),
        10,
    ),
    Wrong(
        "other-usage",
        but((USAGE, 'message["usage"]["output_tokens"] = event["usage"]["output_tokens"]')),
        10,
    ),
    Wrong("mutated", but((START, 'event["message"]')), 10),
    Wrong("mutated", but(('dict(event["content_block"])', 'event["content_block"]')), 10),
    Wrong("mutated", but((START, 'dict(event["message"])')), 10),
    # A block that begins later may stop earlier.
    Wrong(
        "blocks-exchanged",
        but(
            (BLOCK, 'begun[event["index"]] = dict(event["content_block"])'),
            (INDEXED, 'begun[event["index"]], event["delta"]'),
            ('block = message["content"][event["index"]]\n', 'block = begun[event["index"]]\n'),
            (PARSED, PARSED + '\n            message["content"].append(block)'),
            ("message, written = {}, {}", "message, written, begun = {}, {}, {}"),
        ),
        10,
    ),
    Wrong(
        "blocks-lost",
        but(
            (
                RETURN,
                '    message["content"] = [b for b in message["content"] if b.get("text", 1)]\n'
                + RETURN,
            )
        ),
        10,
    ),
    Wrong("first-block-assumed", but((INDEXED, 'message["content"][0], event["delta"]')), 9),
    Wrong(
        "blocks-lost",
        but(
            (BLOCK, 'message["content"] = [dict(event["content_block"])]'),
            (INDEXED, 'message["content"][-1], event["delta"]'),
            ('message["content"][event["index"]]\n', 'message["content"][-1]\n'),
        ),
        7,
    ),
    Wrong(
        "blocks-lost",
        but((RETURN, '    message["content"] = message["content"][:1]\n' + RETURN)),
        8,
    ),
    Wrong(
        "thinking-crash",
        but(('if delta["type"] == "text_delta":', 'if "partial_json" not in delta:')),
        9,
        "Crashed",
    ),
    Wrong("thinking-lost", but(('block["thinking"] += delta["thinking"]', "pass")), 10),
    Wrong(
        "thinking-lost",
        but(
            ('if delta["type"] == "text_delta"', 'if "text" in delta'),
            ('delta["type"] == "thinking_delta"', "False"),
        ),
        9,
    ),
    Wrong("signature-lost", but(('block["signature"] = delta["signature"]', "pass")), 10),
    Wrong("tool-crash", but((INPUT, 'written[event["index"]] += delta["text"]')), 8, "Crashed"),
    Wrong(
        "tool-crash",
        but(
            (
                '            elif delta["type"] == "input_json_delta":\n                ' + INPUT,
                '            else:\n                block["citations"].append(delta["citation"])',
            )
        ),
        7,
        "Crashed",
    ),
    Wrong(
        "parsed-early", but((INPUT, 'block["input"].update(json.loads(delta["partial_json"]))')), 8
    ),
    Wrong(
        "parsed-early",
        but(
            (
                INPUT,
                INPUT + '\n                block["input"] = json.loads(written[event["index"]])',
            )
        ),
        8,
    ),
    Wrong(
        "input-lost",
        but(
            (
                '            elif delta["type"] == "input_json_delta":\n                '
                + INPUT
                + "\n",
                "",
            )
        ),
        10,
    ),
    Wrong("input-lost", but((PARSED, "pass")), 10),
    Wrong(
        "input-not-parsed",
        but((PARSED, 'block["input"] = written[event["index"]]')),
        9,
    ),
    Wrong(
        "calls-mixed",
        but(
            ('written[event["index"]] = ""', 'written.setdefault("all", "")'),
            (INPUT, 'written["all"] += delta["partial_json"]'),
            ('written[event["index"]] or "{}"', 'written["all"] or "{}"'),
        ),
        10,
    ),
    Wrong("empty-input", but((' or "{}"', "")), 10),
    Wrong(
        "empty-input",
        but(
            (
                PARSED,
                (
                    'whole = written[event["index"]]\n'
                    '                block["input"] = json.loads(whole) if whole else None'
                ),
            )
        ),
        10,
    ),
    Wrong(
        "unknown-crash",
        but(
            (
                RETURN,
                '        elif kind != "message_stop":\n'
                '            raise ValueError(f"unknown: {kind}")\n' + RETURN,
            )
        ),
        10,
        "Crashed",
    ),
    Wrong(
        "unknown-crash",
        but(
            (
                'kind = event["type"]',
                (
                    'kind = event["type"]\n        if not kind.startswith("message"):\n'
                    '            print(event["index"])'
                ),
            )
        ),
        9,
        "Crashed",
    ),
    Wrong(
        "unknown-read",
        but(('if delta["type"] == "text_delta"', 'if "text" in delta')),
        10,
    ),
    Wrong(
        "unknown-crash",
        but(
            ('elif kind == "content_block_delta":', 'elif "delta" in event and "index" in event:'),
            ('if delta["type"] == "text_delta"', 'if "text" in delta'),
        ),
        10,
        "Crashed",
    ),
    Wrong("error-ignored", but((ERROR, "")), 10),
    Wrong("error-ignored", but((RAISE, "print(event)")), 10),
    Wrong("error-not-runtime", but((RAISE, 'raise ValueError(event["error"]["type"])')), 10),
    Wrong(
        "error-not-runtime",
        but(
            (
                ERROR,
                (
                    '        elif kind not in ("message_stop", "ping") and "new" not in kind:\n'
                    '            print(event["delta"])\n'
                ),
            )
        ),
        10,
    ),
    Wrong("error-unnamed", but((RAISE, 'raise RuntimeError("the stream broke")')), 10),
    Wrong(
        "error-unnamed",
        but((RAISE, 'raise RuntimeError(event["error"]["message"])')),
        10,
    ),
    # What works for one shape of stream only; most of these have had full marks.
    Wrong(
        "parsed-early",
        but(
            (
                INPUT,
                INPUT + '\n                if delta["partial_json"].endswith("}"):\n'
                '                    block["input"] = json.loads(written[event["index"]])',
            ),
            (PARSED, "pass"),
        ),
        10,
    ),
    Wrong(
        "input-lost",
        but(
            (
                INPUT,
                (
                    "try:\n"
                    '                    block["input"] = json.loads(delta["partial_json"])\n'
                    "                except ValueError:\n"
                    "                    pass"
                ),
            ),
            (PARSED, "pass"),
        ),
        10,
    ),
    Wrong("falsy-dropped", but((PARSED, PARSED + FALSY)), 10),
    Wrong(
        "inputs-exchanged",
        but(
            ('written[event["index"]] or "{}")', 'written[event["index"]] or "{}")' + BY_NAME),
        ),
        10,
    ),
    Wrong("block-crash", but((BLOCK, BLOCK + REDACTED)), 9, "Crashed"),
    Wrong(
        "block-crash", but((RETURN, '    print(message["content"][0])\n' + RETURN)), 10, "Crashed"
    ),
    Wrong(
        "block-crash",
        but(
            (BLOCK, 'if event["content_block"]["type"] in KNOWN:\n                ' + BLOCK),
            ("import copy", "import copy\nKNOWN = ('text', 'thinking', 'tool_use')"),
        ),
        9,
        "Crashed",
    ),
    Wrong(
        "other-end",
        but(
            (
                END,
                'message.update({k: v for k, v in event["delta"].items() if k != "stop_details"})',
            )
        ),
        10,
    ),
    Wrong(
        "other-content",
        but(
            (
                RETURN,
                '    for block in message["content"]:\n'
                '        block.update({k: v.strip() for k, v in block.items() if k == "text"})\n'
                + RETURN,
            )
        ),
        9,
    ),
    Wrong("crash", but((BLOCK, "pass")), 0, "Crashed"),
    # Counts that grow while the reply goes on, an end that's told twice, and one that isn't told.
    Wrong(
        "other-usage",
        but(
            (
                USAGE,
                _KNOWN_COUNTS,
            )
        ),
        10,
        saw="input_tokens",
    ),
    Wrong(
        "other-usage",
        but(('"message_delta":', '"message_delta" and message["stop_reason"] is None:')),
        10,
        saw="output_tokens",
    ),
    Wrong("reason-made-up", but((RETURN, _MADE_UP.format("end_turn") + RETURN)), 10),
    Wrong("reason-made-up", but((RETURN, _MADE_UP.format("incomplete") + RETURN)), 10),
    Wrong(
        "end-expected",
        but(
            (RETURN, '    if kind != "message_stop":\n        raise RuntimeError(kind)\n' + RETURN)
        ),
        6,
        "Crashed",
        saw="message_delta",
    ),
    Wrong(
        "end-expected",
        but((RETURN, '    assert message["stop_reason"]\n' + RETURN)),
        7,
        "Crashed",
    ),
    Wrong(
        "block-fields-lost",
        but((BLOCK, _REBUILT)),
        10,
        saw="data of redacted_thinking",
    ),
    Wrong(
        "block-fields-lost",
        but((BLOCK, BLOCK + '\n            message["content"][-1].pop("caller", None)')),
        9,
        saw="caller of ",
    ),
)
