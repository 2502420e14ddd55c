"""The proof of `run_tools`."""

from tests.exercises.proof import Proof
from tests.exercises.tool_use.loop_parts import but
from tests.exercises.tool_use.wrong_endings import ENDINGS, ERRORS
from tests.exercises.tool_use.wrong_histories import HISTORY
from tests.exercises.tool_use.wrong_loops import LOOPS
from tests.exercises.tool_use.wrong_requests import CRASHES, REQUESTS, TOOLS

_RIGHT = {
    "a choice that says what goes without saying": """
def run_tools(client, user_message, tools, registry, *, max_turns=8):
    messages = [{"role": "user", "content": user_message}]
    choice = {"type": "auto", "disable_parallel_tool_use": False}
    for _ in range(max_turns):
        reply = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4000,
            tools=tools,
            tool_choice=choice,
            messages=messages,
        )
        if reply.stop_reason == "end_turn":
            return "".join(block.text for block in reply.content if block.type == "text")
        if reply.stop_reason != "tool_use":
            raise RuntimeError(f"ended with {reply.stop_reason}")
        results = []
        for block in tool_uses(reply):
            try:
                results.append(tool_result(block, registry[block.name](**block.input)))
            except Exception as error:
                results.append(tool_result(block, repr(error), is_error=True))
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": results})
    raise RuntimeError("no answer")
""",
    "recursion, and helpers": """
import logging

def answered(block, registry):
    if block.name not in registry:
        return tool_result(block, f"There is no tool named {block.name}.", is_error=True)
    try:
        return tool_result(block, registry[block.name](**block.input))
    except Exception as error:
        logging.exception("tool")
        return tool_result(block, f"{type(error).__name__}: {error}", is_error=True)

def go_on(client, messages, tools, registry, left):
    if left == 0:
        raise RuntimeError("turn limit")
    reply = client.messages.create(
        model="claude-sonnet-5-5", max_tokens=4000, tools=tools, messages=messages
    )
    match reply.stop_reason:
        case "end_turn":
            return "".join(b.text for b in reply.content if b.type == "text")
        case "tool_use":
            results = [answered(block, registry) for block in tool_uses(reply)]
            turns = [{"role": "assistant", "content": reply.content},
                     {"role": "user", "content": results}]
            return go_on(client, messages + turns, tools, registry, left - 1)
    raise RuntimeError(reply.stop_reason)

def run_tools(client, user_message, tools, registry, *, max_turns=8):
    first = {"role": "user", "content": [{"type": "text", "text": user_message}]}
    return go_on(client, [first], tools, registry, max_turns)
""",
    "plain dicts, and a loop that counts": """
class ToolError(RuntimeError):
    pass

def run_tools(client, user_message, tools, registry, *, max_turns=8):
    messages = [dict(role="user", content=user_message)]
    turns = 0
    while turns < max_turns:
        turns += 1
        reply = client.messages.create(
            model="claude-haiku-4-5", max_tokens=500, tools=list(tools), messages=messages,
            system="Be brief.",
        ).model_dump()
        print(turns, reply["stop_reason"])
        messages.append({"role": "assistant", "content": [
            {key: value for key, value in block.items() if value is not None}
            for block in reply["content"]
        ]})
        if reply["stop_reason"] not in ("tool_use", "end_turn"):
            raise ToolError("stopped: " + reply["stop_reason"])
        if reply["stop_reason"] == "end_turn":
            return "".join(b["text"] for b in reply["content"] if b["type"] == "text")
        answers = []
        for block in reply["content"]:
            if block["type"] == "tool_use":
                answer = {"type": "tool_result", "tool_use_id": block["id"], "is_error": False}
                function = registry.get(block["name"])
                try:
                    value = function(**block["input"])
                    answer["content"] = value if type(value) is str else json.dumps(value)
                except Exception as error:
                    answer.update(is_error=True, content=f"failed: {error}")
                answers.append(answer)
        messages.append({"role": "user", "content": answers})
    raise ToolError(f"gave up after {turns} turns")
""",
    "the SDK's params, a stream, and text after the results": """
def run_tools(client, user_message, tools, registry, *, max_turns=8):
    messages = [{"role": "user", "content": user_message}]
    for turn in range(max_turns):
        with client.messages.stream(
            model="claude-opus-4-8", max_tokens=900, tools=tools, messages=messages
        ) as stream:
            reply = stream.get_final_message()
        if reply.stop_reason == "end_turn":
            break
        if reply.stop_reason != "tool_use":
            raise RuntimeError(f"unexpected {reply.stop_reason!r}")
        messages.append(reply.to_param())
        messages.append({"role": "user", "content": []})
        for block in reply.content:
            if block.type == "tool_use":
                result = {"type": "tool_result", "tool_use_id": block.id}
                try:
                    value = registry[block.name](**block.input)
                    value = value if isinstance(value, str) else json.dumps(value)
                    result["content"] = [{"type": "text", "text": value}]
                except Exception as error:
                    result |= {"content": repr(error), "is_error": True}
                messages[-1]["content"].append(result)
        messages[-1]["content"].append({"type": "text", "text": f"That was turn {turn}."})
    else:
        raise RuntimeError("too many turns")
    return "".join(getattr(block, "text", "") for block in reply.content)
""",
    "results by id, the beta client, tools run after all are known": """
def run_tools(client, user_message, tools, registry, *, max_turns=8):
    history = ({"role": "user", "content": user_message},)
    for left in reversed(range(max_turns)):
        reply = client.beta.messages.create(
            model="claude-sonnet-4-6", max_tokens=1000, tools=tools, messages=history
        )
        calls = {block.id: block for block in reply.content if block.type == "tool_use"}
        if reply.stop_reason == "tool_use":
            done = {}
            for id, block in calls.items():
                try:
                    done[id] = registry[block.name](**block.input), False
                except BaseException as error:
                    done[id] = f"{type(error).__name__}: {error}", True
            history += (
                {"role": "assistant", "content": [block.to_dict() for block in reply.content]},
                {"role": "user", "content": tuple(
                    tool_result(calls[id], value, is_error=failed)
                    for id, (value, failed) in done.items()
                )},
            )
        elif reply.stop_reason == "end_turn":
            return "".join([block.text for block in reply.content if block.type == "text"])
        else:
            raise RuntimeError("stop_reason", reply.stop_reason)
    raise RuntimeError
""",
}

_LAST = "{'type': 'none' if turn == max_turns - 1 else 'auto'}"
_ASKED = "__import__('inspect').signature(registry[block.name]).bind(**block.input)"
_RIGHT |= {
    "no choice of tools in the last request": but(
        ("for _ in range", "for turn in range"),
        ("tools=tools, messages", f"tools=tools, tool_choice={_LAST}, messages"),
    ),
    "a signature that is asked first": but(
        ("value = registry", f"{_ASKED}\n                value = registry")
    ),
}

PROOF = Proof(
    "run_tools",
    needs=("tool_uses", "tool_result"),
    wrong=(*CRASHES, *REQUESTS, *TOOLS, *HISTORY, *ERRORS, *ENDINGS, *LOOPS),
    right=_RIGHT,
)
