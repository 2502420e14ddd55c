"""Show data in a cell: as HTML in a notebook, as plain text everywhere else."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

from grader.plural import counted


@dataclass(frozen=True)
class Shown:
    """Show a text in a notebook, as HTML where possible and else as plain text."""

    text: str
    html: str

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        from grader.look import indented, literal

        html = literal(indented(sendable(self.html)))
        return {"text/plain": sendable(self.text), "text/html": html}

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Drawn(Shown):
    """Show a picture in the course's own look, with its colours for light and dark pages."""

    def _repr_mimebundle_(self, **options: object) -> dict[str, str]:
        from grader.look import literal, style_sheet

        html = literal(f'{style_sheet()}<div class="gr">{sendable(self.html)}</div>')
        return {**super()._repr_mimebundle_(**options), "text/html": html}


def publish(bundle: dict[str, Any], **options: Any) -> None:
    """Show something in the cell that is running; options: IPython's, such as a display id."""
    from IPython.display import publish_display_data

    publish_display_data(bundle, **options)  # type: ignore[no-untyped-call]


def sendable(text: str) -> str:
    """Return a text that can be sent to a notebook.

    UTF-8 can't encode half a surrogate pair, so one would stop the message.
    """
    return text.encode("utf-8", "backslashreplace").decode()


_COLUMN = (
    "flex:1 1 16em;min-width:0;margin:0;padding:.5em;"
    "border:1px solid var(--jp-border-color2, #bdbdbd)"
)

_TITLES = {
    2: ("OpenAI", "Anthropic"),
    3: ("Chat Completions", "Responses", "Messages"),
}
"""The usual titles of values side by side, by their number."""
_LONGEST = 450
"""How many characters of an error's message we print."""


def show(value: Any) -> Shown:
    """Show a request, a reply or any part of one as indented JSON."""
    text = as_json(value)
    return Shown(text, _code(text))


def _code(text: str, marks: Collection[int] = ()) -> str:
    """Return code as HTML; marks: the numbers of lines that stand out."""
    from grader.exams import preformatted

    return preformatted(text, marks=marks)


_BRACKETS = "{}[]"
_MOST_DIFFERENT = 0.8
"""Of values that differ in a larger share of their lines, none is marked."""
_DIFFERS = "Bold, with a bar beside it: not the same in every column."
_KEY = "margin:4px 0 0;font-size:12px"
_COLUMN_WIDTH = 44
"""How many characters of JSON stand in one line of a column, if they are one value."""


def side_by_side(*values: Any, titles: Sequence[str] | None = None) -> Shown:
    """Show requests or replies side by side, as indented JSON; where they differ is marked.

    titles: one for each value. By default two are OpenAI's and Anthropic's, and three those of
    Chat Completions, Responses and Messages. Raises ValueError for any other number of them.
    """
    named = _TITLES.get(len(values), ()) if titles is None else tuple(titles)
    if len(named) != len(values):
        raise ValueError(
            f"There are {counted(len(values), 'value')}, but {counted(len(named), 'title')}. "
            'Name each: side_by_side(first, second, titles=["before", "after"]).'
        )
    texts = [_folded(as_data(value), _COLUMN_WIDTH) for value in values]
    parts = list(zip(named, texts, strict=True))
    plain = "\n\n".join(f"{title}:\n{text}" for title, text in parts)
    marks = _differences(texts)
    shown = [
        (title, _code(text, marked)) for (title, text), marked in zip(parts, marks, strict=True)
    ]
    key = f'<p style="{_KEY}">{_DIFFERS}</p>' if any(marks) else ""
    return Shown(plain, f"{columns(shown)}{key}")


