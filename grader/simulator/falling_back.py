"""Server-side fallback: another model answers, in the same reply, what the requested one declines.

Only a refusal falls back. A `fallback` block marks where one model's output gives way to the next;
`usage.iterations` tells of every attempt, and the rest of the usage of the last one alone. Without
a stream the output of a model that declined is left out. That a later turn of a conversation goes
straight to the model that answered (sticky routing) is not simulated, and a stream's
`message_start` names that model even where the other one had begun to speak.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.simulator.caching import CacheUse
from grader.simulator.wire import Json


@dataclass(frozen=True)
class ModelReply:
    """Hold one model's answer: its whole message, and what it does with the cache."""

    message: Json
    use: CacheUse

    @property
    def is_declined(self) -> bool:
        """Return whether the model's classifiers stopped it."""
        return bool(self.message["stop_reason"] == "refusal")


def fall_back(
    first: ModelReply,
    requests: Sequence[Json],
    attempt: Callable[[Json], ModelReply | None],
    *,
    asked: str,
    is_streamed: bool,
) -> ModelReply:
    """Return the answer to a request that names fallbacks, after as many attempts as it takes.

    requests: those of the fallback models, in order. attempt: answers one of them; None where its
    model cannot be reached, which ends it. asked: the model as the request names it.
    """
    attempts = [first]
    missed = None
    for request in requests:
        if not attempts[-1].is_declined:
            break
        following = attempt(request)
        if following is None:
            missed = request["model"]
            break
        attempts.append(following)
    *declined, last = attempts
    message = _joined(declined, last, asked=asked, is_streamed=is_streamed)
    if last.is_declined:
        message["stop_details"] = {
            **(message["stop_details"] or {"type": "refusal", "category": None}),
            "recommended_model": missed,
        }
    return ModelReply(message, last.use)


def _joined(
    declined: Sequence[ModelReply], last: ModelReply, *, asked: str, is_streamed: bool
) -> dict[str, Json]:
    message: dict[str, Json] = dict(last.message)
    if not declined:
        return message
    content: list[Json] = []
    iterations: list[Json] = []
    for each, following in zip(declined, [*declined[1:], last], strict=True):
        name = each.message["model"]
        content += each.message["content"] if is_streamed else []
        details = each.message["stop_details"] or {}
        content.append(
            {
                "type": "fallback",
                # Documented: the requested model as it was named, every other by its id.
                "from": {"model": name if iterations else asked},
                "to": {"model": following.message["model"]},
                "trigger": {"type": "refusal", "category": details.get("category")},
            }
        )
        iterations.append(_iteration("message", each.message["usage"], model=name))
    usage = dict(message["usage"])
    written = usage.pop("output_tokens")
    answered = _iteration(
        "fallback_message", {**usage, "output_tokens": written}, model=message["model"]
    )
    begun = {key: usage.pop(key) for key in [*usage] if key in _BEFORE_ITERATIONS}
    usage.pop("iterations", None)
    message["usage"] = {
        **begun,
        "iterations": [*iterations, answered],
        "output_tokens": written,
        **usage,
    }
    message["content"] = [*content, *message["content"]]
    return message


_BEFORE_ITERATIONS = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "cache_creation",
)


def _iteration(kind: str, usage: Json, *, model: str | None = None) -> Json:
    """Return what one attempt at a reply used, as `usage.iterations` tells it.

    kind: the entry's `type`. model: who made the attempt, where the entry says it.
    """
    keys = (
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cache_creation",
    )
    # Recorded in this order; where the model stands is a guess.
    named = {} if model is None else {"model": model}
    return {**{key: usage[key] for key in keys}, **named, "type": kind}
