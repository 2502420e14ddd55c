"""An exam over a socket, whatever stands at the other end of it."""

import gc
import json
import random
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from grader.exams import Exam, Lines, RemoteCandidate, Verdict, examine
from grader.exams.lines import MAX_LINE, MAX_OBJECTS, LinesLost
from grader.simulator import text
from tests.exams.small_exercise import made
from tests.exams.socket_candidate import SocketCandidate

RIGHT = """
def answer(client):
    reply = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=99, messages=[{"role": "user", "content": "x"}]
    )
    return reply.content[0].text
"""


def asks(exam: Exam) -> None:
    """Judge one call that asks the API."""
    word = exam.fresh("word")
    value = exam.call(exam.scene(text(word)).client).value
    exam.expect("one", value == word, "wrong", value)
    exam.expect("two", exam.call(exam.scene(text(word)).client).value == word, "other")


def over_a_socket(source: str) -> Verdict:
    """Return the verdict on a source that sits the exam at the other end of a socket."""
    names: dict[str, Any] = {}
    exec(source, names)
    candidate = SocketCandidate(names)
    try:
        return examine(made(asks), candidate, seed=3)
    finally:
        candidate.close()


def against(writes: Callable[[socket.socket], object], *, seconds: float = 30) -> Verdict:
    """Return the verdict on a process that writes what it likes."""
    ours, theirs = socket.socketpair()
    # What is written may be more than anybody reads.
    thread = threading.Thread(target=_quietly, args=(writes, theirs), daemon=True)
    thread.start()
    candidate = RemoteCandidate(Lines(ours), token="token", seconds=seconds)
    try:
        return examine(made(asks), candidate, seed=3)
    finally:
        ours.close()
        thread.join(timeout=30)


def _quietly(writes: Callable[[socket.socket], object], theirs: socket.socket) -> None:
    try:
        writes(theirs)
        # It hears the exam out, as a process does that goes on living.
        theirs.shutdown(socket.SHUT_WR)
        while theirs.recv(2**16):
            pass
    except OSError:
        return
    finally:
        theirs.close()


