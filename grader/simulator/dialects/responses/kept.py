"""What OpenAI's server keeps between requests: responses, and the conversations that they end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from grader.simulator.dialects.responses.faults import refuse
from grader.simulator.wire import Json

_MOST = 1_000


@dataclass(frozen=True)
class KeptResponse:
    """Hold one response; items: the whole conversation up to its end, without instructions."""

    response: Json
    items: tuple[Json, ...]


class Store:
    """Keep the newest thousand responses of one simulator, and as many conversations."""

    def __init__(self) -> None:
        self._responses: OrderedDict[str, KeptResponse] = OrderedDict()
        self._conversations: OrderedDict[str, tuple[Json, ...]] = OrderedDict()

    def keep(self, kept: KeptResponse, conversation: str | None) -> None:
        """Keep a response, and its items as those of its conversation."""
        self._responses[kept.response["id"]] = kept
        if conversation is not None:
            self._conversations[conversation] = kept.items
            self._conversations.move_to_end(conversation)
        for shelf in (self._responses, self._conversations):
            while len(shelf) > _MOST:
                shelf.popitem(last=False)

    def before(self, previous: str | None, conversation: str | None) -> tuple[Json, ...]:
        """Return the items that come before a request's own, or refuse an unknown response.

        A conversation that is unknown begins: making one beforehand is not simulated.
        """
        if previous is None:
            return self._conversations.get(conversation or "", ())
        if previous not in self._responses:
            raise refuse(
                f"Previous response with id '{previous}' not found.",
                "previous_response_id",
                "previous_response_not_found",
            )
        return self._responses[previous].items

    def find(self, id: str) -> Json:
        """Return a response by its id, or refuse an unknown one."""
        if id not in self._responses:
            raise refuse(f"Response with id '{id}' not found.", None, status=404)
        return self._responses[id].response

    def delete(self, id: str) -> Json:
        """Forget a response, and return what says so."""
        self.find(id)
        del self._responses[id]
        return {"id": id, "object": "response", "deleted": True}

    def resolve(self, items: Sequence[Json]) -> list[Json]:
        """Return items with those in place of references that were kept, or refuse."""
        if not any(isinstance(i, dict) and i.get("type") == "item_reference" for i in items):
            return list(items)
        known = {
            item["id"]: item
            for kept in self._responses.values()
            for item in kept.response["output"]
        }
        resolved: list[Json] = []
        for item in items:
            if not isinstance(item, dict) or item.get("type") != "item_reference":
                resolved.append(item)
                continue
            if not isinstance(item.get("id"), str) or item["id"] not in known:
                message = (
                    f"Item with id '{item.get('id')}' not found. Items are not persisted when "
                    "`store` is set to false. Try again with `store` set to true, or remove this "
                    "item from your input."
                )
                raise refuse(message, "input", status=404)
            resolved.append(known[item["id"]])
        return resolved
