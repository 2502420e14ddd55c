"""Wrong answers that make something else of an API error than to let it pass."""

from tests.exercises.proof import Wrong

KINDS = (
    "RateLimitError",
    "InternalServerError",
    "BadRequestError",
    "NotFoundError",
    "APIConnectionError",
    "APITimeoutError",
    "APIStatusError",
)
"""The SDK's exceptions, as somebody would catch them."""


def caught(source: str, call: str, kind: str, then: str) -> str:
    """Return an answer that catches an exception of its call.

    call: the whole line, with its spaces. kind: one of KINDS, or "APIError". then: what it does.
    """
    assert source.count(call) == 1
    space = " " * (len(call) - len(call.lstrip()))
    lines = [f"{space}try:", f"    {call.rstrip()}", f"{space}except anthropic.{kind} as error:"]
    lines += [f"{space}    {line}" for line in then.splitlines()]
    return "import anthropic\n" + source.replace(call, "\n".join(lines) + "\n")


def asked_again(source: str, name: str) -> str:
    """Return an answer that does all of it once more after an error of the API."""
    return f"""
import anthropic
{source.replace(f"def {name}(", "def once(")}
def {name}(*arguments):
    try:
        return once(*arguments)
    except anthropic.APIError:
        return once(*arguments)
"""


def troubled(
    source: str, call: str, points: int, *, hidden: str, then: str = "error-hidden"
) -> tuple[Wrong, ...]:
    """Return answers that hide an error of each kind, wrap it, or ask again.

    hidden: what hides it, such as "return ''". then: the mistake that hiding is.
    """
    again = call.strip()
    return (
        *(Wrong(then, caught(source, call, kind, hidden), points) for kind in KINDS),
        *(
            Wrong("error-retried", caught(source, call, kind, again), points)
            for kind in ("RateLimitError", "APIConnectionError", "APIStatusError")
        ),
        Wrong(
            "error-wrapped",
            caught(source, call, "APIError", "raise RuntimeError(str(error)) from error"),
            points,
        ),
        Wrong(
            "error-wrapped",
            caught(source, call, "NotFoundError", "raise ValueError('no such model') from error"),
            points,
        ),
    )
