"""Class 18: taking the machine. Threads, memory and files that Python's own limits do not see."""

import platform

from grader.grading.kernels.messages import CELLS
from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks

# A jump to itself.
_SPIN = {"x86_64": r"b'\xeb\xfe'", "aarch64": r"b'\x00\x00\x00\x14'"}.get(platform.machine(), "b''")
_NATIVE = """
import ctypes, mmap, time
libc = ctypes.CDLL(None)
kept = []
def start(routine, argument, count):
    for _ in range(count):
        kept.append(ctypes.c_ulong())
        if libc.pthread_create(ctypes.byref(kept[-1]), None, routine, argument):
            break
"""
_SPINNING = f"""{_NATIVE}
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write({_SPIN})
spin = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(code)))
"""
_CHAIN = """
import os
here = os.open('.', os.O_RDONLY)
for _ in range({depth}):
    os.mkdir({name!r}, dir_fd=here)
    inner = os.open({name!r}, os.O_RDONLY, dir_fd=here)
    os.close(here)
    here = inner
"""


def _cell(source: str, *, seconds: float = 2) -> Attack:
    return Attack(RIGHT_CALL, before=(source,), points=(ALL, 3), seconds=seconds)


ATTACKS: Attacks = {
    "500 threads of machine code that outlive their cell": _cell(
        f"{_SPINNING}start(spin, None, 500)"
    ),
    "2,000 threads that sleep in C": _cell(
        f"{_NATIVE}start(libc.usleep, ctypes.c_long(10**9), 2000)\ntime.sleep(60)"
    ),
    "threads that hash for ever": _cell(
        "import hashlib, threading\n"
        "def work():\n"
        "    while True: hashlib.sha256(bytes(10**6)).digest()\n"
        "for _ in range(12): threading.Thread(target=work, daemon=True).start()",
        seconds=20,
    ),
    "shared memory that no limit of Linux counts": _cell(
        "import mmap\n"
        "kept = [mmap.mmap(-1, 1 << 28) for _ in range(6)]\n"
        "for each in kept:\n"
        "    for place in range(0, len(each), 4096): each[place] = 1\n"
        "while True: pass",
        seconds=20,
    ),
    "a chain of 1,500 folders": _cell(_CHAIN.format(depth=1_500, name="d")),
    "a chain of folders with long names, full at its end": _cell(
        _CHAIN.format(depth=60, name="d" * 250) + "for number in range(12):\n"
        "    file = os.open(str(number), os.O_CREAT | os.O_WRONLY, dir_fd=here)\n"
        "    os.write(file, bytes(15 * 2**20))\n"
        "while True: pass",
    ),
    "a full folder that nobody may list": _cell(
        "import os\n"
        "os.mkdir('hidden', 0o300)\n"
        "for number in range(12):\n"
        "    with open(f'hidden/{number}', 'wb') as file: file.write(bytes(15 * 2**20))\n"
        "while True: pass",
    ),
    "short messages without end on the cells' own line": _cell(
        "import socket\n"
        f"line = socket.socket(fileno={CELLS})\n"
        "while True: line.sendall(b'0\\n' * 100_000)",
    ),
    "no message, and no end of it": _cell(
        f"import socket\nline = socket.socket(fileno={CELLS})\nwhile True: line.sendall(b' ' * 100_000)"
    ),
    "empty lines on the cells' own line": _cell(
        f"import socket\nline = socket.socket(fileno={CELLS})\nwhile True: line.sendall(b'\\n' * 100_000)"
    ),
}
