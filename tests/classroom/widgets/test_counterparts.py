"""The state of Rosetta: every part of the three forms has its rule, and the data are real."""

import pytest

from grader.classroom import connect, connect_openai, rosetta
from grader.classroom.widgets.counterpart_rules import REPEATED
from grader.classroom.widgets.counterparts import APIS, Comparison, make_comparisons, written

COMPARISONS = make_comparisons()
each_comparison = pytest.mark.parametrize(
    "compared", COMPARISONS, ids=[compared.title for compared in COMPARISONS]
)


@each_comparison
def test_every_part_has_a_rule(compared: Comparison) -> None:
    """A value stands under a letter, its own or that of what it is part of."""
    assert len(compared.trees) == len(APIS)
    for nodes in compared.trees:
        lettered = {node.path for node in nodes if node.rule is not None}
        for node in nodes:
            if node.value:
                above = {node.path[:length] for length in range(1, len(node.path) + 1)}
                assert above & lettered, written(node.path)


@each_comparison
def test_every_rule_is_about_something_there(compared: Comparison) -> None:
    """No path of a rule leads nowhere, and each has another letter."""
    for rule in compared.rules:
        assert any(rule.paths)
        for paths, nodes in zip(rule.paths, compared.trees, strict=True):
            assert set(paths) <= {node.path for node in nodes}
    assert len({rule.letter for rule in compared.rules}) == len(compared.rules)


def _fields(compared: Comparison, api: str) -> dict[str, str]:
    return {written(node.path): node.value for node in compared.trees[APIS.index(api)]}


def _tops(compared: Comparison, api: str) -> set[str]:
    nodes = compared.trees[APIS.index(api)]
    return {written(node.path) for node in nodes if len(node.path) == 1}


def test_the_requests_are_accepted_and_answered_alike() -> None:
    """The replies are real: the real SDKs get the same to the same requests."""
    request, reply = COMPARISONS[0], COMPARISONS[1]
    asked = {"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "Hello"}]}
    openai = connect_openai(live=False)
    completion = openai.chat.completions.create(
        **asked, max_completion_tokens=300, stop="END", user="user_417", temperature=0.2, n=1
    )
    response = openai.responses.create(
        model="claude-sonnet-4-6", input="Hello", safety_identifier="user_417", store=False
    )
    message = connect(live=False).messages.create(
        **asked, max_tokens=300, stop_sequences=["END"], metadata={"user_id": "user_417"}
    )
    assert set(completion.to_dict()) == _tops(reply, "Chat Completions")
    assert set(response.to_dict()) == _tops(reply, "Responses") | REPEATED
    assert set(message.to_dict()) == _tops(reply, "Messages")
    assert _fields(reply, "Chat Completions")["choices[0].message.content"] == '"Paris."'
    assert _fields(reply, "Responses")["output[1].content[0].text"] == '"Paris."'
    assert _fields(reply, "Messages")["content[0].text"] == '"Paris."'
    assert _fields(request, "Messages")["max_tokens"] == "300"


def test_what_is_left_out_is_counted() -> None:
    """The sentence below the trees says how many fields of Responses it leaves out."""
    for compared in COMPARISONS:
        assert (f"in {len(REPEATED)} more fields" in compared.note) == ("Reply" in compared.title)
        assert not compared.note or compared.note in str(rosetta())


def test_a_call_is_a_string_there_and_a_dict_here() -> None:
    """The tool call of all three replies asks for the same."""
    reply = COMPARISONS[3]
    call = "choices[0].message.tool_calls[0].function"
    assert _fields(reply, "Chat Completions")[f"{call}.arguments"] == '"{\\"city\\": \\"Paris\\"}"'
    assert _fields(reply, "Responses")["output[0].arguments"] == '"{\\"city\\":\\"Paris\\"}"'
    assert _fields(reply, "Messages")["content[0].input.city"] == '"Paris"'


def test_the_table_says_it_all_in_words() -> None:
    """Each rule stands in the text, with its paths."""
    text = str(rosetta())
    limit = "max_completion_tokens · max_output_tokens → max_tokens"
    assert f"  B  {limit}\n     Renamed, and required" in text
    assert "usage.total_tokens · usage.total_tokens → none here" in text
    for rule in COMPARISONS[1].rules:
        assert rule.words in text
