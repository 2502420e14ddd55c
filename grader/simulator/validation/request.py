"""Check a request body as the API does: one fault, the first in the API's own order.

The order was measured on the live API: model, tool_choice, tools, messages, system, thinking,
output_config, cache_control, max_tokens, metadata, stop_sequences, temperature, service_tier,
top_k, top_p, stream, container, inference_geo, unknown keys, the shape of the conversation, and
last a container that nothing in the request uses. Where speed and diagnostics stand, and the rules
that take in the whole request, is a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from grader.catalog import LONG_OUTPUT, Catalog, ModelCard, asks_for
from grader.errors import UnknownModel
from grader.simulator.contents import has_only_text
from grader.simulator.faults import Fault, Refused
from grader.simulator.validation import fallbacks, outputs, parameters, shapes
from grader.simulator.validation.cache_controls import check_breakpoints, check_cache_control
from grader.simulator.validation.compaction import (
    check_compaction,
    check_summaries,
    check_summarized,
)
from grader.simulator.validation.content import (
    check_messages,
    check_moved,
    check_system,
)
from grader.simulator.validation.context_management import check_context_management
from grader.simulator.validation.conversation import check_conversation
from grader.simulator.validation.documents import check_documents
from grader.simulator.validation.mcp_servers import check_mcp_servers, check_toolsets
from grader.simulator.validation.pictures import check_pictures
from grader.simulator.validation.system_messages import check_changes
from grader.simulator.validation.tool_relations import (
    check_container_of_calls,
    check_references,
    check_tool_relations,
)
from grader.simulator.validation.tools import check_chosen_tool, check_tool_choice, check_tools
from grader.simulator.wire import Json

NEWEST_VERSION = "2026-10-21"
VERSIONS = ("2023-06-01", NEWEST_VERSION)

_REQUIRED = ("messages", "max_tokens")
# All that count_tokens takes (anthropic 2.12, types/message_count_tokens_params.py).
_COUNTED = frozenset(
    {
        "cache_control",
        "messages",
        "output_config",
        "output_format",
        "speed",
        "system",
        "thinking",
        "tool_choice",
        "tools",
    }
)
# Known to the API only with a value of `anthropic-beta` that begins so. Without it they are
# unknown keys (github.com/anthropics/claude-code/issues/14135).
_BETAS = {
    "mcp_servers": "mcp-client-",
    "thread": "message-threads-",
    "store": "message-threads-",
    "previous_thread_event_id": "message-threads-",
}

_PLAIN = frozenset(
    {"max_tokens", "messages", "metadata", "model", "stop_sequences", "stream", "system"}
)
"""The keys of most requests. Beside texts alone they leave most checks nothing to look at."""

Check = Callable[[dict[str, Json], ModelCard], None]


def check_request(
    body: Json,
    catalog: Catalog,
    *,
    version: str,
    counting: bool,
    betas: Collection[str] = (),
    is_foreign: bool = False,
    in_batch: bool = False,
) -> ModelCard:
    """Return the card of the model asked for, or raise Refused with the first fault.

    version: one of VERSIONS. betas: the values of the header `anthropic-beta`.
    counting: True for count_tokens, which takes neither max_tokens nor stream.
    is_foreign: whether the request was made of one in another protocol, whose schemas may be more.
    in_batch: whether it is an item of a batch, whose replies may be longer under a beta.
    """
    request = shapes.mapping(body, "body")
    card = _model(request, catalog)
    if in_batch and card.rules.long_output and asks_for(betas, "long_output"):
        card = replace(card, max_output=LONG_OUTPUT)
    is_summarized = request.get("compaction") is not None and not counting
    if is_summarized:
        check_compaction(request, card, betas)
    plan = _plan(version, tuple(betas), counting=counting, is_foreign=is_foreign)
    for key, check in plan.checks:
        if key in request or key in _REQUIRED:
            check(request, card)
        if key == "messages" and version == NEWEST_VERSION:
            check_moved(request)
    shapes.only(request, "", plan.known)
    messages: Json = request["messages"]
    is_plain = has_only_text(messages)
    if is_plain and request.keys() <= _PLAIN:
        check_conversation(request, card)
        check_breakpoints(request)
        parameters.check_warming(request)
        return card
    if not is_plain:
        check_changes(request)
    if asks_for(betas, "compaction", "threshold_compaction"):
        check_summaries(request, betas)
    if is_summarized:
        check_summarized(request)
    _check_thread(request)
    check_mcp_servers(request.get("mcp_servers"))
    check_toolsets(request, betas)
    check_chosen_tool(request)
    check_tool_relations(request, card, catalog, betas)
    if not is_foreign:
        outputs.check_guarantees(request)
    parameters.check_sampling(request, card)
    if not is_plain:
        check_pictures(request, card)
        check_documents(request, card)
    check_conversation(request, card)
    if not is_plain:
        check_references(request)
        if not counting:
            check_container_of_calls(request)
    check_breakpoints(request)
    parameters.check_warming(request)
    parameters.check_idle_container(request)
    # Documented: the request is valid for each model that is named, or is refused at once.
    for attempt in fallbacks.attempts_of(request, card, catalog):
        check_request(attempt, catalog, version=version, counting=counting, betas=betas)
    return card


@dataclass(frozen=True)
class _Plan:
    """Hold the checks of one kind of request in their order, and every key that it may have."""

    checks: tuple[tuple[str, Check], ...]
    known: frozenset[str]


# Requests of one client are alike, and putting the checks together takes as long as they do.
@lru_cache(maxsize=64)
def _plan(version: str, betas: tuple[str, ...], *, counting: bool, is_foreign: bool) -> _Plan:
    checks: dict[str, Check] = {**_CHECKS}
    checks["thinking"] = partial(parameters.check_thinking, betas=betas)
    checks["messages"] = partial(check_messages, betas=betas)
    checks["tools"] = lambda request, _card: check_tools(request["tools"], betas)
    checks["context_management"] = partial(check_context_management, betas=betas)
    checks["output_config"] = partial(
        outputs.check_output_config, betas=betas, is_foreign=is_foreign
    )
    checks["speed"] = partial(parameters.check_speed, betas=betas)
    if asks_for(betas, "fallbacks", "fallback_lists") and not counting:
        checks["fallbacks"] = partial(fallbacks.check_fallbacks, betas=betas)
    if asks_for(betas, "fallback_credit", "first_fallback_credit") and not counting:
        checks["fallback_credit_token"] = partial(fallbacks.check_credit_token, betas=betas)
    if asks_for(betas, "safeguards"):
        checks["safeguards"] = lambda request, _card: parameters.check_safeguards(
            request["safeguards"]
        )
    if asks_for(betas, "profile_billing"):
        checks["billing_policy"] = lambda request, _card: parameters.check_billing_policy(
            request["billing_policy"]
        )
    if asks_for(betas, "structured_outputs"):
        checks["output_format"] = outputs.check_output_format
    keys = [key for key in checks if _takes(key, version=version, counting=counting, betas=betas)]
    return _Plan(
        tuple((key, checks[key]) for key in keys),
        frozenset({"model", *keys, *_beta_keys(betas)}),
    )


def _takes(key: str, *, version: str, counting: bool, betas: Collection[str]) -> bool:
    """Return whether an endpoint on a version of the API knows a key."""
    if key == "context_management":
        return asks_for(betas, "context_editing", "threshold_compaction")
    if counting:
        return key in _COUNTED
    # Certain: these are a 400 on the newest version. Its exact words were not found; that it
    # speaks of them as of any unknown key is a guess.
    return version != NEWEST_VERSION or key not in parameters.SAMPLING


def _beta_keys(betas: Collection[str]) -> list[str]:
    known = [key for key, name in _BETAS.items() if any(beta.startswith(name) for beta in betas)]
    # Where nothing is to be counted of it, it is ignored.
    return [*known, *(["compaction"] if asks_for(betas, "compaction") else [])]


_THREADS = ("thread", "store", "previous_thread_event_id")


def _check_thread(request: dict[str, Json]) -> None:
    """Refuse a conversation kept by the server, in the form that lets an SDK go on without.

    Threads are a beta and are not simulated; `client.beta.messages.tool_runner` asks for one. The
    error code is from anthropic 2.12 (`types/thread_unsupported_request_error_details.py`), the
    wording a guess.
    """
    asked = next((key for key in _THREADS if request.get(key)), None)
    if asked is not None:
        message = f"{asked}: this request cannot be threaded"
        raise Refused(Fault(400, message, error_code="thread_unsupported_request"))


def _model(request: dict[str, Json], catalog: Catalog) -> ModelCard:
    name = shapes.string(shapes.field(request, "model", ""), "model", minimum=1)
    try:
        return catalog.find(name)
    except UnknownModel:
        raise Refused(Fault(404, f"model: {name}")) from None


_CHECKS: Mapping[str, Check] = {
    "tool_choice": check_tool_choice,
    "tools": lambda request, _card: check_tools(request["tools"]),
    "messages": check_messages,
    "system": lambda request, _card: check_system(request["system"]),
    "thinking": parameters.check_thinking,
    "output_config": outputs.check_output_config,
    "cache_control": lambda request, _card: check_cache_control(request, ""),
    "max_tokens": parameters.check_max_tokens,
    "metadata": lambda request, _card: parameters.check_metadata(request["metadata"]),
    "stop_sequences": lambda request, _card: parameters.check_stop_sequences(
        request["stop_sequences"]
    ),
    "temperature": lambda request, _card: parameters.check_share(request, "temperature"),
    "service_tier": lambda request, _card: parameters.check_service_tier(request["service_tier"]),
    "top_k": lambda request, _card: parameters.check_top_k(request["top_k"]),
    "top_p": lambda request, _card: parameters.check_share(request, "top_p"),
    "stream": lambda request, _card: parameters.check_stream(request["stream"]),
    "container": lambda request, _card: parameters.check_container(request["container"]),
    "inference_geo": lambda request, card: parameters.check_geography(
        request["inference_geo"], card
    ),
    "speed": parameters.check_speed,
    "diagnostics": lambda request, _card: parameters.check_diagnostics(request["diagnostics"]),
}
