"""The proof of `fits`."""

from tests.exercises.proof import Proof, Wrong

_FITS = """
def fits(client, request, model_card):
    limit = request["max_tokens"]
    tokens = count_request(client, {**request, "model": model_card.id})
    return tokens + limit <= model_card.context_window and limit <= model_card.max_output
"""
_COUNTED = 'count_request(client, {**request, "model": model_card.id})'
_RETURNED = "tokens + limit <= model_card.context_window and limit <= model_card.max_output"


def _asks(arguments: str) -> str:
    """Return an answer that calls count_tokens itself."""
    return _FITS.replace(_COUNTED, f"client.messages.count_tokens({arguments}).input_tokens")


_WRONG = (
    Wrong("too-much", _asks("**request"), 0, "Crashed"),
    Wrong("too-much", _asks('**{**request, "model": model_card.id}'), 0, "Crashed"),
    Wrong(
        "null-part",
        _asks(
            'model=model_card.id, messages=request["messages"], thinking=request.get("thinking")'
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "absent-part",
        _asks('model=model_card.id, messages=request["messages"], thinking=request["thinking"]'),
        0,
        "Crashed",
    ),
    Wrong("card-subscripted", _FITS.replace(".context_window", '["context_window"]'), 0, "Crashed"),
    Wrong("card-subscripted", _FITS.replace(".max_output", '.get("max_output")'), 0, "Crashed"),
    Wrong("printed", _FITS.replace(f"return {_RETURNED}", f"print({_RETURNED})")),
    Wrong("not-a-bool", _FITS.replace(f"return {_RETURNED}", "return tokens")),
    Wrong("not-a-bool", _FITS.replace("return ", "fitting = ")),
    Wrong("not-a-bool", _FITS.replace(_RETURNED, f'"yes" if {_RETURNED} else "no"')),
    Wrong(
        "not-a-bool",
        _FITS.replace(_RETURNED, "max(0, model_card.context_window - tokens - limit)"),
    ),
    Wrong(
        "sent-for-real",
        _FITS.replace(_COUNTED, "client.messages.create(**request).usage.input_tokens"),
    ),
    Wrong("guessed", _FITS.replace(_COUNTED, "len(str(request['messages'])) // 4"), 0),
    Wrong("guessed", "def fits(client, request, model_card):\n    return False"),
    Wrong("other-model", _FITS.replace(_COUNTED, "count_request(client, request)"), 3),
    Wrong(
        "parts-lost",
        _asks('model=model_card.id, messages=request["messages"]'),
        1,
    ),
    Wrong(
        "mutated",
        _FITS.replace(
            _COUNTED,
            'count_request(client, request)\n    request["max_tokens"] = limit + 1',
        ),
    ),
    Wrong(
        "mutated",
        _FITS.replace("    tokens =", '    request.pop("metadata")\n    tokens ='),
    ),
    Wrong("no-room-for-reply", _FITS.replace("tokens + limit", "tokens"), 2),
    Wrong(
        "output-limit-ignored",
        _FITS.replace(" and limit <= model_card.max_output", ""),
        3,
    ),
    Wrong(
        "output-limit-ignored",
        _FITS.replace("and limit <= model_card.max_output", "and limit <= 128_000"),
        3,
    ),
    Wrong(
        "edge-refused",
        _FITS.replace("limit <= model_card.context", "limit < model_card.context"),
        3,
    ),
    Wrong(
        "edge-refused",
        _FITS.replace("limit <= model_card.max", "limit < model_card.max"),
        3,
    ),
    Wrong(
        "model-limit-reserved",
        _FITS.replace("tokens + limit", "tokens + model_card.max_output"),
        2,
    ),
    Wrong(
        "model-limit-reserved",
        _FITS.replace(_RETURNED, "model_card.max_output <= model_card.context_window - tokens"),
        1,
    ),
    Wrong("wrong-answer", _FITS.replace("tokens + limit", "tokens + limit + 50"), 3),
    Wrong("wrong-answer", _FITS.replace("return tokens", "return not tokens"), 0),
    Wrong("wrong-answer", _FITS.replace("tokens + limit <=", "2 * (tokens + limit) >="), 0),
    Wrong("crash", _FITS.replace("context_window", "window"), 0, "Crashed"),
    Wrong(
        "not-started",
        "def fits(client, request, card):\n    raise NotImplementedError",
        0,
        "Not started",
    ),
)

_RIGHT = {
    "the output first": """
def fits(client, request, model_card):
    limit = request["max_tokens"]
    if limit > model_card.max_output:
        return False
    print("counting for", model_card.display_name)
    room = model_card.context_window - limit
    return room >= count_request(client, dict(request, model=model_card.id))
""",
    "asked by itself": """
def fits(client, request, model_card):
    parts = {"model": model_card.id, "messages": request["messages"]}
    for name in ("system", "tools", "tool_choice", "thinking", "output_config"):
        if name in request:
            parts[name] = request[name]
    counted = client.messages.count_tokens(**parts)
    sums = [(counted.input_tokens + request["max_tokens"], model_card.context_window)]
    sums.append((request["max_tokens"], model_card.max_output))
    return all(need <= limit for need, limit in sums)
""",
}

PROOF = Proof("fits", wrong=_WRONG, right=_RIGHT, needs=("count_request",))
