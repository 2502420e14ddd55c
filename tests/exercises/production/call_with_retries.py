"""The proof of `call_with_retries`."""

from tests.exercises.production.right_retries import RIGHT
from tests.exercises.proof import Proof, Wrong

_CALL = """
def call_with_retries(client, request, *, max_attempts, sleep, rng):
    patient = client.with_options(max_retries=0)
    for attempt in range(1, max_attempts + 1):
        try:
            return patient.messages.create(**request)
        except anthropic.APIError as error:
            if attempt == max_attempts or classify_error(error) not in ("retry", "wait"):
                raise
            wait = min(30, 2 ** (attempt - 1)) * (0.5 + rng() / 2)
            response = getattr(error, "response", None)
            if response is not None and "retry-after" in response.headers:
                wait = max(wait, float(response.headers["retry-after"]))
            sleep(wait)
"""
_SEND = "return patient.messages.create(**request)"
_CAUGHT = "except anthropic.APIError as error:"
_ENDS = 'attempt == max_attempts or classify_error(error) not in ("retry", "wait")'
_WAIT = "min(30, 2 ** (attempt - 1)) * (0.5 + rng() / 2)"
_AFTER = """            if response is not None and "retry-after" in response.headers:
                wait = max(wait, float(response.headers["retry-after"]))
"""
_OFF = "client.with_options(max_retries=0)"
_SLEEP = "            sleep(wait)\n"
_AGAIN = 'classify_error(error) not in ("retry", "wait")'

