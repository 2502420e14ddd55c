"""What the exercises of lesson 03 share: its name, and the headings that a panel points to."""

NAME = "03_tool_use"

TOOLS = "“Describe the tool”"
ASK = "“Claude asks”"
RESULT = "“Send the result back”"
TRIP = "“One round trip by hand”"
LOOP = "“The loop”"
UNSAFE = "“What was unsafe”"
HISTORY = "“Bring old conversations along”"
