"""The state of Rosetta: every part of both sides has its rule, and the data are real."""

import pytest

from grader.classroom import connect, connect_openai, rosetta
from grader.classroom.widgets.counterparts import Pair, make_pairs, written

PAIRS = make_pairs()
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=[pair.title for pair in PAIRS])


@each_pair
def test_every_part_has_a_rule(pair: Pair) -> None:
    """A value stands under a letter, its own or that of what it is part of."""
    for nodes in (pair.openai, pair.anthropic):
        lettered = {node.path for node in nodes if node.rule is not None}
        for node in nodes:
            if node.value:
                above = {node.path[:length] for length in range(1, len(node.path) + 1)}
                assert above & lettered, written(node.path)


@each_pair
def test_every_rule_is_about_something_there(pair: Pair) -> None:
    """No path of a rule leads nowhere, and each has another letter."""
    for rule in pair.rules:
        assert rule.openai or rule.anthropic
        assert set(rule.openai) <= {node.path for node in pair.openai}
        assert set(rule.anthropic) <= {node.path for node in pair.anthropic}
    assert len({rule.letter for rule in pair.rules}) == len(pair.rules)


def _fields(pair: Pair, side: str) -> dict[str, str]:
    return {written(node.path): node.value for node in getattr(pair, side)}


def test_both_requests_are_accepted_and_answered_alike() -> None:
    """The replies are real: the real SDKs get the same to the same requests."""
    request, reply = PAIRS[0], PAIRS[1]
    asked = {"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "Hello"}]}
    completion = connect_openai(live=False).chat.completions.create(
        **asked, max_completion_tokens=300, stop="END", user="user_417", temperature=0.2, n=1
    )
    message = connect(live=False).messages.create(
        **asked, max_tokens=300, stop_sequences=["END"], metadata={"user_id": "user_417"}
    )
    tops = {written(node.path) for node in reply.openai if len(node.path) == 1}
    assert set(completion.to_dict()) == tops
    assert set(message.to_dict()) == {
        written(node.path) for node in reply.anthropic if len(node.path) == 1
    }
    assert _fields(reply, "openai")["choices[0].message.content"] == '"Paris."'
    assert _fields(reply, "anthropic")["content[0].text"] == '"Paris."'
    assert _fields(request, "anthropic")["max_tokens"] == "300"


def test_a_call_is_a_string_there_and_a_dict_here() -> None:
    """The tool call of both replies asks for the same."""
    reply = PAIRS[3]
    call = "choices[0].message.tool_calls[0].function"
    assert _fields(reply, "openai")[f"{call}.arguments"] == '"{\\"city\\": \\"Paris\\"}"'
    assert _fields(reply, "anthropic")["content[0].input.city"] == '"Paris"'


def test_the_table_says_it_all_in_words() -> None:
    """Each rule stands in the text and in the HTML, with both its paths."""
    widget = rosetta()
    assert "  B  max_completion_tokens → max_tokens\n     Renamed, and required" in str(widget)
    assert "  L  usage.total_tokens → no counterpart" in str(widget)
    for rule in PAIRS[1].rules:
        assert rule.words in str(widget)
