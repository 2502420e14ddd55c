"""Search the deferred tools of a request, by a pattern or by words.

Both look at names, descriptions, and the names and descriptions of arguments, whatever the case
(Anthropic's page on tool search). The order of a search by words is BM25's.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from grader.simulator.replies.found import stems
from grader.simulator.replies.json_schema import is_quick
from grader.simulator.wire import Json

LIMIT = 5
"""How many tools a search finds unless its input says otherwise."""

_LONGEST_PATTERN = 200
_LONGEST_QUERY = 500
_SATURATION, _LENGTH = 1.5, 0.75
_LONGEST_TEXT = 2_000


def search_tools(name: str, tool_input: Json, tools: Sequence[Json]) -> Json:
    """Return the content of a search's result.

    name: the search tool's, which says how it searches. tools: those that may be found.
    """
    by_pattern = name.endswith("regex")
    sought = str(tool_input.get("pattern" if by_pattern else "query", ""))
    limit = tool_input.get("limit", LIMIT)
    if not sought or len(sought) > (_LONGEST_PATTERN if by_pattern else _LONGEST_QUERY):
        return _failed("The search input is empty or too long.")
    try:
        found = _by_pattern(sought, tools) if by_pattern else _by_words(sought, tools)
    except re.error as error:
        return _failed(f"Invalid regular expression pattern: {error}")
    return {
        "type": "tool_search_tool_search_result",
        "tool_references": [
            {"type": "tool_reference", "tool_name": name} for name in found[: int(limit)]
        ],
    }


def _failed(words: str) -> Json:
    return {
        "type": "tool_search_tool_result_error",
        "error_code": "invalid_tool_input",
        "error_message": words,
    }


def _by_pattern(pattern: str, tools: Sequence[Json]) -> list[str]:
    read = re.compile(pattern, re.IGNORECASE)
    if not is_quick(pattern):
        # A pattern that could take for ever is read as the words in it.
        return _by_words(" ".join(re.findall(r"\w+", pattern)), tools)
    return [tool["name"] for tool in tools if read.search(_text(tool)[:_LONGEST_TEXT])]


def _by_words(query: str, tools: Sequence[Json]) -> list[str]:
    texts = [Counter(stems(_text(tool))) for tool in tools]
    mean = sum(text.total() for text in texts) / len(texts) if texts else 0.0
    wanted = set(stems(query))
    rare = {
        word: math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))
        for word in wanted
        if (count := sum(word in text for text in texts))
    }

    def rank(text: Counter[str]) -> float:
        share = 1 - _LENGTH + _LENGTH * text.total() / mean if mean else 1.0
        return sum(
            rarity * text[word] * (_SATURATION + 1) / (text[word] + _SATURATION * share)
            for word, rarity in rare.items()
        )

    ranked = sorted(((-rank(text), place) for place, text in enumerate(texts)))
    return [tools[place]["name"] for score, place in ranked if score < 0]


def _text(tool: Json) -> str:
    """Return what a search looks at: names and descriptions, of the tool and its arguments."""
    words = [str(tool.get("name", "")), str(tool.get("description") or "")]
    properties = (tool.get("input_schema") or {}).get("properties")
    for name, part in (properties or {}).items() if isinstance(properties, dict) else ():
        described = part.get("description") if isinstance(part, dict) else None
        words += [str(name), str(described or "")]
    return " ".join(words)
