"""Drawn thinking is as good as the API's: where it was made it is taken, behind a cut it isn't."""

import pytest

from grader.exams import shown
from grader.exams.counting import exam_simulator
from grader.exams.sending import objection_of
from grader.exercises.loops import (
    has_thoughts,
    models_that_check,
    signed,
    without_thoughts,
)
from grader.exercises.loops.drawn import sdk_block, text_block
from grader.simulator import Script, text

each_model = pytest.mark.parametrize("model", models_that_check())
each_kind = pytest.mark.parametrize(
    ("thought", "kind"),
    [
        ({"type": "thinking", "thinking": "", "signature": ""}, "'thinking'"),
        ({"type": "thinking", "thinking": "Let me see.", "signature": ""}, "'thinking'"),
        ({"type": "redacted_thinking", "data": ""}, "'redacted_thinking'"),
    ],
    ids=["hidden", "shown", "redacted"],
)


def _history(thought, model, *, in_dicts, **more):
    """Return four questions, of which three are answered behind a thought."""
    messages = []
    for number in range(3):
        blocks = [sdk_block(dict(thought)), text_block(f"Answer {number}.")]
        blocks = [block.data for block in blocks] if in_dicts else blocks
        messages += [
            {"role": "user", "content": f"Question {number}?"},
            {"role": "assistant", "content": blocks},
        ]
    messages = signed(messages, model=model, seed=7, **more)
    return [*messages, {"role": "user", "content": "Question 3?"}]


def _objection(messages, model, **more):
    simulator = exam_simulator(Script(text("Fine.")), seed=0)
    request = {"model": model, "max_tokens": 100, "messages": messages, **more}
    return objection_of(simulator, request)[0] or ""


@each_kind
@each_model
@pytest.mark.parametrize("in_dicts", [False, True], ids=["objects", "dicts"])
def test_a_whole_history_is_taken_and_its_verbatim_end_is_not(model, thought, kind, in_dicts):
    """Wherever it is cut, the end is taken once its thoughts are gone."""
    history = _history(thought, model, in_dicts=in_dicts, system="Be brief.")
    assert _objection(history, model, system="Be brief.") == ""
    for cut in (2, 4):
        refused = _objection(history[cut:], model, system="Be brief.")
        assert "bound to a different conversation" in refused
        bare = without_thoughts(history[cut:])
        assert (has_thoughts(history[cut:]), has_thoughts(bare)) == (True, False)
        assert _objection(bare, model, system="Be brief.") == ""


@each_kind
def test_a_panel_tells_the_refusal_by_its_place_its_block_and_what_differs(thought, kind):
    """What could be done about it stands in the lesson; the line is short enough for both ends."""
    model = models_that_check()[-1]
    history = _history(thought, model, in_dicts=False, system="Be brief.")
    told = shown(_objection(history, model, system="Be long."))
    assert told == (
        f"400 … messages.1.content.0: {kind} … is bound to a different conversation. "
        "The 'system' prompt differs from the one this block was created with."
    )
    cut = shown(f"BadRequestError: {_objection(history[2:], model, system='Be brief.')}")
    assert cut.endswith("Content before this block differs, first at 'messages.0.content.0'.")


def test_a_turn_of_nothing_but_thoughts_goes_with_them():
    """The API refuses a turn without content; everything else stays as it was."""
    thought = {"type": "thinking", "thinking": "", "signature": "x"}
    asked = {"role": "user", "content": "Well?"}
    answer = {"role": "assistant", "content": "Yes."}
    alone = {"role": "assistant", "content": [thought]}
    assert without_thoughts([asked, alone, asked, answer]) == [asked, asked, answer]


@pytest.mark.parametrize("odd", [[1], ["text"], [{"role": "user"}], [None, {"content": []}]])
def test_what_is_no_message_is_left_alone(odd):
    """Learners' code returns anything."""
    assert without_thoughts(odd) == odd
    assert has_thoughts(odd) is False
