"""What the exercises of lesson 06 share: its name, and the headings that a panel points to."""

NAME = "06_tokens_and_cost"

COUNTED = "“What is counted”"
LIMITS = "“Two limits”"
CLASSES = "“Four classes of tokens”"
COST = "“What a call costs”"
GROWS = "“Every turn pays for all before it”"
DATED = "“A price has a date”"
