"""What counts is decided once, and everybody who shows a grade shows that."""

import csv
import io
import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from grader.cli import grading as command
from grader.errors import GradingError
from grader.grading.agreed import notes_on
from grader.grading.feedback_page import feedback_page
from grader.grading.grade import GradeReport, settle_class
from grader.grading.gradebook.late import LatePenalties
from grader.grading.hand_in_times import HandIn, Place
from grader.grading.journal import Entry, Journal, NoResult
from grader.grading.late_penalty import read_late_penalty
from grader.grading.options import load_config
from grader.grading.report import write_report
from grader.grading.result import Result, Run
from grader.grading.sandbox import Level
from grader.grading.standing import (
    ATTEMPTS,
    ByHand,
    Held,
    Standing,
    Terms,
    decide,
    standing_from_json,
    standing_to_json,
)
from tests.grading.class_folder import START, STRUCTURE
from tests.grading.made_results import result
from tests.grading.made_standings import NOON, MadeClass, standing_of
from tests.grading.test_feedback_page import Seen

PLACE = "ada", START
ANSWERS = {7: {}, 5: {"first_call": "returned-block"}, 3: {"first_call": "blank"}}
DAY = timedelta(days=1)


def tries(*given: tuple[int | None, float]) -> list[tuple[HandIn, str, Result | None]]:
    """Return tries with so many points, so many days after noon; None: without a result."""
    return [
        (
            HandIn(NOON + days * DAY),
            str(number),
            None if points is None else result("ada", **ANSWERS[points]),
        )
        for number, (points, days) in enumerate(given)
    ]


def ten_per_cent(_student: str, points: float, seconds: float) -> float:
    """Take a tenth off for each day begun."""
    return read_late_penalty("10%/day").of(points, seconds)


@pytest.mark.parametrize(
    ("attempts", "handed_in", "number"),
    [
        ("last", [(7, -2), (3, -1)], 2),
        ("last", [(3, -2), (None, -1)], 1),
        ("best", [(7, -2), (3, -1)], 1),
        ("best", [(7, -2), (7, -1)], 1),
        # 7 less 4 tenths is less than 5.
        ("best", [(5, -1), (7, 3.5)], 1),
        ("best", [(3, -1), (7, 3.5)], 2),
        ("last-before-due", [(7, -2), (3, -1), (7, 1)], 2),
        ("last-before-due", [(7, 1), (3, 2)], 2),
        ("last-before-due", [(7, -1), (None, -0.5), (5, 1)], 1),
        ("best", [(None, -1)], 0),
    ],
)
def test_which_try_counts(
    attempts: str, handed_in: list[tuple[int | None, float]], number: int
) -> None:
    """The newest, the one that is worth most, or the newest in time; one without result never."""
    terms = Terms(attempts, ten_per_cent, {START: NOON})
    assert decide(PLACE, tries(*handed_in), terms=terms).number == number


def test_an_extension_moves_what_is_in_time() -> None:
    """For lateness, penalty and the choice among tries alike."""
    terms = Terms("last-before-due", ten_per_cent, {START: NOON})
    given = tries((3, -1), (7, 1))
    assert decide(PLACE, given, terms=terms).points == 3
    extended = decide(PLACE, given, terms=terms, held=Held(extension=2 * DAY))
    assert (extended.number, extended.points, extended.seconds_late) == (2, 7, 0)


def test_an_earlier_result_outlives_a_broken_file() -> None:
    """The sentence says what is wrong, what counts, and what mends it."""
    trouble = Result(*PLACE, trouble="a.ipynb is not JSON (line 1). Ask for it again.")
    one = decide(PLACE, tries((3, -1)), terms=Terms(), trouble=trouble)
    assert (one.points, one.trouble) == (3, trouble.trouble)
    assert one.remarks()[0] == (
        "The newest file cannot be graded (a.ipynb is not JSON (line 1)); "
        "an earlier try with 3 of 7 counts."
    )
    assert one.remarks()[1] == "Ask for it again."


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (59, "59 s"), (60, "1 min")])
def test_less_than_a_minute_is_told_in_seconds(seconds: float, said: str) -> None:
    """Nothing is 0 min late."""
    hand_in = HandIn(NOON, given=NOON + timedelta(seconds=seconds))
    one = standing_of(result("ada"), hand_in=hand_in, terms=Terms(due={START: NOON}))
    assert one.remarks() == (f"Handed in {said} late.",)


