"""What the exercises of lesson 01 share: its name, and the headings that a panel points to."""

NAME = "01_structure"

SYSTEM = "“The system prompt moves out”"
REQUEST = "“One request, converted by hand”"
IMAGE = "“An image is a block”"
BLOCKS = "“What a reply may hold”"
STOP = "“Why it stopped”"
