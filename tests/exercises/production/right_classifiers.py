"""Right answers of `classify_error`, each written in a way of its own."""

RIGHT_CLASSIFIERS = {
    "by classes": """
def classify_error(exc):
    match exc:
        case anthropic.PaymentRequiredError():
            return "give up"
        case anthropic.RateLimitError() | anthropic.InternalServerError() if _is_final(exc):
            return "give up"
        case anthropic.RateLimitError():
            return "wait"
        case anthropic.APIConnectionError() | anthropic.InternalServerError():
            return "retry"
        case anthropic.ConflictError() | anthropic.RequestTimeoutError():
            return "retry"
        case anthropic.APIStatusError(status_code=200, type="overloaded_error" | "api_error"):
            return "retry"
    return "fix"

def _is_final(exc):
    return exc.response.headers.get("x-should-retry") == "false"
""",
    "by tables": """
TYPES = {"overloaded_error": "retry", "api_error": "retry"}
STATUSES = {408: "retry", 409: "retry", 429: "wait", 402: "give up"}

def classify_error(exc):
    if isinstance(exc, anthropic.APIConnectionError):
        return "retry"
    if not hasattr(exc, "status_code"):
        return "fix"
    if exc.status_code == 200:
        return TYPES.get(exc.type, "fix")
    word = STATUSES.get(exc.status_code, "fix" if exc.status_code < 500 else "retry")
    final = exc.response.headers.get("x-should-retry", "").lower() == "false"
    return "give up" if final and word in ("retry", "wait") else word
""",
    "by types, and by the status where there is none": """
HEAPS = {
    "overloaded_error": "retry", "api_error": "retry", "timeout_error": "retry",
    "conflict_error": "retry", "rate_limit_error": "wait", "billing_error": "give up",
}

def classify_error(exc):
    if isinstance(exc, anthropic.APIConnectionError):
        return "retry"
    if not isinstance(exc, anthropic.APIStatusError):
        return "fix"
    word = HEAPS.get(exc.type, "fix")
    if exc.status_code in (408, 409) or exc.type is None and exc.status_code >= 500:
        word = "retry"
    if exc.status_code == 429:
        word = "wait"
    final = exc.response.headers.get("x-should-retry") == "false"
    return "give up" if final and word in ("retry", "wait") else word
""",
    "told by the header": """
def classify_error(exc):
    if not isinstance(exc, anthropic.APIError):
        return "fix"
    response = getattr(exc, "response", None)
    if response is None:
        print("no reply")
        return "retry"
    should = response.headers.get("x-should-retry")
    status = response.status_code
    if should == "true":
        return "wait" if status == 429 else "retry"
    if should == "false":
        return "give up" if status in (402, 429) or status >= 500 else "fix"
    passes = status == 200 and exc.type in ("overloaded_error", "api_error")
    if status == 429:
        return "wait"
    return "retry" if passes or status >= 500 else "fix"
""",
}
