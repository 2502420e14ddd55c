"""Answer as the advisor: in words, or encrypted where its model shows none (recorded)."""

from grader.simulator.served.script import read_script
from grader.simulator.served.web import seal
from grader.simulator.wire import Json

_HIDDEN = ("fable", "mythos")


def advise(model: str) -> Json:
    """Return the content of the advisor's result.

    model: the one that advises.
    """
    words = read_script()["advice"]["text"]
    if any(name in model for name in _HIDDEN):
        sealed = seal(words)
        return {
            "type": "advisor_redacted_result",
            "encrypted_content": sealed,
            "stop_reason": "end_turn",
        }
    return {"type": "advisor_result", "text": words, "stop_reason": "end_turn"}
