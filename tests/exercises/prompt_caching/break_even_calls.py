"""The proof of `break_even_calls`."""

from tests.exercises.proof import Proof, Wrong

_BODY = """
def break_even_calls(price, ttl):
    write = price.write_1h if ttl == "1h" else price.write_5m
    calls = 1
    while write + (calls - 1) * price.read >= calls * price.input:
        calls += 1
    return calls
"""
_WRITE = 'price.write_1h if ttl == "1h" else price.write_5m'
_FORMULA = """
import math

def break_even_calls(price, ttl):
    write = {"5m": price.write_5m, "1h": price.write_1h}[ttl]
    ratio = (write - price.read) / (price.input - price.read)
    return math.floor(ratio) + 1
"""
_FLOATS = """
import math

def break_even_calls(price, ttl):
    write = float(price.write_1h if ttl == "1h" else price.write_5m)
    read, plain = float(price.read), float(price.input)
    calls = 1
    # QUOTIENT
    while write + (calls - 1) * read >= calls * plain:
        calls += 1
    return calls
"""
_QUOTIENT = """
    return math.floor((write - read) / (plain - read)) + 1
"""
_SUMS = """
    cached, fresh = write, plain
    while cached >= fresh:
        cached, fresh, calls = cached + read, fresh + plain, calls + 1
    return calls
"""
_PREMIUM = """
    return math.floor((write - plain) / (plain - read)) + 2
"""
_SAVINGS = """
    while (calls - 1) * (plain - read) <= write - plain:
        calls += 1
    return calls
"""
_MULTIPLES = """
    while write / plain + (calls - 1) * (read / plain) >= calls:
        calls += 1
    return calls
"""
_USUAL = """
def break_even_calls(price, ttl):
    write = 1.25 if ttl == "5m" else 2
    calls = 1
    while write + (calls - 1) * 0.1 >= calls:
        calls += 1
    return calls
"""

