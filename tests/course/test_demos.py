"""What is wrong on purpose fails as the lesson says, on a model that thinks first as well."""

import re

import anthropic
import httpx2
import pytest

from grader.simulator import Simulator, SimulatorTransport
from tests.course.demos import CURRENT_MODELS, DEMOS, MEANT_TO_FAIL
from tests.course.marks import each_lesson, each_model, of_lesson

_CHANGING = re.compile(r"(?<=\breq_)\w+|(?<=expected tags: ).+|\d{4}-\d\d-\d\dT[\d:]+Z")
"""What is another in each run: ids, what a reader of JSON would have liked, moments."""


def _lines(cell):
    return [line.strip() for line in cell.source.splitlines()]


@each_model
@pytest.mark.parametrize(
    "demo",
    [
        pytest.param(demo, id=f"{demo.lesson}-{number}", marks=of_lesson(demo.lesson))
        for number, demo in enumerate(DEMOS, start=1)
    ],
)
def test_a_demo_fails_with_exactly_its_error(run, demo, model):
    """One cell has the demo's line, and shows its status, type and message and nothing else."""
    cells = [cell for cell in run(demo.lesson, model=model) if demo.line in _lines(cell)]
    assert [_CHANGING.sub("…", cell.text) for cell in cells] == [demo.shows]


@each_lesson
def test_every_cell_that_is_meant_to_fail_is_known(run, lesson):
    """A demo added to a lesson is added to the table, so that what it shows is watched."""
    known = {demo.line for demo in DEMOS if demo.lesson == lesson.name}
    unknown = [
        cell.source
        for cell in run(lesson.name)
        if not cell.grade_id
        and any(mark in cell.source for mark in MEANT_TO_FAIL)
        and known.isdisjoint(_lines(cell))
    ]
    assert unknown == []


@pytest.mark.parametrize("model", CURRENT_MODELS)
def test_a_current_model_thinks_first(model):
    """The other models of these tests differ from the first in what matters here."""
    http_client = httpx2.Client(transport=SimulatorTransport(Simulator()))
    with anthropic.Anthropic(api_key="simulated", http_client=http_client) as client:
        message = client.messages.create(
            model=model, max_tokens=300, messages=[{"role": "user", "content": "Hello"}]
        )
    assert [block.type for block in message.content] == ["thinking", "text"]
