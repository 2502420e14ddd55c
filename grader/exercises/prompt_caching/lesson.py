"""What the exercises of lesson 07 share: its name, and the headings that a panel points to."""

NAME = "07_prompt_caching"

ASKED = "“The same prompt, twice”"
SILENT = "“A shorter handbook”"
ORDER = "“What comes first”"
PREFIX = "“A prefix that never hits”"
LIFETIMES = "“Five minutes, or an hour”"
WORTH = "“When it pays”"
MOVES = "“A breakpoint that moves along”"