hours = st.integers(-90, 90).map(lambda each: NOON + timedelta(hours=each))


@given(
    handed_in=st.lists(st.tuples(st.sampled_from([7, 5, 3, None]), hours), max_size=4),
    attempts=st.sampled_from(ATTEMPTS),
    due=st.none() | hours,
    extension=st.integers(0, 60).map(lambda each: timedelta(hours=each)),
    rule=st.sampled_from(["10%/day", "1/hour", "40%/day max 50%", "3/day max 4"]),
    by_hand=st.none() | st.tuples(st.none() | st.integers(0, 6), st.none() | st.integers(-2, 3)),
)
def test_what_counts_is_within_its_bounds_and_survives_json(
    handed_in: list[tuple[int | None, datetime]],
    attempts: str,
    due: datetime | None,
    extension: timedelta,
    rule: str,
    by_hand: tuple[int | None, int | None] | None,
) -> None:
    """Never below 0, never more than was given; in time costs nothing."""
    given = [
        (HandIn(at), str(number), None if points is None else result("ada", **ANSWERS[points]))
        for number, (points, at) in enumerate(handed_in)
    ]
    penalty = read_late_penalty(rule)
    terms = Terms(attempts, lambda _, *late: penalty.of(*late), {START: due} if due else {})
    held = Held(extension, {"first_call": ByHand(*by_hand)} if by_hand else {})
    one = decide(PLACE, given, terms=terms, held=held)
    assert standing_from_json(json.loads(json.dumps(standing_to_json(one))), one.result) == one
    if one.counting is None:
        assert one.points is None
        return
    whole = sum(one.of_exercise(e.exercise, e.verdict.points) for e in one.result.exercises)
    assert one.points == pytest.approx(max(0.0, whole - one.penalty))
    if due is None or one.counting.handed_in <= due + extension:
        assert (one.penalty, one.seconds_late) == (0, 0)
    if attempts == "best" and not by_hand:
        alone = [decide(PLACE, [each], terms=terms, held=held).points for each in given if each[2]]
        assert one.points == max(each for each in alone if each is not None)


def _table(
    made: MadeClass,
    rows: dict[Place, dict[str, object]],
    due: Mapping[str, datetime] | None = None,
) -> str:
    """Return the table that the command prints."""
    standings = tuple(_standings(rows))
    report = GradeReport(standings, 0, Level.NAMESPACES, made.folder, due or {})
    console = Console(width=400, file=io.StringIO(), record=True)
    patch = pytest.MonkeyPatch()
    with patch.context() as patched:
        patched.setattr(command, "stdout", console)
        command._print_grades(report)
    return console.export_text()


def _standings(rows: dict[Place, dict[str, object]]) -> list[Standing]:
    from grader.grading.result import result_from_json

    return [standing_from_json(row["standing"], result_from_json(row)) for row in rows.values()]


def _from_table(text: str) -> dict[Place, str]:
    cells = [[each.strip() for each in line.split("│")] for line in text.splitlines()]
    return {(row[1], row[2]): row[3].partition(" ")[0] for row in cells if len(row) == 6}


def _from_page(made: MadeClass, place: Place) -> str:
    text = Seen(made.folder.feedback(*place).read_text(encoding="utf-8")).text
    found = re.search(r"([\d.]+) of \d+ points\.", text)
    assert found, text
    return found[1]


def _from_csvs(folder: Path, name: str, column: str) -> dict[Place, str]:
    """Return the points of the files of both lessons: one for all leaves out who lacks one."""
    return {
        place: points
        for lesson in (START, STRUCTURE)
        for place, points in _from_csv(folder / f"{name}-{lesson}.csv", column).items()
    }