_WRONG = (
    *(
        Wrong(
            "none-for-some",
            f"""
def break_even_calls(price, ttl):
    write = price.write_5m if ttl == "5m" else price.write_1h
    for calls in range(1, {end}):
        if write + (calls - 1) * price.read < calls * price.input:
            return calls
""",
            4,
            saw="None instead of",
        )
        for end in (51, 101)
    ),
    Wrong("price-subscripted", _BODY.replace("price.read", 'price["read"]'), 0, "Crashed"),
    Wrong("price-subscripted", _BODY.replace("price.write_1h", "price.write_long"), 2, "Crashed"),
    Wrong("decimal-and-float", _BODY.replace("price.read", "price.input * 0.1"), 0, "Crashed"),
    Wrong("printed", _BODY.replace("return calls", "print(calls)")),
    Wrong("not-a-number", _BODY.replace("return calls", "return str(calls)")),
    Wrong("not-a-number", _BODY.replace("return calls", "return [calls]")),
    Wrong("not-a-number", _BODY.replace("return calls", "return calls > 1")),
    Wrong("always-two", "def break_even_calls(price, ttl):\n    return 2"),
    # The premium of the write forgotten: 2 at any price.
    Wrong("always-two", _BODY.replace(_WRITE, "price.input")),
    Wrong("by-lifetime", _USUAL),
    Wrong("other-number", _BODY.replace("    while", "    while calls < 100 and"), 4),
    Wrong("by-lifetime", "def break_even_calls(price, ttl):\n    return 3 - (ttl == '5m')"),
    Wrong("by-lifetime", "def break_even_calls(price, ttl):\n    return {'5m': 9, '1h': 30}[ttl]"),
    Wrong("short-always", _BODY.replace(_WRITE, "price.write_5m"), 2, saw=", write_1h "),
    Wrong("short-always", _BODY.replace('== "1h"', "== 3600"), 2),
    Wrong("long-always", _BODY.replace(_WRITE, "price.write_1h"), 2),
    Wrong(
        "by-lifetime",
        _BODY.replace("price.write_1h", "2 * price.input").replace(
            "price.write_5m", "price.input * 5 / 4"
        ),
        0,
    ),
    Wrong("lifetimes-swapped", _BODY.replace('"1h"', '"5m"'), 0),
    Wrong("lifetimes-swapped", _BODY.replace('ttl == "1h"', "ttl in (300, '5m')"), 0),
    Wrong("output-for-input", _BODY.replace("price.input", "price.output"), 0),
    Wrong("usual-reads", _BODY.replace("price.read", "price.input / 10"), 2),
    Wrong("reads-free", _BODY.replace("(calls - 1) * price.read", "0"), 3),
    Wrong("written-and-read", _BODY.replace("(calls - 1)", "calls"), 4),
    Wrong("paid-twice", _BODY.replace("write +", "write + price.input +")),
    Wrong("one-too-few", _BODY.replace("return calls", "return calls - 1")),
    Wrong("one-too-few", _FORMULA.replace(" + 1", "")),
    Wrong("one-too-many", _BODY.replace("return calls", "return calls + 1")),
    Wrong("same-is-cheaper", _BODY.replace(">=", ">"), 4),
    Wrong(
        "same-is-cheaper",
        _FORMULA.replace("math.floor(ratio) + 1", "math.ceil(ratio)"),
        4,
    ),
    # Whichever way floats are used, some price shows it.
    Wrong("floats", _FLOATS, 4),
    Wrong("floats", _FLOATS.replace("QUOTIENT", _QUOTIENT), 4),
    Wrong("floats", _FLOATS.replace("QUOTIENT", _SUMS), 4),
    Wrong("floats", _FLOATS.replace("QUOTIENT", _PREMIUM), 4),
    Wrong("floats", _FLOATS.replace("QUOTIENT", _SAVINGS), 4),
    Wrong("floats", _FLOATS.replace("QUOTIENT", _MULTIPLES), 4),
    Wrong("same-is-cheaper", _FLOATS.replace("QUOTIENT", _SUMS).replace(">= fresh", "> fresh"), 4),
    Wrong("fraction", _FORMULA.replace("math.floor(ratio) + 1", "ratio")),
    Wrong("fraction", _FORMULA.replace("math.floor(ratio) + 1", "float(ratio)")),
    Wrong("not-an-int", _FORMULA.replace("math.floor(ratio) + 1", "ratio // 1 + 1"), 4),
    Wrong("not-an-int", _BODY.replace("return calls", "return float(calls)"), 4),
    Wrong("other-number", _BODY.replace("return calls", "return calls * 2")),
    Wrong("other-number", _BODY.replace("price.input:", "price.input + price.read:"), 3),
    # A rounding that is right for half of the prices.
    Wrong("other-number", _FORMULA.replace("math.floor(ratio) + 1", "round(ratio)"), 2),
    Wrong("other-number", _FORMULA.replace("math.floor(ratio) + 1", "round(ratio) + 1"), 3),
    # Right up to some call, and no further.
    Wrong(
        "other-number",
        "def break_even_calls(price, ttl):\n"
        "    write = price.write_1h if ttl == '1h' else price.write_5m\n"
        "    for calls in range(1, 20):\n"
        "        if write + (calls - 1) * price.read < calls * price.input:\n"
        "            return calls\n"
        "    return 20\n",
        4,
    ),
    Wrong(
        "own-raise",
        _BODY.replace("    calls = 1", "    assert price.read > 0\n    calls = 1"),
        4,
        "Crashed",
    ),
    Wrong(
        "other-number",
        _FORMULA.replace("math.floor(ratio) + 1", "int(write / (price.read or write))"),
    ),
    Wrong("crash", _BODY.replace("price.read", "nowhere"), 0, "Crashed"),
)

_RIGHT = {
    "worked out": _FORMULA,
    "a search, and a name": """
from itertools import count

def break_even_calls(price, ttl):
    write = getattr(price, f"write_{ttl}")
    return next(n for n in count(1) if write + price.read * (n - 1) < price.input * n)
""",
    "two running bills": """
def break_even_calls(price, ttl):
    cached, plain, calls = (price.write_5m if ttl == "5m" else price.write_1h), price.input, 1
    while not cached < plain:
        cached += price.read
        plain += price.input
        calls += 1
        print(calls, cached, plain)
    return calls
""",
    "the catalog's multiples": """
def break_even_calls(price, ttl):
    write = {"5m": price.write_5m_multiplier, "1h": price.write_1h_multiplier}[ttl]
    calls = 1
    while not write + (calls - 1) * price.read_multiplier < calls:
        calls += 1
    return calls
""",
    "in fractions": """
from fractions import Fraction

def break_even_calls(price, ttl):
    write, read, plain = map(Fraction, (getattr(price, "write_" + ttl), price.read, price.input))
    return int((write - read) / (plain - read)) + 1
""",
    "the premium, saved call by call": """
def break_even_calls(price, ttl):
    premium = (price.write_5m if ttl == "5m" else price.write_1h) - price.input
    return 2 + int(premium // (price.input - price.read))
""",
    "recursion over multiples": """
def after(calls, saved, gain):
    return calls if saved > 0 else after(calls + 1, saved + gain, gain)

def break_even_calls(price, ttl):
    write = price.write_1h if ttl.endswith("h") else price.write_5m
    return after(1, price.input - write, price.input - price.read)
""",
}

PROOF = Proof("break_even_calls", _WRONG, _RIGHT)
