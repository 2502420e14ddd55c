"""The model's side: what happens between a request that was read and the message that answers it.

A request is checked, counted, looked up in the prompt cache, measured against the rate limit, and
then answered by a script or the improviser.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from grader.catalog import Catalog, ModelCard, asks_for
from grader.simulator.binding import BINDING_BETA, Account, Bound, bind_thoughts
from grader.simulator.caching import CacheUse, Diagnoses, PromptCache
from grader.simulator.compacting import compact, find_step
from grader.simulator.containers import Containers
from grader.simulator.contents import as_blocks, is_summary
from grader.simulator.dialects.dialect import Counted
from grader.simulator.fallback_credit import mint, redeem
from grader.simulator.falling_back import ModelReply, fall_back
from grader.simulator.faults import Fault, Refused, invalid
from grader.simulator.files import Files, resolve_files
from grader.simulator.identifiers import Identifiers
from grader.simulator.iterations import SummaryCall, tells_iterations
from grader.simulator.lenient import make_excuse
from grader.simulator.limits import RateMeter
from grader.simulator.message import make_message
from grader.simulator.reading import read_context
from grader.simulator.replies import Interrupted, Script, Scripted, Turn, make_summary
from grader.simulator.requested import RequestedFault
from grader.simulator.tokens import Counter, count_prompt
from grader.simulator.validation import attempts_of, check_request, with_newer_format
from grader.simulator.wire import Exchange, Json

WORKSPACE_HEADER = "anthropic-workspace-id"
"""The request's header that names its workspace."""

_DAY = 86_400

Replies = Callable[[Json, ModelCard], Scripted]
"""What gives the reply to a valid request: the improviser, or a Script."""


@dataclass(frozen=True)
class Answer:
    """Hold what answers a valid request.

    use: what the request does with the cache. broken_off: where its stream ends before its time.
    """

    message: Json
    use: CacheUse
    broken_off: Interrupted | None


class ScriptedFault(Refused):
    """Carry a fault that was scripted, and that says nothing of the request."""