def _from_csv(path: Path, name: str) -> dict[Place, str]:
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row[name], lesson): row[lesson]
            for row in csv.DictReader(file)
            if row[name]
            for lesson in (START, STRUCTURE)
            if row.get(lesson)
        }


def _from_report(page: str) -> dict[Place, str]:
    [table] = re.findall(r"<summary>Everybody's points</summary>(.*?)</table>", page, re.DOTALL)
    rows = re.findall(r'<tr><th scope="row"><bdi>(.*?)</bdi></th>(.*?)</tr>', table)
    shown = {}
    for student, cells in rows:
        points = re.findall(r">([^<>]+)(?:</a>)?</td>", cells)
        for lesson, each in zip((START, STRUCTURE), points, strict=False):
            if each != "none":
                shown[student, lesson] = each
    return shown


def _made_up(made: MadeClass, draw: random.Random) -> set[Place]:
    """Fill a class by chance, and return whose points there have to be."""
    places = set()
    for number in range(10):
        student = f"student{number}"
        for lesson, mistakes in (
            (START, [{}, {"first_call": "returned-block"}, {"first_call": "blank"}]),
            (STRUCTURE, [{}, {"finish_reason": "blank"}]),
        ):
            for _ in range(draw.randint(0, 3)):
                at = NOON + timedelta(hours=draw.uniform(-60, 60))
                times = {"given": at - timedelta(hours=1)} if draw.random() < 0.3 else {}
                made.hand_in(result(student, lesson, **draw.choice(mistakes)), at, **times)
                places.add((student, lesson))
    extended = draw.sample(sorted(places), 4)
    made.say(
        due={START: NOON, STRUCTURE: NOON + timedelta(hours=7)},
        extensions={place: timedelta(hours=draw.randint(1, 50)) for place in extended},
        attempts=draw.choice(ATTEMPTS),
        late_penalty=draw.choice(["10%/day", "0.25/hour max 3", "35%/day max 50%"]),
    )
    made.settle()
    for student, lesson in draw.sample(sorted(places), 6):
        exercise = "first_call" if lesson == START else "finish_reason"
        made.give_by_hand(
            student,
            points=draw.choice([None, 0, 1.5, 3]),
            extra=draw.choice([None, 0.5, 2]),
            comment=draw.choice([None, "Well argued <b>."]),
            lesson=lesson,
            exercise=exercise,
        )
    return places


@pytest.mark.parametrize("seed", range(3))
def test_everybody_tells_the_same_points(tmp_path: Path, seed: int) -> None:
    """Table, pages, gradebook, report.html, report.json and all CSV files, each read back."""
    made = MadeClass(tmp_path)
    places = _made_up(made, random.Random(seed))
    write_report(tmp_path, per="lesson")
    rows = made.settle()
    expected = {place: f"{rows[place]['standing']['points']:g}" for place in places}
    assert len(set(expected.values())) > 5
    report = json.loads((tmp_path / "report.json").read_text())
    told: dict[str, dict[Place, str]] = {
        "table": _from_table(_table(made, rows)),
        "pages": {place: _from_page(made, place) for place in places},
        "gradebook": {place: f"{each:g}" for place, each in made.nbgrader_says().items()},
        "report.html": _from_report((tmp_path / "report.html").read_text(encoding="utf-8")),
        "report.json": {
            (each["name"], lesson): f"{points:g}"
            for each in report["grades"]
            for lesson, points in each["points"].items()
        },
        "canvas": _from_csvs(tmp_path, "canvas", "SIS Login ID"),
        "moodle": _from_csvs(tmp_path, "moodle", "Username"),
    }
    for name, found in told.items():
        shown = {place: f"{float(each):g}" for place, each in found.items() if place in places}
        assert shown == expected, name


