"""Tables of text: long names in them can be broken, and say what they said."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from grader.authoring.tables import LONGEST_NAME, with_joints

CODE = st.text(alphabet="ab_.()=[]{}\"':/*~<&$ #", min_size=1, max_size=60).filter(
    lambda code: code.strip() == code and "  " not in code
)
NAMES = st.lists(st.sampled_from(["max", "tokens", "content", "usage", "prompt"]), min_size=3)


def _said(markdown: str) -> list[str]:
    """Return the words of each piece of code that a page shows for a text."""
    html = markdown2html_mistune(markdown)
    return [
        unescape(re.sub(r"<[^>]*>", "", each))
        for each in re.findall(r"<code[^>]*>(.*?)</code>", html, re.DOTALL)
    ]


def _table(*cells: str) -> str:
    return "\n".join(("| A | B |", "|---|---|", f"| {' | '.join(cells)} |"))


@given(CODE, CODE)
def test_a_table_says_the_same(first: str, second: str) -> None:
    """To the letter, whatever Markdown or HTML would make of the letters."""
    plain = _table(f"`{first}`", f"see `{second}`")
    assert _said(with_joints(plain)) == [first, second]


@given(NAMES, st.sampled_from("._(=,/"))
def test_a_long_name_can_be_broken_at_its_joints(names: list[str], joint: str) -> None:
    """Each part but the last keeps the sign that it ends with."""
    code = joint.join(names)
    broken = with_joints(_table(f"`{code}`", "b")).splitlines()[-1]
    if len(code) <= LONGEST_NAME:
        assert broken == f"| `{code}` | b |"
    else:
        parts = unescape(broken.removeprefix("| <code>").partition("</code>")[0]).split("<wbr>")
        assert parts == [*(f"{name}{joint}" for name in names[:-1]), names[-1]]


def test_only_tables_are_changed() -> None:
    """Not prose, and not a block of code that holds a table."""
    prose = "Read `usage.prompt_tokens_details.cached_tokens`."
    fenced = f"```\n{_table('`usage.prompt_tokens_details`', 'b')}\n```"
    assert with_joints(f"{prose}\n\n{fenced}") == f"{prose}\n\n{fenced}"
