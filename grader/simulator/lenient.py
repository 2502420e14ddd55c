"""Answer what the API would refuse: for clients whose generated tests send nonsense on purpose.

A refused request is replaced by a plain one that is certainly valid, and whose only message is
the text of what was refused. The reply says that it is simulated and why the API would have
refused; everything else about it, from ids to events, is what any reply has.
"""

from __future__ import annotations

from datetime import date

from grader.catalog import Catalog
from grader.errors import UnknownModel
from grader.simulator.faults import Fault
from grader.simulator.model_list import describe_model
from grader.simulator.replies import LABEL, Turn, text
from grader.simulator.wire import Json

_UNKNOWN_MODEL = "model: "
# So few that no model's window is too small for them, whatever they say.
_COUNTED_CHARACTERS = 30_000


def is_forgiven(fault: Fault) -> bool:
    """Return whether a lenient simulator forgives a fault: a 400, or an unknown model."""
    unknown = fault.status == 404 and fault.message.startswith(_UNKNOWN_MODEL)
    return fault.status == 400 or unknown


def make_excuse(reason: str) -> Turn:
    """Return the turn that answers a request which the API would refuse for this reason."""
    return text(f"{LABEL} The API would refuse this request: {reason}")


def make_stand_in(body: bytes, value: Json, catalog: Catalog, *, counting: bool) -> Json:
    """Return a valid request that keeps the model, the text and the streaming of a refused one.

    body: the bytes as sent; their first 30,000 characters are what is counted. value: the same as
    JSON, None where it could not be read. counting: for count_tokens, which takes fewer keys.
    """
    words = body.decode("utf-8", "replace")[:_COUNTED_CHARACTERS]
    asked = value if isinstance(value, dict) else {}
    request: dict[str, Json] = {
        "model": _known(asked.get("model"), catalog),
        "messages": [{"role": "user", "content": f"Refused: {words}"}],
    }
    if not counting:
        request["max_tokens"] = 1024
        request["stream"] = asked.get("stream") is True
    return request


def make_model(name: str, catalog: Catalog, today: date) -> Json:
    """Return the description of a model that does not exist, after that of the newest one."""
    return {
        **describe_model(catalog.models[0], today=today),
        "id": name,
        "display_name": f"{LABEL} {name}",
    }


def _known(name: Json, catalog: Catalog) -> str:
    if isinstance(name, str):
        try:
            return catalog.find(name).id
        except UnknownModel:
            pass
    return catalog.models[0].id
