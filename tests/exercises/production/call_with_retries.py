"""The proof of `call_with_retries`."""

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

_WRONG = (
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
        "Almost",
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
    Wrong(
        "sdk-does-it",
        "def call_with_retries(client, request, *, max_attempts, sleep, rng):\n"
        "    patient = client.with_options(max_retries=max_attempts - 1)\n"
        "    return patient.messages.create(**request)\n",
    ),
    Wrong("stacked", _CALL.replace(_OFF, "client"), 7, "Almost"),
    Wrong("no-sleep", _CALL.replace("            sleep(wait)\n", ""), 1, "Almost"),
    Wrong(
        "no-sleep",
        "import time\n" + _CALL.replace("sleep(wait)", "time.sleep(wait * 0)"),
        1,
        "Almost",
    ),
    Wrong(
        "sleeps-too-often",
        _CALL.replace("if attempt == max_attempts or", "if attempt > max_attempts or").replace(
            "            sleep(wait)\n", "            sleep(wait)\n            last = error\n"
        )
        + "    raise last\n",
        7,
        "Almost",
    ),
    Wrong(
        "sleeps-too-often",
        _CALL.replace("        try:\n", "        try:\n            sleep(0)\n"),
        2,
        "Almost",
    ),
    Wrong(
        "attempts-otherwise",
        _CALL.replace("range(1, max_attempts + 1)", "range(1, max_attempts + 2)").replace(
            "attempt == max_attempts", "attempt > max_attempts"
        ),
        7,
        "Almost",
    ),
    Wrong(
        "attempts-otherwise",
        _CALL.replace("attempt == max_attempts", "attempt == max_attempts - 1"),
        7,
        "Almost",
    ),
    Wrong("swallowed", _CALL.replace(_ENDS, _ENDS[27:]), 7, "Almost"),
    Wrong(
        "other-exception",
        _CALL.replace("raise\n", 'raise RuntimeError("no answer") from None\n'),
        6,
        "Almost",
    ),
    Wrong(
        "wait-no-number",
        _CALL.replace(
            'max(wait, float(response.headers["retry-after"]))', 'response.headers["retry-after"]'
        ),
        7,
        "Almost",
        saw="`'",
    ),
    Wrong("wait-no-number", _CALL.replace("sleep(wait)", 'sleep(f"{wait} s")'), 5, "Almost"),
    Wrong("wait-constant", _CALL.replace("2 ** (attempt - 1)", "1"), 5, "Almost"),
    Wrong(
        "wait-uncapped",
        _CALL.replace("min(30, 2 ** (attempt - 1))", "2 ** (attempt - 1)"),
        7,
        "Almost",
    ),
    Wrong("wait-otherwise", _CALL.replace("2 ** (attempt - 1)", "2 ** attempt"), 6, "Almost"),
    Wrong("wait-otherwise", _CALL.replace("2 ** (attempt - 1)", "attempt"), 6, "Almost"),
    Wrong("no-jitter", _CALL.replace(" * (0.5 + rng() / 2)", ""), 7, "Almost"),
    Wrong(
        "own-random",
        "import random as dice\n" + _CALL.replace("rng()", "dice.random()"),
        7,
        "Almost",
    ),
    Wrong("retry-after-ignored", _CALL.replace(_AFTER, ""), 7, "Almost"),
    Wrong(
        "retry-after-ignored",
        _CALL.replace("max(wait, float", "min(30, float"),
        7,
        "Almost",
    ),
    Wrong(
        "retry-after-ignored",
        _CALL.replace('"retry-after" in', '"retry_after" in'),
        7,
        "Almost",
    ),
    Wrong(
        "retry-after-overdone",
        _CALL.replace(
            'float(response.headers["retry-after"])', '60 * float(response.headers["retry-after"])'
        ),
        7,
        "Almost",
    ),
    Wrong(
        "fix-retried",
        _CALL.replace(f"attempt == max_attempts or {_ENDS[27:]}", "attempt == max_attempts"),
        7,
        "Almost",
    ),
    Wrong(
        "told-not-to",
        _CALL.replace(
            'classify_error(error) not in ("retry", "wait")',
            'getattr(error, "status_code", 500) not in (429, 500, 504, 529)',
        ),
        7,
        "Almost",
    ),
    Wrong(
        "fix-slept",
        _CALL.replace(
            f"            if {_ENDS}",
            f"            sleep(0) if classify_error(error) == 'fix' else None\n"
            f"            if {_ENDS}",
        ),
        7,
        "Almost",
    ),
    Wrong(
        "connection-missed",
        _CALL.replace("anthropic.APIError", "anthropic.APIStatusError"),
        7,
        "Almost",
    ),
    Wrong(
        "catches-everything",
        _CALL.replace(_CAUGHT, "except Exception as error:").replace(
            _ENDS,
            'attempt == max_attempts or classify_error(error) == "give up" or'
            ' getattr(error, "status_code", 500) < 429',
        ),
        7,
        "Almost",
    ),
    Wrong(
        "catches-everything",
        _CALL.replace(
            _CAUGHT,
            "except (TypeError, ValueError):\n            return None\n        " + _CAUGHT,
        ),
        7,
        "Almost",
    ),
)

