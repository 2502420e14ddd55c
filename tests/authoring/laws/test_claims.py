"""Prose about prices and models: true, or found, with what is true instead."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grader.authoring import Problem
from grader.authoring.claims import number, ordinal, share
from grader.catalog import Catalog, PriceBand, catalog
from tests.authoring.tiny_course import PROSE, TinyCourse, at
from tests.catalog.small import SMALL

pytestmark = pytest.mark.usefixtures("small_catalog")

TABLE = "solutions/claims.toml"
TIED = """\
# A comment.
[[claims]]
in = "00_shout"
says = "To read costs {}."
truth = ["share(price(DEFAULT_MODEL).read_multiplier)"]
"""


def tie(course: TinyCourse, prose: str, *rows: str) -> list[Problem]:
    """Return what the laws find when the course says this, and has these rows."""
    course.write(TABLE, "\n".join(rows))
    course.edit(PROSE, prose)
    course.build()
    return course.check()


def row(says: str, **keys: str) -> str:
    """Return a row of the table; keys: as TOML."""
    told = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return f'[[claims]]\nin = "00_shout"\nsays = "{says}"\n{told}'


@pytest.fixture
def cheaper_reads(small_catalog: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reads cost a twentieth of input."""
    models = []
    for card in SMALL.models:
        price = replace(card.price_for(1), read=card.price_for(1).input / 20)
        models.append(replace(card, prices=(PriceBand(price),)))
    monkeypatch.setattr(catalog, "_packaged_catalog", lambda: Catalog(tuple(models)))


def test_a_sentence_that_is_true_is_no_problem(course: TinyCourse) -> None:
    """The words are what the row's expression comes to."""
    assert tie(course, "# To read costs a tenth.", TIED) == []


@pytest.mark.usefixtures("cheaper_reads")
def test_a_changed_price_finds_the_sentence_that_it_made_false(course: TinyCourse) -> None:
    """By file and line, with the sentence to write instead; the row stays as it is."""
    assert tie(course, "# Look here.\n# To read costs a tenth.", TIED) == [
        Problem(
            "claims",
            at(28),
            'The prose says "To read costs a tenth."; by the catalog of 2026-11-22 it is '
            '"To read costs a twentieth.".',
            "Write that, and check whether the sentences around it still hold.",
        )
    ]
    course.edit("costs a tenth", "costs a twentieth")
    course.build()
    assert course.check() == []


def test_a_sentence_is_found_however_its_lines_are_broken(course: TinyCourse) -> None:
    """The row says it with single spaces."""
    assert tie(course, "# To read\n# costs   a tenth.", TIED) == []


def test_a_capital_stays_one(course: TinyCourse) -> None:
    """What begins a sentence is shown as it has to be written."""
    counted = row("{} models think.", truth='["number(len(models))"]')
    [problem] = tie(course, "# Seven models think.", counted)
    assert problem.what.endswith('it is "Eight models think.".')


def test_a_sentence_without_words_to_reckon_has_a_condition(course: TinyCourse) -> None:
    """When it fails, what is so instead is shown, and the row is named."""
    condition = {"holds": '"len(models) > 99"', "now": "\"str(len(models)) + ' models'\""}
    assert tie(course, "# There are very many.", row("There are very many.", **condition)) == [
        Problem(
            "claims",
            at(27),
            'The prose says "There are very many."; by the catalog of 2026-11-22 that is not so: '
            "8 models.",
            f"Correct the sentence, and `says` in its row, {TABLE}:1.",
        )
    ]


def test_constants_of_the_lesson_have_their_names(course: TinyCourse) -> None:
    """What the lesson's code says need not be said twice."""
    assert tie(course, "# hello, Claude.", row("{}, Claude.", truth='["GREETING"]')) == []


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ("To read costs a tenth.", "a tenth"),
        ("It saves half.", "half"),
        ("Output costs five times as much.", "five times"),
        ("The cache saves 90 % of it.", "90 %"),
        ("It is dearer, by 1.25 to 1.", "1.25"),
        ("A cache pays from the second call on.", "pays from"),
    ],
)
def test_what_looks_like_a_claim_has_to_be_tied(course: TinyCourse, prose: str, words: str) -> None:
    """A writer who has never heard of the table is told of it."""
    assert tie(course, f"# {prose}") == [
        Problem(
            "claims",
            at(27),
            f'"{words}" looks like a claim about prices or models, and nothing ties it to the '
            "catalog.",
            f'Add a row to {TABLE} with in = "00_shout": truth or holds, or free with the reason '
            "why no catalog can make it false.",
        )
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "Half of the words are gone.",
        "The price of Sonnet 4.6 has a date.",
        "A half-written reply is paid for.",
        "What costs nothing is read first.",
    ],
)
def test_other_sentences_are_left_alone(course: TinyCourse, prose: str) -> None:
    """A share of no price, and a price without a share."""
    assert tie(course, f"# {prose}") == []


