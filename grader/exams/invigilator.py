"""The invigilator: answers the questions of a learner's code as it runs, and stops it in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grader.errors import ExamError
from grader.exams.allowance import MAX_RECEIVED, Allowance, TooMuch
from grader.exams.candidate import is_question
from grader.exams.description import CallableHandle, ClientHandle, describe, name_of
from grader.exams.reading import read
from grader.exams.scene import Scene
from grader.simulator import Replies, ServerSentEvent

Json = Any

MAX_QUESTIONS = 3_000
"""How often a candidate may ask in one exam, pulled events and invoked functions included."""
TOO_MUCH = "sends-too-much", f"{MAX_RECEIVED // 2**20} MB"
"""Why no more is answered once the exam's allowance is used up."""


class Invigilator:
    """Answer a candidate's questions from the scenes and functions of one exam.

    stopped: why it answers no more, as a diagnosis and what was observed; None until then.
    allowance: what the whole exam still accepts.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self.stopped: tuple[str, object] | None = None
        self._scenes: dict[int, Scene] = {}
        self._callables: dict[int, Callable[..., Any]] = {}
        self._streams: dict[int, Iterator[ServerSentEvent]] = {}
        self._questions = 0
        self._last: Scene | None = None

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """Return all scenes, in the order they were opened."""
        return tuple(self._scenes.values())

    @property
    def refused(self) -> Json:
        """Return the body of the last request if the API refused it, else None."""
        return None if self._last is None else self._last.refused

    def open_scene(self, replies: Replies, *, kind: str, retries: int, seed: int) -> Scene:
        """Return a scene whose client gets these replies."""
        handle = ClientHandle(len(self._scenes) + 1, kind, retries)
        self._scenes[handle.id] = Scene(handle, replies, seed=seed)
        return self._scenes[handle.id]

    def offer(
        self, name: str, body: Callable[..., Any], parameters: tuple[str, ...]
    ) -> CallableHandle:
        """Return a handle for a function that the candidate may invoke."""
        handle = CallableHandle(len(self._callables) + 1, name, parameters)
        self._callables[handle.id] = body
        return handle

    def answer(self, question: Json) -> Json:
        """Return the answer to a question, or the end of the exam."""
        self._questions += 1
        if self._questions > MAX_QUESTIONS and self.stopped is None:
            self.stopped = "endless", MAX_QUESTIONS
        if self.stopped is None and not self._can_answer(question):
            self.stopped = "garbled", "a question"
        if self.stopped is None:
            try:
                return self._answer(question)
            except TooMuch:
                self.stopped = TOO_MUCH
        return {"over": True}

    def _answer(self, question: Json) -> Json:
        kind = question["ask"]
        if kind == "request":
            scene = self._last = self._scenes[question["client"]]
            answer, events = scene.answer(question, self._allowance)
            if events is not None:
                answer["stream"] = len(self._streams) + 1
                self._streams[answer["stream"]] = events
            return {"pending": scene.in_flight.arrive(answer)} if scene.is_async else answer
        if kind == "reply":
            held = self._scenes[question["client"]].in_flight.ask(question["pending"])
            return {"pending": question["pending"]} if held is None else held
        if kind == "event":
            event = next(self._streams[question["stream"]], None)
            return {"event": None if event is None else event.encode().decode()}
        if kind == "close":
            close = getattr(self._streams[question["stream"]], "close", None)
            if close is not None:
                close()
            return {}
        return self._invoke(question)

    def _can_answer(self, question: Json) -> bool:
        if not is_question(question):
            return False
        known: dict[str, Mapping[int, object]] = {
            "client": self._scenes,
            "stream": self._streams,
            "callable": self._callables,
        }
        # We have checked only the fields of this kind of question; the rest can be anything.
        return all(
            type(question[key]) is int and question[key] in ids
            for key, ids in known.items()
            if key in question
        )

    def _invoke(self, question: Json) -> Json:
        body = self._callables[question["callable"]]
        arguments = [read(item, self._allowance) for item in question["arguments"]]
        keywords = {key: read(item, self._allowance) for key, item in question["keywords"].items()}
        try:
            return {"returned": describe(body(*arguments, **keywords))}
        except ExamError:
            raise
        except Exception as error:  # noqa: BLE001 - what a tool raises crosses as plain data
            # str() of a KeyError is the repr of its key.
            is_key = isinstance(error, KeyError) and error.args
            message = str(error.args[0] if is_key else error)
            return {"raised": {"type": name_of(type(error)), "message": message}}