PROOF = Proof(
    "call_with_retries",
    wrong=_WRONG,
    needs=("classify_error",),
    right={
        "retry-after in place of the usual wait": """
def call_with_retries(client, request, *, max_attempts, sleep, rng):
    patient = client.with_options(max_retries=0)
    for attempt in range(max_attempts):
        try:
            return patient.messages.create(**request)
        except anthropic.APIError as error:
            if classify_error(error) not in ("retry", "wait") or attempt + 1 == max_attempts:
                raise
            response = getattr(error, "response", None)
            after = response.headers.get("retry-after") if response else None
            bound = min(30, 2 ** attempt)
            pause = bound / 2 + bound / 2 * rng()
            if after is not None:
                pause = float(after) + rng()
            sleep(pause)
""",
        "while, all by itself": """
def call_with_retries(client, request, *, max_attempts, sleep, rng):
    sent, bound = 0, 1
    while True:
        sent += 1
        try:
            message = client.with_options(max_retries=0).messages.create(**request)
        except (anthropic.APIConnectionError, anthropic.APIStatusError) as error:
            if sent >= max_attempts:
                raise
            asked = 0.0
            if isinstance(error, anthropic.APIStatusError):
                headers = error.response.headers
                passes = error.status_code in (408, 409, 429) or error.status_code >= 500
                if not passes or headers.get("x-should-retry") == "false":
                    raise error
                asked = float(headers.get("retry-after", 0))
            sleep(asked + 0.1 if asked > bound else bound * (1 - 0.5 * rng()))
            bound = min(bound * 2, 30)
        else:
            return message
""",
        "recursion, and a log": """
def call_with_retries(client, request, *, max_attempts, sleep, rng, number=0):
    quiet = client if client.max_retries == 0 else client.with_options(max_retries=0)
    try:
        return quiet.messages.create(**request)
    except anthropic.APIError as error:
        word = classify_error(error)
        print(f"attempt {number + 1}: {type(error).__name__}, so {word}")
        if word in ("fix", "give up") or max_attempts == 1:
            raise
        sleep(pause(error, number, rng))
    return call_with_retries(
        quiet, request, max_attempts=max_attempts - 1, sleep=sleep, rng=rng, number=number + 1
    )

def pause(error, number, rng):
    longest = min(2 ** number, 30)
    wait = longest / 2 + rng() * longest / 2
    try:
        return max(wait, float(error.response.headers["retry-after"]) + rng())
    except (AttributeError, KeyError):
        return wait
""",
        "streamed": """
def call_with_retries(client, request, *, max_attempts, sleep, rng):
    client = client.with_options(max_retries=0)
    waits = [min(30, 2 ** n) for n in range(max_attempts - 1)]
    for longest in [*waits, None]:
        try:
            with client.messages.stream(**request) as stream:
                return stream.get_final_message()
        except anthropic.APIError as error:
            if longest is None or classify_error(error) in ("fix", "give up"):
                raise
            response = getattr(error, "response", None)
            least = float((response.headers.get("retry-after") if response else None) or 0)
            sleep(max(least, longest * (1 + rng()) / 2))
""",
    },
)
