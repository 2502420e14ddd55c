"""How full a scratch directory may be, and that nothing of it is left."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from grader.grading.sandbox import Limits
from grader.grading.sandbox.scratch import is_too_full, remove_tree

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


@pytest.mark.parametrize("depth", [_LIMITS.scratch_depth + 1, 1_500])
def test_a_chain_of_folders_is_too_full(tmp_path: Path, depth: int) -> None:
    """Else what lies at its end, past the longest path, would count as nothing."""
    make_chain(tmp_path, depth, size=1)
    assert is_too_full(tmp_path, Limits())
    # pytest's own way to remove it recurses.
    remove_tree(tmp_path / "d")


def test_what_may_not_be_listed_is_too_full(tmp_path: Path) -> None:
    """It was made so to hide what is in it; whoever may list everything counts it as ever."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "large").write_bytes(bytes(128 * 1024))
    hidden.chmod(0o300)
    try:
        assert is_too_full(tmp_path, _LIMITS)
    finally:
        hidden.chmod(0o700)


@pytest.mark.parametrize(("depth", "length"), [(3, 1), (1_500, 1), (1_500, 200), (64, 255)])
def test_a_tree_is_removed_however_deep_it_is(tmp_path: Path, depth: int, length: int) -> None:
    """With what lies at its end, and folders that nobody may read."""
    top = tmp_path / "top"
    top.mkdir()
    make_chain(top, depth, size=length)
    (top / "m0").mkdir(mode=0o000)
    (top / "link").symlink_to(tmp_path)
    remove_tree(top)
    assert list(tmp_path.iterdir()) == []


def test_a_wide_tree_is_removed(tmp_path: Path) -> None:
    """Names that are taken at the top are no hindrance."""
    top = tmp_path / "top"
    for name in ("m0", "m1", "a/m0/m1", "a/m1/m0", "b/a/b/a"):
        (top / name).mkdir(parents=True)
        (top / name / "file").write_text("x")
    remove_tree(top)
    assert not top.exists()


def make_chain(top: Path, depth: int, *, size: int) -> None:
    """Make folders in folders, past the longest path that Linux takes, and a file in the last."""
    opened = os.open(top, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d" * size, dir_fd=opened)
        inner = os.open("d" * size, os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = inner
    os.close(os.open("end", os.O_CREAT | os.O_WRONLY, dir_fd=opened))
    os.close(opened)
