"""The mistakes that the check of `stream_until` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.shared_mistakes import printed
from grader.exercises.streaming.lesson import ENOUGH, TEXT
from grader.exercises.streaming.mistakes import REQUEST_MISTAKES

MISTAKES = (
    *REQUEST_MISTAKES,
    Diagnosis(
        "not-asked",
        title="`predicate` was never called.",
        saw="Your function returned `{observed}`.",
        why="Only the caller knows when there is enough.",
        next="Call `predicate` with the text so far, after each piece.",
        where=ENOUGH,
    ),
    Diagnosis(
        "not-texts",
        title="`predicate` got something that is no text.",
        saw="The first calls were made with `{observed}`.",
        why="The caller looks into a `str`.",
        next="Add the pieces up in a text, and give it that.",
        where=ENOUGH,
    ),
    Diagnosis(
        "pieces-asked-about",
        title="`predicate` got the pieces one by one.",
        saw="The first calls were made with `{observed}`.",
        why="What the caller looks for may begin in one piece and end in the next.",
        next="Add each piece to the text so far, and ask about that.",
        where=ENOUGH,
        hints=(
            "What if the word that the caller looks for comes in two pieces?",
            "In the last demo under “Enough”, what is the comma looked for in?",
            "`text += piece`, then `predicate(text)`.",
        ),
    ),
    Diagnosis(
        "asked-at-end",
        title="`predicate` was asked when all had been read.",
        saw="The first calls were made with `{observed}`.",
        why="The reply was written, sent and paid for to its end.",
        next="Ask inside the loop that reads the stream.",
        where=ENOUGH,
    ),
    Diagnosis(
        "asked-otherwise",
        title="`predicate` was not asked about the text so far, piece after piece.",
        saw="The first calls were made with `{observed}`.",
        why="The sooner it says yes, the less is read.",
        next="After each piece, call it with all the text that has come.",
        where=ENOUGH,
    ),
    printed(ENOUGH),
    Diagnosis(
        "last-piece-lost",
        title="The piece that was enough is missing.",
        saw="Your function returned `{observed}`.",
        why="What the caller waited for is in that piece.",
        next="Add the piece to the text before you ask.",
        where=ENOUGH,
    ),
    Diagnosis(
        "whole-text",
        title="The whole text came back, with what nobody wanted.",
        saw="Your function returned `{observed}`.",
        why="The caller said where it is enough.",
        next="Return the text as it was when `predicate` said `True`.",
        where=ENOUGH,
    ),
    Diagnosis(
        "other-text",
        title="What came back is not the text up to that piece.",
        saw="Your function returned `{observed}`.",
        why="The caller wants the words that came, unchanged: a `str`.",
        next="Return the text that you gave to `predicate` last.",
        where=ENOUGH,
    ),
    Diagnosis(
        "read-to-the-end",
        title="The stream was read to its end all the same.",
        saw="After `predicate` had said `True`, `{observed}` more events were read.",
        why="The user who pressed Stop goes on waiting, and goes on paying.",
        next="Leave the loop as soon as it says `True`.",
        where=ENOUGH,
        hints=(
            "What does your loop do with the rest of the stream?",
            "Find the line that leaves the loop in the last demo under “Enough”.",
            "`if predicate(text): break`",
        ),
    ),
    Diagnosis(
        "left-open",
        title="The connection was left open.",
        saw="Your function returned after `{observed}` events, and nobody had closed the stream.",
        why="An open stream holds its connection, and a program has a limited number of them.",
        next="Read inside a `with`: it closes the stream however you leave.",
        where=ENOUGH,
        hints=(
            "Who closes a stream that you stop reading?",
            "“Enough” leaves one stream open, and closes the next. What is different?",
            "`with client.messages.stream(**request) as stream:`",
        ),
    ),
    Diagnosis(
        "read-on",
        title="More was read after it was enough.",
        saw="After `predicate` had said `True`, `{observed}` more events were read.",
        why="Each further piece is one that nobody wants.",
        next="Leave the loop as soon as it says `True`.",
        where=ENOUGH,
    ),
    Diagnosis(
        "no-hit-crash",
        title="A reply that is never enough stops your code.",
        saw="Python says: `{observed}`",
        why="Not every reply has what the caller looks for.",
        next="Return the whole text when the loop comes to its end.",
        where=ENOUGH,
    ),
    Diagnosis(
        "nothing-without-hit",
        title="Where nothing was enough, the text is lost.",
        saw="Your function returned `{observed}`.",
        why="The caller gets what has come, hit or no hit.",
        next="Put a `return` behind the loop as well.",
        where=ENOUGH,
    ),
    Diagnosis(
        "other-whole",
        title="What came back is not the whole text.",
        saw="Your function returned `{observed}`.",
        why="The text may come in several blocks, behind a block of thinking.",
        next="Add up every text delta, and no other.",
        where=TEXT,
    ),
)
