"""The proof of `cost`."""

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL, find_model
from tests.exercises.proof import Proof, Wrong

_LIVE, _OTHER = (find_model(name).price_for(1) for name in (DEFAULT_MODEL, THINKING_MODEL))

_COST = """
def cost(usage, price, *, batch=False):
    written = usage.cache_creation
    short = written.ephemeral_5m_input_tokens if written else 0
    long = written.ephemeral_1h_input_tokens if written else 0
    read = usage.cache_read_input_tokens or 0
    total = usage.input_tokens * price.input + usage.output_tokens * price.output
    total += short * price.write_5m + long * price.write_1h + read * price.read
    total = total / 1_000_000
    return total / 2 if batch else total
"""
_READ = " + read * price.read"
_WRITES = "short * price.write_5m + long * price.write_1h"
_THOUGHT = "(usage.output_tokens_details.thinking_tokens if usage.output_tokens_details else 0)"
_HALF = "    return total / 2 if batch else total\n"


def _changed(old: str, new: str) -> str:
    assert old in _COST
    return _COST.replace(old, new)


def _ends(*lines: str) -> str:
    """Return the right sum, with other last lines."""
    return _changed(_HALF, "".join(f"    {line}\n" for line in lines))


_SWAPPED = _COST.replace("long *", "x *").replace("short *", "long *").replace("x *", "short *")
_FLOATS = """
def cost(usage, price, *, batch=False):
    written = usage.cache_creation
    total = usage.input_tokens * float(price.input) + usage.output_tokens * float(price.output)
    total += (usage.cache_read_input_tokens or 0) * float(price.read)
    if written:
        total += written.ephemeral_5m_input_tokens * float(price.write_5m)
        total += written.ephemeral_1h_input_tokens * float(price.write_1h)
    total /= 1_000_000
"""
_AT_ONE_PRICE = """
def cost(usage, price, *, batch=False):
    tokens = usage.input_tokens + (usage.cache_creation_input_tokens or 0)
    tokens += usage.cache_read_input_tokens or 0
    total = (tokens * price.input + usage.output_tokens * price.output) / 1_000_000
    return total / 2 if batch else total
"""