def test_a_sentence_may_be_free_of_the_catalog(course: TinyCourse) -> None:
    """The row says why."""
    assert tie(course, "# It saves half.", row("It saves half.", free='"time, not money"')) == []


def test_an_example_that_asks_the_catalog_has_to_be_tied(course: TinyCourse) -> None:
    """Its result stands in a docstring, where nothing runs it."""
    course.edit("\n\n    4 minutes", "\n\n    >>> find_model(\"x\").id\n    'y'\n    4 minutes")
    course.build()
    [problem] = course.check()
    assert (problem.law, problem.path) == ("claims", at(18))
    course.write(TABLE, row("""find_model('x').id '{}'""", truth='["str(1)"]'))
    assert [each.law for each in course.check()] == ["claims", "claims"]


def test_the_words_of_panels_are_read_too(course: TinyCourse) -> None:
    """They are no lesson's: a row finds the sentence in every file that has it."""
    files = ("grader/exercises/shared.md", "grader/exercises/shouting/shout.md")
    for path in files:
        course.write(path, "# shout\n\n## dear\nIt saves half.\n")
    assert [(each.path, 'in = "panels"' in each.fix) for each in course.check()] == [
        (f"{path}:4", True) for path in files
    ]
    course.write(TABLE, row("It saves {}.", truth='["share(batch)"]').replace("00_shout", "panels"))
    assert course.check() == []


def test_the_readmes_are_read_too(course: TinyCourse) -> None:
    """Each is a place by its path."""
    course.write("course/README.md", "# The learning path\n\nIt saves half.\n")
    [problem] = course.check()
    assert problem.path == "course/README.md:3"
    course.write(TABLE, row("saves half", free='"x"').replace("00_shout", "course/README.md"))
    assert course.check() == []


@pytest.mark.parametrize(
    ("table", "what"),
    [
        (row("Gone.", free='"x"'), "No sentence in 00_shout reads 'Gone.'."),
        ("claims", "This is not a TOML file"),
        (row("Try it", fre='"x"'), "The row has fre = 'x'."),
        (row("{}", truth='["1"]'), "The row does not say where a sentence stands, and which."),
        (row("Try {}", truth="[]"), "The row has 1 gaps in says and 0 expressions in truth."),
        (row("Try it", holds='"1"'), "Of holds and now the row has one."),
        (row("Try it"), "The row ties its sentence to nothing, or to the catalog and to nothing."),
        (
            row("Try {} on", truth='["1"]', free='"x"'),
            "The row ties its sentence to nothing, or to the catalog and to nothing.",
        ),
        (row("Try {} on", truth='["prize(1)"]'), "An expression of the row fails: NameError"),
        (row("Try {} on", truth="[\"open('x')\"]"), "An expression of the row fails: NameError"),
    ],
)
def test_a_row_with_a_mistake_is_named(course: TinyCourse, table: str, what: str) -> None:
    """The line on which it begins, and what is wrong."""
    course.write(TABLE, table)
    [problem] = course.check()
    assert problem.path.startswith(TABLE)
    assert problem.what.startswith(what)


def test_no_learner_sees_the_table(course: TinyCourse) -> None:
    """The course has the sentence, and no word of the row."""
    assert tie(course, "# To read costs a tenth.", TIED) == []
    for path in (course.root / "course").rglob("*"):
        if path.is_file():
            assert "read_multiplier" not in path.read_text(encoding="utf-8")
            assert path.name != "claims.toml"


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Decimal("0.5"), "half"),
        (Decimal("0.1"), "a tenth"),
        (Decimal("0.25"), "a quarter"),
        (Decimal("0.025"), "a fortieth"),
        (Decimal(2) / 3, "two thirds"),
        (1 - Decimal(2) / 3, "a third"),
        (Decimal("0.125"), "an eighth"),
        (Decimal("0.07"), "0.07"),
        (Decimal("1.5"), "1.5"),
        (Decimal(0), "0"),
    ],
)
def test_shares_are_said_in_words(part: Decimal, words: str) -> None:
    """Where English has one; else as a number."""
    assert share(part) == words


def test_numbers_and_places_are_said_in_words() -> None:
    """As prose has them, small ones only."""
    assert [number(count) for count in (0, 3, Decimal("5.00"), 13, 20_000)] == [
        *("no", "three", "five", "13", "20,000")
    ]
    assert number(Decimal("0.00030")) == "0.0003"
    assert [ordinal(count) for count in (1, 3, 12, 252, None)] == [
        "first",
        "third",
        "12th",
        "252nd",
        "none",
    ]
