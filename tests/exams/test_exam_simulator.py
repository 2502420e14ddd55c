"""The API of an exam knows no date: a verdict is the same on any day."""

import json
import warnings

import pytest

from grader.catalog import load_catalog
from grader.exams import Exam
from grader.simulator import Simulator, text
from tests.exams.small_exercise import judged

RETIRING = [card.id for card in load_catalog().models if card.retires is not None]
ASKED = {"max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}


@pytest.mark.parametrize("model", RETIRING)
def test_a_model_that_retires_changes_no_verdict(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graded on its last day and a century later, an answer gets the same points."""
    defaults = vars(Simulator)["__init__"].__kwdefaults__
    monkeypatch.setitem(defaults, "clock", lambda: 4.0e9)
    objections: list[str | None] = []

    def check(exam: Exam) -> None:
        objections.append(exam.send({**ASKED, "model": model}))
        scene = exam.scene(text("Hello."))
        exam.expect("one", exam.call(scene.client).value == "Hello.", "wrong")
        exam.expect("two", True, "other")

    source = (
        "def answer(client):\n    return client.messages.create("
        f"model={model!r}, **{ASKED!r}).content[0].text"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert judged(check, source).points == 3
    assert objections == [None]


def test_a_simulator_with_a_clock_of_its_own_would_refuse_it() -> None:
    """There are such models, and the clock decides."""
    assert RETIRING
    served = Simulator(clock=lambda: 4.0e9)
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
    body = json.dumps({**ASKED, "model": RETIRING[0]}).encode()
    assert served.handle("POST", "/v1/messages", headers, body).status == 404
