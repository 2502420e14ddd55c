"""The tokens of images: by patches of 28 pixels."""

from collections.abc import Callable

import pytest

from grader.simulator.tokens import image_tokens
from grader.simulator.tokens.pictures import image_block_tokens


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
    assert image_tokens(width, height) == expected


def test_a_picture_counts_by_its_header(picture: Callable[..., str]) -> None:
    """One that is given by reference counts as a large one."""

    def counted(source: dict[str, str]) -> int:
        return image_block_tokens({"type": "image", "source": source})

    data = picture(size=(200, 200))
    assert counted({"type": "base64", "media_type": "image/png", "data": data}) == 67
    assert counted({"type": "url", "url": "https://a.b/c.png"}) == 1_524
    assert counted({"type": "file", "file_id": "file_01"}) == 1_524
