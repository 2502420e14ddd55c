"""The proof of `fits`."""

from tests.exercises.erring import erring
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
    Wrong(
        "error-hidden",
        """
def fits(client, request, model_card):
    limit = request["max_tokens"]
    try:
        tokens = count_request(client, {**request, "model": model_card.id})
    except Exception:
        return False
    return tokens + limit <= model_card.context_window and limit <= model_card.max_output
""",
        3,
    ),
    *(
        Wrong(diagnosis, source, 3)
        for diagnosis, source in erring(_FITS, f"tokens = {_COUNTED}", hidden="return False")
    ),
    Wrong(
        "edge-refused",
        _FITS.replace(
            "    tokens",
            "    if limit >= model_card.max_output:\n        return False\n    tokens",
            1,
        ),
        3,
        saw=" = ",
    ),
    Wrong(
        "wrong-answer",
        _FITS.replace("model_card.context_window", "200_000").replace(
            "model_card.max_output", "64_000"
        ),
        0,
        saw="True: 6",
    ),
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
    Wrong("printed", _FITS.replace(f"return {_RETURNED}", f"print({_RETURNED})"), 0),
    Wrong("not-a-bool", _FITS.replace(f"return {_RETURNED}", "return tokens"), 0),
    Wrong("not-a-bool", _FITS.replace("return ", "fitting = "), 0),
    Wrong("not-a-bool", _FITS.replace(_RETURNED, f'"yes" if {_RETURNED} else "no"'), 0),
    Wrong(
        "not-a-bool",
        _FITS.replace(_RETURNED, "max(0, model_card.context_window - tokens - limit)"),
        0,
    ),
    Wrong(
        "sent-for-real",
        _FITS.replace(_COUNTED, "client.messages.create(**request).usage.input_tokens"),
        0,
    ),
    Wrong("guessed", _FITS.replace(_COUNTED, "len(str(request['messages'])) // 4"), 0),
    Wrong("guessed", "def fits(client, request, model_card):\n    return False", 0),
    Wrong("other-model", _FITS.replace(_COUNTED, "count_request(client, request)"), 3),
    Wrong("parts-lost", _asks('model=model_card.id, messages=request["messages"]'), 0),
    Wrong(
        "mutated",
        _FITS.replace(
            _COUNTED,
            'count_request(client, request)\n    request["max_tokens"] = limit + 1',
        ),
        0,
    ),
    Wrong("mutated", _FITS.replace("    tokens =", '    request.pop("metadata")\n    tokens ='), 0),
    Wrong("no-room-for-reply", _FITS.replace("tokens + limit", "tokens"), 2),
    Wrong("output-limit-ignored", _FITS.replace(" and limit <= model_card.max_output", ""), 3),
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
    Wrong("edge-refused", _FITS.replace("limit <= model_card.max", "limit < model_card.max"), 3),
    Wrong(
        "model-limit-reserved", _FITS.replace("tokens + limit", "tokens + model_card.max_output"), 2
    ),
    Wrong(
        "model-limit-reserved",
        _FITS.replace(_RETURNED, "model_card.max_output <= model_card.context_window - tokens"),
        1,
    ),
    Wrong("wrong-answer", _FITS.replace("tokens + limit", "tokens + limit + 50"), 3),
    Wrong("wrong-answer", _FITS.replace("return tokens", "return not tokens"), 0),
    Wrong("wrong-answer", _FITS.replace("tokens + limit <=", "2 * (tokens + limit) >="), 0),
    Wrong("no-such-limit", _FITS.replace("context_window", "window"), 0, "Crashed"),
    Wrong("no-such-limit", _FITS.replace("model_card.id", "model_card.name"), 0, "Crashed"),
    Wrong("crash", _FITS.replace('request["max_tokens"]', 'request["max_output"]'), 0, "Crashed"),
    Wrong(
        "raises-instead",
        _FITS.replace(
            f"return {_RETURNED}",
            f"if not ({_RETURNED}):\n        raise ValueError('too long')\n    return True",
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "count-as-other",
        _asks("model=model_card.id, messages=request['messages']").replace(
            ".input_tokens", ".tokens"
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "count-elsewhere",
        _FITS.replace(_COUNTED, "client.count_tokens(str(request))"),
        0,
        "Crashed",
    ),
    Wrong("request-not-spread", _asks("request"), 0, "Crashed"),
    Wrong("request-not-spread", _FITS.replace(_COUNTED, "count_request(request)"), 0, "Crashed"),
    Wrong(
        "request-as-object",
        _FITS.replace('request["max_tokens"]', "request.max_tokens"),
        0,
        "Crashed",
    ),
    # What works for some limits only.
    Wrong(
        "wrong-answer",
        _FITS.replace("limit <= model_card.context_window and", "limit <= 200_000 and"),
        0,
    ),
    Wrong(
        "output-limit-ignored",
        _FITS.replace(
            "and limit <= model_card.max_output",
            "and limit <= 64_000 and limit <= 10 * model_card.max_output",
        ),
        3,
    ),
    Wrong(
        "edge-refused", _FITS.replace("return tokens + limit <=", "return tokens + limit + 1 <="), 3
    ),
    Wrong("no-room-for-reply", _FITS.replace("tokens + limit", "max(tokens, limit)"), 2),
    Wrong("wrong-answer", _FITS.replace(" and limit", " or limit"), 0),
    Wrong(
        "other-model",
        _FITS.replace(_COUNTED, "count_request(client, {'model': model_card.id, **request})"),
        3,
    ),
    Wrong(
        "mutated",
        _FITS.replace("    tokens =", "    request['model'] = model_card.id\n    tokens ="),
        3,
    ),
    Wrong("not-a-bool", _FITS.replace("return ", "return 1 if ").rstrip() + " else 0", 0),
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
