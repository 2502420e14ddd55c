"""The filter on system calls, as a program."""

import platform

import pytest

from grader.grading.sandbox.seccomp import _program
from grader.grading.sandbox.system_calls import this_machine


@pytest.mark.parametrize("name", ["x86_64", "aarch64"])
@pytest.mark.parametrize("may_listen", [False, True])
def test_every_path_through_it_ends(
    name: str, may_listen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux refuses a program that could run past its end, or jump out of it."""
    monkeypatch.setattr(platform, "machine", lambda: name)
    program = _program(this_machine(), pid=7, may_listen=may_listen)
    assert len(program) <= 4096
    for at, (code, if_true, if_false, _) in enumerate(program):
        if code & 0x07 == 0x05:
            assert max(if_true, if_false) < 256
            assert at + 1 + max(if_true, if_false) < len(program)
    assert program[-1][0] == 0x06


def test_a_machine_whose_numbers_are_not_known_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter for another machine would refuse the wrong calls."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="numbered here for x86_64 and aarch64, and this is riscv64"):
        this_machine()
