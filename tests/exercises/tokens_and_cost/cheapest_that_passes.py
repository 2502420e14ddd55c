"""The proof of `cheapest_that_passes`."""

from tests.exercises.erring import erring
from tests.exercises.proof import Proof, Wrong

_CHEAPEST = """
def cheapest_that_passes(client, cases, cards, passes):
    costs = {}
    for card in cards:
        dollars, passed = 0, True
        for case in cases:
            messages = [{"role": "user", "content": case["prompt"]}]
            message = client.messages.create(model=card.id, max_tokens=1000, messages=messages)
            text = "".join(block.text for block in message.content if block.type == "text")
            passed = passed and passes(text, case)
            price = card.price_for(message.usage.input_tokens)
            dollars += message.usage.input_tokens * price.input
            dollars += message.usage.output_tokens * price.output
        if passed:
            costs[card.id] = dollars
    if not costs:
        raise ValueError("no model passes")
    return min(costs, key=costs.get)
"""
_TEXT = '"".join(block.text for block in message.content if block.type == "text")'
_MESSAGES = '[{"role": "user", "content": case["prompt"]}]'
_INPUT = "            dollars += message.usage.input_tokens * price.input\n"
_OUTPUT = "            dollars += message.usage.output_tokens * price.output\n"
_SENT = (
    "            message = client.messages.create("
    "model=card.id, max_tokens=1000, messages=messages)\n"
)
_TRY = f"            try:\n    {_SENT}"
_CATCH = "            except Exception:\n"
_NONE = '        raise ValueError("no model passes")\n'


def _changed(*changes: tuple[str, str]) -> str:
    source = _CHEAPEST
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source


_THOUGHTS = """            details = message.usage.output_tokens_details
            if details:
                dollars += details.thinking_tokens * price.output * Decimal("{}")
"""


