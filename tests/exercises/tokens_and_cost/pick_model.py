"""The proof of `pick_model`."""

from tests.exercises.proof import Proof, Wrong

_PICK = """
def pick_model(needs, catalog, today):
    size, reply = needs["input_tokens"], needs["max_tokens"]
    cards = [
        card for card in catalog.models
        if card.id in needs["models"]
        and (card.retires is None or today < card.retires)
        and size + reply <= card.context_window
        and reply <= card.max_output
    ]
    if not cards:
        raise ValueError("no model will do")
    def call_cost(card):
        price = card.price_for(size)
        return size * price.input + reply * price.output
    return min(cards, key=call_cost).id
"""
_LIVES = "        and (card.retires is None or today < card.retires)\n"
_COST = "size * price.input + reply * price.output"


def _changed(old: str, new: str) -> str:
    assert old in _PICK
    return _PICK.replace(old, new)


_WRONG = (
    # One id may be in another one.
    *(
        Wrong(
            "not-tested",
            _changed('card.id in needs["models"]', f"any({within} for x in needs['models'])"),
            5,
        )
        for within in (
            "card.id.startswith(x)",
            "x.startswith(card.id)",
            "card.id.endswith(x)",
            "x in card.id",
        )
    ),
    Wrong("not-tested", _changed('needs["models"]', '" ".join(needs["models"])'), 5),
    Wrong("input-only", _changed(_COST, "size * price.input + reply * price.output / 2"), 5),
    Wrong("unweighted", _changed(_COST, "size * int(price.input) + reply * int(price.output)"), 5),
    *(
        Wrong("costs-rounded", _changed(_COST, f"{rounded}"), 5)
        for rounded in (
            f"round(({_COST}) / 1_000_000, 2)",
            f"({_COST}) // 10_000",
            f"float(f'{{({_COST}) / 1_000_000:.2f}}')",
            f"round(({_COST}) / 1_000_000, 2) if size < 1_000 else {_COST}",
        )
    ),
    Wrong("retired", "from datetime import date\n" + _changed("today <", "date.today() <"), 4),
    Wrong("card-subscripted", _changed("card.id in", 'card["id"] in'), 0, "Crashed"),
    Wrong("card-subscripted", _changed("catalog.models", "catalog"), 0, "Crashed"),
    Wrong("card-subscripted", _changed("catalog.models", 'catalog["models"]'), 0, "Crashed"),
    Wrong(
        "other-catalog",
        "from grader.catalog import find_model\n"
        + _changed(
            "card for card in catalog.models\n",
            'card for card in map(find_model, needs["models"])\n',
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "found-none",
        "from grader.catalog import load_catalog\n"
        + _changed("catalog.models", "load_catalog().models"),
        0,
        "Crashed",
    ),
    Wrong("found-none", _changed("card.id in", "card.id not in"), 0, "Crashed"),
    Wrong("crash", _changed("size, reply =", "size, reply, _ ="), 0, "Crashed"),
    Wrong(
        "no-date",
        _changed("(card.retires is None or today < card.retires)", "today < card.retires"),
        0,
        "Crashed",
    ),
    Wrong("only-active", _changed(_LIVES, '        and card.lifecycle == "active"\n'), 5),
    Wrong("only-active", _changed("today < card.retires)", "(card.retires - today).days > 30)"), 5),
    Wrong("promise-read", _PICK.replace("retires", "retires_not_before"), 3),
    Wrong(
        "promise-read",
        _changed(
            _LIVES,
            _LIVES + "        and (card.retires_not_before is None"
            " or today < card.retires_not_before)\n",
        ),
        5,
    ),
    Wrong(
        "printed",
        _changed("return min(cards, key=call_cost).id", "print(min(cards, key=call_cost).id)"),
        0,
    ),
    Wrong("card-returned", _changed("call_cost).id", "call_cost)"), 0),
    Wrong(
        "not-an-id",
        _changed("return min(cards, key=call_cost).id", "min(cards, key=call_cost).id"),
        0,
    ),
    Wrong("not-an-id", "def pick_model(needs, catalog, today):\n    return 'claude-haiku-4-5'", 0),
    Wrong("not-an-id", _changed("call_cost).id", "call_cost).display_name"), 0),
    Wrong("not-tested", _changed('card.id in needs["models"]', "card.id"), 4),
    Wrong("retired", _changed(_LIVES, ""), 4),
    Wrong("retired", _changed("today < card.retires", "today <= card.retires"), 5),
    Wrong("too-small", _changed("size + reply <= card", "size <= card"), 4),
    Wrong("too-small", _changed("        and size + reply <= card.context_window\n", ""), 4),
    Wrong("too-small", _changed("        and reply <= card.max_output\n", ""), 4),
    Wrong("first-band", _changed("card.price_for(size)", "card.prices[0].price"), 5),
    Wrong("first-band", _changed("card.price_for(size)", "card.price_for(reply)"), 5),
    Wrong("input-only", _changed(_COST, "price.input"), 5),
    Wrong("unweighted", _changed(_COST, "price.input + price.output"), 5),
    Wrong("not-cheapest", _changed("min(cards", "max(cards"), 1),
    Wrong("not-cheapest", _changed("min(cards, key=call_cost)", "cards[0]"), 1),
    Wrong("last-band", _changed("card.price_for(size)", "card.prices[-1].price"), 5),
    Wrong("band-by-both", _changed("card.price_for(size)", "card.price_for(size + reply)"), 5),
    Wrong("no-such-attribute", _changed("card.price_for(size)", "card.price"), 0, "Crashed"),
    Wrong("no-such-attribute", _changed("card.max_output", "card.max_tokens"), 0, "Crashed"),
    Wrong("needs-as-object", _changed('needs["max_tokens"]', "needs.max_tokens"), 0, "Crashed"),
    # What a place in a list, or one kind of call, gives by chance.
    Wrong("not-cheapest", _changed("min(cards, key=call_cost)", "cards[-1]"), 1),
    Wrong("not-cheapest", _changed("min(cards", "min(cards[:2]"), 4),
    Wrong("not-cheapest", _changed("catalog.models", "catalog.models[:-1]"), 2),
    Wrong("not-cheapest", _changed(f"return {_COST}", f"return str({_COST})"), 5),
    Wrong(
        "not-cheapest",
        _changed(
            "min(cards, key=call_cost).id",
            "[n for n in needs['models'] if n in [c.id for c in cards]][0]",
        ),
        1,
    ),
    Wrong("unweighted", _changed(_COST, "price.output"), 5),
    Wrong("input-only", _changed(_COST, "size * price.input"), 5),
    Wrong("input-only", _changed(_COST, "size * price.input + reply * price.input"), 5),
    Wrong(
        "retired",
        _changed(
            "today < card.retires", "__import__('datetime').date(2026, 11, 30) < card.retires"
        ),
        4,
    ),
    Wrong(
        "too-small",
        _changed("size + reply <= card.context_window", "max(size, reply) <= card.context_window"),
        4,
    ),
    Wrong("too-small", _changed("reply <= card.max_output", "reply <= 128_000"), 4),
    Wrong(
        "none-chosen",
        _changed('raise ValueError("no model will do")', 'return "claude-haiku-4-5"'),
        5,
    ),
    Wrong(
        "none-chosen",
        _changed(
            "    if not cards:", '    if not needs["models"]:\n        return ""\n    if not cards:'
        ),
        5,
    ),
    Wrong("refused-fitting", _changed("reply <= card.max", "reply < card.max"), 5),
    Wrong("refused-fitting", _changed("size + reply <= card", "size + reply < card"), 5),
    Wrong("none-chosen", _changed('raise ValueError("no model will do")', "return None"), 5),
    Wrong(
        "none-chosen", _changed('raise ValueError("no model will do")', "cards = catalog.models"), 5
    ),
    Wrong(
        "other-error",
        _changed('raise ValueError("no model will do")', 'raise LookupError("none")'),
        5,
    ),
    Wrong(
        "other-error",
        _changed('    if not cards:\n        raise ValueError("no model will do")\n', "").replace(
            "min(cards, key=call_cost)", "sorted(cards, key=call_cost)[0]"
        ),
        5,
    ),
    Wrong("crash", _changed('needs["max_tokens"]', 'needs["output_tokens"]'), 0, "Crashed"),
    Wrong(
        "not-started",
        "def pick_model(needs, catalog, today):\n    raise NotImplementedError",
        0,
        "Not started",
    ),
)

_RIGHT = {
    "min of nothing": """
def pick_model(needs, catalog, today):
    cards = map(catalog.find, needs["models"])
    both = needs["input_tokens"] + needs["max_tokens"]
    cards = (c for c in cards if c.context_window >= both and c.max_output >= needs["max_tokens"])
    cards = (c for c in cards if not (c.retires and c.retires <= today))
    tokens = {"input_tokens": needs["input_tokens"], "output_tokens": needs["max_tokens"]}
    return min(cards, key=lambda c: c.price_for(needs["input_tokens"]).cost(**tokens)).id
""",
    "a loop": """
def pick_model(needs, catalog, today):
    best, least = "", None
    for card in catalog.models:
        if card.id not in needs["models"]:
            continue
        if card.retires is not None and (today - card.retires).days >= 0:
            continue
        if needs["max_tokens"] > card.max_output:
            continue
        if card.context_window - needs["max_tokens"] < needs["input_tokens"]:
            continue
        for band in card.prices:
            limit = band.up_to_prompt_tokens
            if limit is None or needs["input_tokens"] <= limit:
                price = band.price
                break
        dollars = (price.input * needs["input_tokens"] + price.output * needs["max_tokens"])
        print(card.id, dollars / 1_000_000)
        if least is None or dollars < least:
            best, least = card.id, dollars
    if not best:
        raise ValueError(needs)
    return best
""",
    "sorted pairs": """
class NoModel(ValueError):
    pass

def lasts(card, today):
    return card.retires is None or card.retires > today

def pick_model(needs, catalog, today):
    usage = {"input_tokens": needs["input_tokens"], "output_tokens": needs["max_tokens"]}
    pairs = sorted(
        (card.cost_of(usage), card.id)
        for card in catalog.models
        if card.id in needs["models"] and lasts(card, today)
        and sum(usage.values()) <= card.context_window
        and usage["output_tokens"] <= card.max_output
    )
    if not pairs:
        raise NoModel(str(needs))
    return pairs[0][1]
""",
}

PROOF = Proof("pick_model", wrong=_WRONG, right=_RIGHT)
