"""Keep a notebook from reading prices as formulas: MathJax sets what stands between two `$`."""

from __future__ import annotations

_CLASSES = "mathjax_ignore tex2jax_ignore"
"""What MathJax 3 and 2 leave alone; both are in use, in JupyterLab and in nbconvert's pages."""
_BEGINNINGS = ("\\(", "\\[", "\\begin")


def literal(html: str) -> str:
    """Return HTML of which no part is set as a formula, the same if none could be."""
    if html.count("$") < 2 and not any(each in html for each in _BEGINNINGS):
        return html
    return f'<div class="{_CLASSES}">{html}</div>'
