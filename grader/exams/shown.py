"""Write a plain value as a learner would, in one short line for a panel's sentences."""

from __future__ import annotations

import ast
import re
import warnings

from grader.exams.description import Record, SdkObject

MAX_OBSERVED = 160
_MOST_LITERAL = 200
_FOREIGN = "The block is bound to a different conversation."
_API_ERROR = re.compile(r"(?P<kind>\w+): Error code: (?P<status>\d+) - (?P<body>\{.+\})")


def shown(value: object) -> str:
    """Return a value as Python writes it, cut to one short line.

    A text goes without its quotes, unless it would look like another value without them (230, None)
    or begins or ends with a space. Line breaks are escaped, because one may be the mistake.
    """
    try:
        text = _said(value) if isinstance(value, str) else _written(value)
    except RecursionError:
        text = f"a {type(value).__name__} of too many levels"
    text = _in_short(text)
    text = text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    # A panel puts the observed value between backticks.
    text = text.replace("`", "'")
    return text if len(text) <= MAX_OBSERVED else text[: MAX_OBSERVED - 1] + "…"


def api_error(raised: str) -> str:
    """Return an SDK's exception with only the API's own words, and any other as it is.

    raised: "TypeError: message". The SDK's message holds the whole body, as Python writes it.
    """
    found = _API_ERROR.fullmatch(raised)
    try:
        error = ast.literal_eval(found["body"])["error"] if found else None
        told = f"{error['type']}: {error['message']}" if error else ""
    except (LookupError, MemoryError, RecursionError, SyntaxError, TypeError, ValueError):
        return raised
    return f"{found['kind']}: {found['status']} {told}" if found and told else raised


def _in_short(told: str) -> str:
    """Return an API's objection to foreign thinking without what could be done about it.

    It is the API's longest, and ends with what differs.
    """
    before, found, after = told.partition(_FOREIGN)
    place, _, block = before.rpartition(": Invalid ")
    if not found or not place:
        return told
    kind = block.rpartition(" in ")[2].strip().removesuffix(" block.")
    for end in (" header.", '"drop_block".', after):
        _, has_end, change = after.partition(end)
        if has_end:
            break
    change = change.replace(" from when it was created", "")
    where = place.rpartition(" ")[2]
    return f"400 … {where}: {kind} … is bound to a different conversation.{change}"


def _said(text: str) -> str:
    if not text:
        return '""'
    # Long texts are no numbers, and ast would take its time.
    is_literal = len(text) < _MOST_LITERAL and _is_literal(text)
    return repr(text) if is_literal or text != text.strip() else text


def _is_literal(text: str) -> bool:
    """Return whether Python would read a text as a number, None, a list or another value."""
    try:
        with warnings.catch_warnings():
            # Python warns of odd escapes and numbers, which are the learner's own words here.
            warnings.simplefilter("ignore")
            ast.literal_eval(text)
    except (MemoryError, RecursionError, SyntaxError, TypeError, ValueError):
        return False
    return True


def _written(value: object) -> str:
    if isinstance(value, SdkObject | Record):
        data = value.data if isinstance(value, SdkObject) else value.fields
        if not isinstance(data, dict):
            return f"{value.type}({_written(data)})"
        fields = (f"{key}={_written(item)}" for key, item in data.items())
        return f"{value.type}({', '.join(fields)})"
    if isinstance(value, dict):
        pairs = (f"{_written(key)}: {_written(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        return f"({', '.join(_written(item) for item in value)}{comma})"
    if isinstance(value, frozenset):
        # Sorted: the order of a set changes from process to process.
        return f"{{{', '.join(sorted(_written(item) for item in value))}}}"
    return repr(value)
