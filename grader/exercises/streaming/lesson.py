"""What the exercises of lesson 05 share: its name, and the headings that a panel points to."""

NAME = "05_streaming"

CHUNKS = "“Chunks and events”"
WIRE = "“On the wire”"
TEXT = "“Text as it comes”"
BLOCKS = "“Blocks and their deltas”"
TOOL = "“A tool call in pieces”"
BROKEN = "“When it breaks off”"
TOGETHER = "“Put the message together”"
BEFORE = "“Before the end”"
FIRST = "“Until the first word”"
ENOUGH = "“Enough”"
