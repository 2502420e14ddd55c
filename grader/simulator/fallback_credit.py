"""Credit for a retry on another model: a refusal carries a token, which the same request redeems.

Shapes, reasons and the five minutes are from anthropic 2.12 (`types/beta/beta_fallback_credit_*.py`
and `beta_refusal_stop_details.py`); the words of refusals are a guess. A token is redeemed by the
unchanged request alone: that it may go on from what was said before the refusal is not simulated,
and `fallback_has_prefill_claim` says so. A redeemed credit is only told in the usage.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from grader.catalog import ModelCard, asks_for
from grader.simulator.faults import invalid
from grader.simulator.sealed import seal, unseal
from grader.simulator.wire import Json

KEY = "fallback_credit_token"
LASTS = 300
"""How long a token can be redeemed, in seconds."""

_HEAD, _TAIL = b"\x12credit", b"simulated!"
_SAME = ("messages", "system", "tools")


@dataclass(frozen=True)
class Credit:
    """Hold what became of a token: it was redeemed, or why it was not applied."""

    reason: str = ""

    def tell(self) -> Json:
        """Return it as `usage.fallback_credit` has it."""
        kind = {"type": "not_applied", "reason": self.reason}
        return {"status": kind if self.reason else {"type": "redeemed"}}


def mint(
    request: Json, card: ModelCard, betas: Collection[str], *, now: float, workspace: str
) -> Json:
    """Return what a refusal's details have more under the beta; now: seconds since the epoch."""
    if not asks_for(betas, "fallback_credit", "first_fallback_credit"):
        return {}
    said = {
        "body": _digest(request),
        "model": card.id,
        "targets": list(card.rules.fallbacks),
        "until": now + LASTS,
        "workspace": workspace,
    }
    token = seal(json.dumps(said).encode(), _HEAD, _TAIL) if card.rules.fallbacks else None
    return {KEY: token, **({"fallback_has_prefill_claim": False} if token else {})}


def redeem(
    request: Json, card: ModelCard, betas: Collection[str], *, now: float, workspace: str
) -> Credit | None:
    """Return what comes of a request's token, None where nothing is to be told of one.

    A token that is none is refused, and so is one that fails unless it was sent as best effort.
    """
    given = request.get(KEY)
    if given is None:
        return None
    asked = {"token": given} if isinstance(given, str) else given
    try:
        said = unseal(asked["token"], _HEAD, _TAIL)
    except ValueError:
        said = None
    if said is None:
        raise invalid(f"{KEY}: the token is malformed")
    credit = Credit(_why_not(json.loads(said), request, card, now=now, workspace=workspace))
    if credit.reason and asked.get("mode") != "best_effort":
        raise invalid(f"{KEY}: the token cannot be redeemed: {credit.reason}")
    return credit if asks_for(betas, "fallback_credit") else None


def _why_not(said: Json, request: Json, card: ModelCard, *, now: float, workspace: str) -> str:
    if now >= said["until"]:
        return "expired"
    if workspace != said["workspace"]:
        return "wrong_workspace"
    if not {*card.names} & {*said["targets"]}:
        return "invalid_target_model"
    return "" if _digest(request) == said["body"] else "body_mismatch"


def _digest(request: Json) -> str:
    same = json.dumps({key: request.get(key) for key in _SAME}, sort_keys=True)
    return hashlib.blake2b(same.encode("utf-8", "replace"), digest_size=16).hexdigest()
