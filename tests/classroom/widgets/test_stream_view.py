"""The display of a stream: its view by traits, its words and its picture in each state."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom import StreamView
from grader.classroom.widgets.stream_picture import lanes_html, streams_html, timeline_html
from grader.classroom.widgets.stream_record import Snapshot, Stretch
from grader.classroom.widgets.stream_view import ShownStreams
from grader.classroom.widgets.stream_words import best_figures
from grader.simulator import interrupted, overloaded, text, tool_use, turn
from tests.classroom.widgets.streaming import CALL, LONG, REQUEST, WORDS, connected
from tests.classroom.widgets.traits import button, drawn, words

VIEW = "application/vnd.jupyter.widget-view+json"


def _played(*replies: Any, then: Callable[[ShownStreams], None] | None = None) -> ShownStreams:
    """Return a stream that was read to its end; then: what is done after its first words."""
    client, _ = connected(*replies)

    async def play() -> ShownStreams:
        streams = StreamView(client).run(**REQUEST)
        if then is not None:
            while not any(block.words for block in streams.snapshots[0].blocks):
                await asyncio.sleep(0)
            then(streams)
        await asyncio.gather(*(run.finish() for run in streams.runs))
        return streams

    return asyncio.run(play())


def test_blocks_are_told_apart_and_a_call_is_json() -> None:
    """By their names, and by the line beside them."""
    streams = _played(turn(text("I look."), tool_use("get_weather", CALL)))
    view = streams.make_view()
    for part in (
        "claude-sonnet-4-6: ✓ Ended after",
        "stop_reason tool_use",
        "block 0 · text I look.",
        "block 1 · tool_use get_weather, input as JSON {&quot;city&quot;: &quot;Paris&quot;,",
        "input_json_delta · block 1",
    ):
        assert part in words(view)
    edges = re.findall(r"border-left:4px (\w+) #", streams.still().html)
    assert edges == ["solid", "double"]


def test_the_view_follows_the_stream_and_its_stop_button_stops_it() -> None:
    """Then the same button sends the request again, after a second in which it does nothing."""
    views: list[Any] = []
    seen: list[str] = []

    def stop(streams: ShownStreams) -> None:
        views.append(streams.make_view())
        seen.append(words(views[0]))
        button(views[0], "Stop").click()

    _played(LONG, then=stop)
    assert "claude-sonnet-4-6: Streaming." in seen[0]
    assert "block 0 · thinking, not whole" in seen[0]
    assert "counted here, because the final usage has not come" in seen[0]
    assert "■ Stopped after" in words(views[0])
    assert button(views[0], "Send again").name == (
        "Send again: send the request to claude-sonnet-4-6 again; it costs again"
    )
    assert 'aria-disabled="true"' in drawn(views[0])


def test_a_stream_that_is_shown_twice_works_twice() -> None:
    """Each view follows it, and each has a button."""
    views: list[Any] = []

    def show(streams: ShownStreams) -> None:
        views.extend([streams.make_view(), streams.make_view()])
        button(views[1], "Stop").click()

    _played(LONG, then=show)
    for view in views:
        assert "■ Stopped after" in words(view)
        assert button(view, "Send again")


def test_an_error_in_mid_stream_is_shown_as_one() -> None:
    """What came stays, and the words say when it broke off."""
    streams = _played(interrupted(text(WORDS), after=6, fault=overloaded()))
    for shown in (words(streams.make_view()), str(streams.still())):
        assert "✗ Failed in mid-stream, after" in shown
        assert "200 overloaded_error · raised as APIStatusError" in shown
        assert "block 0 · text, not whole" in shown


def test_only_the_end_of_a_long_block_is_drawn_while_it_grows() -> None:
    """The whole of it would be sent to the browser 20 times a second."""
    views: list[Any] = []
    seen: list[str] = []

    def look(streams: ShownStreams) -> None:
        views.append(streams.make_view())
        for _ in range(2000):
            streams.runs[0]._record.note(
                {
                    "type": "content_block_delta",
                    "index": 0,
                    "delta": {"type": "text_delta", "text": "again "},
                },
                0.1,
            )
        seen.append(words(streams.make_view()))

    streams = _played(text(WORDS), then=look)
    assert "characters before)" in seen[0]
    assert len(seen[0]) < 6_000
    assert "characters before)" not in words(views[0]) + str(streams.still())
    assert len(words(views[0])) > 12_000


def test_streams_stand_side_by_side() -> None:
    """Each has its name and its button; awaiting gives the snapshots in order."""

    async def play() -> tuple[ShownStreams, Any]:
        both = StreamView.side_by_side(
            StreamView(connected(LONG)[0], title="long").run(**REQUEST),
            StreamView(connected(text("Hi."))[0], title="short").run(**REQUEST),
        )
        return both, await both

    both, snapshots = asyncio.run(play())
    assert [snapshot.state for snapshot in snapshots] == ["ended", "ended"]
    view = both.make_view()
    assert button(view, "Send long again")
    assert button(view, "Send short again")
    assert str(both.still()).count("✓ Ended") == 2


def _timed(*times: float) -> Snapshot:
    """Return a stream that began with a message, then with a block, and then brought text."""
    events = (("message_start", None), ("content_block_start", 0), ("text_delta", 0))
    timeline = [
        Stretch(what, block, at, at, 1) for (what, block), at in zip(events, times, strict=False)
    ]
    return Snapshot("claude", "streaming", max(times), timeline=tuple(timeline), price="no price")


@given(
    st.lists(st.floats(0.1, 100), min_size=1, max_size=4).map(sorted),
)
def test_one_waits_until_a_piece_of_a_block_comes(times: list[float]) -> None:
    """The bar has no stretch before the first text that its legend doesn't name."""
    snapshot = _timed(*times)
    parts = re.findall(r"box;width:([\d.]+)%([^\"]*)", lanes_html([("claude", snapshot)]))
    wait, pattern = parts[0]
    text_at = times[2] if len(times) > 2 else snapshot.elapsed
    assert float(wait) == pytest.approx(100 * text_at / snapshot.elapsed, abs=0.01)
    assert ("dashed" in pattern) == (text_at >= 0.01 * snapshot.elapsed)


