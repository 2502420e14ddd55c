"""What the exercises of lesson 00 share: its name, and the headings that a panel points to."""

NAME = "00_start_here"

CALL = "“The same question, twice”"
READ = "“What came back”"
OWN = "“A function of your own”"
COST = "“What it cost”"
DESCRIBE = "“Describe any reply”"