_WRONG = (
    Wrong(
        "writes-charged-twice",
        """
def cost(usage, price, *, batch=False):
    total = usage.input_tokens * price.input + usage.output_tokens * price.output
    total += (usage.cache_read_input_tokens or 0) * price.read
    total += (usage.cache_creation_input_tokens or 0) * price.write_5m
    if usage.cache_creation:
        total += usage.cache_creation.ephemeral_5m_input_tokens * price.write_5m
        total += usage.cache_creation.ephemeral_1h_input_tokens * price.write_1h
    return total / (2_000_000 if batch else 1_000_000)
""",
        4,
    ),
    Wrong(
        "usage-subscripted", _changed("usage.input_tokens", 'usage["input_tokens"]'), 0, "Crashed"
    ),
    Wrong("no-such-field", _changed("usage.input_tokens", "usage.prompt_tokens"), 0, "Crashed"),
    Wrong("price-subscripted", _changed("price.output", 'price["output"]'), 0, "Crashed"),
    Wrong("decimal-and-float", _changed("total / 1_000_000", "total / 1e6"), 0, "Crashed"),
    Wrong("decimal-and-float", _changed("total / 2 if", "total * 0.5 if"), 5, "Crashed"),
    Wrong(
        "printed",
        _ends("total = total / 2 if batch else total", "print(total)"),
    ),
    Wrong(
        "printed",
        _ends("total = total / 2 if batch else total", 'print(f"The call cost ${total}.")'),
    ),
    Wrong("not-an-amount", _ends("total = total / 2 if batch else total")),
    Wrong("not-an-amount", _ends('return f"{total} USD"')),
    Wrong("per-thousand", _changed("/ 1_000_000", "/ 1000")),
    Wrong("not-divided", _changed("    total = total / 1_000_000\n", "")),
    Wrong("cents", _changed("/ 1_000_000", "/ 10_000")),
    Wrong("batch-ignored", _ends("return total"), 5),
    Wrong("batch-always", _ends("return total / 2")),
    Wrong("batch-always", _ends("return total if batch else total / 2")),
    Wrong(
        "batch-partly",
        _ends("return total - (usage.output_tokens * price.output / 2_000_000 if batch else 0)"),
        5,
    ),
    Wrong(
        "batch-partly",
        _ends("return total - (usage.input_tokens * price.input / 2_000_000 if batch else 0)"),
        5,
    ),
    Wrong("cached-left-out", _changed(_READ, ""), 4),
    Wrong("cached-left-out", _changed(_WRITES + " + ", ""), 4),
    Wrong(
        "cached-left-out",
        "def cost(usage, price, *, batch=False):\n"
        "    total = usage.input_tokens * price.input + usage.output_tokens * price.output\n"
        "    return total / (2_000_000 if batch else 1_000_000)",
        3,
    ),
    Wrong("one-price", _AT_ONE_PRICE, 3),
    Wrong("one-price", _changed("price.output", "price.input")),
    Wrong("one-price", _changed("price.read", "price.input"), 4),
    Wrong("one-write-price", _changed("price.write_1h", "price.write_5m"), 4),
    Wrong(
        "one-write-price",
        _changed(_WRITES, "(usage.cache_creation_input_tokens or 0) * price.write_5m"),
        4,
    ),
    Wrong(
        "cached-twice",
        _changed(
            "usage.input_tokens * price.input",
            "(usage.input_tokens + short + long + read) * price.input",
        ),
        3,
    ),
    Wrong(
        "cached-subtracted",
        _changed("usage.input_tokens * price.input", "(usage.input_tokens - read) * price.input"),
        4,
    ),
    Wrong(
        "cached-subtracted",
        _changed(
            "usage.input_tokens * price.input",
            "max(usage.input_tokens - read - short - long, 0) * price.input",
        ),
        3,
    ),
    Wrong(
        "usual-multiples",
        "from decimal import Decimal\n"
        + _changed("read * price.read", 'read * price.input * Decimal("0.1")'),
        4,
    ),
    Wrong(
        "usual-multiples",
        _changed(
            _WRITES + _READ,
            "short * price.input * 5 / 4 + long * price.input * 2 + read * price.input / 10",
        ),
        3,
    ),
    Wrong(
        "typed-price",
        "def cost(usage, price, *, batch=False):\n"
        f"    dear = usage.output_tokens * {_LIVE.output}\n"
        f"    return (usage.input_tokens * {_LIVE.input} + dear) / 1_000_000",
    ),
    Wrong(
        "typed-price",
        _COST.replace("price.input", f'Decimal("{_OTHER.input}")').replace(
            "price.output", f'Decimal("{_OTHER.output}")'
        ),
    ),
    Wrong("rounded", _ends("total = total / 2 if batch else total", "return round(total, 2)")),
    Wrong(
        "rounded", _ends("total = total / 2 if batch else total", "return round(float(total), 4)")
    ),
    Wrong(
        "rounded",
        _ends("total = total / 2 if batch else total", 'return total.quantize(Decimal("0.0001"))'),
    ),
    Wrong(
        "none-crash",
        _changed("usage.cache_read_input_tokens or 0", "usage.cache_read_input_tokens"),
        5,
        "Crashed",
    ),
    Wrong("none-crash", _COST.replace(" if written else 0", ""), 5, "Crashed"),
    Wrong("float-money", _ends("return float(total / 2 if batch else total)"), 5),
    Wrong(
        "float-money",
        _COST.replace("price.", "p.").replace(
            "    written =",
            "    p = type(price)(*map(float, vars(price).values()))\n    written =",
            1,
        ),
        5,
    ),
    Wrong("float-digits", _ends("return Decimal(float(total / 2 if batch else total))"), 5),
    Wrong("float-digits", _changed("total / 1_000_000", "total * Decimal(1e-6)"), 5),
    # What works for some usages, prices or digits only.
    Wrong("float-digits", _FLOATS + "    return Decimal(str(total / 2 if batch else total))\n", 5),
    Wrong("float-digits", _FLOATS + "    return Decimal(total / 2 if batch else total)\n", 5),
    Wrong("rounded", _ends("return round(total / 2 if batch else total, 7)"), 5),
    Wrong("rounded", _ends("return round(total / 2 if batch else total, 10)"), 5),
    Wrong("output-left-out", _changed(" + usage.output_tokens * price.output", "")),
    Wrong("input-left-out", _changed("usage.input_tokens * price.input + ", "")),
    Wrong(
        "none-charged",
        _changed(
            "    total = total / 1",
            "    if not usage.cache_creation:\n"
            "        total = usage.input_tokens * price.input\n    total = total / 1",
        ),
        5,
    ),
    Wrong(
        "one-write-price", _changed(_WRITES, "(short * price.write_5m or long * price.write_1h)"), 4
    ),
    Wrong(
        "one-write-price",
        _SWAPPED,
        4,
    ),
    Wrong("batch-always", _ends("return total / 2 if batch or read else total"), 4),
    Wrong("batch-ignored", _ends("return total / 2 if batch and read else total"), 5),
    *(
        Wrong(diagnosis, _changed("usage.output_tokens *", f"(usage.output_tokens {more}) *"), 4)
        for diagnosis, more in (
            ("thinking-twice", f"+ {_THOUGHT}"),
            ("thinking-left-out", f"- {_THOUGHT}"),
        )
    ),
    # What went into the answer alone is charged, but only where that is most of the output.
    Wrong(
        "thinking-left-out",
        _changed(
            "usage.output_tokens *",
            f"(usage.output_tokens - ({_THOUGHT} if {_THOUGHT} < 300 else 0)) *",
        ),
        4,
    ),
    Wrong("other-amount", _changed("+ usage.output_tokens", "- usage.output_tokens")),
    Wrong("other-amount", _ends("return 0")),
    Wrong("other-amount", _changed(_READ, " - read * price.read"), 4),
    Wrong("crash", _changed("price.read", "price.cache_read"), 0, "Crashed"),
    Wrong(
        "not-started",
        "def cost(usage, price, *, batch=False):\n    raise NotImplementedError",
        0,
        "Not started",
    ),
)

