"""Points into a platform's gradebook: what arrives there, what stays, what is said."""

import json

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.passback import new_platform, pass_back, read_platform
from grader.grading.roster import keep_class_list, read_roster
from tests.grading.class_folder import START, STRUCTURE
from tests.grading.made_results import result
from tests.grading.passback.small_platform import TEACHER, SmallPlatform, member
from tests.grading.report.made_class import ADAS_POINTS, RESULTS, write_class

ALL = find_lesson(START).points


@pytest.fixture
def folder(tmp_path):
    """Return a graded class: ada, ben, cho and dee; eve has no result."""
    return write_class(tmp_path / "grades")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Return the file of a platform, to be filled in, and the public key that it is told."""
    path = tmp_path_factory.mktemp("keys") / "lms.toml"
    jwk, _, _ = new_platform(path)
    return path, json.loads(jwk.read_text())


@pytest.fixture
def platform(keys):
    """Serve a course of five, whose members bear the names of the folders in some way."""
    course = SmallPlatform(
        member("u-1", name="Ada Lovelace", email="ada@school.example"),
        member("u-2", lis_person_sourcedid="ben"),
        member("u-3", ext_user_username="cho"),
        member("u-4", name="Dee", roles=[TEACHER]),
        member("u-5", email="dee@school.example"),
        public_key=keys[1],
    )
    with course.serving():
        yield course


@pytest.fixture
def told(keys, platform):
    """Return the file that says how the course is reached."""
    return write_platform(keys[0], platform)


def write_platform(path, platform, **other):
    """Fill in a platform's file."""
    values = {
        "client_id": "tool-7",
        "token_url": f"{platform.address}/token",
        "line_items_url": f"{platform.address}/Items",
        "memberships_url": f"{platform.address}/people",
        "private_key": "lms-private.pem",
        **other,
    }
    filled = path.with_name("filled.toml")
    filled.write_text("".join(f"{name} = {json.dumps(each)}\n" for name, each in values.items()))
    return filled


def test_the_points_arrive_and_go_out_once(folder, platform, told):
    """Each lesson has a column of its own; the same command again sends nothing."""
    passed = pass_back(folder, read_platform(told))
    assert platform.points(START) == {
        id: next(
            float(each.points) for each in RESULTS if (each.student, each.lesson) == (who, START)
        )
        for id, who in {"u-1": "ada", "u-2": "ben", "u-3": "cho", "u-5": "dee"}.items()
    }
    assert platform.points(STRUCTURE) == {"u-1": ADAS_POINTS}
    assert (passed.made, passed.unclear, len(passed.sent)) == ([START, STRUCTURE], {}, 5)
    columns = {each["tag"]: each for each in platform.columns.values()}
    assert columns[START]["label"] == find_lesson(START).title
    assert columns[START]["scoreMaximum"] == ALL
    again = pass_back(folder, read_platform(told))
    assert (again.sent, again.kept, again.made, len(again.same)) == ([], [], [], 5)
    assert len(platform.columns) == 2


def test_what_was_graded_again_goes_out_again(folder, platform, told):
    """And nothing else does."""
    pass_back(folder, read_platform(told))
    better = [each for each in RESULTS if each.student != "ben"] + [result("ben")]
    write_class(folder, better)
    passed = pass_back(folder, read_platform(told))
    assert passed.sent == [("ben", START)]
    assert platform.points(START)["u-2"] == ALL


def test_a_grade_of_somebody_s_own_stays(folder, platform, told):
    """Whether it was given before or changed after; --overwrite replaces it."""
    pass_back(folder, read_platform(told))
    (column,) = [id for id, each in platform.columns.items() if each["tag"] == START]
    platform.scores[column, "u-1"]["scoreGiven"] = 1
    write_class(folder, [*RESULTS[2:], result("ada", first_call="blank")])
    passed = pass_back(folder, read_platform(told), lesson=START)
    assert passed.kept == [("ada", START, 1.0)]
    assert platform.points(START)["u-1"] == 1
    passed = pass_back(folder, read_platform(told), lesson=START, may_overwrite=True)
    assert (passed.kept, passed.sent) == ([], [("ada", START)])
    assert platform.points(START)["u-1"] not in (1, ALL)


def test_a_dry_run_sends_nothing(folder, platform, told):
    """It says what would be sent, and which columns would be made."""
    passed = pass_back(folder, read_platform(told), is_dry=True)
    assert (len(passed.sent), passed.made) == (5, [START, STRUCTURE])
    assert (platform.columns, platform.scores) == ({}, {})
    assert not (folder / "passback.json").exists()


