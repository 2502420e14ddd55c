"""The proof of `cache_status`."""

from tests.exercises.proof import Proof, Wrong

_BODY = """
def cache_status(usage):
    written = usage.cache_creation_input_tokens
    read = usage.cache_read_input_tokens
    if written and read:
        return "both"
    if written:
        return "write"
    if read:
        return "read"
    return "none"
"""
_BOTH = '    if written and read:\n        return "both"\n'
_WRITTEN = "written = usage.cache_creation_input_tokens"

_PRINTS = """
def cache_status(usage):
    print(word_of(usage))
"""

_READ_FIRST = """    if read is None:
        return "none"
"""

_WRONG = (
    Wrong("none-gives-up", _BODY.replace(_BOTH, _READ_FIRST + _BOTH), 3),
    Wrong(
        "none-gives-up",
        _BODY.replace(
            _BOTH, _READ_FIRST.replace("read is", "None in (written, read) or read is") + _BOTH
        ),
        2,
    ),
    Wrong(
        "usage-subscripted",
        _BODY.replace(_WRITTEN, 'written = usage["cache_creation_input_tokens"]'),
        0,
        "Crashed",
    ),
    Wrong(
        "usage-subscripted",
        _BODY.replace(_WRITTEN, 'written = usage.get("cache_creation_input_tokens", 0)'),
        0,
        "Crashed",
    ),
    # The name of OpenAI's field.
    Wrong(
        "no-such-field",
        "def cache_status(usage):\n"
        '    return "read" if usage.prompt_tokens_details.cached_tokens else "none"\n',
        0,
        "Crashed",
    ),
    Wrong(
        "none-crash",
        _BODY.replace("if written and read", "if written > 0 and read > 0"),
        0,
        "Crashed",
    ),
    Wrong(
        "split-missing",
        _BODY.replace(
            _WRITTEN,
            "split = usage.cache_creation\n"
            "    written = split.ephemeral_5m_input_tokens + split.ephemeral_1h_input_tokens",
        ),
        0,
        "Crashed",
    ),
    Wrong("printed", _BODY.replace("cache_status", "word_of") + _PRINTS),
    Wrong("other-word", _BODY.replace('"read"', '"hit"'), 3),
    Wrong("other-word", _BODY.replace('"none"', "None"), 3),
    Wrong("other-word", _BODY.replace('"write"', '"Write"'), 3),
    Wrong("other-word", "def cache_status(usage):\n    return bool(usage.cache_read_input_tokens)"),
    Wrong("zero-counted", _BODY.replace(_WRITTEN, "written = usage.cache_creation"), 0),
    Wrong("zero-counted", _BODY.replace(_WRITTEN, f"{_WRITTEN} is not None"), 2),
    Wrong(
        "zero-counted",
        _BODY.replace(_WRITTEN, f"{_WRITTEN} is not None").replace(
            "cache_read_input_tokens", "cache_read_input_tokens is not None"
        ),
        1,
    ),
    Wrong(
        "words-swapped",
        _BODY.replace('"write"', '"w"').replace('"read"', '"write"').replace('"w"', '"read"'),
        2,
    ),
    Wrong("always-one-word", "def cache_status(usage):\n    return 'read'", 1),
    Wrong("always-one-word", "def cache_status(usage):\n    return 'none'", 1),
    # Both lifetimes, where the split is there.
    Wrong(
        "split-only",
        _BODY.replace(
            _WRITTEN,
            "split = (usage.to_dict().get('cache_creation') or {})\n"
            "    written = sum(split.values())",
        ),
        2,
    ),
    Wrong("both-as-one", _BODY.replace(_BOTH, ""), 3),
    Wrong(
        "both-as-one",
        _BODY.replace(_BOTH, '    if read:\n        return "read"\n'),
        3,
    ),
    Wrong(
        "one-lifetime",
        _BODY.replace(
            _WRITTEN,
            "split = usage.cache_creation\n    written = split and split.ephemeral_5m_input_tokens",
        ),
        2,
    ),
    # Fresh tokens are in most usages, whatever the cache did.
    Wrong(
        "other-word-for-usage",
        _BODY.replace('return "none"', 'return "write" if usage.input_tokens else "none"'),
        3,
    ),
    Wrong(
        "other-word-for-usage",
        _BODY.replace("if written:", "if written and usage.input_tokens:"),
        3,
    ),
    Wrong(
        "both-as-one",
        _BODY.replace("if written and read:", "if written and read and written > read:"),
        3,
    ),
    Wrong("crash", _BODY.replace("usage", "usages").replace("(usages)", "(usage)"), 0, "Crashed"),
)

_RIGHT = {
    "a table": """
WORDS = {(False, False): "none", (True, False): "write", (False, True): "read"}
WORDS[True, True] = "both"

def cache_status(usage):
    return WORDS[usage.cache_creation_input_tokens not in (None, 0),
                 usage.cache_read_input_tokens not in (None, 0)]
""",
    "a dict of it": """
def cache_status(usage):
    counts = usage.to_dict()
    did = [word for word, count in (
        ("write", counts.get("cache_creation_input_tokens") or 0),
        ("read", counts.get("cache_read_input_tokens") or 0),
    ) if count > 0]
    print(did)
    return "both" if len(did) == 2 else did[0] if did else "none"
""",
    "matched": """
def cache_status(usage):
    match bool(usage.cache_creation_input_tokens), bool(usage.cache_read_input_tokens):
        case True, True:
            return "both"
        case True, False:
            return "write"
        case False, True:
            return "read"
    return "none"
""",
}

PROOF = Proof("cache_status", _WRONG, _RIGHT)
