"""Read from a prompt which of Anthropic's own tools it asks for, and with what.

A search is asked for by words that want something new or something of the web, a fetch by its
address, code by a sum or by its name, advice by its name, and an MCP tool as one of the client's
is. Where a tool is forced and the prompt gives nothing for it, it gets what can be made of the
prompt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.catalog import find_tool_kind
from grader.simulator.replies.asked import Wanted
from grader.simulator.replies.file_code import text_for, write_file_code
from grader.simulator.replies.found import stems
from grader.simulator.replies.tools import Tool, find_references, find_wanted, read_tools, tool_of
from grader.simulator.served import McpTool, evaluate, read_mcp_tools
from grader.simulator.validation.tool_relations import is_programmed_web
from grader.simulator.wire import Json

_SEARCH = re.compile(
    r"\b(?:search(?:es)?|look (?:it )?up|find online|google|browse)\b|\b(?:web|internet|online|"
    r"latest|newest|news|currently|up[- ]to[- ]date|recent|this week|today|web_search)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^\W*(?:please\s+)?(?:use (?:the )?web search(?: to)?|search (?:the )?(?:web|internet|online)"
    r"(?: (?:for|about))?|web_?search(?: for)?|search (?:for|about)?|look up|find)\W*",
    re.IGNORECASE,
)
_MANY = re.compile(r"\b(\d{1,2})\s+(?:\w+\s+)?(?:web )?searches\b", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"'`)\]]+")
_FETCH = re.compile(r"\bweb_?fetch\b|\bfetch\b", re.IGNORECASE)
_CODE = re.compile(
    r"\b(?:code|compute|calculate|python|script|execute|run|sum|plot|csv|bash|shell)\b|"
    r"code_execution",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\b(?:create|write|edit)\b.{0,80}?((?:/[\w.-]+)+)",
    re.IGNORECASE,
)
_FENCED = re.compile(r"```(?:python|py)?\s*\n(.*?)```", re.DOTALL)
_SUM = re.compile(
    r"[-+(]{0,9}\d[\d\s.,()]{0,40}"
    r"(?:(?:\*\*|//|[-+*/\u00d7\u00f7%^])\s{0,9}[-+(]{0,9}\d[\d\s.,()]{0,40}){1,20}"
)
_ADVICE = re.compile(
    r"\badvis(?:or|er|e)\b|\badvice\b|\bsecond opinion\b|\bconsult\b", re.IGNORECASE
)
_LONGEST_QUERY = 200


@dataclass(frozen=True)
class ServerStep:
    """Hold a call of the API's own to make.

    tool: its definition. server: that of an MCP tool. is_programmed: code makes the call.
    """

    name: str
    tool_input: Json
    tool: Json
    server: str = ""
    is_programmed: bool = False

    @property
    def top(self) -> str:
        """Return the name of the call that the model itself makes."""
        return "code_execution" if self.is_programmed else self.name


def is_served(tool: Json) -> bool:
    """Return whether the API runs a tool itself."""
    kind = find_tool_kind(tool.get("type"))
    return kind is not None and kind.runs == "server"


def is_direct(tool: Json) -> bool:
    """Return whether the model calls a tool of the client's by itself, and not from code."""
    return is_served(tool) or "direct" in (tool.get("allowed_callers") or ("direct",))


