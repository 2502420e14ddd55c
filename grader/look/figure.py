"""Styles that pictures share, for where there is no style sheet."""

LINE = "#757575"
"""The colour of lines and ticks: 4.6 to 1 on white, 4.1 to 1 on a dark page."""
FIGURE = "max-width:46em;line-height:1.5;overflow-wrap:anywhere"
"""The style of a picture; its text has the colour of the text around it."""
QUIET = "margin:.35em 0"
"""The style of a paragraph in a picture."""