def test_everybody_tells_the_same_lateness(tmp_path: Path) -> None:
    """The gradebook counts the seconds that table, page and report are about."""
    from nbgrader.api import Gradebook

    made = MadeClass(tmp_path)
    places = _made_up(made, random.Random(9))
    write_report(tmp_path)
    rows = made.settle()
    late = {each.place: each.seconds_late for each in _standings(rows)}
    with Gradebook(made.folder.db_url) as gradebook:
        found = {
            (student, lesson): gradebook.find_submission(lesson, student).total_seconds_late
            for student, lesson in places
        }
    assert found == pytest.approx(late)
    assert any(late.values())
    report = json.loads((tmp_path / "report.json").read_text())
    assert {(each["student"], each["lesson"]) for each in report["late"]} == {
        place for place, seconds in late.items() if seconds
    }
    for place, seconds in late.items():
        page = made.folder.feedback(*place).read_text(encoding="utf-8")
        assert (" late.</p>" in page) == bool(seconds)


def test_what_is_given_later_reaches_everybody_and_nothing_is_written_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A due date taken back too; where nothing changed, no file does and nbgrader is not asked."""
    made = MadeClass(tmp_path)
    made.hand_in(result("ada"), NOON + DAY)
    made.say(due={START: NOON}, late_penalty="10%/day")
    assert made.settle()[PLACE]["standing"]["points"] == 6.3
    made.say(extensions={PLACE: 2 * DAY})
    assert made.settle()[PLACE]["standing"]["points"] == 7
    made.say(extensions={PLACE: timedelta()})
    assert made.settle()[PLACE]["standing"]["points"] == 6.3
    assert made.nbgrader_says() == {PLACE: 6.3}
    made.say(due={START: None})
    assert made.settle()[PLACE]["standing"]["points"] == 7
    assert made.nbgrader_says() == {PLACE: 7}
    assert "due" not in Seen(made.folder.feedback(*PLACE).read_text()).text
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.setattr("grader.grading.writer.open_gradebook", None)
    made.settle()
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert {each.name for each in after if before.get(each) != after[each]} == set()


def test_a_gradebook_that_says_otherwise_is_set_right(tmp_path: Path) -> None:
    """nbgrader's own Autograde draws other data, and so may find other points."""
    from nbgrader.api import Gradebook

    made = MadeClass(tmp_path)
    made.hand_in(result("ada"))
    made.settle()
    with Gradebook(made.folder.db_url) as gradebook:
        gradebook.find_grade("check_first_call", START, START, "ada").auto_score = 1
        gradebook.db.commit()
    assert made.nbgrader_says() == {PLACE: 4}
    made.settle()
    assert made.nbgrader_says() == {PLACE: 7}


def test_points_by_hand_for_an_earlier_try_are_marked_until_they_are_confirmed(
    tmp_path: Path,
) -> None:
    """They count; gradebook, table, page and report say of which try they are."""
    from nbgrader.api import Gradebook

    def needs_a_look() -> bool:
        with Gradebook(made.folder.db_url) as gradebook:
            return bool(gradebook.find_submission(START, "ada").needs_manual_grade)

    made = MadeClass(tmp_path)
    made.hand_in(result("ada", first_call="blank"))
    made.settle()
    made.give_by_hand("ada", points=2.5, comment="Nearly.")
    assert write_report(tmp_path).notes == ()
    assert not needs_a_look()
    # The same points, by another file.
    made.hand_in(result("ada", first_call="blank"), NOON + DAY)
    for _ in range(2):
        rows = made.settle()
        assert rows[PLACE]["standing"]["points"] == 5.5
        [said, tries] = _standings(rows)[0].remarks()
        assert said == "By hand: first_call 2.5 points (given before this was graded)."
        assert tries == "Try 2 of 2 counts."
        assert said in _table(made, rows)
        page = Seen(made.folder.feedback(*PLACE).read_text(encoding="utf-8")).text
        assert page.count("2.5 points (given before this was graded)") == 3
        assert needs_a_look()
        [note] = write_report(tmp_path).notes
        assert f"still count: ada · {START}. formgrader shows them under 'Needs manual" in note
        assert said in (tmp_path / "report.html").read_text(encoding="utf-8")
    made.give_by_hand("ada", points=2.5, comment="Nearly.")
    assert write_report(tmp_path).notes == ()
    assert not needs_a_look()
    assert "(given before" not in made.folder.feedback(*PLACE).read_text(encoding="utf-8")


