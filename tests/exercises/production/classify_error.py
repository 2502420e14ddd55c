"""The proof of `classify_error`."""

from tests.exercises.production.right_classifiers import RIGHT_CLASSIFIERS
from tests.exercises.proof import Proof, Wrong

_CLASSIFY = """
def classify_error(exc):
    if isinstance(exc, anthropic.APIConnectionError):
        return "retry"
    if not isinstance(exc, anthropic.APIStatusError):
        return "fix"
    status = exc.status_code
    passes = status in (408, 409, 429) or status >= 500
    told_not_to = exc.response.headers.get("x-should-retry") == "false"
    if status == 402 or (passes and told_not_to):
        return "give up"
    if status == 429:
        return "wait"
    if passes or exc.type in ("overloaded_error", "api_error"):
        return "retry"
    return "fix"
"""
_LOST = '    if isinstance(exc, anthropic.APIConnectionError):\n        return "retry"\n'
_PYTHON = '    if not isinstance(exc, anthropic.APIStatusError):\n        return "fix"\n'
_WAIT = '    if status == 429:\n        return "wait"\n'
_PASSES = "passes = status in (408, 409, 429) or status >= 500"
_TYPES = ' or exc.type in ("overloaded_error", "api_error")'
_LAST = '\n    return "fix"\n'

_STATUS_OF_ALL = """
def classify_error(exc):
    if exc.status_code == 429:
        return "wait"
    if exc.status_code >= 500 or exc.status_code in (408, 409):
        return "retry"
    return "fix"
"""

_BY_TYPE = RIGHT_CLASSIFIERS["by types, and by the status where there is none"].replace(
    " or exc.type is None and exc.status_code >= 500", ""
)

_BY_WORDS = """
def classify_error(exc):
    words = str(exc).lower()
    if "rate limit" in words:
        return "wait"
    if "billing_error" in words or "monthly" in words:
        return "give up"
    for word in ("overloaded", "api_error", "conflict", "timed out", "timeout", "connection"):
        if word in words:
            return "retry"
    return "fix"
"""


def _mapped(words: str) -> str:
    """Return an answer whose words are changed on the way out."""
    return (
        _CLASSIFY.replace("def classify_error", "def _inner")
        + f"\ndef classify_error(exc):\n    word = _inner(exc)\n    {words}\n"
    )


