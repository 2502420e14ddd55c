"""Each notebook is run once, whatever the number of tests that look at it."""

from functools import cache

import pytest

from tests.course.runs import read_notebook, run_notebook, with_model


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Return what runs the notebook of a lesson: from `folder`, and on another `model`."""

    @cache
    def run_once(lesson, folder, model):
        notebook = read_notebook(folder, lesson)
        if model is not None:
            notebook = with_model(notebook, model)
        return run_notebook(notebook, tmp_path_factory.mktemp(lesson))

    def run(lesson, *, folder="solutions", model=None):
        return run_once(lesson, folder, model)

    return run