_WRONG = (
    # Nothing answers: there is no header to read, and as much reason to wait.
    *(
        Wrong("lost-not-slept", _CALL.replace(_SLEEP, f"            if {only}:\n    {_SLEEP}"), 7)
        for only in (
            "isinstance(error, anthropic.APIStatusError)",
            "not isinstance(error, anthropic.APITimeoutError)",
            "response is not None and response.status_code",
        )
    ),
    Wrong(
        "wait-otherwise",
        _CALL.replace(_SLEEP, _SLEEP.replace("wait", "wait if response else 1")),
        7,
        saw="lost connection",
    ),
    # Every kind of error counts as an attempt, and no kind has a limit of its own.
    Wrong(
        "attempts-otherwise",
        _CALL.replace(_ENDS, f"{_ENDS} or (attempt == 3 and not hasattr(error, 'status_code'))"),
        7,
        saw="lost connection",
    ),
    Wrong(
        "attempts-otherwise",
        _CALL.replace("    for attempt", "    limited = 0\n    for attempt")
        .replace("range(1, max_attempts + 1)", "range(1, 9 + max_attempts)")
        .replace(_CAUGHT, f"{_CAUGHT}\n            limited += 'RateLimit' in type(error).__name__")
        .replace("attempt == max_attempts", "attempt - limited == max_attempts"),
        7,
        saw="429",
    ),
    Wrong(
        "swallowed",
        _CALL.replace(
            f"            if {_ENDS}:",
            "            if attempt == max_attempts and isinstance(error, "
            f"anthropic.APIConnectionError):\n                return None\n            if {_ENDS}:",
        ),
        7,
    ),
    # A retry-after counts with any status.
    *(
        Wrong(
            "retry-after-ignored",
            _CALL.replace(
                "response is not None and", f"response and response.status_code {which} and"
            ),
            7,
        )
        for which in (
            "in (429, 529)",
            "in (429, 503, 529)",
            "not in (408, 409)",
            "!= 500",
            "!= 520",
        )
    ),
    Wrong(
        "passing-missed",
        _CALL.replace(_AGAIN, f"{_AGAIN} or getattr(error, 'status_code', 500) > 529").replace(
            "> 529", "in (503, 520)"
        ),
        7,
        saw="`a 503",
    ),
    Wrong(
        "told-not-to",
        _CALL.replace(
            _AGAIN,
            f"{_AGAIN} and getattr(error, 'status_code', 400) < 500",
        ),
        7,
    ),
    Wrong(
        "wait-otherwise",
        _CALL.replace("min(30, 2 ** (attempt - 1))", "2 ** min(attempt - 1, 5)"),
        7,
        saw="before attempt 7",
    ),
    Wrong(
        "request-spoiled",
        _CALL.replace("    patient =", "    request.setdefault('metadata', {})\n    patient ="),
        7,
        saw="`metadata`",
    ),
    # Every Message is an answer, whatever is in it.
    *(
        Wrong(
            "message-not-taken",
            _CALL.replace(
                _SEND,
                "message = patient.messages.create(**request)\n"
                f"            if {ok} or attempt == max_attempts:\n"
                "                return message",
            ),
            7,
        )
        for ok in (
            "message.content",
            "message.stop_reason != 'max_tokens'",
            "message.stop_reason not in ('refusal', 'pause_turn')",
            "any(block.type == 'text' for block in message.content)",
        )
    ),
    *(
        Wrong(
            "earlier-error-raised",
            _CALL.replace("    for attempt", "    errors = []\n    for attempt")
            .replace(_CAUGHT, f"{_CAUGHT}\n            errors.append(error)")
            .replace("                raise\n", f"                {raising}\n"),
            7,
        )
        for raising in (
            'raise errors[0] if classify_error(error) in ("retry", "wait") else error',
            'raise max(errors, key=lambda e: getattr(e, "status_code", 0))',
        )
    ),
    # Nothing is added to a retry-after that makes it more than a quarter longer.
    *(
        Wrong(
            "retry-after-overdone", _CALL.replace("max(wait, float", f"({less} + float"), 7, saw=saw
        )
        for less, saw in (
            ("wait", "waited"),
            ("rng()", "retry-after 1: waited 1.40"),
            ("1", "retry-after 1: waited 2.00"),
        )
    ),
    Wrong(
        "retry-after-overdone",
        _CALL.replace("max(wait, float", "wait + max(wait, float"),
        7,
        saw="retry-after 1: waited",
    ),
    # Whatever the API asks for, only the attempts have an end.
    *(
        Wrong(
            "own-cap",
            _CALL.replace(
                _SLEEP, f"            if wait > {most}:\n                raise\n{_SLEEP}"
            ),
            7,
        )
        for most in (60, 300)
    ),
    Wrong("little-jitter", _CALL.replace("(0.5 + rng() / 2)", "(1 - 0.1 * rng())"), 7),
    Wrong("wait-uncapped", _CALL.replace("min(30,", "min(60,"), 7, saw="59"),
    # A retry-after of any length counts.
    *(
        Wrong(
            "retry-after-ignored",
            _CALL.replace('float(response.headers["retry-after"])', number),
            7,
        )
        for number in (
            'max(30, float(response.headers["retry-after"])) % 30',
            'min(20, float(response.headers["retry-after"]) / 2)',
        )
    ),
    Wrong("rng-as-object", _CALL.replace("rng()", "rng.random()"), 0, "Crashed"),
    Wrong(
        "no-header",
        _CALL.replace(' and "retry-after" in response.headers', ""),
        0,
        "Crashed",
    ),
    Wrong(
        "no-header",
        _CALL.replace(' and "retry-after" in response.headers', "").replace(
            'headers["retry-after"]', 'headers.get("retry-after")'
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "no-response",
        _CALL.replace('getattr(error, "response", None)', "error.response"),
        7,
        "Crashed",
    ),
    Wrong(
        "header-as-text",
        _CALL.replace("float(response", "(response"),
        5,
        "Crashed",
    ),
    Wrong(
        "headers-elsewhere",
        _CALL.replace('float(response.headers["', 'float(error.headers["'),
        5,
        "Crashed",
    ),
    Wrong(
        "headers-elsewhere",
        _CALL.replace('response is not None and "retry-after" in response', "error.retry_after"),
        0,
        "Crashed",
    ),
    Wrong(
        "headers-elsewhere",
        _CALL.replace(_AFTER, '            wait = max(wait, float(response["retry-after"]))\n'),
        0,
        "Crashed",
    ),
    Wrong("own-client", _CALL.replace(_OFF, "anthropic.Anthropic(max_retries=0)"), 0, "Crashed"),
    Wrong(
        "own-client",
        _CALL.replace(_OFF, "anthropic.Anthropic(max_retries=0)")
        .replace(_CAUGHT, "except (TypeError, anthropic.APIError) as error:")
        .replace("raise\n", "raise anthropic.APIConnectionError(request=None) from error\n"),
    ),
    Wrong("request-not-spread", _CALL.replace("**request", "request"), 0, "Crashed"),
    Wrong(
        "retries-in-call",
        _CALL.replace(_OFF, "client").replace("**request)", "**request, max_retries=0)"),
        0,
        "Crashed",
    ),
    Wrong(
        "no-request",
        "def call_with_retries(client, request, *, max_attempts, sleep, rng): return None",
    ),
    Wrong(
        "request-changed",
        _CALL.replace("**request", "**{**request, 'max_tokens': 1024}"),
        6,
    ),
    Wrong(
        "request-spoiled",
        _CALL.replace("    patient =", "    request['stream'] = False\n    patient ="),
        7,
        saw="`stream`",
    ),
    Wrong(
        "request-spoiled",
        _CALL.replace("patient.messages.create(**request)", "_sent(patient, request)")
        + "\ndef _sent(client, request):\n"
        "    message = client.messages.create(**request)\n"
        "    request.clear()\n"
        "    return message\n",
        7,
        saw="`max_tokens, messages, model, system`",
    ),
    Wrong(
        "asks-again",
        _CALL.replace(_SEND, f"patient.messages.create(**request); {_SEND}"),
    ),
    Wrong("printed", _CALL.replace(_SEND, f"print({_SEND[7:]}); return")),
    Wrong("other-value", _CALL.replace(_SEND, f"{_SEND}.content[0].text")),
    Wrong("other-value", _CALL.replace(_SEND, f"{_SEND}.to_dict()")),
    Wrong(
        "gave-up-at-once",
        "def call_with_retries(client, request, *, max_attempts, sleep, rng):\n"
        "    return client.messages.create(**request)\n",
    ),
    Wrong("only-wait-retried", _CALL.replace('("retry", "wait")', '("wait",)'), 0, saw="529"),
    Wrong("wait-not-retried", _CALL.replace('("retry", "wait")', '("retry",)'), 7, saw="429"),
    Wrong(
        "sdk-does-it",
        "def call_with_retries(client, request, *, max_attempts, sleep, rng):\n"
        "    patient = client.with_options(max_retries=max_attempts - 1)\n"
        "    return patient.messages.create(**request)\n",
    ),
    Wrong("stacked", _CALL.replace(_OFF, "client"), 7),
    Wrong(
        "callers-client",
        _CALL.replace(f"patient = {_OFF}", "patient = client\n    client.max_retries = 0"),
        7,
    ),
    Wrong("no-sleep", _CALL.replace("            sleep(wait)\n", ""), 1),
    Wrong(
        "no-sleep",
        "import time\n" + _CALL.replace("sleep(wait)", "time.sleep(wait * 0)"),
        1,
    ),
    Wrong(
        "sleeps-too-often",
        _CALL.replace("if attempt == max_attempts or", "if attempt > max_attempts or").replace(
            "            sleep(wait)\n", "            sleep(wait)\n            last = error\n"
        )
        + "    raise last\n",
        7,
    ),
    Wrong(
        "sleeps-too-often",
        _CALL.replace("        try:\n", "        try:\n            sleep(0)\n"),
        4,
    ),
    Wrong(
        "attempts-otherwise",
        _CALL.replace("range(1, max_attempts + 1)", "range(1, max_attempts + 2)").replace(
            "attempt == max_attempts", "attempt > max_attempts"
        ),
        7,
    ),
    Wrong(
        "attempts-otherwise",
        _CALL.replace("attempt == max_attempts", "attempt == max_attempts - 1"),
        7,
    ),
    Wrong(
        "attempts-otherwise",
        _CALL.replace("attempt == max_attempts", "attempt == min(max_attempts, 10)"),
        7,
    ),
    Wrong("swallowed", _CALL.replace(_ENDS, _ENDS[27:]), 7),
    Wrong(
        "not-the-apis-error",
        _CALL.replace("raise\n", 'raise RuntimeError("no answer") from None\n'),
        6,
    ),
    Wrong(
        "wait-no-number",
        _CALL.replace(
            'max(wait, float(response.headers["retry-after"]))', 'response.headers["retry-after"]'
        ),
        7,
        saw="`'",
    ),
    Wrong("wait-no-number", _CALL.replace("sleep(wait)", 'sleep(f"{wait} s")'), 5),
    Wrong("wait-constant", _CALL.replace("2 ** (attempt - 1)", "1"), 5),
    Wrong(
        "wait-uncapped",
        _CALL.replace("min(30, 2 ** (attempt - 1))", "2 ** (attempt - 1)"),
        7,
    ),
    Wrong("wait-otherwise", _CALL.replace("2 ** (attempt - 1)", "2 ** attempt"), 6),
    Wrong("wait-otherwise", _CALL.replace("2 ** (attempt - 1)", "attempt"), 6),
    Wrong(
        "one-draw",
        _CALL.replace("    patient =", "    drawn = rng()\n    patient =").replace(
            "rng() / 2", "drawn / 2"
        ),
        7,
        saw="`1 time for 7 waits`",
    ),
    Wrong(
        "late-jitter",
        _CALL.replace(_WAIT, "min(30, 2 ** (attempt - 1) * (0.5 + rng() / 2))"),
        7,
        saw="`30.00 and 30.00`",
    ),
    Wrong("no-jitter", _CALL.replace(" * (0.5 + rng() / 2)", ""), 7),
    Wrong(
        "own-random",
        "import random as dice\n" + _CALL.replace("rng()", "dice.random()"),
        7,
    ),
    Wrong("retry-after-ignored", _CALL.replace(_AFTER, ""), 7),
    Wrong(
        "retry-after-ignored",
        _CALL.replace("max(wait, float", "min(30, float"),
        7,
    ),
    Wrong(
        "retry-after-ignored",
        _CALL.replace('"retry-after" in', '"retry_after" in'),
        7,
    ),
    Wrong(
        "retry-after-ignored",
        _CALL.replace("if response is not None and", "if error.__class__.__name__[0] == 'R' and"),
        7,
        saw="529 with retry-after",
    ),
    Wrong(
        "retry-after-overdone",
        _CALL.replace(
            'float(response.headers["retry-after"])', '60 * float(response.headers["retry-after"])'
        ),
        7,
    ),
    Wrong(
        "fix-retried",
        _CALL.replace(f"attempt == max_attempts or {_ENDS[27:]}", "attempt == max_attempts"),
        7,
    ),
    Wrong(
        "decided-by-words",
        _CALL.replace(
            'classify_error(error) not in ("retry", "wait")',
            'not any(word in str(error).lower() for word in ("overloaded", "limit_err", "internal",'
            ' "timed out", "timeout", "connection", "408", "409", "error code: 5"))'
            ' or classify_error(error) == "give up"',
        ),
        7,
    ),
    Wrong(
        "passing-missed",
        _CALL.replace(
            'classify_error(error) not in ("retry", "wait")',
            'classify_error(error) not in ("retry", "wait")'
            ' or getattr(error, "status_code", 500) in (408, 409)',
        ),
        7,
        saw="`a 408",
    ),
    Wrong(
        "passing-missed",
        _CALL.replace(
            'classify_error(error) not in ("retry", "wait")',
            'classify_error(error) not in ("retry", "wait")'
            ' or getattr(error, "status_code", 500) == 409',
        ),
        7,
        saw="`a 409",
    ),
    Wrong(
        "told-not-to",
        _CALL.replace(
            'classify_error(error) not in ("retry", "wait")',
            'getattr(error, "status_code", 500) not in (408, 409, 429, 500, 503, 504, 520, 529)',
        ),
        7,
    ),
    Wrong(
        "fix-slept",
        _CALL.replace(
            f"            if {_ENDS}",
            f"            sleep(0) if classify_error(error) == 'fix' else None\n"
            f"            if {_ENDS}",
        ),
        7,
    ),
    Wrong(
        "connection-missed",
        _CALL.replace("anthropic.APIError", "anthropic.APIStatusError"),
        7,
    ),
    Wrong(
        "catches-everything",
        _CALL.replace(_CAUGHT, "except Exception as error:").replace(
            _ENDS,
            'attempt == max_attempts or classify_error(error) == "give up" or'
            ' getattr(error, "status_code", 500) not in (408, 409, 429, 500, 503, 504, 520, 529)',
        ),
        7,
    ),
    Wrong(
        "catches-everything",
        _CALL.replace(
            _CAUGHT,
            "except (TypeError, ValueError):\n            return None\n        " + _CAUGHT,
        ),
        7,
    ),
)

PROOF = Proof(
    "call_with_retries",
    wrong=_WRONG,
    needs=("classify_error",),
    right=RIGHT,
)
