"""Pictures made from nothing are pictures of the format that they say."""

import pytest

from grader.exams import gif, jpeg, png, webp
from grader.simulator.images import Picture, read_image

COLOURS = [(0, 0, 0), (255, 255, 255), (1, 128, 254)]


@pytest.mark.parametrize("colour", COLOURS)
def test_a_picture_has_its_format_and_size(colour: tuple[int, int, int]) -> None:
    """The header says what the function's name says."""
    assert read_image(png(3, 4, colour)) == Picture("image/png", 3, 4)
    assert read_image(gif(colour)) == Picture("image/gif", 1, 1)
    assert read_image(jpeg(colour[1])) == Picture("image/jpeg", 1, 1)
    assert read_image(webp(colour)) == Picture("image/webp", 1, 1)


def test_pictures_of_two_colours_differ() -> None:
    """So nobody can have one beforehand."""
    made = [*map(gif, COLOURS), *map(webp, COLOURS), *(jpeg(grey) for grey in range(256))]
    assert len(set(made)) == len(made)
