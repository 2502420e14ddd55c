"""Wrong answers of one kind, for any exercise with a client: what they do with the API's errors."""

from collections.abc import Iterator

_CLASSES = (
    "APIError",
    "APIStatusError",
    "APIConnectionError",
    "APITimeoutError",
    "RateLimitError",
    "OverloadedError",
    "InternalServerError",
    "BadRequestError",
    "AuthenticationError",
    "PermissionDeniedError",
    "NotFoundError",
    "RequestTooLargeError",
)
"""What the SDK raises for a request (anthropic 2.12, `_exceptions.py`)."""


def erring(source: str, line: str, *, hidden: str) -> Iterator[tuple[str, str]]:
    """Yield each mistake with a right answer in which a line makes it.

    line: sends the request; without its indent. hidden: what an answer does that hides an error.
    """
    lines = {f"except anthropic.{name}:": hidden for name in _CLASSES}
    for caught, then in lines.items():
        yield "error-hidden", _caught(source, line, caught, then)
    wrap = "raise RuntimeError(str(error)) from error"
    yield "error-wrapped", _caught(source, line, "except anthropic.APIError as error:", wrap)
    yield "error-wrapped", _caught(source, line, "except anthropic.APITimeoutError as error:", wrap)
    for name in ("APIError", "APIConnectionError", "RateLimitError", "NotFoundError"):
        yield "error-retried", _caught(source, line, f"except anthropic.{name}:", line)


def _caught(source: str, line: str, caught: str, then: str) -> str:
    (written,) = [each for each in source.splitlines() if each.strip() == line]
    indent = written[: -len(line)]
    parts = ("try:", f"    {line}", caught, f"    {then}")
    return "import anthropic\n" + source.replace(
        written, "\n".join(f"{indent}{each}" for each in parts)
    )
