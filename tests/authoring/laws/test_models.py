import pytest

from grader.authoring import Problem
from grader.authoring.laws import default_model_is_current
from grader.authoring.project import read_project
from grader.catalog import DEFAULT_MODEL
from tests.authoring.tiny_course import DEMO, PROSE, TinyCourse, at, judge


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            DEMO,
            'json.dumps("claude-sonnet-0")',
            Problem(
                "models",
                at(29),
                "The catalog holds no model 'claude-sonnet-0'.",
                "Correct the id, or add the model to grader/catalog/models.toml with its source.",
            ),
            id="unknown model in code",
        ),
        pytest.param(
            PROSE,
            "# Try it.\n#\n# Then ask `claude-sonnet-0`.",
            Problem(
                "models",
                at(29),
                "The catalog holds no model 'claude-sonnet-0'.",
                "Correct the id, or add the model to grader/catalog/models.toml with its source.",
            ),
            id="unknown model in prose",
        ),
    ],
)
def test_a_model_that_the_catalog_lacks_is_seen(
    course: TinyCourse, old: str, new: str, problem: Problem
):
    """A lesson names only models whose facts are known."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PROSE, f"# Ask {DEFAULT_MODEL}.", id="known model"),
    ],
)
def test_a_model_of_the_catalog_is_allowed(course: TinyCourse, old: str, new: str):
    """The default model is in the catalog."""
    course.edit(old, new)
    course.build()

    assert course.check() == []


def test_a_deprecated_default_model_is_seen(course: TinyCourse):
    """The model that every lesson uses must not warn its learners away."""
    project = read_project(course.root, course.lessons, examine=judge)

    assert list(default_model_is_current(project)) == []
    assert list(default_model_is_current(project, deprecated={DEFAULT_MODEL: "soon"})) == [
        Problem(
            "default-model",
            "grader/catalog/models.toml",
            f"The anthropic package calls the default model {DEFAULT_MODEL!r} deprecated.",
            "Choose a current one as DEFAULT_MODEL in grader/catalog/catalog.py.",
        )
    ]
