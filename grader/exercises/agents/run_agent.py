"""The loop with every ending: answers, tools, pauses, limits and refusals."""

from __future__ import annotations

from typing import Any

from grader.catalog import THINKING_MODEL
from grader.exams import Criterion, Exam, exercise
from grader.exercises.agents.judging import hold_talk, judge_result, judge_run
from grader.exercises.loops import Step, asking, plan_call
from grader.simulator import Turn, empty, refusal, text, thinking

Json = Any

_TO_SPARE = 3
"""Extra replies after an end, so that we can tell going on from failing."""


@exercise(
    minutes=13,
    criteria=[
        Criterion("asks", "every request is the caller's, with the conversation so far"),
        Criterion("returns", "status `done`, and the text of the last reply"),
        Criterion("history", "Claude's turns go back unchanged, thinking and calls", points=2),
        Criterion("results", "every call is run and answered, in order, in one user message"),
        Criterion("errors", "a call that fails is answered too, with `is_error`"),
        Criterion("paused", "a paused turn goes back as it is, and the run goes on"),
        Criterion("cut", "a reply that was cut off is `max_tokens`, and no call in it is run"),
        Criterion("refused", "a refusal is `refusal`, without another request"),
        Criterion("limit", "after `max_turns` requests it is `turn_limit`"),
        Criterion("messages", "`messages` can be sent again; the caller's own are as they were"),
    ],
)
def run_agent(exam: Exam) -> None:
    """Run conversations with calls, thinking, failures and pauses, and with every ending."""
    if not _one_call(exam):
        return
    _thinking_between(exam)
    _thinking_enabled(exam)
    _failing(exam)
    _paused(exam)
    _empty(exam)
    _stop_sequence(exam)
    _cut(exam)
    _refused(exam)
    _limit(exam)


# -- scenes ----------------------------------------------------------------------------------


def _one_call(exam: Exam) -> bool:
    """Judge the smallest run, and return whether its history is right."""
    plan, answer = plan_call(exam, {"code": exam.fresh("code")}), exam.words(5)
    steps = (asking(plan), asking(text(answer)))
    talk = hold_talk(exam, steps, ("returns", "history", "results"))
    return talk.count > 0 and judge_run(exam, talk, answer)


def _thinking_between(exam: Exam) -> None:
    """Call one tool twice after a thought, another after a second one, and end in two texts."""
    name = exam.fresh("get")
    plans = [plan_call(exam, {"code": exam.fresh("code"), "next": None}, name=name)]
    plans += [plan_call(exam, exam.words(3), name=name), plan_call(exam, [exam.number(2, 99)])]
    texts = [f"{exam.words(3)} ", exam.words(3)]
    steps = (
        asking(thinking(), plans[0], plans[1]),
        asking(thinking(), plans[2]),
        asking(thinking(), *(text(words) for words in texts)),
    )
    talk = hold_talk(exam, steps, ("returns", "history", "results"), model=THINKING_MODEL)
    judge_run(exam, talk, *texts)


def _thinking_enabled(exam: Exam) -> None:
    """Think in words, with a budget: the API itself objects if the thoughts are gone."""
    plan, answer = plan_call(exam, exam.words(2)), exam.words(4)
    steps = (
        asking(thinking(exam.words(5)), text(exam.words(3)), plan),
        asking(thinking(exam.words(4)), text(answer)),
    )
    budget = {"type": "enabled", "budget_tokens": 1024}
    talk = hold_talk(exam, steps, ("history",), thinking=budget, max_tokens=2000)
    judge_run(exam, talk, answer)


def _failing(exam: Exam) -> None:
    """Make calls that raise, work, name no known tool, and raise without a word."""
    plans = (
        plan_call(exam, exam.pick(ValueError, TimeoutError)(exam.fresh("reason"))),
        plan_call(exam, exam.words(2)),
        plan_call(exam, None, is_known=False),
        plan_call(exam, TimeoutError()),
    )
    answer = exam.words(3)
    steps = (asking(*plans), asking(text(answer)))
    talk = hold_talk(exam, steps, ("errors",), crash="failure-kills")
    judge_run(exam, talk, answer)