def lines(*values: Any) -> bytes:
    """Return values as lines of JSON, after the first line that is expected."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in ({"hello": "token"}, *values))


def test_a_right_answer_is_right() -> None:
    """Both calls went over the socket."""
    assert over_a_socket(RIGHT).outcome == "Correct"


def test_a_second_exam_may_follow() -> None:
    """The descriptor stays open, and what was left over is dropped."""
    ours, theirs = socket.socketpair()
    theirs.sendall(b'{"outcome": "returned"}\nno JSON\n' + b"x" * 10)
    theirs.sendall(b"\n")
    from grader.exams import sit

    names: dict[str, Any] = {}
    exec(RIGHT, names)
    shared = Lines(ours)
    for token in ("first", "second"):
        sat = (names, theirs.fileno(), token, "chance")
        thread = threading.Thread(target=sit, args=sat, daemon=True)
        thread.start()
        candidate = RemoteCandidate(shared, token=token, seconds=30)
        assert examine(made(asks), candidate, seed=3).outcome == "Correct"
        candidate.end()
        thread.join(timeout=30)
    ours.close()
    theirs.close()


def test_chance_is_the_same_each_time() -> None:
    """Code that draws by chance is graded alike when it is graded again."""
    state = random.getstate()
    source = "import random\ndef answer(client):\n    return random.random()"
    first, second = (over_a_socket(source) for _ in range(2))
    random.setstate(state)
    assert first == second


WRITTEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "died"),
    "half a line": (b'{"hello"', "died"),
    "no JSON": (lines() + b"{]\n", "unreadable"),
    "no UTF-8": (lines() + b"\xff\xfe\n", "unreadable"),
    "a deep list": (lines() + b"[" * 200_000 + b"\n", "unreadable"),
    "a huge integer": (lines() + b"9" * 1_000_000 + b"\n", "unreadable"),
    "no number": (lines() + b"NaN\n", "unreadable"),
    "no report": (lines({"outcome": "full marks", "number": 1}), "garbled"),
    "a list": (lines([1, 2]), "unreadable"),
    "an answer to nothing": (lines({"status": 200, "number": 1}), "garbled"),
    "a question of another exam": (lines({"ask": "event", "stream": 7, "number": 1}), "died"),
    "a report without its number": (lines({"outcome": "missing"}), "unreadable"),
    "a report of another command": (lines({"outcome": "missing", "number": 2}), "unreadable"),
    "a question without its number": (lines({"ask": "event", "stream": 7}), "unreadable"),
    "a report without a hello": (b'{"outcome": "missing"}\n', "died"),
}


@pytest.mark.parametrize(("written", "diagnosis"), WRITTEN.values(), ids=WRITTEN)
def test_whatever_is_written_earns_nothing(written: bytes, diagnosis: str) -> None:
    """The exam ends cleanly, with a word for what it met."""
    verdict = against(lambda theirs: theirs.sendall(written))
    assert (verdict.points, verdict.diagnosis) == (0, diagnosis)


def test_silence_ends_with_the_time() -> None:
    """Nobody waits longer than the exam may take."""
    gone = threading.Event()
    verdict = against(lambda theirs: (theirs.sendall(lines()), gone.wait(0.3)), seconds=0.05)
    assert (verdict.points, verdict.diagnosis) == (0, "out-of-time")


def test_endless_lines_end_with_the_exam() -> None:
    """Questions without an end, and code that asks on although it is told to stop."""
    question = lines({"ask": "close", "stream": 1, "number": 1})[len(lines()) :]

    def floods(theirs: socket.socket) -> None:
        theirs.sendall(lines())
        while True:
            theirs.sendall(question)

    # It reads no answer, so the exam's time ends it where the number of questions does not.
    verdict = against(floods, seconds=0.5)
    assert (verdict.points, verdict.outcome) == (0, "Crashed")


def test_a_line_without_an_end_is_not_kept() -> None:
    """Its size is bounded, whoever writes it."""

    def pour(theirs: socket.socket) -> None:
        theirs.sendall(lines())
        while True:
            theirs.sendall(b"x" * 2**20)

    assert (against(pour).diagnosis, MAX_LINE < 2**26) == ("unreadable", True)


@pytest.mark.parametrize(
    "line",
    [b"0\n", b'{"a": 1}\n', b"{\n", b'{"hello": "other"}\n'],
    ids=["0", "dict", "half", "hello"],
)
def test_the_time_holds_while_lines_keep_coming(
    line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has arrived already is not read for longer than an exam may take."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    ours, theirs = socket.socketpair()
    theirs.sendall(line * 1_000)
    receiving = Lines(ours)
    receiving.ends_at = 110.0
    heard = 0
    lost = ""
    while lost in ("", "garbled"):
        now[0] += 1
        heard += 1
        try:
            receiving.receive()
        except LinesLost as ending:
            # The start of an exam goes on after a line that is no JSON.
            lost = ending.cause
    assert (lost, heard) == ("deadline", 10)
    ours.close()
    theirs.close()


@pytest.mark.parametrize("before", [True, False], ids=["before its hello", "after it"])
@pytest.mark.parametrize("line", [b"0\n", b"[]\n", b"{}\n", b"}{\n", b"\n"], ids=repr)
def test_a_flood_of_lines_ends_the_exam(line: bytes, before: bool) -> None:
    """No more of them is read than code that ran before may have left."""
    read = 0

    class Counting(Lines):
        def receive(self) -> Any:
            nonlocal read
            read += 1
            return super().receive()

    def floods(theirs: socket.socket) -> None:
        theirs.sendall(b"" if before else lines())
        while True:
            theirs.sendall(line * 100_000)

    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=_quietly, args=(floods, theirs), daemon=True)
    thread.start()
    candidate = RemoteCandidate(Counting(ours), token="token", seconds=600)
    verdict = examine(made(asks), candidate, seed=3)
    ours.close()
    thread.join(timeout=30)
    assert (verdict.points, verdict.diagnosis) == (0, "unreadable")
    assert read <= 2_001


@pytest.mark.parametrize("inner", [b"[],", b"{},", b"0,", b'"ab",', b"[[]],"], ids=repr)
def test_a_line_of_too_many_values_is_not_read(inner: bytes) -> None:
    """Empty lists take twenty times the memory that they take on the line."""
    ours, theirs = socket.socketpair()
    line = b"[" + inner * (MAX_OBJECTS + 1) + b"0]\n"
    thread = threading.Thread(target=theirs.sendall, args=(line,), daemon=True)
    thread.start()
    with pytest.raises(LinesLost, match="garbled"):
        Lines(ours).receive()
    thread.join(timeout=30)
    ours.close()
    theirs.close()


def test_what_counted_before_counts_no_more() -> None:
    """Right once and then gone is 0, and that is what its author reads first."""

    def once(theirs: socket.socket) -> None:
        theirs.sendall(lines())
        spoken = theirs.makefile()
        spoken.readline()
        report = {"outcome": "returned", "value": 1, "arguments": [1], "printed": "", "number": 1}
        theirs.sendall(json.dumps(report).encode() + b"\n")

    def lenient(exam: Exam) -> None:
        exam.expect("one", exam.call(1).value == 1, "wrong")
        exam.expect("two", exam.call(1).value == 1, "other")

    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=_quietly, args=(once, theirs), daemon=True)
    thread.start()
    candidate = RemoteCandidate(Lines(ours), token="token", seconds=30)
    verdict = examine(made(lenient), candidate, seed=3)
    ours.close()
    thread.join(timeout=30)
    assert (verdict.points, verdict.outcome, verdict.diagnosis) == (0, "Crashed", "died")


def test_sending_to_nobody_is_told() -> None:
    """A side that is gone is no exception of the operating system."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with pytest.raises(LinesLost, match="died"):
        Lines(ours).send({"do": "end"})
    ours.close()


def collected(values: Iterable[Any]) -> list[Any]:
    """Return values that went through one socket."""
    ours, theirs = socket.socketpair()
    for value in values:
        Lines(ours).send(value)
    receiving = Lines(theirs)
    found = [receiving.receive() for _ in values]  # type: ignore[attr-defined]
    ours.close()
    theirs.close()
    return found


def test_lines_keep_what_json_can_hold() -> None:
    """Line breaks and half characters included."""
    values = [{"a": "x\ny"}, ["\ud800", "\u2028"], None, 1.5]
    assert collected(values) == values


LEFT_OPEN = """
import gc

held = []

def answer(client):
    gc.collect()
    stream = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=99, stream=True,
        messages=[{"role": "user", "content": "x"}],
    )
    words = [event.delta.text for event in stream if event.type == "content_block_delta"]
    cycle = [stream]
    cycle.append(cycle)
    held[:] = cycle
    return "".join(words)
"""


def test_a_stream_that_is_left_open_says_nothing_out_of_turn() -> None:
    """The garbage collector closes it at any time, also when no question may be asked."""
    assert over_a_socket(LEFT_OPEN).outcome == "Correct"
    gc.collect()
