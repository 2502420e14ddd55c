"""What the exercises of lesson 04 share: its name, and the headings that a panel points to."""

NAME = "04_agents"

CALLS = "“Two calls in one turn”"
FAILURE = "“A tool that raises”"
CHOICE = "“Which tool, if any”"
SCHEMA = "“JSON that fits a schema”"
CUT = "“When the JSON is cut off”"
THINKING = "“Thinking goes through the loop”"
PAUSE = "“A turn that pauses”"
LOOP = "“One loop for every ending”"