class ServerPlan:
    """Find the calls of the API's own tools that a request asks for.

    messages: those of the request, without what is not the user's. inputs: the files that code
    can read, by name.
    """

    def __init__(
        self,
        request: Json,
        messages: list[Json],
        asked: Wanted,
        *,
        inputs: Mapping[str, bytes] | None = None,
    ) -> None:
        self._inputs = inputs or {}
        self._request = request
        self._messages = messages
        self._asked = asked
        self.tools: dict[str, Json] = {
            tool["name"]: tool
            for tool in request.get("tools") or ()
            if is_served(tool) and "name" in tool
        }
        self.mcp = read_mcp_tools(request)

    def steps(self) -> Iterator[ServerStep]:
        """Yield all calls that the prompt asks for, those that were made too."""
        choice = self._request.get("tool_choice") or {}
        if choice.get("type") == "none":
            return
        prompt = self._asked.prompt
        forced = choice.get("name") if choice.get("type") == "tool" else None
        if forced is not None and forced not in self.tools:
            return
        steps = [
            *self._advice(prompt, forced),
            *self._searches(prompt, forced),
            *self._fetches(prompt, forced),
            *self._code(prompt, forced),
            *self._mcp_calls(prompt, forced),
        ]
        steps += self._tool_search(forced) if not steps else []
        must = choice.get("type") == "any" and not read_tools(self._request)
        if not steps and (forced or must):
            name = forced or next(iter(self.tools), None)
            steps = (
                [self._any_call(name, prompt)] if name else self._mcp_calls(prompt, None, must=True)
            )
        is_single = bool(choice.get("disable_parallel_tool_use")) and forced
        yield from steps[: 1 if is_single else None]

    def _any_call(self, name: str, prompt: str) -> ServerStep:
        tool = self.tools[name]
        words = " ".join(prompt.split())[:_LONGEST_QUERY] or "today"
        inputs: dict[str, Json] = {
            "advisor": {},
            "code_execution": {},
            "tool_search_tool_bm25": {"query": words},
            "tool_search_tool_regex": {"pattern": _pattern(words)},
            "web_fetch": {"url": "https://www.example.com/"},
            "web_search": {"query": words},
        }
        if name == "code_execution":
            return self._code_step("print('Hello')", tool)
        return ServerStep(name, inputs[name], tool, is_programmed=is_programmed_web(tool))

    def _advice(self, prompt: str, forced: str | None) -> list[ServerStep]:
        tool = self.tools.get("advisor")
        wanted = forced == "advisor" or (forced is None and _ADVICE.search(prompt))
        return [ServerStep("advisor", {}, tool)] if tool and wanted else []

    def _searches(self, prompt: str, forced: str | None) -> list[ServerStep]:
        tool = self.tools.get("web_search")
        if not tool or forced not in (None, "web_search"):
            return []
        if forced is None and not _SEARCH.search(_URL.sub("", prompt)):
            return []
        query = _query(prompt)
        many = _MANY.search(prompt)
        count = min(int(many[1]), 50) if many else 1
        queries = [query if count == 1 else f"{query}, part {place + 1}" for place in range(count)]
        return [
            ServerStep("web_search", {"query": each}, tool, is_programmed=is_programmed_web(tool))
            for each in queries
        ]

    def _fetches(self, prompt: str, forced: str | None) -> list[ServerStep]:
        tool = self.tools.get("web_fetch")
        if not tool or forced not in (None, "web_fetch"):
            return []
        urls = [url.rstrip(".,;:!?") for url in _URL.findall(prompt)]
        if not urls and forced is None and not _FETCH.search(prompt):
            return []
        return [
            ServerStep("web_fetch", {"url": url}, tool, is_programmed=is_programmed_web(tool))
            for url in urls
        ]

    def _code(self, prompt: str, forced: str | None) -> list[ServerStep]:
        tool = self.tools.get("code_execution")
        if not tool or forced not in (None, "code_execution"):
            return []
        programmed = [each for each in self._request["tools"] if not is_direct(each)]
        file = _FILE.search(prompt)
        if file and tool["type"] != "code_execution_20250522":
            made = {"command": "create", "path": file[1], "file_text": text_for(prompt)}
            return [ServerStep("text_editor_code_execution", made, tool)]
        fenced = _FENCED.search(prompt)
        if fenced:
            return [self._code_step(fenced[1].strip(), tool)]
        is_asked = bool(forced or _CODE.search(prompt))
        of_files = write_file_code(prompt, self._inputs, is_asked=is_asked)
        if of_files is not None:
            return [self._code_step(of_files, tool)]
        found = _SUM.search(prompt)
        expression = _expression(found[0]) if found else ""
        if expression and evaluate(expression) is not None:
            return [self._code_step(f"print({expression})", tool)]
        if is_asked and not programmed:
            topic = json.dumps(" ".join(prompt.split())[:60])
            return [self._code_step(f"print({topic})", tool)]
        return []

    def _code_step(self, code: str, tool: Json) -> ServerStep:
        if tool["type"] == "code_execution_20250522":
            return ServerStep("code_execution", {"code": code}, tool)
        command = f"python3 << 'EOF'\n{code}\nEOF"
        return ServerStep("bash_code_execution", {"command": command}, tool)

    def _mcp_calls(
        self, prompt: str, forced: str | None, *, must: bool = False
    ) -> list[ServerStep]:
        if forced is not None or not self.mcp:
            return []
        known = find_references(self._messages)
        offered = [tool for tool in self.mcp if not tool.is_deferred or tool.name in known]
        read = {tool.name: _as_tool(tool) for tool in offered}
        wanted = find_wanted(list(read.values()), self._asked)
        said = set(stems(prompt))
        named = [
            tool
            for tool in offered
            if re.search(rf"(?<!\w){re.escape(tool.name)}(?!\w)", prompt)
            or (set(stems(tool.server)) & said)
        ]
        names = {tool.name for tool, _ in wanted}
        chosen = [tool for tool in offered if tool.name in names] or named
        chosen = chosen or (offered if must else [])
        return [
            ServerStep(
                tool.name, read[tool.name].compose(self._asked).value, {}, server=tool.server
            )
            for tool in chosen[:1]
        ]

    def _tool_search(self, forced: str | None) -> list[ServerStep]:
        name = next((each for each in self.tools if each.startswith("tool_search_")), None)
        if name is None or forced not in (None, name):
            return []
        everything = [{**tool, "defer_loading": False} for tool in self._request.get("tools") or ()]
        deferred = [
            tool
            for tool in read_tools({**self._request, "tools": everything})
            if tool.name not in {each.name for each in read_tools(self._request)}
        ]
        wanted = [tool for tool, _ in find_wanted(deferred, self._asked)]
        if forced is None and not wanted:
            return []
        words = " ".join(dict.fromkeys(stems(" ".join(tool.name for tool in wanted))))
        words = words or " ".join(self._asked.prompt.split())[:_LONGEST_QUERY] or "tool"
        sought = {"pattern": _pattern(words)} if name.endswith("regex") else {"query": words}
        return [ServerStep(name, sought, self.tools[name])]


def _query(prompt: str) -> str:
    """Return what a prompt asks to search for."""
    words = " ".join(_ASKING.sub("", prompt, count=1).split()).strip(" ?!.")
    return words[:_LONGEST_QUERY] or " ".join(prompt.split())[:_LONGEST_QUERY] or "today"


def _pattern(words: str) -> str:
    return "|".join(re.findall(r"\w+", words)[:8])[:200] or "."


def _expression(words: str) -> str:
    plain = (
        words.strip()
        .rstrip(".,(")
        .replace("\N{MULTIPLICATION SIGN}", "*")
        .replace("\N{DIVISION SIGN}", "/")
        .replace("^", "**")
    )
    return re.sub(r"(?<=\d),(?=\d{3})", "", plain).strip()


def _as_tool(tool: McpTool) -> Tool:
    return tool_of(
        {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
    )