@pytest.mark.parametrize("name", ["claude-sonnet-4-6", "a-b"])
def test_a_name_stays_in_one_line(name: str) -> None:
    """A browser would break it at its hyphens."""
    made = streams_html([(name, _timed(1.0)), ("<b>", _timed(2.0))], ["", ""])
    assert f'white-space:nowrap">{name}:</span>' in made
    assert f'white-space:nowrap">{name}</span>' in made
    assert "<b>" not in made


def test_a_timeline_can_have_the_scale_of_a_longer_one() -> None:
    """So that two beside each other can be compared."""
    snapshot = _played(LONG).snapshots[0]
    last = snapshot.timeline[-1].first
    (*_, gap, _bar) = re.findall(r"width:([\d.]+)%", timeline_html(snapshot, full=4 * last))
    assert float(gap) == 25.0


def test_what_is_saved_is_written_at_the_beginning_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The output with the view stays; the picture above it is written anew, by its id."""
    shown: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(
        "IPython.display.publish_display_data",
        lambda data, **options: shown.append((data, options)),
    )
    _played(LONG, then=lambda streams: streams._ipython_display_())
    (begun, first), (view, _), (ended, last) = shown
    assert view["text/plain"] == ""
    assert VIEW in view
    assert "when this was written, it had not ended" in begun["text/plain"]
    assert "✓ Ended after" in ended["text/plain"]
    assert WORDS in ended["text/html"]
    assert (first["update"], last["update"]) == (False, True)
    assert first["transient"] == last["transient"]


def test_half_a_surrogate_pair_does_not_stop_the_display() -> None:
    """What a model wrote is shown, be it no text."""
    streams = _played(text("\ud800 and more"))
    assert "\\ud800" in words(streams.make_view())
    assert "\\ud800" in streams.still()._repr_mimebundle_()["text/plain"]


@given(
    st.lists(
        st.tuples(st.floats(0, 9), st.floats(0, 9), st.decimals(0, 1, places=6)),
        min_size=2,
        max_size=4,
    )
)
def test_a_figure_is_better_only_if_it_is_seen_to_be(values: list[Any]) -> None:
    """The mark stands at the least that is shown, and at none where all are alike."""
    streams = [
        (str(place), Snapshot("m", "ended", elapsed, first_text=first, cost=cost))
        for place, (first, elapsed, cost) in enumerate(values)
    ]
    best = best_figures(streams)
    for at, name in enumerate(("First text", "Time in all", "Cost in USD")):
        shown = [round(value[at], 2) if at < 2 else value[at] for value in values]
        marked = [place for place, names in enumerate(best) if name in names]
        if len(set(shown)) == 1:
            assert marked == []
        else:
            assert [shown[place] for place in marked] == [min(shown)]
    assert not any(best_figures([*streams, ("open", Snapshot("m", "streaming", 1.0))]))
