"""What the exercises of lesson 08 share: its name, and the headings that a panel points to."""

NAME = "08_production"

ERRORS = "“Errors as they arrive”"
RETRIES = "“The SDK tries again by itself”"
BACKOFF = "“Back off, each at another moment”"
MANY = "“Many at once”"
BOT = "“The bot as it is”"
PORT = "“The port”"
