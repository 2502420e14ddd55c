"""Written answers depend on the conversation that was sent, as a model's would."""

from grader.simulator.replies.written import written_answer, written_more

QUESTION = "What is a decorator?"
FOLLOW_UP = "Show me a simple example."
API = "What is an API?"


def conversation(*words: str) -> list[dict[str, object]]:
    """Return messages that begin with the user's and take turns."""
    return [
        {"role": ("user", "assistant")[number % 2], "content": said}
        for number, said in enumerate(words)
    ]


def test_a_follow_up_is_answered_by_what_was_asked_before() -> None:
    """The same question without its history is not understood."""
    alone = written_answer(conversation(FOLLOW_UP))
    after = written_answer(conversation(QUESTION, "A function that …", FOLLOW_UP))
    assert alone == "An example of what? Yours is the first message I see, and it doesn't say."
    assert after is not None
    assert after.startswith("def twice(function):")


def test_an_instruction_in_the_conversation_changes_the_answer() -> None:
    """A system message counts wherever it stands, as with a model."""
    said = conversation(QUESTION, "A function that …", "When would you use one?")
    note = {"role": "system", "content": "From now on, answer in German."}
    plain, behind, before = (written_answer(each) for each in (said, [*said, note], [note, *said]))
    assert plain is not None
    assert plain.startswith("When many functions")
    assert behind is not None
    assert behind.startswith("Wenn viele Funktionen")
    assert before == behind


def test_questions_in_a_row_are_all_answered() -> None:
    """The API merges them into one turn."""
    first, second = conversation(QUESTION)[0], conversation(FOLLOW_UP)[0]
    answers = [
        written_answer([first]),
        written_answer([first, {"role": "assistant", "content": "…"}, second]),
    ]
    assert written_answer([first, second]) == "\n\n".join(map(str, answers))


def test_a_row_with_an_unwritten_question_has_no_written_answer() -> None:
    """Half an answer would look like a whole one."""
    odd = {"role": "user", "content": "What is the airspeed of a swallow?"}
    assert written_answer([odd, *conversation(QUESTION)]) is None


def test_a_conversation_without_a_user_has_no_written_answer() -> None:
    """It is not the improviser's to refuse it."""
    assert written_answer([{"role": "assistant", "content": "Hello"}]) is None


def test_more_is_said_of_the_last_question_alone() -> None:
    """What an answer gains with effort belongs to that answer."""
    retry = "What makes an API call safe to retry?"
    more = written_more(conversation(retry))
    assert len(more) == 3
    assert written_more(conversation(API, "…", retry)) == more
    assert written_more(conversation(retry, "…", API)) == ()
    assert written_more([]) == ()
