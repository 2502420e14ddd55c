"""Lesson 02: conversations, and the state that you keep yourself."""

from grader.exams import Lesson, Objective
from grader.exercises.conversations.chat import chat
from grader.exercises.conversations.continue_reply import continue_reply
from grader.exercises.conversations.conversation import Conversation
from grader.exercises.conversations.trim_history import trim_history

LESSON = Lesson(
    name="02_conversations",
    title="Conversations: you own the state",
    minutes=75,
    objectives=(
        Objective("send the whole conversation, because the API keeps none of it", ("chat",)),
        Objective("store a reply with all of its blocks", ("chat", "Conversation")),
        Objective("treat a history as a value that you can undo and fork", ("Conversation",)),
        Objective(
            "shorten a history without breaking it, on newer models too",
            ("trim_history",),
        ),
        Objective("go on after a reply was cut off", ("continue_reply",)),
    ),
    exercises=(chat, Conversation, trim_history, continue_reply),
)

__all__ = ["LESSON"]
