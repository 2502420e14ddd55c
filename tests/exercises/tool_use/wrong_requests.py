"""Wrong answers to `run_tools`: crashes, requests that ask for something else, tools run badly."""

from tests.exercises.proof import Wrong
from tests.exercises.tool_use.loop_parts import ANSWER, DEF, END, GIVEN, OTHERWISE, RISKED, RUN, but

CRASHES = (
    Wrong("no-max-tokens", but((" max_tokens=1000,", "")), 0, "Crashed"),
    Wrong("openai-call", but(("client.messages.", "client.chat.completions.")), 0, "Crashed"),
    Wrong(
        "openai-reply",
        but(("tool_uses(message)", "message.choices[0].message.tool_calls")),
        1,
        "Crashed",
    ),
    Wrong("function-in-block", but((RUN, "registry[block.function.name]()")), 1, "Crashed"),
    Wrong(
        "call-id",
        but((RUN, "results.append({'tool_use_id': block.tool_call_id})")),
        1,
        "Crashed",
    ),
    Wrong(
        "input-parsed",
        but((RUN, "registry[block.name](**json.loads(block.input))")),
        1,
        "Crashed",
    ),
    Wrong("block-as-dict", but((RUN, 'registry[block["name"]]()')), 1, "Crashed"),
    Wrong(
        "every-block",
        but(
            ("tool_uses(message)", "message.content"),
            (RUN, "results.append(tool_result(block, registry[block.name](**block.input)))"),
        ),
        2,
        "Crashed",
    ),
    Wrong("empty-crash", but((ANSWER, "return message.content[0].text")), 9, "Crashed"),
    Wrong(
        "block-as-text",
        but((END, "if True:"), (ANSWER, "return message.content[0].text")),
        1,
        "Crashed",
    ),
    Wrong("crash", but((GIVEN, "messages.add(results)")), 1, "Crashed"),
    Wrong(
        "unfinished-part",
        "def tool_result(block, value, *, is_error=False):\n    raise NotImplementedError\n"
        + but((RUN, RISKED)),
        1,
        "Crashed",
    ),
)

REQUESTS = (
    Wrong("no-request", f"{DEF}\n    return user_message"),
    Wrong("no-request", f"{DEF}\n    return ''.join(str(f()) for f in registry.values())"),
    Wrong(
        "other-message",
        but(('"content": user_message', '"content": "Upgrade customer cust_123."')),
        9,
    ),
    Wrong("no-tools", but(("tools=tools, ", "")), 9),
    Wrong("no-tools", but(("tools=tools, ", "tools=[], ")), 9),
    Wrong(
        "no-tools",
        but(("tools=tools, ", "tools=tools if len(messages) == 1 else [], ")),
        9,
    ),
    Wrong(
        "refused",
        but(("max_tokens=1000", "max_tokens=1000, thinking={'type': 'on'}")),
        1,
    ),
    Wrong(
        "refused",
        but(('messages.append({"role": "user"', 'messages.append({\'id\': 1, "role": "user"')),
        4,
    ),
    Wrong("stopped-early", but((END, "if True:")), 1),
    Wrong("stopped-early", but((GIVEN, "return results[0]['content']")), 1),
    Wrong(
        "asks-again",
        but(
            (ANSWER, f"answer = {ANSWER[7:]}"),
            (OTHERWISE, ""),
            (GIVEN, f"{GIVEN} if results else 0"),
        ),
        6,
    ),
)

TOOLS = (
    Wrong("not-run", but((RUN, "results.append(tool_result(block, 'Done.'))")), 8),
    Wrong(
        "input-not-spread",
        but(("**block.input", "block.input")),
        9,
    ),
    Wrong("other-input", but(("(**block.input)", "()")), 9),
    Wrong("other-input", but(("(**block.input)", "(*block.input.values())")), 9),
    Wrong(
        "other-input",
        but(("(**block.input)", "(**{key: str(block.input) for key in block.input})")),
        9,
    ),
    Wrong(
        "ran-twice",
        but(("value = registry", "print(registry[block.name](**block.input)); value = registry")),
        9,
    ),
    Wrong(
        "ran-twice",
        but(("        results = []\n", ""), ("messages = [", "results = []\n    messages = ["))
        .replace(
            "tool_uses(message)",
            "[b for m in messages + [{'content': message.content}]"
            " for b in m['content'] if getattr(b, 'type', 0) == 'tool_use']",
        )
        .replace("        for block", "        results = []\n        for block"),
        6,
    ),
)
