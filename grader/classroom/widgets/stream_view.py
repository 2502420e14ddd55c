"""Stream view: a reply as it comes, with its blocks, its clock, its cost, and a Stop button."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from typing import Any

from grader.classroom.showing import Shown
from grader.classroom.widgets.live import make_live, redraw
from grader.classroom.widgets.playable import LiveOutput, has_notebook
from grader.classroom.widgets.stream_picture import streams_html
from grader.classroom.widgets.stream_record import Snapshot
from grader.classroom.widgets.stream_run import StreamRun
from grader.classroom.widgets.stream_words import stream_text
from grader.look import button, style_sheet


class StreamView:
    """Show replies as they come; the notebook stays usable meanwhile.

    client: an anthropic.AsyncAnthropic, as `connect_async` returns it, or any client of the
        simulator. title: the name of its streams; by default the model's name.
    """

    def __init__(self, client: Any, *, title: str = "") -> None:
        self._client = client
        self._title = title

    def run(self, **request: Any) -> ShownStreams:
        """Send a request, and show its reply as a cell's last value, or when awaited.

        request: for client.messages.create. With `await` the cell ends when the stream does, and
        its value says how; without it the cell ends at once, and the stream goes on.
        """
        return ShownStreams([StreamRun(self._client, request, title=self._title)])

    @staticmethod
    def side_by_side(*streams: ShownStreams) -> ShownStreams:
        """Show the streams of several `run`s side by side."""
        return ShownStreams([run for shown in streams for run in shown.runs])


class ShownStreams:
    """Show one stream, or several side by side, again each time it is shown."""

    def __init__(self, runs: Sequence[StreamRun]) -> None:
        self.runs = tuple(runs)
        self._is_shown = False
        for run in self.runs:
            run.begin()

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return each stream as it is now."""
        return tuple(run.snapshot() for run in self.runs)

    def still(self) -> Shown:
        """Return the streams as they are now, as text and HTML."""
        stands = self._stands()
        html = streams_html(stands, [""] * len(stands), is_still=True)
        return Shown("\n\n".join(stream_text(*each) for each in stands), html)

    def make_view(self) -> Any:
        """Return a view that follows the streams, each with a button that stops it."""

        def draw() -> str:
            stands = self._stands()
            buttons = [self._button(place, *each) for place, each in enumerate(stands)]
            return f"{style_sheet('controls')}{streams_html(stands, buttons)}"

        view = make_live(draw, lambda _name, value: self.runs[int(value)].press())
        for run in self.runs:
            run.listen(lambda: redraw(view, draw), lambda: None)
        return view

    def _stands(self) -> list[tuple[str, Snapshot]]:
        return [(run.title, run.snapshot()) for run in self.runs]

    def _button(self, place: int, title: str, snapshot: Snapshot) -> str:
        name = f" {title}" if len(self.runs) > 1 else ""
        words = f"Stop{name}" if snapshot.is_open else f"Send{name} again"
        more = (
            f"close the connection of {title}"
            if snapshot.is_open
            else f"send the request to {title} again; it costs again"
        )
        return button(
            words,
            "press",
            place,
            purpose=f"{words}: {more}",
            is_primary=snapshot.is_open,
            is_off=self.runs[place].is_resting,
        )

    def __await__(self) -> Generator[Any, None, Snapshot | tuple[Snapshot, ...]]:
        return self._finish().__await__()

    async def _finish(self) -> Snapshot | tuple[Snapshot, ...]:
        if has_notebook() and not self._is_shown:
            self._ipython_display_()
        snapshots = await asyncio.gather(*(run.finish() for run in self.runs))
        if not has_notebook():
            print(self.still())
        return snapshots[0] if len(snapshots) == 1 else tuple(snapshots)

    def _ipython_display_(self) -> None:
        self._is_shown = True
        output = LiveOutput(self.make_view(), self.still())
        for run in self.runs:
            run.listen(lambda: None, lambda: output.write(self.still()))