@pytest.mark.parametrize("has_changed", [True, False])
def test_points_by_hand_beside_other_automatic_points_are_marked(
    tmp_path: Path, has_changed: bool
) -> None:
    """Of the same file, graded by another grader; of an exercise that it finds the same, not."""
    made = MadeClass(tmp_path)
    before = made.hand_in(result("ada", first_call="blank"))
    made.settle()
    made.give_by_hand("ada", points=2.5)
    made.settle()
    again = result("ada", first_call="returned-block" if has_changed else "blank")
    with Journal(made.folder.journal) as journal:
        new = replace(again, digest=before.digest, remarks=("Another version.",))
        journal.add(Entry("another key", new, Run("namespaces", {})))
    for _ in range(2):
        [one] = _standings(made.settle())
        assert one.by_hand == {"first_call": ByHand(2.5, is_earlier=has_changed)}


def test_another_gradebook_says_what_it_does_not_have(tmp_path: Path) -> None:
    """Once, with what goes on with the old one; where nothing was given nothing is said."""
    made = MadeClass(tmp_path / "out")
    for student in ("ada", "ben", "cho"):
        made.hand_in(result(student))
    made.say(due={START: NOON - DAY}, extensions={("ben", START): DAY})
    made.settle()
    made.give_by_hand("ada", points=1)
    old, new = made.folder.db_url, f"sqlite:///{tmp_path / 'new.db'}"
    assert settle_class(made.path) == ()
    [said] = settle_class(made.path, new)
    assert said == (
        f"The gradebook {new} begins without the points, comments and extensions that {old} has "
        f"for ada · {START}, ben · {START}, so they do not count. "
        f"To go on with that one: --db {old}"
    )
    assert settle_class(made.path, new) == ()
    assert settle_class(made.path, old) == ()
    assert made.settle()[PLACE]["standing"]["points"] == 4


def test_an_extension_counts_only_where_something_is_graded(tmp_path: Path) -> None:
    """Until then it is kept for later, and only that is said."""
    made = MadeClass(tmp_path)
    made.say(due={START: NOON}, extensions={PLACE: DAY})
    with Journal(made.folder.journal) as journal:
        journal.see(PLACE, "ab" * 32, at=NOON)
        journal.keep_troubles((NoResult(*PLACE, "It is torn.", "ab" * 32),))
        [note] = notes_on(journal)
    [one] = _standings(made.settle())
    assert one.remarks() == ("It is torn.",)
    assert note.endswith(f"can be graded arrives: the extension of ada · {START}.")
    with Journal(made.folder.journal) as journal:
        journal.keep_troubles(())
    made.hand_in(result("ada"))
    [one] = _standings(made.settle())
    assert one.remarks() == (
        "An extension of 1 d 0 h is counted in.",
        "Try 2 of 2 counts.",
    )


def test_table_and_page_tell_times_alike(tmp_path: Path) -> None:
    """To the second, in the zone in which the due date was said, and with its name."""
    made = MadeClass(tmp_path)
    due = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    made.hand_in(result("ada"), NOON + timedelta(seconds=7))
    made.say(due={START: due})
    rows = made.settle()
    page = Seen(made.folder.feedback(*PLACE).read_text(encoding="utf-8")).text
    assert (
        "first seen here 2026-11-28 17:30:07 UTC+05:30, due 2026-11-28 17:30:00 UTC+05:30" in page
    )
    assert f"Due: {START} at 2026-11-28 17:30:00 UTC+05:30\n" in _table(made, rows, {START: due})


def test_a_due_date_and_an_extension_of_nbgraders_count(tmp_path: Path) -> None:
    """Where `grader` was told nothing else."""
    from nbgrader.api import Gradebook

    made = MadeClass(tmp_path)
    made.hand_in(result("ada"), NOON)
    made.settle()
    with Gradebook(made.folder.db_url) as gradebook:
        gradebook.update_or_create_assignment(START, duedate="2026-11-25 12:00:00")
        gradebook.grant_extension(START, "ada", days=1)
    [late] = [each.seconds_late for each in _standings(made.settle())]
    assert late == 2 * 86_400


