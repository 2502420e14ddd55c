"""Right answers to `call_with_retries`."""

RIGHT = {
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
                pause = float(after) * (1 + rng() / 4)
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
            pause = bound * (1 - 0.5 * rng())
            sleep(asked + 0.1 if asked > pause else pause)
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
        return max(wait, float(error.response.headers["retry-after"]))
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
    "a pause in two calls": """
def call_with_retries(client, request, *, max_attempts, sleep, rng):
    patient = client.with_options(max_retries=0)
    bound = 1
    for left in reversed(range(max_attempts)):
        try:
            return patient.messages.create(**request)
        except anthropic.APIError as error:
            if not left or classify_error(error) not in ("retry", "wait"):
                raise
            response = getattr(error, "response", None)
            asked = float(response.headers.get("retry-after", 0)) if response is not None else 0
            wait = max(asked, bound / 2 * (1 + rng()))
            sleep(wait / 2)
            sleep(wait / 2)
            bound = min(30, 2 * bound)
""",
    "a fifth longer than retry-after, and rng moves it": """
def call_with_retries(client, request, *, max_attempts, sleep, rng):
    patient, attempt = client.with_options(max_retries=0), 0
    while True:
        attempt += 1
        try:
            return patient.messages.create(**request)
        except anthropic.APIError as error:
            if attempt >= max_attempts or classify_error(error) in ("fix", "give up"):
                raise
            wait = min(30, 2 ** (attempt - 1)) * (1 + rng()) / 2
            asked = None
            if isinstance(error, anthropic.APIStatusError):
                asked = error.response.headers.get("retry-after")
            sleep(wait if asked is None else int(asked) * (1 + 0.25 * rng()))
""",
}
