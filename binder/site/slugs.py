"""The anchors of headings, as links between the lessons name them."""


def jupyter_slug(heading: str) -> str:
    """Return the anchor that Jupyter gives a heading: its text, with dashes for blanks."""
    return heading.strip().replace(" ", "-")
