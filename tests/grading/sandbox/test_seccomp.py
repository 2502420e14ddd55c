"""The filter of system calls, interpreted instruction by instruction."""

import socket
import struct

import pytest

from grader.grading.sandbox import seccomp

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {
    "x86_64": {
        "read": 0,
        "socket": 41,
        "clone": 56,
        "fork": 57,
        "execve": 59,
        "kill": 62,
        "tgkill": 234,
    },
    "aarch64": {"read": 63, "socket": 198, "clone": 220, "execve": 221, "kill": 129, "tgkill": 131},
}
ALLOW, KILL, EPERM, ENOSYS, NO_FAMILY = 0x7FFF0000, 0x80000000, 0x50001, 0x50026, 0x50061
THREAD = 0x003D0F00
OWN = 4242


def outcome(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """Return what the filter says to a call."""
    known = ARCHITECTURES[machine] if architecture is None else architecture
    filled = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, known, 0, *filled)
    code, at, value = seccomp.program(OWN, machine), 0, 0
    while True:
        kind, jump_true, jump_false, operand = code[at]
        at += 1
        if kind == 0x20:
            value = struct.unpack_from("<I", data, operand)[0]
        elif kind == 0x54:
            value &= operand
        elif kind == 0x06:
            return operand
        else:
            tests = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}
            at += jump_true if tests[kind] else jump_false


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_a_lesson_needs_is_allowed(machine: str) -> None:
    """Reading, threads, streams of the system's own, signals to itself."""
    numbers = NUMBERS[machine]
    assert outcome(machine, numbers["read"], 3) == ALLOW
    assert outcome(machine, numbers["clone"], THREAD) == ALLOW
    stream = socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
    assert outcome(machine, numbers["socket"], socket.AF_UNIX, stream) == ALLOW
    assert outcome(machine, numbers["kill"], OWN, 15) == ALLOW
    assert outcome(machine, numbers["tgkill"], OWN, OWN, 6) == ALLOW


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_reaches_out_is_refused(machine: str) -> None:
    """New processes, programs, other families, datagrams, signals to anybody else."""
    numbers = NUMBERS[machine]
    assert outcome(machine, numbers["clone"], 17) == EPERM
    assert outcome(machine, numbers["execve"]) == EPERM
    assert outcome(machine, 435) == ENOSYS
    for family in (socket.AF_INET, socket.AF_INET6, 16, 17, 38, 40):
        assert outcome(machine, numbers["socket"], family, socket.SOCK_STREAM) == NO_FAMILY
    assert outcome(machine, numbers["socket"], socket.AF_UNIX, socket.SOCK_DGRAM) == NO_FAMILY
    for target in (1, OWN + 1, 2**32 - 1, 0):
        assert outcome(machine, numbers["kill"], target, 9) == EPERM


def test_every_refused_call_is_refused() -> None:
    """By each number in the table, on both architectures."""
    for machine, column in (("x86_64", 0), ("aarch64", 1)):
        for name, numbers in seccomp._REFUSED.items():
            if numbers[column] is not None:
                assert outcome(machine, numbers[column]) == EPERM, name


def test_another_architecture_ends_the_process() -> None:
    """The same numbers mean other calls there."""
    assert outcome("x86_64", 0, architecture=0x40000003) == KILL
    assert outcome("x86_64", 0x40000000 | 59) == EPERM
