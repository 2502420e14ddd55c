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
_USUAL = """
def break_even_calls(price, ttl):
    write = 1.25 if ttl == "5m" else 2
    calls = 1
    while write + (calls - 1) * 0.1 >= calls:
        calls += 1
    return calls
"""

_WRONG = (
    Wrong("price-subscripted", _BODY.replace("price.read", 'price["read"]'), 0, "Crashed"),
    Wrong("price-subscripted", _BODY.replace("price.write_1h", "price.write_long"), 0, "Crashed"),
    Wrong("decimal-and-float", _BODY.replace("price.read", "price.input * 0.1"), 0, "Crashed"),
    Wrong("printed", _BODY.replace("return calls", "print(calls)")),
    Wrong("not-a-number", _BODY.replace("return calls", "return str(calls)")),
    Wrong("not-a-number", _BODY.replace("return calls", "return [calls]")),
    Wrong("not-a-number", _BODY.replace("return calls", "return calls > 1")),
    Wrong("always-two", "def break_even_calls(price, ttl):\n    return 2"),
    # The premium of the write forgotten: 2 at any price.
    Wrong("always-two", _BODY.replace(_WRITE, "price.input")),
    Wrong("usual-multiples", _USUAL),
    Wrong("usual-multiples", "def break_even_calls(price, ttl):\n    return 3 - (ttl == '5m')"),
    Wrong("short-always", _BODY.replace(_WRITE, "price.write_5m"), 1, saw=", write_1h "),
    Wrong("short-always", _BODY.replace('== "1h"', "== 3600"), 1),
    Wrong("long-always", _BODY.replace(_WRITE, "price.write_1h"), 1),
    Wrong("usual-reads", _BODY.replace("price.read", "price.input / 10"), 2),
    Wrong("reads-free", _BODY.replace("(calls - 1) * price.read", "0"), 2),
    Wrong("written-and-read", _BODY.replace("(calls - 1)", "calls"), 3),
    Wrong("paid-twice", _BODY.replace("write +", "write + price.input +")),
    Wrong("one-too-few", _BODY.replace("return calls", "return calls - 1")),
    Wrong("one-too-few", _FORMULA.replace(" + 1", "")),
    Wrong("one-too-many", _BODY.replace("return calls", "return calls + 1")),
    Wrong("same-is-cheaper", _BODY.replace(">=", ">"), 3),
    Wrong(
        "same-is-cheaper",
        _FORMULA.replace("math.floor(ratio) + 1", "math.ceil(ratio)"),
        3,
    ),
    # Whichever way floats are used, some price shows it.
    Wrong("floats", _FLOATS, 3),
    Wrong("floats", _FLOATS.replace("QUOTIENT", _QUOTIENT), 3),
    Wrong("floats", _FLOATS.replace("QUOTIENT", _SUMS), 3),
    Wrong("fraction", _FORMULA.replace("math.floor(ratio) + 1", "ratio")),
    Wrong("fraction", _FORMULA.replace("math.floor(ratio) + 1", "float(ratio)")),
    Wrong("not-an-int", _FORMULA.replace("math.floor(ratio) + 1", "ratio // 1 + 1"), 4),
    Wrong("not-an-int", _BODY.replace("return calls", "return float(calls)"), 4),
    Wrong("other-number", _BODY.replace("return calls", "return calls * 2")),
    Wrong("other-number", _BODY.replace("price.input:", "price.output:")),
    Wrong("other-number", _FORMULA.replace("math.floor(ratio) + 1", "int(write / price.read)")),
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
    "recursion over multiples": """
def after(calls, saved, gain):
    return calls if saved > 0 else after(calls + 1, saved + gain, gain)

def break_even_calls(price, ttl):
    write = price.write_1h if ttl.endswith("h") else price.write_5m
    return after(1, price.input - write, price.input - price.read)
""",
}

PROOF = Proof("break_even_calls", _WRONG, _RIGHT)
