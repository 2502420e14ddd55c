"""The book of prompt caching: what is written, what is read, for how long, and what it costs."""

import asyncio
from typing import Any

import anthropic
import httpx2
import pytest

from grader.catalog import find_model
from grader.simulator import Fault, Script, Simulator, SimulatorTransport, empty, text
from tests.simulator.caching.conftest import HOUR, MARK, RULES, Workspace, block, said

SYSTEM = [block(RULES, **MARK)]
SIZE = 1_920
"""What Sonnet 4.6 counts for RULES is not far from this; each test reads the exact count."""


def written(workspace: Workspace, **request: Any) -> int:
    """Return what a first call writes, which nothing was read for."""
    read, wrote, _ = workspace.ask(**request)
    assert read == 0 < wrote
    return wrote


def test_the_first_call_writes_and_the_next_reads(workspace: Workspace) -> None:
    """The same tokens; what follows the breakpoint is fresh each time."""
    first = workspace.ask(system=SYSTEM)
    second = workspace.ask(system=SYSTEM)
    assert first[0] == 0
    assert abs(first[1] - SIZE) < SIZE * 0.2
    assert second == (first[1], 0, first[2])


def test_nothing_is_cached_unless_asked(workspace: Workspace) -> None:
    """A long prompt without a marker is fresh each time."""
    counts = [workspace.ask(system=RULES) for _ in range(2)]
    assert counts[0] == counts[1]
    assert counts[0][:2] == (0, 0)


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", "claude-haiku-4-5", "claude-opus-4-7"])
def test_a_prefix_under_the_models_minimum_is_silently_not_cached(
    workspace: Workspace, model: str
) -> None:
    """The very same length is cached by a model whose minimum it reaches."""
    minimum = find_model(model).cache_minimum
    words = "word " * (minimum // 2)
    for _ in range(2):
        assert workspace.ask(model=model, system=[block(words, **MARK)])[:2] == (0, 0)
    words = "word " * (minimum * 2)
    read, wrote, _ = workspace.ask(model=model, system=[block(words, **MARK)])
    assert (read, wrote >= minimum) == (0, True)


def test_all_input_is_counted_once(workspace: Workspace) -> None:
    """Read, written and fresh add up to what count_tokens says."""
    request: Any = {"system": SYSTEM, "messages": [*said("Hello", "Hi"), last("More")]}
    total = workspace.client.messages.count_tokens(model="claude-sonnet-4-6", **request)
    for _ in range(2):
        assert sum(workspace.ask(**request)) == total.input_tokens


def last(words: str, **marks: Any) -> dict[str, Any]:
    """Return a user turn of one marked block."""
    return {"role": "user", "content": [block(words, **(marks or MARK))]}


def test_three_tokens_follow_a_breakpoint_at_the_end(workspace: Workspace) -> None:
    """Recorded: where the last block is marked only the frame of the answer is fresh."""
    assert workspace.ask(messages=[last(RULES)])[2] == 3


def test_a_conversation_reads_what_it_wrote_and_adds_to_it(workspace: Workspace) -> None:
    """With a breakpoint that moves along at its end."""
    first = workspace.ask(messages=[last(RULES)])
    second = workspace.ask(messages=[*said(RULES, "Fine."), last("And then? " * 50)])
    third = workspace.ask(
        messages=[*said(RULES, "Fine.", "And then? " * 50, "Done."), last("Thanks.")]
    )
    assert second[0] == first[1]
    assert third[0] == second[0] + second[1]
    assert second[1] > 0 < third[1]


def test_automatic_caching_marks_the_last_block(workspace: Workspace) -> None:
    """The same usage as the marker by hand."""
    by_hand = workspace.ask(messages=[last(RULES)])
    automatic = workspace.ask(minute=60, messages=said(RULES), cache_control={"type": "ephemeral"})
    assert automatic == by_hand


@pytest.mark.parametrize(
    ("gap", "marks", "hit"),
    [(4.9, MARK, True), (5, MARK, False), (59.9, HOUR, True), (60, HOUR, False)],
    ids=["5m just alive", "5m over", "1h just alive", "1h over"],
)
def test_an_entry_lives_as_long_as_asked(
    workspace: Workspace, gap: float, marks: Any, hit: bool
) -> None:
    """From the start of the request that wrote it."""
    system = [block(RULES, **marks)]
    wrote = written(workspace, system=system)
    read, again, _ = workspace.ask(minute=gap, system=system)
    assert (read, again) == ((wrote, 0) if hit else (0, wrote))


def test_a_hit_renews_the_lifetime(workspace: Workspace) -> None:
    """Every four minutes keeps a five-minute entry alive for good."""
    wrote = written(workspace, system=SYSTEM)
    for minute in (4, 8, 12, 16):
        assert workspace.ask(minute=minute, system=SYSTEM)[:2] == (wrote, 0)
    assert workspace.ask(minute=21, system=SYSTEM)[:2] == (0, wrote)


def test_writes_are_split_by_lifetime(workspace: Workspace) -> None:
    """An hour for the rules, five minutes for the conversation after them."""
    workspace.ask(system=[block(RULES, **HOUR)], messages=[last("Tell me more. " * 100)])
    split = workspace.seen[0].usage.cache_creation
    assert split.ephemeral_1h_input_tokens > split.ephemeral_5m_input_tokens > 0
    read, wrote, _ = workspace.ask(
        minute=30, system=[block(RULES, **HOUR)], messages=[last("Tell me more. " * 100)]
    )
    assert read == split.ephemeral_1h_input_tokens
    assert wrote == split.ephemeral_5m_input_tokens


@pytest.mark.parametrize(("blocks_between", "hit"), [(19, True), (20, False)])
def test_a_breakpoint_looks_back_twenty_blocks(
    workspace: Workspace, blocks_between: int, hit: bool
) -> None:
    """Itself included; an entry further back is not found."""
    first = {"role": "user", "content": [block(RULES, **MARK)]}
    wrote = written(workspace, messages=[first])
    more = [block(f"Note {i}.") for i in range(blocks_between - 1)]
    messages = [{"role": "user", "content": [block(RULES), *more, block("Go on.", **MARK)]}]
    assert workspace.ask(messages=messages)[0] == (wrote if hit else 0)


def test_an_earlier_breakpoint_finds_what_is_too_far_for_the_last(workspace: Workspace) -> None:
    """That is what the other three are for."""
    wrote = written(workspace, system=SYSTEM)
    notes = [block(f"Note {i}.") for i in range(30)]
    messages = [{"role": "user", "content": [*notes, block("Go on.", **MARK)]}]
    read, added, _ = workspace.ask(system=SYSTEM, messages=messages)
    assert (read, added > 0) == (wrote, True)


def test_an_entry_is_written_at_breakpoints_only(workspace: Workspace) -> None:
    """A shared beginning that no breakpoint ended is not read."""
    written(workspace, system=[block(RULES), block("Today is Monday.", **MARK)])
    system = [block(RULES), block("Today is Tuesday.", **MARK)]
    assert workspace.ask(system=system)[0] == 0


def test_each_model_has_its_own_entries(workspace: Workspace) -> None:
    """An alias is the same model."""
    words = [block(RULES * 3, **MARK)]
    wrote = written(workspace, model="claude-haiku-4-5", system=words)
    read, _, _ = workspace.ask(model="claude-haiku-4-5-20251001", system=words)
    assert read == wrote
    assert workspace.ask(model="claude-sonnet-4-6", system=words)[0] == 0


def test_each_workspace_has_its_own_entries(workspace: Workspace) -> None:
    """Named by the request's header."""
    wrote = written(workspace, system=SYSTEM)
    other = {"workspace_id": "wrkspc_01"}
    assert workspace.ask(system=SYSTEM, **other)[:2] == (0, wrote)
    assert workspace.ask(system=SYSTEM, **other)[:2] == (wrote, 0)


def test_max_tokens_of_0_warms_the_cache(workspace: Workspace) -> None:
    """It writes, answers nothing, and bills no output."""
    wrote = written(workspace, system=SYSTEM, max_tokens=0)
    warmed = workspace.seen[0]
    assert (warmed.content, warmed.stop_reason) == ([], "max_tokens")
    assert warmed.usage.output_tokens == 0
    assert workspace.ask(system=SYSTEM, messages=said("Now?"))[0] == wrote


def test_an_error_writes_nothing(client_of: Any) -> None:
    """The next call still writes."""
    simulator = Simulator(replies=Script(Fault(529, "Overloaded"), text("Hi."), text("Hi.")))
    workspace = Workspace(client_of(simulator), [0.0])
    with pytest.raises(anthropic.OverloadedError):
        workspace.ask(system=SYSTEM)
    wrote = written(workspace, system=SYSTEM)
    assert workspace.ask(system=SYSTEM)[0] == wrote


def test_calls_made_at_once_all_write() -> None:
    """An entry can be read once the reply that writes it has begun."""
    simulator = Simulator(replies=lambda _request, _card: empty(), clock=lambda: 0.0)
    request: Any = {
        "model": "claude-sonnet-4-6",
        "max_tokens": 10,
        "system": SYSTEM,
        "messages": said("Hello"),
    }

    async def reads() -> list[int]:
        transport = SimulatorTransport(simulator)
        async with httpx2.AsyncClient(transport=transport) as http:
            client = anthropic.AsyncAnthropic(api_key="simulated", http_client=http)
            # The SDK's first call waits for a thread that names the platform, each time as long.
            await client.messages.create(**{**request, "system": "Be brief."})
            at_once = [client.messages.create(**request) for _ in range(3)]
            messages = [*await asyncio.gather(*at_once), await client.messages.create(**request)]
        return [message.usage.cache_read_input_tokens or 0 for message in messages]

    *first, after = asyncio.run(reads())
    assert first == [0, 0, 0]
    assert after > 0


def test_a_stream_that_was_never_read_writes_nothing(post: Any) -> None:
    """And one that began does, whatever became of it."""
    simulator = Simulator(seed=1, clock=lambda: 0.0)
    body = {
        "model": "claude-sonnet-4-6",
        "max_tokens": 10,
        "system": SYSTEM,
        "messages": said("Hello"),
        "stream": True,
    }

    def began() -> int:
        events = post(body, to=simulator).events
        opening = next(events)
        return int(opening.data["message"]["usage"]["cache_read_input_tokens"])

    post(body, to=simulator)
    assert began() == 0
    assert began() > 0
