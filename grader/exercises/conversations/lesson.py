"""What the exercises of lesson 02 share: its name, and the headings that a panel points to."""

NAME = "02_conversations"

FORGETS = "“Every request starts from nothing”"
REPLY = "“The whole reply goes back”"
EMPTY = "“What is refused, and what is not”"
VALUE = "“A history is a value”"
GROWS = "“Every turn is paid again”"
CUT = "“Cut off, and go on”"
