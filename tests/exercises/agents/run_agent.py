"""The proof of `run_agent`."""

from tests.exercises.agents.agent import AGENT, RESULT
from tests.exercises.agents.wrong_calls import CALLS
from tests.exercises.agents.wrong_endings import ENDED
from tests.exercises.agents.wrong_limits import LIMITS
from tests.exercises.agents.wrong_turns import PAUSED, SENT
from tests.exercises.proof import Proof

_RIGHT = {
    "recursion over tuples": RESULT
    + """
def run_agent(client, request, registry, *, max_turns):
    reply = client.messages.create(**request)
    text = "".join(b["text"] for b in reply.to_dict()["content"] if b["type"] == "text")
    before = request["messages"]
    after = [*before, {"role": "assistant", "content": reply.to_dict()["content"]}]
    match reply.stop_reason:
        case "end_turn" | "stop_sequence":
            return AgentResult("done", text, after if reply.content else before)
        case "max_tokens" | "model_context_window_exceeded":
            return AgentResult("max_tokens", text, before)
        case "refusal":
            return AgentResult("refusal", text, before)
        case "tool_use":
            after.append({"role": "user", "content": execute_all(reply.content, registry)})
        case reason if reason != "pause_turn":
            raise RuntimeError(reason)
    if max_turns == 1:
        return AgentResult("turn_limit", text, after)
    return run_agent(client, request | {"messages": after}, registry, max_turns=max_turns - 1)
""",
    "a class that streams and logs": RESULT
    + """
import copy

class Run:
    def __init__(self, client, request, registry):
        self.client, self.registry = client, registry
        self.request = copy.deepcopy(request)
        self.messages = self.request["messages"]

    def ask(self):
        with self.client.messages.stream(**self.request) as stream:
            self.reply = stream.get_final_message()
        print("stopped:", self.reply.stop_reason)
        return self.reply.stop_reason

    def keep(self):
        content = [block.model_dump(exclude_none=True) for block in self.reply.content]
        if content:
            self.messages.append({"role": "assistant", "content": content})

    def result(self, status):
        text = ""
        for block in self.reply.content:
            text += block.text if block.type == "text" else ""
        return AgentResult(status=status, text=text, messages=self.messages)

def run_agent(client, request, registry, *, max_turns):
    run = Run(client, request, registry)
    turns = 0
    while turns < max_turns:
        turns += 1
        reason = run.ask()
        if reason == "refusal":
            return run.result("refusal")
        if reason in ("max_tokens", "model_context_window_exceeded"):
            return run.result("max_tokens")
        run.keep()
        calls = [b for b in run.reply.content if b.type == "tool_use"]
        if reason == "tool_use":
            run.messages.append({"role": "user", "content": execute_all(calls, registry)})
        elif reason in ("end_turn", "stop_sequence"):
            return run.result("done")
        elif reason != "pause_turn":
            raise RuntimeError(f"no way on from {reason!r}")
    return run.result("turn_limit")
""",
    "another result class, and calls answered one by one": """
from dataclasses import dataclass, field

@dataclass
class AgentResult:
    status: str
    text: str = ""
    messages: list = field(default_factory=list)
    turns: int = 0

class UnknownEnd(RuntimeError):
    pass

def text_of(message):
    return "".join(getattr(block, "text", "") for block in message.content)

def run_agent(client, request, registry, *, max_turns=10, log=lambda *said: None):
    rest = {key: value for key, value in request.items() if key != "messages"}
    history = tuple(request["messages"])
    for turn in range(1, max_turns + 1):
        reply = client.messages.create(messages=history, **rest)
        log(reply)
        said = {"role": reply.role, "content": [block for block in reply.content]}
        if reply.stop_reason in {"max_tokens", "model_context_window_exceeded", "refusal"}:
            status = "refusal" if reply.stop_reason == "refusal" else "max_tokens"
            return AgentResult(status, text_of(reply), list(history), turn)
        if reply.stop_reason == "pause_turn":
            history += (said,)
        elif reply.stop_reason in {"end_turn", "stop_sequence"}:
            history += (said,) if said["content"] else ()
            return AgentResult("done", text_of(reply), list(history), turn)
        elif reply.stop_reason != "tool_use":
            raise UnknownEnd(reply.stop_reason)
        else:
            answers = []
            for block in reply.content:
                if block.type != "tool_use":
                    continue
                answers += execute_all([block], registry)
            history += (said, {"role": "user", "content": answers})
    return AgentResult("turn_limit", text_of(reply), list(history), max_turns)
""",
    "paused turns put together": RESULT
    + """
def run_agent(client, request, registry, *, max_turns):
    history, pending = list(request["messages"]), []
    for _ in range(max_turns):
        messages = history + turn_of(pending)
        reply = client.messages.create(**request | {"messages": messages})
        text = "".join(b.text for b in reply.content if b.type == "text")
        said = pending + reply.content
        match reply.stop_reason:
            case "pause_turn":
                pending = said
            case "tool_use":
                results = execute_all(reply.content, registry)
                history += [{"role": "assistant", "content": said},
                            {"role": "user", "content": results}]
                pending = []
            case "end_turn" | "stop_sequence":
                return AgentResult("done", text, history + turn_of(said))
            case "refusal":
                return AgentResult("refusal", text, history)
            case "max_tokens" | "model_context_window_exceeded":
                return AgentResult("max_tokens", text, history)
            case reason:
                raise RuntimeError(f"stop_reason {reason}")
    return AgentResult("turn_limit", text, history + turn_of(pending))

def turn_of(content):
    return [{"role": "assistant", "content": content}] if content else []
""",
}

_RIGHT |= {
    "a NamedTuple": """
from typing import NamedTuple

class AgentResult(NamedTuple):
    status: str
    text: str
    messages: list
"""
    + AGENT.removeprefix(RESULT),
    "a class of pydantic's": """
from pydantic import BaseModel

class AgentResult(BaseModel):
    status: str
    text: str
    messages: list
"""
    + AGENT.removeprefix(RESULT)
    .replace("(status, text, messages)", "(status=status, text=text, messages=messages)")
    .replace(
        '("turn_limit", text, messages)', '(status="turn_limit", text=text, messages=messages)'
    ),
}

PROOF = Proof(
    "run_agent",
    wrong=(*SENT, *CALLS, *PAUSED, *ENDED, *LIMITS),
    right=_RIGHT,
    needs=("execute_all",),
)
