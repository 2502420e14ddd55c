"""What a demo shows of things that are no plain JSON, and of errors that are not the API's."""

import base64
import io
from decimal import Decimal
from typing import Any

import anthropic
import httpx2
import pytest
from PIL import Image

from grader.classroom import expect_error, replay, sample_image, show, side_by_side


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({1: Decimal("0.10"), None: {2}}, '{\n  "1": "Decimal(\'0.10\')",\n  "None": "{2}"\n}'),
        ((1, "é"), '[\n  1,\n  "é"\n]'),
        ("a", '"a"'),
        ([replay("text").content[0]], '[\n  {\n    "text": "Paris.",\n    "type": "text"\n  }\n]'),
    ],
    ids=["odd keys", "a tuple", "a text", "a block"],
)
def test_anything_can_be_shown(value: Any, text: str) -> None:
    """JSON where it is JSON, else as Python writes it."""
    assert show(value).text == str(show(value)) == text


def test_half_a_surrogate_pair_is_written_out() -> None:
    """The message to the notebook is UTF-8."""
    bundle = side_by_side("\ud800", "\udfff")._repr_mimebundle_()
    assert "\\ud800" in bundle["text/plain"]
    assert "\\udfff" in bundle["text/html"]
    "".join(bundle.values()).encode()


def test_titles_are_escaped() -> None:
    """They may come from a learner."""
    assert "<b>" not in side_by_side(1, 2, titles=("<b>", "&")).html


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ({"error": "no such model"}, ["404 error · raised as NotFoundError", "no such model"]),
        ("plain words", ["404 error · raised as NotFoundError", "plain words"]),
        ({"error": {"type": "t"}}, ["404 t · raised as NotFoundError", "None"]),
        ([], ["404 error · raised as NotFoundError", "Error code: 404 - []"]),
    ],
    ids=["a string", "text", "no message", "a list"],
)
def test_an_error_of_another_shape_is_printed(
    body: Any, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A local server that speaks the protocol has errors of its own."""
    answer = {"text": body} if isinstance(body, str) else {"json": body}
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(404, **answer))
    http_client = httpx2.Client(transport=transport)
    client = anthropic.Anthropic(api_key="k", http_client=http_client)
    with expect_error(404):
        client.messages.create(
            model="m", max_tokens=5, messages=[{"role": "user", "content": "Hello"}]
        )
    assert capsys.readouterr().out.splitlines()[:2] == lines


def test_another_status_is_not_swallowed() -> None:
    """404 is not 400."""
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(404, json={}))
    http_client = httpx2.Client(transport=transport)
    client = anthropic.Anthropic(api_key="k", http_client=http_client)
    with pytest.raises(anthropic.NotFoundError), expect_error(400):
        client.models.list()


def test_the_sample_image_is_a_square_of_its_colour() -> None:
    """Any program can open it."""
    data = sample_image(side=3, colour=(1, 2, 3)).split(",")[1]
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        assert (image.format, image.size, image.getpixel((2, 2))) == ("PNG", (3, 3), (1, 2, 3))