def test_nobody_is_guessed(tmp_path, platform, told):
    """Two members of one name, one member for two students, and nobody at all are told of."""
    platform.members += [
        member("u-6", name="Kim Lee", email="kim@a.example"),
        member("u-7", name="Kim Lee", email="kim@b.example"),
        member("u-8", lis_person_sourcedid="5", email="max@school.example"),
    ]
    names = ("kim", "leekim", "5", "max", "nobody")
    folder = write_class(tmp_path / "grades", [result(name) for name in names])
    passed = pass_back(folder, read_platform(told))
    assert passed.sent == []
    assert passed.unclear["kim"] == "2 members of the course may be kim"
    assert passed.unclear["5"] == "max may be the same member of the course"
    assert "no member of the course" in passed.unclear["nobody"]
    assert set(passed.unclear) == set(names)


def test_a_roster_says_who_somebody_is(tmp_path, platform, told):
    """By its number, its login or its address; who is excused there gets nothing."""
    platform.members += [
        member("u-9", lis_person_sourcedid="S9"),
        member("u-10", email="two@school.example"),
        member("u-11", lis_person_sourcedid="S11"),
    ]
    folder = write_class(tmp_path / "grades", [result("one"), result("two"), result("three")])
    roster = tmp_path / "canvas.csv"
    roster.write_text(
        f"Student,ID,SIS User ID,SIS Login ID,Section,{START} (4711)\n"
        "Points Possible,,,,,7\n"
        '"One, A",1,S9,one,A,\n"Two, B",2,,two@school.example,A,\n"Three, C",3,S11,three,A,EX\n'
    )
    keep_class_list(folder, read_roster(str(roster)))
    students = {each.login: each.student for each in read_roster(str(roster)).people}
    assert "two@school.example" in students
    folder = write_class(folder, [result(student) for student in students.values()])
    passed = pass_back(folder, read_platform(told))
    assert platform.points(START) == {"u-9": ALL, "u-10": ALL}
    assert passed.unclear == {}


def test_who_was_sent_before_it_broke_is_remembered(folder, platform, told):
    """The same command goes on where the last one stopped."""
    platform.scores_until_failure = 2
    with pytest.raises(GradingError, match=r"answered 403 .*course is closed.*registered"):
        pass_back(folder, read_platform(told))
    assert len(platform.scores) == 2
    platform.scores_until_failure = -1
    passed = pass_back(folder, read_platform(told))
    assert (len(passed.same), len(passed.sent), passed.kept) == (2, 3, [])


def test_a_platform_that_is_busy_is_asked_again(folder, platform, told):
    """Twice in vain, then it goes on."""
    platform.failures = [503, 429]
    assert len(pass_back(folder, read_platform(told)).sent) == 5


def test_another_key_is_refused_in_words(folder, platform, keys, tmp_path):
    """The platform doesn't know it."""
    other = tmp_path / "other.toml"
    new_platform(other)
    path = write_platform(other, platform, private_key="other-private.pem")
    with pytest.raises(GradingError, match=r"answered 401 at /token.*registered with this key"):
        pass_back(folder, read_platform(path))


def test_a_platform_that_is_gone_is_told_of(folder, keys, platform):
    """With its name, and what to look at."""
    path = write_platform(keys[0], platform, token_url="http://127.0.0.1:9/token")
    with pytest.raises(GradingError, match=r"127\.0\.0\.1 can't be reached"):
        pass_back(folder, read_platform(path))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"client_id": ""}, "doesn't say client_id"),
        ({"client_id": 7}, "client_id should be a text"),
        ({"line_items_url": "school.example/items"}, "isn't a web address"),
        ({"line_items_url": "http://school.example/items"}, "unencrypted. Use https"),
        ({"private_key": "lms-public.pem"}, "isn't a private key in PEM"),
        ({"private_key": "none.pem"}, "isn't a private key in PEM"),
    ],
)
def test_a_file_that_cannot_work_is_refused(keys, platform, changed, words):
    """Before anything is sent."""
    with pytest.raises(GradingError, match=words):
        read_platform(write_platform(keys[0], platform, **changed))
    assert platform.asked == []


def test_a_file_that_is_not_there_is_to_be_made(tmp_path):
    """And one that is there is not written over."""
    path = tmp_path / "moodle.toml"
    with pytest.raises(GradingError, match="grader export lti"):
        read_platform(path)
    made = CliRunner().invoke(app, ["export", "lti", str(path)])
    assert made.exit_code == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "moodle-private.pem",
        "moodle-public.json",
        "moodle-public.pem",
        "moodle.toml",
    ]
    assert (tmp_path / "moodle-private.pem").stat().st_mode & 0o077 == 0
    assert "private" not in (tmp_path / "moodle-public.json").read_text()
    with pytest.raises(GradingError, match="is there already"):
        new_platform(path)


def test_the_command_says_what_it_did(folder, platform, told):
    """In sentences; somebody who wasn't found is reason enough for an exit code of 1."""
    platform.members.pop()
    done = CliRunner().invoke(app, ["passback", str(folder), "--platform", str(told)])
    assert done.exit_code == 1
    said = " ".join(done.stdout.split())
    assert f"New in the platform's gradebook: {START}, {STRUCTURE}." in said
    assert "4 grades sent, 0 there already." in said
    assert "Not found in the course: 1 student: dee: no member" in said
