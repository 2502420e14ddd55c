"""Summarize a conversation: when a request asks for it, or when its prompt passes a threshold.

Asked for by `compaction`, the summary is the whole reply, and signed. At the threshold of a
`compact_20260112` edit the model writes one first, and then answers from it, or pauses there.
Without a summary the reply of the first kind is empty; one of the second kind says null.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from grader.catalog import ModelCard
from grader.simulator.blocks import part_of
from grader.simulator.contents import is_summary
from grader.simulator.edits import COMPACT, USUAL_TRIGGER, find_edit
from grader.simulator.replies import Turn
from grader.simulator.tokens import Counter, output_tokens, summary_prompt_tokens, summary_tokens
from grader.simulator.wire import Json


@dataclass(frozen=True)
class CompactionStep:
    """Hold how a request is summarized.

    prompt: the tokens of what asks for the summary. is_on_demand: whether the request itself asks,
    and so gets nothing else. is_due: whether it is summarized whatever a script says. pauses:
    whether the reply ends with the summary. fits: whether the window has room for the prompt.
    """

    prompt: int
    is_on_demand: bool
    is_due: bool
    pauses: bool
    fits: bool


@dataclass(frozen=True)
class Compacted:
    """Hold the turn that answers, the output of the summary's call, and what was answered.

    request: as the model read it for the rest of the turn; None where there was no rest.
    """

    turn: Turn
    output: int
    request: Json | None


def find_step(
    request: Json, tokens: int, card: ModelCard, *, counter: Counter
) -> CompactionStep | None:
    """Return how a request may be summarized, None where it has no way to be.

    tokens: its input tokens. counter: counts the texts.
    """
    edit = find_edit(request, COMPACT)
    is_on_demand = request.get("compaction") is not None
    if edit is None and not is_on_demand:
        return None
    prompt = summary_prompt_tokens(request, card, counter=counter)
    threshold = ((edit or {}).get("trigger") or {}).get("value", USUAL_TRIGGER)
    return CompactionStep(
        prompt,
        is_on_demand=is_on_demand,
        is_due=is_on_demand or tokens >= threshold,
        pauses=is_on_demand or bool((edit or {}).get("pause_after_compaction")),
        fits=tokens + prompt <= card.context_window,
    )


def compact(
    turn: Turn,
    step: CompactionStep,
    request: Json,
    card: ModelCard,
    *,
    summarize: Callable[[Json], str],
    counter: Counter,
) -> Compacted | None:
    """Return what a turn comes to in a request that is summarized; None where nothing is.

    turn: what a script or the improviser says. Of a turn without a summary, on demand its text is
    the summary; at the threshold `summarize` writes one of the request.
    """
    said = [block for block in turn.content if part_of(block) == "summary"]
    if not step.is_due and not said:
        return None
    if step.is_on_demand:
        return _on_demand(turn, said, step, request, card, counter)
    block = said[0] if said else {"type": "compaction", "content": summarize(request)}
    output = _output(block, card, counter)
    if step.pauses:
        return Compacted(Turn((block,), stop_reason="compaction"), output, None)
    rest = tuple(each for each in turn.content if part_of(each) != "summary")
    read = [{"role": "assistant", "content": [block]}]
    answered = {**request, "messages": read} if is_summary(block) else request
    return Compacted(replace(turn, content=(block, *rest)), output, answered)


def _on_demand(
    turn: Turn,
    said: list[Json],
    step: CompactionStep,
    request: Json,
    card: ModelCard,
    counter: Counter,
) -> Compacted:
    if not step.fits:
        return Compacted(Turn((), stop_reason="model_context_window_exceeded"), 0, None)
    words = "".join(block["text"] for block in turn.content if block["type"] == "text")
    if not said and words and turn.stop_reason in ("end_turn", "stop_sequence"):
        said = [{"type": "compaction", "content": words}]
    if said and is_summary(said[0]):
        output = turn.thinking_tokens + _output(said[0], card, counter)
        limit = request["max_tokens"]
        whole = Turn((said[0],), stop_reason="compaction")
        return Compacted(whole, min(output, limit) if limit else output, None)
    reason = "end_turn" if turn.stop_reason in _NO_REASONS else turn.stop_reason
    empty = Turn((), stop_reason=reason, stop_details=turn.stop_details)
    if reason == "max_tokens":
        return Compacted(empty, request["max_tokens"], None)
    return Compacted(empty, output_tokens(turn.content, card, counter=counter), None)


# A call that summarizes has no stop sequences, and pauses for nothing.
_NO_REASONS = ("stop_sequence", "compaction", "pause_turn")


def _output(block: Json, card: ModelCard, counter: Counter) -> int:
    return summary_tokens(block.get("content") or "", card, counter=counter)
