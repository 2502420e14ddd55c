"""What the exercises of lesson 02 share: models that take no prefill, and their replies."""

from collections.abc import Collection, Mapping
from typing import Any

from grader.catalog import DEFAULT_MODEL, ModelCard, active_models
from grader.exams import Exam, Slip
from grader.exercises.loops import cited, other_options, searched
from grader.exercises.replies import text_json, worded
from grader.simulator import Turn

Json = Any

DEFAULTS: Mapping[str, Json] = {"model": DEFAULT_MODEL, "max_tokens": 1000}
"""What the signatures of `chat` and `Conversation` have for callers who leave these out."""


def without_prefill() -> tuple[str, ...]:
    """Return models that accept no prefilled answer, as no newer one does.

    The lesson's own model isn't one of them, so hard-coding its name is always wrong.
    """
    return active_models(lambda card: not card.rules.prefill and card.id != DEFAULT_MODEL)


def model_in_turn(exam: Exam, *, takes_instructions: bool = False) -> str:
    """Return one of `without_prefill`, another one for each scene.

    What is refused depends on the model, so it is not for the seed to choose.
    takes_instructions: whether it takes a turn with the role system.
    """
    models = without_prefill()
    if takes_instructions:
        models = tuple(each for each in models if each in active_models(_takes_instructions))
    return models[exam.scene_count % len(models)]


def _takes_instructions(card: ModelCard) -> bool:
    return card.rules.mid_conversation_system


def find_other_options(
    request: Json, options: Mapping[str, Json], *, left_out: Collection[str] = ()
) -> Slip | None:
    """Return the slip that a request's options show, or None if they are these.

    left_out: those that the call leaves to the signature's defaults.
    """
    others = other_options(request, options)
    if not others:
        return None
    if options.get("system") is None and "system" in request and not request["system"]:
        return Slip("system-empty", request["system"])
    given = {name: value for name, value in options.items() if name not in left_out}
    is_given = not other_options(request, given)
    return Slip("defaults-changed" if is_given else "options-lost", others)


def spoken_reply(exam: Exam, reply: str, wording: str, stop_reason: str) -> Turn:
    """Return a reply with content, of the kinds that come without tools.

    reply: "a text", "two texts", "two alike", "line ends between", "a space between", "thinking",
    "hidden thoughts", "a search" or "no text"; a thought comes before text, and is all there is in
    a reply without. What stands between two texts is a piece of its own, which the API refuses in
    a turn that comes back.
    """
    said = text_json(worded(exam, wording))
    other = text_json(worded(exam, wording)) if "two texts" in reply or "between" in reply else said
    # The simulator signs what a script leaves empty, so that it can be sent back.
    thought = {"type": "thinking", "thinking": exam.words(2), "signature": ""}
    content = {
        "two texts": [said, other],
        "line ends between": [said, text_json("\n\n"), other],
        "a space between": [said, text_json(" "), other],
        "two alike": [said, said],
        "thinking": [thought, said],
        "a search": [said, *searched(exam), cited(exam, worded(exam, wording))],
        "hidden thoughts": [{"type": "redacted_thinking", "data": ""}, said],
        "no text": [thought],
    }.get(reply, [said])
    return Turn(
        tuple(content),
        stop_reason=stop_reason,
        stop_sequence=exam.fresh("END") if stop_reason == "stop_sequence" else None,
        # What it says there is for a log, and no part of the reply.
        stop_details={"type": "refusal", "category": None, "explanation": exam.words(3)}
        if stop_reason == "refusal"
        else None,
    )
