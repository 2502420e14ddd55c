"""The dialect of Responses, and what one simulator keeps for it."""

from __future__ import annotations

from collections.abc import Iterator

from grader.catalog import Catalog, find_openai_model, load_catalog
from grader.simulator.dialects.dialect import Asked, Counting, Dialect, Failed
from grader.simulator.dialects.responses.events import Events, failed_event, stage_of
from grader.simulator.dialects.responses.faults import refuse, write_error
from grader.simulator.dialects.responses.kept import KeptResponse, Store
from grader.simulator.dialects.responses.reading import read, to_messages_request
from grader.simulator.dialects.responses.writing import to_response, unfinished
from grader.simulator.faults import Refused
from grader.simulator.validation import VERSIONS
from grader.simulator.wire import Json, ServerSentEvent

_PATH = "/v1/responses"
_COUNTING = f"{_PATH}/input_tokens"
_COUNTED = ("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config")


class Responses:
    """Speak Responses for one simulator; catalog: the packaged one unless given."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        self._given = catalog
        self._store = Store()

    @property
    def _catalog(self) -> Catalog:
        # Not when it is made: nothing is read at import.
        return self._given or load_catalog()

    def read(self, body: Json) -> Json:
        """Return the Messages request of a request, or refuse it."""
        return to_messages_request(read(body, self._catalog, self._store))

    def read_counted(self, body: Json) -> Json:
        """Return the request to `count_tokens` for one that is only counted."""
        whole = self.read(body)
        return {key: whole[key] for key in _COUNTED if key in whole}

    def write(self, message: Json, asked: Asked) -> Json:
        """Return the response for a message, and keep it."""
        response = self._response(message, asked, billing=True)
        self._keep(response, asked)
        if response["background"] is True:
            return unfinished(response, "queued")
        return response

    def stream(self, message: Json, asked: Asked) -> Iterator[ServerSentEvent]:
        """Return the events of a response, and keep it."""
        response = self._response(message, asked, billing=False)
        self._keep(response, asked)
        options = asked.body.get("stream_options")
        hides = not isinstance(options, dict) or options.get("include_obfuscation") is not False
        return iter(Events(response, asked.ids.branch(), asked.pace, hides=hides))

    def fail(self, body: Json, failed: Failed) -> ServerSentEvent:
        """Return the event that ends a stream with an error."""
        response = self._response(failed.message, failed.asked, billing=False)
        return failed_event(response, write_error(body)["error"])

    def resource(self, method: str, rest: str) -> Json:
        """Return a kept response, or delete it, or refuse any other address."""
        id, _, action = rest.partition("/")
        if method == "GET" and not action:
            return self._store.find(id)
        if method == "DELETE" and not action:
            return self._store.delete(id)
        if method == "POST" and action == "cancel":
            if self._store.find(id)["background"] is not True:
                raise refuse("Cannot cancel a synchronous response.", None)
            return self._store.find(id)
        raise refuse(f"Invalid URL ({method} {_PATH}/{rest})", None, status=404)

    def _response(self, message: Json, asked: Asked, *, billing: bool) -> Json:
        name = asked.body.get("model")
        model = find_openai_model(name) if isinstance(name, str) else None
        return to_response(message, asked.body, model, asked.created, billing=billing)

    def _keep(self, response: Json, asked: Asked) -> None:
        if response["store"] is False:
            return
        try:
            asking = read(asked.body, self._catalog, self._store)
        except Refused:
            # A lenient simulator answered: what it can't read it can't continue either.
            return
        self._store.keep(
            KeptResponse(response, (*asking.items, *response["output"])), asking.conversation
        )


def _identify(request_id: str, _workspace: str) -> dict[str, str]:
    return {"x-request-id": request_id, "openai-version": "2020-10-01"}


def _begin(catalog: Catalog | None = None) -> Dialect:
    responses = Responses(catalog)
    return Dialect(
        path=_PATH,
        version_of=lambda _headers: VERSIONS[0],
        read=responses.read,
        write=responses.write,
        stream=responses.stream,
        stage_of=stage_of,
        write_error=write_error,
        end_with_error=responses.fail,
        # Its resets are told in another form than those of the Messages API.
        limit_names=lambda _limit: None,
        counting=Counting(
            path=_COUNTING,
            read=responses.read_counted,
            write=lambda counted: {
                "object": "response.input_tokens",
                "input_tokens": counted.tokens,
            },
        ),
        identify=_identify,
        resource=responses.resource,
        begin=_begin,
    )


RESPONSES = _begin()
"""OpenAI's own protocol; each simulator begins its own, which keeps its responses."""
