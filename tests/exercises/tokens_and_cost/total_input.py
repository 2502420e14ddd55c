"""The proof of `total_input`."""

from tests.exercises.proof import Proof, Wrong


def _total(expression: str) -> str:
    return f"def total_input(usage):\n    return {expression}"


_SUM = (
    "usage.input_tokens + (usage.cache_creation_input_tokens or 0)"
    " + (usage.cache_read_input_tokens or 0)"
)

_WRONG = (
    Wrong("usage-subscripted", _total('usage["input_tokens"]'), 0, "Crashed"),
    Wrong("usage-subscripted", _total('usage.get("input_tokens", 0)'), 0, "Crashed"),
    Wrong("no-such-field", _total("usage.prompt_tokens"), 0, "Crashed"),
    Wrong("no-such-field", _total("usage.total_tokens - usage.output_tokens"), 0, "Crashed"),
    Wrong("no-such-field", _total("usage.cache_write_input_tokens"), 0, "Crashed"),
    Wrong("printed", f"def total_input(usage):\n    print({_SUM})"),
    Wrong("printed", f'def total_input(usage):\n    print("Input:", {_SUM}, "tokens")'),
    Wrong("only-fresh", _total("usage.input_tokens")),
    Wrong("output-added", _total("usage.input_tokens + usage.output_tokens")),
    Wrong("output-added", _total(f"{_SUM} + usage.output_tokens")),
    Wrong(
        "writes-twice",
        _total(
            f"{_SUM} + usage.cache_creation.ephemeral_5m_input_tokens"
            " + usage.cache_creation.ephemeral_1h_input_tokens"
        ),
    ),
    Wrong(
        "class-left-out", _total("usage.input_tokens + (usage.cache_creation_input_tokens or 0)")
    ),
    Wrong("class-left-out", _total("usage.input_tokens + (usage.cache_read_input_tokens or 0)")),
    Wrong("class-left-out", _total(_SUM.replace("usage.input_tokens + ", ""))),
    Wrong(
        "one-lifetime",
        _total(
            "usage.input_tokens + (usage.cache_read_input_tokens or 0)"
            " + usage.cache_creation.ephemeral_5m_input_tokens"
        ),
    ),
    Wrong("none-crash", _total(_SUM.replace(" or 0", "")), 2, "Crashed"),
    Wrong(
        "none-crash",
        _total(
            "usage.input_tokens + usage.cache_read_input_tokens"
            " + usage.cache_creation.ephemeral_5m_input_tokens"
            " + usage.cache_creation.ephemeral_1h_input_tokens"
        ),
        2,
        "Crashed",
    ),
    Wrong(
        "cached-subtracted", _total(_SUM.replace("+ (usage.cache_read", "- (usage.cache_read")), 0
    ),
    Wrong("other-total", _total("usage")),
    Wrong("not-an-int", _total(f"float({_SUM})"), 0),
    Wrong("other-total", f"def total_input(usage):\n    total = {_SUM}"),
    # What works for one shape of usage only; most of these have had full marks.
    Wrong(
        "lifetimes-only",
        "def total_input(usage):\n"
        "    split = usage.cache_creation\n"
        "    written = 0\n"
        "    if split:\n"
        "        written = split.ephemeral_5m_input_tokens + split.ephemeral_1h_input_tokens\n"
        "    return usage.input_tokens + written + (usage.cache_read_input_tokens or 0)",
        2,
    ),
    Wrong(
        "none-drops-others",
        "def total_input(usage):\n"
        "    written, read = usage.cache_creation_input_tokens, usage.cache_read_input_tokens\n"
        "    if written is None or read is None:\n"
        "        return usage.input_tokens\n"
        "    return usage.input_tokens + written + read",
        2,
    ),
    Wrong(
        "class-left-out",
        _total(
            "usage.input_tokens + (usage.cache_creation_input_tokens"
            " or usage.cache_read_input_tokens or 0)"
        ),
    ),
    Wrong(
        "class-left-out",
        _total(
            "usage.input_tokens and usage.input_tokens + max("
            "usage.cache_creation_input_tokens or 0, usage.cache_read_input_tokens or 0)"
        ),
    ),
    Wrong("class-left-out", _total(f"usage.input_tokens and {_SUM}"), 0),
    Wrong(
        "one-lifetime",
        _total(
            "usage.input_tokens + (usage.cache_read_input_tokens or 0) + (usage.cache_creation"
            ".ephemeral_5m_input_tokens if usage.cache_creation else 0)"
        ),
    ),
    Wrong("crash", _total("usge.input_tokens"), 0, "Crashed"),
    Wrong(
        "not-started", "def total_input(usage):\n    raise NotImplementedError", 0, "Not started"
    ),
)

_RIGHT = {
    "a loop over names": """
def total_input(usage):
    total = 0
    for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"):
        total += getattr(usage, name, None) or 0
    return total
""",
    "the writes by lifetime, where they are told": """
def total_input(usage):
    written = usage.cache_creation
    parts = [usage.input_tokens, usage.cache_read_input_tokens]
    if written is not None:
        parts += [written.ephemeral_5m_input_tokens, written.ephemeral_1h_input_tokens]
    else:
        parts.append(usage.cache_creation_input_tokens)
    print(parts)
    return sum(part for part in parts if part is not None)
""",
    "by type": """
def total_input(usage):
    match usage.cache_creation_input_tokens, usage.cache_read_input_tokens:
        case None, None:
            return usage.input_tokens
        case None, read:
            return usage.input_tokens + read
        case written, None:
            return usage.input_tokens + written
        case written, read:
            return usage.input_tokens + written + read
""",
    "a dict": """
def total_input(usage):
    fields = usage.to_dict()
    names = [name for name in fields if name.endswith("input_tokens")]
    return sum(fields[name] or 0 for name in names)
""",
}

PROOF = Proof("total_input", wrong=_WRONG, right=_RIGHT)
