"""Pictures: how many tokens they have, by the model that is shown them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.simulator.tokens.pictures import (
    image_block_tokens,
    image_tokens,
    largest_for,
    shown_size,
)
from tests.simulator.tokens.counting import NEWER, OLDER


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1, 1, 4),
        (28, 28, 4),
        (29, 28, 5),
        (166, 282, 69),
        (200, 200, 67),
        (1_000, 1_000, 1_299),
        (1_092, 1_092, 1_524),
        (8_000, 28, 59),
        (8_000, 8_000, 1_524),
    ],
)
def test_a_picture_counts_by_patches_of_28_pixels(width: int, height: int, expected: int) -> None:
    """After scaling down to at most 1,568 pixels a side and 1,568 patches, plus 3."""
    assert image_tokens(width, height, largest_for(OLDER.rules)) == expected


def test_a_picture_counts_by_its_header(picture: Callable[..., str]) -> None:
    """One that is given by reference counts as a large one."""

    def counted(source: dict[str, str]) -> int:
        return image_block_tokens({"type": "image", "source": source}, OLDER.rules)

    data = picture(size=(200, 200))
    assert counted({"type": "base64", "media_type": "image/png", "data": data}) == 67
    assert counted({"type": "url", "url": "https://a.b/c.png"}) == 1_524
    assert counted({"type": "file", "file_id": "file_01"}) == 1_524


def test_newer_models_are_shown_larger_pictures() -> None:
    """Up to 2,576 pixels a side and 4,784 patches, as documented; small ones count alike."""
    older, newer = largest_for(OLDER.rules), largest_for(NEWER.rules)
    assert image_tokens(200, 200, newer) == image_tokens(200, 200, older)
    assert image_tokens(2_576, 28, newer) == 92 + 3
    assert image_tokens(2_576, 28, older) == 56 + 3
    assert 4_600 < image_tokens(8_000, 8_000, newer) <= 4_784 + 3


@given(st.integers(1, 8_000), st.integers(1, 8_000))
def test_no_picture_counts_more_than_its_model_is_shown(width: int, height: int) -> None:
    """Nor is it shown larger than it is."""
    for rules in (OLDER.rules, NEWER.rules):
        largest = largest_for(rules)
        assert image_tokens(width, height, largest) <= largest.tokens + 3
        shown = shown_size(width, height, largest)
        assert shown[0] <= width
        assert shown[1] <= height
        assert max(shown) <= largest.side + 1e-6
