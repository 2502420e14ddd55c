"""How full a scratch directory may be."""

from dataclasses import replace
from pathlib import Path

from grader.grading.sandbox import Limits
from grader.grading.sandbox.readable import readable_paths
from grader.grading.sandbox.scratch import is_too_full

_LIMITS = replace(Limits(), scratch_bytes=64 * 1024, scratch_files=4)


def test_bytes_and_files_are_counted_at_any_depth(tmp_path: Path) -> None:
    """A file below folders counts like one at the top, and so does each folder."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "small").write_bytes(bytes(1024))
    assert not is_too_full(tmp_path, _LIMITS)
    (deep / "large").write_bytes(bytes(128 * 1024))
    assert is_too_full(tmp_path, _LIMITS)
    assert is_too_full(tmp_path, replace(Limits(), scratch_files=3))


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Else a link to / would be a walk through the machine."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "large").write_bytes(bytes(128 * 1024))
    (scratch / "file").symlink_to(tmp_path / "large")
    (scratch / "folder").symlink_to(tmp_path)
    assert not is_too_full(scratch, _LIMITS)


def test_what_is_readable_holds_nothing_of_the_course() -> None:
    """`grader` is there, and what lies beside it in a checkout is not."""
    import grader

    package = Path(grader.__file__).parent
    paths = readable_paths()
    assert any(package.is_relative_to(path) for path in paths)
    beside = (package.parent / "solutions", package.parent / "course", Path.home(), Path("/etc"))
    assert not [each for each in beside for path in paths if each.is_relative_to(path)]