def _paused(exam: Exam) -> None:
    """Pause a turn over the API's own searches: twice before a tool, and once before the end."""
    plan, answer = plan_call(exam, exam.words(2)), exam.words(4)
    (first, found_first), (second, found_second) = _search(exam), _search(exam)
    steps = (
        asking(thinking(), first, stop_reason="pause_turn"),
        asking(found_first, text(exam.words(3)), second, stop_reason="pause_turn"),
        asking(found_second, plan),
        asking(thinking(), text(answer)),
    )
    end = asking(found_first, text(answer))
    for script in (steps, (steps[0], end)):
        talk = hold_talk(exam, script, ("paused",), model=THINKING_MODEL, crash="pause-raised")
        judge_run(exam, talk, answer, criterion="paused")


def _empty(exam: Exam) -> None:
    """Have nothing to say after a tool."""
    steps = (asking(plan_call(exam, "Done.")), Step(empty()))
    talk = hold_talk(exam, steps, ("returns",), crash="empty-crash")
    judge_run(exam, talk)


def _stop_sequence(exam: Exam) -> None:
    words, stop = exam.words(3), exam.fresh("END")
    steps = (Step(text(words, stop_reason="stop_sequence", stop_sequence=stop)), *_spare(exam))
    talk = hold_talk(exam, steps, ("returns",), stop_sequences=[stop])
    judge_run(exam, talk, words)


def _cut(exam: Exam) -> None:
    """Cut a call off by the limit, then a text by the end of the context window."""
    words, plan = exam.words(3), plan_call(exam, exam.words(2))
    cut = asking(text(words), plan, stop_reason="max_tokens")
    full = Step(text(words, stop_reason="model_context_window_exceeded"))
    for step in (cut, full):
        talk = hold_talk(exam, (step, *_spare(exam)), ("cut",), crash="cut-raised")
        exam.expect("cut", not talk.ran, "cut-call-run", talk.ran[0].written if talk.ran else "")
        exam.expect("cut", talk.count == 1, "cut-goes-on", step.turn.stop_reason)
        judge_result(exam, talk, "cut", "max_tokens", (words,), "cut-as-done")


def _refused(exam: Exam) -> None:
    """Refuse without a word, then in the middle of an answer."""
    words = exam.words(4)
    category = exam.pick("cyber", "bio", None)
    for texts, reply in (
        ((), refusal(category)),
        ((words,), refusal(category, None, text(words))),
    ):
        talk = hold_talk(exam, (Step(reply), *_spare(exam)), ("refused",), crash="refusal-raised")
        exam.expect("refused", talk.count == 1, "refusal-retried", talk.count - 1)
        judge_result(exam, talk, "refused", "refusal", texts, "refusal-as-done")


def _limit(exam: Exam) -> None:
    """Answer in the last allowed turn; then call, and pause, without end."""
    most, answer = exam.number(2, 3), exam.words(3)
    steps = (*(_calling(exam) for _ in range(most - 1)), Step(text(answer)))
    talk = hold_talk(exam, steps, ("limit",), crash="limit-early", max_turns=most)
    judge_result(exam, talk, "limit", "done", (answer,), "limit-early")
    for make in (_calling, _pausing):
        most = exam.number(3, 4)
        steps = tuple(make(exam) for _ in range(most + _TO_SPARE))
        talk = hold_talk(exam, steps, ("limit",), crash="limit-raised", max_turns=most)
        observed = f"{talk.count} requests with max_turns={most}"
        wrong = exam.which({"limit-ignored": talk.count > most}, otherwise="limit-early")
        exam.expect("limit", talk.count == most, wrong, observed)
        words = steps[most - 1].turn.content[0]["text"]
        judge_result(exam, talk, "limit", "turn_limit", (words,), "limit-as-done")


def _calling(exam: Exam) -> Step:
    return asking(text(exam.words(2)), plan_call(exam, exam.words(2)))


def _pausing(exam: Exam) -> Step:
    search, found = _search(exam)
    return asking(text(exam.words(2)), search, found, stop_reason="pause_turn")


def _spare(exam: Exam) -> list[Step]:
    """Return replies that no code should ask for."""
    return [asking(text(exam.words(2))) for _ in range(_TO_SPARE)]


def _search(exam: Exam) -> tuple[Turn, Turn]:
    """Return a call that the API makes itself, and its result."""
    id = exam.fresh("srvtoolu")
    query = {"query": exam.words(3)}
    call = {"type": "server_tool_use", "id": id, "name": "web_search", "input": query}
    page = {
        "type": "web_search_result",
        "url": f"https://example.com/{exam.fresh('page')}",
        "title": exam.words(2),
        "encrypted_content": exam.fresh("page"),
        "page_age": None,
    }
    found = {"type": "web_search_tool_result", "tool_use_id": id, "content": [page]}
    return Turn((call,)), Turn((found,))