_WRONG = (
    # The whole case, in its place; thinking counted once.
    Wrong("arguments-swapped", _changed(("passes(text, case)", "passes(case, text)")), 1),
    Wrong(
        "case-not-given",
        _changed(
            ("passes(text, case)", "passes(text, {k: case[k] for k in ('prompt', 'expected')})")
        ),
        1,
    ),
    Wrong(
        "thinking-twice",
        _changed((_OUTPUT, _OUTPUT + _THOUGHTS.format(1))),
        4,
    ),
    Wrong("thinking-twice", _changed((_OUTPUT, _OUTPUT + _THOUGHTS.format(2))), 4),
    *(
        Wrong(diagnosis, source, 5)
        for diagnosis, source in erring(_CHEAPEST, _SENT.strip(), hidden="return card.id")
    ),
    *(
        Wrong(
            "ending-judged",
            _changed(("passed and passes", f"passed and {ends} and passes")),
            points,
        )
        for points, ends in (
            (4, "message.stop_reason == 'end_turn'"),
            (5, "message.stop_reason != 'max_tokens'"),
            (4, "message.stop_reason not in ('refusal',)"),
        )
    ),
    Wrong(
        "other-band",
        _changed(("            price = card", "            if case is cases[0]: price = card")),
        4,
    ),
    Wrong(
        "other-band",
        _changed(
            ("            price = card.price_for(message.usage.input_tokens)\n", ""),
            (
                _INPUT,
                (
                    "            used = message.usage\n"
                    "            sums = (sums[0] + used.input_tokens,"
                    " sums[1] + used.output_tokens)\n"
                ),
            ),
            (_OUTPUT, ""),
            ("        dollars, passed = 0, True", "        sums, passed = (0, 0), True"),
            (
                "        if passed:\n",
                (
                    "        price = card.price_for(used.input_tokens)\n"
                    "        dollars = sums[0] * price.input + sums[1] * price.output\n"
                    "        if passed:\n"
                ),
            ),
        ),
        4,
    ),
    Wrong(
        "nothing-sent",
        """
def cheapest_that_passes(client, cases, cards, passes):
    return min(cards, key=lambda card: card.price_for(1000).input).id
""",
        0,
    ),
    Wrong("one-model", _changed(("model=card.id", "model=cards[0].id")), 0),
    Wrong("case-changed", _changed((_MESSAGES, '[{"role": "user", "content": str(case)}]')), 0),
    Wrong(
        "case-changed",
        _changed(
            ("    for card in cards:", "    messages = []\n    for card in cards:"),
            ("messages = [{", "messages += [{"),
        ),
        0,
    ),
    Wrong(
        "sent-twice",
        _changed(
            (
                "            text =",
                (
                    "            message = client.messages.create(model=card.id, max_tokens=1000,"
                    " messages=messages)\n            text ="
                ),
            )
        ),
        0,
    ),
    Wrong("case-missed", _changed(("for case in cases:", "for case in cases[:1]:")), 0),
    Wrong("cheapest-not-asked", _changed(("for card in cards:", "for card in cards[:2]:")), 4),
    Wrong(
        "cheapest-not-asked",
        _changed(("            costs[card.id] = dollars", "            return card.id")),
        4,
    ),
    Wrong(
        "cheapest-not-asked",
        _changed(
            (
                "for card in cards:",
                "for card in sorted(cards, key=lambda c: c.price_for(1000).input):",
            ),
            ("            costs[card.id] = dollars", "            return card.id"),
        ),
        4,
    ),
    Wrong(
        "dearer-chosen",
        _changed(
            ("    costs = {}\n", "    costs, dollars = {}, 0\n"),
            ("dollars, passed = 0, True", "passed = True"),
        ),
        4,
    ),
    Wrong("dearer-chosen", _changed((" * price.input", ""), (" * price.output", "")), 4),
    Wrong(
        "dearer-chosen",
        _changed(("costs[card.id] = dollars", "costs[card.id] = round(dollars / 1_000_000, 2)")),
        4,
    ),
    Wrong("part-of-cost", _changed((_INPUT, _INPUT.replace("+=", "="))), 4),
    Wrong(
        "part-of-cost",
        _changed(
            (_INPUT + _OUTPUT, "            if case is cases[0]:\n    " + _INPUT + "    " + _OUTPUT)
        ),
        4,
    ),
    Wrong(
        "part-of-cost",
        _changed(
            (_INPUT, _INPUT.replace("dollars +=", "one =")),
            (
                _OUTPUT,
                _OUTPUT.replace("dollars", "one") + "            dollars = max(dollars, one)\n",
            ),
        ),
        4,
    ),
    Wrong("other-band", _changed(("price_for(message.usage.input_tokens)", "price_for(0)")), 4),
    Wrong("other-band", _changed(("price_for(message.usage.input_tokens)", "price_for(1000)")), 4),
    Wrong(
        "other-band",
        """
def cheapest_that_passes(client, cases, cards, passes):
    costs = {}
    for card in cards:
        into = out = 0
        for case in cases:
            messages = [{"role": "user", "content": case["prompt"]}]
            message = client.messages.create(model=card.id, max_tokens=1000, messages=messages)
            if not passes("".join(b.text for b in message.content if b.type == "text"), case):
                break
            into, out = into + message.usage.input_tokens, out + message.usage.output_tokens
        else:
            price = card.price_for(into)
            costs[card.id] = into * price.input + out * price.output
    if not costs:
        raise ValueError("no model passes")
    return min(costs, key=costs.get)
""",
        4,
    ),
    Wrong("other-request", _changed(("max_tokens=1000", "max_tokens=100")), 5, saw="100"),
    Wrong(
        "other-request",
        _changed(("max_tokens=1000", "max_tokens=1000, metadata={'user_id': 'a'}")),
        5,
    ),
    Wrong("other-request", _changed(("max_tokens=1000", "max_tokens=1000, system='Be brief.'")), 3),
    Wrong("edges-lost", _changed((_TEXT, _TEXT + ".strip()")), 5),
    Wrong(
        "case-changed",
        _changed((_MESSAGES, _MESSAGES.replace('"prompt"]', '"prompt"].strip()'))),
        0,
    ),
    Wrong(
        "error-hidden",
        _changed(
            (
                _SENT,
                _TRY + _CATCH + "                continue\n",
            )
        ),
        5,
    ),
    Wrong(
        "error-wrapped",
        _changed(
            (
                _SENT,
                _TRY + _CATCH + "                passed = False\n                break\n",
            )
        ),
        5,
    ),
    Wrong("not-judged", _changed(("passed and passes(text, case)", "bool(text)")), 1),
    Wrong("not-a-text", _changed(("passes(text, case)", "passes(message, case)")), 1),
    Wrong("not-a-text", _changed(("passes(text, case)", "passes(message.content, case)")), 1),
    Wrong("case-not-given", _changed(("passes(text, case)", 'passes(text, case["expected"])')), 1),
    Wrong("text-in-part", _changed((_TEXT, '" ".join(_TEXT)'.replace("_TEXT", _TEXT[8:-1]))), 5),
    Wrong("text-in-part", _changed((_TEXT, _TEXT + ".upper()")), 1),
    Wrong(
        "text-in-part",
        _changed(
            (_TEXT, 'next((b.text for b in message.content if b.type == "text"), "")'),
        ),
        5,
    ),
    Wrong(
        "first-block",
        _changed((_TEXT, "message.content[0].text if message.content else ''")),
        0,
        "Crashed",
    ),
    Wrong(
        "first-block",
        _changed((_TEXT, '"".join(block.text for block in message.content)')),
        0,
        "Crashed",
    ),
    Wrong(
        "empty-crash",
        _changed((_TEXT, '[b.text for b in message.content if b.type == "text"][0]')),
        1,
        "Crashed",
    ),
    Wrong("openai-shape", _changed((_TEXT, "message.choices[0].message.content")), 0, "Crashed"),
    Wrong("card-subscripted", _changed(("card.id", 'card["id"]')), 0, "Crashed"),
    Wrong(
        "price-elsewhere",
        _changed((".price_for(message.usage.input_tokens)", ".price")),
        0,
        "Crashed",
    ),
    Wrong(
        "printed",
        _changed(("return min(costs, key=costs.get)", "print(min(costs, key=costs.get))")),
        3,
    ),
    Wrong(
        "card-not-id",
        _changed(
            (
                "return min(costs, key=costs.get)",
                (
                    "best = min(costs, key=costs.get)\n"
                    "    return next(card for card in cards if card.id == best)"
                ),
            )
        ),
        3,
    ),
    Wrong("said-none", _changed(("passed and passes", "passed and not passes")), 2),
    Wrong("said-none", _changed(("passes(text, case)", 'passes(text, case) == "yes"')), 3),
    Wrong("no-id", _changed(("return min(costs, key=costs.get)", "return costs")), 3),
    Wrong("fails", _changed(("        if passed:", "        if True:")), 4),
    Wrong("fails", _changed(("passed = passed and", "passed =")), 4),
    Wrong(
        "fails",
        _changed(
            ("passed = passed and passes", "passed = (case != cases[0] and passed) or passes")
        ),
        4,
    ),
    Wrong("dearer-chosen", _changed(("min(costs", "max(costs")), 4),
    Wrong("dearer-chosen", _changed(("min(costs, key=costs.get)", "next(iter(costs))")), 4),
    Wrong("dearer-chosen", _changed(("min(costs, key=costs.get)", "[*costs][-1]")), 4),
    Wrong(
        "by-price",
        _changed((_INPUT, "            dollars = price.input + price.output\n"), (_OUTPUT, "")),
        4,
    ),
    Wrong("output-forgotten", _changed((_OUTPUT, "")), 4),
    Wrong("output-only", _changed((_INPUT, "")), 4),
    Wrong("none-passing", _changed((_NONE, "        return None\n")), 5),
    Wrong(
        "none-passing",
        _changed(("    if not costs:\n" + _NONE, '    if not costs:\n        return ""\n')),
        5,
    ),
    Wrong("no-value-error", _changed((_NONE, "        raise LookupError\n")), 5),
    Wrong(
        "no-value-error",
        _changed(
            ("    if not costs:\n" + _NONE, ""),
            ("min(costs, key=costs.get)", "sorted(costs, key=costs.get)[0]"),
        ),
        5,
    ),
    Wrong(
        "not-started",
        "def cheapest_that_passes(client, cases, cards, passes):\n    raise NotImplementedError",
        0,
        "Not started",
    ),
)

