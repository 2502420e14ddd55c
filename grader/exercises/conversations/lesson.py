"""What the exercises of lesson 02 share: its name, and the headings that a panel points to."""

NAME = "02_conversations"

NO_PREFILL = ("claude-opus-4-8", "claude-sonnet-4-6", "claude-sonnet-5-5")
"""Models that take no answer begun for them, as all newer ones."""

FORGETS = "“Every request starts from nothing”"
REPLY = "“The whole reply goes back”"
EMPTY = "“What is refused, and what is not”"
VALUE = "“A history is a value”"
OBJECT = "“Ask, take back, branch off”"
GROWS = "“Every turn is paid again”"
CUT = "“Cut off, and go on”"
