"""The image that Binder builds: its Python, its packages, its start, its first lesson."""

import pytest
from packaging.requirements import Requirement

from tests.binder.image import KEYS, build_image, wanted_version
from tests.binder.requirements_files import FROZEN, read_pins

pytestmark = [pytest.mark.binder, pytest.mark.slow]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Build the image once."""
    return build_image(tmp_path_factory.mktemp("binder"))


def test_the_image_has_the_python_of_runtime_txt(image):
    """The other tests of this module ran on the Python that Binder will use."""
    code = "import sys; print('%d.%d' % sys.version_info[:2], end='')"
    built = image.run("python", "-c", code)
    if built != wanted_version():
        pytest.skip(f"No python{wanted_version()} runs here; the image was built with {built}.")


def test_the_build_disturbs_nothing_that_binder_brought(image):
    """Its packages are there as they were, and each has the versions that it asks for."""
    assert image.run("python", "-m", "pip", "check") == "No broken requirements found.\n"
    installed = {str(Requirement(line)).lower() for line in _frozen(image)}
    brought = {str(each).lower().replace("_", "-") for each in read_pins(FROZEN)}
    assert brought - installed == set()


def _frozen(image):
    listed = image.run("python", "-m", "pip", "list", "--format", "freeze").splitlines()
    return [line.replace("_", "-") for line in listed]


def test_the_classroom_starts_without_a_key(image):
    """Through binder/start, a kernel imports the classroom and finds nobody's key."""
    code = (
        "import os, grader.classroom; "
        f"print(grader.__file__, [name for name in {sorted(KEYS)} if name in os.environ])"
    )
    expected = f"{image.repository / 'grader' / '__init__.py'} []\n"
    assert image.run("./binder/start", "python", "-c", code) == expected


def test_start_passes_on_the_server_command(image):
    """binder/start hands over every argument as it came, and tells Jupyter of our settings."""
    printed = image.run(
        "./binder/start", "sh", "-c", 'echo "$JUPYTER_CONFIG_PATH" "$1"', "_", "a  b"
    )
    assert printed == f"{image.repository / 'binder' / 'jupyter'} a  b\n"


def test_the_first_lesson_runs(image):
    """The notebook that a newcomer opens first runs from top to bottom in the image."""
    image.run(
        *("./binder/start", "jupyter", "nbconvert", "--execute", "--to", "notebook", "--stdout"),
        "course/00_start_here/00_start_here.ipynb",
    )