_RIGHT = {
    "cases first": """
def cheapest_that_passes(client, cases, cards, passes):
    left = {card.id: [card, Decimal(0)] for card in cards}
    for case in cases:
        for name, (card, so_far) in list(left.items()):
            message = client.messages.create(
                model=name, max_tokens=1000,
                messages=[{"role": "user", "content": [{"type": "text", "text": case["prompt"]}]}],
            )
            text = "".join(b.text for b in message.content if b.type == "text")
            if passes(text=text, case=case):
                left[name][1] += card.cost_of(message.usage.to_dict())
            else:
                del left[name]
    return min(left, key=lambda name: left[name][1])
""",
    "with the lesson's functions": """
class NonePasses(ValueError):
    pass

def words(message):
    return "".join(getattr(block, "text", "") for block in message.content)

def cheapest_that_passes(client, cases, cards, passes):
    table = []
    for card in cards:
        replies = [
            client.messages.create(
                model=card.id, max_tokens=1000,
                messages=[{"role": "user", "content": case["prompt"]}],
            )
            for case in cases
        ]
        verdicts = [passes(words(reply), case) for reply, case in zip(replies, cases)]
        bill = [cost(r.usage, card.price_for(total_input(r.usage))) for r in replies]
        print(card.id, sum(verdicts), sum(bill))
        if all(verdicts):
            table.append((sum(bill), card.id))
    if not table:
        raise NonePasses(len(cards))
    return sorted(table)[0][1]
""",
}

PROOF = Proof("cheapest_that_passes", wrong=_WRONG, right=_RIGHT, needs=("total_input", "cost"))