_RIGHT = {
    "a table of counts and prices": """
def cost(usage, price, *, batch=False):
    split = usage.cache_creation.to_dict() if usage.cache_creation else {}
    table = {
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "read": usage.cache_read_input_tokens,
        "write_5m": split.get("ephemeral_5m_input_tokens"),
        "write_1h": split.get("ephemeral_1h_input_tokens"),
    }
    print(table)
    share = Decimal("0.5") if batch else 1
    return sum(getattr(price, name) * (count or 0) * share / 1_000_000
               for name, count in table.items())
""",
    "dollars for each token": """
def cost(usage, price, *, batch=False):
    million = Decimal(10) ** 6
    if batch:
        million *= 2
    amount = Decimal(usage.input_tokens) * (price.input / million)
    amount += Decimal(usage.output_tokens) * (price.output / million)
    if usage.cache_read_input_tokens is not None:
        amount += usage.cache_read_input_tokens * (price.read / million)
    if usage.cache_creation is not None:
        amount += usage.cache_creation.ephemeral_5m_input_tokens * (price.write_5m / million)
        amount += usage.cache_creation.ephemeral_1h_input_tokens * (price.write_1h / million)
    return amount
""",
    "the catalog's own sum": """
def cost(usage, price, *, batch=False):
    split = usage.cache_creation
    return price.cost(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_write_5m_tokens=split.ephemeral_5m_input_tokens if split else 0,
        cache_write_1h_tokens=split.ephemeral_1h_input_tokens if split else 0,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        batch=batch,
    )
""",
}

PROOF = Proof("cost", wrong=_WRONG, right=_RIGHT)