@pytest.mark.parametrize("method", ["zero", "plugin"])
def test_an_instructors_own_penalty_counts_everywhere(tmp_path: Path, method: str) -> None:
    """From nbgrader_config.py, which stays as the instructor left it."""
    made = MadeClass(tmp_path)
    made.hand_in(result("ada"), NOON + DAY)
    made.say(due={START: NOON})
    name = f"penalty_{tmp_path.name.replace('-', '_')}"
    added = {
        "zero": 'c.LateSubmissionPlugin.penalty_method = "zero"\n',
        "plugin": f'c.AssignLatePenalties.plugin_class = "{name}.Half"\n',
    }[method]
    (tmp_path / f"{name}.py").write_text(
        "from nbgrader.plugins import BasePlugin\nclass Half(BasePlugin):\n"
        "    def late_submission_penalty(self, student, score, seconds):\n"
        "        return score / 2\n"
    )
    with (tmp_path / "nbgrader_config.py").open("a") as file:
        file.write(added)
    points = {"zero": 0, "plugin": 3.5}[method]
    assert made.settle()[PLACE]["standing"]["points"] == points
    assert made.nbgrader_says() == {PLACE: points}
    assert (tmp_path / "nbgrader_config.py").read_text().endswith(added)


def test_a_graded_notebook_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    """The gradebook keeps what it has, and the page has no code."""
    made = MadeClass(tmp_path)
    for student in ("ada", "ben"):
        made.hand_in(result(student))
    made.settle()
    made.folder.graded("ada", START).unlink()
    made.say(due={START: NOON - DAY})
    made.settle()
    assert made.nbgrader_says() == {("ada", START): 7, ("ben", START): 7}
    assert " late." in made.folder.feedback("ada", START).read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", ["10%/day", "2/hour max 50%"])
def test_nbgraders_own_tools_take_off_what_was_agreed(tmp_path: Path, rule: str) -> None:
    """Its AssignLatePenalties finds the rule in the folder's config."""
    made = MadeClass(tmp_path)
    made.say(late_penalty=rule)
    plugin = LatePenalties(load_config(tmp_path), tmp_path)
    for seconds in (1, 86_400, 200_000):
        assert plugin.of("ada", 7, seconds) == read_late_penalty(rule).of(7, seconds)
    made.say(late_penalty="")
    assert LatePenalties(load_config(tmp_path), tmp_path).of("ada", 7, 200_000) == 0


def test_a_penalty_that_is_said_twice_is_refused(tmp_path: Path) -> None:
    """By the file and by the command; a plugin that cannot be loaded is named too."""
    made = MadeClass(tmp_path)
    made.hand_in(result("ada"), NOON + DAY)
    made.say(due={START: NOON}, late_penalty="10%/day")
    with (tmp_path / "nbgrader_config.py").open("a") as file:
        file.write('c.AssignLatePenalties.plugin_class = "nowhere.Half"\n')
    with pytest.raises(GradingError, match="or give --late-penalty none"):
        made.settle()
    made.say(late_penalty="")
    with pytest.raises(GradingError, match=r"late penalty of .*nbgrader_config\.py cannot be used"):
        made.settle()


def test_an_earlier_try_that_counts_again_has_its_own_notebook(tmp_path: Path) -> None:
    """Gradebook, page and autograded follow the way in which tries are counted."""
    made = MadeClass(tmp_path)
    for answers in ({}, {"first_call": "blank"}):
        made.hand_in(result("ada", **answers))
    graded: Callable[[], float] = lambda: made.nbgrader_says()[PLACE]  # noqa: E731
    for attempts, points in (("last", 3), ("best", 7), ("last", 3)):
        made.say(attempts=attempts)
        made.settle()
        assert graded() == points
        assert _from_page(made, PLACE) == f"{points}"


def test_a_page_of_what_counts_needs_no_more_than_that() -> None:
    """The same standing gives the same page."""
    one = standing_of(replace(result("ada"), digest="ab"))
    assert feedback_page(one) == feedback_page(
        standing_from_json(standing_to_json(one), one.result)
    )
