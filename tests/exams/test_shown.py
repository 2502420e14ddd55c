"""Values in a verdict's sentences: told apart, however alike they look."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.exams import Diagnosis, description, shown

PLAIN = st.none() | st.booleans() | st.integers() | st.text("ab1 ", max_size=6)
TOLD = [
    (description.SdkObject("Message", {"id": "m"}), "Message(id='m')"),
    (description.Opaque("set", "no plain data"), "a set: no plain data"),
    (description.Record("Result", {"answer": "Yes", "turns": 2}), "Result(answer='Yes', turns=2)"),
    (description.KeptHandle(3, "Bot"), "a Bot"),
    (description.ClientHandle(1), "the client"),
    (description.CallableHandle(2, "on_text"), "the function on_text"),
    (description.SdkError({}, 400, {}, "too long"), "an error of the API: too long"),
]
VALUES = PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(st.text("ab", max_size=2), PLAIN)


@pytest.mark.parametrize(("value", "told"), TOLD, ids=lambda value: type(value).__name__)
def test_what_stands_for_an_object_is_told_as_the_learner_knows_it(
    value: object, told: str
) -> None:
    """The exam's own classes are in no sentence, inside other values neither."""
    assert shown(value) == repr(value) == told
    assert shown([value]) == f"[{told}]"


def test_nothing_that_stands_for_an_object_is_left_out() -> None:
    """A class that is added needs words."""
    classes = {each for each in vars(description).values() if dataclasses.is_dataclass(each)}
    values = {type(value) for value, _ in TOLD}
    assert classes - values == {description.Budget}


@given(VALUES)
def test_a_text_never_looks_like_the_value_that_it_spells(value: object) -> None:
    """'230' is not 230, and "['text']" is no list."""
    assert shown(str(value)) != shown(value) or isinstance(value, str)


@pytest.mark.parametrize("text", ["Paris.", "It's cut", "a and b", "(no", "400 messages: x"])
def test_a_plain_text_goes_without_quotes(text: str) -> None:
    """Sentences that a check writes stay sentences."""
    assert shown(text) == text


@pytest.mark.parametrize("text", [" a", "a\n", "230", "None", ""])
def test_what_cannot_be_seen_is_quoted(text: str) -> None:
    """A space at an edge, or a number's quotes, may be the mistake."""
    assert shown(text)[0] == shown(text)[-1] in "'\""


@pytest.mark.parametrize(
    ("saw", "observed", "sentence"),
    [
        ("It is `{observed}`.", "Paris.", "It is `Paris.`"),
        ("It is `{observed}`.", "Paris", "It is `Paris`."),
        ("Only {observed}.", "it failed.", "Only it failed."),
        ("Python says: `{observed}`", "It failed.", "Python says: `It failed.`"),
        ("It says `{observed}` twice.", "Stop.", "It says `Stop.` twice."),
    ],
)
def test_a_sentence_has_one_full_stop(saw: str, observed: str, sentence: str) -> None:
    """What was seen may bring its own."""
    assert Diagnosis("a", "A.", saw, "Why.", "Next.").seen(observed) == sentence
