"""Find what is to be said, what it is called, and what is to be looked up."""

from __future__ import annotations

import re

from grader.simulator.replies.language import Mention, quoted, root, written_by
from grader.simulator.replies.values.slot import Slot

_SAID = re.compile(
    r"\b(?:saying|say|says|said|telling (?:him|her|them)|that says"
    r"|with the (?:message|text|words?))\b(?: that)?:?\s+"
    r"|\bremind(?:er)?(?: me| us)? (?:to|about|that)\s+"
    r"|(?<=\w)(?<!is)(?<!was) that\s+",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|titled|entitled|called|named)\s+", re.IGNORECASE)
_COLON = re.compile(r"(?<=\w):\s+(?=\S)")
_SEARCHED = re.compile(
    r"\b(?:search|look|google|find|query)\b[^.?!\n]{0,40}?\b(?:for|about)\s+(?:the\s+)?"
    r"|\b(?:find|search|google)(?:\s+(?:me|out|up|all|any|some|\d+))*\s+(?!for|about|the\b)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"(?:(?:please|now|then|also|and|hey|hi|hello|ok|okay|can|could|would|will|you|i|want|need|to|"
    r"like|us|me|the|a|an|for|about|on|up|out|tell|give|show|find|search|look|google|use|using|"
    r"web|docs?|documentation|database|internet|tool)\b[\s,]*)+",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?\n](?=\s|$)")
_TITLE = 8
"""How many words a title has at most."""


def texts(_slot: Slot, text: str) -> list[Mention]:
    """Return what is to be said: what is quoted, what follows "saying", else each sentence."""
    found = list(quoted(text)) or _following(_SAID, text) or _following(_COLON, text)
    return found or _sentences(text)


def titles(_slot: Slot, text: str) -> list[Mention]:
    """Return what something is about: what is quoted, what follows "about", else first words."""
    found = list(quoted(text)) or _following(_ABOUT, text)
    found = found or _following(_COLON, text) or _following(_SAID, text)
    return found or [_shortened(sentence) for sentence in _asked(text)]


def queries(_slot: Slot, text: str) -> list[Mention]:
    """Return what is to be looked up: what is quoted, a question, else what is asked for."""
    asked = _asked(text)
    questions = [sentence for sentence in asked if text[sentence.end : sentence.end + 1] == "?"]
    return list(quoted(text)) or questions or _following(_SEARCHED, text) or asked


def _following(cue: re.Pattern[str], text: str) -> list[Mention]:
    """Return what follows a cue, up to the end of its sentence."""
    found = []
    for match in cue.finditer(text):
        end = _END.search(text, match.end())
        words = text[match.end() : end.start() if end else len(text)].strip()
        if words:
            found.append(Mention(words, match.end(), match.end() + len(words)))
    return found


def _sentences(text: str) -> list[Mention]:
    """Return the sentences of a text, without what ends them."""
    found: list[Mention] = []
    start = 0
    for end in (*(match.start() for match in _END.finditer(text)), len(text)):
        words = text[start:end].strip(" \n\t.!?")
        if words:
            at = text.index(words, start)
            found.append(Mention(words, at, at + len(words)))
        start = end
    return found


def _asked(text: str) -> list[Mention]:
    """Return the sentences of a prompt without their politeness."""
    found: list[Mention] = []
    for sentence in _sentences(text):
        polite = _POLITE.match(sentence.value)
        words = sentence.value[polite.end() :] if polite else sentence.value
        found.append(Mention(words, sentence.end - len(words), sentence.end) if words else sentence)
    return found


def _shortened(sentence: Mention) -> Mention:
    """Return the first words of a sentence, without the verb that asks for something."""
    words = re.sub(r"^\W+", "", str(sentence.value).partition("\n")[0])
    first, _, rest = words.partition(" ")
    if written_by(root(first)) and rest:
        words = re.sub(r"^(?:an?|the|my|new)\s+", "", rest)
    words = " ".join(words.split()[:_TITLE]).rstrip(".,;:")
    return Mention(words, sentence.start, sentence.end)
