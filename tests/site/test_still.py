"""What a page of the book keeps of an output: what can be seen without a kernel."""

from __future__ import annotations

import nbformat
from hypothesis import given
from hypothesis import strategies as st

from binder.site.book import live_address, still
from binder.site.slugs import jupyter_slug
from grader.exercises import COURSE

KINDS = st.sampled_from(
    [
        "text/plain",
        "text/html",
        "image/png",
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.grader.prediction+json",
        "application/json",
    ]
)
V4 = nbformat.v4


@given(st.lists(st.sets(KINDS, min_size=1), max_size=4))
def test_a_page_keeps_what_can_be_seen(shown):
    """Text and pictures stay, in their order; what programs read goes, with empty outputs."""
    outputs = [V4.new_output("display_data", dict.fromkeys(kinds, "x")) for kinds in shown]
    printed = V4.new_output("stream", name="stdout", text="printed")
    cell = V4.new_code_cell(outputs=[*outputs, printed])
    notebook = still(V4.new_notebook(cells=[cell], metadata={"widgets": {}}))
    seen = [{kind for kind in kinds if not kind.startswith("application")} for kinds in shown]
    *left, last = notebook.cells[0].outputs
    assert [set(output.data) for output in left] == [kinds for kinds in seen if kinds]
    assert last == printed
    assert "widgets" not in notebook.metadata


def test_links_between_notebooks_lead_from_page_to_page():
    """Relative ones, with or without an anchor; addresses of other sites stay as they are."""
    html = (
        '<a href="../01_structure/01_structure.ipynb#The-call">a</a>'
        "<a href='cheat_sheet.ipynb'>b</a><a href=\"https://x/y.ipynb\">c</a>"
    )
    output = V4.new_output("display_data", {"text/html": html})
    notebook = still(V4.new_notebook(cells=[V4.new_code_cell(outputs=[output])]))
    assert notebook.cells[0].outputs[0].data["text/html"] == (
        '<a href="../01_structure/01_structure.html#The-call">a</a>'
        "<a href='cheat_sheet.html'>b</a><a href=\"https://x/y.ipynb\">c</a>"
    )


def test_what_scrolls_can_be_reached_by_keyboard():
    """Each part with a bar of its own takes the focus, and nothing else changes."""
    html = '<div class="a" style="color:red;overflow-x:auto"><p style="color:red">x</p></div>'
    output = V4.new_output("display_data", {"text/html": html})
    notebook = still(V4.new_notebook(cells=[V4.new_code_cell(outputs=[output])]))
    assert notebook.cells[0].outputs[0].data["text/html"] == html.replace(
        "<div ", '<div tabindex="0" '
    )


def test_a_page_leads_to_its_notebook():
    """Every lesson can be opened live, and pages that no notebook makes cannot."""
    for lesson in COURSE:
        page = f"{lesson.name}/{lesson.name}"
        assert live_address(page) == f"live/lab/index.html?path={page}.ipynb"
    assert live_address("search") == ""


def test_an_anchor_is_the_one_that_jupyter_gives():
    """Links in the notebooks work in JupyterLab and in the book."""
    assert jupyter_slug("Send the result back") == "Send-the-result-back"