class Answering:
    """Answer requests; keep the cache and the rate limit that they share."""

    def __init__(
        self,
        *,
        replies: Replies,
        catalog: Catalog,
        ids: Identifiers,
        meter: RateMeter,
        clock: Callable[[], float],
        counter: Counter,
        files: Files,
        containers: Containers,
        account_created: date | None,
    ) -> None:
        self._replies = replies
        self._catalog = catalog
        self._ids = ids
        self._meter = meter
        self._clock = clock
        self._counter = counter
        self._files = files
        self._containers = containers
        self._account_created = account_created
        self._cache = PromptCache()
        self._diagnoses = Diagnoses()
        self._today = math.nan, catalog

    def count(
        self, exchange: Exchange, request: Json, version: str, *, is_foreign: bool = False
    ) -> Counted:
        """Return the input tokens of a request to count_tokens, or refuse it."""
        card, bound = self._check(exchange, request, version, counting=True, is_foreign=is_foreign)
        context = read_context(bound.request, card, counter=self._counter)
        original = None if context.applied is None else context.original
        return Counted(context.tokens.total, original)

    def explain(self, fault: Fault, model: str) -> Fault:
        """Return a fault with its message about one request to this organisation."""
        return self._meter.explain(fault, model)

    def answer(
        self,
        exchange: Exchange,
        request: Json,
        version: str,
        *,
        wanted: RequestedFault | None = None,
        batch: bool = False,
        is_foreign: bool = False,
    ) -> Answer:
        """Return the message that answers a request, or refuse it.

        exchange: is given the message, for the transcript. wanted: how the request itself asked
        for its stream to break off. batch: whether it is an item of a batch, which no limit of a
        minute meets. is_foreign: whether the request was made of one in another protocol.
        """
        card, bound = self._check(
            exchange, request, version, counting=False, in_batch=batch, is_foreign=is_foreign
        )
        context = read_context(bound.request, card, counter=self._counter)
        request, tokens = context.request, context.tokens
        window = card.context_window
        if tokens.total > window:
            raise invalid(f"prompt is too long: {tokens.total} tokens > {window} maximum")
        workspace = exchange.request.headers.get(WORKSPACE_HEADER, "")
        now = self._clock()
        betas = read_betas(exchange.request.headers)
        credit = None
        if "fallback_credit_token" in request:
            credit = redeem(exchange.request.body, card, betas, now=now, workspace=workspace)
        use = self._cache.look_up(request, card, tokens, now=now, workspace=workspace)
        step = find_step(request, tokens.total, card, counter=self._counter)
        if step is not None and step.is_due:
            use = use.with_fresh(step.prompt)
        asked = use.fresh + use.written
        refusal = None if batch else self._meter.admit(asked, card.id, now)
        if refusal is not None:
            raise Refused(refusal)
        # Who goes on from a summary that ends the conversation answers what was asked before it.
        heard = bound.request if is_summary(_last_block(request)) else request
        scripted = self._scripted(exchange, heard, card)
        if wanted is not None and wanted.fault is not None and isinstance(scripted, Turn):
            scripted = Interrupted(scripted, wanted.after or 0, wanted.fault)
        broken_off = None
        if isinstance(scripted, Interrupted):
            broken_off = replace(scripted, fault=self._meter.explain(scripted.fault, card.id))
            scripted = scripted.turn if request.get("stream") else scripted.fault
        if isinstance(scripted, Fault):
            raise ScriptedFault(self._meter.explain(scripted, card.id))
        summary = None
        if step is not None and (
            compacted := compact(
                scripted, step, request, card, summarize=_summarize, counter=self._counter
            )
        ):
            scripted, summary = compacted.turn, SummaryCall(use, compacted.output)
            if compacted.request is not None:
                request = compacted.request
                tokens = count_prompt(request, card, counter=self._counter)
                rest = self._cache.look_up(request, card, tokens, now=now, workspace=workspace)
                use = rest.after(use)
        is_managed = asks_for(betas, "context_editing")
        diagnosis = self._diagnoses.diagnose(request, card, use, workspace=workspace)
        message = make_message(
            self._listed(scripted, betas),
            request,
            card,
            self._ids,
            use=use,
            diagnostics=diagnosis,
            transformations=bound.transformations if BINDING_BETA in betas else None,
            counter=self._counter,
            container=lambda content: self._containers.describe(
                content, request, scripted.container
            ),
            sent=bound.request,
            # Recorded: under the header a reply tells the edits also where none were asked for.
            applied=() if context.applied is None and is_managed else context.applied,
            summary=summary,
            iterates=tells_iterations(betas),
        )
        if request.get("fallbacks"):
            first = ModelReply(message, use)
            answered = self._fall_back(first, request, card, workspace=workspace, now=now)
            message, use = answered.message, answered.use
        if message["stop_reason"] == "refusal":
            more = mint(exchange.request.body, card, betas, now=now, workspace=workspace)
            if more:
                details = message["stop_details"] or {"type": "refusal"}
                message["stop_details"] = {**details, **more}
        if credit is not None:
            message["usage"]["fallback_credit"] = credit.tell()
        if message["stop_reason"] == "refusal" and not message["content"]:
            # Measured twice: what such a reply says it wrote into the cache is not there.
            use = use.uncommitted()
        self._diagnoses.remember(message["id"], request, card, use, workspace=workspace)
        if not batch:
            self._meter.charge(message["usage"], now)
        exchange.message = message
        return Answer(message, use, broken_off)

    def _listed(self, turn: Turn, betas: tuple[str, ...]) -> Turn:
        """Return a turn without listings of MCP tools where their beta is not named.

        A script says itself what it sends.
        """
        kept = tuple([block for block in turn.content if block["type"] != "mcp_tool_listing"])
        if len(kept) == len(turn.content):
            return turn
        is_scripted = isinstance(self._replies, Script)
        return turn if is_scripted or asks_for(betas, "inline_mcp") else replace(turn, content=kept)

    def _fall_back(
        self,
        first: ModelReply,
        request: Json,
        card: ModelCard,
        *,
        workspace: str,
        now: float,
    ) -> ModelReply:
        """Return the answer to a request with fallbacks, whose model has answered or declined."""

        def attempt(own: Json) -> ModelReply | None:
            model = self._catalog.find(own["model"])
            scripted = self._replies(own, model)
            reply = scripted.turn if isinstance(scripted, Interrupted) else scripted
            if isinstance(reply, Fault):
                return None
            tokens = count_prompt(own, model, counter=self._counter)
            use = self._cache.look_up(own, model, tokens, now=now, workspace=workspace)
            message = make_message(
                reply,
                own,
                model,
                self._ids,
                use=use,
                transformations=first.message.get("input_transformations"),
                counter=self._counter,
            )
            return ModelReply(message, use)

        return fall_back(
            first,
            attempts_of(request, card, self._served()),
            attempt,
            asked=request["model"],
            is_streamed=bool(request.get("stream")),
        )

    def _scripted(self, exchange: Exchange, request: Json, card: ModelCard) -> Scripted:
        if exchange.forgiven is not None:
            return make_excuse(exchange.forgiven)
        return self._replies(request, card)

    def _served(self) -> Catalog:
        """Return the models that are served today, which change at midnight alone."""
        now = self._clock()
        day, served = self._today
        if now // _DAY != day:
            served = self._catalog.served_at(now)
            self._today = now // _DAY, served
        return served

    def _check(
        self,
        exchange: Exchange,
        request: Json,
        version: str,
        *,
        counting: bool,
        in_batch: bool = False,
        is_foreign: bool = False,
    ) -> tuple[ModelCard, Bound]:
        betas = read_betas(exchange.request.headers)
        card = check_request(
            request,
            self._served(),
            version=version,
            counting=counting,
            betas=betas,
            is_foreign=is_foreign,
            in_batch=in_batch,
        )
        request = with_newer_format(request)
        request = resolve_files(request, self._files, card, now=self._clock())
        if request.get("container"):
            self._containers.check(request)
        account = Account(self._account_created, is_subscription=exchange.by_subscription)
        bound = bind_thoughts(
            request, card, self._catalog, account=account, betas=betas, in_batch=in_batch
        )
        return card, bound


def read_betas(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of the header `anthropic-beta`; headers: lower-case names."""
    return _read_betas(headers.get("anthropic-beta", ""))


@lru_cache(maxsize=64)
def _read_betas(header: str) -> tuple[str, ...]:
    return tuple(beta for each in header.split(",") if (beta := each.strip()))


def _last_block(request: Json) -> Json:
    content = as_blocks(request["messages"][-1]["content"])
    return content[-1] if content else None


def _summarize(request: Json) -> str:
    """Return the summary of a conversation for which no script has one."""
    return make_summary(request["messages"])