_WRONG = (
    Wrong("raised-again", "def classify_error(exc):\n    raise exc\n", 0, "Crashed"),
    Wrong(
        "error-as-dict",
        _CLASSIFY.replace("exc.status_code", 'exc["status_code"]'),
        0,
        "Crashed",
    ),
    Wrong("no-status", _STATUS_OF_ALL, 2, "Crashed"),
    Wrong("no-status", _CLASSIFY.replace(_LOST + _PYTHON, ""), 4, "Crashed"),
    Wrong("other-attribute", _CLASSIFY.replace("exc.status_code", "exc.code"), 0, "Crashed"),
    Wrong("other-attribute", _CLASSIFY.replace("exc.status_code", "exc.status"), 0, "Crashed"),
    Wrong(
        "no-header",
        _CLASSIFY.replace(
            "    told",
            "    if status == 429:\n"
            '        seconds = float(exc.response.headers["retry-after"])\n'
            "    told",
        ),
        4,
        "Crashed",
    ),
    Wrong(
        "raised-again",
        """
def classify_error(exc):
    try:
        raise exc
    except anthropic.RateLimitError:
        return "wait"
    except (anthropic.APIConnectionError, anthropic.InternalServerError):
        return "retry"
    except anthropic.APIStatusError:
        return "fix"
""",
        2,
        "Crashed",
    ),
    Wrong(
        "no-header",
        _CLASSIFY.replace(
            '.get("x-should-retry") == "false"', '["x-should-retry"] == "false"'
        ).replace("    told_not_to = ", "    told_not_to = passes and "),
        4,
        "Crashed",
    ),
    Wrong(
        "no-json",
        _CLASSIFY.replace(
            "    status =", '    kind = exc.body["error"]["type"]\n    status ='
        ).replace("exc.type", "kind"),
        3,
        "Crashed",
    ),
    Wrong(
        "no-json",
        _CLASSIFY.replace(
            "    status =", '    kind = exc.body.get("error", {}).get("type")\n    status ='
        ).replace("exc.type", "kind"),
        3,
        "Crashed",
    ),
    Wrong(
        "no-json",
        _CLASSIFY.replace("    status =", '    is_odd = "odd" in exc.type\n    status ='),
        3,
        "Crashed",
    ),
    Wrong(
        "not-in-table",
        "def classify_error(exc):\n"
        '    return {429: "wait", 402: "give up", 500: "retry", 400: "fix"}[exc.status_code]\n',
        0,
        "Crashed",
    ),
    Wrong("printed", _mapped("print(word)")),
    Wrong("no-word", _mapped('return word.replace("retry", "Retry")')),
    Wrong("no-word", _mapped('return word.replace("give up", "give-up")'), 5),
    Wrong("no-word", _mapped("return word == 'retry'")),
    Wrong("no-word", _CLASSIFY.replace(_LAST, "\n    return None\n"), 4),
    Wrong("one-answer", 'def classify_error(exc):\n    return "retry"\n'),
    Wrong("retry-missed", 'def classify_error(exc):\n    return "fix"\n'),
    # What the table doesn't name: other statuses, Python's other errors, a page with a 200.
    *(
        Wrong("fix-missed", _CLASSIFY.replace(_LAST, f"{only}{_LAST}"), 5, saw="from a proxy")
        for only in (
            '\n    if status not in (200, 400, 401, 403, 404, 413):\n        return "give up"',
            '\n    if status > 413:\n        return "give up"',
        )
    ),
    Wrong(
        "fix-retried",
        _CLASSIFY.replace(_LAST, '\n    return "retry" if status == 422 else "fix"\n'),
        5,
        saw="422",
    ),
    *(
        Wrong("own-mistake", _CLASSIFY.replace(_PYTHON, f"{only}{_PYTHON}"), 5, saw=saw)
        for only, saw in (
            ('    if isinstance(exc, OSError):\n        return "retry"\n', "FileNotFoundError"),
            ('    if isinstance(exc, LookupError):\n        return "give up"\n', "KeyError"),
            (
                '    if isinstance(exc, AttributeError):\n        return "give up"\n',
                "AttributeError",
            ),
        )
    ),
    Wrong(
        "own-mistake",
        _CLASSIFY.replace(
            _PYTHON,
            _PYTHON.replace("fix", "give up").replace(
                "    if",
                '    if isinstance(exc, (TypeError, ValueError)):\n        return "fix"\n    if',
            ),
        ),
        5,
        saw="KeyError",
    ),
    Wrong(
        "raised-again",
        _CLASSIFY.replace(
            _PYTHON,
            _PYTHON.replace(
                "    if",
                "    if isinstance(exc, (LookupError, OSError)):\n        raise exc\n    if",
            ),
        ),
        5,
        "Crashed",
    ),
    Wrong(
        "page-retried",
        _CLASSIFY.replace(
            _PYTHON,
            "    if isinstance(exc, anthropic.APIError) and not isinstance(\n"
            "        exc, anthropic.APIStatusError\n"
            '    ):\n        return "retry"\n' + _PYTHON,
        ),
        5,
        saw="APIResponseValidationError",
    ),
    # The type of an error in mid-stream: the table has no retry for a rate limit there.
    Wrong(
        "midstream-alike",
        _CLASSIFY.replace('"api_error")', '"api_error", "timeout_error", "rate_limit_error")'),
        5,
        saw="rate_limit_error in mid-stream → retry",
    ),
    Wrong("waited", _CLASSIFY.replace("status == 429:", "status in (429, 529):"), 5, saw="529"),
    Wrong("retry-missed", _CLASSIFY.replace("status >= 500", "status == 529"), 4),
    Wrong(
        "type-alone",
        _CLASSIFY.replace("status >= 500", "status in (500, 503, 504, 529)"),
        5,
        saw="from a proxy, without JSON and x-should-retry → fix",
    ),
    Wrong(
        "retry-missed",
        _CLASSIFY.replace("status >= 500", "status in (500, 502, 503, 504, 529)").replace(
            _TYPES, _TYPES.replace("exc", "status == 200 and exc")
        ),
        5,
        saw="520 from a proxy",
    ),
    Wrong("type-alone", _BY_TYPE, 5, saw="from a proxy"),
    Wrong(
        "header-missing",
        _CLASSIFY.replace('.get("x-should-retry") == "false"', '.get("x-should-retry") != "true"'),
        4,
        saw="x-should-retry → give up",
    ),
    Wrong(
        "header-missing",
        _CLASSIFY.replace('.get("x-should-retry") == "false"', '.get("x-should-retry") is None'),
        3,
        saw="x-should-retry → give up",
    ),
    Wrong(
        "wait-by-header",
        _CLASSIFY.replace(
            "if status == 429:", 'if status == 429 or exc.response.headers.get("retry-after"):'
        ),
        5,
        saw="529 overloaded_error, retry-after: ",
    ),
    Wrong("four-hundreds-alike", _CLASSIFY.replace("(408, 409, 429)", "(429,)"), 5),
    Wrong("wait-missed", _CLASSIFY.replace(_WAIT, ""), 5),
    Wrong(
        "wait-missed",
        _CLASSIFY.replace(
            _WAIT,
            "    if status == 429:\n"
            '        return "wait" if "retry-after" in exc.response.headers else "give up"\n',
        ),
        5,
        saw="429 rate_limit_error, no retry-after → give up",
    ),
    Wrong(
        "wait-by-header",
        _CLASSIFY.replace("status == 429", 'exc.response.headers.get("retry-after")'),
        4,
    ),
    Wrong(
        "fix-retried",
        _CLASSIFY.replace(_LAST, '\n    return "fix" if status == 400 else "retry"\n'),
        4,
    ),
    Wrong(
        "fix-missed",
        _CLASSIFY.replace(_LAST, '\n    return "give up" if status in (401, 403) else "fix"\n'),
        5,
    ),
    Wrong(
        "matched-message",
        _CLASSIFY.replace(_TYPES, "").replace(
            "status >= 500", "status in (500, 504) or 'Overloaded' in str(exc)"
        ),
        3,
    ),
    Wrong(
        "matched-message",
        _CLASSIFY.replace(
            "    status =", '    if "429" in str(exc):\n        return "wait"\n    status ='
        ),
        3,
    ),
    Wrong(
        "own-mistake",
        _CLASSIFY.replace(_PYTHON, _PYTHON.replace("fix", "give up")),
        5,
    ),
    Wrong("connection-missed", _CLASSIFY.replace(_LOST, ""), 5),
    Wrong(
        "connection-missed",
        _CLASSIFY.replace("anthropic.APIConnectionError", "anthropic.APITimeoutError"),
        5,
    ),
    Wrong("bill-missed", _CLASSIFY.replace("status == 402 or ", ""), 5),
    Wrong("told-not-to", _CLASSIFY.replace("(passes and told_not_to)", "False"), 5),
    Wrong(
        "told-not-to",
        _CLASSIFY.replace("(passes and told_not_to)", "exc.error_code is not None"),
        5,
    ),
    Wrong(
        "header-as-bool",
        _CLASSIFY.replace(
            'exc.response.headers.get("x-should-retry") == "false"',
            'not exc.response.headers.get("x-should-retry", True)',
        ),
        5,
    ),
    Wrong("status-200", _CLASSIFY.replace(_TYPES, ""), 5),
    Wrong(
        "status-200",
        _CLASSIFY.replace(
            _LAST,
            '\n    if status == 200:\n        return "give up"' + _LAST,
        ),
        5,
        saw="in mid-stream → give up",
    ),
    Wrong(
        "header-first",
        _CLASSIFY.replace("(passes and told_not_to)", "told_not_to"),
        5,
        saw="`x-should-retry` is `false`: `400 invalid_request_error → give up`",
    ),
    Wrong(
        "header-first",
        _CLASSIFY.replace(
            "status == 402 or (passes and told_not_to)",
            'status in (401, 402, 403) and exc.response.headers.get("x-should-retry") != "true"',
        ),
        4,
    ),
    Wrong(
        "matched-message",
        _CLASSIFY.replace(_TYPES, ' or status == 200 and "overloaded" in str(exc).lower()'),
        5,
        saw="api_error in mid-stream → fix",
    ),
    Wrong(
        "matched-message",
        _CLASSIFY.replace(
            _TYPES, ' or "overloaded_error" in str(exc) or exc.type in ("api_error",)'
        ),
        4,
    ),
    Wrong(
        "matched-message",
        _CLASSIFY.replace(_TYPES, ' or "Overloaded" in str(exc) or exc.type == "api_error"'),
        5,
        saw="overloaded_error in mid-stream → fix",
    ),
    Wrong("matched-message", _BY_WORDS, 1),
    Wrong(
        "told-not-to",
        _CLASSIFY.replace(
            "    status =",
            "    if exc.status_code == 429:\n"
            '        return "give up" if exc.error_code else "wait"\n'
            "    status =",
        ),
        5,
    ),
    *(
        Wrong(
            "matched-message",
            _CLASSIFY.replace(
                "def classify_error(exc):\n",
                "def classify_error(exc):\n"
                "    if isinstance(exc, anthropic.APIStatusError) and "
                f'"{words}" in str(exc):\n        return "give up"\n',
            ),
            points,
        )
        for words, points in (("balance", 2), ("limit.", 3), ("monthly", 2))
    ),
    Wrong("midstream-alike", _CLASSIFY.replace(_TYPES, " or status == 200"), 5),
    Wrong(
        "midstream-alike",
        _CLASSIFY.replace(_TYPES, ' or status == 200 and exc.type != "invalid_request_error"'),
        5,
    ),
    Wrong(
        "midstream-alike",
        _CLASSIFY.replace(
            _TYPES,
            ' or status == 200 and exc.type not in ("invalid_request_error",'
            ' "authentication_error")',
        ),
        5,
        saw="_error in mid-stream → retry",
    ),
)

PROOF = Proof("classify_error", wrong=_WRONG, right=RIGHT_CLASSIFIERS)
