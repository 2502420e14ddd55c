"""OpenAI's models: their names, and what is known of them."""

from typing import get_args

import pytest
from openai.types.chat_model import ChatModel

from grader.catalog import find_openai_model
from grader.catalog.openai_models import _openai_models


def test_every_name_is_one_of_the_sdks() -> None:
    """So that no slip of the pen becomes a model."""
    assert sorted(set(_openai_models()) - set(get_args(ChatModel))) == []


def test_a_model_has_the_name_of_its_snapshot() -> None:
    """The recorded one, or the one asked for."""
    model = find_openai_model("gpt-5.5")
    assert model is not None
    assert (model.snapshot, model.effort, model.phases) == ("gpt-5.5-2026-04-23", "medium", True)
    dated = find_openai_model("gpt-4o-2024-11-20")
    assert dated is not None
    assert (dated.name, dated.snapshot, dated.effort) == ("gpt-4o", "gpt-4o-2024-11-20", None)


@pytest.mark.parametrize("name", ["", "gpt-5.2-proo", "gpt-4o-2024", "claude-sonnet-4-6", "gpt"])
def test_another_name_is_none_of_them(name: str) -> None:
    """Not even one that is near."""
    assert find_openai_model(name) is None