def _differences(texts: Sequence[str]) -> list[frozenset[int]]:
    """Return the numbers of the lines of each text that aren't in all others.

    None are named if there is one text, or hardly a line that is the same.
    """
    lines = [[line.strip().rstrip(",") for line in text.split("\n")] for text in texts]
    shared = frozenset.intersection(*map(frozenset, lines))
    marks = [
        frozenset(
            number
            for number, line in enumerate(each)
            if line not in shared and line.strip(_BRACKETS)
        )
        for each in lines
    ]
    told = sum(bool(line.strip(_BRACKETS)) for each in lines for line in each)
    is_telling = sum(map(len, marks)) <= _MOST_DIFFERENT * told
    return marks if is_telling else [frozenset() for _ in texts]


def columns(parts: Sequence[tuple[str, str]]) -> str:
    """Return titles, each with its HTML, side by side."""
    each = "".join(
        f'<div style="{_COLUMN}"><strong>{escape(title)}</strong>{html}</div>'
        for title, html in parts
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:.5em">{each}</div>'


def show_source(*things: Any) -> Shown:
    """Show the source of classes, functions or methods of this course, one below the other."""
    source = "\n".join(textwrap.dedent(inspect.getsource(thing)) for thing in things).rstrip()
    return Shown(source, _code(source))


def as_json(value: Any) -> str:
    """Return plain data or an SDK object as indented JSON, with the repr of anything else in it."""
    return json.dumps(as_data(value), indent=2, ensure_ascii=False, default=repr)


def _folded(value: Any, width: int, indent: str = "", key: str = "") -> str:
    """Return plain data as indented JSON, in which what fits into a line stays in one."""
    flat = json.dumps(value, ensure_ascii=False, default=repr)
    is_whole = not isinstance(value, dict | list) or not value
    if is_whole or len(indent) + len(key) + len(flat) <= width:
        return key + flat
    inner = f"{indent}  "
    if isinstance(value, dict):
        names = [json.dumps(name, ensure_ascii=False) for name in value]
        pairs = [(f"{name}: ", part) for name, part in zip(names, value.values(), strict=True)]
        opening, closing = "{", "}"
    else:
        pairs = [("", part) for part in value]
        opening, closing = "[", "]"
    lines = [f"{inner}{_folded(part, width, inner, name)}" for name, part in pairs]
    return "\n".join((f"{key}{opening}", ",\n".join(lines), f"{indent}{closing}"))


def as_data(value: Any) -> Any:
    """Return an SDK object, and whatever holds some, as plain data."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, dict):
        return {
            key if isinstance(key, str) else repr(key): as_data(item) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    return value


def show_image(uri: str, *, text: str = "an image") -> Shown:
    """Show an image from a data URI; text: what it shows, in words."""
    return Shown(f"[{text}]", f'<img src="{escape(uri)}" alt="{escape(text)}">')


@contextmanager
def expect_error(expected: int | type[Exception] = Exception) -> Iterator[None]:
    """Run code that should fail, and print the error in a few lines.

    expected: the HTTP status of the API's error, or a class of exception; by default any.
    Raises AssertionError if the code doesn't fail, or fails in another way.
    """
    what = f"status {expected}" if isinstance(expected, int) else expected.__name__
    try:
        yield
    except Exception as error:
        status = getattr(error, "status_code", None)
        meant = status == expected if isinstance(expected, int) else isinstance(error, expected)
        if not meant:
            raise
        print(describe_error(error))
    else:
        raise AssertionError(f"This cell was meant to fail with {what}, and it did not.")


def describe_error(error: Exception) -> str:
    """Return an error in a few lines: the API's own words, or the class and its message."""
    status = getattr(error, "status_code", None)
    if status is None:
        return f"{type(error).__name__}: {error}"
    body = getattr(error, "body", None)
    details = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(details, dict):
        # Other servers that speak the protocol may shape their errors differently.
        details = {"type": "error", "message": details or error}
    lines = [
        f"{status} {details.get('type')} · raised as {type(error).__name__}",
        _cut(str(details.get("message"))),
        f"request id: {getattr(error, 'request_id', None)}",
    ]
    return "\n".join(lines)


def _cut(message: str) -> str:
    if len(message) <= _LONGEST:
        return message
    kept = message[:_LONGEST].rsplit(" ", 1)[0]
    return f"{kept} … (cut here)"
