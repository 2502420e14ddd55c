"""What the bench says of a call is what the simulator's own book says."""

from decimal import Decimal

import pytest

from grader.classroom.widgets.cache_plays import MOST_CALLS, Bench, Part, clock_words
from grader.errors import WidgetError
from tests.catalog.small import SMALL

CARD = SMALL.find("claude-sonnet-4-6")
LONG = "An order may be sent back within 14 days. " * 120
PARTS = (
    Part("find_order", "tools", "Find an order."),
    Part("Time", "system", "It is {time}."),
    Part("Handbook", "system", LONG, "5m"),
    Part("Question", "messages", "Question {call}?"),
)


def opened(*parts: Part) -> Bench:
    """Return a bench with these blocks, or with those above."""
    return Bench(CARD, parts or PARTS)


def fates(bench: Bench) -> dict[str, str]:
    """Return what the next call would do with each block."""
    return {share.part.name: share.fate for share in bench.ahead.shares}


def played(bench: Bench, *pauses: int) -> Bench:
    """Return the bench after a call behind each pause; pauses: in minutes."""
    for pause in pauses:
        bench = bench.wait(Decimal(pause)).send()
    return bench


def mended() -> Bench:
    """Return the bench with the time behind the handbook."""
    return opened().move(1, 1)[0]


def test_a_changing_prefix_is_written_each_time() -> None:
    """The time before the handbook: no call reads, and each pays the premium."""
    bench = played(opened(), 0, 1).wait(Decimal(1))
    assert fates(bench) == {
        "find_order": "written",
        "Time": "written",
        "Handbook": "written",
        "Question": "fresh",
    }
    assert bench.ahead.reason.startswith("system_changed: the system prompt differs from")
    assert bench.cached > bench.plain


def test_an_unchanging_prefix_is_read() -> None:
    """The time behind it: the second call reads, and the third, for each one renews."""
    bench = played(mended(), 0, 4, 4)
    first, second, third = (sent.outcome.tokens for sent in bench.sent)
    assert first.read == 0
    assert first.write_5m >= CARD.cache_minimum
    assert (second.read, second.written) == (first.write_5m, 0)
    assert third.read == first.write_5m
    assert bench.cached < bench.plain
    assert fates(bench)["Handbook"] == "read"
    assert fates(bench)["Time"] == "fresh"


def test_the_bill_is_the_price_list_s() -> None:
    """Sonnet 4.6: 3.75 to write, 0.30 to read, 3 fresh, 15 out, in USD per million."""
    bench = played(mended(), 0, 4)
    for sent in bench.sent:
        tokens = sent.outcome.tokens
        millionths = 3 * tokens.fresh + Decimal("3.75") * tokens.write_5m + 15 * tokens.output
        millionths += Decimal("0.30") * tokens.read
        assert sent.outcome.cached == millionths / 1_000_000
        assert sent.outcome.plain == Decimal(3 * tokens.prompt + 15 * tokens.output) / 1_000_000


def test_the_clock_ends_a_lifetime() -> None:
    """After 5 minutes nothing is left; an hour's breakpoint is still read, and was dearer."""
    bench = played(mended(), 0)
    assert fates(bench.wait(Decimal("4.9")))["Handbook"] == "read"
    assert fates(bench.wait(Decimal(5)))["Handbook"] == "written"
    hour = played(mended().edit(1, mark="1h"), 0)
    assert hour.sent[0].outcome.tokens.write_1h == bench.sent[0].outcome.tokens.write_5m
    assert fates(hour.wait(Decimal(59)))["Handbook"] == "read"


def test_looking_ahead_changes_nothing() -> None:
    """What would be written is not there until a call is sent."""
    bench = mended()
    assert bench.ahead.tokens.read == bench.wait(Decimal(1)).ahead.tokens.read == 0
    assert bench.ahead == mended().ahead


def test_a_tool_that_changes_spoils_all_behind_it() -> None:
    """Tools come first."""
    bench = played(mended(), 0).edit(0, text="Find an order by its number.")
    assert set(fates(bench).values()) == {"written", "fresh"}
    assert bench.ahead.reason.startswith("tools_changed")


def test_no_breakpoint_and_too_short_a_prefix_cache_nothing() -> None:
    """Both are silent in the API."""
    for bench in (mended().edit(1, mark=""), mended().edit(1, text="Be brief.")):
        assert set(fates(bench).values()) == {"fresh"}
        assert bench.ahead.cached == bench.ahead.plain


def test_what_the_api_refuses_is_not_sent() -> None:
    """Its own words are shown, and the bill stays."""
    bench = mended().edit(1, text="")
    assert bench.ahead.fault.startswith("400 invalid_request_error: system")
    with pytest.raises(WidgetError, match="The API refuses this call: 400"):
        bench.send()
    late = mended().edit(3, mark="1h")
    assert "must not come after a ttl='5m'" in late.ahead.fault


def test_blocks_move_where_the_api_has_a_place_for_them() -> None:
    """Texts cross from the system prompt to the message and back; tools stay by themselves."""
    bench, at = opened().move(1, 1)
    assert ([part.name for part in bench.parts][1:3], at) == (["Handbook", "Time"], 2)
    bench, at = bench.move(2, 1)
    assert (bench.parts[2].level, at) == ("messages", 2)
    assert bench.ahead.fault == ""
    bench, at = bench.move(2, -1)
    assert (bench.parts[2].level, at) == ("system", 2)
    for place, by, words in (
        (0, 1, "Tools come first"),
        (1, -1, "Tools come first"),
        (0, -1, "at the end of the prompt"),
        (3, 1, "at the end of the prompt"),
        (3, -1, "A call needs a message"),
    ):
        with pytest.raises(WidgetError, match=words):
            opened().move(place, by)


def test_a_bench_keeps_so_many_calls() -> None:
    """Then it says what to do."""
    full = opened(Part("Question", "messages", "Hello"))
    full = played(full, *[1] * MOST_CALLS)
    with pytest.raises(WidgetError, match="Start again"):
        full.send()


def test_the_clock_says_the_day_too() -> None:
    """It opens at nine."""
    assert clock_words(Decimal("30.5")) == "09:30"
    assert clock_words(Decimal(24 * 60)) == "09:00 on day 2"
