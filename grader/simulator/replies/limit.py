"""Keep a reply within what the request allows: its tokens and its stop sequences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.catalog import ModelCard
from grader.simulator.blocks import part_of
from grader.simulator.replies.script import Turn, text, tool_use, turn
from grader.simulator.tokens import Counter, output_tokens, text_tokens
from grader.simulator.wire import Json

if TYPE_CHECKING:
    from grader.simulator.replies.written_calls import Round

# A word has the space before it, so that a reply that goes on keeps the space it begins with.
_WORDS = re.compile(r"\s*\S+")
_MARKS = re.compile(r"\w+|\W")


class Limit:
    """Cut what a request has no room for.

    spent: the output tokens that thinking has used up. counter: counts the texts.
    """

    def __init__(
        self, request: Json, card: ModelCard, *, spent: int, counter: Counter = text_tokens
    ) -> None:
        self._card = card
        self._counter = counter
        self._tokens: int = request.get("max_tokens", card.max_output) - spent
        self._choice = request.get("tool_choice")
        self._stops: list[str] = request.get("stop_sequences") or []

    @property
    def is_reached(self) -> bool:
        """Say whether nothing fits any more."""
        return self._tokens <= 0

    def text(self, words: str) -> Turn:
        """Return a turn of this text, up to the first stop sequence, cut at a word."""
        return self._cut(words, _WORDS)

    def json(self, words: str) -> Turn:
        """Return a turn of this JSON; where it does not fit it breaks off, and is no JSON."""
        return self._cut(words, _MARKS)

    def calls(self, preface: str, calls: Sequence[Round]) -> Turn:
        """Return a turn of calls; the one that does not fit has only its first arguments.

        Such a turn ends with max_tokens, by which alone a cut call can be told.
        """
        parts: list[Turn] = []
        if preface:
            said = self.text(preface)
            if said.stop_reason != "end_turn":
                return said
            parts.append(said)
        for call in calls:
            made = tool_use(call.name, call.tool_input)
            if not self._fits(*parts, made):
                return turn(*parts, self._begun(call, parts), stop_reason="max_tokens")
            parts.append(made)
        return turn(*parts)

    def blocks(
        self, blocks: Sequence[Json], *, stop_reason: str, stop_sequence: str | None = None
    ) -> Turn:
        """Return a turn of these blocks, as far as there is room and no stop sequence comes.

        A call that does not fit is left out, and all behind it; so is one of the API's own that
        would stay without its result.
        """
        kept: list[Json] = []
        for block in blocks:
            made = Turn((block,))
            if block["type"] == "text":
                before = Turn(tuple(kept))
                stop = next((stop for stop in self._stops if stop in block["text"]), None)
                if stop is not None:
                    words = block["text"][: block["text"].index(stop)]
                    cut = [{**block, "text": words}] if words.strip() else []
                    if self._fits(before, Turn(tuple(cut))):
                        whole = (*kept, *cut)
                        return Turn(whole, stop_reason="stop_sequence", stop_sequence=stop)
            if not self._fits(Turn(tuple(kept)), made):
                while kept and part_of(kept[-1]) == "server_call":
                    kept.pop()
                return Turn((*kept, *self._shortened(kept, block)), stop_reason="max_tokens")
            kept.append(block)
        return Turn(tuple(kept), stop_reason=stop_reason, stop_sequence=stop_sequence)

    def _shortened(self, kept: Sequence[Json], block: Json) -> list[Json]:
        """Return the words of a text that still fit behind other blocks."""
        if block["type"] != "text":
            return []
        words = _WORDS.findall(block["text"])
        while words and not self._fits(
            Turn(tuple(kept)), Turn(({**block, "text": "".join(words)},))
        ):
            words = words[: len(words) // 2]
        text = "".join(words).rstrip()
        return [{**block, "text": text}] if text else []

    def _begun(self, call: Round, parts: Sequence[Turn]) -> Turn:
        begun = tool_use(call.name, {})
        given: dict[str, Json] = {}
        for name, value in call.tool_input.items():
            given[name] = value
            more = tool_use(call.name, given)
            if not self._fits(*parts, more):
                break
            begun = more
        return begun

    def _cut(self, words: str, pieces_of: re.Pattern[str]) -> Turn:
        found = [(words.index(stop), stop) for stop in self._stops if stop in words]
        if found:
            position, stop = min(found)
            reply = text(words[:position], stop_reason="stop_sequence", stop_sequence=stop)
            if self._fits(reply):
                return reply
        whole = text(words)
        if self._fits(whole):
            return whole
        pieces = pieces_of.findall(words)
        low, high = 0, len(pieces) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._fits(text("".join(pieces[:middle]))):
                low = middle
            else:
                high = middle - 1
        return text("".join(pieces[: max(1, low)]).rstrip(), stop_reason="max_tokens")

    def _fits(self, *parts: Turn) -> bool:
        blocks = [block for part in parts for block in part.content]
        counted = output_tokens(blocks, self._card, tool_choice=self._choice, counter=self._counter)
        return counted <= self._tokens
