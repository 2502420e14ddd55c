import pytest

from grader.authoring.markers import MarkerFault, Regions, find_faults, split_regions

SPELLING = "is not spelt as nbgrader and this course expect."


def faults(*lines: str, code: bool = True) -> list[MarkerFault]:
    """Return the faults of a cell of these lines."""
    return list(find_faults("\n".join(lines), code=code))


def test_balanced_markers_have_no_fault():
    """A cell may hold several regions, one after another."""
    assert (
        faults(
            "class Bot:",
            "    def ask(self):",
            "        ### BEGIN SOLUTION",
            "        return 1",
            "        ### END SOLUTION",
            "    def undo(self):",
            "        ### BEGIN SOLUTION",
            "        return 2",
            "        ### END SOLUTION",
        )
        == []
    )


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("### BEGIN SOLUTIONS", "BEGIN SOLUTION"),
        ("# BEGIN SOLUTION", "BEGIN SOLUTION"),
        ("###BEGIN SOLUTION", "BEGIN SOLUTION"),
        ("### Begin Solution", "BEGIN SOLUTION"),
        ("### BEGIN SOLUTON", "BEGIN SOLUTION"),
        ("### BEGIN_SOLUTION", "BEGIN SOLUTION"),
        ("# start of the solution", "BEGIN SOLUTION"),
        ("x = 1  ### BEGIN SOLUTION", "BEGIN SOLUTION"),
        ("### BEGIN HIDDEN TEST", "BEGIN HIDDEN TESTS"),
        ("### BEGIN MARKING SCHEME", "BEGIN MARK SCHEME"),
    ],
)
def test_a_misspelt_marker_is_found(line: str, meant: str):
    """nbgrader would overlook some of these, and hand the solution out."""
    end = meant.replace("BEGIN", "### END")

    assert faults(line, "return 1", end) == [
        MarkerFault(
            0, f"The marker `{line}` {SPELLING}", f"Write `### {meant}`, alone on its line."
        )
    ]


def test_a_misspelt_end_is_found_where_it_stands():
    """An end that nbgrader would overlook hides the rest of the cell."""
    assert faults("### BEGIN SOLUTION", "return 1", "    # END OF SOLUTION") == [
        MarkerFault(
            2,
            f"The marker `# END OF SOLUTION` {SPELLING}",
            "Write `### END SOLUTION`, alone on its line.",
        )
    ]


@pytest.mark.parametrize(
    "comment",
    ["# the solution", "# Solution", "# begin with the system prompt", "# end of the loop"],
)
def test_a_comment_is_no_marker(comment: str):
    """Comments may speak of solutions, beginnings and ends."""
    assert faults(comment) == []


def test_prose_may_speak_of_markers_in_its_own_words():
    """Only what nbgrader itself would take for a marker counts outside code."""
    assert faults("# Begin the solution", code=False) == []


def test_a_region_never_closed_is_found():
    """nbgrader refuses the notebook, naming no line."""
    assert faults("def f():", "    ### BEGIN SOLUTION", "    return 1") == [
        MarkerFault(
            1,
            "`### BEGIN SOLUTION` is never closed in its cell.",
            "Write `### END SOLUTION` below the lines to hide.",
        )
    ]


def test_a_region_never_opened_is_found():
    """nbgrader says nothing, and hands the solution out."""
    assert faults("def f():", "    return 1", "    ### END SOLUTION") == [
        MarkerFault(
            2,
            "`### END SOLUTION` closes a region that was never opened.",
            "Write `### BEGIN SOLUTION` above the lines to hide, or delete this line.",
        )
    ]


def test_a_region_in_a_region_is_found():
    """A region ends before the next begins."""
    assert faults("### BEGIN SOLUTION", "### BEGIN SOLUTION", "### END SOLUTION") == [
        MarkerFault(
            1,
            "`### BEGIN SOLUTION` stands inside the SOLUTION region that is still open.",
            "Write `### END SOLUTION` before it.",
        )
    ]


def test_a_region_closed_as_another_kind_is_found():
    """Hidden tests do not end a solution."""
    assert faults("### BEGIN SOLUTION", "### END HIDDEN TESTS") == [
        MarkerFault(
            1,
            "`### END HIDDEN TESTS` closes a region that was never opened.",
            "Write `### BEGIN HIDDEN TESTS` above the lines to hide, or delete this line.",
        )
    ]


def test_lines_are_parted_by_the_markers():
    """What a learner sees and what is hidden are told apart; the markers are neither."""
    source = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n    # done"

    assert split_regions(source) == Regions(("    return 1",), ("def f():", "    # done"))
