"""The page that a learner gets back says what the verdicts say, and runs nothing."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest

from grader.grading.feedback_page import feedback_page
from grader.grading.hand_in_times import HandIn
from grader.grading.result import Result
from grader.grading.standing import ByHand, Held, Terms, decide
from tests.grading.class_folder import START
from tests.grading.made_results import HOSTILE, hostile_result, result
from tests.grading.made_standings import NOON, standing_of

_ALLOWED = frozenset(
    re.findall(
        r"\w+",
        "html head meta title style body main h1 h2 p strong code a bdi div table caption thead "
        "tbody tr th td span section ul li details summary pre br",
    )
)


class Seen(HTMLParser):
    """Collect what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Remember text."""
        self.text += data


def test_the_page_says_what_the_verdicts_say() -> None:
    """Points, outcome, diagnosis, next step, hints and criteria of each exercise."""
    page = feedback_page(
        standing_of(result("ada", first_call="returned-block")), title="Start here"
    )
    text = Seen(page).text
    for expected in (
        "Start here",
        "Feedback for ada",
        "5 of 7 points.",
        "Go on with first_call.",
        "You returned a block or a message instead of its text.",
        "Next:",
        "hint 1 of 3",
        "hint 3 of 3",
        "requests as they arrived",
        "the function returns the reply's text",
        "describe_reply",
    ):
        assert expected in text


def test_a_right_submission_has_nowhere_to_go_on() -> None:
    """No hint is shown for what is right."""
    text = Seen(feedback_page(standing_of(result("ada")))).text
    assert "7 of 7 points. All checks passed." in text
    assert "hint" not in text


def test_a_flag_and_remarks_are_told() -> None:
    """Whoever was cut short reads why, beside the exercise."""
    page = feedback_page(standing_of(hostile_result("ada", "The exam was stopped after 60 s.")))
    assert Seen(page).text.count("Cut short: The exam was stopped after 60 s.") == 1
    assert "(cut short)" in page


def test_the_page_says_which_file_and_which_code_were_graded() -> None:
    """Whoever handed in twice sees what counted."""
    graded = replace(result("ada"), digest="0123456789abcdef")
    hand_in = HandIn(NOON, given=datetime(2026, 11, 28, 22, 30, tzinfo=UTC))
    due = {START: datetime(2026, 11, 29, 23, 59, tzinfo=timezone(timedelta(hours=1)))}
    one = standing_of(graded, hand_in=hand_in, terms=Terms(due=due))
    text = Seen(feedback_page(one, code={"first_call": "if 1 < 2: pass"})).text
    assert (
        "handed in 2026-11-28 23:30:00 UTC+01:00, due 2026-11-29 23:59:00 UTC+01:00; "
        "the file's SHA-256 begins with 0123456789ab"
    ) in text
    assert text.count("your code, as it was graded") == 1
    assert "if 1 < 2: pass" in text


def test_nobody_is_said_to_have_handed_in_when_this_machine_got_the_file() -> None:
    """Unless an instructor or nbgrader says when it was."""
    text = Seen(feedback_page(standing_of(result("ada")))).text
    assert "first seen here 2026-11-28" in text
    assert "anded in" not in text
    stamped = standing_of(result("ada"), hand_in=HandIn(NOON, stamped=NOON))
    assert "(timestamp.txt)" in Seen(feedback_page(stamped)).text


def test_what_a_person_gave_stands_beside_what_the_check_gave() -> None:
    """Points, extra ones and the comment's words, line by line, as text."""
    held = Held(by_hand={"first_call": ByHand(3, 0.5, "Nearly <b>there</b>.\nWell argued.")})
    late = Terms(penalty=lambda *_: 1.5, due={START: NOON - timedelta(minutes=3)})
    one = standing_of(result("ada", first_call="returned-block"), held=held, terms=late)
    page = feedback_page(one)
    text = Seen(page).text
    for expected in (
        "5 of 7 points. That is 6.5 less 1.5 for being late.",
        "First seen here 3 min late.",
        "By hand: 3 points and +0.5 extra.",
        "Your teacher says: Nearly <b>there</b>.Well argued.",
    ):
        assert expected in text
    assert "there</b>" not in page


def test_every_try_is_listed_with_its_time_and_points() -> None:
    """And which of them counts."""
    first, second = result("ada"), result("ada", first_call="blank")
    tries = [
        (HandIn(NOON), "aaaa", first),
        (HandIn(NOON + timedelta(hours=1)), "bbbb", None),
        (HandIn(NOON + timedelta(hours=2)), "cccc", second),
    ]
    page = feedback_page(decide(("ada", START), tries, terms=Terms("best")))
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page.partition("Your tries")[2])
    shown = [re.sub("<[^>]+>", "|", row) for row in rows]
    assert [row.partition("|")[0] for row in shown] == ["1 (counts)", "2", "3"]
    assert [re.search(r"\d of 7|no result", row)[0] for row in shown] == [  # type: ignore[index]
        "7 of 7",
        "no result",
        "3 of 7",
    ]
    assert "Try 1 of 3 counts." in page


def test_no_result_is_told_with_its_cure() -> None:
    """Such a page has no points, not even 0."""
    page = feedback_page(
        standing_of(Result("ada", START, trouble="Not JSON. Save it again & hand it in."))
    )
    text = Seen(page).text
    assert "There is no result." in text
    assert "Not JSON. Save it again & hand it in." in text
    assert "points" not in text


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_a_learner_says_becomes_part_of_the_page(said: str) -> None:
    """Not as a tag, not as an attribute, not as a control character: only as text."""
    held = Held(by_hand={"first_call": ByHand(1, 1, said)})
    one = standing_of(hostile_result(said, said), hand_in=HandIn(NOON, remark=said), held=held)
    page = feedback_page(one, title=said, code={"first_call": said})
    seen = Seen(page)
    assert set(seen.tags) <= _ALLOWED
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "src"]
    assert {value for name, value in seen.attributes if name == "href"} == {
        "#first_call",
        "#describe_reply",
    }
    assert [value for name, value in seen.attributes if name == "http-equiv"] == [
        "Content-Security-Policy"
    ]
    page.encode("utf-8")
    assert not [each for each in page if ord(each) < 32 and each != "\n"]


def test_the_policy_stands_before_everything_it_rules() -> None:
    """Nothing may be loaded or run, whatever a later fault might let in."""
    page = feedback_page(standing_of(result("ada")))
    policy = page.index("default-src 'none'; style-src 'unsafe-inline'")
    assert policy < page.index("<title>")
    assert "script-src" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_the_same_result_gives_the_same_page() -> None:
    """No clock, no chance."""
    assert feedback_page(standing_of(result("ada"))) == feedback_page(standing_of(result("ada")))
